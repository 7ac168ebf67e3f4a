/** How far a position can be believed: fresh, ageing, stale. */
export const FRESHNESS = ['fresh', 'ageing', 'stale'] as const
export type Freshness = (typeof FRESHNESS)[number]

/** The server's `staleAfterSeconds` default; a position is ageing from a third of it on. */
export const STALE_AFTER_SECONDS = 90

/** An unknown moment is stale: what cannot be dated cannot be trusted. */
export function freshnessOf(
  fixedAt: number | null,
  now: number,
  staleAfterSeconds = STALE_AFTER_SECONDS,
): Freshness {
  if (fixedAt === null) return 'stale'
  const ageSeconds = (now - fixedAt) / 1000
  if (ageSeconds > staleAfterSeconds) return 'stale'
  return ageSeconds > staleAfterSeconds / 3 ? 'ageing' : 'fresh'
}
