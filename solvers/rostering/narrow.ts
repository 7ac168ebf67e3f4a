import type { Assignment, DemandTerm, RosteringProblem, SolverDemand, SolverEmployee } from './problem.ts'

/** A problem of a few cells cut out of a large one, and the way back into the roster it was cut from. */
export interface NarrowProblem {
  readonly problem: RosteringProblem
  /** The roster of the few as it stood. */
  readonly start: Assignment
  /** The whole roster with the few as `assignment` says. */
  widen(assignment: Assignment): Assignment
}

/**
 * Cuts out the cells that may change and holds everything else as it stands: rows without a free cell leave the
 * problem, what they give to demands is taken off them, and a demand that the roster breaks already may stay as broken
 * as it is, but no more. So a roster of hundreds is mended by a problem of a dozen.
 */
export function narrowProblem(
  problem: RosteringProblem,
  roster: Assignment,
  isFree: (employee: number, day: number) => boolean,
): NarrowProblem {
  const { days, employees } = problem
  const cell = (employee: number, day: number) => roster[employee * days + day]!
  const dayList = Array.from({ length: days }, (_, day) => day)
  const kept = employees.flatMap((_, employee) =>
    dayList.some((day) => isFree(employee, day)) ? [employee] : [],
  )
  const place = new Map(kept.map((employee, index) => [employee, index]))
  const groups = problem.groups.map((members) => members.flatMap((one) => place.get(one) ?? []))
  const members = problem.groups.map((list) => new Set(list))
  const isKept = new Set(kept)
  const held = (term: DemandTerm) => {
    let count = 0
    const everybody = term.group === null ? employees.keys() : members[term.group]!
    for (const employee of everybody)
      if (!isKept.has(employee) && cell(employee, term.day) === term.shift) count++
    return count * term.coefficient
  }
  const touched = problem.demands.filter(({ terms }) =>
    terms.some(({ day, group }) =>
      kept.some((employee) => (group === null || members[group]!.has(employee)) && isFree(employee, day)),
    ),
  )
  const start = new Int16Array(kept.length * days)
  kept.forEach((employee, index) => {
    start.set(roster.subarray(employee * days, (employee + 1) * days), index * days)
  })
  const narrowed: RosteringProblem = {
    ...problem,
    employees: kept.map((employee): SolverEmployee => {
      const whole = employees[employee]!
      return {
        ...whole,
        domain: whole.domain.map((shifts, day) => (isFree(employee, day) ? shifts : [cell(employee, day)])),
      }
    }),
    groups,
    demands: touched.map((demand): SolverDemand => {
      const outside = demand.terms.reduce((sum, term) => sum + held(term), 0)
      const inside = demand.terms.reduce(
        (sum, { day, shift, group, coefficient }) =>
          sum +
          coefficient *
            kept.filter(
              (employee) =>
                (group === null || members[group]!.has(employee)) && cell(employee, day) === shift,
            ).length,
        0,
      )
      const low = demand.low - outside
      const high = demand.high - outside
      return {
        ...demand,
        low: demand.underCost === Infinity ? Math.min(low, inside) : low,
        high: demand.overCost === Infinity ? Math.max(high, inside) : high,
      }
    }),
    constant: 0,
  }
  return {
    problem: narrowed,
    start,
    widen(assignment) {
      const whole = roster.slice()
      kept.forEach((employee, index) => {
        whole.set(assignment.subarray(index * days, (index + 1) * days), employee * days)
      })
      return whole
    },
  }
}
