import { tailsOf, type TailKind } from './paired-share.ts'
import { NO_EXTRA_CHANGE, type Pair, type QuietChange } from './quiet-change.ts'

/** After ÷ before, relative to what was expected if nothing had happened. */
export interface RateRatio {
  /** Null where nothing was counted before. */
  readonly ratio: number | null
  readonly low: number
  /** Infinite where nothing was counted before. */
  readonly high: number
  /** Two-sided. */
  readonly p: number
}

const TAIL = 0.025
const STEPS = 50
const WIDEST_LOG = 25

/**
 * The ratio of two Poisson rates by the conditional binomial (given the total, the count after is binomial), with a
 * central interval and a test that agree: mid-p or exact (Fay 2010, The R Journal 2; Clopper and Pearson 1934). `quiet`
 * widens it by how much quiet places change beyond chance; without it the test is the naive one.
 */
export function compareRates(
  { before, after, expectedRatio, ratioVariance }: Pair,
  quiet: QuietChange = NO_EXTRA_CHANGE,
  kind: TailKind = 'mid-p',
): RateRatio {
  const total = before + after
  if (total === 0 || !(expectedRatio > 0)) return { ratio: null, low: 0, high: Infinity, p: 1 }
  const tailsAt = (logRatio: number) => {
    const odds = expectedRatio * Math.exp(logRatio)
    let [lower, upper] = [0, 0]
    for (const { variance, belief } of quiet) {
      const tails = tailsOf(
        after,
        { total, share: odds / (1 + odds), variance: variance + ratioVariance },
        kind,
      )
      lower += belief * tails.lower
      upper += belief * tails.upper
    }
    return { lower, upper }
  }
  const { lower, upper } = tailsAt(0)
  return {
    ratio: before > 0 ? after / before / expectedRatio : null,
    low: after > 0 ? Math.exp(crossing((log) => tailsAt(log).upper - TAIL)) : 0,
    high: before > 0 ? Math.exp(crossing((log) => TAIL - tailsAt(log).lower)) : Infinity,
    p: Math.min(1, 2 * Math.min(lower, upper)),
  }
}

/** Where a rising function of the logarithm passes zero. */
function crossing(of: (logRatio: number) => number): number {
  let [low, high] = [-WIDEST_LOG / 2, WIDEST_LOG / 2]
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    if (of(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
