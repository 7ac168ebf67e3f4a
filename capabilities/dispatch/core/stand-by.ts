import type { LevelPlan } from '../../incident/core/index.ts'
import { isFree, type CandidateUnit, type DispatchSituation } from './candidate.ts'
import { shortfallOf, slotsOf, type Shortfall } from './demand.ts'

/** The stand-by orders of a level: whom to order, by echelon, whom to keep, whom to let go. */
export interface StandByAdvice {
  readonly orders: readonly {
    readonly unitId: string
    readonly callSign: string
    readonly organisationId: string
    readonly echelon: number
  }[]
  readonly keepAssignmentIds: readonly string[]
  readonly releaseAssignmentIds: readonly string[]
  readonly shortfall: readonly Shortfall[]
}

/**
 * Whom a level keeps in readiness for this incident. Echelon n is the n-th demand of the plan, ordered first to last.
 * Units already standing by here count first, so that nobody is released and ordered again; those whom the level
 * no longer wants are let go. Only free units are taken: nobody is pulled from another incident by itself.
 */
export function orderStandBy(
  units: readonly CandidateUnit[],
  plan: LevelPlan,
  situation: DispatchSituation,
): StandByAdvice {
  const isHere = ({ commitment }: CandidateUnit) =>
    commitment?.role === 'stand-by' && commitment.incidentId === situation.incidentId
  const nearestFirst = units.toSorted(
    (a, b) =>
      (a.travel?.seconds ?? Infinity) - (b.travel?.seconds ?? Infinity) || (a.unitId < b.unitId ? -1 : 1),
  )
  const placed = new Set<string>()
  const orders: StandByAdvice['orders'][number][] = []
  const keep: string[] = []
  const shortfall: Shortfall[] = []
  for (const slot of slotsOf(plan.standBy, units, situation)) {
    let found = 0
    const open = (test: (unit: CandidateUnit) => boolean) =>
      nearestFirst.filter((unit) => test(unit) && !placed.has(unit.unitId) && slot.fits(unit))
    for (const unit of [...open(isHere), ...open(isFree)]) {
      if (found === slot.wanted) break
      placed.add(unit.unitId)
      found += 1
      if (unit.commitment) keep.push(unit.commitment.assignmentId)
      else
        orders.push({
          unitId: unit.unitId,
          callSign: unit.callSign,
          organisationId: unit.organisationId,
          echelon: slot.row,
        })
    }
    const missing = shortfallOf(slot, 'stand-by', found)
    if (missing) shortfall.push(missing)
  }
  const release = units.flatMap(({ unitId, commitment }) =>
    commitment?.role === 'stand-by' && commitment.incidentId === situation.incidentId && !placed.has(unitId)
      ? commitment.assignmentId
      : [],
  )
  return { orders, keepAssignmentIds: keep, releaseAssignmentIds: release, shortfall }
}
