import { fitAdditivePoisson } from './additive-poisson.ts'
import { createMemory, type EventStream, type MemoryShape, type PlaceTable } from './memory.ts'

/**
 * How many events each place expects: a weighted sum of what it remembers, with weights of its own for quiet and for
 * busy places (`strata`), since a busy place tells its present rate within weeks and a quiet one only within years.
 */
export interface IntensityModel {
  readonly shape: MemoryShape
  /** The input whose size says to which stratum a place belongs. */
  readonly stratumInput: number
  /** Rising limits between the strata. */
  readonly limits: readonly number[]
  /** Events a day per unit of input: one array a stratum, one weight an input. */
  readonly weights: readonly Float64Array[]
  /** Of the counts of busy places: variance = mean + dispersion × mean². */
  readonly dispersion: number
  /** How many events the weights were fitted on. */
  readonly events: number
}

export interface FitOptions {
  readonly shape: MemoryShape
  readonly stratumInput: number
  /** Shares of the events of the fit that lie in the strata below each limit. */
  readonly stratumShares: readonly number[]
  /** Windows [day, day + windowDays) on which what came is compared with what was known `lagDays` before each. */
  readonly windowStarts: readonly number[]
  readonly windowDays: number
  readonly lagDays: number
}

const ROUNDS = 150
const PSEUDO_EVENTS = 5

/** Fits the weights on windows within the past; only events before the last window's end are looked at. */
export function fitIntensity(stream: EventStream, places: PlaceTable, options: FitOptions): IntensityModel {
  const { shape, stratumInput, stratumShares, windowStarts, windowDays, lagDays } = options
  const memory = createMemory(stream, places, shape)
  const { width } = memory
  const gathered: number[] = []
  const counts: number[] = []
  const windows: Window[] = []
  let next = 0
  for (const start of windowStarts) {
    memory.learnUntil(start - lagDays)
    const inputs = memory.inputsAt(start)
    const known = memory.known()
    while (next < stream.day.length && stream.day[next]! < start) next++
    const came = new Map<number, number>()
    for (let at = next; at < stream.day.length && stream.day[at]! < start + windowDays; at++) {
      const place = stream.place[at]!
      if (stream.isCounted[at] === 1 && place < known) came.set(place, (came.get(place) ?? 0) + 1)
    }
    for (const [place, count] of came) {
      for (let k = 0; k < width; k++) gathered.push(inputs[k]![place]!)
      counts.push(count)
    }
    windows.push({ inputs: inputs.map((input) => Float32Array.from(input.subarray(0, known))), known, came })
  }
  const limits = limitsBetween(gathered, counts, width, stratumInput, stratumShares)
  const stratumCount = limits.length + 1
  const exposure = Array.from({ length: stratumCount }, () => new Float64Array(width))
  for (const { inputs, known } of windows) {
    const sizes = inputs[stratumInput]!
    for (let p = 0; p < known; p++) {
      const sums = exposure[stratumOf(limits, sizes[p]!)]!
      for (let k = 0; k < width; k++) sums[k]! += inputs[k]![p]!
    }
  }
  const weights = exposure.map((sums, stratum) => {
    const rows: number[] = []
    const rowCounts: number[] = []
    counts.forEach((count, row) => {
      if (stratumOf(limits, gathered[row * width + stratumInput]!) !== stratum) return
      for (let k = 0; k < width; k++) rows.push(gathered[row * width + k]!)
      rowCounts.push(count)
    })
    const fitted = fitAdditivePoisson(
      { width, inputs: Float64Array.from(rows), counts: Float64Array.from(rowCounts) },
      sums,
      { prior: new Float64Array(width).fill(1 / width), pseudoEvents: PSEUDO_EVENTS, rounds: ROUNDS },
    )
    return fitted.map((weight) => weight / windowDays)
  })
  return {
    shape,
    stratumInput,
    limits,
    weights,
    dispersion: dispersionOf(windows, limits, weights, options),
    events: counts.reduce((sum, count) => sum + count, 0),
  }
}

interface Window {
  /** In single precision: there are many, and they only weigh sums. */
  readonly inputs: readonly Float32Array[]
  readonly known: number
  readonly came: ReadonlyMap<number, number>
}

/** By moments over the places of the busiest stratum, each window a count. */
function dispersionOf(
  windows: readonly Window[],
  limits: readonly number[],
  weights: readonly Float64Array[],
  { stratumInput, windowDays }: FitOptions,
): number {
  const busiest = weights.at(-1)!
  let excess = 0
  let squares = 0
  for (const { inputs, known, came } of windows) {
    const sizes = inputs[stratumInput]!
    for (let p = 0; p < known; p++) {
      if (stratumOf(limits, sizes[p]!) < limits.length) continue
      let mean = 0
      for (let k = 0; k < busiest.length; k++) mean += busiest[k]! * inputs[k]![p]! * windowDays
      const off = (came.get(p) ?? 0) - mean
      excess += off * off - mean
      squares += mean * mean
    }
  }
  return squares > 0 ? Math.max(0, excess / squares) : 0
}

/** Events a day of every known place, from its inputs. */
export function expectedPerDay(
  model: IntensityModel,
  inputs: readonly Float64Array[],
  known: number,
  into: Float64Array,
): void {
  const sizes = inputs[model.stratumInput]!
  for (let p = 0; p < known; p++) {
    const weights = model.weights[stratumOf(model.limits, sizes[p]!)]!
    let rate = 0
    for (let k = 0; k < weights.length; k++) rate += weights[k]! * inputs[k]![p]!
    into[p] = rate
  }
}

export function stratumOf(limits: readonly number[], size: number): number {
  let stratum = 0
  while (stratum < limits.length && size >= limits[stratum]!) stratum++
  return stratum
}

/** Limits that part the events, not the places: most places are quiet, and most quiet places never matter. */
function limitsBetween(
  gathered: readonly number[],
  counts: readonly number[],
  width: number,
  input: number,
  shares: readonly number[],
): number[] {
  const order = counts
    .map((_, row) => row)
    .sort((a, b) => gathered[a * width + input]! - gathered[b * width + input]! || a - b)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const limits: number[] = []
  let below = 0
  let share = 0
  for (const row of order) {
    while (share < shares.length && below >= shares[share]! * total && total > 0) {
      const limit = gathered[row * width + input]!
      if (limit > 0 && limit !== limits.at(-1)) limits.push(limit)
      share++
    }
    below += counts[row]!
  }
  return limits
}
