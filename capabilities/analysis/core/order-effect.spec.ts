import { beforeAll, describe, expect, it } from 'vitest'
import { seededChance } from '../../../foundation/core/chance.ts'
import { positionOn } from '../../../solvers/density/plane.ts'
import { ORIGINS } from '../../incident/core/index.ts'
import { openHistory, type IncidentColumns, type IncidentHistory } from './history.ts'
import { makeUpHistory } from './made-up-history.ts'
import { dayOfBand, judgeOrders, type TreatedPlace } from './order-effect.ts'
import { cutIntoSquares, INSIDE, layOut } from './result-ground.ts'

const band = { fromMinute: 16 * 60, untilMinute: 26 * 60, weekdays: [] }
const RADIUS = 100

let columns: IncidentColumns
let history: IncidentHistory
let lastDay: number
beforeAll(() => {
  columns = makeUpHistory({ incidents: 90_000, days: 700, seed: 4, metres: 5_000 })
  history = openHistory(columns, ORIGINS)
  lastDay = Math.floor(history.day.at(-1)!)
})

/** Orders of two weeks at the squares where most was counted in the half year before. */
function hottest(fromDay: number, count = 15): TreatedPlace[] {
  const squares = cutIntoSquares(history, 2 * RADIUS)
  const counts = new Float64Array(squares.count)
  history.day.forEach((day, i) => {
    if (day >= fromDay - 180 && day < fromDay && dayOfBand(day, band) !== null)
      counts[squares.of[history.place[i]!]!]!++
  })
  return Array.from(counts.keys())
    .sort((a, b) => counts[b]! - counts[a]!)
    .slice(0, count)
    .map((square, n) => ({
      id: `order-${n}`,
      centre: positionOn(history.plane, squares.east[square]! + RADIUS, squares.north[square]! + RADIUS),
      radiusMetres: RADIUS,
      category: null,
      span: { fromDay, untilDay: fromDay + 14 },
      band,
    }))
}

/** The same history, but that three of four incidents at the orders' places did not happen while they ran. */
function prevented(orders: readonly TreatedPlace[]): IncidentHistory {
  const chance = seededChance(9)
  const laid = orders.map(({ centre, radiusMetres }) => layOut(history, { of: 'disc', centre, radiusMetres }))
  const { fromDay, untilDay } = orders[0]!.span
  const kept = Array.from(history.day.keys()).filter((i) => {
    const day = history.day[i]!
    const isThere =
      day >= fromDay && day < untilDay && laid.some((each) => each[history.place[i]!] === INSIDE)
    return !isThere || chance.next() < 0.25
  })
  return {
    ...history,
    day: Float64Array.from(kept, (i) => history.day[i]!),
    hourKnown: Uint8Array.from(kept, (i) => history.hourKnown[i]!),
    place: Int32Array.from(kept, (i) => history.place[i]!),
    category: Uint16Array.from(kept, (i) => history.category[i]!),
  }
}

describe('the effect of directed patrol orders', () => {
  it('is none where nothing was done, though the places were the hottest and fall back by themselves', () => {
    const results = [30, 72, 114].map((back) => judgeOrders(history, hottest(lastDay - back))!)
    expect(results.map(({ key }) => key)).not.toContain('result-fell')
    for (const { caution, figures, comparedWith } of results) {
      expect(figures.incidents).toBeGreaterThan(30)
      expect(caution.expectedByChance).toBeGreaterThan(0)
      expect(comparedWith).toBeGreaterThanOrEqual(10)
    }
  })

  it('is seen where three of four were prevented, and says what was expected', () => {
    const orders = hottest(lastDay - 30)
    const effect = judgeOrders(prevented(orders), orders)!
    expect(effect.key).toBe('result-fell')
    expect(effect.figures.expected).toBeGreaterThan(2 * effect.figures.after)
    expect(effect.adjusted.high).toBeLessThan(1)
    expect(effect.displacement.prevented.value).toBeGreaterThan(0)
  })

  it('cannot be told of one order alone', () => {
    const [, , , , , order] = hottest(lastDay - 30)
    const { key } = judgeOrders(history, [order!])!
    expect(['result-too-few', 'result-cannot-be-told']).toContain(key)
  })

  it('adds up to the counts at the places, in the band and on the days of the orders', () => {
    const orders = hottest(lastDay - 30, 4)
    const { places, figures } = judgeOrders(history, orders)!
    const counted = orders.map(({ centre, radiusMetres, span }) => {
      const laid = layOut(history, { of: 'disc', centre, radiusMetres })
      return history.day.filter((day, i) => {
        const began = history.hourKnown[i] === 1 ? dayOfBand(day, band) : null
        return (
          laid[history.place[i]!] === INSIDE &&
          began !== null &&
          began >= span.fromDay &&
          began < span.untilDay
        )
      }).length
    })
    expect(places.map(({ after }) => after)).toEqual(counted)
    expect(figures.after).toBe(counted.reduce((sum, each) => sum + each))
  })

  it('is not told where the history is too short', () => {
    expect(judgeOrders(history, hottest(Math.floor(history.day[0]!) + 60))).toBeNull()
    expect(judgeOrders(history, [])).toBeNull()
  })
})

describe('the band of an order', () => {
  const day = 20_000
  it.each([
    [day + 17 / 24, day],
    [day + 1 / 24, day - 1],
    [day + 3 / 24, null],
    [day + 15.9 / 24, null],
  ])('finds the day on which the band began that %f lies in', (at, began) => {
    expect(dayOfBand(at, band)).toBe(began)
  })

  it('keeps to its weekdays, also past midnight', () => {
    const weekday = ((day + 3) % 7) + 1
    const only = { ...band, weekdays: [weekday] }
    expect(dayOfBand(day + 17 / 24, only)).toBe(day)
    expect(dayOfBand(day + 1 + 1 / 24, only)).toBe(day)
    expect(dayOfBand(day + 1 + 17 / 24, only)).toBeNull()
  })
})
