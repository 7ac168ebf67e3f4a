/** Calendar days without a clock and without a zone, as `YYYY-MM-DD` and as whole days since 1970-01-01. */

/** Days since 1970-01-01 of a date. Null where the text is no date of the calendar. */
export function findDayNumber(date: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (!match) return null
  const at = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  const day = Math.round(at / 86_400_000)
  return dateOfDay(day) === date ? day : null
}

/** Days since 1970-01-01. Throws RangeError where the text is no date of the calendar. */
export function getDayNumber(date: string): number {
  const day = findDayNumber(date)
  if (day === null) throw new RangeError(`not a date: ${date}`)
  return day
}

/** The date so many days after 1970-01-01; what is beyond a whole day is left off. */
export function dateOfDay(day: number): string {
  return new Date(Math.floor(day) * 86_400_000).toISOString().slice(0, 10)
}

/** 1 (Monday) to 7 (Sunday). 1970-01-01 was a Thursday. */
export function weekdayOfDay(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** The date `days` later (earlier where negative). Throws RangeError where the text is no date. */
export function addDays(date: string, days: number): string {
  return dateOfDay(getDayNumber(date) + days)
}

/** Whole days from one date to another. Throws RangeError where a text is no date. */
export function daysBetween(from: string, until: string): number {
  return getDayNumber(until) - getDayNumber(from)
}
