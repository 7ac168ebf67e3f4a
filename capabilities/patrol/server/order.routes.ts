import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { fromIso, toIso, type Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import type { Db } from '../../../foundation/server/db.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { ORDER_STATES } from '../core/index.ts'
import type { OrderNeeds } from './order.needs.ts'
import { registerOrderCommandRoutes } from './order.command.routes.ts'
import { registerMyOrderRoutes } from './my-order.routes.ts'
import { registerPatrolSettingRoutes } from './setting.routes.ts'
import {
  Id,
  IdParams,
  Moment,
  Nullable,
  OccurrenceShown,
  oneOf,
  OrderShown,
  shownOccurrence,
  shownOrder,
} from './order.schemas.ts'
import { showOrders } from './order.showing.ts'
import { findOrder, listOrders, listOrderUnits } from './order.store.ts'
import { listOrderEvents, listOrderReceipts } from './receipt.store.ts'
import { listOccurrences, listVisits } from './visit.store.ts'

/** Directed patrol orders: lists, one with its course and visits, what may be done with them, a crew's own, settings. */
export function registerOrderRoutes(app: FastifyInstance, needs: OrderNeeds): void {
  registerOrderCommandRoutes(app, needs)
  registerMyOrderRoutes(app, needs)
  registerPatrolSettingRoutes(app)

  route(app, {
    method: 'GET',
    url: '/api/patrol-orders',
    summary: 'Orders of the scope, latest first, by pages, with what was done of them',
    permission: 'patrol.read-orders',
    schema: {
      querystring: Type.Object({
        state: Type.Optional(Type.Array(oneOf(ORDER_STATES), { maxItems: ORDER_STATES.length })),
        unitId: Type.Optional(Id),
        from: Type.Optional(Moment),
        until: Type.Optional(Moment),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
        cursor: Type.Optional(
          Type.String({ maxLength: 60, description: 'The id of the last row of the page before' }),
        ),
      }),
      response: Type.Object({ orders: Type.Array(OrderShown), nextCursor: Nullable(Type.String()) }),
    },
    async handle(actor, { query }) {
      const { state, unitId, from, until, cursor, limit = 100 } = query
      const [fromAt, untilAt] = [momentOf(from), momentOf(until)]
      if (fromAt === null) return refuse('invalid-time', { field: 'from' })
      if (untilAt === null) return refuse('invalid-time', { field: 'until' })
      const orders = await listOrders(app.db, {
        ...(state ? { states: state } : {}),
        ...(unitId === undefined ? {} : { unitId }),
        ...(fromAt === undefined ? {} : { fromAt }),
        ...(untilAt === undefined ? {} : { untilAt }),
        scope: actor.scopeOf('patrol.read-orders'),
        before: cursor ?? null,
        limit: limit + 1,
      })
      const page = orders.slice(0, limit)
      return {
        body: {
          orders: await showOrders(app.db, page, actor.now),
          nextCursor: orders.length > limit ? (page.at(-1)?.id ?? null) : null,
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/patrol-orders/:id',
    summary: 'An order with each time its band comes round and what was done of it',
    permission: 'patrol.read-orders',
    schema: {
      params: IdParams,
      response: Type.Object({ ...OrderShown.properties, occurrences: Type.Array(OccurrenceShown) }),
    },
    async handle(actor, { params }) {
      const seen = await seeOrder(app.db, actor, params.id)
      if (isRefusal(seen)) return seen
      const occurrences = await listOccurrences(app.db, [params.id])
      return {
        etag: seen.order.version,
        body: {
          ...shownOrder(seen.order, seen.units, occurrences, actor.now),
          occurrences: occurrences.map((one) => shownOccurrence(one, actor.now)),
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/patrol-orders/:id/timeline',
    summary: 'Who did what with an order when, and who of the crews has read it',
    permission: 'patrol.read-orders',
    personal: { subjectKind: 'patrol-order', subjectId: ({ params }) => params.id, againAfterSeconds: 600 },
    schema: {
      params: IdParams,
      response: Type.Object({
        timeline: Type.Array(
          Type.Object({
            sequence: Type.Integer(),
            at: Type.String(),
            accountName: Type.String(),
            type: Type.String(),
            data: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
          }),
        ),
        receipts: Type.Array(
          Type.Object({
            unitId: Id,
            callSign: Type.String(),
            accountName: Type.String(),
            readAt: Type.String(),
          }),
        ),
      }),
    },
    async handle(actor, { params }) {
      const seen = await seeOrder(app.db, actor, params.id)
      if (isRefusal(seen)) return seen
      const callSigns = new Map(seen.units.map(({ unitId, callSign }) => [unitId, callSign]))
      const events = await listOrderEvents(app.db, params.id)
      const receipts = await listOrderReceipts(app.db, params.id)
      return {
        body: {
          timeline: events.map(({ sequence, at, accountName, event: { type, ...data } }) => ({
            ...{ sequence, accountName, type, at: toIso(at) },
            data: { ...data },
          })),
          receipts: receipts.map(({ unitId, accountName, readAt }) => ({
            ...{ unitId, accountName, readAt: toIso(readAt) },
            callSign: callSigns.get(unitId) ?? '',
          })),
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/patrol-orders/:id/visits',
    summary:
      'Which unit was in an order’s place when, of the units in scope; stays too short to count among them',
    permission: 'patrol.read-visits',
    personal: { subjectKind: 'patrol-order', subjectId: ({ params }) => params.id },
    schema: {
      params: IdParams,
      response: Type.Object({
        visits: Type.Array(
          Type.Object({
            unitId: Id,
            callSign: Type.String(),
            occurrenceStartsAt: Type.String(),
            arrivedAt: Type.String(),
            leftAt: Type.String(),
            seconds: Type.Integer(),
            isAddressed: Type.Boolean(),
            counts: Type.Boolean(),
          }),
        ),
      }),
    },
    async handle(actor, { params }) {
      const seen = await seeOrder(app.db, actor, params.id)
      if (isRefusal(seen)) return seen
      const visits = await listVisits(app.db, [params.id])
      const units = await needs.listUnits(app.db, actor.now, [...new Set(visits.map(({ unitId }) => unitId))])
      const inScope = new Map(
        units
          .filter(({ organisationId }) => actor.mayFor('patrol.read-visits', organisationId))
          .map(({ unitId, callSign }) => [unitId, callSign]),
      )
      return {
        body: {
          visits: visits
            .filter(({ unitId }) => inScope.has(unitId))
            .map(({ orderId: _, occurrenceStartsAt, arrivedAt, leftAt, ...visit }) => ({
              ...visit,
              callSign: inScope.get(visit.unitId)!,
              occurrenceStartsAt: toIso(occurrenceStartsAt),
              arrivedAt: toIso(arrivedAt),
              leftAt: toIso(leftAt),
            })),
        },
      }
    },
  })
}

/** Undefined where none was asked for, null where it is no moment. */
function momentOf(text: string | undefined): Instant | null | undefined {
  return text === undefined ? undefined : fromIso(text)
}

/** An order that the caller may see: of its scope, or sent to a unit of it. Refuses `not-found`, `out-of-scope`. */
async function seeOrder(db: Db, actor: ActorContext, id: string) {
  const order = await findOrder(db, id)
  if (!order) return refuse('not-found')
  const units = (await listOrderUnits(db, [id])).get(id)!
  const maySee = [order.content.organisationId, ...units.map(({ organisationId }) => organisationId)].some(
    (organisationId) => actor.mayFor('patrol.read-orders', organisationId),
  )
  return maySee ? { order, units } : refuse('out-of-scope')
}
