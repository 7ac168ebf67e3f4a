import { logProbability } from './paired-share.ts'

/** Counts of one place before and after, with what the places beside it did meanwhile. */
export interface Pair {
  readonly before: number
  readonly after: number
  /** After ÷ before by which the counts would change if nothing happened here: exposure × change of the comparison. */
  readonly expectedRatio: number
  /** Variance of the logarithm of that ratio, from the comparison's own counts. */
  readonly ratioVariance: number
}

/** How much quiet places change beyond chance: variances of the logarithm of the change, with the belief in each. */
export type QuietChange = readonly { readonly variance: number; readonly belief: number }[]

/** Without any pair to learn from, what districts of all kinds show: nine in ten within these. */
const VARIANCES = [0, 0.002, 0.005, 0.01, 0.02, 0.035, 0.06, 0.1, 0.18, 0.32, 0.6, 1.2]
const BEFOREHAND = [1, 1, 1.5, 2, 2, 2, 2, 1.5, 1, 0.5, 0.25, 0.1]
const LEAST_BELIEF = 1e-3

export const NO_EXTRA_CHANGE: QuietChange = [{ variance: 0, belief: 1 }]

/**
 * Learns from pairs with no intervention between how much more than chance such places change. The belief over several
 * variances is kept instead of the likeliest one: from few pairs none is sure, and pretending so would call too much
 * significant.
 */
export function learnQuietChange(pairs: readonly Pair[]): QuietChange {
  const informative = pairs.filter(
    ({ before, after, expectedRatio }) => before + after > 0 && expectedRatio > 0,
  )
  const logs = VARIANCES.map((variance, v) =>
    informative.reduce(
      (sum, { before, after, expectedRatio, ratioVariance }) =>
        sum +
        logProbability(after, {
          total: before + after,
          share: expectedRatio / (1 + expectedRatio),
          variance: variance + ratioVariance,
        }),
      Math.log(BEFOREHAND[v]!),
    ),
  )
  const most = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - most))
  const total = weights.reduce((sum, each) => sum + each, 0)
  const kept = VARIANCES.map((variance, v) => ({ variance, belief: weights[v]! / total })).filter(
    ({ belief }) => belief >= LEAST_BELIEF,
  )
  const left = kept.reduce((sum, { belief }) => sum + belief, 0)
  return kept.map(({ variance, belief }) => ({ variance, belief: belief / left }))
}

/** The believed variance on average. */
export const meanVariance = (quiet: QuietChange): number =>
  quiet.reduce((sum, { variance, belief }) => sum + variance * belief, 0)
