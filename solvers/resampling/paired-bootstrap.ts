import type { Chance } from '../../foundation/core/chance.ts'

export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

const SAMPLES = 2000
const TAIL = 0.025

/**
 * The ratio of two sums over the same periods with its 95 % percentile interval: whole periods are drawn again with
 * replacement, so that what both had in common in a period cancels (Efron and Tibshirani 1993, ch. 13). Null where the
 * second sum is zero.
 */
export function pairedRatio(
  ours: readonly number[],
  theirs: readonly number[],
  chance: Chance,
): Interval | null {
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0)
  const below = sum(theirs)
  if (below === 0) return null
  const ratios: number[] = []
  for (let sample = 0; sample < SAMPLES; sample++) {
    let [above, under] = [0, 0]
    for (let n = 0; n < ours.length; n++) {
      const period = chance.below(ours.length)
      above += ours[period]!
      under += theirs[period]!
    }
    if (under > 0) ratios.push(above / under)
  }
  ratios.sort((a, b) => a - b)
  const at = (share: number) =>
    ratios[Math.min(ratios.length - 1, Math.max(0, Math.round(share * (ratios.length - 1))))] ?? NaN
  return { value: sum(ours) / below, low: at(TAIL), high: at(1 - TAIL) }
}
