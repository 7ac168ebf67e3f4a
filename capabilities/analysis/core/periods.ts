import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'

/** Whole days since 1970-01-01 by the district's wall clock; `untilDay` is the first that no longer belongs. */
export interface Span {
  readonly fromDay: number
  readonly untilDay: number
}

export const PERIOD_KINDS = ['week', 'month', 'quarter', 'custom'] as const
export type PeriodKind = (typeof PERIOD_KINDS)[number]

/** A week from Monday, a calendar month, a quarter, or any days from one to another. */
export interface Period extends Span {
  readonly kind: PeriodKind
}

/** 同比, 环比. */
export const COMPARISONS = ['year-on-year', 'period-on-period'] as const
export type Comparison = (typeof COMPARISONS)[number]

/**
 * A period among like ones, the oldest first, evenly apart, so that what happened between two of them earlier shows what
 * happens between two of them anyway. `before` and `after` are the two compared; `before` is null where the history does
 * not reach back so far.
 */
export interface PeriodRow {
  readonly spans: readonly Span[]
  readonly before: number | null
  readonly after: number
}

export const LONGEST_PERIOD_DAYS = 366
const WEEK_DAYS = 7
const WEEKS_A_YEAR = 52
const MONTHS = { month: 1, quarter: 3 } as const
/** Periods of so many months that a year is a whole number of, and the most days that fit into the shortest of each. */
const STEPS_OF_A_YEAR = [
  { months: 1, days: 28 },
  { months: 2, days: 59 },
  { months: 3, days: 89 },
  { months: 4, days: 120 },
  { months: 6, days: 181 },
  { months: 12, days: 366 },
] as const
/** Enough for matching and for learning how much quiet places change; more only costs. */
const PERIODS_TO_LEARN_FROM = 26

/** The week, month or quarter that a day lies in. */
export function periodAt(kind: Exclude<PeriodKind, 'custom'>, day: number): Period {
  if (kind === 'week') {
    // 1970-01-01 was a Thursday.
    const fromDay = Math.floor((day + 3) / WEEK_DAYS) * WEEK_DAYS - 3
    return { kind, fromDay, untilDay: fromDay + WEEK_DAYS }
  }
  const [year, month] = dateOfDay(day).split('-').map(Number)
  const months = MONTHS[kind]
  const first = Math.floor((year! * 12 + month! - 1) / months) * months
  return { kind, fromDay: startOfMonth(first), untilDay: startOfMonth(first + months) }
}

/** Without the days that are not over, or not known yet; null where none is left. */
export function completePart({ kind, fromDay, untilDay }: Period, knownUntil: number): Period | null {
  const until = Math.min(untilDay, knownUntil)
  return until > fromDay ? { kind, fromDay, untilDay: until } : null
}

/**
 * The row of like periods in which `asked` is compared. Of a part of a month or quarter the same first days are taken
 * everywhere. A week's year is 52 weeks, so that weekdays stand beside the same weekdays; all others keep the date.
 */
export function periodRow(
  asked: Period,
  part: Span,
  comparison: Comparison,
  historyFromDay: number,
): PeriodRow {
  const { back, distance } = walk(asked, part, comparison)
  const spans: Span[] = []
  for (let step = 0; step <= 2 * distance + PERIODS_TO_LEARN_FROM; step++) {
    const span = back(step)
    if (span.fromDay < historyFromDay) break
    spans.unshift(span)
  }
  if (spans.length === 0) return { spans: [part], before: null, after: 0 }
  const after = spans.length - 1
  return { spans, before: after >= distance ? after - distance : null, after }
}

/** The span that `part` is compared with, whether or not the history reaches it. */
export function comparedSpan(asked: Period, part: Span, comparison: Comparison): Span {
  const { back, distance } = walk(asked, part, comparison)
  return back(distance)
}

function walk(
  asked: Period,
  part: Span,
  comparison: Comparison,
): { back: (steps: number) => Span; distance: number } {
  const days = part.untilDay - part.fromDay
  const { kind } = asked
  const isYear = comparison === 'year-on-year'
  if (kind === 'week')
    return {
      back: (steps) => shifted(part, -WEEK_DAYS * steps),
      distance: isYear ? WEEKS_A_YEAR : 1,
    }
  if (kind !== 'custom') {
    const months = MONTHS[kind]
    const isWhole = part.untilDay === asked.untilDay
    const first = monthOf(asked.fromDay)
    return {
      back(steps) {
        const fromDay = startOfMonth(first - steps * months)
        const nextDay = startOfMonth(first - (steps - 1) * months)
        return { fromDay, untilDay: isWhole ? nextDay : Math.min(fromDay + days, nextDay) }
      },
      distance: isYear ? 12 / months : 1,
    }
  }
  if (!isYear) return { back: (steps) => shifted(part, -days * steps), distance: 1 }
  const { months } = STEPS_OF_A_YEAR.find((step) => days <= step.days)!
  return {
    back(steps) {
      const fromDay = sameDate(part.fromDay, -steps * months)
      return { fromDay, untilDay: fromDay + days }
    },
    distance: 12 / months,
  }
}

const shifted = ({ fromDay, untilDay }: Span, days: number): Span => ({
  fromDay: fromDay + days,
  untilDay: untilDay + days,
})

/** Months since the year 0. */
function monthOf(day: number): number {
  const [year, month] = dateOfDay(day).split('-').map(Number)
  return year! * 12 + month! - 1
}

export function startOfMonth(month: number): number {
  const [year, inYear] = [Math.floor(month / 12), (month % 12) + 1]
  return findDayNumber(`${String(year).padStart(4, '0')}-${String(inYear).padStart(2, '0')}-01`)!
}

/** The same day of another month, or that month's last. */
function sameDate(day: number, months: number): number {
  const month = monthOf(day)
  const inMonth = day - startOfMonth(month)
  return Math.min(startOfMonth(month + months) + inMonth, startOfMonth(month + months + 1) - 1)
}

/** The months up to the one a day lies in, the oldest first, the last cut off at `untilDay`. */
export function monthsUntil(untilDay: number, count: number): Span[] {
  const last = monthOf(untilDay - 1)
  return Array.from({ length: count }, (_, n) => {
    const month = last - count + 1 + n
    return { fromDay: startOfMonth(month), untilDay: Math.min(untilDay, startOfMonth(month + 1)) }
  })
}
