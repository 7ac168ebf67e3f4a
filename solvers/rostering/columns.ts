import type { RunLimits } from './highs.ts'
import type { Master } from './master.ts'
import { bestRow } from './row-path.ts'
import type { RowMemory } from './row-relaxation.ts'

/** What a stretch of column generation came to. `bound`: no roster (of the employees left free) costs less. */
export interface Generated {
  readonly bound: number
  readonly isConverged: boolean
  readonly rounds: number
}

const TOLERANCE = 1e-6

export interface GenerateOptions extends RunLimits {
  /** Employees whose row is fixed and who are not priced; without a bound then. */
  readonly isFixed?: (employee: number) => boolean
  readonly rounds: number
  /** Share of the best duals so far in those priced with: Wentges, «Weighted Dantzig–Wolfe decomposition», 1997. */
  readonly smoothing: number
  readonly onBound?: (bound: number) => void
  /** Ends when the bound is this close to the master's value. */
  readonly closeEnough: (bound: number, objective: number) => boolean
  readonly memory: RowMemory
  readonly width?: number
}

/**
 * Column generation: the master prices the demands, each employee answers with the best row at these prices, and what
 * is worth it goes into the master. Each round of answers gives a valid (Lagrangian) bound, whatever the prices.
 */
export function generateColumns(master: Master, options: GenerateOptions): Generated {
  const { problem, map } = master
  const { clock, untilMilliseconds, shouldStop, isFixed = () => false, smoothing } = options
  const prices = new Float64Array(problem.days * problem.shifts.length)
  let bestDuals: Float64Array | null = null
  let bound = -Infinity
  let isSmooth = smoothing > 0
  for (let round = 1; round <= options.rounds; round++) {
    if (!master.solve(options)) return { bound, isConverged: false, rounds: round }
    if (options.closeEnough(bound, master.objective)) return { bound, isConverged: true, rounds: round }
    const duals = master.duals.demands.slice()
    master.clip(duals)
    if (isSmooth && bestDuals !== null)
      for (let d = 0; d < duals.length; d++)
        duals[d] = smoothing * bestDuals[d]! + (1 - smoothing) * duals[d]!
    const fresh: { employee: number; row: Int16Array }[] = []
    let sum = master.demandBound(duals)
    let isWhole = true
    let worth = 0
    for (let e = 0; e < problem.employees.length; e++) {
      if (isFixed(e)) continue
      if (clock() > untilMilliseconds || shouldStop()) {
        isWhole = false
        break
      }
      map.pricesOf(e, duals, prices)
      const answer = bestRow(problem, e, prices, {
        memory: options.memory,
        ...(options.width === undefined ? {} : { width: options.width }),
      })
      sum += answer.lowerBound
      if (answer.row === null) continue
      fresh.push({ employee: e, row: answer.row })
    }
    if (isWhole && sum > bound) {
      bound = sum
      bestDuals = duals
      options.onBound?.(bound)
    }
    worth = master.add(fresh)
    if (!isWhole) return { bound, isConverged: false, rounds: round }
    if (worth > 0) {
      isSmooth = smoothing > 0
      continue
    }
    // Nothing new at smoothed prices says nothing of the master's own.
    if (isSmooth && smoothing > 0) isSmooth = false
    else return { bound, isConverged: true, rounds: round }
  }
  return { bound, isConverged: false, rounds: options.rounds }
}

export const isCloseTo = (bound: number, objective: number): boolean => bound >= objective - TOLERANCE
