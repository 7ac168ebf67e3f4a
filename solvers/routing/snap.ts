import Flatbush from 'flatbush'
import type { Position } from '../../foundation/core/geo.ts'
import { EARTH_RADIUS_METRES } from '../../foundation/core/geo.ts'
import type { RoadGraph } from './graph.ts'
import { DEGREE } from './graph.ts'
import type { TravelAssumptions } from './profile.ts'

/** A position on the network: the nearest point of an edge. */
export interface Snap {
  readonly edge: number
  /** Share of the edge's length from its first point, 0 to 1. */
  readonly share: number
  readonly lon: number
  readonly lat: number
  /** How far the position itself is from that point. */
  readonly offRoadMetres: number
  /** Part of the network from which everything else can be reached and come back from. */
  readonly isConnected: boolean
}

export interface Snapper {
  /** The nearest point on a road, or null when none is within reach. Connected roads come before stray ones. */
  snap(position: Position): Snap | null
}

const METRES_PER_DEGREE = (EARTH_RADIUS_METRES * Math.PI) / 180
/** Boxes looked into, one after the other, until one holds an answer. */
const FIRST_BOX_METRES = 40
const BOX_GROWTH = 4

export function createSnapper(graph: RoadGraph, assumptions: TravelAssumptions): Snapper {
  const edgeCount = graph.edgeFrom.length
  if (edgeCount === 0) return { snap: () => null }
  const index = indexEdges(graph)

  return {
    snap(position) {
      const x = position.lon * DEGREE
      const y = position.lat * DEGREE
      const metresPerLat = METRES_PER_DEGREE / DEGREE
      const metresPerLon = metresPerLat * Math.cos((position.lat * Math.PI) / 180)
      const spot: Spot = { x, y, metresPerLon, metresPerLat }

      const nearestWithin = (metres: number, onlyConnected: boolean): Candidate | null => {
        const dx = metres / metresPerLon
        const dy = metres / metresPerLat
        let best: Candidate | null = null
        const edges = index.search(x - dx, y - dy, x + dx, y + dy)
        // Ties go to the edge with the lower number, so that the same position always snaps to the same edge.
        edges.sort((a, b) => a - b)
        for (const edge of edges) {
          if (onlyConnected && graph.edgeIsConnected[edge] === 0) continue
          const candidate = nearestOnEdge(graph, edge, spot)
          if (candidate.metres <= metres && (best === null || candidate.metres < best.metres))
            best = candidate
        }
        return best
      }
      const nearest = (limit: number, onlyConnected: boolean): Candidate | null => {
        for (let metres = FIRST_BOX_METRES; ; metres *= BOX_GROWTH) {
          const found = nearestWithin(Math.min(metres, limit), onlyConnected)
          if (found !== null || metres >= limit) return found
        }
      }

      const any = nearest(assumptions.reachMetres, false)
      if (any === null) return null
      if (graph.edgeIsConnected[any.edge] === 1) return describe(graph, any, spot)
      const connected = nearest(any.metres + assumptions.preferConnectedMetres, true)
      return describe(graph, connected ?? any, spot)
    },
  }
}

interface Spot {
  readonly x: number
  readonly y: number
  readonly metresPerLon: number
  readonly metresPerLat: number
}

interface Candidate {
  readonly edge: number
  readonly metres: number
  readonly segment: number
  readonly along: number
}

function indexEdges(graph: RoadGraph): Flatbush {
  const { shapeStart, shapeLon, shapeLat } = graph
  const edgeCount = graph.edgeFrom.length
  const index = new Flatbush(edgeCount, 16, Float64Array)
  for (let e = 0; e < edgeCount; e++) {
    let west = Infinity
    let south = Infinity
    let east = -Infinity
    let north = -Infinity
    for (let p = shapeStart[e]!; p < shapeStart[e + 1]!; p++) {
      const lon = shapeLon[p]!
      const lat = shapeLat[p]!
      if (lon < west) west = lon
      if (lon > east) east = lon
      if (lat < south) south = lat
      if (lat > north) north = lat
    }
    index.add(west, south, east, north)
  }
  index.finish()
  return index
}

function nearestOnEdge(graph: RoadGraph, edge: number, spot: Spot): Candidate {
  const { shapeStart, shapeLon, shapeLat } = graph
  let metres = Infinity
  let segment = 0
  let along = 0
  const first = shapeStart[edge]!
  const last = shapeStart[edge + 1]! - 1
  for (let p = first; p < last; p++) {
    const ax = (shapeLon[p]! - spot.x) * spot.metresPerLon
    const ay = (shapeLat[p]! - spot.y) * spot.metresPerLat
    const dx = (shapeLon[p + 1]! - shapeLon[p]!) * spot.metresPerLon
    const dy = (shapeLat[p + 1]! - shapeLat[p]!) * spot.metresPerLat
    const square = dx * dx + dy * dy
    const t = square === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / square))
    const away = Math.hypot(ax + t * dx, ay + t * dy)
    if (away < metres) {
      metres = away
      segment = p
      along = t
    }
  }
  return { edge, metres, segment, along }
}

function describe(graph: RoadGraph, { edge, metres, segment, along }: Candidate, spot: Spot): Snap {
  const { shapeStart, shapeLon, shapeLat } = graph
  let before = 0
  let total = 0
  for (let p = shapeStart[edge]!; p < shapeStart[edge + 1]! - 1; p++) {
    const length = Math.hypot(
      (shapeLon[p + 1]! - shapeLon[p]!) * spot.metresPerLon,
      (shapeLat[p + 1]! - shapeLat[p]!) * spot.metresPerLat,
    )
    if (p < segment) before += length
    else if (p === segment) before += length * along
    total += length
  }
  return {
    edge,
    share: total === 0 ? 0 : Math.min(1, before / total),
    lon: (shapeLon[segment]! + along * (shapeLon[segment + 1]! - shapeLon[segment]!)) / DEGREE,
    lat: (shapeLat[segment]! + along * (shapeLat[segment + 1]! - shapeLat[segment]!)) / DEGREE,
    offRoadMetres: metres,
    isConnected: graph.edgeIsConnected[edge] === 1,
  }
}
