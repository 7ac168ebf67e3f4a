/**
 * The range that a negative binomial count with this mean and variance mean + dispersion × mean² leaves by at most
 * `tail` on either side. Dispersion 0 is Poisson. Sums probabilities from zero up, which is exact and quick for the
 * means of a stop.
 */
export function countRange(mean: number, dispersion: number, tail: number): { low: number; high: number } {
  if (!(mean > 0)) return { low: 0, high: 0 }
  const size = dispersion > 1e-9 ? 1 / dispersion : null
  const odds = size === null ? 0 : mean / (mean + size)
  let probability = size === null ? Math.exp(-mean) : Math.exp(size * Math.log(size / (size + mean)))
  let below = 0
  let low: number | null = null
  const limit = Math.ceil(mean + 60 * Math.sqrt(mean + dispersion * mean * mean) + 20)
  for (let count = 0; count <= limit; count++) {
    below += probability
    if (low === null && below > tail) low = count
    if (below >= 1 - tail) return { low: low ?? 0, high: count }
    probability *= size === null ? mean / (count + 1) : ((size + count) / (count + 1)) * odds
  }
  return { low: low ?? 0, high: limit }
}
