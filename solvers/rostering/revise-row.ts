import type { Chance } from '../../foundation/core/chance.ts'
import type { RosteringProblem } from './problem.ts'
import { bestRow } from './row-path.ts'
import type { RowMemory } from './row-relaxation.ts'
import type { RosterState } from './search-state.ts'

export interface RowRevision {
  readonly problem: RosteringProblem
  readonly memory: RowMemory
  /** Room for prices by `day * shifts + shift`. */
  readonly prices: Float64Array
}

const WIDTH = 24
const STEPS = 4
/** Rows longer than this are mostly revised in parts of that length. */
const PART_DAYS = 56
const WHOLE_SHARE = 0.1

/**
 * Gives one employee the best row against what the demands would pay, all other rows staying. Heated, it is taken like
 * any move even if it costs more; else only if it is better.
 */
export function reviseRow(
  state: RosterState,
  revision: RowRevision,
  employee: number,
  heat: { readonly temperature: number; readonly chance: Chance } | null,
): 'taken' | 'dropped' {
  const { days } = state.tables
  const { problem, memory, prices } = revision
  state.marginalPrices(employee, prices)
  const start = employee * days
  const isPart = heat !== null && days > PART_DAYS * 1.5 && heat.chance.next() >= WHOLE_SHARE
  const fromDay = isPart ? heat.chance.below(days - PART_DAYS + 1) : 0
  const row = state.rows.slice(start, start + days)
  const part = isPart ? { keep: { row, fromDay, untilDay: fromDay + PART_DAYS } } : {}
  const found = bestRow(problem, employee, prices, { width: WIDTH, steps: STEPS, memory, ...part })
  if (found.row === null) return 'dropped'
  for (let day = 0; day < days; day++) state.set(start + day, found.row[day]!)
  const delta = state.isChanged ? state.weigh() : Infinity
  const isTaken =
    delta < -1e-9 ||
    (heat !== null && delta < Infinity && heat.chance.next() < Math.exp(-delta / heat.temperature))
  if (isTaken) state.take()
  else state.drop()
  return isTaken ? 'taken' : 'dropped'
}
