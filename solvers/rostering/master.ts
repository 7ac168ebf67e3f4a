import type { DemandMap } from './demand-map.ts'
import type { Highs, HighsModel, LinearModel, RunLimits, SparseMatrix } from './highs.ts'
import type { Assignment, RosteringProblem } from './problem.ts'
import { rowCost } from './row-cost.ts'

/** One row that an employee may have, as a column of the master. */
export interface RosterColumn {
  readonly employee: number
  readonly row: Int16Array
  readonly cost: number
  /** What the row adds to the demands, by place in the master. */
  readonly demands: Int32Array
  readonly served: Float64Array
}

export interface EmployeeRow {
  readonly employee: number
  readonly row: Int16Array
}

/** The part of a roster that a master decides; everything outside stands as `roster` has it. */
export interface MasterPart {
  readonly free: readonly number[]
  readonly fromDay: number
  readonly untilDay: number
  /** Null only where all is free. */
  readonly roster: Assignment | null
}

export const wholeOf = ({ employees, days }: RosteringProblem): MasterPart => ({
  free: [...employees.keys()],
  fromDay: 0,
  untilDay: days,
  roster: null,
})

const SOLVED = 7
/** The library's numbers: it chooses, which is the primal simplex after new columns; or the dual, asked for. */
const CHOOSE = 0
const DUAL_SIMPLEX = 1
/** A hard demand left unmet costs this many times the dearest price, in the relaxation. */
const HARD_FACTOR = 20
const LEAST_HARD_PRICE = 1_000

/**
 * The restricted master of column generation: choose a share of one row for each free employee so that the demands are
 * met as cheaply as may be. It stays in the library with its basis while rows are added and fixed.
 */
export class Master {
  readonly problem: RosteringProblem
  readonly part: MasterPart
  readonly map: DemandMap
  readonly columns: RosterColumn[] = []
  objective = Infinity
  /** Shares of the columns in the last solution. */
  shares = new Float64Array(0)
  /** What each demand of the problem pays for being served. */
  readonly duals: Float64Array
  /** What each employee's row is worth. */
  readonly worths: Float64Array
  /** The columns before those of rows: slack. */
  readonly slackCount: number
  private readonly keys = new Map<string, number>()
  private readonly model: HighsModel
  private readonly empty: LinearModel
  /** Demands that the free part touches, and the place of each (-1: not in the master). */
  private readonly active: Int32Array
  private readonly placeOf: Int32Array
  private readonly rowOf: Int32Array
  private readonly limits: readonly ActiveDemand[]
  /** A column was fixed since the last solution, whose basis is then good for the dual simplex only. */
  private hasFixed = false

  constructor(highs: Highs, problem: RosteringProblem, map: DemandMap, part: MasterPart) {
    this.problem = problem
    this.part = part
    this.map = map
    this.duals = new Float64Array(problem.demands.length)
    this.worths = new Float64Array(problem.employees.length)
    this.rowOf = new Int32Array(problem.employees.length).fill(-1)
    part.free.forEach((employee, row) => (this.rowOf[employee] = row))
    this.active = map.touchedBy(part.fromDay, part.untilDay)
    this.placeOf = new Int32Array(problem.demands.length).fill(-1)
    this.active.forEach((demand, place) => (this.placeOf[demand] = place))
    const { served, cost } = this.standing()
    const hardPrice = hardPriceOf(problem)
    this.limits = Array.from(this.active, (d) => limitsOf(problem.demands[d]!, served[d]!, hardPrice))
    this.empty = emptyMaster(part.free.length, this.limits, cost, hardPrice)
    this.slackCount = this.empty.numCols
    this.model = highs.createModel(this.empty)
    this.model.options.set({ output_flag: false, presolve: 'off' })
  }

  /** What those who are not free serve and cost, with the demands out of reach and the constant. */
  private standing(): { served: Float64Array; cost: number } {
    const { problem, part } = this
    const served = new Float64Array(problem.demands.length)
    const outside = new Float64Array(problem.demands.length)
    let cost = problem.constant
    const { roster } = part
    if (roster !== null)
      problem.employees.forEach((_, employee) => {
        const row = roster.subarray(employee * problem.days, (employee + 1) * problem.days)
        const isFree = this.rowOf[employee]! >= 0
        if (!isFree) cost += rowCost(problem, employee, row).cost
        this.map.serve(employee, row, isFree ? outside : served)
      })
    problem.demands.forEach(({ low, high, underCost, overCost }, d) => {
      if (this.placeOf[d]! >= 0) return
      const sum = served[d]! + outside[d]!
      if (sum < low && underCost !== Infinity) cost += underCost * (low - sum)
      if (sum > high && overCost !== Infinity) cost += overCost * (sum - high)
    })
    return { served, cost }
  }

  dispose(): void {
    this.model.dispose()
  }

  /** Takes rows in; those it has already are passed over. Gives how many were new. */
  add(rows: readonly EmployeeRow[]): number {
    const fresh: RosterColumn[] = []
    for (const { employee, row } of rows) {
      const key = keyOf(employee, row)
      if (this.keys.has(key) || this.rowOf[employee]! < 0) continue
      this.keys.set(key, this.columns.length + fresh.length)
      const { indices, values } = this.map.servedBy(employee, row)
      const kept = indices.flatMap((demand, i) => (this.placeOf[demand]! >= 0 ? [i] : []))
      fresh.push({
        ...{ employee, row: row.slice() },
        cost: rowCost(this.problem, employee, row).cost,
        demands: Int32Array.from(kept, (i) => this.placeOf[indices[i]!]!),
        served: Float64Array.from(kept, (i) => values[i]!),
      })
    }
    if (fresh.length === 0) return 0
    this.model.addCols({
      cost: Float64Array.from(fresh, ({ cost }) => cost),
      lower: new Float64Array(fresh.length),
      upper: new Float64Array(fresh.length).fill(Infinity),
      matrix: this.matrixOf(fresh),
    })
    this.columns.push(...fresh)
    return fresh.length
  }

  /** Solves the relaxation as it stands. False: it was held before its end. */
  solve({ clock, untilMilliseconds, shouldStop }: RunLimits): boolean {
    const left = (untilMilliseconds - clock()) / 1_000
    if (left <= 0) return false
    this.model.zeroAllClocks()
    this.model.options.set({ time_limit: left, simplex_strategy: this.hasFixed ? DUAL_SIMPLEX : CHOOSE })
    this.model.run({
      1: (event): undefined => {
        if (clock() > untilMilliseconds || shouldStop()) event.interrupt?.()
      },
    })
    if (this.model.getModelStatus() !== SOLVED) return false
    this.hasFixed = false
    const { colValue, rowDual } = this.model.getSolution()
    this.objective = this.model.getObjectiveValue()
    this.shares = colValue.slice(this.slackCount)
    this.part.free.forEach((employee, row) => (this.worths[employee] = rowDual[row]!))
    this.active.forEach((demand, place) => (this.duals[demand] = rowDual[this.part.free.length + place]!))
    return true
  }

  /** The model in whole numbers over some of the columns, behind the same slack. */
  wholeModel(chosen: readonly number[]): LinearModel {
    const columns = chosen.map((column) => this.columns[column]!)
    const { empty, slackCount } = this
    const more = this.matrixOf(columns)
    const numCols = slackCount + columns.length
    const joined = (slack: Float64Array, rest: Float64Array) => Float64Array.from([...slack, ...rest])
    return {
      ...empty,
      numCols,
      colCost: joined(
        empty.colCost,
        Float64Array.from(columns, ({ cost }) => cost),
      ),
      colLower: new Float64Array(numCols),
      colUpper: joined(empty.colUpper, new Float64Array(columns.length).fill(1)),
      integrality: Int32Array.from({ length: numCols }, (_, i) => (i < slackCount ? 0 : 1)),
      matrix: {
        ...{ format: 'csc', numRows: empty.numRows, numCols },
        starts: Int32Array.from([
          ...empty.matrix.starts.subarray(0, slackCount),
          ...more.starts.map((start) => start + slackCount),
        ]),
        indices: Int32Array.from([...empty.matrix.indices, ...more.indices]),
        values: joined(empty.matrix.values, more.values),
      },
    }
  }

  /** Gives a column, wholly, to its employee. */
  fix(column: number): void {
    const at = this.slackCount + column
    this.hasFixed = true
    this.model.changeColsBounds({ kind: 'range', from: at, to: at }, Float64Array.of(1), Float64Array.of(1))
  }

  /** What a column costs less what the demands pay for it at these duals. */
  reducedCost(column: number, duals: Float64Array): number {
    const { cost, demands, served } = this.columns[column]!
    let reduced = cost
    for (let i = 0; i < demands.length; i++) reduced -= served[i]! * duals[this.active[demands[i]!]!]!
    return reduced
  }

  indexOf(employee: number, row: Int16Array): number | undefined {
    return this.keys.get(keyOf(employee, row))
  }

  /** Duals of demands drawn to where they can lie, so that the bound they give is one. */
  clip(duals: Float64Array): void {
    this.limits.forEach(({ underPrice, overPrice }, place) => {
      const demand = this.active[place]!
      duals[demand] = Math.min(underPrice, Math.max(-overPrice, duals[demand]!))
    })
  }

  /** What constant and demands give to the Lagrangian bound at these (clipped) duals. */
  demandBound(duals: Float64Array): number {
    return this.limits.reduce((sum, { low, high }, place) => {
      const dual = duals[this.active[place]!]!
      return dual === 0 ? sum : sum + dual * (dual > 0 ? low : high)
    }, this.empty.offset)
  }

  private matrixOf(columns: readonly RosterColumn[]): SparseMatrix {
    const { length: employees } = this.part.free
    const starts = new Int32Array(columns.length + 1)
    columns.forEach(({ demands }, i) => (starts[i + 1] = starts[i]! + 1 + demands.length))
    const indices = new Int32Array(starts[columns.length]!)
    const values = new Float64Array(indices.length)
    columns.forEach(({ employee, demands, served }, i) => {
      let at = starts[i]!
      indices[at] = this.rowOf[employee]!
      values[at] = 1
      for (let k = 0; k < demands.length; k++) {
        at++
        indices[at] = employees + demands[k]!
        values[at] = served[k]!
      }
    })
    return {
      format: 'csc',
      numCols: columns.length,
      numRows: employees + this.limits.length,
      ...{ starts, indices, values },
    }
  }
}

const keyOf = (employee: number, row: Int16Array): string => `${employee}:${row.join()}`

/** A demand as the master sees it: less what stands already, with prices 0 where a side has no limit. */
interface ActiveDemand {
  readonly low: number
  readonly high: number
  readonly underPrice: number
  readonly overPrice: number
}

function limitsOf(
  { low, high, underCost, overCost }: RosteringProblem['demands'][number],
  served: number,
  hardPrice: number,
): ActiveDemand {
  const price = (cost: number) => (cost === Infinity ? hardPrice : cost)
  return {
    low: low - served,
    high: high - served,
    underPrice: low === -Infinity ? 0 : price(underCost),
    overPrice: high === Infinity ? 0 : price(overCost),
  }
}

/** Rows: one an employee (= 1), then one a demand. Columns: nobody at all at a high price, then slack of demands. */
function emptyMaster(
  employees: number,
  demands: readonly ActiveDemand[],
  offset: number,
  hardPrice: number,
): LinearModel {
  const everyone = Array.from({ length: employees }, (_, employee) => employee)
  const entries = everyone.map((row) => ({ row, value: 1, cost: 100 * hardPrice }))
  demands.forEach(({ low, high, underPrice, overPrice }, d) => {
    const row = employees + d
    if (low > -Infinity) entries.push({ row, value: 1, cost: underPrice })
    if (high < Infinity) entries.push({ row, value: -1, cost: overPrice })
  })
  const numCols = entries.length
  const numRows = employees + demands.length
  return {
    numCols,
    numRows,
    offset,
    colCost: Float64Array.from(entries, ({ cost }) => cost),
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(Infinity),
    rowLower: Float64Array.from([...everyone.map(() => 1), ...demands.map(({ low }) => low)]),
    rowUpper: Float64Array.from([...everyone.map(() => 1), ...demands.map(({ high }) => high)]),
    matrix: {
      format: 'csc',
      numRows,
      numCols,
      starts: Int32Array.from({ length: numCols + 1 }, (_, i) => i),
      indices: Int32Array.from(entries, ({ row }) => row),
      values: Float64Array.from(entries, ({ value }) => value),
    },
  }
}

function hardPriceOf({ employees, demands }: RosteringProblem): number {
  let dearest = 0
  const take = (price: number) => {
    if (Number.isFinite(price)) dearest = Math.max(dearest, Math.abs(price))
  }
  for (const { underCost, overCost } of demands) [underCost, overCost].forEach(take)
  for (const { cellCosts, counts } of employees) {
    for (const { cost } of cellCosts) take(cost)
    for (const { cost } of counts) cost?.forEach(take)
  }
  return Math.max(LEAST_HARD_PRICE, HARD_FACTOR * dearest)
}
