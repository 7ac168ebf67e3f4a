import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { PbfWriter } from 'pbf'
import { afterAll, describe, expect, it } from 'vitest'
import { isRefusal } from '../../../../foundation/core/outcome.ts'
import { createRouter } from '../../../../solvers/routing/router.ts'
import { decodeRoadGraph } from '../../../../solvers/routing/codec.ts'
import type { MapPackage } from '../map-package.ts'
import { importOsm, importOsmInWorker } from './import-osm.ts'
import type { OsmExtract } from './read-osm.ts'
import { readOsm } from './read-osm.ts'

const folder = mkdtempSync(join(tmpdir(), 'xunfang-osm-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Drawn {
  nodes?: { id: number; lon: number; lat: number; tags?: Record<string, string> }[]
  ways?: { id: number; refs: number[]; tags?: Record<string, string> }[]
  relations?: {
    id: number
    members: [type: 0 | 1 | 2, id: number, role: string][]
    tags: Record<string, string>
  }[]
}

/** Writes a small .osm.pbf: each block in the order given, dense nodes or plain ones. */
function writeOsm(
  name: string,
  blocks: Drawn[],
  options: {
    dense?: boolean
    zlib?: boolean
    required?: string[]
    bbox?: [number, number, number, number]
  } = {},
): string {
  const { dense = true, zlib = true, required = ['OsmSchema-V0.6', 'DenseNodes'] } = options
  const header = new PbfWriter()
  if (options.bbox) {
    header.writeMessage(
      1,
      (bbox, pbf) => bbox.forEach((value, i) => pbf.writeSVarintField(i + 1, value * 1e9)),
      options.bbox,
    )
  }
  required.forEach((feature) => header.writeStringField(4, feature))
  const blobs: Buffer[] = [frame('OSMHeader', header.finish(), zlib)]
  for (const block of blocks) blobs.push(frame('OSMData', dataBlock(block, dense), zlib))
  const path = join(folder, name)
  writeFileSync(path, Buffer.concat(blobs))
  return path
}

function frame(type: string, data: Uint8Array, zlib: boolean): Buffer {
  const blob = new PbfWriter()
  if (zlib) {
    blob.writeVarintField(2, data.length)
    blob.writeBytesField(3, deflateSync(data))
  } else blob.writeBytesField(1, data)
  const body = blob.finish()
  const header = new PbfWriter()
  header.writeStringField(1, type)
  header.writeVarintField(3, body.length)
  const head = header.finish()
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, body])
}

const differences = (values: number[]) => values.map((value, i) => value - (values[i - 1] ?? 0))

function dataBlock({ nodes = [], ways = [], relations = [] }: Drawn, dense: boolean): Uint8Array {
  const strings = ['']
  const stringOf = (text: string) => {
    if (!strings.includes(text)) strings.push(text)
    return strings.indexOf(text)
  }
  const group = new PbfWriter()
  const units = (degrees: number) => Math.round(degrees * 1e7)
  const writeTags = (tags: Record<string, string> = {}, pbf: PbfWriter) => {
    pbf.writePackedVarint(2, Object.keys(tags).map(stringOf))
    pbf.writePackedVarint(3, Object.values(tags).map(stringOf))
  }
  if (dense && nodes.length > 0) {
    group.writeMessage(
      2,
      (_, pbf) => {
        pbf.writePackedSVarint(1, differences(nodes.map((node) => node.id)))
        pbf.writePackedSVarint(8, differences(nodes.map((node) => units(node.lat))))
        pbf.writePackedSVarint(9, differences(nodes.map((node) => units(node.lon))))
        const tagged = nodes.flatMap((node) => [
          ...Object.entries(node.tags ?? {})
            .flat()
            .map(stringOf),
          0,
        ])
        pbf.writePackedVarint(10, tagged)
      },
      null,
    )
  } else {
    for (const node of nodes) {
      group.writeMessage(
        1,
        (_, pbf) => {
          pbf.writeSVarintField(1, node.id)
          writeTags(node.tags, pbf)
          pbf.writeSVarintField(8, units(node.lat))
          pbf.writeSVarintField(9, units(node.lon))
        },
        null,
      )
    }
  }
  for (const way of ways) {
    group.writeMessage(
      3,
      (_, pbf) => {
        pbf.writeVarintField(1, way.id)
        writeTags(way.tags, pbf)
        pbf.writePackedSVarint(8, differences(way.refs))
      },
      null,
    )
  }
  for (const relation of relations) {
    group.writeMessage(
      4,
      (_, pbf) => {
        pbf.writeVarintField(1, relation.id)
        writeTags(relation.tags, pbf)
        pbf.writePackedVarint(
          8,
          relation.members.map(([, , role]) => stringOf(role)),
        )
        pbf.writePackedSVarint(9, differences(relation.members.map(([, id]) => id)))
        pbf.writePackedVarint(
          10,
          relation.members.map(([type]) => type),
        )
      },
      null,
    )
  }
  const block = new PbfWriter()
  const groupBytes = group.finish()
  block.writeMessage(
    1,
    (_, pbf) => strings.forEach((text) => pbf.writeBytesField(1, Buffer.from(text))),
    null,
  )
  block.writeBytesField(2, groupBytes)
  return block.finish()
}

const extractOf = (path: string): OsmExtract => {
  const extract = readOsm(path)
  if (isRefusal(extract)) throw new Error(JSON.stringify(extract))
  return extract
}

/** A crossing of 人民路 and 解放路 with a lake that has an island, and a hospital. */
const NODES = [
  { id: 1, lon: 116.39, lat: 39.9 },
  { id: 2, lon: 116.4, lat: 39.9 },
  { id: 3, lon: 116.41, lat: 39.9 },
  { id: 4, lon: 116.4, lat: 39.91 },
  { id: 5, lon: 116.38, lat: 39.88 },
  { id: 6, lon: 116.39, lat: 39.88 },
  { id: 7, lon: 116.39, lat: 39.89 },
  { id: 8, lon: 116.38, lat: 39.89 },
  { id: 9, lon: 116.383, lat: 39.883 },
  { id: 10, lon: 116.385, lat: 39.883 },
  { id: 11, lon: 116.385, lat: 39.885 },
  { id: 12, lon: 116.402, lat: 39.902, tags: { amenity: 'hospital', name: '人民医院' } },
]
const WAYS = [
  { id: 21, refs: [1, 2, 3], tags: { highway: 'primary', name: '人民路', oneway: 'yes' } },
  { id: 22, refs: [2, 4], tags: { highway: 'residential', name: '解放路' } },
  { id: 23, refs: [5, 6, 7] },
  { id: 24, refs: [5, 8, 7] },
  { id: 25, refs: [9, 10, 11, 9] },
]
const RELATIONS = [
  {
    id: 31,
    tags: { type: 'multipolygon', natural: 'water', name: '翠湖' },
    members: [
      [1, 23, 'outer'],
      [1, 24, 'outer'],
      [1, 25, 'inner'],
    ] as [1, number, string][],
  },
  {
    id: 32,
    tags: { type: 'restriction', restriction: 'no_left_turn' },
    members: [
      [1, 21, 'from'],
      [0, 2, 'via'],
      [1, 22, 'to'],
    ] as [0 | 1, number, string][],
  },
]

describe('reading an .osm.pbf file', () => {
  const forms: [string, { dense?: boolean; zlib?: boolean }][] = [
    ['dense and packed', {}],
    ['plain and unpacked', { dense: false, zlib: false }],
  ]
  it.each(forms)('finds roads, areas with holes, places and restrictions (%s)', (name, options) => {
    const path = writeOsm(
      `${name}.osm.pbf`,
      [{ nodes: NODES }, { ways: WAYS }, { relations: RELATIONS }],
      options,
    )
    const extract = extractOf(path)
    expect(extract.ways.map((way) => [way.id, way.name, way.oneWay, way.nodes.length])).toEqual([
      [21, '人民路', 'forward', 3],
      [22, '解放路', 'no', 2],
    ])
    expect(extract.ways[0]!.nodes[0]).toEqual({ id: 1, lon: 116.39, lat: 39.9 })
    const lake = extract.features.find((feature) => feature.layer === 'water')!
    expect(lake).toMatchObject({ kind: 'water', name: '翠湖', geometry: { type: 'Polygon' } })
    expect(lake.geometry.type === 'Polygon' && lake.geometry.rings.map((ring) => ring.length)).toEqual([5, 4])
    expect(extract.features).toContainEqual({
      layer: 'places',
      kind: 'hospital',
      name: '人民医院',
      geometry: { type: 'Point', point: [116.402, 39.902] },
    })
    expect(extract.restrictions).toEqual([{ kind: 'no', fromWay: 21, viaNode: 2, toWay: 22 }])
    expect(extract.notes).toEqual([])
  })

  it('takes elements in any order and negative ids, and says so', () => {
    const negative = (id: number) => -id
    const path = writeOsm('unsorted.osm.pbf', [
      {
        relations: RELATIONS.map((r) => ({
          ...r,
          id: -r.id,
          members: r.members.map(([t, id, role]) => [t, -id, role] as [0 | 1, number, string]),
        })),
      },
      { ways: [...WAYS].reverse().map((way) => ({ ...way, id: -way.id, refs: way.refs.map(negative) })) },
      { nodes: [...NODES].reverse().map((node) => ({ ...node, id: -node.id })) },
    ])
    const extract = extractOf(path)
    expect(extract.ways.map((way) => way.id).sort()).toEqual([-21, -22])
    expect(extract.restrictions).toEqual([{ kind: 'no', fromWay: -21, viaNode: -2, toWay: -22 }])
    expect(extract.features.some((feature) => feature.layer === 'water')).toBe(true)
    const codes = extract.notes.map((note) => note.code)
    expect(codes).toContain('osm-negative-ids')
    expect(codes).toContain('osm-unsorted')
  })

  it('cuts a road where its nodes are missing rather than inventing a line', () => {
    const ways = [{ id: 21, refs: [1, 99, 2, 3], tags: { highway: 'primary' } }]
    const extract = extractOf(writeOsm('missing.osm.pbf', [{ nodes: NODES }, { ways }]))
    expect(extract.ways.map((way) => way.nodes.map((node) => node.id))).toEqual([[2, 3]])
    expect(extract.notes).toEqual([{ code: 'osm-missing-nodes', count: 1 }])
  })

  it('does not believe a header that speaks of another place', () => {
    const elsewhere = extractOf(
      writeOsm('bbox.osm.pbf', [{ nodes: NODES }, { ways: WAYS }], { bbox: [0, 1, 1, 0] }),
    )
    expect(elsewhere.bounds).toMatchObject({ west: 116.38, east: 116.41 })
    expect(elsewhere.notes.map((note) => note.code)).toContain('osm-bounds-ignored')
  })
})

describe('a bad file is refused with the place', () => {
  const good = () => readFileSync(writeOsm('good.osm.pbf', [{ nodes: NODES }, { ways: WAYS }]))
  const write = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  it('when it is not there', () => {
    expect(readOsm(join(folder, 'nothing'))).toMatchObject({
      refused: 'osm-file-not-found',
      detail: { cause: 'ENOENT' },
    })
  })
  it.each([
    ['<?xml version="1.0"?><osm/>', 'xml'],
    ['PK\x03\x04 and so on', 'zip'],
    ['\x1f\x8b\x08 and so on', 'gzip'],
    ['', 'empty'],
    ['lon,lat', 'unknown'],
  ])('when it is %j', (text, looksLike) => {
    expect(readOsm(write('other', Buffer.from(text, 'latin1')))).toEqual({
      refused: 'osm-not-pbf',
      field: 'file',
      detail: { atByte: 0, looksLike },
    })
  })
  it('when it is cut off anywhere', () => {
    const bytes = good()
    const codes = new Set<string>()
    for (let length = 1; length < bytes.length; length++) {
      const outcome = readOsm(write('cut.osm.pbf', bytes.subarray(0, length)))
      // Cut exactly between two blocks, a file cannot know that more was to come: it lacks roads or nodes then.
      if (isRefusal(outcome)) codes.add(outcome.refused)
      else expect(outcome.ways.length).toBeLessThan(WAYS.length)
    }
    expect([...codes].sort()).toEqual(['osm-no-roads', 'osm-not-pbf', 'osm-truncated'])
    expect(readOsm(write('cut.osm.pbf', bytes.subarray(0, bytes.length - 5)))).toMatchObject({
      refused: 'osm-truncated',
      detail: { atByte: bytes.length - 5, blob: 3, missingBytes: 5 },
    })
  })
  it('when a block is damaged', () => {
    const bytes = Buffer.from(good())
    bytes.fill(0x5a, bytes.length - 40, bytes.length - 10)
    expect(readOsm(write('damaged.osm.pbf', bytes))).toMatchObject({
      refused: 'osm-damaged',
      detail: { blob: 3 },
    })
  })
  it('never by throwing, whatever byte is wrong', () => {
    const bytes = good()
    for (let at = 0; at < bytes.length; at += 3) {
      const wrong = Buffer.from(bytes)
      wrong[at] = wrong[at]! ^ 0x55
      readOsm(write('wrong.osm.pbf', wrong))
    }
  })
  it('when it needs what we do not understand', () => {
    const path = writeOsm('new.osm.pbf', [], { required: ['OsmSchema-V0.6', 'LocationsOnWays-V2'] })
    expect(readOsm(path)).toMatchObject({
      refused: 'osm-feature-unsupported',
      detail: { features: ['LocationsOnWays-V2'] },
    })
  })
  it('when it holds no road', () => {
    expect(readOsm(writeOsm('roadless.osm.pbf', [{ nodes: NODES }]))).toMatchObject({
      refused: 'osm-no-roads',
    })
  })
})

describe('importing', () => {
  it('gives roads that can be driven, a map and names', async () => {
    const path = writeOsm('import.osm.pbf', [{ nodes: NODES }, { ways: WAYS }, { relations: RELATIONS }])
    const shares: number[] = []
    const made = (await importOsmInWorker(
      { path, name: '示范区' },
      { onProgress: (share) => shares.push(share) },
    )) as MapPackage
    expect(shares[shares.length - 1]).toBeCloseTo(1)
    expect(made.attribution).toBe('© OpenStreetMap contributors, ODbL')
    expect(made.placeNames.map((place) => place.name)).toContain('人民路与解放路')
    const graph = decodeRoadGraph(made.graph)
    if (isRefusal(graph)) throw new Error('unreadable')
    expect(createRouter(graph).travel({ lon: 116.392, lat: 39.9 }, { lon: 116.408, lat: 39.9 }).basis).toBe(
      'road',
    )
    expect(Buffer.from(made.basemap.subarray(0, 7)).toString()).toBe('PMTiles')
  })
  it('hands on a refusal', async () => {
    expect(await importOsmInWorker({ path: join(folder, 'nothing'), name: '' })).toMatchObject({
      refused: 'osm-file-not-found',
    })
  })
})

describe('real extracts', () => {
  const real = (name: string) => `../shared/data/osm/${name}.osm.pbf`
  const pathOf = (name: string, skip: (note: string) => void) => {
    if (!existsSync(real(name))) skip(`${real(name)} is not here`)
    return real(name)
  }
  it('of Portland give the same roads sorted and as found, unsorted with negative ids', ({ skip }) => {
    const sorted = importOsm({ path: pathOf('portland-central', skip), name: 'Portland' }) as MapPackage
    const found = importOsm({
      path: pathOf('portland-central-filtered', skip),
      name: 'Portland',
    }) as MapPackage
    expect(found.counts).toEqual(sorted.counts)
    expect(found.bounds).toEqual(sorted.bounds)
    expect(sorted.bounds).toEqual({
      west: -122.7132223,
      south: 45.4732766,
      east: -122.5639182,
      north: 45.5608587,
    })
    expect(new Set(found.placeNames.map((place) => place.name))).toEqual(
      new Set(sorted.placeNames.map((place) => place.name)),
    )
    expect(sorted.notes.map((note) => note.code)).toEqual(['osm-restrictions-ignored'])
    expect(found.notes.map((note) => note.code)).toEqual(
      expect.arrayContaining(['osm-negative-ids', 'osm-unsorted']),
    )
    expect(sorted.counts.edges).toBeGreaterThan(9000)
    expect(sorted.counts.turnRestrictions).toBeGreaterThan(400)
  })
  it('of Portland send a unit over the Willamette on a bridge', ({ skip }) => {
    const made = importOsm({ path: pathOf('portland-central', skip), name: 'Portland' }) as MapPackage
    const graph = decodeRoadGraph(made.graph)
    if (isRefusal(graph)) throw new Error('unreadable')
    const router = createRouter(graph)
    const route = router.route({ lon: -122.6795, lat: 45.5189 }, { lon: -122.6587, lat: 45.5189 })
    expect(route.basis).toBe('road')
    expect(route.streets.join(' ')).toMatch(/Bridge/)
    expect(route.metres).toBeGreaterThan(1600)
    expect(route.seconds / 60).toBeGreaterThan(2)
    expect(route.seconds / 60).toBeLessThan(12)
  })
  // Heidelberg is pieced together from several places, so only its roads count.
  it.for([
    ['liechtenstein', 0.3],
    ['columbus', 0.7],
    ['heidelberg', 2],
  ] as const)('of %s are read whole', ([name, spanDegrees], { skip }) => {
    const extract = extractOf(pathOf(name, skip))
    expect(extract.ways.length).toBeGreaterThan(2000)
    expect(new Set(extract.features.map((feature) => feature.layer)).size).toBeGreaterThan(3)
    const { west, south, east, north } = extract.viewBounds
    expect(Math.max(east - west, north - south)).toBeLessThan(spanDegrees)
  })
})
