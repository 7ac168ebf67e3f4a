import { PbfReader } from 'pbf'
import type { Bounds } from '../../../../foundation/core/geo.ts'
import type { Tags } from '../../core/osm/tags.ts'
import type { Blob } from './blobs.ts'
import { decoding, OsmFileError } from './blobs.ts'

export interface OsmMember {
  readonly type: 'node' | 'way' | 'relation'
  readonly id: number
  readonly role: string
}

/** Called with each element in the order of the file. A visitor that is not given spares its decoding. */
export interface ElementVisitor {
  node?(id: number, lon: number, lat: number, tags: () => Tags | null): void
  way?(id: number, tags: Tags, nodeIds: readonly number[]): void
  relation?(id: number, tags: Tags, members: readonly OsmMember[]): void
}

/** Features that a file may require of its reader; any other means data that we would misread. */
const UNDERSTOOD = new Set(['OsmSchema-V0.6', 'DenseNodes', 'HistoricalInformation'])

/** The header block: the bounds it states, if any, and whether it says that its elements are sorted. */
export function readHeader(blob: Blob): { bounds: Bounds | null; saysSorted: boolean } {
  const header = decoding(blob.number, blob.atByte, 'header-block', () =>
    new PbfReader(blob.data).readFields(
      (tag, result, pbf) => {
        if (tag === 1) result.bounds = readBounds(pbf)
        else if (tag === 4) result.required.push(pbf.readString())
        else if (tag === 5) result.optional.push(pbf.readString())
      },
      { bounds: null as Bounds | null, required: [] as string[], optional: [] as string[] },
    ),
  )
  const unknown = header.required.filter((feature) => !UNDERSTOOD.has(feature))
  if (unknown.length > 0) throw new OsmFileError('osm-feature-unsupported', { features: unknown })
  return { bounds: header.bounds, saysSorted: header.optional.includes('Sort.Type_then_ID') }
}

/** HeaderBBox: left, right, top, bottom in billionths of a degree. */
function readBounds(pbf: PbfReader): Bounds {
  const [west, east, north, south] = pbf.readMessage(
    (tag, result, message) => {
      if (tag >= 1 && tag <= 4) result[tag - 1] = message.readSVarint() / 1e9
    },
    [0, 0, 0, 0],
  )
  return { west: west!, south: south!, east: east!, north: north! }
}

interface Block {
  readonly strings: string[]
  readonly groups: Uint8Array[]
  granularity: number
  latOffset: number
  lonOffset: number
}

/** Decodes one data blob and shows each element to the visitor. */
export function visitElements(blob: Blob, visitor: ElementVisitor): void {
  decoding(blob.number, blob.atByte, 'elements', () => {
    const block: Block = { strings: [], groups: [], granularity: 100, latOffset: 0, lonOffset: 0 }
    new PbfReader(blob.data).readFields(readBlockField, block)
    for (const group of block.groups) {
      new PbfReader(group).readFields((tag, _result, pbf) => {
        if (tag === 1 && visitor.node) readNode(pbf, block, visitor.node)
        else if (tag === 2 && visitor.node) readDenseNodes(pbf, block, visitor.node)
        else if (tag === 3 && visitor.way) readWay(pbf, block, visitor.way)
        else if (tag === 4 && visitor.relation) readRelation(pbf, block, visitor.relation)
      }, null)
    }
  })
}

const DECODER = new TextDecoder()

function readBlockField(tag: number, block: Block, pbf: PbfReader): void {
  if (tag === 1) {
    pbf.readMessage((inner, strings, table) => {
      if (inner === 1) strings.push(DECODER.decode(table.readBytes()))
    }, block.strings)
  } else if (tag === 2) block.groups.push(pbf.readBytes())
  else if (tag === 17) block.granularity = pbf.readVarint()
  else if (tag === 19) block.latOffset = pbf.readVarint(true)
  else if (tag === 20) block.lonOffset = pbf.readVarint(true)
}

function tagsOf(block: Block, keys: readonly number[], values: readonly number[]): Tags {
  const tags: Record<string, string> = Object.create(null) as Record<string, string>
  keys.forEach((key, i) => {
    tags[block.strings[key] ?? ''] = block.strings[values[i] ?? 0] ?? ''
  })
  return tags
}

const NO_TAGS = () => null

function readNode(pbf: PbfReader, block: Block, visit: NonNullable<ElementVisitor['node']>): void {
  const node = pbf.readMessage(
    (tag, result, message) => {
      if (tag === 1) result.id = message.readSVarint()
      else if (tag === 2) message.readPackedVarint(result.keys)
      else if (tag === 3) message.readPackedVarint(result.values)
      else if (tag === 8) result.lat = message.readSVarint()
      else if (tag === 9) result.lon = message.readSVarint()
    },
    { id: 0, keys: [] as number[], values: [] as number[], lat: 0, lon: 0 },
  )
  const tags = node.keys.length === 0 ? NO_TAGS : () => tagsOf(block, node.keys, node.values)
  visit(node.id, degrees(block.lonOffset, block, node.lon), degrees(block.latOffset, block, node.lat), tags)
}

const degrees = (offset: number, { granularity }: Block, value: number) =>
  (offset + granularity * value) / 1e9

function readDenseNodes(pbf: PbfReader, block: Block, visit: NonNullable<ElementVisitor['node']>): void {
  const dense = pbf.readMessage(
    (tag, result, message) => {
      if (tag === 1) message.readPackedSVarint(result.ids)
      else if (tag === 8) message.readPackedSVarint(result.lats)
      else if (tag === 9) message.readPackedSVarint(result.lons)
      else if (tag === 10) message.readPackedVarint(result.keysValues)
    },
    { ids: [] as number[], lats: [] as number[], lons: [] as number[], keysValues: [] as number[] },
  )
  if (dense.lats.length !== dense.ids.length || dense.lons.length !== dense.ids.length) {
    throw new RangeError('columns of unequal length')
  }
  let id = 0
  let lat = 0
  let lon = 0
  let at = 0
  for (let i = 0; i < dense.ids.length; i++) {
    id += dense.ids[i]!
    lat += dense.lats[i]!
    lon += dense.lons[i]!
    const start = at
    while (at < dense.keysValues.length && dense.keysValues[at] !== 0) at += 2
    const end = at
    at++
    const tags =
      start >= end
        ? NO_TAGS
        : () => {
            const pairs = dense.keysValues.slice(start, end)
            return tagsOf(
              block,
              pairs.filter((_, k) => k % 2 === 0),
              pairs.filter((_, k) => k % 2 === 1),
            )
          }
    visit(id, degrees(block.lonOffset, block, lon), degrees(block.latOffset, block, lat), tags)
  }
}

function readWay(pbf: PbfReader, block: Block, visit: NonNullable<ElementVisitor['way']>): void {
  const way = pbf.readMessage(
    (tag, result, message) => {
      if (tag === 1) result.id = message.readVarint(true)
      else if (tag === 2) message.readPackedVarint(result.keys)
      else if (tag === 3) message.readPackedVarint(result.values)
      else if (tag === 8) message.readPackedSVarint(result.refs)
    },
    { id: 0, keys: [] as number[], values: [] as number[], refs: [] as number[] },
  )
  visit(way.id, tagsOf(block, way.keys, way.values), runningSums(way.refs))
}

const MEMBER_TYPES = ['node', 'way', 'relation'] as const

function readRelation(pbf: PbfReader, block: Block, visit: NonNullable<ElementVisitor['relation']>): void {
  const relation = pbf.readMessage(
    (tag, result, message) => {
      if (tag === 1) result.id = message.readVarint(true)
      else if (tag === 2) message.readPackedVarint(result.keys)
      else if (tag === 3) message.readPackedVarint(result.values)
      else if (tag === 8) message.readPackedVarint(result.roles)
      else if (tag === 9) message.readPackedSVarint(result.ids)
      else if (tag === 10) message.readPackedVarint(result.types)
    },
    {
      id: 0,
      keys: [] as number[],
      values: [] as number[],
      roles: [] as number[],
      ids: [] as number[],
      types: [] as number[],
    },
  )
  const members = runningSums(relation.ids).map((id, i): OsmMember => ({
    id,
    type: MEMBER_TYPES[relation.types[i]!] ?? 'node',
    role: block.strings[relation.roles[i]!] ?? '',
  }))
  visit(relation.id, tagsOf(block, relation.keys, relation.values), members)
}

function runningSums(differences: readonly number[]): number[] {
  let sum = 0
  return differences.map((difference) => (sum += difference))
}
