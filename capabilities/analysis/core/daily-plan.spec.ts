import { describe, expect, it } from 'vitest'
import { distanceMetres, type Position } from '../../../foundation/core/geo.ts'
import { ORIGINS } from '../../incident/core/index.ts'
import { DEFAULT_DAILY } from './daily.ts'
import { planDay, type DayJob, type DayOutcome } from './daily-plan.ts'
import { openHistory, type IncidentColumns } from './history.ts'
import { FIRST_DAY, makeUpHistory } from './made-up-history.ts'
import { heapsOf, noteQuality, silentWeeks, withoutMidnightBatch } from './quality.ts'
import { DEFAULT_RISK_SURFACE } from './risk-surface.ts'

const DAYS = 500
const made = makeUpHistory({ incidents: 5_000, days: DAYS, seed: 11, metres: 3_000 })
const DAY_MILLISECONDS = 86_400_000
const END = FIRST_DAY + DAYS

function planned(
  over: Partial<DayJob> = {},
  of: IncidentColumns = made,
): Exclude<DayOutcome, { noHistory: true }> {
  const { day, ...incidents } = of
  const outcome = planDay({
    incidents: { ...incidents, at: day.map((each) => each * DAY_MILLISECONDS) },
    timeZone: 'UTC',
    day: END,
    now: (END + 0.25) * DAY_MILLISECONDS,
    setting: { ...DEFAULT_DAILY, stopsPerShift: 5, categoryPlans: 2 },
    surface: DEFAULT_RISK_SURFACE,
    ...over,
  })
  if ('noHistory' in outcome) throw new Error('nothing is known')
  return outcome
}

/** The first rows, so many of them, all at one place. */
function withHeap(count: number, { lon, lat }: Position): IncidentColumns {
  const moved = (i: number) => i % 2 === 0 && i < 2 * count
  return {
    ...made,
    lon: made.lon.map((each, i) => (moved(i) ? lon : each)),
    lat: made.lat.map((each, i) => (moved(i) ? lat : each)),
  }
}

describe('the plan of a day', () => {
  const whole = planned()

  it('has plans of all and of the most frequent categories, by shift, for the day and for the week', () => {
    expect(whole.shifts).toHaveLength(3)
    const rows = whole.subjects.map(({ category, stretch, position }) => [category, stretch, position])
    const [first, second] = [...new Set(whole.subjects.flatMap(({ category }) => category ?? []))]
    const three = (category: string | undefined) => [
      [category, 'shift', 0],
      [category, 'shift', 1],
      [category, 'shift', 2],
      [category, 'day', 0],
      [category, 'week', 0],
    ]
    expect(rows).toEqual([[null, 'day', 0], [null, 'week', 0], ...three(first), ...three(second)])
    const share = (category: string) =>
      made.category.filter((each) => made.categories[each] === category).length
    expect(share(first!)).toBeGreaterThanOrEqual(share(second!))
  })

  it('expects seven times as much of a week as of a day, or nearly, and more than of any shift', () => {
    const [day, week] = whole.subjects
    expect(week!.expected / day!.expected).toBeGreaterThan(5)
    expect(week!.expected / day!.expected).toBeLessThan(9)
    for (const { expected } of whole.shifts) expect(expected).toBeLessThan(day!.expected)
    expect(week!.untilAt - week!.fromAt).toBe(7 * DAY_MILLISECONDS)
  })

  it('sends nobody to the police’s own address, and says so', () => {
    const station = { lon: made.lon[40]!, lat: made.lat[40]! }
    const counter = withHeap(150, station)
    const near = (outcome: ReturnType<typeof planned>) =>
      outcome.shifts.some(({ stops }) => stops.some(({ position }) => distanceMetres(position, station) < 85))
    expect(near(planned({}, counter))).toBe(true)
    const told = planned({ ownAddresses: [station] }, counter)
    expect(near(told)).toBe(false)
    expect(
      told.quality.find(({ finding }) => finding === 'heap-at-own-address')!.count,
    ).toBeGreaterThanOrEqual(150)
  })

  it('is made as of the time at which the history was kept, weekday for weekday, where it ended long ago', () => {
    const weeks = 200
    const late = planned({ day: END + 7 * weeks, now: (END + 7 * weeks + 0.25) * DAY_MILLISECONDS })
    expect(late.quality).toContainEqual({
      ...{ finding: 'planned-as-of', count: 7 * weeks, share: 1 },
      at: { date: new Date(END * DAY_MILLISECONDS).toISOString().slice(0, 10) },
    })
    const places = ({ shifts }: typeof late) =>
      shifts.map(({ stops }) => stops.map(({ position }) => position))
    expect(places(late)).toEqual(places(whole))
    expect(late.shifts[0]!.fromAt - whole.shifts[0]!.fromAt).toBe(7 * weeks * DAY_MILLISECONDS)
  })
})

describe('a silence in a history', () => {
  const history = openHistory(made, ORIGINS)

  it('is none while incidents come, and none after a holiday', () => {
    expect(silentWeeks(history, END)).toBe(0)
    expect(silentWeeks(history, END + 30)).toBe(0)
  })

  it('is not ended by the first few incidents of a new day', () => {
    const few: IncidentColumns = {
      ...made,
      day: made.day.map((day, i) => (i >= made.day.length - 4 ? END + 699 : day)),
    }
    expect(silentWeeks(openHistory(few, ORIGINS), END + 700)).toBeGreaterThanOrEqual(99)
  })

  it('is not seen where nothing is known at all', () => {
    expect(silentWeeks(history, FIRST_DAY - 1)).toBe(0)
  })
})

describe('heaps', () => {
  it('are several where several geocoders have default points of their own', () => {
    const first = { lon: 113.62, lat: 34.12 }
    const second = { lon: 113.63, lat: 34.13 }
    const one = withHeap(1_000, first)
    const two: IncidentColumns = {
      ...one,
      lon: one.lon.map((each, i) => (i % 2 === 1 && i < 1_800 ? second.lon : each)),
      lat: one.lat.map((each, i) => (i % 2 === 1 && i < 1_800 ? second.lat : each)),
    }
    const opened = openHistory(two, ORIGINS)
    expect(
      heapsOf(opened)
        .filter(({ isHeap }) => isHeap)
        .map(({ count }) => count),
    ).toEqual([1_000, 900])
    expect(noteQuality(two, opened).filter(({ finding }) => finding === 'heap-at-one-place')).toHaveLength(2)
  })
})

describe('a batch of midnights', () => {
  it('counts as days without an hour, so that no night becomes hot by it', () => {
    const batch: IncidentColumns = {
      ...made,
      day: made.day.map((day, i) => (i % 4 === 0 ? Math.floor(day) : day)),
    }
    const opened = openHistory(batch, ORIGINS)
    const known = (flags: Uint8Array) => flags.reduce((sum, each) => sum + each, 0)
    const atMidnight = opened.day.filter((day, i) => day % 1 === 0 && opened.hourKnown[i] === 1).length
    expect(atMidnight).toBeGreaterThan(1_000)
    expect(known(withoutMidnightBatch(opened).hourKnown)).toBe(known(opened.hourKnown) - atMidnight)
    const sound = openHistory(made, ORIGINS)
    expect(withoutMidnightBatch(sound)).toBe(sound)
  })
})

describe('a history that is odd in every way', () => {
  const all = (column: Float64Array, value: (i: number) => number) => column.map((_, i) => value(i))
  const firstRows = (holds: (i: number) => boolean): IncidentColumns => {
    const of = <T extends Float64Array | Uint8Array | Uint16Array>(column: T): T =>
      column.filter((_, i) => holds(i)) as T
    return {
      categories: made.categories,
      ...{ day: of(made.day), hourKnown: of(made.hourKnown), lon: of(made.lon), lat: of(made.lat) },
      ...{ category: of(made.category), origin: of(made.origin) },
    }
  }
  const CASES: readonly [string, IncidentColumns, string | null][] = [
    ['a single incident', firstRows((i) => i === 0), 'short-history'],
    ['one week', firstRows((i) => made.day[i]! >= END - 7), 'short-history'],
    [
      'every incident at one point',
      { ...made, lon: all(made.lon, () => 113.6), lat: all(made.lat, () => 34.7) },
      'heap-at-one-place',
    ],
    [
      'every incident at midnight',
      { ...made, day: made.day.map(Math.floor), hourKnown: made.hourKnown.map(() => 1) },
      'midnight-batch',
    ],
    ['no hour at all', { ...made, hourKnown: made.hourKnown.map(() => 0) }, 'hour-unknown'],
    [
      'places to a hundred metres',
      {
        ...made,
        lon: made.lon.map((each) => Math.round(each * 1000) / 1000),
        lat: made.lat.map((each) => Math.round(each * 1000) / 1000),
      },
      'rounded-places',
    ],
    [
      'half without a place',
      { ...made, lon: all(made.lon, (i) => (i % 2 === 0 ? NaN : made.lon[i]!)) },
      'without-place',
    ],
    [
      'half at 0, 0',
      {
        ...made,
        lon: all(made.lon, (i) => (i % 2 === 0 ? 0 : made.lon[i]!)),
        lat: all(made.lat, (i) => (i % 2 === 0 ? 0 : made.lat[i]!)),
      },
      'without-place',
    ],
    [
      'every incident entered twice',
      {
        ...made,
        day: all(made.day, (i) => made.day[i - (i % 2)]!),
        lon: all(made.lon, (i) => made.lon[i - (i % 2)]!),
        lat: all(made.lat, (i) => made.lat[i - (i % 2)]!),
        category: made.category.map(() => 0),
        hourKnown: made.hourKnown.map(() => 1),
      },
      'repeated-incidents',
    ],
    [
      'all found by patrol but one',
      { ...made, origin: made.origin.map((origin, i) => (i === 0 ? origin : ORIGINS.indexOf('patrol'))) },
      'found-by-patrol',
    ],
  ]
  it.each(CASES)('of %s is planned without a fault, and noted', (_name, columns, finding) => {
    const outcome = planned({ areas: [] }, columns)
    expect(outcome.quality.map((note) => note.finding)).toContain(finding)
    const numbers = [...outcome.shifts, ...outcome.subjects].flatMap(({ expected, low, high, stops }) => [
      ...[expected, low, high],
      ...stops.flatMap((stop) => [stop.expected, stop.low, stop.high, stop.position.lon, stop.position.lat]),
    ])
    expect(numbers.every(Number.isFinite)).toBe(true)
    expect(structuredClone(outcome)).toEqual(outcome)
  })
})
