/** How far a value is above what is proven to be the least, as a share of the value; null while nothing is proven. */
export function gapOf(objective: number | null, bound: number | null): number | null {
  if (objective === null || bound === null) return null
  if (objective <= bound) return 0
  return objective === 0 ? null : (objective - bound) / Math.abs(objective)
}
