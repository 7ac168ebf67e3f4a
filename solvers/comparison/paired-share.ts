import { logGamma } from '../surveillance/count-tail.ts'

/**
 * Of `total` events before and after, `after` fell into the time after. By chance alone the share after has the given
 * `share` as its mean; `variance` is that of its logit, by which quiet places differ from each other: 0 is binomial,
 * else the share itself is beta distributed.
 */
export interface PairedShare {
  readonly total: number
  readonly share: number
  readonly variance: number
}

const LEAST_VARIANCE = 1e-8
const ENOUGH_DIGITS = 1e-14

export function logProbability(after: number, { total, share, variance }: PairedShare): number {
  const choose = logGamma(total + 1) - logGamma(after + 1) - logGamma(total - after + 1)
  if (variance < LEAST_VARIANCE) return choose + xlogy(after, share) + xlogy(total - after, 1 - share)
  const [a, b] = betaOf(share, variance)
  return (
    choose +
    logGamma(after + a) +
    logGamma(total - after + b) -
    logGamma(total + a + b) -
    logGamma(a) -
    logGamma(b) +
    logGamma(a + b)
  )
}

/** How much of the count itself belongs to its own tail: half for the mid-p (Lancaster 1961), all for the exact tail. */
export type TailKind = 'mid-p' | 'exact'

/** P(fewer) and P(more) than `after`, and the count itself by `kind` in both. */
export function tailsOf(
  after: number,
  paired: PairedShare,
  kind: TailKind,
): { lower: number; upper: number } {
  const at = Math.exp(logProbability(after, paired))
  const own = kind === 'mid-p' ? at / 2 : at
  const mean = paired.total * paired.share
  // Only the smaller side is summed: the other is what is left.
  if (after > mean) {
    const more = sumBeside(after, at, paired, 1)
    return { lower: Math.min(1, 1 - more - at + own), upper: more + own }
  }
  const fewer = sumBeside(after, at, paired, -1)
  return { lower: fewer + own, upper: Math.min(1, 1 - fewer - at + own) }
}

function sumBeside(after: number, at: number, { total, share, variance }: PairedShare, step: 1 | -1): number {
  const isBinomial = variance < LEAST_VARIANCE
  const [a, b] = isBinomial ? [0, 0] : betaOf(share, variance)
  const odds = share / (1 - share)
  const growth = (k: number) => ((total - k) / (k + 1)) * (isBinomial ? odds : (k + a) / (total - k - 1 + b))
  let [term, sum] = [at, 0]
  for (let k = after; step > 0 ? k < total : k > 0; k += step) {
    term = step > 0 ? term * growth(k) : term / growth(k - 1)
    sum += term
    if (term < sum * ENOUGH_DIGITS) break
  }
  return sum
}

/** A beta distribution whose logit has about this variance. */
function betaOf(share: number, variance: number): [number, number] {
  const size = Math.max(0.05, 1 / (share * (1 - share) * variance) - 1)
  return [share * size, (1 - share) * size]
}

const xlogy = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(y))
