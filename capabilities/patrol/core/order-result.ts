import type { Instant } from '../../../foundation/core/instant.ts'
import {
  judgeOrders,
  openByWallClock,
  wallDays,
  type DayJob,
  type OrderEffect,
  type TreatedPlace,
} from '../../analysis/core/index.ts'
import type { OrderPlace, TimeBand } from './order.ts'

/** An order that was in force: where, when, and what it was about. */
export interface OrderInForce {
  readonly orderId: string
  readonly place: OrderPlace
  readonly category: string | null
  readonly band: TimeBand
  readonly fromAt: Instant
  readonly untilAt: Instant
}

/** Everything that the effect of orders is told from. Plain data, so that it can go to another thread. */
export interface OrderResultJob {
  readonly incidents: DayJob['incidents']
  readonly timeZone: string
  readonly now: Instant
  /** The orders asked about. */
  readonly orders: readonly OrderInForce[]
  /** All others of their time: their places are compared with nothing. */
  readonly others: readonly OrderInForce[]
}

export type OrderResult =
  | { readonly none: 'no-history' | 'no-day-over' | 'history-too-short' }
  | { readonly effect: OrderEffect; readonly notOver: readonly string[] }

/** What can be told of orders together. Deterministic. */
export function answerOrders({ incidents, timeZone, now, orders, others }: OrderResultJob): OrderResult {
  const { history } = openByWallClock(incidents, timeZone)
  if (history.day.length === 0) return { none: 'no-history' }
  const treated = orders.map((order) => treatedPlace(order, timeZone, now))
  const over = treated.filter((place) => place !== null)
  if (over.length === 0) return { none: 'no-day-over' }
  const effect = judgeOrders(
    history,
    over,
    others.map((order) => treatedPlace(order, timeZone, now)).filter((place) => place !== null),
  )
  if (effect === null) return { none: 'history-too-short' }
  return { effect, notOver: orders.filter((_, n) => treated[n] === null).map(({ orderId }) => orderId) }
}

const MINUTES_A_DAY = 1440

/**
 * The days on which the order's band was in force from its begin to its end and is over; null where there is none yet.
 * The history ends with yesterday.
 */
export function treatedPlace(order: OrderInForce, timeZone: string, now: Instant): TreatedPlace | null {
  const { band, fromAt, untilAt, place } = order
  const [from, until, today] = wallDays(Float64Array.of(fromAt, untilAt, now), timeZone) as unknown as [
    number,
    number,
    number,
  ]
  const fromDay = Math.ceil(from - band.fromMinute / MINUTES_A_DAY)
  const end = band.untilMinute / MINUTES_A_DAY
  const untilDay = Math.floor(Math.min(until - end, Math.floor(today) - Math.max(1, end))) + 1
  if (untilDay <= fromDay) return null
  return {
    id: order.orderId,
    centre: { lon: place.lon, lat: place.lat },
    radiusMetres: place.radiusMetres,
    category: order.category,
    span: { fromDay, untilDay },
    band,
  }
}
