/** What a count is expected to be: variance = mean + dispersion × mean². Dispersion 0 is Poisson. */
export interface ExpectedCount {
  readonly mean: number
  readonly dispersion: number
}

/**
 * Upper mid-p of a negative binomial count: P(more) + ½ P(as many). Small counts take few values, so that the plain tail
 * alarms less often than its nominal rate says; the mid-p does so on average over many series (Lancaster 1961).
 */
export function upperMidP(count: number, expected: ExpectedCount): number {
  const at = probabilityOf(count, expected)
  return Math.min(1, Math.max(0, upperTail(count, expected) - at / 2))
}

/** P(count or more), summed from the side on which it is small, so that far tails keep their digits. */
export function upperTail(count: number, expected: ExpectedCount): number {
  if (count <= 0) return 1
  if (!(expected.mean > 0)) return 0
  if (count > expected.mean) return sumFrom(count, 1, expected)
  return Math.max(0, 1 - sumFrom(count - 1, -1, expected))
}

/** The least count whose upper mid-p is at most `rate`: an alarm begins there. */
export function alarmCount(expected: ExpectedCount, rate: number): number {
  const spread = Math.sqrt(expected.mean + expected.dispersion * expected.mean ** 2)
  let count = Math.max(1, Math.floor(expected.mean + spread))
  while (count > 1 && upperMidP(count - 1, expected) <= rate) count--
  while (upperMidP(count, expected) > rate) count++
  return count
}

export function probabilityOf(count: number, { mean, dispersion }: ExpectedCount): number {
  if (!(mean > 0)) return count === 0 ? 1 : 0
  if (dispersion < LEAST_DISPERSION) return Math.exp(count * Math.log(mean) - mean - logGamma(count + 1))
  const size = 1 / dispersion
  return Math.exp(
    logGamma(count + size) -
      logGamma(size) -
      logGamma(count + 1) +
      size * Math.log(size / (size + mean)) +
      count * Math.log(mean / (size + mean)),
  )
}

const LEAST_DISPERSION = 1e-7
const ENOUGH_DIGITS = 1e-15

function sumFrom(count: number, step: 1 | -1, expected: ExpectedCount): number {
  const { mean, dispersion } = expected
  const isPoisson = dispersion < LEAST_DISPERSION
  const size = isPoisson ? 0 : 1 / dispersion
  const growth = (n: number) => (isPoisson ? mean / (n + 1) : ((size + n) / (n + 1)) * (mean / (mean + size)))
  let term = probabilityOf(count, expected)
  let sum = term
  for (let n = count; step > 0 || n > 0; n += step) {
    term = step > 0 ? term * growth(n) : term / growth(n - 1)
    sum += term
    if (term < sum * ENOUGH_DIGITS) break
  }
  return sum
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** ln Γ(x) for x > 0 (Lanczos, g = 7; 15 digits). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const z = x - 1
  let sum = LANCZOS[0]!
  for (let k = 1; k < LANCZOS.length; k++) sum += LANCZOS[k]! / (z + k)
  const t = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}
