/**
 * What an event was like: one column a circumstance (target, entry, object …), each value a number, -1 where it is not
 * known. Columns are as long as there are events.
 */
export interface Circumstances {
  readonly names: readonly string[]
  readonly values: readonly Int32Array[]
}

/** How often pairs of events agree in a circumstance, if they are by chance and if they belong together. */
export interface Agreement {
  /** Share of events with each value, of those where it is known. */
  readonly shares: Float64Array
  /** Share of pairs that belong together and agree for that reason, not for chance. */
  readonly kept: number
}

/** Before any pair has been seen: half of what belongs together keeps a circumstance, as 20 pairs would say it. */
const PRIOR_KEPT = 0.5
const PRIOR_PAIRS = 20
/** One agreement or difference alone never decides. */
const LEAST_KEPT = 0.05
const MOST_KEPT = 0.9

/**
 * Learns a circumstance's agreement from near pairs, of which `linkedShare` belong together (1 − 1 ÷ Knox ratio) and
 * the others are there by chance: agreeing = linked × (kept + (1 − kept) × chance) + (1 − linked) × chance, solved for
 * `kept` and drawn towards one half while the pairs are few.
 */
export function learnAgreement(
  values: Int32Array,
  nearPairs: readonly (readonly [number, number])[],
  linkedShare: number,
): Agreement {
  const counts = new Float64Array(values.reduce((most, value) => Math.max(most, value), -1) + 1)
  let known = 0
  for (const value of values)
    if (value >= 0) {
      counts[value]!++
      known++
    }
  const shares = counts.map((count) => count / Math.max(known, 1))
  const byChance = shares.reduce((sum, share) => sum + share * share, 0)
  let [pairs, agreeing] = [0, 0]
  for (const [a, b] of nearPairs) {
    if (values[a]! < 0 || values[b]! < 0) continue
    pairs++
    if (values[a] === values[b]) agreeing++
  }
  const room = linkedShare * (1 - byChance)
  const seen = pairs > 0 && room > 0 ? (agreeing / pairs - byChance) / room : PRIOR_KEPT
  const weight = room > 0 ? pairs * linkedShare : 0
  const kept = (weight * seen + PRIOR_PAIRS * PRIOR_KEPT) / (weight + PRIOR_PAIRS)
  return { shares, kept: Math.min(MOST_KEPT, Math.max(LEAST_KEPT, kept)) }
}

/**
 * How many times as likely two values are if the events belong together as if they do not. A rare value that agrees says
 * much, a usual one little; what is not known says nothing (1).
 */
export function timesAsLikely({ shares, kept }: Agreement, a: number, b: number): number {
  if (a < 0 || b < 0) return 1
  return a === b ? (kept + (1 - kept) * shares[a]!) / shares[a]! : 1 - kept
}
