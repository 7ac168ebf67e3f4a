/**
 * A roster to be found: who does which shift on which day. Employees, days and shifts are indices; shift 0 is always
 * a day off. Everything that says how good or how lawful a roster is stands in this one structure, so that the search,
 * the model for a solver, the bounds and the checker speak of the same thing.
 *
 * An assignment is an `Int16Array` of `employees × days`, row by row: `assignment[employee * days + day]` is a shift.
 *
 * Objective (to be made small) = `constant` + costs of cells + costs of counts + costs of demands. What has no cost
 * (limits, successions, a demand with `underCost: Infinity`) is hard: a roster that breaks it is not valid.
 */
export interface RosteringProblem {
  readonly days: number
  /** Index 0 is the day off. */
  readonly shifts: readonly SolverShift[]
  readonly employees: readonly SolverEmployee[]
  /** Sets of employees that demands speak of: by skill, rank, team. */
  readonly groups: readonly (readonly number[])[]
  readonly demands: readonly SolverDemand[]
  /** Sets of days that count as one weekend when any of them is worked. */
  readonly weekends: readonly (readonly number[])[]
  readonly constant: number
}

export interface SolverShift {
  readonly id: string
  /** What counts towards limits of minutes; 0 for the day off. */
  readonly workMinutes: number
  /** A day with it counts as worked: in runs of days and in weekends. False for the day off. */
  readonly isWork: boolean
  /** Shifts that may not stand on the next day. */
  readonly cannotPrecede: readonly number[]
  /** Shifts that may not stand two days later; for shifts so long that their rest reaches there. */
  readonly cannotPrecedeByTwo: readonly number[]
}

export interface SolverEmployee {
  readonly id: string
  /** For each day the shifts this employee may have, 0 among them where the day may be off. Never empty. */
  readonly domain: readonly (readonly number[])[]
  /** Price of a shift on a day; what is not named costs nothing. May be negative. */
  readonly cellCosts: readonly { readonly day: number; readonly shift: number; readonly cost: number }[]
  /** Hard: minutes worked from `fromDay` (in) to `untilDay` (out) lie within these. */
  readonly windows: readonly MinuteWindow[]
  /**
   * Hard; null: no limit. A run that reaches the end of the horizon, or the first day known (of `before`, else of the
   * horizon), counts as long enough for both minimums. A run of `before` that day 0 ends is ended by this roster.
   * Maximums count the days of `before`.
   */
  readonly maxConsecutiveWork: number | null
  readonly minConsecutiveWork: number | null
  readonly minConsecutiveOff: number | null
  readonly maxWeekends: number | null
  readonly counts: readonly SolverCount[]
  /** The days before the horizon, the last at the end; empty: nothing is known of them and nothing is held against it. */
  readonly before: readonly number[]
}

export interface MinuteWindow {
  readonly fromDay: number
  readonly untilDay: number
  readonly minMinutes: number
  readonly maxMinutes: number
}

/** How often an employee has one of these shifts on one of these days. */
export interface SolverCount {
  readonly id: string
  readonly shifts: readonly number[]
  /** Null: every day. */
  readonly days: readonly number[] | null
  /** Hard. */
  readonly min: number
  /** Hard; Infinity: no limit. */
  readonly max: number
  /** Price of having it `n` times: `cost[n]`, the last entry for all above. Null: free. Convex where bounds are wanted. */
  readonly cost: readonly number[] | null
}

/**
 * A number of people wanted. Sum over `terms` of coefficient × (employees of the group with that shift on that day);
 * each unit below `low` costs `underCost`, each above `high` costs `overCost`; Infinity makes it hard.
 */
export interface SolverDemand {
  readonly id: string
  readonly terms: readonly DemandTerm[]
  /** -Infinity: none. */
  readonly low: number
  /** Infinity: none. */
  readonly high: number
  readonly underCost: number
  readonly overCost: number
}

export interface DemandTerm {
  readonly day: number
  readonly shift: number
  /** Index into `groups`; null: everybody. */
  readonly group: number | null
  readonly coefficient: number
}

export type Assignment = Int16Array

/** One line of an audit of a roster: what is broken, where, by how much. */
export interface Breach {
  readonly rule:
    | 'domain'
    | 'succession'
    | 'window'
    | 'max-consecutive'
    | 'min-consecutive'
    | 'min-consecutive-off'
    | 'weekends'
    | 'count'
    | 'demand'
  readonly employee: number | null
  readonly day: number | null
  /** `SolverCount.id` or `SolverDemand.id` where it is one of these. */
  readonly id: string | null
  readonly amount: number
}

/** What a solver tells while it works. `objective` null: no valid roster yet. `bound` null: none proven yet. */
export interface RosterProgress {
  readonly seconds: number
  readonly objective: number | null
  readonly bound: number | null
  /** Sum of what the best roster so far still breaks; 0 once valid. */
  readonly breaches: number
}

export interface SolveOptions {
  readonly seconds: number
  readonly seed: number
  /** A monotonic clock in milliseconds: time is an argument. */
  readonly clock: () => number
  /** Asked often; true ends the search with the best so far. */
  readonly shouldStop: () => boolean
  readonly onProgress: (progress: RosterProgress) => void
  /** Each valid roster better than all before, as soon as it is found: whoever ends the thread still has it. */
  readonly onBetter?: (assignment: Assignment, objective: number) => void
  /** Where to start from: the published roster, or one made by hand. */
  readonly start?: Assignment
}

/** `assignment` null: no valid roster was found in the time, or there is none (`isInfeasible`: proven). */
export interface RosterSolution {
  readonly assignment: Assignment | null
  readonly objective: number | null
  readonly bound: number | null
  readonly isInfeasible: boolean
  readonly seconds: number
}
