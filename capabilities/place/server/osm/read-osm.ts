import type { Bounds } from '../../../../foundation/core/geo.ts'
import type { Refusal } from '../../../../foundation/core/outcome.ts'
import { refuse } from '../../../../foundation/core/outcome.ts'
import type { RoadNode, RoadWay, TurnRestriction } from '../../../../solvers/routing/build.ts'
import type { BasemapFeature } from '../../core/features.ts'
import type { RingPiece } from '../../core/osm/rings.ts'
import { joinRings, polygonsOf } from '../../core/osm/rings.ts'
import type { MapTags, Tags } from '../../core/osm/tags.ts'
import { mapTags, nameOf, placeKind, roadTags } from '../../core/osm/tags.ts'
import { labelPosition } from '../../core/features.ts'
import { OsmFileError, readBlobs } from './blobs.ts'
import type { OsmMember } from './elements.ts'
import { readHeader, visitElements } from './elements.ts'
import { NodeStore } from './node-store.ts'

/** Something that was found wrong in a file and how often; the text is under the key `place:note.<code>`. */
export interface ImportNote {
  readonly code:
    | 'osm-unsorted'
    | 'osm-negative-ids'
    | 'osm-repeated-elements'
    | 'osm-missing-nodes'
    | 'osm-open-outlines'
    | 'osm-restrictions-ignored'
    | 'osm-bounds-ignored'
  readonly count: number
}

/** What an OpenStreetMap extract gives a district. */
export interface OsmExtract {
  readonly ways: readonly RoadWay[]
  readonly restrictions: readonly TurnRestriction[]
  readonly features: readonly BasemapFeature[]
  /** Of everything in the file, within what its header states. */
  readonly bounds: Bounds
  /** Where its roads are: what a map shows first. Long ways that leave the extract do not count. */
  readonly viewBounds: Bounds
  readonly notes: readonly ImportNote[]
}

interface KeptWay {
  readonly tags: Tags
  readonly nodeIds: readonly number[]
}

interface KeptOutline {
  readonly tags: Tags
  readonly members: readonly OsmMember[]
}

/**
 * Reads an .osm.pbf file. The order of its elements does not matter and ids may be negative (as editors write them):
 * relations are read first, then the ways they and we need, then the nodes of those, in three passes.
 * Refuses `osm-file-not-found`, `osm-not-pbf`, `osm-truncated`, `osm-damaged`, `osm-compression-unsupported`,
 * `osm-feature-unsupported`, each with the place in the file, and `osm-no-roads`.
 */
export function readOsm(path: string, onProgress: (share: number) => void = () => {}): OsmExtract | Refusal {
  try {
    return readPasses(path, onProgress)
  } catch (fault) {
    if (fault instanceof OsmFileError) return fault.refusal
    throw fault
  }
}

function readPasses(path: string, onProgress: (share: number) => void): OsmExtract | Refusal {
  const faults = new FaultCounter()
  const { outlines, restrictions, statedBounds } = readRelations(path, faults, (share) =>
    onProgress(share / 3),
  )
  const ways = readWays(path, outlines, faults, (share) => onProgress((1 + share) / 3))
  const store = new NodeStore([...ways.values()].map((way) => way.nodeIds))
  const { points, nodeBounds } = readNodes(path, store, faults, (share) => onProgress((2 + share) / 3))
  faults.add('osm-missing-nodes', store.countMissing())

  const { features, absorbed } = outlineFeatures(outlines, ways, store, faults)
  features.push(...points)
  const roads: RoadWay[] = []
  for (const [id, way] of ways) {
    const pieces = presentPieces(way, store)
    roads.push(...roadsOf(id, way.tags, pieces))
    if (!absorbed.has(id)) features.push(...featuresOfWay(way, pieces))
  }
  const viewBounds = denseBounds(roads)
  if (viewBounds === null) return refuse('osm-no-roads', { field: 'file' })
  return {
    ways: roads,
    restrictions,
    features,
    bounds: within(nodeBounds ?? viewBounds, statedBounds, faults),
    viewBounds,
    notes: faults.notes(),
  }
}

class FaultCounter {
  private readonly counts = new Map<ImportNote['code'], number>()
  private readonly lastId = { node: -Infinity, way: -Infinity, relation: -Infinity }

  add(code: ImportNote['code'], count = 1): void {
    if (count > 0) this.counts.set(code, (this.counts.get(code) ?? 0) + count)
  }

  /** Notes an element's id. Order within a kind is by number; negative ones go before, by size (osmium's rule). */
  see(kind: 'node' | 'way' | 'relation', id: number): void {
    if (id < 0) this.add('osm-negative-ids')
    const rank = id < 0 ? -1e16 - id : id
    if (rank < this.lastId[kind]) this.add('osm-unsorted')
    this.lastId[kind] = rank
  }

  notes(): ImportNote[] {
    return [...this.counts].map(([code, count]) => ({ code, count }))
  }
}

function readRelations(path: string, faults: FaultCounter, onProgress: (share: number) => void) {
  const outlines = new Map<number, KeptOutline>()
  const restrictions: TurnRestriction[] = []
  let statedBounds: Bounds | null = null
  for (const blob of readBlobs(path)) {
    if (blob.type === 'OSMHeader') statedBounds = readHeader(blob).bounds
    else if (blob.type === 'OSMData') {
      visitElements(blob, {
        relation(id, tags, members) {
          faults.see('relation', id)
          const type = tags['type']
          if (type === 'restriction') {
            const found = restrictionOf(tags, members)
            if (found === 'not-understood') faults.add('osm-restrictions-ignored')
            else if (found !== null) restrictions.push(found)
          } else if (type === 'multipolygon') outlines.set(id, { tags, members })
        },
      })
    }
    onProgress(blob.share)
  }
  return { outlines, restrictions, statedBounds }
}

/** Null for a restriction that does not bind cars at all times; those over ways instead of a node are not understood. */
function restrictionOf(tags: Tags, members: readonly OsmMember[]): TurnRestriction | null | 'not-understood' {
  const value = tags['restriction:motorcar'] ?? tags['restriction'] ?? ''
  const kind = value.startsWith('no_') ? 'no' : value.startsWith('only_') ? 'only' : null
  if (kind === null || /motorcar|motor_vehicle|emergency/.test(tags['except'] ?? '')) return null
  const ids = (role: string, type: OsmMember['type']) =>
    members.filter((member) => member.role === role && member.type === type).map((member) => member.id)
  const [from, via, to] = [ids('from', 'way'), ids('via', 'node'), ids('to', 'way')]
  if (from.length !== 1 || via.length !== 1 || to.length !== 1) return 'not-understood'
  return { kind, fromWay: from[0]!, viaNode: via[0]!, toWay: to[0]! }
}

function readWays(
  path: string,
  outlines: ReadonlyMap<number, KeptOutline>,
  faults: FaultCounter,
  onProgress: (share: number) => void,
): Map<number, KeptWay> {
  const wanted = new Set<number>()
  for (const { members } of outlines.values()) {
    for (const member of members) if (member.type === 'way') wanted.add(member.id)
  }
  const ways = new Map<number, KeptWay>()
  for (const blob of readBlobs(path)) {
    if (blob.type === 'OSMData') {
      visitElements(blob, {
        way(id, tags, nodeIds) {
          faults.see('way', id)
          if (
            !wanted.has(id) &&
            roadTags(tags) === null &&
            mapTags(tags) === null &&
            placeKind(tags) === null
          )
            return
          if (ways.has(id)) faults.add('osm-repeated-elements')
          ways.set(id, { tags, nodeIds })
        },
      })
    }
    onProgress(blob.share)
  }
  return ways
}

function readNodes(
  path: string,
  store: NodeStore,
  faults: FaultCounter,
  onProgress: (share: number) => void,
) {
  const points: BasemapFeature[] = []
  const seen = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity }
  for (const blob of readBlobs(path)) {
    if (blob.type === 'OSMData') {
      visitElements(blob, {
        node(id, lon, lat, readTags) {
          faults.see('node', id)
          if (lon < seen.west) seen.west = lon
          if (lon > seen.east) seen.east = lon
          if (lat < seen.south) seen.south = lat
          if (lat > seen.north) seen.north = lat
          if (!store.place(id, lon, lat)) faults.add('osm-repeated-elements')
          const tags = readTags()
          const kind = tags === null ? null : placeKind(tags)
          if (tags === null || kind === null) return
          const name = nameOf(tags)
          if (name !== '')
            points.push({ layer: 'places', kind, name, geometry: { type: 'Point', point: [lon, lat] } })
        },
      })
    }
    onProgress(blob.share)
  }
  return { points, nodeBounds: seen.west <= seen.east ? (seen as Bounds) : null }
}

/** The parts of a way between nodes that the file does not hold: a line across the gap would be invented. */
function presentPieces(way: KeptWay, store: NodeStore): RoadNode[][] {
  const pieces: RoadNode[][] = [[]]
  for (const id of way.nodeIds) {
    const node = store.at(id)
    if (node !== null) pieces[pieces.length - 1]!.push(node)
    else if (pieces[pieces.length - 1]!.length > 0) pieces.push([])
  }
  return pieces.filter((piece) => piece.length > 1)
}

function roadsOf(id: number, tags: Tags, pieces: readonly (readonly RoadNode[])[]): RoadWay[] {
  const road = roadTags(tags)
  if (road === null) return []
  return pieces.map((nodes) => ({ id, name: nameOf(tags), nodes, ...road }))
}

function* featuresOfWay(
  { tags, nodeIds }: KeptWay,
  pieces: readonly (readonly RoadNode[])[],
): Generator<BasemapFeature> {
  const drawn = mapTags(tags)
  const name = nameOf(tags)
  const isWhole = pieces.length === 1 && pieces[0]!.length === nodeIds.length
  const isClosed = isWhole && nodeIds.length >= 4 && nodeIds[0] === nodeIds[nodeIds.length - 1]
  if (drawn !== null && drawn.layer !== 'places') {
    const about = {
      layer: drawn.layer,
      kind: drawn.kind,
      name,
      oneWay: roadTags(tags)?.oneWay !== 'no' && isRoad(drawn, tags),
    }
    if (drawn.isArea) {
      if (isClosed)
        yield { ...about, oneWay: false, geometry: { type: 'Polygon', rings: [pointsOf(pieces[0]!)] } }
    } else {
      for (const piece of pieces) yield { ...about, geometry: { type: 'LineString', line: pointsOf(piece) } }
    }
  }
  const kind = placeKind(tags)
  if (kind !== null && name !== '' && pieces.length > 0) {
    const { lon, lat } = labelPosition(
      isClosed
        ? { type: 'Polygon', rings: [pointsOf(pieces[0]!)] }
        : { type: 'LineString', line: pointsOf(pieces[0]!) },
    )
    yield { layer: 'places', kind, name, geometry: { type: 'Point', point: [lon, lat] } }
  }
}

const isRoad = (drawn: MapTags, tags: Tags) => drawn.layer === 'roads' && roadTags(tags) !== null

const pointsOf = (nodes: readonly RoadNode[]) => nodes.map(({ lon, lat }) => [lon, lat] as const)

/**
 * Areas drawn by relations. Old ones carry their tags on the outer way instead of the relation; that way is then
 * drawn as part of the area (`absorbed`) and not once more by itself.
 */
function outlineFeatures(
  outlines: ReadonlyMap<number, KeptOutline>,
  ways: ReadonlyMap<number, KeptWay>,
  store: NodeStore,
  faults: FaultCounter,
) {
  const features: BasemapFeature[] = []
  const absorbed = new Set<number>()
  for (const { tags, members } of outlines.values()) {
    const ofRole = (isHole: boolean) =>
      members.filter((member) => member.type === 'way' && (member.role === 'inner') === isHole)
    const outerTags = ofRole(false).map((member) => ways.get(member.id)?.tags ?? {})
    const described = [tags, ...outerTags].find((candidate) => mapTags(candidate)?.isArea)
    if (described === undefined) continue
    const { layer, kind } = mapTags(described)!
    const ringsOf = (isHole: boolean) => {
      const pieces = ofRole(isHole).flatMap((member) => pieceOf(ways.get(member.id), store))
      const { rings, open } = joinRings(pieces)
      faults.add('osm-open-outlines', open)
      return rings
    }
    const name = nameOf(tags) || nameOf(described)
    const polygons = polygonsOf(ringsOf(false), ringsOf(true))
    for (const rings of polygons) features.push({ layer, kind, name, geometry: { type: 'Polygon', rings } })
    for (const member of ofRole(false)) {
      const own = mapTags(ways.get(member.id)?.tags ?? {})
      if (own?.isArea && own.layer === layer && own.kind === kind) absorbed.add(member.id)
    }
    const place = placeKind(described)
    if (place !== null && name !== '' && polygons[0]) {
      const { lon, lat } = labelPosition({ type: 'Polygon', rings: polygons[0] })
      features.push({ layer: 'places', kind: place, name, geometry: { type: 'Point', point: [lon, lat] } })
    }
  }
  return { features, absorbed }
}

function pieceOf(way: KeptWay | undefined, store: NodeStore): RingPiece[] {
  if (way === undefined) return []
  const nodes = way.nodeIds.map((id) => store.at(id))
  if (nodes.some((node) => node === null)) return []
  return [{ nodeIds: way.nodeIds, points: pointsOf(nodes as RoadNode[]) }]
}

/** A file may state no bounds, or some that have nothing to do with it: then those of its nodes are taken. */
function within(nodes: Bounds, stated: Bounds | null, faults: FaultCounter): Bounds {
  if (stated === null) return nodes
  const both = {
    west: Math.max(nodes.west, stated.west),
    south: Math.max(nodes.south, stated.south),
    east: Math.min(nodes.east, stated.east),
    north: Math.min(nodes.north, stated.north),
  }
  if (both.west < both.east && both.south < both.north) return both
  faults.add('osm-bounds-ignored')
  return nodes
}

/** The bounds of all roads, less the few that run far out of the middle 98 %: a motorway kept whole, say. */
function denseBounds(roads: readonly RoadWay[]): Bounds | null {
  const nodes = roads.flatMap((road) => road.nodes)
  if (nodes.length === 0) return null
  const [west, east] = denseRange(Float64Array.from(nodes, (node) => node.lon))
  const [south, north] = denseRange(Float64Array.from(nodes, (node) => node.lat))
  return { west, south, east, north }
}

function denseRange(values: Float64Array): [number, number] {
  values.sort()
  const low = values[Math.floor(values.length * 0.01)]!
  const high = values[Math.floor((values.length - 1) * 0.99)]!
  const margin = (high - low) / 4
  return [Math.max(values[0]!, low - margin), Math.min(values[values.length - 1]!, high + margin)]
}
