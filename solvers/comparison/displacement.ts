import type { Interval } from '../resampling/paired-bootstrap.ts'

/** Counts before and after in the target, in the ring around it, and in a comparison that nothing reaches. */
export interface DisplacementCounts {
  readonly target: { readonly before: number; readonly after: number }
  readonly ring: { readonly before: number; readonly after: number }
  readonly comparison: { readonly before: number; readonly after: number }
}

export interface Displacement {
  /**
   * Weighted displacement quotient. Below -1 more was displaced than prevented, between -1 and 0 some was, above 0
   * benefit diffused, above 1 more than in the target. Null where the target did not fall beside the comparison: then
   * there is nothing that could have moved.
   */
  readonly quotient: number | null
  /** 95 %; null where the target's fall cannot be told from chance, since then no limits exist. */
  readonly interval: { readonly low: number; readonly high: number } | null
  /** Incidents prevented in target and ring together, beside the comparison (total net effect). */
  readonly prevented: Interval
}

const Z = 1.959964

/**
 * The quotient of Bowers and Johnson (2003, Journal of Quantitative Criminology 19): change of the ring's share ÷ change
 * of the target's, each per incident of the comparison, with Fieller's interval for a ratio; and the total net effect
 * (Guerette 2009; Ratcliffe and Breen 2011). `variance` is by how much quiet places' logarithms change beyond chance, as
 * learned from quiet pairs.
 */
export function measureDisplacement(
  { target, ring, comparison }: DisplacementCounts,
  variance: number,
): Displacement {
  const before = comparison.before + 0.5
  const after = comparison.after + 0.5
  const noiseOf = (count: number, per: number) => (count + 0.5 + (variance / 2) * count * count) / (per * per)
  const fall = target.before / before - target.after / after
  const shift = ring.before / before - ring.after / after
  // The comparison's own noise is in both, and in the same direction.
  const perAfter = 1 / after + variance / 2
  const perBefore = 1 / before + variance / 2
  const shared = (a: { before: number; after: number }, b: { before: number; after: number }) =>
    (a.after / after) * (b.after / after) * perAfter + (a.before / before) * (b.before / before) * perBefore
  const fallVariance = noiseOf(target.before, before) + noiseOf(target.after, after) + shared(target, target)
  const shiftVariance = noiseOf(ring.before, before) + noiseOf(ring.after, after) + shared(ring, ring)
  const covariance = shared(target, ring)
  const prevented = (fall + shift) * after
  const spread = Z * after * Math.sqrt(fallVariance + shiftVariance + 2 * covariance)
  return {
    // The quotient counts a ring that rose as negative: its share after less before, over the target's before less after.
    quotient: fall > 0 ? shift / fall : null,
    interval: fall > 0 ? fieller(shift, fall, shiftVariance, fallVariance, covariance) : null,
    prevented: { value: prevented, low: prevented - spread, high: prevented + spread },
  }
}

function fieller(
  above: number,
  below: number,
  aboveVariance: number,
  belowVariance: number,
  covariance: number,
): { low: number; high: number } | null {
  const a = below * below - Z * Z * belowVariance
  if (a <= 0) return null
  const b = above * below - Z * Z * covariance
  const c = above * above - Z * Z * aboveVariance
  const root = Math.sqrt(Math.max(0, b * b - a * c))
  return { low: (b - root) / a, high: (b + root) / a }
}
