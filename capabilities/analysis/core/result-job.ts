import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import { ORIGINS } from '../../incident/core/index.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { wallDays } from './daily.ts'
import type { DayJob } from './daily-plan.ts'
import { openByWallClock, type IncidentColumns, type IncidentHistory } from './history.ts'
import {
  comparedSpan,
  completePart,
  LONGEST_PERIOD_DAYS,
  periodAt,
  type Period,
  type PeriodKind,
  type Span,
} from './periods.ts'
import { detailOf, tabulate, type ResultDetail, type ResultPlace, type ResultTable } from './result-table.ts'

/** A period by dates, as somebody picks it: any day of it, or the first and the last. */
export interface PeriodChoice {
  readonly kind: PeriodKind
  readonly from: string
  readonly until: string | null
}

/** Everything an answer is made of. Plain data, so that it can go to another thread. */
export interface ResultJob {
  readonly incidents: DayJob['incidents']
  readonly timeZone: string
  readonly now: Instant
  readonly asked: Period
  readonly places: readonly ResultPlace[]
  /** `each` is all together and each by itself; null is all together. */
  readonly category: string | 'each' | null
  readonly chosenOnBaseline: boolean
  /** With the months and squares behind the first row. */
  readonly withDetail: boolean
}

export type ResultNote =
  | { readonly note: 'period-not-over'; readonly days: number; readonly of: number }
  | { readonly note: 'recent-days'; readonly days: number }
  | { readonly note: 'history-ends'; readonly last: string }
  | { readonly note: 'history-begins'; readonly first: string }
  | { readonly note: 'found-by-patrol'; readonly count: number }
  | { readonly note: 'spring-festival' }
  | { readonly note: 'unequal-days' }

export interface ResultAnswer extends ResultTable {
  readonly asked: Period
  readonly part: Span
  readonly notes: readonly ResultNote[]
  /** All that the history knows, the most frequent first. */
  readonly categories: readonly string[]
  readonly detail: ResultDetail | null
}

export type ResultOutcome = ResultAnswer | { readonly none: 'no-history' | 'period-not-begun' }

/** Null where there are no such dates, or the period is longer than a year. */
export function periodOf({ kind, from, until }: PeriodChoice): Period | null {
  const day = findDayNumber(from)
  if (day === null) return null
  if (kind !== 'custom') return periodAt(kind, day)
  const last = until === null ? null : findDayNumber(until)
  if (last === null || last < day || last - day >= LONGEST_PERIOD_DAYS) return null
  return { kind, fromDay: day, untilDay: last + 1 }
}

/** Reports of these last days may still come in. */
const LATE_DAYS = 3
/** So many incidents were expected since the last one: the supply has ended, it is no quiet week. */
const SILENCE_TELLS = 7
const SILENT_DAYS = 3
const CATEGORIES_AT_MOST = 40
/** The festival is between 21 January and 20 February; its travel begins before and ends after. */
const FESTIVAL = { from: '01-14', until: '03-06' } as const
const ZONES_OF_THE_FESTIVAL = ['Asia/Shanghai', 'Asia/Urumqi', 'Asia/Chongqing', 'PRC']

/** The table, with what must be said of it. Deterministic. */
export function answerResults(job: ResultJob): ResultOutcome {
  const { history, columns } = openByWallClock(job.incidents, job.timeZone)
  const count = history.day.length
  if (count === 0) return { none: 'no-history' }
  const [first, last] = [Math.floor(history.day[0]!), Math.floor(history.day[count - 1]!)]
  const today = Math.floor(wallDays(Float64Array.of(job.now), job.timeZone)[0]!)
  const hasEnded = endsEarly(history, today)
  const knownUntil = hasEnded ? last + 1 : today
  const part = completePart(job.asked, knownUntil)
  if (part === null) return { none: 'period-not-begun' }
  const categories = categoriesOf(history)
  const question = {
    asked: job.asked,
    part,
    places: job.places,
    categories: job.category === 'each' ? [null, ...categories] : [job.category],
    chosenOnBaseline: job.chosenOnBaseline,
  }
  const table = tabulate(history, question)
  return {
    ...table,
    asked: job.asked,
    part,
    notes: notesOf(job, { first, last, today, hasEnded, part, found: foundByPatrol(columns, part) }),
    categories,
    detail: job.withDetail ? detailOf(history, question) : null,
  }
}

function endsEarly({ day }: IncidentHistory, today: number): boolean {
  const last = Math.floor(day[day.length - 1]!)
  const silent = today - 1 - last
  const perDay = day.length / Math.max(1, last + 1 - Math.floor(day[0]!))
  return silent >= SILENT_DAYS && silent * perDay >= SILENCE_TELLS
}

function categoriesOf({ category, categories }: IncidentHistory): string[] {
  const counts = new Float64Array(categories.length)
  for (const each of category) counts[each]!++
  return Array.from(categories.keys())
    .filter((each) => counts[each]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || (categories[a]! < categories[b]! ? -1 : 1))
    .slice(0, CATEGORIES_AT_MOST)
    .map((each) => categories[each]!)
}

function foundByPatrol({ day, origin }: IncidentColumns, { fromDay, untilDay }: Span): number {
  const patrol = ORIGINS.indexOf('patrol')
  let count = 0
  for (let i = 0; i < day.length; i++)
    if (origin[i] === patrol && day[i]! >= fromDay && day[i]! < untilDay) count++
  return count
}

interface Known {
  readonly first: number
  readonly last: number
  readonly today: number
  readonly hasEnded: boolean
  readonly part: Span
  readonly found: number
}

function notesOf({ asked, timeZone }: ResultJob, known: Known): ResultNote[] {
  const { first, last, today, hasEnded, part, found } = known
  const notes: ResultNote[] = []
  const daysOf = ({ fromDay, untilDay }: Span) => untilDay - fromDay
  const year = comparedSpan(asked, part, 'year-on-year')
  const previous = comparedSpan(asked, part, 'period-on-period')
  if (hasEnded && part.untilDay < asked.untilDay) notes.push({ note: 'history-ends', last: dateOfDay(last) })
  else if (part.untilDay < asked.untilDay)
    notes.push({ note: 'period-not-over', days: daysOf(part), of: daysOf(asked) })
  if (!hasEnded && today - part.untilDay < LATE_DAYS) notes.push({ note: 'recent-days', days: LATE_DAYS })
  if (first > year.fromDay) notes.push({ note: 'history-begins', first: dateOfDay(first) })
  if (daysOf(year) !== daysOf(part) || daysOf(previous) !== daysOf(part)) notes.push({ note: 'unequal-days' })
  if (ZONES_OF_THE_FESTIVAL.includes(timeZone) && [part, year, previous].some(touchesFestival))
    notes.push({ note: 'spring-festival' })
  if (found > 0) notes.push({ note: 'found-by-patrol', count: found })
  return notes
}

function touchesFestival({ fromDay, untilDay }: Span): boolean {
  for (let day = fromDay; day < untilDay; day++) {
    const date = dateOfDay(day).slice(5)
    if (date >= FESTIVAL.from && date <= FESTIVAL.until) return true
  }
  return false
}
