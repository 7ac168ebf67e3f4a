/**
 * Benjamini and Hochberg's step-up (1995): for each p the least share of false discoveries at which it is among the
 * discoveries. Calling those with q ≤ 0.1 keeps the false ones at a tenth of all called, on average, for independent or
 * positively dependent tests.
 */
export function falseDiscoveryRates(p: readonly number[]): number[] {
  const order = Array.from(p.keys()).sort((a, b) => p[b]! - p[a]!)
  const q = new Array<number>(p.length)
  let least = 1
  order.forEach((test, n) => {
    least = Math.min(least, (p[test]! * p.length) / (p.length - n))
    q[test] = least
  })
  return q
}
