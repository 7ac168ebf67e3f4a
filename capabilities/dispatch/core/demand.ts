import type { PlanDemand } from '../../incident/core/index.ts'
import {
  hasSkills,
  isFree,
  isInScope,
  isOnDuty,
  type CandidateUnit,
  type DispatchSituation,
} from './candidate.ts'

/** What the plan wants and cannot get, with the counts that say why. */
export interface Shortfall {
  readonly role: 'handle' | 'stand-by'
  /** Row of the plan's demands, from 1. */
  readonly row: number
  readonly from: PlanDemand['from']
  readonly organisationId: string | null
  readonly skills: readonly string[]
  readonly wanted: number
  readonly found: number
  /** Units of that force; of them on duty; of them free; of those with the skills. */
  readonly inScope: number
  readonly onDuty: number
  readonly free: number
  readonly skilled: number
}

/** One count to be met: a demand, or its part for one organisation. */
export interface Slot {
  readonly demand: PlanDemand
  readonly row: number
  readonly organisationId: string | null
  readonly wanted: number
  readonly scope: readonly CandidateUnit[]
  /** Whether a unit is of the slot's force and has its skills. */
  fits(unit: CandidateUnit): boolean
}

/** The slots of the demands in the plan's order. `all` wants every unit on duty, so it never falls short. */
export function slotsOf(
  demands: readonly PlanDemand[],
  units: readonly CandidateUnit[],
  situation: DispatchSituation,
): readonly Slot[] {
  return demands.flatMap((demand, index) => {
    const scope = units.filter((unit) => isInScope(unit, demand, situation))
    const slot = (part: readonly CandidateUnit[], organisationId: string | null): Slot => {
      const fitting = new Set(part.filter((unit) => hasSkills(unit, demand.skills)))
      return {
        demand,
        row: index + 1,
        organisationId,
        wanted: demand.units === 'all' ? part.filter(isOnDuty).length : demand.units,
        scope: part,
        fits: (unit) => fitting.has(unit),
      }
    }
    if (demand.per === 'total') return [slot(scope, null)]
    const organisationIds = [...new Set(scope.map(({ organisationId }) => organisationId))].toSorted()
    return organisationIds.map((id) =>
      slot(
        scope.filter(({ organisationId }) => organisationId === id),
        id,
      ),
    )
  })
}

/** Null where the slot is met, or where it wants whoever there is. */
export function shortfallOf(slot: Slot, role: 'handle' | 'stand-by', found: number): Shortfall | null {
  if (slot.demand.units === 'all' || found >= slot.wanted) return null
  const onDuty = slot.scope.filter(isOnDuty)
  const free = onDuty.filter(isFree)
  return {
    role,
    row: slot.row,
    from: slot.demand.from,
    organisationId: slot.organisationId,
    skills: slot.demand.skills,
    wanted: slot.wanted,
    found,
    inScope: slot.scope.length,
    onDuty: onDuty.length,
    free: free.length,
    skilled: free.filter((unit) => hasSkills(unit, slot.demand.skills)).length,
  }
}
