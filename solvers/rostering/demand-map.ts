import type { RosteringProblem } from './problem.ts'

/** For each cell of the roster the demands it serves: the way from rows to demands and from duals to prices. */
export class DemandMap {
  private readonly problem: RosteringProblem
  private readonly cellCount: number
  /** Terms by `day * shifts + shift`: entries `starts[cell]` to `starts[cell + 1]`. */
  private readonly starts: Int32Array
  private readonly demands: Int32Array
  private readonly coefficients: Float64Array
  private readonly groups: Int32Array
  /** By group, 1 for each member. */
  private readonly members: readonly Uint8Array[]
  private readonly scratch: Float64Array

  constructor(problem: RosteringProblem) {
    this.problem = problem
    const { days, shifts, demands, groups, employees } = problem
    this.cellCount = days * shifts.length
    const cellOf = (day: number, shift: number) => day * shifts.length + shift
    this.starts = new Int32Array(this.cellCount + 1)
    for (const { terms } of demands)
      for (const { day, shift } of terms) this.starts[cellOf(day, shift) + 1]!++
    for (let cell = 0; cell < this.cellCount; cell++) this.starts[cell + 1]! += this.starts[cell]!
    const next = this.starts.slice()
    const size = this.starts[this.cellCount]!
    this.demands = new Int32Array(size)
    this.coefficients = new Float64Array(size)
    this.groups = new Int32Array(size)
    demands.forEach(({ terms }, d) => {
      for (const { day, shift, group, coefficient } of terms) {
        const at = next[cellOf(day, shift)]!++
        this.demands[at] = d
        this.coefficients[at] = coefficient
        this.groups[at] = group ?? -1
      }
    })
    this.members = groups.map((group) => {
      const isMember = new Uint8Array(employees.length)
      for (const e of group) isMember[e] = 1
      return isMember
    })
    this.scratch = new Float64Array(demands.length)
  }

  /** Adds what a row serves to the sums of all demands. Gives the demands it touched, some of them twice. */
  serve(employee: number, row: ArrayLike<number>, sums: Float64Array): number[] {
    const { days, shifts } = this.problem
    const touched: number[] = []
    for (let day = 0; day < days; day++) {
      const cell = day * shifts.length + row[day]!
      for (let at = this.starts[cell]!; at < this.starts[cell + 1]!; at++) {
        if (this.groups[at]! >= 0 && !this.members[this.groups[at]!]![employee]) continue
        const demand = this.demands[at]!
        if (sums[demand] === 0) touched.push(demand)
        sums[demand]! += this.coefficients[at]!
      }
    }
    return touched
  }

  /** What a row adds to each demand that it serves. */
  servedBy(employee: number, row: ArrayLike<number>): { indices: number[]; values: number[] } {
    const touched = this.serve(employee, row, this.scratch)
    const indices = [...new Set(touched)].filter((demand) => this.scratch[demand] !== 0)
    const values = indices.map((demand) => this.scratch[demand]!)
    for (const demand of touched) this.scratch[demand] = 0
    return { indices, values }
  }

  /** The demands that speak of any of these days, in order. */
  touchedBy(fromDay: number, untilDay: number): Int32Array {
    const { shifts } = this.problem
    const from = this.starts[fromDay * shifts.length]!
    const until = this.starts[untilDay * shifts.length]!
    return Int32Array.from(new Set(this.demands.subarray(from, until))).sort()
  }

  /** Prices of an employee's cells when each demand pays its dual for being served. */
  pricesOf(employee: number, duals: Float64Array, prices: Float64Array): void {
    for (let cell = 0; cell < this.cellCount; cell++) {
      let price = 0
      for (let at = this.starts[cell]!; at < this.starts[cell + 1]!; at++)
        if (this.groups[at]! < 0 || this.members[this.groups[at]!]![employee])
          price -= this.coefficients[at]! * duals[this.demands[at]!]!
      prices[cell] = price
    }
  }
}
