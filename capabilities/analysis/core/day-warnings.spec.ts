import { describe, expect, it } from 'vitest'
import { seededChance } from '../../../foundation/core/chance.ts'
import { drawCount } from '../../../solvers/surveillance/drawn-counts.ts'
import { ORIGINS } from '../../incident/core/index.ts'
import { DISTRICT_AREA, watchDay, watchedAreas, type WatchedArea } from './day-warnings.ts'
import { openHistory, type IncidentColumns } from './history.ts'

const TODAY = 20_500
const WEEKS = 120
const [LON, LAT] = [113.6, 34.1]

/** Two halves of a district, side by side, and a square within the western one. */
const half = (id: string, west: number, east: number): WatchedArea => ({
  ...{ id, kind: 'station', name: id },
  ring: [
    [west, 34],
    [east, 34],
    [east, 34.2],
    [west, 34.2],
    [west, 34],
  ],
})
const AREAS = [half('west', 113.5, LON), half('east', LON, 113.7)]

/** Some four thefts a week in each half, and `surge` more in the west in the last week, at one corner. */
function history(surge: number, over: Partial<Record<'day', number>> = {}) {
  const chance = seededChance(9)
  const rows: { day: number; lon: number; lat: number; category: number }[] = []
  for (let week = 0; week < WEEKS; week++)
    for (const side of [-1, 1])
      for (let left = drawCount(4, 0, chance); left > 0; left--)
        rows.push({
          ...{ day: TODAY - 7 * (WEEKS - week) + 7 * chance.next(), category: 0 },
          ...{ lon: LON + side * 0.04 * (0.1 + chance.next()), lat: LAT + 0.04 * chance.next() },
        })
  for (let n = 0; n < surge; n++)
    rows.push({
      ...{ day: (over.day ?? TODAY) - 1 - n / 10, category: 0 },
      ...{ lon: LON - 0.02, lat: LAT + 0.0001 * n },
    })
  rows.push({ day: TODAY - 2, lon: LON, lat: LAT, category: 1 })
  const columns: IncidentColumns = {
    day: Float64Array.from(rows, ({ day }) => day),
    hourKnown: new Uint8Array(rows.length).fill(1),
    lon: Float64Array.from(rows, ({ lon }) => lon),
    lat: Float64Array.from(rows, ({ lat }) => lat),
    category: Uint16Array.from(rows, ({ category }) => category),
    categories: ['theft', 'rare'],
    origin: new Uint8Array(rows.length),
  }
  return openHistory(columns, ORIGINS)
}

describe('the warnings of a day', () => {
  it('are a week’s counts out of line, by category and area, with what was expected', () => {
    const { warnings, watched } = watchDay(history(14), AREAS, TODAY, 100)
    const west = warnings.find(({ areaId }) => areaId === 'west')!
    expect(west).toMatchObject({
      id: 'theft|west',
      category: 'theft',
      areaKind: 'station',
      outcome: 'warning',
    })
    expect(west.observed).toBeGreaterThanOrEqual(14)
    expect(west.weeks.at(-1)).toBe(west.observed)
    expect(west.judged.expected).toBeGreaterThan(2)
    expect(west.judged.expected).toBeLessThan(6)
    expect(west.low <= west.judged.expected && west.judged.expected <= west.high).toBe(true)
    expect(west.high).toBeLessThan(west.observed)
    expect(west.judged.ears!.c1.alarms).toBe(true)
    expect(warnings.some(({ areaId }) => areaId === 'east')).toBe(false)
    expect(warnings.map(({ areaId }) => areaId)).toContain(DISTRICT_AREA)
    expect(watched).toEqual({ judged: 3, tooThin: 3, tooShort: 0, areas: 3 })
  })

  it('say where in the area most of the week lies close together', () => {
    const { densest } = watchDay(history(14), AREAS, TODAY, 100).warnings.find(
      ({ areaId }) => areaId === 'west',
    )!
    expect(densest.holds).toBeGreaterThan(8)
    expect(Math.abs(densest.position.lon - (LON - 0.02))).toBeLessThan(0.001)
  })

  it('are none when all is as usual, and none yet when it happens today', () => {
    expect(watchDay(history(0), AREAS, TODAY, 100).warnings).toEqual([])
    expect(watchDay(history(14, { day: TODAY + 3 }), AREAS, TODAY, 100).warnings).toEqual([])
  })

  it('watch the areas of stations, key areas, and key places as circles', () => {
    const ring = AREAS[0]!.ring
    const areas = watchedAreas(
      [
        { id: 'b', kind: 'beat', name: '巡区', ring },
        { id: 's', kind: 'station', name: '所', ring },
      ] as never,
      [{ id: 'k', name: '站前', lon: LON, lat: LAT, radiusMetres: 200 } as never],
    )
    expect(areas.map(({ id, kind }) => [id, kind])).toEqual([
      ['s', 'station'],
      ['k', 'key-area'],
    ])
    expect(areas[1]!.ring[0]).toEqual(areas[1]!.ring.at(-1))
  })
})
