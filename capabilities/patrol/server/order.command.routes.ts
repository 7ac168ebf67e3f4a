import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion, type Answer } from '../../../foundation/server/http/route.ts'
import { noteSensitive } from '../../incident/core/index.ts'
import type { OrderCommand, PatrolOrder } from '../core/index.ts'
import { carryOutOrder, draft, type CommandOptions } from './order.commands.ts'
import { noteOfTexts, takeContent, wholeContent } from './order.content.ts'
import type { OrderNeeds } from './order.needs.ts'
import {
  ContentChange,
  ContentGiven,
  Id,
  IdParams,
  OrderShown,
  Reason,
  SensitiveReason,
} from './order.schemas.ts'
import { showOrders } from './order.showing.ts'
import { lockOrder, lockOrders } from './order.store.ts'
import { readOrder } from './order.telling.ts'

const closed = { additionalProperties: false }
const AT_ONCE = 100
const PROPOSING: CommandOptions = { permission: 'patrol.propose-order' }
const APPROVING: CommandOptions = { permission: 'patrol.approve-order' }
const OrdersShown = Type.Object({ orders: Type.Array(OrderShown) })

async function answer(
  tx: Tx,
  actor: ActorContext,
  outcome: PatrolOrder | Refusal,
): Promise<Answer | Refusal> {
  if (isRefusal(outcome)) return outcome
  const [body] = await showOrders(tx, [outcome], actor.now)
  return { etag: outcome.version, body }
}

/** An If-Match that is sent is kept; where it may be left out the rules themselves guard the state. */
const ifSent = (ifMatch: number | null) => (order: PatrolOrder) =>
  ifMatch === null ? null : matchVersion(ifMatch, order.version)

export function registerOrderCommandRoutes(app: FastifyInstance, needs: OrderNeeds): void {
  commandRoute(app, {
    method: 'POST',
    url: '/api/patrol-orders',
    summary: 'Drafts orders, and proposes them at once where asked to; all or none',
    permission: 'patrol.propose-order',
    schema: {
      body: Type.Object(
        {
          orders: Type.Array(ContentGiven, { minItems: 1, maxItems: AT_ONCE }),
          propose: Type.Optional(Type.Boolean()),
          sensitiveReason: SensitiveReason,
        },
        closed,
      ),
      response: OrdersShown,
    },
    async handle(tx, actor, { body }) {
      const drafted: PatrolOrder[] = []
      for (const given of body.orders) {
        const content = await takeContent(tx, actor, needs, given)
        if (isRefusal(content)) return content
        const note = noteOfTexts(given, body.sensitiveReason)
        let order = await draft(tx, actor, needs, wholeContent(content), note)
        if (!isRefusal(order) && body.propose)
          order = await carryOutOrder(tx, actor, needs, order, { do: 'propose' }, PROPOSING)
        if (isRefusal(order)) return order
        drafted.push(order)
      }
      return { status: 201, body: { orders: await showOrders(tx, drafted, actor.now) } }
    },
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/patrol-orders/:id',
    summary: 'Changes an order that has not been issued; If-Match carries the version that was read',
    permission: 'patrol.propose-order',
    schema: { params: IdParams, body: ContentChange, response: OrderShown },
    async handle(tx, actor, { params, body, ifMatch }) {
      const { sensitiveReason, ...given } = body
      const changes = await takeContent(tx, actor, needs, given)
      if (isRefusal(changes)) return changes
      const options: CommandOptions = {
        ...PROPOSING,
        before: (order) => matchVersion(ifMatch, order.version),
        sensitive: noteOfTexts(given, sensitiveReason),
      }
      const order = await lockOrder(tx, params.id)
      return answer(
        tx,
        actor,
        await carryOutOrder(tx, actor, needs, order, { do: 'change', changes }, options),
      )
    },
  })

  function plain(verb: 'propose' | 'discard', summary: string): void {
    commandRoute(app, {
      method: 'POST',
      url: `/api/patrol-orders/:id/${verb}`,
      summary,
      permission: 'patrol.propose-order',
      schema: { params: IdParams, response: OrderShown },
      async handle(tx, actor, { params, ifMatch }) {
        const options: CommandOptions = { ...PROPOSING, before: ifSent(ifMatch) }
        const order = await lockOrder(tx, params.id)
        return answer(tx, actor, await carryOutOrder(tx, actor, needs, order, { do: verb }, options))
      },
    })
  }
  plain('propose', 'Hands an order to the commander')
  plain('discard', 'Throws away an order that has not been issued')

  commandRoute(app, {
    method: 'POST',
    url: '/api/patrol-orders/:id/approve',
    summary: 'Approves an order as it was read (If-Match): it gets its number and goes to its units',
    permission: 'patrol.approve-order',
    schema: { params: IdParams, response: OrderShown },
    async handle(tx, actor, { params, ifMatch }) {
      const options: CommandOptions = {
        ...APPROVING,
        before: (order) => matchVersion(ifMatch, order.version),
      }
      const order = await lockOrder(tx, params.id)
      return answer(tx, actor, await carryOutOrder(tx, actor, needs, order, { do: 'approve' }, options))
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/patrol-orders/approve',
    summary: 'Approves many orders as they were read, numbered in the order given; all or none',
    permission: 'patrol.approve-order',
    schema: {
      body: Type.Object(
        {
          orders: Type.Array(Type.Object({ id: Id, version: Type.Integer({ minimum: 1 }) }, closed), {
            minItems: 1,
            maxItems: AT_ONCE,
          }),
        },
        closed,
      ),
      response: OrdersShown,
    },
    async handle(tx, actor, { body }) {
      const locked = await lockOrders(
        tx,
        body.orders.map(({ id }) => id),
      )
      const approved = new Map<string, PatrolOrder>()
      for (const { id, version } of body.orders) {
        const options: CommandOptions = {
          ...APPROVING,
          before: (order) => matchVersion(version, order.version),
        }
        const order = approved.get(id) ?? locked.get(id) ?? null
        const after = await carryOutOrder(tx, actor, needs, order, { do: 'approve' }, options)
        if (isRefusal(after)) return after
        approved.set(id, after)
      }
      return { body: { orders: await showOrders(tx, [...approved.values()], actor.now) } }
    },
  })

  function withReason(verb: 'return' | 'withdraw', summary: string): void {
    commandRoute(app, {
      method: 'POST',
      url: `/api/patrol-orders/:id/${verb}`,
      summary,
      permission: 'patrol.approve-order',
      schema: {
        params: IdParams,
        body: Type.Object({ reason: Reason, sensitiveReason: SensitiveReason }, closed),
        response: OrderShown,
      },
      async handle(tx, actor, { params, body, ifMatch }) {
        const { reason, sensitiveReason } = body
        const command: OrderCommand = { do: verb, reason }
        const options: CommandOptions = {
          ...APPROVING,
          before: ifSent(ifMatch),
          sensitive: noteSensitive({ reason }, sensitiveReason),
        }
        const order = await lockOrder(tx, params.id)
        return answer(tx, actor, await carryOutOrder(tx, actor, needs, order, command, options))
      },
    })
  }
  withReason('return', 'Gives a proposal back to be changed, with the reason')
  withReason('withdraw', 'Takes an order back from its units, with the reason')

  commandRoute(app, {
    method: 'POST',
    url: '/api/patrol-orders/:id/read',
    summary: 'The caller has read an order that its unit was sent; the first reading is kept',
    permission: 'patrol.answer-order',
    schema: {
      params: IdParams,
      body: Type.Object({ unitId: Type.Optional(Id) }, closed),
      response: Type.Object({ orderId: Id, unitId: Id, isFirst: Type.Boolean() }),
    },
    async handle(tx, actor, { params, body }) {
      const read = await readOrder(tx, actor, needs, params.id, body.unitId)
      return isRefusal(read) ? read : { body: { orderId: params.id, ...read } }
    },
  })
}
