import type { Position } from '../../foundation/core/geo.ts'
import { bearingDegrees, distanceMetres } from '../../foundation/core/geo.ts'
import type { RoadGraph } from './graph.ts'
import { DEGREE } from './graph.ts'
import type { Search } from './search.ts'
import { directOnEdge, seedsFrom, seedsTo } from './search.ts'
import type { Snap } from './snap.ts'
import type { Travel, TravelBasis } from './travel.ts'

/** A point of a route and when it is reached, counted from the start. */
export interface RoutePoint {
  readonly lon: number
  readonly lat: number
  readonly atSeconds: number
  readonly atMetres: number
}

export interface Route {
  readonly basis: TravelBasis
  readonly seconds: number
  readonly metres: number
  /** At least the two ends; seconds and metres never fall. */
  readonly points: readonly RoutePoint[]
  /** Names of the streets in the order in which they are driven, unnamed ones left out. */
  readonly streets: readonly string[]
}

/** Where a traveller is, some seconds after the start: on the line between two points of the route. */
export interface RoutePlace extends Position {
  /** 0 north, clockwise; 0 when the route has no length. */
  readonly bearingDegrees: number
  readonly speedMetresPerSecond: number
  readonly metresDone: number
  readonly isArrived: boolean
}

export interface RouteEnds {
  readonly from: Position
  readonly fromSnap: Snap
  readonly to: Position
  readonly toSnap: Snap
  /** Metres a second between a position and its road. */
  readonly accessSpeed: number
}

export function straightRoute(from: Position, to: Position, travel: Travel): Route {
  return {
    ...travel,
    points: [
      { lon: from.lon, lat: from.lat, atSeconds: 0, atMetres: 0 },
      { lon: to.lon, lat: to.lat, atSeconds: travel.seconds, atMetres: travel.metres },
    ],
    streets: [],
  }
}

/** One stretch of an edge that is driven in one direction, by shares of the edge as drawn. */
interface Stretch {
  readonly direction: number
  readonly fromShare: number
  readonly toShare: number
}

/** The quickest way on roads, or null when there is none. */
export function roadRoute(graph: RoadGraph, search: Search, ends: RouteEnds): Route | null {
  const stretches = quickestStretches(graph, search, ends.fromSnap, ends.toSnap)
  if (stretches === null) return null
  const points: RoutePoint[] = []
  const streets: string[] = []
  let atSeconds = 0
  let atMetres = 0
  const arrive = (lon: number, lat: number, seconds: number, metres: number) => {
    atSeconds += seconds
    atMetres += metres
    const last = points[points.length - 1]
    if (last !== undefined && last.lon === lon && last.lat === lat && seconds === 0) return
    points.push({ lon, lat, atSeconds, atMetres })
  }
  const { from, fromSnap, to, toSnap, accessSpeed } = ends
  arrive(from.lon, from.lat, 0, 0)
  arrive(fromSnap.lon, fromSnap.lat, fromSnap.offRoadMetres / accessSpeed, fromSnap.offRoadMetres)
  for (const stretch of stretches) {
    const name = graph.names[graph.edgeName[stretch.direction >> 1]!]!
    if (name !== '' && streets[streets.length - 1] !== name) streets.push(name)
    for (const { lon, lat, share } of pointsOf(graph, stretch)) {
      const edge = stretch.direction >> 1
      arrive(lon, lat, graph.directionSeconds[stretch.direction]! * share, graph.edgeMetres[edge]! * share)
    }
  }
  arrive(to.lon, to.lat, toSnap.offRoadMetres / accessSpeed, toSnap.offRoadMetres)
  if (points.length === 1) points.push({ lon: to.lon, lat: to.lat, atSeconds, atMetres })
  return { basis: 'road', seconds: atSeconds, metres: atMetres, points, streets }
}

function quickestStretches(graph: RoadGraph, search: Search, from: Snap, to: Snap): Stretch[] | null {
  const ends = seedsTo(graph, to)
  const reach = search.run(
    'out',
    seedsFrom(graph, from),
    ends.map((end) => end.node),
  )
  let best = Infinity
  let last: (typeof ends)[number] | null = null
  for (const end of ends) {
    const total = reach.seconds[end.node]! + end.seconds
    if (total < best) {
      best = total
      last = end
    }
  }
  const direct = directOnEdge(graph, from, to)
  if (direct !== null && graph.directionSeconds[direct]! * Math.abs(to.share - from.share) <= best) {
    return [{ direction: direct, fromShare: from.share, toShare: to.share }]
  }
  if (last === null) return null

  const stretches: Stretch[] = [
    { direction: last.direction, fromShare: startShare(last.direction), toShare: to.share },
  ]
  for (let node = last.node; ; node = reach.previous[node]!) {
    const direction = reach.direction[node]!
    if (reach.previous[node] === -1) {
      stretches.push({ direction, fromShare: from.share, toShare: 1 - startShare(direction) })
      return stretches.reverse()
    }
    stretches.push({ direction, fromShare: startShare(direction), toShare: 1 - startShare(direction) })
  }
}

/** Share of the edge, as drawn, at which one who drives in the direction starts. */
const startShare = (direction: number) => direction & 1

/** Points after the start of a stretch, each with the share of the edge driven since the point before. */
function* pointsOf(graph: RoadGraph, { direction, fromShare, toShare }: Stretch) {
  const { shapeStart, shapeLon, shapeLat } = graph
  const edge = direction >> 1
  const first = shapeStart[edge]!
  const count = shapeStart[edge + 1]! - first
  const lonAt = (i: number) => shapeLon[first + i]! / DEGREE
  const latAt = (i: number) => shapeLat[first + i]! / DEGREE
  const lengths = new Float64Array(count)
  for (let i = 1; i < count; i++) {
    lengths[i] =
      lengths[i - 1]! +
      distanceMetres({ lon: lonAt(i - 1), lat: latAt(i - 1) }, { lon: lonAt(i), lat: latAt(i) })
  }
  const total = lengths[count - 1]! || 1
  const forwards = toShare >= fromShare
  let reached = fromShare
  for (let k = 0; k < count; k++) {
    const i = forwards ? k : count - 1 - k
    const share = lengths[i]! / total
    if (forwards ? share <= fromShare || share >= toShare : share >= fromShare || share <= toShare) continue
    yield { lon: lonAt(i), lat: latAt(i), share: Math.abs(share - reached) }
    reached = share
  }
  const end = interpolate(lengths, toShare * total)
  yield {
    lon: lonAt(end.i) + end.t * (lonAt(end.i + 1) - lonAt(end.i)),
    lat: latAt(end.i) + end.t * (latAt(end.i + 1) - latAt(end.i)),
    share: Math.abs(toShare - reached),
  }
}

function interpolate(lengths: Float64Array, metres: number): { i: number; t: number } {
  let i = 0
  while (i < lengths.length - 2 && lengths[i + 1]! < metres) i++
  const span = lengths[i + 1]! - lengths[i]!
  return { i, t: span === 0 ? 0 : Math.max(0, Math.min(1, (metres - lengths[i]!) / span)) }
}

/** Where one is on a route, a number of seconds after its start; before it at the start, after it at the end. */
export function placeOnRoute(route: Route, atSeconds: number): RoutePlace {
  const { points } = route
  let low = 0
  let high = points.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (points[middle]!.atSeconds <= atSeconds) low = middle
    else high = middle - 1
  }
  const a = points[low]!
  const b = points[low + 1]!
  const span = b.atSeconds - a.atSeconds
  const t = span === 0 ? 1 : Math.max(0, Math.min(1, (atSeconds - a.atSeconds) / span))
  const isArrived = atSeconds >= route.seconds
  return {
    lon: a.lon + t * (b.lon - a.lon),
    lat: a.lat + t * (b.lat - a.lat),
    bearingDegrees: bearingDegrees(a, b),
    speedMetresPerSecond: isArrived || span === 0 ? 0 : (b.atMetres - a.atMetres) / span,
    metresDone: a.atMetres + t * (b.atMetres - a.atMetres),
    isArrived,
  }
}
