import type { Position } from '../../foundation/core/geo.ts'
import type { RoadGraph } from './graph.ts'
import type { TravelAssumptions } from './profile.ts'
import { DEFAULT_ASSUMPTIONS } from './profile.ts'
import type { Route } from './route.ts'
import { roadRoute, straightRoute } from './route.ts'
import type { Reach, Seed } from './search.ts'
import { createSearch, directOnEdge, seedsFrom, seedsTo } from './search.ts'
import type { Snap } from './snap.ts'
import { createSnapper } from './snap.ts'
import type { Travel } from './travel.ts'
import { straightTravel } from './travel.ts'

export interface TravelMatrix {
  readonly rows: number
  readonly columns: number
  /** Row by row: seconds[row × columns + column]. */
  readonly seconds: Float64Array
  readonly metres: Float64Array
  /** 1 where the figure is driven on roads, 0 where it is the straight line. */
  readonly isRoad: Uint8Array
}

export interface Router {
  /** False when there is no road network at all, and everything is the straight line. */
  readonly hasRoads: boolean
  readonly assumptions: TravelAssumptions
  /** The nearest point on a road, or null when the position is out of reach of any. */
  snap(position: Position): Snap | null
  /** From each source to the one target, by one search backwards from the target. In the order of `sources`. */
  travelToOne(target: Position, sources: readonly Position[]): Travel[]
  /** From the one source to each target, by one search. In the order of `targets`. */
  travelFromOne(source: Position, targets: readonly Position[]): Travel[]
  /** From each source to each target: as many searches as the shorter list is long. */
  travelMatrix(sources: readonly Position[], targets: readonly Position[]): TravelMatrix
  travel(from: Position, to: Position): Travel
  /** The way itself, with the time at which each point is reached. */
  route(from: Position, to: Position): Route
}

/**
 * Travel times and routes over one road graph; without a graph, by the straight line. A router has one workspace
 * and answers in the same breath, so share it within a thread, never between threads.
 */
export function createRouter(graph: RoadGraph | null, given: Partial<TravelAssumptions> = {}): Router {
  const assumptions = { ...DEFAULT_ASSUMPTIONS, ...given }
  const straight = (from: Position, to: Position) => straightTravel(from, to, assumptions)
  if (graph === null || graph.edgeFrom.length === 0) {
    return {
      hasRoads: false,
      assumptions,
      snap: () => null,
      travelToOne: (target, sources) => sources.map((source) => straight(source, target)),
      travelFromOne: (source, targets) => targets.map((target) => straight(source, target)),
      travelMatrix: (sources, targets) => fillMatrix(sources, targets, straight),
      travel: straight,
      route: (from, to) => straightRoute(from, to, straight(from, to)),
    }
  }
  const search = createSearch(graph)
  const snapper = createSnapper(graph, assumptions)
  const accessSpeed = assumptions.accessKilometresPerHour / 3.6

  /** Joins two off-road ends to the drive between the snapped points. */
  const travelBetween = (
    from: Position,
    fromSnap: Snap | null,
    to: Position,
    toSnap: Snap | null,
    reach: Reach,
    ends: readonly Seed[],
  ): Travel => {
    if (fromSnap === null || toSnap === null) return straight(from, to)
    let seconds = Infinity
    let metres = 0
    const direct = directOnEdge(graph, fromSnap, toSnap)
    if (direct !== null) {
      const share = Math.abs(toSnap.share - fromSnap.share)
      seconds = graph.directionSeconds[direct]! * share
      metres = graph.edgeMetres[fromSnap.edge]! * share
    }
    for (const end of ends) {
      const total = reach.seconds[end.node]! + end.seconds
      if (total >= seconds) continue
      seconds = total
      metres = reach.metres[end.node]! + end.metres
    }
    if (seconds === Infinity) return straight(from, to)
    const offRoadMetres = fromSnap.offRoadMetres + toSnap.offRoadMetres
    return { basis: 'road', seconds: seconds + offRoadMetres / accessSpeed, metres: metres + offRoadMetres }
  }

  const NOWHERE: Reach = {
    seconds: new Float64Array(graph.nodeCount).fill(Infinity),
    metres: new Float64Array(graph.nodeCount),
    previous: new Int32Array(0),
    direction: new Int32Array(0),
  }

  const toOne = (target: Position, sources: readonly Position[], snaps: readonly (Snap | null)[]) => {
    const targetSnap = snapper.snap(target)
    const reach = targetSnap === null ? NOWHERE : search.run('in', seedsTo(graph, targetSnap))
    return sources.map((source, i) => {
      const snap = snaps[i]!
      return travelBetween(
        source,
        snap,
        target,
        targetSnap,
        reach,
        snap === null ? [] : seedsFrom(graph, snap),
      )
    })
  }
  const fromOne = (source: Position, targets: readonly Position[], snaps: readonly (Snap | null)[]) => {
    const sourceSnap = snapper.snap(source)
    const reach = sourceSnap === null ? NOWHERE : search.run('out', seedsFrom(graph, sourceSnap))
    return targets.map((target, i) => {
      const snap = snaps[i]!
      return travelBetween(source, sourceSnap, target, snap, reach, snap === null ? [] : seedsTo(graph, snap))
    })
  }
  const snapAll = (positions: readonly Position[]) => positions.map((position) => snapper.snap(position))

  return {
    hasRoads: true,
    assumptions,
    snap: (position) => snapper.snap(position),
    travelToOne: (target, sources) => toOne(target, sources, snapAll(sources)),
    travelFromOne: (source, targets) => fromOne(source, targets, snapAll(targets)),
    travelMatrix(sources, targets) {
      const matrix = emptyMatrix(sources.length, targets.length)
      if (sources.length <= targets.length) {
        const snaps = snapAll(targets)
        sources.forEach((source, row) =>
          fromOne(source, targets, snaps).forEach((travel, column) => enter(matrix, row, column, travel)),
        )
      } else {
        const snaps = snapAll(sources)
        targets.forEach((target, column) =>
          toOne(target, sources, snaps).forEach((travel, row) => enter(matrix, row, column, travel)),
        )
      }
      return matrix
    },
    travel: (from, to) => fromOne(from, [to], snapAll([to]))[0]!,
    route(from, to) {
      const fromSnap = snapper.snap(from)
      const toSnap = snapper.snap(to)
      const found =
        fromSnap && toSnap ? roadRoute(graph, search, { from, fromSnap, to, toSnap, accessSpeed }) : null
      return found ?? straightRoute(from, to, straight(from, to))
    },
  }
}

function emptyMatrix(rows: number, columns: number): TravelMatrix {
  const size = rows * columns
  return {
    rows,
    columns,
    seconds: new Float64Array(size),
    metres: new Float64Array(size),
    isRoad: new Uint8Array(size),
  }
}

function enter(matrix: TravelMatrix, row: number, column: number, travel: Travel): void {
  const at = row * matrix.columns + column
  matrix.seconds[at] = travel.seconds
  matrix.metres[at] = travel.metres
  matrix.isRoad[at] = travel.basis === 'road' ? 1 : 0
}

function fillMatrix(
  sources: readonly Position[],
  targets: readonly Position[],
  travel: (from: Position, to: Position) => Travel,
): TravelMatrix {
  const matrix = emptyMatrix(sources.length, targets.length)
  sources.forEach((source, row) =>
    targets.forEach((target, column) => enter(matrix, row, column, travel(source, target))),
  )
  return matrix
}
