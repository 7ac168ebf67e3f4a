/** Rows with events: `width` inputs a row, and how many events each had. */
export interface CountedRows {
  readonly width: number
  /** Row after row. */
  readonly inputs: Float64Array
  readonly counts: Float64Array
}

/** An input that sums to less over all rows says nothing: its weight would be noise without bound. */
const LEAST_EXPOSURE = 1e-3

/**
 * Fits weights ≥ 0 of an additive Poisson rate, rate = Σ weight × input, by maximum likelihood (the EM of Shepp and
 * Vardi 1982: it never leaves the feasible set and the likelihood never falls). Rows without events enter by `exposure`
 * alone, the sum of each input over all rows, so millions of them cost nothing. `pseudoEvents` events, spread over the
 * inputs as `prior` spreads them, keep an input from growing on a handful of events.
 */
export function fitAdditivePoisson(
  rows: CountedRows,
  exposure: Float64Array,
  { prior, pseudoEvents, rounds }: { prior: Float64Array; pseudoEvents: number; rounds: number },
): Float64Array {
  const { width, inputs, counts } = rows
  let events = 0
  for (const count of counts) events += count
  const isFelt = exposure.map((each) => (each > LEAST_EXPOSURE ? 1 : 0))
  const weights = new Float64Array(width)
  for (let k = 0; k < width; k++)
    if (isFelt[k] === 1) weights[k] = (prior[k]! * Math.max(1, events)) / exposure[k]!
  const shares = new Float64Array(width)
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < width; k++) shares[k] = pseudoEvents * prior[k]!
    for (let row = 0, at = 0; row < counts.length; row++, at += width) {
      let rate = 0
      for (let k = 0; k < width; k++) rate += weights[k]! * inputs[at + k]!
      if (rate <= 0) continue
      const share = counts[row]! / rate
      for (let k = 0; k < width; k++) shares[k]! += share * weights[k]! * inputs[at + k]!
    }
    // The prior must not change how many events are expected in all.
    const scale = events > 0 ? events / (events + pseudoEvents) : 0
    for (let k = 0; k < width; k++) weights[k] = isFelt[k] === 1 ? (scale * shares[k]!) / exposure[k]! : 0
  }
  return weights
}
