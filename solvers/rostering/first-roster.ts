import type { Assignment, RosteringProblem } from './problem.ts'
import { rowCost } from './row-cost.ts'
import { bestRow } from './row-path.ts'
import type { RowMemory } from './row-relaxation.ts'
import type { SearchTables } from './search-tables.ts'

/**
 * A roster in which every row keeps its own rules: one employee after another takes the best row against what the
 * demands still want. Rows of `start` that keep their rules stay.
 */
export interface FirstRoster {
  /** Null: some employee has no row at all; `isProven` tells whether that is certain. */
  readonly rows: Assignment | null
  readonly isProven: boolean
}

/** Attempts at a row, from quick to exact. The first is quick on a year of 32 shifts too: 40 ms a row, not 400. */
const ATTEMPTS = [
  { width: 24, straying: 1, steps: 2 },
  { width: 24, straying: 1 },
  { width: 40, straying: 4 },
  { width: 80, straying: 0.3 },
  { width: 300, straying: 2 },
  { width: 3000, straying: 1 },
  { width: Infinity, straying: 1 },
]

export function firstRoster(
  problem: RosteringProblem,
  tables: SearchTables,
  hardWeight: number,
  memory: RowMemory,
  start: Assignment | undefined,
  shouldStop: () => boolean,
): FirstRoster {
  const { employees, days, shifts } = tables
  const rows = new Int16Array(employees * days)
  const sums = new Float64Array(tables.low.length)
  const prices = new Float64Array(days * shifts)
  const missing: number[] = []
  for (let e = 0; e < employees; e++) {
    const row = start?.subarray(e * days, (e + 1) * days)
    if (row && rowCost(problem, e, row).broken === 0) give(e, row)
    else missing.push(e)
  }
  // who has the least choice first: later ones can close what is left
  const choice = (e: number) => tables.placeStart[(e + 1) * days]! - tables.placeStart[e * days]!
  missing.sort((a, b) => choice(a) - choice(b) || a - b)
  for (const e of missing) {
    priceOf(e)
    let row: Int16Array | null = null
    for (const attempt of ATTEMPTS) {
      const answer = bestRow(problem, e, prices, { ...attempt, memory })
      row = answer.row
      if (row !== null) break
      if (answer.isExact) return { rows: null, isProven: true }
      if (shouldStop()) break
    }
    if (row === null) return { rows: null, isProven: false }
    give(e, row)
  }
  return { rows, isProven: true }

  function give(e: number, row: Int16Array): void {
    rows.set(row, e * days)
    for (let day = 0; day < days; day++) {
      const cell = tables.cellOf[(e * days + day) * shifts + row[day]!]!
      for (let g = tables.giveStart[cell]!; g < tables.giveStart[cell + 1]!; g++)
        sums[tables.giveDemand[g]!]! += tables.giveAmount[g]!
    }
  }

  function priceOf(e: number): void {
    for (let place = e * days; place < (e + 1) * days; place++)
      for (let cell = tables.placeStart[place]!; cell < tables.placeStart[place + 1]!; cell++) {
        let price = 0
        for (let g = tables.giveStart[cell]!; g < tables.giveStart[cell + 1]!; g++) {
          const demand = tables.giveDemand[g]!
          price += miss(demand, sums[demand]! + tables.giveAmount[g]!) - miss(demand, sums[demand]!)
        }
        prices[(place - e * days) * shifts + tables.cellShift[cell]!] = price
      }
  }

  function miss(demand: number, sum: number): number {
    const under = tables.low[demand]! - sum
    if (under > 0) return under * Math.min(tables.underCost[demand]!, hardWeight)
    const over = sum - tables.high[demand]!
    return over > 0 ? over * Math.min(tables.overCost[demand]!, hardWeight) : 0
  }
}
