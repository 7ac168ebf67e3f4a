import { describe, expect, it } from 'vitest'
import { seededChance } from '../../../foundation/core/chance.ts'
import { ORIGINS } from '../../incident/core/index.ts'
import { findDaySeries, type KnownCircumstances } from './day-series.ts'
import { openHistoryByRow, type IncidentColumns } from './history.ts'
import { narrowestHours } from './next-window.ts'
import { recogniseSeries } from './series-identity.ts'
import {
  affordablePermutations,
  incidentsOf,
  mapNearRepeats,
  SERIES_RULES,
  showsNearRepeats,
} from './series.ts'

const FIRST_DAY = 20_000
const DAYS = 760
const TODAY = FIRST_DAY + DAYS
const [LON, LAT] = [113.6, 34.1]
const METRE = 1 / 111_195

interface Row {
  readonly day: number
  readonly east: number
  readonly north: number
  readonly category?: number
  readonly entry?: number
}

/** Two years of burglaries, some repeated, and calls of another kind that are not; then what is planted. */
function incidents(planted: readonly Row[]): {
  columns: IncidentColumns
  circumstances: (row: Int32Array) => KnownCircumstances
} {
  const chance = seededChance(5)
  const rows: Row[] = []
  for (let n = 0; n < 1500; n++) {
    const day = FIRST_DAY + chance.next() * DAYS
    const [east, north] = [chance.next() * 9000, chance.next() * 9000]
    rows.push({ day, east, north, entry: chance.below(5) })
    if (chance.next() < 0.15 && day + 6 < TODAY)
      rows.push({ day: day + 6 * chance.next(), east: east + 20, north, entry: chance.below(5) })
    rows.push({
      ...{ day: FIRST_DAY + chance.next() * DAYS, category: 1 },
      ...{ east: chance.next() * 9000, north: chance.next() * 9000 },
    })
  }
  rows.push(...planted)
  return {
    columns: {
      day: Float64Array.from(rows, ({ day }) => day),
      hourKnown: new Uint8Array(rows.length).fill(1),
      lon: Float64Array.from(rows, ({ east }) => LON + (east * METRE) / Math.cos((LAT * Math.PI) / 180)),
      lat: Float64Array.from(rows, ({ north }) => LAT + north * METRE),
      category: Uint16Array.from(rows, ({ category = 0 }) => category),
      categories: ['burglary', 'noise'],
      origin: new Uint8Array(rows.length),
    },
    circumstances: (row) => ({
      names: ['entry'],
      values: [row.map((given) => rows[given]!.entry ?? -1)],
      codes: [['window', 'door', 'lock', 'shutter', 'roof', 'tunnel']],
    }),
  }
}

/** Four by a way that nobody else takes, at about two in the night. */
const TUNNEL = 5
const PLANTED: readonly Row[] = [12, 8, 5, 2].map((back, n) => ({
  ...{ day: TODAY - back + 2 / 24, east: 4000 + 30 * n, north: 4000, entry: TUNNEL },
}))

function find(planted: readonly Row[], atDay = TODAY) {
  const given = incidents(planted)
  const { history, row } = openHistoryByRow(given.columns, ORIGINS)
  return {
    history,
    given,
    ...findDaySeries(history, row, atDay, { circumstances: given.circumstances(row) }),
  }
}

describe('the series of a day', () => {
  const { series, knox, given } = find(PLANTED)
  const planted = series.find(({ members }) =>
    members.some((each) => each.circumstances['entry'] === 'tunnel'),
  )!

  it('name each incident with its clock, place and circumstances, and the tie to an earlier one', () => {
    expect(planted.members.map(({ circumstances }) => circumstances)).toEqual(
      PLANTED.map(() => ({ entry: 'tunnel' })),
    )
    planted.members.forEach(({ incident, position, clock, link }, n) => {
      expect(given.columns.day[incident]).toBe(PLANTED[n]!.day)
      expect(Math.abs(position.lon - given.columns.lon[incident]!)).toBeLessThan(2e-6)
      expect(clock).toMatch(/T02:00$/)
      expect(link === null).toBe(n === 0)
      if (link) expect(link.to).toBeLessThan(n)
    })
    expect(planted).toMatchObject({ category: 'burglary', state: 'open' })
  })

  it('say when and at what hours one would go on', () => {
    const { next, lastDate } = planted
    expect(next!.fromDate > lastDate && next!.untilDate >= next!.fromDate).toBe(true)
    expect(next!.hours).toMatchObject({ holds: 4, of: 4 })
    expect(next!.hours!.fromHour <= 2 && next!.hours!.untilHour > 2).toBe(true)
  })

  it('come with a map of every category that is no map of a few, and with series only where it repeats', () => {
    expect(knox.map(({ category }) => category)).toEqual(['burglary', 'noise'])
    expect(knox.map((map) => showsNearRepeats(map))).toEqual([true, false])
    expect(series.every(({ category }) => category === 'burglary')).toBe(true)
    expect(knox.map(({ permutations }) => permutations)).toEqual([99, 19])
  })

  it('know nothing of the day itself and what comes after', () => {
    const before = find(PLANTED, TODAY - 6)
    const scrambled = find(
      PLANTED.map((row) => (row.day >= TODAY - 6 ? { ...row, east: 100, entry: 0 } : row)),
      TODAY - 6,
    )
    expect(scrambled.series).toEqual(before.series)
    expect(scrambled.knox).toEqual(before.knox)
    expect(before.series).not.toEqual(series)
  })

  it('leave out a place that is none', () => {
    const heap = Array.from({ length: 60 }, (_, n) => ({ day: TODAY - 1 - n / 4, east: 50, north: 50 }))
    const { history, given: of } = find(heap)
    const { row } = openHistoryByRow(of.columns, ORIGINS)
    const place = history.place[row.indexOf(of.columns.day.length - 1)]!
    const isHeap = ({ radiusMetres, members }: (typeof series)[number]) =>
      radiusMetres < 1 && members.length > 20
    expect(findDaySeries(history, row, TODAY).series.some(isHeap)).toBe(true)
    expect(findDaySeries(history, row, TODAY, { leaveOut: new Set([place]) }).series.some(isHeap)).toBe(false)
  })
})

describe('permutations', () => {
  it('are fewer where each looks at much, and never too few to tell the p that links', () => {
    const { history } = find([])
    const some = incidentsOf(history, 'burglary', FIRST_DAY, TODAY)
    expect(affordablePermutations([some], SERIES_RULES)).toBe(99)
    const fewest = affordablePermutations(Array(150).fill(some), SERIES_RULES)
    expect(fewest).toBe(49)
    const map = mapNearRepeats(some, { ...SERIES_RULES, permutations: fewest }, seededChance(1))
    expect(showsNearRepeats(map)).toBe(true)
  })
})

describe('a series from day to day', () => {
  const of = (...incidents: string[]) => ({ category: 'burglary', incidents })
  const named = (id: string, since: string, ...incidents: string[]) => ({ ...of(...incidents), id, since })

  it('keeps its id while it shares incidents, the one that shares most first', () => {
    const yesterday = [
      named('A', '2026-11-20', 'call:1', 'call:2', 'call:3'),
      named('B', '2026-11-21', 'call:4'),
    ]
    expect(
      recogniseSeries([of('call:3'), of('call:1', 'call:2', 'call:9'), of('call:7')], [yesterday]),
    ).toEqual([null, { id: 'A', since: '2026-11-20' }, null])
    expect(recogniseSeries([of('call:4', 'call:5')], [yesterday])).toEqual([{ id: 'B', since: '2026-11-21' }])
  })

  it('is another where the category is', () => {
    expect(recogniseSeries([{ ...of('call:1'), category: 'theft' }], [[named('A', '', 'call:1')]])).toEqual([
      null,
    ])
  })

  it('is looked for on the day before first, then on a later one', () => {
    const [before, after] = [
      [named('A', '2026-11-20', 'call:1')],
      [named('Z', '2026-11-24', 'call:1', 'call:2')],
    ]
    expect(recogniseSeries([of('call:1', 'call:2')], [before, after])[0]!.id).toBe('A')
    expect(recogniseSeries([of('call:2')], [before, after])[0]!.id).toBe('Z')
  })
})

describe('the hours of a series', () => {
  it('are the narrowest stretch with three in five, over midnight too', () => {
    expect(narrowestHours([23.5, 0.2, 1.9, 12])).toEqual({ fromHour: 23, untilHour: 26, holds: 3, of: 4 })
  })

  it('are none where they are all over the day, or hardly known', () => {
    expect(narrowestHours([0, 4, 8, 12, 16, 20])).toBeNull()
    expect(narrowestHours([1, 1])).toBeNull()
  })
})
