import { DemandMap } from './demand-map.ts'
import type { Highs, HighsModel, LinearModel, RunLimits } from './highs.ts'
import type { RosteringProblem } from './problem.ts'
import { rowCost } from './row-cost.ts'

/** One row that an employee may have, as a column of the master. */
export interface RosterColumn {
  readonly employee: number
  readonly row: Int16Array
  readonly cost: number
  readonly key: string
  readonly demands: { readonly indices: readonly number[]; readonly values: readonly number[] }
}

/** Prices of the master: what each demand pays for being served, and what each employee's best row is worth. */
export interface Duals {
  readonly demands: Float64Array
  readonly employees: Float64Array
}

const BASIC_PRIMAL_SIMPLEX = 4
const SOLVED = 7
/** A hard demand left unmet costs this many times the dearest price, in the relaxation. */
const HARD_FACTOR = 20
const LEAST_HARD_PRICE = 1_000

/**
 * The restricted master of column generation: choose a share of one row for each employee so that the demands are met
 * as cheaply as may be. It stays in the library with its basis while rows are added and fixed.
 */
export class Master {
  readonly problem: RosteringProblem
  readonly map: DemandMap
  readonly columns: RosterColumn[] = []
  objective = Infinity
  /** Shares of the columns in the last solution. */
  shares = new Float64Array(0)
  readonly duals: Duals
  private readonly keys = new Map<string, number>()
  private readonly model: HighsModel
  private readonly slackCount: number
  private readonly underPrices: Float64Array
  private readonly overPrices: Float64Array

  constructor(highs: Highs, problem: RosteringProblem) {
    this.problem = problem
    this.map = new DemandMap(problem)
    this.duals = {
      demands: new Float64Array(problem.demands.length),
      employees: new Float64Array(problem.employees.length),
    }
    const hardPrice = hardPriceOf(problem)
    const price = (cost: number) => (cost === Infinity ? hardPrice : cost)
    this.underPrices = Float64Array.from(problem.demands, ({ low, underCost }) =>
      low === -Infinity ? 0 : price(underCost),
    )
    this.overPrices = Float64Array.from(problem.demands, ({ high, overCost }) =>
      high === Infinity ? 0 : price(overCost),
    )
    const model = emptyMaster(problem, this.underPrices, this.overPrices, hardPrice)
    this.slackCount = model.numCols
    this.model = highs.createModel(model)
    this.model.options.set({
      output_flag: false,
      presolve: 'off',
      simplex_strategy: BASIC_PRIMAL_SIMPLEX,
    })
  }

  dispose(): void {
    this.model.dispose()
  }

  /** Takes rows in; those it has already are passed over. Gives how many were new. */
  add(rows: readonly { readonly employee: number; readonly row: Int16Array }[]): number {
    const fresh: RosterColumn[] = []
    for (const { employee, row } of rows) {
      const key = `${employee}:${row.join()}`
      if (this.keys.has(key)) continue
      this.keys.set(key, this.columns.length + fresh.length)
      fresh.push({
        ...{ employee, row: row.slice(), key },
        cost: rowCost(this.problem, employee, row).cost,
        demands: this.map.servedBy(employee, row),
      })
    }
    if (fresh.length === 0) return 0
    const indices: number[] = []
    const values: number[] = []
    const starts = [0]
    const { length: employees } = this.problem.employees
    for (const { employee, demands } of fresh) {
      indices.push(employee, ...demands.indices.map((demand) => employees + demand))
      values.push(1, ...demands.values)
      starts.push(indices.length)
    }
    this.model.addCols({
      cost: Float64Array.from(fresh, ({ cost }) => cost),
      lower: new Float64Array(fresh.length),
      upper: new Float64Array(fresh.length).fill(Infinity),
      matrix: {
        format: 'csc',
        numCols: fresh.length,
        numRows: employees + this.problem.demands.length,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(indices),
        values: Float64Array.from(values),
      },
    })
    this.columns.push(...fresh)
    return fresh.length
  }

  /** Solves the relaxation as it stands. False: it was held before its end. */
  solve({ clock, untilMilliseconds, shouldStop }: RunLimits): boolean {
    const left = (untilMilliseconds - clock()) / 1_000
    if (left <= 0) return false
    this.model.zeroAllClocks()
    this.model.options.set({ time_limit: left })
    this.model.run({
      1: (event): undefined => {
        if (clock() > untilMilliseconds || shouldStop()) event.interrupt?.()
      },
    })
    if (this.model.getModelStatus() !== SOLVED) return false
    const { colValue, rowDual } = this.model.getSolution()
    const { length: employees } = this.problem.employees
    this.objective = this.model.getObjectiveValue()
    this.shares = colValue.slice(this.slackCount)
    this.duals.employees.set(rowDual.subarray(0, employees))
    this.duals.demands.set(rowDual.subarray(employees))
    return true
  }

  /** Gives a column, wholly, to its employee; or opens it again. */
  fix(column: number, isFixed: boolean): void {
    const at = this.slackCount + column
    this.model.changeColsBounds(
      { kind: 'range', from: at, to: at },
      Float64Array.of(isFixed ? 1 : 0),
      Float64Array.of(isFixed ? 1 : Infinity),
    )
  }

  indexOf(employee: number, row: Int16Array): number | undefined {
    return this.keys.get(`${employee}:${row.join()}`)
  }

  /** Duals of demands drawn to where they can lie, so that the bound they give is one. */
  clip(duals: Float64Array): void {
    for (let d = 0; d < duals.length; d++)
      duals[d] = Math.min(this.underPrices[d]!, Math.max(-this.overPrices[d]!, duals[d]!))
  }

  /** What the demands alone give to the Lagrangian bound at these (clipped) duals. */
  demandBound(duals: Float64Array): number {
    return this.problem.demands.reduce((sum, { low, high }, d) => {
      const dual = duals[d]!
      return dual === 0 ? sum : sum + dual * (dual > 0 ? low : high)
    }, this.problem.constant)
  }
}

/** Rows: one an employee (= 1), then one a demand. Columns: nobody at all at a high price, then slack of demands. */
function emptyMaster(
  { employees, demands, constant }: RosteringProblem,
  underPrices: Float64Array,
  overPrices: Float64Array,
  hardPrice: number,
): LinearModel {
  const entries: { row: number; value: number; cost: number }[] = employees.map((_, row) => ({
    ...{ row, value: 1, cost: 100 * hardPrice },
  }))
  demands.forEach(({ low, high }, d) => {
    const row = employees.length + d
    if (low > -Infinity) entries.push({ row, value: 1, cost: underPrices[d]! })
    if (high < Infinity) entries.push({ row, value: -1, cost: overPrices[d]! })
  })
  const numCols = entries.length
  const numRows = employees.length + demands.length
  return {
    numCols,
    numRows,
    offset: constant,
    colCost: Float64Array.from(entries, ({ cost }) => cost),
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(Infinity),
    rowLower: Float64Array.from([...employees.map(() => 1), ...demands.map(({ low }) => low)]),
    rowUpper: Float64Array.from([...employees.map(() => 1), ...demands.map(({ high }) => high)]),
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
