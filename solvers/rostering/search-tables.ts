import type { RosteringProblem } from './problem.ts'
import { rowRules } from './row-rules.ts'

/**
 * The whole problem laid flat for the search. A cell is one allowed (employee, day, shift); what it costs, adds to the
 * counted resources of its row and gives to demands stands in lists by cell.
 */
export interface SearchTables {
  readonly employees: number
  readonly days: number
  readonly shifts: number
  /** `cellOf[(employee * days + day) * shifts + shift]`; -1: not allowed. */
  readonly cellOf: Int32Array
  /** Cells of a place (employee * days + day) are `placeStart[place]` to `placeStart[place + 1]`. */
  readonly placeStart: Int32Array
  readonly cellShift: Int16Array
  readonly cellCost: Float64Array
  readonly useStart: Int32Array
  readonly useResource: Int32Array
  readonly useAmount: Int32Array
  readonly giveStart: Int32Array
  readonly giveDemand: Int32Array
  readonly giveAmount: Float64Array
  readonly resourceMin: Int32Array
  readonly resourceMax: Int32Array
  /** Place of the resource's prices in `resourceCost`; -1: free. */
  readonly resourceCostAt: Int32Array
  readonly resourceCost: Float64Array
  readonly isWork: Uint8Array
  /** `isForbidden[before * shifts + after]`, and the same two days later. */
  readonly isForbidden: Uint8Array
  readonly isForbiddenLate: Uint8Array
  readonly hasForbiddenLate: boolean
  /** Of each employee; large numbers stand for no limit, 0 or 1 for no minimum. */
  readonly maxWork: Int32Array
  readonly minWork: Int32Array
  readonly minOff: Int32Array
  readonly maxWeekends: Int32Array
  readonly past: readonly RowPast[]
  readonly weekends: number
  readonly weekendsOfDay: readonly (readonly number[])[]
  readonly low: Float64Array
  readonly high: Float64Array
  readonly underCost: Float64Array
  readonly overCost: Float64Array
  /** 1: may not stay below `low`; 2: may not stay above `high`; 3: both. */
  readonly hardness: Uint8Array
  readonly constant: number
}

/** What an employee brings from before the first day. -1: nothing known. */
export interface RowPast {
  readonly last: number
  readonly beforeLast: number
  readonly run: number
  readonly isLongEnough: boolean
}

export const NO_LIMIT = 1_000_000

export function searchTables(problem: RosteringProblem): SearchTables {
  const { days } = problem
  const employees = problem.employees.length
  const shifts = problem.shifts.length
  const rows = problem.employees.map((_, e) => rowRules(problem, e))
  const cells = rows.reduce((sum, row) => sum + row.cellShift.length, 0)
  const uses = rows.reduce((sum, row) => sum + row.incrementResource.length, 0)

  const cellOf = new Int32Array(employees * days * shifts).fill(-1)
  const placeStart = new Int32Array(employees * days + 1)
  const cellShift = new Int16Array(cells)
  const cellCost = new Float64Array(cells)
  const useStart = new Int32Array(cells + 1)
  const useResource = new Int32Array(uses)
  const useAmount = new Int32Array(uses)
  const mins: number[] = []
  const maxs: number[] = []
  const costAt: number[] = []
  const costs: number[] = []
  let cell = 0
  let use = 0
  rows.forEach((row, e) => {
    const firstResource = mins.length
    for (const resource of row.resources) {
      mins.push(resource.min)
      maxs.push(resource.max)
      costAt.push(resource.cost === null ? -1 : costs.length)
      if (resource.cost !== null) for (const price of resource.cost) costs.push(price)
    }
    for (let day = 0; day < days; day++) {
      for (let own = row.cellStart[day]!; own < row.cellStart[day + 1]!; own++) {
        cellOf[(e * days + day) * shifts + row.cellShift[own]!] = cell
        cellShift[cell] = row.cellShift[own]!
        cellCost[cell] = row.cellCost[own]!
        for (let i = row.incrementStart[own]!; i < row.incrementStart[own + 1]!; i++) {
          useResource[use] = firstResource + row.incrementResource[i]!
          useAmount[use++] = row.incrementAmount[i]!
        }
        useStart[++cell] = use
      }
      placeStart[e * days + day + 1] = cell
    }
  })
  const limit = (of: (e: number) => number | null, none: number) =>
    Int32Array.from(problem.employees, (_, e) => of(e) ?? none)
  const people = problem.employees
  const isForbidden = new Uint8Array(shifts * shifts)
  const isForbiddenLate = new Uint8Array(shifts * shifts)
  problem.shifts.forEach((shift, s) => {
    for (const after of shift.cannotPrecede) isForbidden[s * shifts + after] = 1
    for (const after of shift.cannotPrecedeByTwo) isForbiddenLate[s * shifts + after] = 1
  })
  const weekendsOfDay: number[][] = Array.from({ length: days }, () => [])
  problem.weekends.forEach((set, w) => {
    for (const day of set) weekendsOfDay[day]!.push(w)
  })
  return {
    employees,
    days,
    shifts,
    cellOf,
    placeStart,
    cellShift,
    cellCost,
    useStart,
    useResource,
    useAmount,
    ...gives(problem, cells, cellOf),
    resourceMin: Int32Array.from(mins),
    resourceMax: Int32Array.from(maxs),
    resourceCostAt: Int32Array.from(costAt),
    resourceCost: Float64Array.from(costs),
    isWork: Uint8Array.from(problem.shifts, (shift) => (shift.isWork ? 1 : 0)),
    isForbidden,
    isForbiddenLate,
    hasForbiddenLate: isForbiddenLate.includes(1),
    maxWork: limit((e) => people[e]!.maxConsecutiveWork, NO_LIMIT),
    minWork: limit((e) => people[e]!.minConsecutiveWork, 1),
    minOff: limit((e) => people[e]!.minConsecutiveOff, 1),
    maxWeekends: limit((e) => people[e]!.maxWeekends, NO_LIMIT),
    past: people.map((employee) => pastOf(problem, employee.before)),
    weekends: problem.weekends.length,
    weekendsOfDay,
    low: Float64Array.from(problem.demands, (demand) => demand.low),
    high: Float64Array.from(problem.demands, (demand) => demand.high),
    underCost: Float64Array.from(problem.demands, (demand) => demand.underCost),
    overCost: Float64Array.from(problem.demands, (demand) => demand.overCost),
    hardness: Uint8Array.from(
      problem.demands,
      (demand) => (demand.underCost === Infinity ? 1 : 0) + (demand.overCost === Infinity ? 2 : 0),
    ),
    constant: problem.constant,
  }
}

/** Which demands each cell gives to; terms of one demand on the same cell are added up. */
function gives(problem: RosteringProblem, cells: number, cellOf: Int32Array) {
  const { days } = problem
  const shifts = problem.shifts.length
  const everybody = problem.employees.map((_, e) => e)
  const counts = new Int32Array(cells + 1)
  const eachGift = (visit: (cell: number, demand: number, coefficient: number) => void) =>
    problem.demands.forEach((demand, d) => {
      for (const { day, shift, group, coefficient } of demand.terms)
        for (const e of group === null ? everybody : problem.groups[group]!) {
          const cell = cellOf[(e * days + day) * shifts + shift]!
          if (cell >= 0 && coefficient !== 0) visit(cell, d, coefficient)
        }
    })
  eachGift((cell) => counts[cell + 1]!++)
  const giveStart = new Int32Array(cells + 1)
  for (let cell = 0; cell < cells; cell++) giveStart[cell + 1] = giveStart[cell]! + counts[cell + 1]!
  const fill = giveStart.slice()
  const giveDemand = new Int32Array(giveStart[cells]!)
  const giveAmount = new Float64Array(giveStart[cells]!)
  eachGift((cell, demand, coefficient) => {
    giveDemand[fill[cell]!] = demand
    giveAmount[fill[cell]!++] = coefficient
  })
  return { giveStart, giveDemand, giveAmount }
}

function pastOf(problem: RosteringProblem, before: readonly number[]): RowPast {
  const last = before.at(-1)
  if (last === undefined) return { last: -1, beforeLast: -1, run: 0, isLongEnough: true }
  const isWork = problem.shifts[last]!.isWork
  let run = 0
  while (run < before.length && problem.shifts[before.at(-1 - run)!]!.isWork === isWork) run++
  return { last, beforeLast: before.at(-2) ?? -1, run, isLongEnough: run === before.length }
}
