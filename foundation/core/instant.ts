import { Temporal } from 'temporal-polyfill'

/** A moment: milliseconds since 1970-01-01T00:00:00Z. Inside the house every moment is one of these; ISO 8601 at the API. */
export type Instant = number

/** A wall clock in the district's time zone. `hour` 0–23, `weekday` 1 (Monday) to 7 (Sunday). */
export interface WallClock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly weekday: number
}

export function toIso(at: Instant): string {
  return new Date(at).toISOString()
}

/** Reads ISO 8601 with an offset or Z. Gives null for anything else, a local time without offset included. */
export function fromIso(text: string): Instant | null {
  if (!/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)) return null
  const at = Date.parse(text)
  return Number.isFinite(at) ? at : null
}

/** The wall clock that hangs in `timeZone` (an IANA name) at a moment. Throws RangeError for an unknown zone. */
export function wallClock(at: Instant, timeZone: string): WallClock {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
  return {
    year: zoned.year,
    month: zoned.month,
    day: zoned.day,
    hour: zoned.hour,
    minute: zoned.minute,
    second: zoned.second,
    weekday: zoned.dayOfWeek,
  }
}

/**
 * The moment of a wall clock in a zone. In the hour that a spring change skips the later reading is taken,
 * in the hour that an autumn change repeats the earlier one (Temporal's `compatible`).
 */
export function fromWallClock(
  clock: { year: number; month: number; day: number; hour?: number; minute?: number; second?: number },
  timeZone: string,
): Instant {
  return Temporal.PlainDateTime.from(clock, { overflow: 'reject' }).toZonedDateTime(timeZone)
    .epochMilliseconds
}

/** The moment at which the day of `at` begins in the zone. */
export function startOfDay(at: Instant, timeZone: string): Instant {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).startOfDay()
    .epochMilliseconds
}

/** The local date of a moment as `YYYY-MM-DD`. */
export function localDate(at: Instant, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}
