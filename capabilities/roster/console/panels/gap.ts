/**
 * How far a value is above what is proven to be the least, as a share of the value. Costs are never below nought, so
 * a bound below it proves nothing: null, as while there is none.
 */
export function gapOf(objective: number | null, bound: number | null): number | null {
  if (objective === null || bound === null || bound < 0) return null
  if (objective <= bound) return 0
  return objective === 0 ? null : (objective - bound) / objective
}
