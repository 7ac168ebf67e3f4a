/**
 * What the solvers need of HiGHS, as an argument: solvers load nothing. The package `highs` fits this shape as it is:
 * `const highs: Highs = await loadHighs()`. A library that stands in for it only has to keep these promises.
 */
export interface Highs {
  readonly infinity: number
  createModel(source?: LinearModel): HighsModel
}

export interface HighsModel {
  readonly options: { set(values: Readonly<Record<string, string | number | boolean>>): unknown }
  readonly info: { get(name: 'mip_dual_bound' | 'primal_solution_status'): unknown }
  run(callbacks?: HighsCallbacks): unknown
  getModelStatus(): number
  getObjectiveValue(): number
  getSolution(): { readonly colValue: Float64Array; readonly rowDual: Float64Array }
  setSolution(solution: SparseValues): unknown
  addCols(columns: NewColumns): unknown
  changeColsBounds(
    selection: { readonly kind: 'range'; readonly from: number; readonly to: number },
    lower: Float64Array,
    upper: Float64Array,
  ): unknown
  zeroAllClocks(): unknown
  dispose(): void
}

/** Minimise `offset + cost · x` with rows and columns between their bounds. */
export interface LinearModel {
  readonly numCols: number
  readonly numRows: number
  readonly offset: number
  readonly colCost: Float64Array
  readonly colLower: Float64Array
  readonly colUpper: Float64Array
  readonly rowLower: Float64Array
  readonly rowUpper: Float64Array
  readonly matrix: SparseMatrix
  /** 1 where a whole number is wanted; absent: nowhere. */
  readonly integrality?: Int32Array
}

export interface SparseMatrix {
  readonly format: 'csr' | 'csc'
  readonly numRows: number
  readonly numCols: number
  readonly starts: Int32Array
  readonly indices: Int32Array
  readonly values: Float64Array
}

export interface SparseValues {
  readonly indices: Int32Array
  readonly values: Float64Array
}

export interface NewColumns {
  readonly cost: Float64Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  readonly matrix: SparseMatrix
}

interface HighsEvent {
  readonly data: {
    readonly mip_dual_bound?: number
    readonly objective_function_value?: number
    readonly mip_solution?: Float64Array
  }
  interrupt?(): void
}

/** By the library's numbers of its channels. */
export interface HighsCallbacks {
  readonly 1?: (event: HighsEvent) => undefined
  readonly 2?: (event: HighsEvent) => undefined
  readonly 4?: (event: HighsEvent) => undefined
  readonly 6?: (event: HighsEvent) => undefined
}

const OPTIMAL = 7
const INFEASIBLE = 8
const UNBOUNDED_OR_INFEASIBLE = 9

/** How a run is held: it ends at `untilMilliseconds` of the clock, or when `shouldStop` says so. */
export interface RunLimits {
  readonly clock: () => number
  readonly untilMilliseconds: number
  readonly shouldStop: () => boolean
}

/** What a run of a whole-number model gave. `bound` is what the library has proven when it ended. */
export interface MipResult {
  readonly status: 'optimal' | 'infeasible' | 'stopped'
  readonly objective: number | null
  readonly bound: number | null
  readonly values: Float64Array | null
}

export interface MipOptions extends RunLimits {
  readonly start?: SparseValues
  /** Ends as soon as nothing better than this is left. */
  readonly cutoff?: number
  readonly relativeGap?: number
  readonly seed?: number
  readonly onBetter?: (values: Float64Array, objective: number) => void
  readonly onBound?: (bound: number) => void
}

const secondsLeft = ({ clock, untilMilliseconds }: RunLimits): number =>
  Math.max(0, (untilMilliseconds - clock()) / 1_000)

/** Solves a whole-number model from scratch, telling solutions and bounds as they come. */
export function solveMip(highs: Highs, data: LinearModel, options: MipOptions): MipResult {
  // With nothing left to choose the library reports no solution, though the empty one is it.
  if (data.numCols === 0)
    return { status: 'optimal', objective: data.offset, bound: data.offset, values: new Float64Array() }
  const model = highs.createModel(data)
  try {
    model.options.set({
      output_flag: false,
      time_limit: secondsLeft(options),
      mip_rel_gap: options.relativeGap ?? 0,
      mip_abs_gap: 1e-6,
      random_seed: options.seed ?? 0,
      ...(options.cutoff === undefined ? {} : { objective_bound: options.cutoff }),
    })
    if (options.start) model.setSolution(options.start)
    let best: { values: Float64Array; objective: number } | null = null
    let bound = -Infinity
    const tellBound = (proven: number | undefined) => {
      if (proven === undefined || !(proven > bound) || proven >= highs.infinity) return
      bound = proven
      options.onBound?.(bound)
    }
    const hold = (event: HighsEvent): undefined => {
      tellBound(event.data.mip_dual_bound)
      if (options.shouldStop() || secondsLeft(options) === 0) event.interrupt?.()
    }
    model.run({
      1: hold,
      2: hold,
      4: (event): undefined => {
        const { mip_solution: values, objective_function_value: objective } = event.data
        if (!values || objective === undefined) return
        best = { values, objective }
        options.onBetter?.(values, objective)
      },
      6: hold,
    })
    const status = model.getModelStatus()
    if (status === INFEASIBLE || status === UNBOUNDED_OR_INFEASIBLE)
      return { status: 'infeasible', objective: null, bound: null, values: null }
    const isSolved = model.info.get('primal_solution_status') === 2
    const last = model.info.get('mip_dual_bound')
    if (typeof last === 'number') tellBound(last)
    const found = best as { values: Float64Array; objective: number } | null
    return {
      status: status === OPTIMAL ? 'optimal' : 'stopped',
      objective: isSolved ? model.getObjectiveValue() : (found?.objective ?? null),
      bound: bound === -Infinity ? null : bound,
      values: isSolved ? model.getSolution().colValue : (found?.values ?? null),
    }
  } finally {
    model.dispose()
  }
}
