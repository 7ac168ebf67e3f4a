import { solveInPlace } from './cholesky.ts'
import type { ExpectedCount } from './count-tail.ts'

/** The periods of a history and the one after it, which is to be judged: what each says of season, weekday and trend. */
export interface SeasonalDesign {
  readonly size: number
  /** Periods of history. */
  readonly periods: number
  /** periods + 1 rows of `size` numbers. */
  readonly rows: Float64Array
  /** 1 ÷ variance that each term is believed to have beforehand, on the scale of logarithms. */
  readonly penalties: Float64Array
  /** How much each period of history counts: the recent ones more. */
  readonly recency: Float64Array
}

export interface SeasonalSettings {
  /** An age at which a period counts half. */
  readonly halfLifeDays: number
  /** The latest periods of history that are not learned from: a surge that has begun shall not be its own yardstick. */
  readonly guardPeriods: number
  /** Dispersion believed beforehand, as strongly as periods whose squared means sum to `dispersionWeight` would say it. */
  readonly dispersion: number
  readonly dispersionWeight: number
}

export const SEASONAL_SETTINGS: SeasonalSettings = {
  halfLifeDays: 365,
  guardPeriods: 2,
  dispersion: 0.05,
  dispersionWeight: 20,
}

const YEAR_DAYS = 365.25
/** A year's swing of ± 60 %, a trend of ± 15 % a year and weekdays within ± 60 % are usual. */
const [SEASON_DEVIATION, SECOND_HARMONIC_DEVIATION, TREND_DEVIATION, WEEKDAY_DEVIATION] = [
  0.3, 0.1, 0.15, 0.3,
]

/**
 * `lastDay` is the first day of the period to be judged (days since 1970-01-01); periods are `periodDays` long, 7 or 1.
 * Days of the week are told apart only where periods are days.
 */
export function seasonalDesign(
  periods: number,
  periodDays: number,
  lastDay: number,
  { halfLifeDays, guardPeriods }: SeasonalSettings,
): SeasonalDesign {
  const weekdays = periodDays === 1 ? 7 : 0
  const size = 6 + weekdays
  const rows = new Float64Array((periods + 1) * size)
  for (let k = 0; k <= periods; k++) {
    const day = lastDay - (periods - k) * periodDays
    const ofYear = (2 * Math.PI * (day + periodDays / 2)) / YEAR_DAYS
    const at = k * size
    rows[at] = 1
    rows[at + 1] = (day - lastDay) / YEAR_DAYS
    rows[at + 2] = Math.cos(ofYear)
    rows[at + 3] = Math.sin(ofYear)
    rows[at + 4] = Math.cos(2 * ofYear)
    rows[at + 5] = Math.sin(2 * ofYear)
    if (weekdays > 0) rows[at + 6 + (((day % 7) + 7) % 7)] = 1
  }
  const deviations = [
    10,
    TREND_DEVIATION,
    SEASON_DEVIATION,
    SEASON_DEVIATION,
    SECOND_HARMONIC_DEVIATION,
    SECOND_HARMONIC_DEVIATION,
    ...Array.from({ length: weekdays }, () => WEEKDAY_DEVIATION),
  ]
  return {
    size,
    periods,
    rows,
    penalties: Float64Array.from(deviations, (deviation) => 1 / deviation ** 2),
    recency: Float64Array.from({ length: periods }, (_, k) =>
      k >= periods - guardPeriods ? 0 : 0.5 ** (((periods - k) * periodDays) / halfLifeDays),
    ),
  }
}

/** Past periods farther above their expectation than this count less, by the square (Noufaily et al. 2013). */
const OUTBREAK_DEVIATIONS = 2.58
/** Of a normal distribution. */
const DEVIATIONS_PER_MEDIAN = 1.4826
const ROUNDS = 4
const STEPS = 6
const LEAST_MEAN = 1e-3

/**
 * What the period after a history should count, by a log-linear negative binomial regression on trend, season and
 * weekday (Farrington et al. 1996 as improved by Noufaily et al. 2013, Statistics in Medicine 32: all seasons are used,
 * past outbreaks are re-weighted, and the quantile is negative binomial). Terms are drawn towards 0 as a prior would,
 * so that short and thin histories give wide answers and no wild ones. The dispersion given is that of the next count:
 * it includes what is not known about the mean.
 */
export function expectNext(
  counts: ArrayLike<number>,
  design: SeasonalDesign,
  settings: SeasonalSettings,
): ExpectedCount {
  const { size, periods, rows, recency } = design
  const beta = new Float64Array(size)
  const means = new Float64Array(periods)
  const outbreak = new Float64Array(periods).fill(1)
  let dispersion = settings.dispersion
  beta[0] = Math.log(Math.max(LEAST_MEAN, weightedMean(counts, recency)))
  const information = new Float64Array(size * size)
  for (let round = 0; round < ROUNDS; round++) {
    for (let step = 0; step < STEPS; step++)
      if (improve(counts, design, outbreak, dispersion, beta, means, information) < 1e-4) break
    if (round < ROUNDS - 1) reweigh(counts, means, outbreak)
    dispersion = dispersionOf(counts, means, recency, outbreak, size, settings)
  }
  const next = rows.slice(periods * size)
  const mean = Math.exp(dot(next, 0, beta, size))
  gather(counts, design, outbreak, dispersion, beta, means, information, new Float64Array(size))
  const spread = next.slice()
  solveInPlace(information, size, spread)
  return { mean, dispersion: dispersion + dot(next, 0, spread, size) }
}

/** One Newton step of the penalised likelihood; gives the largest change. */
function improve(
  counts: ArrayLike<number>,
  design: SeasonalDesign,
  outbreak: Float64Array,
  dispersion: number,
  beta: Float64Array,
  means: Float64Array,
  information: Float64Array,
): number {
  const step = new Float64Array(design.size)
  gather(counts, design, outbreak, dispersion, beta, means, information, step)
  solveInPlace(information, design.size, step)
  let largest = 0
  for (let j = 0; j < design.size; j++) {
    // A step of more than e² in the mean is a slip of the quadratic.
    beta[j]! += Math.max(-2, Math.min(2, step[j]!))
    largest = Math.max(largest, Math.abs(step[j]!))
  }
  return largest
}

function gather(
  counts: ArrayLike<number>,
  { size, periods, rows, penalties, recency }: SeasonalDesign,
  outbreak: Float64Array,
  dispersion: number,
  beta: Float64Array,
  means: Float64Array,
  information: Float64Array,
  score: Float64Array,
): void {
  information.fill(0)
  for (let k = 0; k < periods; k++) {
    const at = k * size
    const mean = Math.max(LEAST_MEAN, Math.exp(Math.min(20, dot(rows, at, beta, size))))
    means[k] = mean
    const weight = (recency[k]! * outbreak[k]!) / (1 + dispersion * mean)
    if (weight === 0) continue
    for (let i = 0; i < size; i++) {
      const x = rows[at + i]!
      if (x === 0) continue
      score[i]! += weight * x * (counts[k]! - mean)
      for (let j = 0; j <= i; j++) information[i * size + j]! += weight * mean * x * rows[at + j]!
    }
  }
  for (let i = 0; i < size; i++) {
    // The level is left free; the prior mean of all else is 0.
    if (i > 0) score[i]! -= penalties[i]! * beta[i]!
    information[i * size + i]! += i > 0 ? penalties[i]! : 1e-6
  }
}

/** Moments, drawn towards what is believed beforehand; lost degrees of freedom given back. */
function dispersionOf(
  counts: ArrayLike<number>,
  means: Float64Array,
  recency: Float64Array,
  outbreak: Float64Array,
  size: number,
  settings: SeasonalSettings,
): number {
  let [excess, squares, sum, sumSquares] = [0, 0, 0, 0]
  for (let k = 0; k < means.length; k++) {
    const weight = recency[k]! * outbreak[k]!
    sum += weight
    sumSquares += weight * weight
  }
  const effective = sumSquares > 0 ? (sum * sum) / sumSquares : 0
  const lost = effective > size ? effective / (effective - size) : 1
  for (let k = 0; k < means.length; k++) {
    const weight = recency[k]! * outbreak[k]!
    excess += weight * (lost * (counts[k]! - means[k]!) ** 2 - means[k]!)
    squares += weight * means[k]! ** 2
  }
  return Math.max(
    0,
    (excess + settings.dispersionWeight * settings.dispersion) / (squares + settings.dispersionWeight),
  )
}

/**
 * Anscombe's residuals in units of their own usual size (median), which past outbreaks do not move; at least the size
 * that Poisson counts have.
 */
function reweigh(counts: ArrayLike<number>, means: Float64Array, outbreak: Float64Array): void {
  const residuals = means.map((mean, k) => 1.5 * (counts[k]! ** (2 / 3) * mean ** (-1 / 6) - Math.sqrt(mean)))
  const sizes = residuals.map(Math.abs).sort()
  const usual = Math.max(1, (sizes[sizes.length >> 1] ?? 0) * DEVIATIONS_PER_MEDIAN)
  for (let k = 0; k < means.length; k++) {
    const deviations = residuals[k]! / usual
    outbreak[k] = deviations > OUTBREAK_DEVIATIONS ? (OUTBREAK_DEVIATIONS / deviations) ** 2 : 1
  }
}

function weightedMean(counts: ArrayLike<number>, weights: Float64Array): number {
  let [sum, total] = [0, 0]
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k]! * counts[k]!
    total += weights[k]!
  }
  return total > 0 ? sum / total : 0
}

function dot(a: Float64Array, from: number, b: Float64Array, size: number): number {
  let sum = 0
  for (let j = 0; j < size; j++) sum += a[from + j]! * b[j]!
  return sum
}
