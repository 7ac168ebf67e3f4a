import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { findDayNumber } from '../../../foundation/core/day.ts'
import { toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { SWAP_STATES, type SwapCommand } from '../core/index.ts'
import type { LifeNeeds } from './life.needs.ts'
import { closed, Day, Id, IdParams, Nullable, oneOf } from './schemas.ts'
import { listSwaps, type KeptSwap } from './swap.store.ts'
import { answerSwap, offerSwap } from './swaps.ts'

const AT_ONCE = 200

const Side = Type.Object({
  officerId: Id,
  date: Type.String(),
  /** What this officer has that day, and gives. */
  gives: Type.String(),
})
const SwapShown = Type.Object({
  id: Id,
  rosterId: Id,
  state: oneOf(SWAP_STATES),
  from: Side,
  with: Side,
  offeredAt: Type.String(),
  answeredAt: Nullable(Type.String()),
  decidedAt: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  version: Type.Integer(),
})

const shownSwap = ({ id, rosterId, state, reason, version, ...swap }: KeptSwap) => ({
  ...{ id, rosterId, state, reason, version },
  from: { ...swap.from, gives: swap.cells.fromOnFromDate },
  with: { ...swap.with, gives: swap.cells.withOnWithDate },
  offeredAt: toIso(swap.offered.at),
  answeredAt: swap.answered && toIso(swap.answered.at),
  decidedAt: swap.decided && toIso(swap.decided.at),
})

/** Swaps 换班: offered by one, accepted by the other, approved by the chief. */
export function registerSwapRoutes(app: FastifyInstance, needs: LifeNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/roster-swaps',
    summary: 'One’s own swaps, and all of the organisations that one may decide for; the latest first',
    permission: 'roster.ask',
    schema: {
      querystring: Type.Object({
        state: Type.Optional(oneOf(SWAP_STATES)),
        rosterId: Type.Optional(Id),
      }),
      response: Type.Object({ swaps: Type.Array(SwapShown) }),
    },
    async handle(actor, { query }) {
      const swaps = await listSwaps(app.db, {
        ...(query.state === undefined ? {} : { states: [query.state] }),
        ...(query.rosterId === undefined ? {} : { rosterId: query.rosterId }),
        scope: actor.scopeOf('roster.decide'),
        officerId: actor.officerId,
        limit: AT_ONCE,
      })
      return { body: { swaps: swaps.map(shownSwap) } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/roster-swaps',
    summary: 'Offers one’s own day for another officer’s: on both days each works what the other would have',
    permission: 'roster.ask',
    schema: {
      body: Type.Object(
        { fromOfficerId: Type.Optional(Id), fromDate: Day, withOfficerId: Id, withDate: Day },
        closed,
      ),
      response: SwapShown,
    },
    async handle(tx, actor, { body }) {
      for (const field of ['fromDate', 'withDate'] as const)
        if (findDayNumber(body[field]) === null) return refuse('invalid-date', { field })
      const { fromOfficerId, ...asked } = body
      const swap = await offerSwap(tx, actor, needs, { ...asked, fromOfficerId })
      return isRefusal(swap) ? swap : { status: 201, etag: swap.version, body: shownSwap(swap) }
    },
  })

  function answerRoute(verb: 'accept' | 'approve' | 'withdraw', permission: string, summary: string): void {
    commandRoute(app, {
      method: 'POST',
      url: `/api/roster-swaps/:id/${verb}`,
      summary,
      permission,
      schema: { params: IdParams, response: SwapShown },
      async handle(tx, actor, { params, ifMatch }) {
        const command: SwapCommand = { do: verb }
        const swap = await answerSwap(tx, actor, needs, params.id, command, ifMatch)
        return isRefusal(swap) ? swap : { etag: swap.version, body: shownSwap(swap) }
      },
    })
  }
  answerRoute('accept', 'roster.ask', 'The one asked agrees; the rules are looked at again')
  answerRoute('approve', 'roster.decide', 'A chief approves: both days are written at once')
  answerRoute('withdraw', 'roster.ask', 'Takes an offer back before it was approved')

  commandRoute(app, {
    method: 'POST',
    url: '/api/roster-swaps/:id/refuse',
    summary: 'The one asked says no, or the chief does, with the reason',
    permission: 'roster.ask',
    schema: {
      params: IdParams,
      body: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 500 })) }, closed),
      response: SwapShown,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const command: SwapCommand = { do: 'refuse', reason: body.reason ?? '' }
      const swap = await answerSwap(tx, actor, needs, params.id, command, ifMatch)
      return isRefusal(swap) ? swap : { etag: swap.version, body: shownSwap(swap) }
    },
  })
}
