import { seededChance, type Chance } from '../../../../foundation/core/chance.ts'

/** Expected share of each hour of the day, 0 to 23; sums to 1. */
export type HourProfile = readonly number[]

export const DEFAULT_HOUR_SEED = 20_161_101

/** From counts by hour. Null where there are not 24 of them, one is negative, or all are zero. */
export function hourProfile(counts: readonly number[]): HourProfile | null {
  if (counts.length !== 24 || counts.some((count) => !Number.isFinite(count) || count < 0)) return null
  const total = counts.reduce((sum, count) => sum + count, 0)
  return total === 0 ? null : counts.map((count) => count / total)
}

/**
 * The shipped profile: all incidents of the demonstration district's documented process (apps/demo/history), seed 1,
 * rounded. Used where no file gives one, and named on screen as what it is.
 */
export const GENERATED_HOUR_PROFILE: HourProfile = hourProfile([
  196, 179, 156, 116, 85, 75, 85, 127, 171, 195, 219, 239, 231, 215, 203, 208, 226, 283, 326, 353, 322, 284,
  251, 215,
])!

/**
 * A minute of the day for a call whose file gives a date only. It depends on the seed, the call's key and which of
 * several equal calls it is, and on nothing else: the same file imported again draws the same times.
 */
export function drawMinuteOfDay(profile: HourProfile, seed: number, key: string, occurrence: number): number {
  const chance: Chance = seededChance(hashOf(`${key}\u001f${occurrence}`, seed))
  return chance.weighted(profile) * 60 + chance.below(60)
}

/** FNV-1a. */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
