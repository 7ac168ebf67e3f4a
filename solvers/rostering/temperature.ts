import type { Chance } from '../../foundation/core/chance.ts'
import { MOVES } from './moves.ts'
import type { RosterState } from './search-state.ts'
import type { SearchTables } from './search-tables.ts'

/** The usual price of a wish or of one more of something counted: what other weights are measured by. */
export function priceUnit(tables: SearchTables): number {
  let sum = 0
  let count = 0
  for (const cost of tables.cellCost)
    if (cost !== 0) {
      sum += Math.abs(cost)
      count++
    }
  for (let r = 0; r < tables.resourceMin.length; r++) {
    const at = tables.resourceCostAt[r]!
    if (at < 0) continue
    for (let n = 1; n <= Math.min(3, tables.resourceMax[r]!); n++) {
      const step = Math.abs(tables.resourceCost[at + n]! - tables.resourceCost[at + n - 1]!)
      if (step === 0) continue
      sum += step
      count++
    }
  }
  return count === 0 ? 1 : sum / count
}

export const TEMPERATURES = { cold: 0.25, hot: 20, quantile: 0.01 }
const SAMPLES = 20_000

/**
 * Where to begin and end cooling: in proportion to the smaller differences that small moves make, which are what is
 * decided last.
 */
export function temperatures(
  state: RosterState,
  chance: Chance,
): { readonly hot: number; readonly cold: number } {
  const differences: number[] = []
  for (let i = 0; i < SAMPLES; i++) {
    if (MOVES[chance.below(MOVES.length)]!(state, chance)) {
      const difference = state.weigh() < Infinity ? Math.abs(state.weighedCost) : 0
      if (difference > 1e-9) differences.push(difference)
    }
    state.drop()
  }
  differences.sort((a, b) => a - b)
  const small = differences[Math.floor(differences.length * TEMPERATURES.quantile)] ?? 1
  return { hot: TEMPERATURES.hot * small, cold: TEMPERATURES.cold * small }
}
