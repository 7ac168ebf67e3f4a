import type { LinearModel } from './highs.ts'

/** A sum of columns with coefficients, and a constant. */
export class Expression {
  readonly coefficients = new Map<number, number>()
  constant = 0

  static of(column: number): Expression {
    const expression = new Expression()
    expression.coefficients.set(column, 1)
    return expression
  }

  static constant(value: number): Expression {
    const expression = new Expression()
    expression.constant = value
    return expression
  }

  get isConstant(): boolean {
    return this.coefficients.size === 0
  }

  /** The column that this is, without more; null for anything else. */
  get onlyColumn(): number | null {
    if (this.constant !== 0 || this.coefficients.size !== 1) return null
    const [[column, coefficient]] = [...this.coefficients] as [[number, number]]
    return coefficient === 1 ? column : null
  }

  add(other: Expression, factor: number): void {
    this.constant += factor * other.constant
    for (const [column, coefficient] of other.coefficients) {
      const sum = (this.coefficients.get(column) ?? 0) + factor * coefficient
      if (sum === 0) this.coefficients.delete(column)
      else this.coefficients.set(column, sum)
    }
  }
}

const ROUNDING = 1e-9

/** Gathers columns and rows of a linear model. A row that no choice can keep makes the whole model null. */
export class ModelBuilder {
  private readonly costs: number[] = []
  private readonly lowers: number[] = []
  private readonly uppers: number[] = []
  private readonly integers: number[] = []
  private readonly rowLowers: number[] = []
  private readonly rowUppers: number[] = []
  private readonly starts: number[] = [0]
  private readonly indices: number[] = []
  private readonly values: number[] = []
  private offset: number
  private isBroken = false

  constructor(offset: number) {
    this.offset = offset
  }

  column(lower: number, upper: number, cost: number, isInteger: boolean): number {
    this.costs.push(cost)
    this.lowers.push(lower)
    this.uppers.push(upper)
    return this.integers.push(isInteger ? 1 : 0) - 1
  }

  addConstant(value: number): void {
    this.offset += value
  }

  addCost(expression: Expression, price: number): void {
    this.offset += price * expression.constant
    for (const [column, coefficient] of expression.coefficients) this.costs[column]! += price * coefficient
  }

  row(expression: Expression, lower: number, upper: number): void {
    const low = lower - expression.constant
    const high = upper - expression.constant
    if (expression.isConstant) {
      if (low > ROUNDING || high < -ROUNDING) this.isBroken = true
      return
    }
    for (const [column, coefficient] of expression.coefficients) {
      this.indices.push(column)
      this.values.push(coefficient)
    }
    this.starts.push(this.indices.length)
    this.rowLowers.push(low)
    this.rowUppers.push(high)
  }

  build(): LinearModel | null {
    if (this.isBroken) return null
    const numCols = this.costs.length
    const numRows = this.rowLowers.length
    return {
      numCols,
      numRows,
      offset: this.offset,
      colCost: Float64Array.from(this.costs),
      colLower: Float64Array.from(this.lowers),
      colUpper: Float64Array.from(this.uppers),
      rowLower: Float64Array.from(this.rowLowers),
      rowUpper: Float64Array.from(this.rowUppers),
      matrix: {
        format: 'csr',
        numRows,
        numCols,
        starts: Int32Array.from(this.starts),
        indices: Int32Array.from(this.indices),
        values: Float64Array.from(this.values),
      },
      integrality: Int32Array.from(this.integers),
    }
  }
}
