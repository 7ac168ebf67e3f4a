/** Probability of at least `count` events where `mean` are expected (Poisson). */
export function poissonTail(count: number, mean: number): number {
  if (count <= 0) return 1
  if (!(mean > 0)) return 0
  // Term by term from `count` up: exact far in the tail, where one minus the rest would be nothing but rounding.
  let term = Math.exp(count * Math.log(mean) - mean - logFactorial(count))
  let sum = 0
  for (let n = count; n < count + 10_000; n++) {
    sum += term
    term *= mean / (n + 1)
    if (n > mean && term < sum * 1e-15) break
  }
  return Math.min(1, sum)
}

function logFactorial(n: number): number {
  let sum = 0
  for (let k = 2; k <= n; k++) sum += Math.log(k)
  return sum
}
