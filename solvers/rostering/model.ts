import { Expression, ModelBuilder } from './model-builder.ts'
import type { LinearModel, SparseValues } from './highs.ts'
import type { Assignment, RosteringProblem, SolverCount, SolverEmployee } from './problem.ts'

/** A rostering problem as one linear model of whole numbers, and the way back from its solutions. */
export interface CompactModel {
  readonly data: LinearModel
  /** Reads the roster out of values of the model's columns. */
  rosterOf(values: Float64Array): Assignment
  /** The columns that a roster decides, to start from; the library works out the others. */
  startOf(roster: Assignment): SparseValues
}

/**
 * The straightforward model: a yes-or-no column for each employee, day and shift of work, one for «works that day»,
 * one for each weekend, and slack at a price for each demand. Null: some rule cannot be kept whatever is chosen.
 *
 * Successions are taken together where several shifts bar the same ones, and short runs are forbidden at their start
 * (`starts here ⇒ works the days after`): both give a closer relaxation than pair by pair.
 */
export function buildModel(problem: RosteringProblem): CompactModel | null {
  const builder = new ModelBuilder(problem.constant)
  const cells = problem.employees.map((employee) => new RowCells(builder, problem, employee))
  problem.employees.forEach((employee, e) => {
    addSuccessions(builder, problem, employee, cells[e]!)
    addRuns(builder, problem, employee, cells[e]!)
    addLimits(builder, problem, employee, cells[e]!)
    for (const { day, shift, cost } of employee.cellCosts) builder.addCost(cells[e]!.cell(day, shift), cost)
  })
  const groups = problem.groups.map((members) => [...new Set(members)])
  const everybody = [...problem.employees.keys()]
  for (const demand of problem.demands) {
    const sum = new Expression()
    for (const { day, shift, group, coefficient } of demand.terms)
      for (const e of group === null ? everybody : groups[group]!)
        sum.add(cells[e]!.cell(day, shift), coefficient)
    if (sum.isConstant && demand.underCost !== Infinity && demand.overCost !== Infinity) {
      builder.addConstant(demand.underCost * Math.max(0, demand.low - sum.constant))
      builder.addConstant(demand.overCost * Math.max(0, sum.constant - demand.high))
      continue
    }
    if (demand.low > -Infinity && demand.underCost !== Infinity)
      sum.add(Expression.of(builder.column(0, Infinity, demand.underCost, false)), 1)
    if (demand.high < Infinity && demand.overCost !== Infinity)
      sum.add(Expression.of(builder.column(0, Infinity, demand.overCost, false)), -1)
    builder.row(sum, demand.low, demand.high)
  }
  const data = builder.build()
  if (data === null) return null
  const { days } = problem
  return {
    data,
    rosterOf: (values) => {
      const roster = new Int16Array(problem.employees.length * days)
      cells.forEach((row, e) => {
        for (let day = 0; day < days; day++) roster[e * days + day] = row.shiftIn(values, day)
      })
      return roster
    },
    startOf: (roster) => {
      const chosen = new Map<number, number>()
      cells.forEach((row, e) => row.choose(roster.subarray(e * days, (e + 1) * days), chosen))
      return { indices: Int32Array.from(chosen.keys()), values: Float64Array.from(chosen.values()) }
    },
  }
}

/** The columns of one employee. A day that leaves no choice has none, so that fixing cells makes the model small. */
class RowCells {
  /** For each day the column of each shift; -1 where there is none. */
  private readonly columns: Int32Array[]
  private readonly workColumns: Int32Array
  private readonly isWork: readonly boolean[]
  private readonly domain: SolverEmployee['domain']
  private readonly before: readonly number[]

  constructor(builder: ModelBuilder, { days, shifts }: RosteringProblem, { domain, before }: SolverEmployee) {
    this.domain = domain
    this.before = before
    this.isWork = shifts.map((shift) => shift.isWork)
    this.columns = Array.from({ length: days }, () => new Int32Array(shifts.length).fill(-1))
    this.workColumns = new Int32Array(days).fill(-1)
    for (let day = 0; day < days; day++) {
      const open = [...new Set(domain[day])]
      if (open.length < 2) continue
      const sum = new Expression()
      for (const shift of open) {
        // What is not chosen otherwise is the day off, or the first shift where that may not be.
        if (shift === this.lastChoice(day)) continue
        this.columns[day]![shift] = builder.column(0, 1, 0, true)
        sum.add(Expression.of(this.columns[day]![shift]!), 1)
      }
      builder.row(sum, -Infinity, 1)
      if (!open.some((shift) => this.isWork[shift]) || open.every((shift) => this.isWork[shift])) continue
      const works = new Expression()
      for (const shift of open) if (this.isWork[shift]) works.add(this.cell(day, shift), 1)
      const only = works.onlyColumn
      if (only !== null) this.workColumns[day] = only
      else {
        this.workColumns[day] = builder.column(0, 1, 0, true)
        works.add(Expression.of(this.workColumns[day]!), -1)
        builder.row(works, 0, 0)
      }
    }
  }

  private lastChoice(day: number): number {
    return this.domain[day]!.includes(0) ? 0 : this.domain[day]![0]!
  }

  /** 1 where that shift stands on that day. Days below 0 were before. */
  cell(day: number, shift: number): Expression {
    if (day < 0) return Expression.constant(this.before.at(day) === shift ? 1 : 0)
    const open = this.domain[day]!
    if (!open.includes(shift)) return Expression.constant(0)
    if (new Set(open).size === 1) return Expression.constant(1)
    if (shift !== this.lastChoice(day)) return Expression.of(this.columns[day]![shift]!)
    const rest = Expression.constant(1)
    for (const column of this.columns[day]!) if (column >= 0) rest.add(Expression.of(column), -1)
    return rest
  }

  /** 1 where that day is worked. */
  works(day: number): Expression {
    if (day < 0) return Expression.constant(this.isWork[this.before.at(day)!] ? 1 : 0)
    if (this.workColumns[day]! >= 0) return Expression.of(this.workColumns[day]!)
    return Expression.constant(this.isWork[this.domain[day]![0]!] ? 1 : 0)
  }

  shiftIn(values: Float64Array, day: number): number {
    const columns = this.columns[day]!
    const found = columns.findIndex((column) => column >= 0 && values[column]! > 0.5)
    return found >= 0 ? found : this.lastChoice(day)
  }

  choose(row: Assignment, chosen: Map<number, number>): void {
    row.forEach((shift, day) => {
      this.columns[day]!.forEach((column, s) => column >= 0 && chosen.set(column, s === shift ? 1 : 0))
      if (this.workColumns[day]! >= 0) chosen.set(this.workColumns[day]!, this.isWork[shift] ? 1 : 0)
    })
  }
}

function addSuccessions(
  builder: ModelBuilder,
  { days, shifts }: RosteringProblem,
  { before }: SolverEmployee,
  cells: RowCells,
): void {
  for (const [apart, barredBy] of [
    [1, shifts.map((shift) => shift.cannotPrecede)],
    [2, shifts.map((shift) => shift.cannotPrecedeByTwo)],
  ] as const) {
    const sets = new Map(barredBy.filter((set) => set.length > 0).map((set) => [[...set].sort().join(), set]))
    for (const barred of sets.values()) {
      const barring = [...shifts.keys()].filter((shift) =>
        barred.every((next) => barredBy[shift]!.includes(next)),
      )
      for (let day = -Math.min(apart, before.length); day + apart < days; day++) {
        if (day + apart < 0) continue
        const sum = new Expression()
        for (const shift of barring) sum.add(cells.cell(day, shift), 1)
        for (const shift of new Set(barred)) sum.add(cells.cell(day + apart, shift), 1)
        builder.row(sum, -Infinity, 1)
      }
    }
  }
}

function addRuns(
  builder: ModelBuilder,
  { days }: RosteringProblem,
  { before, maxConsecutiveWork, minConsecutiveWork, minConsecutiveOff }: SolverEmployee,
  cells: RowCells,
): void {
  const first = -before.length
  if (maxConsecutiveWork !== null)
    for (let from = first; from + maxConsecutiveWork < days; from++) {
      if (from + maxConsecutiveWork < 0) continue
      const sum = new Expression()
      for (let day = from; day <= from + maxConsecutiveWork; day++) sum.add(cells.works(day), 1)
      builder.row(sum, -Infinity, maxConsecutiveWork)
    }
  for (const [least, sign] of [
    [minConsecutiveWork, 1],
    [minConsecutiveOff, -1],
  ] as const) {
    if (least === null) continue
    for (let start = first + 1; start < days; start++)
      for (let day = Math.max(0, start + 1); day < Math.min(days, start + least); day++) {
        // start − the day before ≤ day, for work as it is and for days off with work turned round. A run that went
        // into the horizon has a constant 1 for each of its days before; one that ended before is none of ours.
        if (!runsOnFrom(cells, start, sign)) break
        const sum = new Expression()
        sum.add(cells.works(start), sign)
        sum.add(cells.works(start - 1), -sign)
        sum.add(cells.works(day), -sign)
        builder.row(sum, -Infinity, sign === 1 ? 0 : 1)
      }
  }
}

/** Whether all days from `start` to the horizon are of one kind; true for a start inside the horizon. */
function runsOnFrom(cells: RowCells, start: number, sign: 1 | -1): boolean {
  for (let day = start; day < 0; day++) if (cells.works(day).constant !== (sign === 1 ? 1 : 0)) return false
  return true
}

function addLimits(
  builder: ModelBuilder,
  { days, shifts, weekends }: RosteringProblem,
  { domain, windows, maxWeekends, counts }: SolverEmployee,
  cells: RowCells,
): void {
  for (const { fromDay, untilDay, minMinutes, maxMinutes } of windows) {
    const sum = new Expression()
    for (let day = Math.max(0, fromDay); day < Math.min(days, untilDay); day++)
      for (const shift of new Set(domain[day])) sum.add(cells.cell(day, shift), shifts[shift]!.workMinutes)
    builder.row(sum, minMinutes, maxMinutes)
  }
  if (maxWeekends !== null && maxWeekends < weekends.length) {
    const lost = new Expression()
    for (const weekend of weekends) {
      const worked = weekend.map((day) => cells.works(day))
      if (worked.some((day) => day.isConstant && day.constant === 1)) lost.add(Expression.constant(1), 1)
      if (worked.every((day) => day.isConstant)) continue
      if (worked.some((day) => day.isConstant && day.constant === 1)) continue
      const any = Expression.of(builder.column(0, 1, 0, true))
      for (const day of worked) {
        if (day.isConstant) continue
        const row = new Expression()
        row.add(day, 1)
        row.add(any, -1)
        builder.row(row, -Infinity, 0)
      }
      lost.add(any, 1)
    }
    builder.row(lost, -Infinity, maxWeekends)
  }
  for (const count of counts) addCount(builder, days, domain, count, cells)
}

function addCount(
  builder: ModelBuilder,
  days: number,
  domain: SolverEmployee['domain'],
  { shifts, days: onDays, min, max, cost }: SolverCount,
  cells: RowCells,
): void {
  const times = new Expression()
  let most = 0
  for (const day of new Set(onDays ?? Array.from({ length: days }, (_, day) => day))) {
    if (domain[day]!.some((shift) => shifts.includes(shift))) most++
    for (const shift of new Set(shifts)) times.add(cells.cell(day, shift), 1)
  }
  if (min > 0 || max < most) builder.row(times, min, max)
  if (cost === null || cost.length === 0) return
  most = Math.min(most, max)
  // One step for each time more, at what it adds; the steps are taken in order where that does not come by itself.
  const at = (n: number) => cost[Math.min(n, cost.length - 1)]!
  builder.addConstant(at(0))
  const adds = Array.from({ length: most }, (_, n) => at(n + 1) - at(n))
  if (adds.every((add) => add === 0)) return
  const isConvex = adds.every((add, n) => n === 0 || add >= adds[n - 1]! - 1e-9)
  const steps = adds.map((add) => builder.column(0, 1, add, !isConvex))
  for (const step of steps) times.add(Expression.of(step), -1)
  builder.row(times, 0, 0)
  if (isConvex) return
  for (let n = 1; n < steps.length; n++) {
    const order = new Expression()
    order.add(Expression.of(steps[n]!), 1)
    order.add(Expression.of(steps[n - 1]!), -1)
    builder.row(order, -Infinity, 0)
  }
}
