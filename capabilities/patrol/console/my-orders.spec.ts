import { describe, expect, it } from 'vitest'
import { destination } from '../../../foundation/core/geo.ts'
import { sortOrders, wayTo } from './my-orders.ts'
import type { MyOrderRow } from './orders-api.ts'

const NOON = Date.parse('2026-11-24T12:00:00Z')
const HOUR = 3_600_000
const iso = (hours: number) => new Date(NOON + hours * HOUR).toISOString()
const order = (id: string, expires: number, ...bands: [from: number, until: number][]) =>
  ({
    id,
    expiresAt: iso(expires),
    occurrences: bands.map(([from, until]) => ({ startsAt: iso(from), endsAt: iso(until) })),
  }) as unknown as MyOrderRow

describe('the orders on a crew’s phone', () => {
  it('are sorted into now, next and later, the soonest first', () => {
    const list = [
      order('later', 60, [30, 32]),
      order('next', 60, [-3, -1], [4, 6]),
      order('now', 60, [-1, 2]),
    ]
    expect(sortOrders(list, NOON).map(({ order: { id }, when }) => [id, when])).toEqual([
      ['now', 'now'],
      ['next', 'next'],
      ['later', 'later'],
    ])
  })

  it('are gone at their expiry by the phone’s own clock', () => {
    const list = [order('over', 1, [-1, 1]), order('stays', 5, [-1, 5])]
    expect(sortOrders(list, NOON + HOUR - 1)).toHaveLength(2)
    expect(sortOrders(list, NOON + HOUR).map((one) => one.order.id)).toEqual(['stays'])
  })

  it('say how far it is to the border and whereto', () => {
    const place = { lon: 121.5, lat: 31.2, radiusMetres: 85 }
    expect(wayTo(destination(place, 270, 485), place)).toMatchObject({ wind: 'e' })
    expect(wayTo(destination(place, 270, 485), place)!.metres).toBeCloseTo(400, 0)
    expect(wayTo(destination(place, 45, 300), place)!.wind).toBe('sw')
    expect(wayTo(destination(place, 45, 80), place)).toBeNull()
  })
})
