import { logGamma, probabilityOf } from '../surveillance/count-tail.ts'

/** How the true means of many places are distributed, learned from one count of each. */
export interface MeanMixture {
  readonly means: Float64Array
  readonly shares: Float64Array
}

const SUPPORT = 60
const LEAST_MEAN = 0.02
const ROUNDS = 400

/**
 * The distribution of means under which the counts of all candidate places are likeliest (Kiefer and Wolfowitz 1956, by
 * expectation-maximisation on a fixed grid). No shape is assumed: hot places have heavier tails than a gamma.
 */
export function fitMeans(counts: ArrayLike<number>): MeanMixture {
  const histogram = new Map<number, number>()
  for (let p = 0; p < counts.length; p++) histogram.set(counts[p]!, (histogram.get(counts[p]!) ?? 0) + 1)
  const most = Math.max(1, ...histogram.keys())
  // Even in the square root, where counts have one spread everywhere; the first is next to nothing.
  const means = Float64Array.from({ length: SUPPORT }, (_, k) =>
    Math.max(LEAST_MEAN, (Math.sqrt(most * 1.1) * (k / (SUPPORT - 1))) ** 2),
  )
  const shares = new Float64Array(SUPPORT).fill(1 / SUPPORT)
  const rows = [...histogram].map(([count, places]) => ({
    places,
    likelihood: means.map((mean) => Math.exp(count * Math.log(mean) - mean - logGamma(count + 1))),
  }))
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(SUPPORT)
    for (const { places, likelihood } of rows) {
      let total = 0
      for (let k = 0; k < SUPPORT; k++) total += shares[k]! * likelihood[k]!
      if (total > 0)
        for (let k = 0; k < SUPPORT; k++) next[k]! += (places * shares[k]! * likelihood[k]!) / total
    }
    for (let k = 0; k < SUPPORT; k++) shares[k] = counts.length > 0 ? next[k]! / counts.length : shares[k]!
  }
  return { means, shares }
}

/** What a place that counted so much is expected to count in as long a time, by chance alone. */
export function expectAgain(count: number, { means, shares }: MeanMixture): number {
  let [sum, total] = [0, 0]
  posterior(count, means, shares).forEach((weight, k) => {
    sum += weight * means[k]!
    total += weight
  })
  return total > 0 ? sum / total : count
}

/** What comes again by chance alone, and how unsure its mean is. */
export interface Again {
  readonly mean: number
  readonly variance: number
}

/** As `expectAgain`, with the variance of the true mean, given the count. */
export function spreadAgain(count: number, { means, shares }: MeanMixture): Again {
  const weights = posterior(count, means, shares)
  const total = weights.reduce((sum, each) => sum + each, 0)
  if (!(total > 0)) return { mean: count, variance: count }
  const mean = weights.reduce((sum, weight, k) => sum + weight * means[k]!, 0) / total
  const variance = weights.reduce((sum, weight, k) => sum + weight * (means[k]! - mean) ** 2, 0) / total
  return { mean, variance }
}

/**
 * Two-sided mid-p of the later counts of several chosen places together: as of one place with the sum of their means, and
 * with the spread of each. `quietVariance` is how much quiet places change beyond chance.
 */
export function judgeAgainTogether(each: readonly Again[], later: number, quietVariance: number): number {
  const mean = each.reduce((sum, again) => sum + again.mean, 0)
  if (!(mean > 0)) return 1
  const spread = each.reduce((sum, again) => sum + again.variance, 0)
  const expected = { mean, dispersion: spread / (mean * mean) + quietVariance }
  let below = 0
  for (let n = 0; n < later; n++) below += probabilityOf(n, expected)
  const lower = below + probabilityOf(later, expected) / 2
  return Math.min(1, 2 * Math.min(lower, 1 - lower))
}

/** The counts of all places in two periods, in the order of the places. */
export interface PastPeriods {
  readonly before: ArrayLike<number>
  readonly after: ArrayLike<number>
}

const HOTTEST_SHARE = 0.05
const LEAST_HOTTEST = 3
/** Incidents at the hottest of the past, as if so many had come just as foreseen. */
const PRIOR_INCIDENTS = 20

/**
 * Places also change truly, with nothing done, and the hottest mostly downwards. What the hottest twentieth of the past
 * counted next ÷ what `expectAgain` foresaw for it, beside the change of the whole: 1 where there is no past.
 */
export function learnFallBack(past: readonly PastPeriods[]): number {
  let [came, foreseen] = [PRIOR_INCIDENTS, PRIOR_INCIDENTS]
  for (const { before, after } of past) {
    const mixture = fitMeans(before)
    const places = Array.from({ length: before.length }, (_, p) => p)
    const sumOf = (counts: ArrayLike<number>) => places.reduce((sum, p) => sum + counts[p]!, 0.5)
    const change = sumOf(after) / sumOf(before)
    const hottest = places
      .sort((a, b) => before[b]! - before[a]! || a - b)
      .slice(0, Math.max(LEAST_HOTTEST, Math.ceil(HOTTEST_SHARE * places.length)))
    for (const p of hottest) {
      came += after[p]!
      foreseen += expectAgain(before[p]!, mixture) * change
    }
  }
  return Math.min(1, came / foreseen)
}

/**
 * Two-sided mid-p of a later count of a place that was chosen for an earlier one. `ratio` is how the whole district
 * changed meanwhile, `variance` how much quiet places change beyond chance.
 */
export function judgeAgain(
  chosenFor: number,
  later: number,
  { means, shares }: MeanMixture,
  ratio: number,
  variance: number,
): number {
  const weights = posterior(chosenFor, means, shares)
  const total = weights.reduce((sum, each) => sum + each, 0)
  let [below, at] = [0, 0]
  weights.forEach((weight, k) => {
    if (weight < 1e-9 * total) return
    const expected = { mean: means[k]! * ratio, dispersion: variance }
    for (let n = 0; n < later; n++) below += (weight / total) * probabilityOf(n, expected)
    at += (weight / total) * probabilityOf(later, expected)
  })
  const lower = below + at / 2
  return Math.min(1, 2 * Math.min(lower, 1 - lower))
}

const posterior = (count: number, means: Float64Array, shares: Float64Array): Float64Array =>
  means.map((mean, k) => {
    // Relative to its greatest value, at mean = count, so that large counts do not vanish.
    const reference = count > 0 ? count * Math.log(count) - count : 0
    return shares[k]! * Math.exp(count * Math.log(mean) - mean - reference)
  })
