import { dateOfDay } from '../../../foundation/core/day.ts'
import { describe, expect, it } from 'vitest'
import { treatedPlace, type OrderInForce } from './order-result.ts'

const ZONE = 'Asia/Shanghai'
const at = (clock: string) => Date.parse(`${clock}:00+08:00`)
const order = (from: string, until: string, fromMinute = 18 * 60, untilMinute = 22 * 60): OrderInForce => ({
  orderId: 'o',
  place: { lon: 113.6, lat: 34.7, radiusMetres: 85, label: '东门' } as never,
  category: null,
  band: { fromMinute, untilMinute, weekdays: [] } as never,
  fromAt: at(from),
  untilAt: at(until),
})
const days = (given: OrderInForce, now: string) => {
  const place = treatedPlace(given, ZONE, at(now))
  return place && [dateOfDay(place.span.fromDay), dateOfDay(place.span.untilDay - 1)]
}

describe('the days of an order that count', () => {
  it('are those whose band was in force from begin to end', () => {
    expect(days(order('2026-11-02T12:00', '2026-11-09T12:00'), '2026-11-24T10:00')).toEqual([
      '2026-11-02',
      '2026-11-08',
    ])
    expect(days(order('2026-11-02T19:00', '2026-11-09T22:00'), '2026-11-24T10:00')).toEqual([
      '2026-11-03',
      '2026-11-09',
    ])
  })

  it('end with yesterday while the order runs', () => {
    expect(days(order('2026-11-02T12:00', '2026-11-29T12:00'), '2026-11-24T23:30')).toEqual([
      '2026-11-02',
      '2026-11-23',
    ])
  })

  it('end a day earlier where the band goes past midnight: today’s small hours are not read yet', () => {
    expect(days(order('2026-11-02T12:00', '2026-11-29T12:00', 22 * 60, 26 * 60), '2026-11-24T10:00')).toEqual(
      ['2026-11-02', '2026-11-22'],
    )
  })

  it('are none before the first is over', () => {
    expect(days(order('2026-11-24T12:00', '2026-11-29T12:00'), '2026-11-24T23:00')).toBeNull()
  })
})
