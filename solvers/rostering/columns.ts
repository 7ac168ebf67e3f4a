import type { RunLimits } from './highs.ts'
import type { EmployeeRow, Master } from './master.ts'
import { bestRow } from './row-path.ts'
import type { RowMemory } from './row-relaxation.ts'

/** What a stretch of column generation came to. `bound`: no roster of the master's part costs less. */
export interface Generated {
  readonly bound: number
  /** The relaxation is solved, or the bound is as close to it as was asked for. */
  readonly isConverged: boolean
  readonly rounds: number
}

export interface GenerateOptions extends RunLimits {
  /** Columns fixed in the master, by employee: they are not priced, and the bound holds for these rows only. */
  readonly fixed?: ReadonlyMap<number, number>
  readonly rounds: number
  /** Share of the best duals so far in those priced with: Wentges, «Weighted Dantzig–Wolfe decomposition», 1997. */
  readonly smoothing: number
  readonly onBound?: (bound: number) => void
  /** Ends when this much is known: of the bound, and of the master's value, which it cannot exceed in the end. */
  readonly isEnough: (bound: number, objective: number) => boolean
  readonly memory: RowMemory
}

/**
 * Column generation: the master prices the demands, each employee answers with the best row at these prices, and what
 * is new goes into the master. Each round of answers gives a valid (Lagrangian) bound, whatever the prices.
 */
export function generateColumns(master: Master, options: GenerateOptions): Generated {
  const { smoothing } = options
  let bestDuals: Float64Array | null = null
  let bound = -Infinity
  let isSmooth = smoothing > 0
  for (let round = 1; round <= options.rounds; round++) {
    if (!master.solve(options)) return { bound, isConverged: false, rounds: round }
    if (options.isEnough(bound, master.objective)) return { bound, isConverged: true, rounds: round }
    const duals = master.duals.slice()
    master.clip(duals)
    if (isSmooth && bestDuals !== null)
      for (let d = 0; d < duals.length; d++)
        duals[d] = smoothing * bestDuals[d]! + (1 - smoothing) * duals[d]!
    const answers = askEach(master, duals, options)
    if (answers === null) return { bound, isConverged: false, rounds: round }
    if (answers.bound > bound) {
      bound = answers.bound
      bestDuals = duals
      options.onBound?.(bound)
    }
    const isNew = master.add(answers.rows) > 0
    // Nothing new at smoothed prices says nothing of the master's own.
    if (!isNew && !isSmooth) return { bound, isConverged: true, rounds: round }
    isSmooth = isNew && smoothing > 0
  }
  return { bound, isConverged: false, rounds: options.rounds }
}

/** The best row of each free employee at these duals, and the bound they prove. Null: the time was up. */
function askEach(
  master: Master,
  duals: Float64Array,
  { clock, untilMilliseconds, shouldStop, fixed, memory }: GenerateOptions,
): { bound: number; rows: EmployeeRow[] } | null {
  const { problem, part, map } = master
  const { fromDay, untilDay, roster } = part
  const isWindow = roster !== null && (fromDay > 0 || untilDay < problem.days)
  const prices = new Float64Array(problem.days * problem.shifts.length)
  const rows: EmployeeRow[] = []
  let bound = master.demandBound(duals)
  for (const employee of part.free) {
    const given = fixed?.get(employee)
    if (given !== undefined) {
      bound += master.reducedCost(given, duals)
      continue
    }
    if (clock() > untilMilliseconds || shouldStop()) return null
    map.pricesOf(employee, duals, prices)
    const row = isWindow ? roster.slice(employee * problem.days, (employee + 1) * problem.days) : null
    const answer = bestRow(problem, employee, prices, {
      memory,
      ...(row ? { keep: { row, fromDay, untilDay } } : {}),
    })
    bound += answer.lowerBound
    if (answer.row !== null) rows.push({ employee, row: answer.row })
  }
  return { bound, rows }
}
