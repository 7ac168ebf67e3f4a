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
  | 'busy-place'
  | 'repeated-incidents'
  | 'midnight-batch'
  | 'hour-unknown'
  | 'clock-change-day'
  | 'empty-category'
  | 'short-history'

/** Three decimals are a hundred metres: as wide as a stop. */
const ROUNDED_DECIMALS = 3
const ROUNDED_SHARE = 0.05
/** One place with so much of everything, and so much more than the next, is where a geocoder puts what it cannot find. */
const HEAP_SHARE = 0.02
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
  for (const { place, count, isHeap } of heapsOf(history))
    note(isHeap ? 'heap-at-one-place' : 'busy-place', count, used, positionOf(history, place))
  note('repeated-incidents', countRepeats(history), used)
  const atMidnight = countWhere(used, (i) => history.hourKnown[i] === 1 && minuteOf(history.day[i]!) === 0)
  const withHour = countWhere(used, (i) => history.hourKnown[i] === 1)
  const onOtherHours = countWhere(
    used,
    (i) =>
      history.hourKnown[i] === 1 && minuteOf(history.day[i]!) % 60 === 0 && minuteOf(history.day[i]!) > 0,
  )
  if (atMidnight > Math.max(10, (MIDNIGHT_TIMES_USUAL * onOtherHours) / 23))
    note('midnight-batch', atMidnight, withHour)
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

/** Places that hold too much to be believed, and those that a person should look at, the busiest first. */
export function heapsOf(history: IncidentHistory, untilDay = Infinity): Heap[] {
  const counts = new Uint32Array(history.places.east.length)
  let total = 0
  for (; total < history.day.length && history.day[total]! < untilDay; total++)
    counts[history.place[total]!]!++
  const busiest = Array.from(counts.keys())
    .filter((place) => counts[place]! >= Math.max(LEAST_FOR_HEAP, BUSY_SHARE * total))
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
  let next = 0
  for (let place = 0; place < counts.length; place++)
    if (place !== busiest[0]) next = Math.max(next, counts[place]!)
  return busiest.map((place, rank) => ({
    place,
    count: counts[place]!,
    isHeap: rank === 0 && counts[place]! >= HEAP_SHARE * total && counts[place]! >= HEAP_TIMES_NEXT * next,
  }))
}

function positionOf({ plane, places }: IncidentHistory, place: number): { lon: number; lat: number } {
  return {
    lon: plane.origin.lon + places.east[place]! / plane.metresPerDegreeLon,
    lat: plane.origin.lat + places.north[place]! / plane.metresPerDegreeLat,
  }
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
