import { findDayNumber } from '../../../foundation/core/day.ts'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'
import { momentOf } from '../../analysis/core/index.ts'
import type { Dosage, TimeBand } from './order.ts'

/** One coming round of an order's band, with what is asked of it. */
export interface Occurrence {
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly askedVisits: number
  readonly askedSeconds: number
}

const MINUTE = 60_000

/**
 * The band's occurrences within a period, in order of time. The band hangs on the wall clock: on the day that loses an
 * hour it is the shorter for it, on the day that gains one the longer, and a band that lies in the lost hour does not
 * come that day. Where the period cuts one, so much less is asked of what is left; less than one visit long, it is none.
 */
export function occurrencesOf(
  { band, dosage }: { readonly band: TimeBand; readonly dosage: Dosage },
  period: { readonly fromAt: Instant; readonly untilAt: Instant },
  timeZone: string,
): readonly Occurrence[] {
  const occurrences: Occurrence[] = []
  if (period.untilAt <= period.fromAt) return occurrences
  const last = findDayNumber(localDate(period.untilAt, timeZone))!
  // A band that began yesterday may reach into today.
  for (let day = findDayNumber(localDate(period.fromAt, timeZone))! - 1; day <= last; day++) {
    if (band.weekdays.length > 0 && !band.weekdays.includes(weekdayOf(day))) continue
    const beginsAt = momentOf(day, band.fromMinute, timeZone)
    const endsAt = momentOf(day, band.untilMinute, timeZone)
    const occurrence = cut(beginsAt, endsAt, dosage, period)
    if (occurrence) occurrences.push(occurrence)
  }
  return occurrences
}

function cut(
  beginsAt: Instant,
  bandEndsAt: Instant,
  { visits, minutesPerVisit }: Dosage,
  { fromAt, untilAt }: { readonly fromAt: Instant; readonly untilAt: Instant },
): Occurrence | null {
  const startsAt = Math.max(beginsAt, fromAt)
  const endsAt = Math.min(bandEndsAt, untilAt)
  const wholeMinutes = (bandEndsAt - beginsAt) / MINUTE
  const minutes = (endsAt - startsAt) / MINUTE
  if (minutes <= 0 || minutes < minutesPerVisit) return null
  const askedVisits = Math.min(
    Math.max(1, Math.round((visits * minutes) / wholeMinutes)),
    Math.floor(minutes / minutesPerVisit),
  )
  return { startsAt, endsAt, askedVisits, askedSeconds: askedVisits * minutesPerVisit * 60 }
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** The minutes that a band has on an ordinary day. */
export function bandMinutes({ fromMinute, untilMinute }: TimeBand): number {
  return untilMinute - fromMinute
}
