import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { fromWallClock, localDate, toIso, wallClock, type Instant } from '../../../foundation/core/instant.ts'

/** How each day is planned. Kept in the setting `analysis.daily`. */
export interface DailySetting {
  /** The local hour at which a day's plan is made, before its first shift. */
  readonly hour: number
  readonly stopsPerShift: number
  readonly discRadiusMetres: number
  /** So many of the most frequent categories get plans of their own; left out, none. */
  readonly categoryPlans?: number
  /** In the order of time, none over another. */
  readonly shifts: readonly Shift[]
}

/** Hours after the midnight at which the day begins: what is over 24 is the next morning. */
export interface Shift {
  readonly fromHour: number
  readonly untilHour: number
}

export const DAILY_SETTING = 'analysis.daily'

/** The three shifts of the reference district: day, evening, night. */
export const DEFAULT_DAILY: DailySetting = {
  hour: 6,
  stopsPerShift: 20,
  discRadiusMetres: 85,
  categoryPlans: 4,
  shifts: [
    { fromHour: 8, untilHour: 16 },
    { fromHour: 16, untilHour: 24 },
    { fromHour: 24, untilHour: 32 },
  ],
}

/** Refuses `analysis-shifts-overlap`. */
export function dailyFault({ shifts }: DailySetting): Refusal | null {
  let until = -Infinity
  for (const [position, shift] of shifts.entries()) {
    if (shift.fromHour >= shift.untilHour || shift.fromHour < until)
      return refuse('analysis-shifts-overlap', { field: 'shifts', detail: { position: position + 1 } })
    until = shift.untilHour
  }
  return null
}

const DAY_MILLISECONDS = 86_400_000

/** `2026-08-01T14:05` of a wall clock as days since 1970-01-01. */
export function clockOfDay(day: number): string {
  return toIso(Math.round(day * 1440) * 60_000).slice(0, 16)
}

/** The day whose plan is in force: yesterday's until the hour at which today's is made. */
export function dayInForce(now: Instant, timeZone: string, { hour }: DailySetting): string {
  const today = localDate(now, timeZone)
  return wallClock(now, timeZone).hour >= hour ? today : dateOfDay(findDayNumber(today)! - 1)
}

/** The moments at which a shift of a day begins and ends. */
export function momentsOf(day: number, { fromHour, untilHour }: Shift, timeZone: string): [Instant, Instant] {
  return [momentOf(day, fromHour * 60, timeZone), momentOf(day, untilHour * 60, timeZone)]
}

/** The moment of so many minutes on the wall clock after the midnight of a day since 1970-01-01; over 1440 is the next day. */
export function momentOf(day: number, minute: number, timeZone: string): Instant {
  const [year, month, date] = dateOfDay(day + Math.floor(minute / 1440))
    .split('-')
    .map(Number)
  const ofDay = minute % 1440
  return fromWallClock(
    { year: year!, month: month!, day: date!, hour: Math.floor(ofDay / 60), minute: ofDay % 60 },
    timeZone,
  )
}

export type RunCause = 'daily' | 'catch-up' | 'manual'

/** How far back days without a plan are made up for. */
const CATCH_UP_DAYS = 7

/**
 * The next day to run by itself: the day in force first, then those missed while the server was down, the latest first.
 * A day that failed was run; a person runs it again. `first` is the earliest day ever run.
 */
export function dayDue(
  now: Instant,
  timeZone: string,
  setting: DailySetting,
  known: { readonly first: string | null; readonly days: ReadonlySet<string> },
): { readonly day: string; readonly cause: RunCause } | null {
  const inForce = dayInForce(now, timeZone, setting)
  if (!known.days.has(inForce)) {
    const isLate = known.first !== null && wallClock(now, timeZone).hour !== setting.hour
    return { day: inForce, cause: isLate ? 'catch-up' : 'daily' }
  }
  for (let back = 1; back <= CATCH_UP_DAYS; back++) {
    const day = dateOfDay(findDayNumber(inForce)! - back)
    if (known.first === null || day < known.first) return null
    if (!known.days.has(day)) return { day, cause: 'catch-up' }
  }
  return null
}

/** The earliest day that `dayDue` asks about. */
export function earliestDue(inForce: string): string {
  return dateOfDay(findDayNumber(inForce)! - CATCH_UP_DAYS)
}

/** The days from `first` to `last` on which the zone's clock is changed: an hour of them is missing, or there twice. */
export function clockChangeDays(timeZone: string, first: number, last: number): ReadonlySet<number> {
  const offsetAt = (at: Instant) => {
    const { year, month, day, hour, minute } = wallClock(at, timeZone)
    return Date.UTC(year, month - 1, day, hour, minute) - at
  }
  const offsetOn = (day: number) => offsetAt(day * DAY_MILLISECONDS - offsetAt(day * DAY_MILLISECONDS))
  const days = new Set<number>()
  // Clocks are changed months apart: a month without change at both its ends is looked at no closer.
  for (let from = Math.floor(first); from <= last; from += CLOCK_STEP_DAYS) {
    const until = Math.min(Math.floor(last), from + CLOCK_STEP_DAYS - 1)
    if (offsetOn(from) === offsetOn(until + 1)) continue
    for (let day = from; day <= until; day++) if (offsetOn(day) !== offsetOn(day + 1)) days.add(day)
  }
  return days
}

const CLOCK_STEP_DAYS = 21

/** The wall clock of moments as days since 1970-01-01. Where a day has one offset throughout, it is asked for once. */
export function wallDays(moments: Float64Array, timeZone: string): Float64Array {
  const offsetAt = (at: Instant) => {
    const { year, month, day, hour, minute, second } = wallClock(at, timeZone)
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
  }
  const offsetOfDay = new Map<number, number | null>()
  return moments.map((at) => {
    if (!Number.isFinite(at)) return NaN
    const day = Math.floor(at / DAY_MILLISECONDS)
    let offset = offsetOfDay.get(day)
    if (offset === undefined) {
      const first = offsetAt(day * DAY_MILLISECONDS)
      offset = first === offsetAt((day + 1) * DAY_MILLISECONDS) ? first : null
      offsetOfDay.set(day, offset)
    }
    return (at + (offset ?? offsetAt(at))) / DAY_MILLISECONDS
  })
}
