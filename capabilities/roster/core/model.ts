import type { Assignment, RosteringProblem, SolverEmployee } from '../../../solvers/rostering/problem.ts'
import { Groups, organisationDemands, streetDemands } from './model-demands.ts'
import { employeeOf, heldEmployee } from './model-people.ts'
import { fairShares, weekendsOf } from './model-shares.ts'
import { shiftsOf } from './model-times.ts'
import { listOptions, type OpenGround } from './options.ts'
import { optionKey, type DutyOption, type RosterGrid } from './roster.ts'

/** A ground as a problem for the solver, and the way back. Shift `s` of the problem is `options[s]`. */
export interface RosterModel {
  readonly problem: RosteringProblem
  readonly options: readonly DutyOption[]
  toGrid(assignment: Assignment): RosterGrid
  /** What the options do not hold becomes a day off. */
  toAssignment(grid: RosterGrid): Assignment
}

/**
 * States a roster's hard and soft rules as a problem: an option of a cell is a shift; posts, leaders, skills, draws
 * and street shares are demands; rest, hours and runs are limits of the employee; fairness, wishes and stability are
 * costs. Demand ids begin with the rule's id. What the pattern decides by itself is not priced. Rows that are `held`
 * stand as they are and are neither judged nor priced.
 */
export function modelRoster(open: OpenGround, held: HeldRows = NOTHING_HELD): RosterModel {
  const { ground } = open
  const options = listOptions(open)
  const index = new Map(options.map((option, at) => [optionKey(option), at]))
  const groups = new Groups()
  const demands = [...organisationDemands(open, index, groups), ...streetDemands(open, options, groups)]
  const shifts = shiftsOf(open, options)
  const shares = fairShares(open)
  let constant = 0
  const employees = ground.officers.map(({ id }, officer): SolverEmployee => {
    const row = held(officer)
    if (row) return heldEmployee(id, row, index)
    const { employee, constant: own } = employeeOf(open, officer, options, index, shifts, shares)
    constant += own
    return employee
  })
  const { days } = ground
  return {
    problem: { days, shifts, employees, groups: groups.list, demands, weekends: weekendsOf(open), constant },
    options,
    toGrid: (assignment) =>
      ground.officers.map((__, officer) =>
        Array.from({ length: days }, (___, day) => options[assignment[officer * days + day]!]!),
      ),
    toAssignment(grid) {
      const assignment = new Int16Array(ground.officers.length * days)
      grid.forEach((row, officer) => {
        row.forEach((option, day) => {
          assignment[officer * days + day] = index.get(optionKey(option)) ?? 0
        })
      })
      return assignment
    },
  }
}

/** The row of an officer that is to stay as it stands; null: to be found. */
export type HeldRows = (officer: number) => RosterGrid[number] | null
const NOTHING_HELD: HeldRows = () => null
