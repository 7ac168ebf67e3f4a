import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { fromIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, route, type Answer } from '../../../foundation/server/http/route.ts'
import type { OrganisationId } from '../../force/core/index.ts'
import type { OrderId } from '../core/index.ts'
import {
  activate,
  answerOrder,
  chooseDistrict,
  chooseLevel,
  previewCallOut,
  readSituation,
  standDown,
} from './activations.ts'
import type { BoardNeeds } from './needs.ts'
import {
  ActivationSchema,
  ActivationSummarySchema,
  ById,
  CallOutSchema,
  OrderSchema,
  Reason,
  StrengthPointSchema,
  TimelineEntrySchema,
  activationJson,
  callOutJson,
  orderJson,
  strengthPointJson,
  summaryJson,
  timelineEntryJson,
} from './schemas.ts'
import {
  findActivation,
  listActivations,
  listOpenActivations,
  listStrengthPoints,
  readTimeline,
  type StoredActivation,
} from './store.ts'

const DistrictId = Type.Optional(Type.String({ minLength: 1, maxLength: 60 }))
const Level = Type.Integer({ minimum: 1, maximum: 9 })

/** Patrol levels in force: one action calls out, answers come in, one action stands down. */
export function registerActivationRoutes(app: FastifyInstance, needs: BoardNeeds): void {
  const answerWith = async (
    db: Db | Tx,
    { activation, sequence }: StoredActivation,
    actor: ActorContext,
  ): Promise<Answer> => {
    const situation = await readSituation(db, needs, activation.districtId, actor.now)
    const shown = activationJson(activation, situation, actor.now)
    return {
      etag: sequence,
      headers: { 'cache-control': 'no-store' },
      body: {
        ...shown,
        orders: shown.orders.map((order) =>
          maySeeReason(actor, order.organisationId) ? order : { ...order, declineReason: null },
        ),
      },
    }
  }

  route(app, {
    method: 'GET',
    url: '/api/activations',
    summary: 'Activations, newest first',
    permission: 'board.read',
    schema: {
      querystring: Type.Object({
        cursor: Type.Optional(Type.String({ maxLength: 40 })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      }),
      response: Type.Object({
        activations: Type.Array(ActivationSummarySchema),
        nextCursor: Type.Union([Type.String(), Type.Null()]),
      }),
    },
    async handle(_actor, { query }) {
      const limit = query.limit ?? 50
      const before = query.cursor === undefined ? null : fromIso(query.cursor)
      if (query.cursor !== undefined && before === null) return refuse('invalid-cursor', { field: 'cursor' })
      const activations = (await listActivations(app.db, before, limit)).map(summaryJson)
      const nextCursor = activations.length === limit ? activations.at(-1)!.startedAt : null
      return { body: { activations, nextCursor } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/activations/open',
    summary: 'The open activation with its orders and minutes to target, or null',
    permission: 'board.read',
    schema: {
      querystring: Type.Object({ districtId: DistrictId }),
      response: Type.Object({ activation: Type.Union([ActivationSchema, Type.Null()]) }),
    },
    async handle(actor, { query }) {
      const open = (await listOpenActivations(app.db)).find(
        ({ districtId }) => query.districtId === undefined || districtId === query.districtId,
      )
      const stored = open ? await findActivation(app.db, open.id) : null
      const answer = stored && (await answerWith(app.db, stored, actor))
      return { headers: { 'cache-control': 'no-store' }, body: { activation: answer?.body ?? null } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/activations/preview',
    summary: 'Whom a level would call out now, with reasons; nobody is called',
    permission: 'board.activate',
    schema: {
      querystring: Type.Object({ level: Level, districtId: DistrictId }),
      response: CallOutSchema,
    },
    async handle(actor, { query }) {
      const chosen = await choose(app.db, query, actor.now)
      if (isRefusal(chosen)) return chosen
      const { districtId, level } = chosen
      if (!actor.mayFor('board.activate', districtId))
        return refuse('out-of-scope', { detail: { organisationId: districtId } })
      return { body: callOutJson(await previewCallOut(app.db, needs, districtId, level, actor.now)) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/activations/:id',
    summary: 'One activation with its orders and, while open, minutes to target',
    permission: 'board.read',
    schema: { params: ById, response: ActivationSchema },
    async handle(actor, { params }) {
      const stored = await findActivation(app.db, params.id)
      return stored
        ? answerWith(app.db, stored, actor)
        : refuse('not-found', { detail: { activationId: params.id } })
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/activations/:id/timeline',
    summary: 'Everything that happened in an activation, in order',
    permission: 'board.read',
    // Who did what is on it, by name.
    personal: { subjectKind: 'activation', subjectId: ({ params }) => params.id, againAfterSeconds: 600 },
    schema: { params: ById, response: Type.Object({ entries: Type.Array(TimelineEntrySchema) }) },
    async handle(actor, { params }) {
      const timeline = await readTimeline(app.db, params.id)
      if (timeline.length === 0) return refuse('not-found', { detail: { activationId: params.id } })
      const organisationOf = new Map(
        timeline.flatMap(({ event }) =>
          event.type === 'order-made' ? [[event.order.id, event.order.organisationId] as const] : [],
        ),
      )
      const entries = timeline.map(({ event, ...entry }) => {
        const isHidden =
          event.type === 'order-declined' && !maySeeReason(actor, organisationOf.get(event.orderId) ?? null)
        return timelineEntryJson({ ...entry, event: isHidden ? { ...event, reason: '' } : event })
      })
      return { body: { entries } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/activations/:id/strength',
    summary: 'How the strength of those covered rose, a point a minute and at each change',
    permission: 'board.read',
    schema: { params: ById, response: Type.Object({ points: Type.Array(StrengthPointSchema) }) },
    async handle(_actor, { params }) {
      const points = await listStrengthPoints(app.db, params.id)
      if (points.length === 0) return refuse('not-found', { detail: { activationId: params.id } })
      return { body: { points: points.map(strengthPointJson) } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/activations',
    summary:
      'Activates a level: computes the call-out and orders everybody on it; raises a lower one that is open',
    permission: 'board.activate',
    schema: {
      body: Type.Object({ level: Level, districtId: DistrictId, reason: Type.Optional(Reason) }),
      response: ActivationSchema,
    },
    async handle(tx, actor, { body }) {
      const chosen = await choose(tx, body, actor.now)
      if (isRefusal(chosen)) return chosen
      if (!actor.mayFor('board.activate', chosen.districtId))
        return refuse('out-of-scope', { detail: { organisationId: chosen.districtId } })
      const stored = await activate(tx, actor, needs, { ...chosen, reason: body.reason ?? '' })
      return isRefusal(stored) ? stored : { ...(await answerWith(tx, stored, actor)), status: 201 }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/activations/:id/stand-down',
    summary: 'Ends an activation and returns everyone to the status before',
    permission: 'board.activate',
    schema: {
      params: ById,
      body: Type.Object({ reason: Type.Optional(Reason) }),
      response: ActivationSchema,
    },
    async handle(tx, actor, { params, body }) {
      const stored = await standDown(tx, actor, needs, params.id, body.reason ?? '')
      return isRefusal(stored) ? stored : answerWith(tx, stored, actor)
    },
  })

  const answerRoutes = [
    ['acknowledge', 'Says that the order has been read and is being followed'],
    [
      'arrive',
      'Says that the one called is on the street: the unit goes on patrol, the officer on a foot post',
    ],
  ] as const
  for (const [kind, summary] of answerRoutes)
    commandRoute(app, {
      method: 'POST',
      url: `/api/activation-orders/:id/${kind}`,
      summary,
      permission: 'board.answer-order',
      schema: { params: ById, response: OrderSchema },
      handle: async (tx, actor, { params }) =>
        orderAnswer(await answerOrder(tx, actor, needs, params.id, { kind }), params.id),
    })

  commandRoute(app, {
    method: 'POST',
    url: '/api/activation-orders/:id/decline',
    summary: 'Says that the order cannot be followed, and why',
    permission: 'board.answer-order',
    schema: { params: ById, body: Type.Object({ reason: Reason }), response: OrderSchema },
    handle: async (tx, actor, { params, body }) =>
      orderAnswer(
        await answerOrder(tx, actor, needs, params.id, { kind: 'decline', reason: body.reason }),
        params.id,
      ),
  })

  async function choose(db: Db | Tx, asked: { level: number; districtId?: string }, now: number) {
    const level = await chooseLevel(db, asked.level)
    if (isRefusal(level)) return level
    const districtId: OrganisationId | Refusal = await chooseDistrict(db, needs, asked.districtId, now)
    return isRefusal(districtId) ? districtId : { districtId, level }
  }
}

/** Why an officer cannot come is between the officer and those who command: it may be an illness. */
function maySeeReason(actor: ActorContext, organisationId: string | null): boolean {
  return actor.mayFor('board.read-reasons', organisationId)
}

function orderAnswer(stored: StoredActivation | Refusal, id: string): Answer | Refusal {
  return isRefusal(stored) ? stored : { body: orderJson(stored.activation.orders.get(id as OrderId)!) }
}
