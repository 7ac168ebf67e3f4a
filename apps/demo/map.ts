import type { BasemapFeature, LonLat, RoadNode, RoadWay } from '../../capabilities/place/core/index.ts'
import type { GeneratedDistrict } from './district.ts'
import { toPosition, type Point } from './town/frame.ts'
import { STATION_NAME, type LandUse } from './town/land.ts'
import { RAILWAY, RAILWAY_NAME, RIVER, RIVER_NAME } from './town/plan.ts'
import type { Segment } from './town/sketch.ts'

/** Typical speed is what is driven of the posted limit, as for an extract. */
const SHARE_OF_POSTED_LIMIT = 0.8

/** The district's roads in the shape that an OpenStreetMap extract is read into. */
export function roadWaysOf({ sketch }: Pick<GeneratedDistrict, 'sketch'>): RoadWay[] {
  const node = (index: number): RoadNode => ({ id: index + 1, ...toPosition(sketch.nodes[index]!) })
  const byRoad = new Map<number, Segment[]>()
  for (const segment of sketch.segments) {
    const own = byRoad.get(segment.road)
    if (own) own.push(segment)
    else byRoad.set(segment.road, [segment])
  }
  const ways: RoadWay[] = []
  for (const [road, segments] of byRoad) {
    const { name, highway, oneway, speedKilometresPerHour } = sketch.roads[road]!
    for (const chain of chainsOf(segments)) {
      ways.push({
        id: ways.length + 1,
        class: highway,
        name: name ?? '',
        nodes: chain.map(node),
        oneWay: oneway ? 'forward' : 'no',
        speedKilometresPerHour: speedKilometresPerHour * SHARE_OF_POSTED_LIMIT,
      })
    }
  }
  return ways
}

/** A road's segments as lines of nodes, each as long as it can be in the direction in which it was drawn. */
function chainsOf(segments: readonly Segment[]): number[][] {
  const leaving = new Map<number, Segment[]>()
  const entered = new Set<number>()
  for (const segment of segments) {
    const own = leaving.get(segment.from)
    if (own) own.push(segment)
    else leaving.set(segment.from, [segment])
    entered.add(segment.to)
  }
  const chains: number[][] = []
  const used = new Set<Segment>()
  const follow = (first: Segment) => {
    const chain = [first.from]
    for (
      let next: Segment | undefined = first;
      next;
      next = leaving.get(next.to)?.find((each) => !used.has(each))
    ) {
      used.add(next)
      chain.push(next.to)
    }
    chains.push(chain)
  }
  for (const segment of segments) if (!used.has(segment) && !entered.has(segment.from)) follow(segment)
  for (const segment of segments) if (!used.has(segment)) follow(segment)
  return chains
}

const KIND_OF_USE: Readonly<Record<LandUse, string>> = {
  residential: 'residential',
  commercial: 'commercial',
  industrial: 'industrial',
  park: 'park',
  school: 'school',
  college: 'college',
  hospital: 'hospital',
  government: 'commercial',
  square: 'commercial',
  sports: 'pitch',
  riverbank: 'park',
  railway: 'industrial',
}

const PLACE_OF_USE: Partial<Record<LandUse, string>> = {
  park: 'park',
  school: 'school',
  college: 'college',
  hospital: 'hospital',
  government: 'townhall',
  square: 'locality',
  sports: 'sports_centre',
  commercial: 'bus_station',
  residential: 'neighbourhood',
}

/** What the base map draws, in the shape that an extract is read into. */
export function* basemapFeaturesOf(district: GeneratedDistrict): Generator<BasemapFeature> {
  const { land, villages, sites } = district
  for (const ring of land.fields) yield area('landuse', 'farmland', '', ring)
  for (const { use, name, block } of land.lots)
    yield area('landuse', KIND_OF_USE[use], name ?? '', block.ring)
  yield area('water', 'river', RIVER_NAME, land.riverRing)
  yield {
    layer: 'water',
    kind: 'river',
    name: RIVER_NAME,
    geometry: { type: 'LineString', line: RIVER.map(lonLat) },
  }
  for (const { name, ring } of land.lakes) yield area('water', 'water', name ?? '', ring)
  for (const { ring } of land.buildings) yield area('buildings', 'building', '', ring)
  yield area('buildings', 'building', STATION_NAME, land.stationBuilding)
  yield {
    layer: 'railways',
    kind: 'rail',
    name: RAILWAY_NAME,
    geometry: { type: 'LineString', line: RAILWAY.map(lonLat) },
  }
  for (const { class: kind, name, nodes, oneWay } of roadWaysOf(district)) {
    const line = nodes.map(({ lon, lat }): LonLat => [lon, lat])
    yield { layer: 'roads', kind, name, oneWay: oneWay !== 'no', geometry: { type: 'LineString', line } }
  }
  yield point('station', STATION_NAME, land.stationAt)
  for (const { use, name, block } of land.lots) {
    const kind = PLACE_OF_USE[use]
    if (name !== null && kind) yield point(kind, name, block.centre)
  }
  for (const { name, at } of villages) yield point('village', name, at)
  for (const { nameZh, at } of district.force.organisations) yield point('police', nameZh, at)
  for (const { class: siteClass, trade, name, at } of sites) {
    if (siteClass !== 'residential') yield point(POINT_OF_TRADE[trade] ?? 'building', name, at)
  }
}

const POINT_OF_TRADE: Readonly<Record<string, string>> = {
  hotel: 'hotel',
  bar: 'bar',
  karaoke: 'nightclub',
  cinema: 'cinema',
  mall: 'mall',
  jewellery: 'jewelry',
  'filling-station': 'fuel',
  'gas-filling-station': 'fuel',
}

function lonLat(p: Point): LonLat {
  const { lon, lat } = toPosition(p)
  return [lon, lat]
}

/** A closed ring in degrees. */
export function closedRing(ring: readonly Point[]): LonLat[] {
  return [...ring, ring[0]!].map(lonLat)
}

function area(
  layer: BasemapFeature['layer'],
  kind: string,
  name: string,
  ring: readonly Point[],
): BasemapFeature {
  return { layer, kind, name, geometry: { type: 'Polygon', rings: [closedRing(ring)] } }
}

function point(kind: string, name: string, at: Point): BasemapFeature {
  return { layer: 'places', kind, name, geometry: { type: 'Point', point: lonLat(at) } }
}
