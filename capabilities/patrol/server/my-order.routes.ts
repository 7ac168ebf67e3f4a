import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import { refuse } from '../../../foundation/core/outcome.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { isInForce } from '../core/index.ts'
import type { OrderNeeds } from './order.needs.ts'
import {
  Id,
  isoOrNull,
  Nullable,
  OccurrenceShown,
  OrderContentShown,
  shownContent,
  shownOccurrence,
} from './order.schemas.ts'
import { listOrders, listOrderUnits } from './order.store.ts'
import { isOfUnit } from './order.telling.ts'
import { listOccurrences, listVisits } from './visit.store.ts'

/** A crew has few orders at a time; a phone shows no more. */
const AT_ONCE = 100
/** What has been in the last hours is still to be seen, and what comes in the next days. */
const BACK = 24 * 3_600_000
const AHEAD = 72 * 3_600_000

const { organisationId: _, unitIds: __, ...ContentOfCrew } = OrderContentShown

const MyOrder = Type.Object({
  id: Id,
  number: Type.String(),
  ...ContentOfCrew,
  issuedAt: Type.String(),
  readAt: Nullable(Type.String()),
  occurrences: Type.Array(
    Type.Object({ ...OccurrenceShown.properties, ownVisits: Type.Integer(), ownSeconds: Type.Integer() }),
  ),
})

/** What a crew's phone shows. */
export function registerMyOrderRoutes(app: FastifyInstance, needs: OrderNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/my-patrol-orders',
    summary:
      'The orders in force of the caller’s own unit with what it has done of them; a terminal names its unit',
    permission: 'patrol.read-own-orders',
    schema: {
      querystring: Type.Object({ unitId: Type.Optional(Id) }),
      response: Type.Object({
        at: Type.String(),
        unit: Nullable(Type.Object({ unitId: Id, callSign: Type.String(), organisationId: Id })),
        position: Nullable(Type.Object({ lon: Type.Number(), lat: Type.Number(), fixedAt: Type.String() })),
        orders: Type.Array(MyOrder),
      }),
    },
    async handle(actor, { query }) {
      const { db } = app
      const unitId = query.unitId ?? (actor.officerId && (await needs.unitOfOfficer(db, actor.officerId)))
      const nothing = { at: toIso(actor.now), unit: null, position: null, orders: [] }
      if (!unitId) return { body: nothing }
      const unit = (await needs.listUnits(db, actor.now, [unitId]))[0]
      if (!unit) return query.unitId === undefined ? { body: nothing } : refuse('not-found')
      if (!(await isOfUnit(db, actor, unit, needs))) return refuse('out-of-scope', { field: 'unitId' })
      const issued = await listOrders(db, { states: ['issued'], unitId, scope: null, limit: AT_ONCE })
      const orders = issued.filter((order) => isInForce(order, actor.now))
      const ids = orders.map(({ id }) => id)
      const [units, occurrences, visits] = [
        await listOrderUnits(db, ids),
        await listOccurrences(db, ids),
        await listVisits(db, ids, unitId),
      ]
      const placed = needs.positionOf(unitId)
      return {
        body: {
          at: toIso(actor.now),
          unit: { unitId: unit.unitId, callSign: unit.callSign, organisationId: unit.organisationId },
          position: placed && {
            lon: placed.position.lon,
            lat: placed.position.lat,
            fixedAt: toIso(placed.fixedAt),
          },
          orders: orders.map((order) => {
            const { organisationId: _, unitIds: __, ...content } = shownContent(order)
            return {
              id: order.id,
              number: order.state.kind === 'issued' ? order.state.issue.number : '',
              ...content,
              issuedAt: isoOrNull(order.state.kind === 'issued' ? order.state.issue.at : null) ?? '',
              readAt: isoOrNull(units.get(order.id)!.find((one) => one.unitId === unitId)?.readAt),
              occurrences: occurrences
                .filter(
                  ({ orderId, startsAt, endsAt }) =>
                    orderId === order.id && endsAt > actor.now - BACK && startsAt < actor.now + AHEAD,
                )
                .map((occurrence) => {
                  const own = visits.filter(
                    (visit) =>
                      visit.orderId === order.id &&
                      visit.occurrenceStartsAt === occurrence.startsAt &&
                      visit.counts &&
                      visit.isAddressed,
                  )
                  return {
                    ...shownOccurrence(occurrence, actor.now),
                    ownVisits: own.length,
                    ownSeconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
                  }
                }),
            }
          }),
        },
      }
    },
  })
}
