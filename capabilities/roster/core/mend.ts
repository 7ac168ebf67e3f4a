import { narrowProblem, type NarrowProblem } from '../../../solvers/rostering/narrow.ts'
import { modelRoster, type RosterModel } from './model.ts'
import { openGround } from './options.ts'
import type { RosterAbsence, RosterGrid, RosterGround } from './roster.ts'

/** A published roster to be mended around new absences, as little changed as can be. */
export interface Mending {
  readonly model: RosterModel
  readonly narrow: NarrowProblem
  /** The solved cut as a whole roster again. */
  toGrid(assignment: Int16Array): RosterGrid
}

/** How many days after an absence others' duties may still be moved, so that whoever covers gets the rest back. */
const DAYS_AFTER = 2

/**
 * States how to mend a published roster when officers cannot come: only the officers of their organisations, and only
 * the days of the absence and the two after, may change, and as few of their cells as can be; among ways that change as
 * few, the one that the weights prefer. Whoever comes in may do so against the pattern.
 * Throws RangeError for an officer who is not on the roster.
 */
export function mendAround(
  ground: RosterGround,
  published: RosterGrid,
  absences: readonly RosterAbsence[],
): Mending {
  const changed: RosterGround = {
    ...ground,
    absences: [...ground.absences, ...absences],
    published,
    rules: { ...ground.rules, offPatternDuty: 'when-needed' },
    // Before anything else few days change: no fairer share of something is worth another officer's plans.
    weights: { ...ground.weights, stability: 100 * Math.max(1, ...Object.values(ground.weights)) },
  }
  const open = openGround(changed)
  const free = new Map<string, Set<number>>()
  for (const { officerId, fromDate, untilDate } of absences) {
    const officer = open.officerIndex.get(officerId)
    if (officer === undefined) throw new RangeError(`officer ${officerId} is not on the roster`)
    const { organisationId } = ground.officers[officer]!
    const days = free.get(organisationId) ?? new Set<number>()
    free.set(organisationId, days)
    open.dates.forEach((date, day) => {
      if (date >= fromDate && date <= untilDate)
        for (let after = 0; after <= DAYS_AFTER; after++) days.add(day + after)
    })
  }
  const freeDays = (officer: number) => {
    const { organisationId, platoon } = ground.officers[officer]!
    return platoon === null ? undefined : free.get(organisationId)
  }
  const model = modelRoster(open, (officer) => (freeDays(officer) ? null : published[officer]!))
  const narrow = narrowProblem(
    model.problem,
    model.toAssignment(published),
    (officer, day) => freeDays(officer)?.has(day) ?? false,
  )
  return { model, narrow, toGrid: (assignment) => model.toGrid(narrow.widen(assignment)) }
}
