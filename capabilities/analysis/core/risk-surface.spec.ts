import { beforeAll, describe, expect, it } from 'vitest'
import { ORIGINS } from '../../incident/core/index.ts'
import { cellHolding, totalOf, type CellHours } from '../../../solvers/density/cell-hours.ts'
import { positionOn } from '../../../solvers/density/plane.ts'
import { DEFAULT_DAILY } from './daily.ts'
import { fitForecast, openForecaster, type FittedForecast } from './forecast.ts'
import { openHistory, type IncidentColumns, type IncidentHistory } from './history.ts'
import { makeUpHistory } from './made-up-history.ts'
import { riskSurface } from './risk-surface.ts'

const ALL = { name: 'all', categories: null }
const { shifts } = DEFAULT_DAILY

describe('risk by place and hour', () => {
  let columns: IncidentColumns
  let history: IncidentHistory
  let fitted: FittedForecast
  let day: number
  let surface: CellHours
  beforeAll(() => {
    columns = makeUpHistory({ incidents: 6_000, days: 500, seed: 5 })
    history = openHistory(columns, ORIGINS)
    day = Math.floor(history.day.at(-1)!)
    fitted = fitForecast(history, ALL, day)
    surface = riskSurface(history, fitted, day, shifts, 250)
  })

  const sumOfHours = (of: CellHours, from: number, until: number) => {
    let sum = 0
    for (let cell = 0; cell < of.column.length; cell++)
      for (let hour = from; hour < until; hour++) sum += of.value[cell * of.hours + hour]!
    return sum
  }

  it('sums in the hours of a shift to what the shift’s plan expects in the whole area', () => {
    const forecaster = openForecaster(history, fitted)
    for (const { fromHour, untilHour } of shifts) {
      const expected = forecaster.expectedAt(day + fromHour / 24, day + untilHour / 24)
      const whole = expected.count.reduce((sum, each) => sum + each, 0)
      expect(sumOfHours(surface, fromHour, untilHour)).toBeCloseTo(whole, 8)
      expect(whole).toBeGreaterThan(0)
    }
    expect(surface.hours).toBe(32)
    expect(sumOfHours(surface, 0, 8)).toBeGreaterThan(0)
  })

  it('reaches the next midnight where the shifts end before', () => {
    const short = riskSurface(history, fitted, day, [{ fromHour: 9, untilHour: 14 }], 250)
    expect(short.hours).toBe(24)
    expect(sumOfHours(short, 0, 9)).toBeGreaterThan(0)
    expect(sumOfHours(short, 14, 24)).toBeGreaterThan(0)
  })

  it('is the same for the same history, bit for bit', () => {
    expect(riskSurface(history, fitted, day, shifts, 250)).toEqual(surface)
  })

  it('knows nothing of the day itself: what happens on it changes nothing in its first stretch', () => {
    const scrambled = {
      ...columns,
      category: columns.category.map((each, i) => (columns.day[i]! >= day ? (each + 1) % 3 : each)),
      lon: columns.lon.map((each, i) => (columns.day[i]! >= day ? each + 0.003 : each)),
    }
    const other = openHistory(scrambled, ORIGINS)
    const [mine, theirs] = [surface, riskSurface(other, fitForecast(other, ALL, day), day, shifts, 250)]
    expect(sumOfHours(theirs, 0, 8)).toBe(sumOfHours(mine, 0, 8))
  })

  it('does not see what patrol found', () => {
    const n = columns.day.length
    const twice = (of: Float64Array) => Float64Array.from([...of, ...of])
    const withPatrol = openHistory(
      {
        ...columns,
        day: twice(columns.day),
        lon: Float64Array.from([...columns.lon, ...columns.lon.map((each) => each + 0.004)]),
        lat: twice(columns.lat),
        hourKnown: Uint8Array.from([...columns.hourKnown, ...columns.hourKnown]),
        category: Uint16Array.from([...columns.category, ...columns.category]),
        origin: Uint8Array.from({ length: 2 * n }, (_, i) => (i < n ? 0 : ORIGINS.indexOf('patrol'))),
      },
      ORIGINS,
    )
    const blind = riskSurface(withPatrol, fitForecast(withPatrol, ALL, day), day, shifts, 250)
    expect(blind).toEqual(surface)
  })

  it('lies in the hours and at the place where the incidents were', () => {
    const known = (count: number, hour: number, east: number) =>
      // At twenty addresses: hundreds at one would be taken for a heap.
      Array.from({ length: count }, (_, n) => ({
        day: day - 1 - n + hour / 24,
        ...placeAt(east + (n % 20) * 3),
      }))
    const placeAt = (east: number) => positionOn(history.plane, east, 125)
    const rows = [...known(300, 22, 125), ...known(300, 9, 2_125)].sort((a, b) => a.day - b.day)
    const own = openHistory(
      {
        day: Float64Array.from(rows, (row) => row.day),
        hourKnown: new Uint8Array(rows.length).fill(1),
        lon: Float64Array.from(rows, (row) => row.lon),
        lat: Float64Array.from(rows, (row) => row.lat),
        category: new Uint16Array(rows.length),
        categories: ['theft'],
        origin: new Uint8Array(rows.length),
      },
      ORIGINS,
    )
    const cells = riskSurface(own, fitForecast(own, ALL, day), day, shifts, 250)
    const shareAt = (east: number, hour: number) => {
      const { column, row } = cellHolding(cells, placeAt(east))
      let [at, all] = [0, 0]
      for (let c = 0; c < cells.column.length; c++) {
        if (Math.abs(cells.column[c]! - column) > 1 || Math.abs(cells.row[c]! - row) > 1) continue
        for (let h = 0; h < 24; h++) {
          all += cells.value[c * cells.hours + h]!
          if (h === hour) at += cells.value[c * cells.hours + h]!
        }
      }
      return at / all
    }
    expect(shareAt(125, 22)).toBeGreaterThan(0.5)
    expect(shareAt(2_125, 9)).toBeGreaterThan(0.5)
    expect(shareAt(125, 9)).toBeLessThan(0.3)
    expect(totalOf(cells)).toBeGreaterThan(0)
  })
})
