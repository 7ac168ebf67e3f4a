import { wallClock, type Instant } from '../../../foundation/core/instant.ts'
import type { ShiftPlan } from './daily-plan.ts'
import type { RhythmShare } from './plan.ts'

const HOUR_MILLISECONDS = 3_600_000
const HOURS_A_WEEK = 168

/** An hour of a planned day and the shift that it belongs to. */
export interface PlannedHour {
  /** Position of the shift. */
  readonly shift: number
  readonly fromAt: Instant
}

/** The hours of a day's shifts, in order of time. */
export function hoursOf(shifts: readonly Pick<ShiftPlan, 'fromAt' | 'untilAt'>[]): PlannedHour[] {
  return shifts.flatMap(({ fromAt, untilAt }, shift) =>
    Array.from({ length: Math.round((untilAt - fromAt) / HOUR_MILLISECONDS) }, (_, hour) => ({
      shift,
      fromAt: fromAt + hour * HOUR_MILLISECONDS,
    })),
  )
}

/**
 * Of what is expected at a stop in its shift, what falls into each hour: by the stop's own rhythm of the week, or evenly
 * where it has none. Sums to `expected`.
 */
export function expectedByHour(
  { expected, rhythm }: { readonly expected: number; readonly rhythm: Pick<RhythmShare, 'profile'> },
  { fromAt, untilAt }: Pick<ShiftPlan, 'fromAt' | 'untilAt'>,
  timeZone: string,
): number[] {
  const weights = hoursOf([{ fromAt, untilAt }]).map(
    (hour) => rhythm.profile[slotOf(hour.fromAt, timeZone, rhythm.profile.length)] ?? 0,
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => (sum > 0 ? (expected * weight) / sum : expected / weights.length))
}

/** The slot of the week's profile, Monday's first, that a moment falls into. */
export function slotOf(at: Instant, timeZone: string, slots: number): number {
  const { weekday, hour } = wallClock(at, timeZone)
  return Math.floor((((weekday - 1) * 24 + hour) * slots) / HOURS_A_WEEK)
}
