import type { Chance } from '../../foundation/core/chance.ts'

/** A known truth to draw counts from, for specs, benches and power curves. */
export interface CountTruth {
  /** Mean of the first period, a day or a week. */
  readonly mean: number
  readonly dispersion: number
  readonly trendPerYear: number
  /** The year's swing: 0.3 is ± 30 % or so. */
  readonly seasonSwing: number
  /** On Fridays and Saturdays so much more, where periods are days. */
  readonly weekendSwing: number
}

/** Negative binomial counts with trend, season and weekday; `lastDay` begins the last period. */
export function drawCounts(
  truth: CountTruth,
  periods: number,
  periodDays: number,
  lastDay: number,
  chance: Chance,
): Float64Array {
  return Float64Array.from({ length: periods }, (_, k) => {
    const day = lastDay - (periods - 1 - k) * periodDays
    const years = (k * periodDays) / 365.25
    const weekday = (((day + 4) % 7) + 7) % 7
    const mean =
      truth.mean *
      Math.exp(
        truth.trendPerYear * years +
          truth.seasonSwing * Math.sin((2 * Math.PI * day) / 365.25) +
          (periodDays === 1 && weekday >= 5 ? truth.weekendSwing : 0),
      )
    return drawCount(mean, truth.dispersion, chance)
  })
}

/** A Poisson count whose mean is drawn from a gamma distribution. */
export function drawCount(mean: number, dispersion: number, chance: Chance): number {
  return drawPoisson(dispersion > 0 ? mean * dispersion * drawGamma(1 / dispersion, chance) : mean, chance)
}

/** Knuth's product for small means; large ones in halves, since sums of Poisson counts are Poisson. */
export function drawPoisson(mean: number, chance: Chance): number {
  if (mean > 30) return drawPoisson(mean / 2, chance) + drawPoisson(mean / 2, chance)
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = chance.next(); product > limit; product *= chance.next()) count++
  return count
}

/** Marsaglia and Tsang 2000; shape below 1 by Stuart's power. */
function drawGamma(shape: number, chance: Chance): number {
  if (shape < 1) return drawGamma(shape + 1, chance) * (1 - chance.next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = drawNormal(chance)
    const v = (1 + c * normal) ** 3
    if (v > 0 && Math.log(1 - chance.next()) < 0.5 * normal * normal + d - d * v + d * Math.log(v))
      return d * v
  }
}

/** Box and Muller. */
export function drawNormal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next())
}
