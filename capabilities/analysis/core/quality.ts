import type { IncidentColumns, IncidentHistory } from './history.ts'

/** What is odd about a history, for the run's data-quality note. Shares are of all incidents looked at. */
export interface QualityNote {
  readonly finding: QualityFinding
  readonly count: number
  readonly share: number
  /** Where it is one place or one category. */
  readonly at?: { readonly lon: number; readonly lat: number } | { readonly category: string }
}

export type QualityFinding =
  | 'without-place'
  | 'without-time'
  | 'far-away'
  | 'found-by-patrol'
  | 'rounded-places'
  | 'heap-at-one-place'
  | 'heap-at-own-address'
  | 'busy-place'
  | 'more-busy-places'
  | 'repeated-incidents'
  | 'midnight-batch'
  | 'hour-unknown'
  | 'clock-change-day'
  | 'empty-category'
  | 'short-history'

/** Three decimals are a hundred metres: as wide as a stop. */
const ROUNDED_DECIMALS = 3
const ROUNDED_SHARE = 0.05
/** A place with so much of everything, and so much more than those after it, is where a geocoder puts what it cannot find. */
const HEAP_SHARE = 0.02
/** A file may come from several geocoders, each with a default point of its own. */
const MOST_HEAPS = 5
/** So many at the police's own address are its counter's: nobody need be sent there. */
const LEAST_AT_OWN_ADDRESS = 10
/** Listed one by one. */
const SHOWN_BUSY = 5
const HEAP_TIMES_NEXT = 3
const LEAST_FOR_HEAP = 200
/** Worth a look: a police station's own address or a hospital is among the busiest places of many kinds. */
const BUSY_SHARE = 0.0015
const MIDNIGHT_TIMES_USUAL = 3
const SHORT_HISTORY_DAYS = 56
const MINUTES = 1440

/**
 * Looks at a history as it was read. Nothing is changed by it. `clockChangeDays` are the days on which the zone's clock
 * changed: one hour of them is missing or there twice, which a wall clock cannot tell.
 */
export function noteQuality(
  columns: IncidentColumns,
  history: IncidentHistory,
  clockChangeDays: ReadonlySet<number> = new Set(),
): QualityNote[] {
  const rows = columns.day.length
  const used = history.day.length
  const notes: QualityNote[] = []
  const note = (finding: QualityFinding, count: number, of: number, at?: QualityNote['at']) => {
    if (count > 0) notes.push({ finding, count, share: of > 0 ? count / of : 0, ...(at ? { at } : {}) })
  }
  note('without-place', history.left.withoutPlace, rows)
  note('without-time', history.left.withoutTime, rows)
  note('far-away', history.left.farAway, rows)
  note('found-by-patrol', history.left.foundByPatrol, rows)
  const rounded = countWhere(rows, (i) => isRounded(columns.lon[i]!) && isRounded(columns.lat[i]!))
  if (rounded > ROUNDED_SHARE * rows) note('rounded-places', rounded, rows)
  const heaps = heapsOf(history)
  for (const { place, count } of heaps.filter(({ isHeap }) => isHeap))
    note(
      history.ownPlaces.has(place) ? 'heap-at-own-address' : 'heap-at-one-place',
      count,
      used,
      positionOf(history, place),
    )
  const busy = heaps.filter(({ isHeap }) => !isHeap)
  for (const { place, count } of busy.slice(0, SHOWN_BUSY))
    note('busy-place', count, used, positionOf(history, place))
  note('more-busy-places', Math.max(0, busy.length - SHOWN_BUSY), busy.length)
  note('repeated-incidents', countRepeats(history), used)
  const atMidnight = countWhere(used, (i) => isAtMidnight(history, i))
  const withHour = countWhere(used, (i) => history.hourKnown[i] === 1)
  if (hasMidnightBatch(history)) note('midnight-batch', atMidnight, withHour)
  note('hour-unknown', used - withHour, used)
  note(
    'clock-change-day',
    countWhere(used, (i) => clockChangeDays.has(Math.floor(history.day[i]!))),
    used,
  )
  columns.categories.forEach((category, c) => {
    if (!history.category.includes(c))
      notes.push({ finding: 'empty-category', count: 0, share: 0, at: { category } })
  })
  const days = used > 0 ? history.day[used - 1]! - history.day[0]! : 0
  if (days < SHORT_HISTORY_DAYS) notes.push({ finding: 'short-history', count: Math.floor(days), share: 1 })
  return notes
}

export interface Heap {
  readonly place: number
  readonly count: number
  /** True where it is so large that no stop is put there. */
  readonly isHeap: boolean
}

/**
 * Places that hold too much to be believed, and those that a person should look at, the busiest first. Only what lies
 * before `untilDay` is looked at.
 */
export function heapsOf(history: IncidentHistory, untilDay = Infinity): Heap[] {
  const { ownPlaces } = history
  const counts = new Uint32Array(history.places.east.length)
  let total = 0
  for (; total < history.day.length && history.day[total]! < untilDay; total++)
    counts[history.place[total]!]!++
  const busiest = Array.from(counts.keys())
    .filter(
      (place) =>
        counts[place]! >= Math.max(LEAST_FOR_HEAP, BUSY_SHARE * total) ||
        (ownPlaces.has(place) && counts[place]! >= LEAST_AT_OWN_ADDRESS),
    )
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
  const heapCount = countHeaps(counts.toSorted().reverse(), total)
  return busiest.map((place, rank) => ({
    place,
    count: counts[place]!,
    isHeap: rank < heapCount || ownPlaces.has(place),
  }))
}

/** How many of the busiest stand out: each holds much of everything, the last of them far more than the next place. */
function countHeaps(descending: Uint32Array, total: number): number {
  let heaps = 0
  for (let rank = 0; rank < MOST_HEAPS; rank++) {
    const count = descending[rank] ?? 0
    if (count < Math.max(LEAST_FOR_HEAP, HEAP_SHARE * total)) break
    const next = descending[rank + 1] ?? 0
    // Where there are only a few places, each holds much.
    if (count >= HEAP_TIMES_NEXT * next && (rank === 0 || next > 0)) heaps = rank + 1
  }
  return heaps
}

function positionOf({ plane, places }: IncidentHistory, place: number): { lon: number; lat: number } {
  return {
    lon: plane.origin.lon + places.east[place]! / plane.metresPerDegreeLon,
    lat: plane.origin.lat + places.north[place]! / plane.metresPerDegreeLat,
  }
}

const isAtMidnight = ({ hourKnown, day }: IncidentHistory, i: number): boolean =>
  hourKnown[i] === 1 && minuteOf(day[i]!) === 0

/** Whether far more lie at midnight to the minute than at the other full hours: a form's default, not a time. */
function hasMidnightBatch(history: IncidentHistory): boolean {
  const rows = history.day.length
  const onOtherHours = countWhere(rows, (i) => {
    const minute = minuteOf(history.day[i]!)
    return history.hourKnown[i] === 1 && minute % 60 === 0 && minute > 0
  })
  const atMidnight = countWhere(rows, (i) => isAtMidnight(history, i))
  return atMidnight > Math.max(10, (MIDNIGHT_TIMES_USUAL * onOtherHours) / 23)
}

/** The history with a batch of midnights as what it is: days without an hour, so that no night becomes hot by it. */
export function withoutMidnightBatch(history: IncidentHistory): IncidentHistory {
  if (!hasMidnightBatch(history)) return history
  return {
    ...history,
    hourKnown: history.hourKnown.map((known, i) => (isAtMidnight(history, i) ? 0 : known)),
  }
}

/** A week is lively with so much of what a week of the history usually holds. */
const LIVELY_SHARE = 0.2
/** Shorter silences are holidays, or a supply that comes late. */
const LEAST_SILENT_WEEKS = 8

/**
 * Whole weeks before `untilDay` in which nearly nothing is known, after a history that held more: an old file, replayed
 * or loaded before the house's own incidents have come. 0 where the history goes on.
 */
export function silentWeeks(history: IncidentHistory, untilDay: number): number {
  const counts = new Map<number, number>()
  for (const day of history.day) {
    if (day >= untilDay) break
    const week = Math.floor((untilDay - day) / 7)
    counts.set(week, (counts.get(week) ?? 0) + 1)
  }
  const usual = [...counts.values()].sort((a, b) => a - b)[counts.size >> 1] ?? 0
  const lively = [...counts].filter(([, count]) => count >= LIVELY_SHARE * usual).map(([week]) => week)
  const silent = Math.min(...lively, Infinity)
  return Number.isFinite(silent) && silent >= LEAST_SILENT_WEEKS ? silent : 0
}

/** The same place, minute and category: one incident entered twice, or two that cannot be told apart. */
function countRepeats(history: IncidentHistory): number {
  let repeats = 0
  let seen = new Set<number>()
  for (let i = 0; i < history.day.length; i++) {
    if (i === 0 || history.day[i] !== history.day[i - 1]) seen = new Set()
    if (history.hourKnown[i] !== 1) continue
    const key = history.place[i]! * 65_536 + history.category[i]!
    if (seen.has(key)) repeats++
    seen.add(key)
  }
  return repeats
}

const minuteOf = (day: number): number => Math.round((day - Math.floor(day)) * MINUTES)

function isRounded(degrees: number): boolean {
  const scaled = degrees * 10 ** ROUNDED_DECIMALS
  return Math.abs(scaled - Math.round(scaled)) < 1e-6
}

function countWhere(count: number, holds: (i: number) => boolean): number {
  let found = 0
  for (let i = 0; i < count; i++) if (holds(i)) found++
  return found
}
