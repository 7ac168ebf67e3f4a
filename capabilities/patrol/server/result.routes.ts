import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { fromIso, type Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { type OrderEffect, type RateRatio } from '../../analysis/core/index.ts'
import { listOrderPeriods, type OrderPeriod } from './order.store.ts'
import type { OrderResults } from './result.ts'
import { listOccurrences } from './visit.store.ts'

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])

const Change = Type.Object({
  changePercent: Nullable(Type.Number()),
  lowPercent: Type.Number(),
  highPercent: Nullable(Type.Number()),
  p: Type.Number(),
})

const Effect = Type.Object({
  verdict: Type.String({ description: 'A key of analysis:verdict' }),
  before: Type.Number({ description: 'Per as long a time as after' }),
  after: Type.Integer(),
  expected: Type.Number(),
  change: Change,
  naive: Change,
  caution: Type.Object({ expectedFallPercent: Type.Number(), expectedByChance: Type.Number() }),
  displacement: Type.Object({
    quotient: Nullable(Type.Number()),
    low: Nullable(Type.Number()),
    high: Nullable(Type.Number()),
    prevented: Type.Object({ value: Type.Number(), low: Type.Number(), high: Type.Number() }),
  }),
  quietPercent: Type.Number(),
  quietPairs: Type.Integer(),
  comparedWith: Type.Integer(),
  timesAsLong: Type.Integer(),
  ringMetres: Type.Number(),
})

const OrderResultShown = Type.Object({
  /** Why there is no effect to tell. */
  none: Nullable(Type.String()),
  effect: Nullable(Effect),
  orders: Type.Array(
    Type.Object({
      id: Type.String(),
      number: Type.String(),
      label: Type.String(),
      category: Nullable(Type.String()),
      before: Nullable(Type.Number()),
      after: Nullable(Type.Integer()),
      visits: Type.Integer(),
      askedVisits: Type.Integer(),
      seconds: Type.Number(),
      askedSeconds: Type.Number(),
    }),
  ),
})

const DAY_MILLISECONDS = 86_400_000
const LONGEST_DAYS = 366
/** An order so long before may still touch what the orders asked about are compared with. */
const BESIDE_DAYS = 60

/** What directed patrol orders did: before and during, beside comparable squares, with the dosage that was done. */
export function registerOrderResultRoutes(app: FastifyInstance, results: OrderResults): void {
  const answer = async (
    asked: readonly OrderPeriod[],
    now: Instant,
  ): Promise<Static<typeof OrderResultShown>> => {
    const [first, last] = [
      Math.min(...asked.map(({ fromAt }) => fromAt)),
      Math.max(...asked.map(({ untilAt }) => untilAt)),
    ]
    const ids = new Set(asked.map(({ orderId }) => orderId))
    const all =
      asked.length === 0 ? [] : await listOrderPeriods(app.db, first - BESIDE_DAYS * DAY_MILLISECONDS, last)
    const result =
      asked.length === 0
        ? ({ none: 'no-orders' } as const)
        : await results.answer(
            asked.map(inForce),
            all.filter(({ orderId }) => !ids.has(orderId)).map(inForce),
            now,
          )
    const effect = 'effect' in result ? result.effect : null
    const occurrences = await listOccurrences(app.db, [...ids])
    return {
      none: 'none' in result ? result.none : null,
      effect: effect && shownEffect(effect),
      orders: asked.map((order) => {
        const counted = effect?.places.find(({ id }) => id === order.orderId)
        const mine = occurrences.filter((each) => each.orderId === order.orderId && each.endsAt <= now)
        const sum = (of: (each: (typeof mine)[number]) => number) =>
          mine.reduce((total, each) => total + of(each), 0)
        return {
          id: order.orderId,
          number: order.number,
          label: order.place.label,
          category: order.category,
          before: counted ? rounded(counted.before, 2) : null,
          after: counted?.after ?? null,
          visits: sum(({ visits }) => visits),
          askedVisits: sum(({ askedVisits }) => askedVisits),
          seconds: sum(({ seconds }) => seconds),
          askedSeconds: sum(({ askedSeconds }) => askedSeconds),
        }
      }),
    }
  }

  route(app, {
    method: 'GET',
    url: '/api/patrol-order-results',
    summary: 'The effect of all orders that ended or were in force in a period, together',
    permission: 'patrol.read-results',
    schema: {
      querystring: Type.Object({
        from: Type.String({ maxLength: 40, description: 'ISO 8601' }),
        until: Type.String({ maxLength: 40, description: 'ISO 8601' }),
      }),
      response: OrderResultShown,
    },
    async handle(actor, { query }) {
      const [from, until] = [fromIso(query.from), fromIso(query.until)]
      if (from === null || until === null || until <= from || until - from > LONGEST_DAYS * DAY_MILLISECONDS)
        return refuse('order-results-period-invalid', { field: 'from', detail: { days: LONGEST_DAYS } })
      return { body: await answer(await listOrderPeriods(app.db, from, until), actor.now) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/patrol-orders/:id/result',
    summary: 'The effect of one order alone, of which mostly little can be told',
    permission: 'patrol.read-results',
    schema: { params: Type.Object({ id: Type.String({ maxLength: 60 }) }), response: OrderResultShown },
    async handle(actor, { params }) {
      const all = await listOrderPeriods(app.db, 0, actor.now)
      const asked = all.filter(({ orderId }) => orderId === params.id)
      if (asked.length === 0) return refuse('not-found', { detail: { orderId: params.id } })
      const body = await answer(asked, actor.now)
      return isRefusal(body) ? body : { body }
    },
  })
}

const inForce = ({ orderId, place, category, band, fromAt, untilAt }: OrderPeriod) => ({
  ...{ orderId, place, category, band, fromAt, untilAt },
})

function shownEffect(effect: OrderEffect): Static<typeof Effect> {
  const { displacement, figures } = effect
  return {
    verdict: effect.key,
    before: rounded(figures.before, 1),
    after: figures.after,
    expected: rounded(figures.expected, 1),
    change: shownChange(effect.adjusted),
    naive: shownChange(effect.naive),
    caution: {
      expectedFallPercent: rounded(effect.caution.expectedFallPercent, 1),
      expectedByChance: rounded(effect.caution.expectedByChance, 1),
    },
    displacement: {
      quotient: displacement.quotient === null ? null : rounded(displacement.quotient, 2),
      low: displacement.interval ? rounded(displacement.interval.low, 2) : null,
      high: displacement.interval ? rounded(displacement.interval.high, 2) : null,
      prevented: {
        value: rounded(displacement.prevented.value, 1),
        low: rounded(displacement.prevented.low, 1),
        high: rounded(displacement.prevented.high, 1),
      },
    },
    quietPercent: rounded(100 * (Math.exp(effect.quietDeviation) - 1), 1),
    quietPairs: effect.quietPairs,
    comparedWith: effect.comparedWith,
    timesAsLong: effect.timesAsLong,
    ringMetres: Math.max(...effect.places.map(({ ringMetres }) => ringMetres)),
  }
}

function shownChange({ ratio, low, high, p }: RateRatio): Static<typeof Change> {
  const percent = (of: number) => rounded(100 * (of - 1), 1)
  return {
    changePercent: ratio === null ? null : percent(ratio),
    lowPercent: percent(low),
    highPercent: Number.isFinite(high) ? percent(high) : null,
    p: rounded(p, 5),
  }
}

const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits
