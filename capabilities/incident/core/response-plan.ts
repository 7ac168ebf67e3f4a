import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { LEVELS, type Level } from './level.ts'

/** Whose units a demand means, seen from the place of the incident. */
export const FORCE_SCOPES = [
  'station-of-place',
  'special-patrol',
  'other-stations',
  'sub-bureau',
  'named',
  'everyone',
] as const
export type ForceScope = (typeof FORCE_SCOPES)[number]

/** «2 units of the station of the place, one with a shield». */
export interface PlanDemand {
  readonly from: ForceScope
  /** Only for `named`. Empty means that the commander has named nobody yet: anyone may come. */
  readonly organisationIds?: readonly string[]
  readonly units: number | 'all'
  /** `organisation`: that many from each organisation in the scope. */
  readonly per: 'total' | 'organisation'
  /** Each unit of this demand has all of these. */
  readonly skills: readonly string[]
}

/** Who handles, who stands by and who leads at one level. Demands are echelons: the first is ordered first. */
export interface LevelPlan {
  readonly level: Level
  readonly handle: readonly PlanDemand[]
  readonly standBy: readonly PlanDemand[]
  readonly lead: readonly ForceScope[]
}

/** One row for each level. Setting `response-plan`. */
export type ResponsePlan = readonly LevelPlan[]

const wants = (
  units: number | 'all',
  from: ForceScope,
  per: PlanDemand['per'] = 'total',
  skills: string[] = [],
): PlanDemand => ({
  from,
  units,
  per,
  skills,
})

/** The table of operations reference §3, with the unit counts of the reference district. */
export const DEFAULT_RESPONSE_PLAN: ResponsePlan = [
  {
    level: 'general',
    handle: [wants(1, 'station-of-place')],
    standBy: [wants(1, 'special-patrol')],
    lead: ['station-of-place'],
  },
  {
    level: 'complex',
    handle: [wants(2, 'station-of-place'), wants(1, 'special-patrol')],
    standBy: [wants(1, 'other-stations', 'organisation')],
    lead: ['station-of-place', 'special-patrol'],
  },
  {
    level: 'major',
    handle: [wants(2, 'station-of-place'), wants(2, 'special-patrol'), wants(2, 'named')],
    standBy: [
      wants('all', 'station-of-place'),
      wants('all', 'special-patrol'),
      wants('all', 'other-stations'),
      wants('all', 'everyone'),
    ],
    lead: ['sub-bureau'],
  },
]

/** The plan of a level. Throws RangeError for a plan that `checkResponsePlan` would have refused. */
export function getLevelPlan(plan: ResponsePlan, level: Level): LevelPlan {
  const found = plan.find((each) => each.level === level)
  if (!found) throw new RangeError(`no response plan for level ${level}`)
  return found
}

/**
 * Checks a response plan before it comes into force.
 * Refuses `plan-level-required`, `invalid-plan-level-twice`, `plan-handler-required`, `plan-leader-required`, `invalid-plan-demand`.
 */
export function checkResponsePlan(plan: ResponsePlan): Refusal | null {
  for (const level of LEVELS) {
    const rows = plan.filter((each) => each.level === level)
    if (rows.length === 0) return refuse('plan-level-required', { field: 'plan', detail: { level } })
    if (rows.length > 1) return refuse('invalid-plan-level-twice', { field: 'plan', detail: { level } })
  }
  for (const { level, handle, standBy, lead } of plan) {
    if (handle.length === 0) return refuse('plan-handler-required', { field: 'handle', detail: { level } })
    if (lead.length === 0) return refuse('plan-leader-required', { field: 'lead', detail: { level } })
    for (const [role, demands] of [
      ['handle', handle],
      ['standBy', standBy],
    ] as const) {
      const position = demands.findIndex((demand) => !isPossible(demand))
      if (position >= 0)
        return refuse('invalid-plan-demand', { field: role, detail: { level, row: position + 1 } })
    }
  }
  return null
}

function isPossible({ from, units, per }: PlanDemand): boolean {
  if (!FORCE_SCOPES.includes(from)) return false
  if (per !== 'total' && per !== 'organisation') return false
  return units === 'all' || (Number.isInteger(units) && units > 0 && units <= 1000)
}
