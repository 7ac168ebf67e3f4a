import {
  DEFAULT_RECOMMENDATION_POLICY,
  recommend,
  type CandidateUnit,
} from '../../capabilities/dispatch/core/index.ts'
import { DEFAULT_RESPONSE_PLAN, getLevelPlan } from '../../capabilities/incident/core/index.ts'
import type { Position } from '../../foundation/core/geo.ts'
import type { RoadGraph } from '../../solvers/routing/graph.ts'
import type { Router } from '../../solvers/routing/router.ts'
import { createSearch, directOnEdge, seedsFrom, seedsTo } from '../../solvers/routing/search.ts'

/** Units as the server would load them, all free and on patrol, in three stations. */
export function candidatesFrom(unitIds: readonly string[], positions: readonly Position[]): CandidateUnit[] {
  return unitIds.map((unitId, n) => ({
    unitId,
    callSign: `测${n}`,
    organisationId: `station-${n % 3}`,
    organisationKind: 'station',
    status: 'patrolling',
    skills: [],
    position: positions[n]!,
    positionAgeSeconds: 10,
    travel: null,
    commitment: null,
  }))
}

/** The part without a database: one reverse search on the roads, then rank and fill the plan. */
export function rank(candidates: readonly CandidateUnit[], target: Position, router: Router) {
  const travels = router.travelToOne(
    target,
    candidates.map(({ position }) => position!),
  )
  return recommend(
    candidates.map((candidate, n) => ({ ...candidate, travel: travels[n]! })),
    getLevelPlan(DEFAULT_RESPONSE_PLAN, 'general'),
    { incidentId: 'bench', stationId: 'station-0', namedOrganisationIds: [] },
    DEFAULT_RECOMMENDATION_POLICY,
  )
}

/** What one does without a reverse search: one Dijkstra from each unit, ended where the target is reached. Seconds by unit. */
export function unitByUnit(
  graph: RoadGraph,
  router: Router,
  positions: readonly Position[],
  target: Position,
): number[] {
  const search = createSearch(graph)
  const targetSnap = router.snap(target)!
  const ends = seedsTo(graph, targetSnap)
  const accessSpeed = router.assumptions.accessKilometresPerHour / 3.6
  return positions.map((position) => {
    const snap = router.snap(position)!
    const reach = search.run(
      'out',
      seedsFrom(graph, snap),
      ends.map(({ node }) => node),
    )
    let seconds = Math.min(...ends.map((end) => reach.seconds[end.node]! + end.seconds))
    const direct = directOnEdge(graph, snap, targetSnap)
    if (direct !== null)
      seconds = Math.min(seconds, graph.directionSeconds[direct]! * Math.abs(targetSnap.share - snap.share))
    return seconds + (snap.offRoadMetres + targetSnap.offRoadMetres) / accessSpeed
  })
}
