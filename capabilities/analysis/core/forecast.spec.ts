import { describe, expect, it } from 'vitest'
import { seededChance } from '../../../foundation/core/chance.ts'
import { distanceMetres } from '../../../foundation/core/geo.ts'
import { ORIGINS } from '../../incident/core/index.ts'
import { backTest, type BackTestOptions, type PeriodResult } from './back-test.ts'
import { fitForecast, type ForecastSubject } from './forecast.ts'
import { openHistory, type IncidentColumns } from './history.ts'
import { FIRST_DAY, makeUpHistory } from './made-up-history.ts'
import { planStops } from './plan.ts'
import { heapsOf, noteQuality } from './quality.ts'

const DAYS = 1200
const made = makeUpHistory({ incidents: 24_000, days: DAYS, seed: 7, metres: 4_000 })
const CUT = FIRST_DAY + 1100
const history = openHistory(made, ORIGINS)
const ALL: ForecastSubject = { name: 'all', categories: null }
const BURGLARY: ForecastSubject = { name: 'burglary', categories: ['burglary'] }
const OPTIONS: BackTestOptions = {
  subjects: [ALL],
  horizons: ['7d'],
  stopCounts: [10, 30],
  discRadiusMetres: 85,
  trainUntilDay: CUT,
  testFromDay: CUT,
  testToDay: CUT + 70,
  lagDays: 0,
  seed: 1,
}

/** The same incidents with some of them changed. */
function changed(
  columns: IncidentColumns,
  change: (i: number) => Partial<{ day: number; lon: number; lat: number; category: number; origin: number }>,
): IncidentColumns {
  const changes = Array.from(columns.day.keys(), change)
  return {
    ...columns,
    day: columns.day.map((day, i) => changes[i]!.day ?? day),
    lon: columns.lon.map((lon, i) => changes[i]!.lon ?? lon),
    lat: columns.lat.map((lat, i) => changes[i]!.lat ?? lat),
    category: columns.category.map((category, i) => changes[i]!.category ?? category),
    origin: columns.origin.map((origin, i) => changes[i]!.origin ?? origin),
  }
}

/** With rows of the second after those of the first. */
function joined(a: IncidentColumns, b: IncidentColumns): IncidentColumns {
  const both = <T extends Float64Array | Uint8Array | Uint16Array>(x: T, y: T): T => {
    const out = new (x.constructor as new (length: number) => T)(x.length + y.length)
    out.set(x)
    out.set(y, x.length)
    return out
  }
  return {
    day: both(a.day, b.day),
    hourKnown: both(a.hourKnown, b.hourKnown),
    lon: both(a.lon, b.lon),
    lat: both(a.lat, b.lat),
    category: both(a.category, b.category),
    categories: a.categories,
    origin: both(a.origin, b.origin),
  }
}

const rows = (columns: IncidentColumns, keep: (i: number) => boolean): IncidentColumns => {
  const kept = Array.from(columns.day.keys()).filter(keep)
  return {
    day: Float64Array.from(kept, (i) => columns.day[i]!),
    hourKnown: Uint8Array.from(kept, (i) => columns.hourKnown[i]!),
    lon: Float64Array.from(kept, (i) => columns.lon[i]!),
    lat: Float64Array.from(kept, (i) => columns.lat[i]!),
    category: Uint16Array.from(kept, (i) => columns.category[i]!),
    categories: columns.categories,
    origin: Uint8Array.from(kept, (i) => columns.origin[i]!),
  }
}

const planFrom = (of: IncidentColumns, { days = 7, count = 30, subject = ALL, lagDays = 0 } = {}) => {
  const opened = openHistory(of, ORIGINS)
  return planStops(opened, fitForecast(opened, subject, CUT, lagDays), {
    fromDay: CUT,
    toDay: CUT + days,
    stopCount: count,
    discRadiusMetres: 85,
  })
}

describe('a history', () => {
  it('is the same whatever the order of the rows', () => {
    const chance = seededChance(3)
    const order = Array.from(made.day.keys(), (i) => [chance.next(), i] as const).sort((a, b) => a[0] - b[0])
    const shuffled: IncidentColumns = {
      day: Float64Array.from(order, ([, i]) => made.day[i]!),
      hourKnown: Uint8Array.from(order, ([, i]) => made.hourKnown[i]!),
      lon: Float64Array.from(order, ([, i]) => made.lon[i]!),
      lat: Float64Array.from(order, ([, i]) => made.lat[i]!),
      category: Uint16Array.from(order, ([, i]) => made.category[i]!),
      categories: made.categories,
      origin: Uint8Array.from(order, ([, i]) => made.origin[i]!),
    }
    expect(openHistory(shuffled, ORIGINS)).toEqual(history)
  })

  it('leaves out what has no place or time, what lies in another province, and what patrol found, by cause', () => {
    const spoilt = changed(made, (i) =>
      i === 100
        ? { lon: NaN }
        : i === 101
          ? { day: NaN }
          : i === 102
            ? { lon: 0, lat: 0 }
            : i === 103
              ? { lat: 38 }
              : i === 104
                ? { origin: ORIGINS.indexOf('patrol') }
                : {},
    )
    const { left, day } = openHistory(spoilt, ORIGINS)
    expect(left).toEqual({ foundByPatrol: 1, withoutPlace: 2, withoutTime: 1, farAway: 1 })
    expect(day).toHaveLength(made.day.length - 5)
  })
})

describe('a forecast', () => {
  it('is the same for the same history, bit for bit', () => {
    expect(planFrom(made)).toEqual(planFrom(made))
  })

  it('never sees the future: whatever comes after the cut, the stops are the same, bit for bit', () => {
    const chance = seededChance(5)
    const scrambled = changed(made, (i) =>
      made.day[i]! < CUT
        ? {}
        : {
            day: CUT + chance.next() * 500,
            lon: 113.5 + chance.next() * 0.3,
            lat: 34 + chance.next() * 0.3,
            category: chance.below(3),
          },
    )
    const none = rows(made, (i) => made.day[i]! < CUT)
    const plain = planFrom(made)
    expect(planFrom(scrambled)).toEqual(plain)
    expect(planFrom(none)).toEqual(plain)
  })

  it('is blind to what patrol found: any number of such reports leaves the stops where they were', () => {
    const [lon, lat] = [made.lon[5]!, made.lat[5]!]
    const found = changed(
      rows(made, (i) => i < 3000),
      (i) => ({ lon, lat, day: CUT - 1 - i / 1000, origin: ORIGINS.indexOf('patrol') }),
    )
    expect(planFrom(joined(made, found))).toEqual(planFrom(made))
    const byCitizens = changed(found, () => ({ origin: ORIGINS.indexOf('citizen') }))
    expect(planFrom(joined(made, byCitizens)).stops).not.toEqual(planFrom(made).stops)
  })

  it('knows an incident only when the reporting lag is over', () => {
    const late = changed(made, (i) =>
      made.day[i]! >= CUT - 3 && made.day[i]! < CUT ? { lon: made.lon[9]!, lat: made.lat[9]! } : {},
    )
    const plan = (of: IncidentColumns, lagDays: number) => {
      const opened = openHistory(of, ORIGINS)
      // Fitted before the days that were changed: only the moment of the plan can see them.
      const fitted = fitForecast(opened, ALL, CUT - 14, lagDays)
      return planStops(opened, fitted, { fromDay: CUT, toDay: CUT + 7, stopCount: 10, discRadiusMetres: 85 })
    }
    expect(plan(late, 3).stops).toEqual(plan(made, 3).stops)
    expect(plan(late, 0).stops).not.toEqual(plan(made, 0).stops)
  })

  it('expects in a week about as much as a week brings, and says between what and what', () => {
    const plan = planFrom(made)
    const came = rows(made, (i) => made.day[i]! >= CUT && made.day[i]! < CUT + 7)
    const caught = Array.from(came.day.keys()).filter((i) =>
      plan.stops.some(
        (stop) => distanceMetres(stop.position, { lon: came.lon[i]!, lat: came.lat[i]! }) <= 85,
      ),
    ).length
    expect(plan.low).toBeLessThanOrEqual(caught)
    expect(plan.high).toBeGreaterThanOrEqual(caught)
    for (const stop of plan.stops) {
      expect(stop.low).toBeLessThanOrEqual(stop.expected)
      expect(stop.high).toBeGreaterThanOrEqual(stop.expected)
    }
  })

  it('says which memory, which incidents and which rhythm carry a stop', () => {
    const [stop] = planFrom(made, { days: 1 / 3 }).stops
    expect(stop!.memory.reduce((sum, { share }) => sum + share, 0)).toBeGreaterThan(0.95)
    expect(stop!.incidents.length).toBeGreaterThan(3)
    for (const { day, share, position } of stop!.incidents) {
      expect(day).toBeLessThan(CUT)
      expect(share).toBeGreaterThan(0)
      expect(distanceMetres(position, stop!.position)).toBeLessThanOrEqual(85)
    }
    expect(stop!.incidents.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9)
    expect(stop!.rhythm.profile).toHaveLength(21)
    expect(stop!.rhythm.evenShare).toBeCloseTo(1 / 21, 9)
  })

  it('puts burglary stops where burglary was lately, and assault stops elsewhere by night than thefts by day', () => {
    const newest = Array.from(history.day.keys())
      .filter((i) => history.category[i] === 1 && history.day[i]! < CUT)
      .at(-1)!
    const near = planFrom(made, { subject: BURGLARY, count: 200 }).stops.some(
      ({ position }) =>
        distanceMetres(position, {
          lon:
            history.plane.origin.lon +
            history.places.east[history.place[newest]!]! / history.plane.metresPerDegreeLon,
          lat:
            history.plane.origin.lat +
            history.places.north[history.place[newest]!]! / history.plane.metresPerDegreeLat,
        }) <= 86,
    )
    expect(near).toBe(true)
    const night = planFrom(made, { days: 1 / 3, subject: { name: 'assault', categories: ['assault'] } })
    expect(night.stops[0]!.rhythm.profile[2]!).toBeGreaterThan(night.stops[0]!.rhythm.profile[1]!)
  })

  it('has a plan for a week of history, and none for an empty one', () => {
    const week = rows(made, (i) => made.day[i]! >= CUT - 7 && made.day[i]! < CUT)
    expect(planFrom(week).stops.length).toBeGreaterThan(5)
    expect(planFrom(rows(made, () => false)).stops).toEqual([])
    expect(planFrom(made, { subject: { name: 'arson', categories: ['arson'] } }).stops).toEqual([])
  })
})

describe('the quality of a history', () => {
  const heap = changed(
    rows(made, (i) => i < 4000),
    () => ({ lon: 113.62, lat: 34.12 }),
  )
  const withHeap = joined(made, heap)

  it('names a heap at one place, and no stop is put there', () => {
    const opened = openHistory(withHeap, ORIGINS)
    expect(noteQuality(withHeap, opened)).toContainEqual(
      expect.objectContaining({ finding: 'heap-at-one-place', count: 4000 }),
    )
    for (const { position } of planFrom(withHeap).stops)
      expect(distanceMetres(position, { lon: 113.62, lat: 34.12 })).toBeGreaterThan(20)
    expect(heapsOf(history).some(({ isHeap }) => isHeap)).toBe(false)
  })

  it('names rounded places, repeated incidents, batches at midnight, empty categories and a short history', () => {
    const odd = changed(made, (i) => ({
      ...(i % 10 === 0 ? { lon: 113.612, lat: 34.115 } : {}),
      ...(i % 5 === 1 ? { day: Math.floor(made.day[i]!) } : {}),
      category: made.category[i] === 2 ? 0 : made.category[i]!,
    }))
    const twice = joined(
      odd,
      rows(odd, (i) => i % 50 === 3),
    )
    const findings = noteQuality(twice, openHistory(twice, ORIGINS)).map(({ finding }) => finding)
    for (const finding of [
      'rounded-places',
      'repeated-incidents',
      'midnight-batch',
      'empty-category',
      'hour-unknown',
    ])
      expect(findings).toContain(finding)
    const week = rows(made, (i) => made.day[i]! < FIRST_DAY + 7)
    expect(noteQuality(week, openHistory(week, ORIGINS)).map(({ finding }) => finding)).toContain(
      'short-history',
    )
  })

  it('says nothing of sound data but what is unknown in it', () => {
    expect(noteQuality(made, history).map(({ finding }) => finding)).toEqual(
      expect.not.arrayContaining(['heap-at-one-place', 'midnight-batch', 'rounded-places', 'far-away']),
    )
  })
})

describe('a back-test', () => {
  const result = backTest(history, OPTIONS)
  const ofMethod = (periods: readonly PeriodResult[], method: string, stopCount = 30) =>
    periods.filter((period) => period.method === method && period.stopCount === stopCount)

  it('has the same periods for every method, of whole weeks', () => {
    for (const method of ['xunfang', 'decayed-grid-150', 'last-year']) {
      const periods = ofMethod(result.periods, method)
      expect(periods.map(({ fromDay }) => fromDay)).toEqual(Array.from({ length: 10 }, (_, n) => CUT + 7 * n))
      expect(periods.map(({ incidents }) => incidents)).toEqual(
        ofMethod(result.periods, 'xunfang').map(({ incidents }) => incidents),
      )
      for (const { stops } of periods) expect(stops).toHaveLength(30)
    }
  })

  it('counts what anyone would count from the stops alone', () => {
    for (const period of result.periods.filter(({ stopCount }) => stopCount === 30)) {
      const came = Array.from(made.day.keys()).filter(
        (i) => made.day[i]! >= period.fromDay && made.day[i]! < period.toDay,
      )
      const caught = came.filter((i) =>
        period.stops.some((stop) => {
          if ('lon' in stop) return distanceMetres(stop, { lon: made.lon[i]!, lat: made.lat[i]! }) <= 85
          const [[west, south], , [east, north]] = stop.ring as [[number, number], unknown, [number, number]]
          return made.lon[i]! >= west && made.lon[i]! < east && made.lat[i]! >= south && made.lat[i]! < north
        }),
      )
      expect(period.incidents).toBe(came.length)
      expect(Math.abs(period.caught - caught.length)).toBeLessThanOrEqual(1)
    }
  })

  it('catches clearly more per stop than the tuned grid where incidents keep to addresses', () => {
    const row = result.summary.find(({ method, stopCount }) => method === 'xunfang' && stopCount === 30)!
    expect(row.ratioToGrid!.value).toBeGreaterThan(1.15)
    expect(row.ratioToGrid!.low).toBeGreaterThan(1)
    expect(row.pei!).toBeLessThanOrEqual(1)
  })

  it('never sees the future of a period: scrambled, every stop of the first period is the same', () => {
    const chance = seededChance(9)
    const scrambled = openHistory(
      changed(made, (i) =>
        made.day[i]! < CUT ? {} : { lon: 113.5 + chance.next() * 0.3, lat: 34 + chance.next() * 0.3 },
      ),
      ORIGINS,
    )
    const first = (periods: readonly PeriodResult[]) =>
      periods
        .filter(({ fromDay }) => fromDay === CUT)
        .map(({ method, stopCount, stops, expected }) => ({ method, stopCount, stops, expected }))
    const again = backTest(scrambled, OPTIONS)
    expect(first(again.periods)).toEqual(first(result.periods))
    expect(again.tuned).toEqual(result.tuned)
    expect(again.area).toEqual(result.area)
  })

  it('has days and shifts too, and an incident without an hour is in no shift', () => {
    const short = backTest(history, {
      ...OPTIONS,
      horizons: ['1d', '8h'],
      stopCounts: [30],
      testToDay: CUT + 2,
    })
    const shifts = short.periods.filter(
      ({ horizon, method, stopCount }) => horizon === '8h' && method === 'xunfang' && stopCount === 30,
    )
    const days = short.periods.filter(
      ({ horizon, method, stopCount }) => horizon === '1d' && method === 'xunfang' && stopCount === 30,
    )
    expect(shifts).toHaveLength(6)
    expect(days).toHaveLength(2)
    const unknown = Array.from(made.day.keys()).filter(
      (i) => made.day[i]! >= CUT && made.day[i]! < CUT + 2 && made.hourKnown[i] === 0,
    ).length
    const total = (periods: readonly PeriodResult[]) =>
      periods.reduce((sum, { incidents }) => sum + incidents, 0)
    expect(total(days) - total(shifts)).toBe(unknown)
  })
})
