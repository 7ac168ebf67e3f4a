import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { LEVELS } from '../../incident/core/index.ts'
import type { Assignment, AssignmentCommand, ReleaseCause } from '../core/index.ts'
import { adviseFor } from './candidates.ts'
import type { DispatchNeeds } from './needs.ts'
import { dispatch } from './orders.ts'
import {
  Anything,
  AssignmentShown,
  Cursor,
  Id,
  IdParams,
  Limit,
  Nullable,
  oneOf,
  Role,
  shownAssignment,
} from './schemas.ts'
import { takeStep } from './steps.ts'
import { listAssignments } from './store.ts'

const Reason = Type.String({ maxLength: 1000 })
const closed = { additionalProperties: false }

export function registerAssignmentRoutes(app: FastifyInstance, needs: DispatchNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/incidents/:id/recommendation',
    summary: 'Whom to send by road travel time, with reasons, flags, who cannot go, and what is missing',
    permission: 'dispatch.read',
    schema: {
      params: IdParams,
      querystring: Type.Object({
        level: Type.Optional(oneOf(LEVELS)),
        named: Type.Optional(
          Type.Array(Id, { maxItems: 100, description: 'Organisations that the commander names' }),
        ),
      }),
      response: Anything,
    },
    async handle(actor, { params, query }) {
      const incident = await needs.findIncident(app.db, params.id)
      if (!incident || !actor.mayFor('dispatch.read', incident.organisationId)) return refuse('not-found')
      const advice = await adviseFor(app.db, incident, needs, actor.now, {
        namedOrganisationIds: query.named ?? [],
        ...(query.level ? { level: query.level } : {}),
      })
      return { body: { ...advice } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/incidents/:id/dispatch',
    summary: 'Orders units to an incident, all or none; taking one from stand-by elsewhere needs a reason',
    permission: 'dispatch.order',
    schema: {
      params: IdParams,
      body: Type.Object(
        {
          unitIds: Type.Array(Id, { minItems: 1, maxItems: 500, uniqueItems: true }),
          role: Type.Optional(Role),
          reason: Type.Optional(Nullable(Reason)),
        },
        closed,
      ),
      response: Type.Object({ assignments: Type.Array(AssignmentShown) }),
    },
    async handle(tx, actor, { params, body }) {
      const order = { unitIds: body.unitIds, role: body.role ?? 'handle', reason: body.reason ?? null }
      const assignments = await dispatch(tx, actor, params.id, order, needs)
      return isRefusal(assignments)
        ? assignments
        : { status: 201, body: { assignments: assignments.map(shownAssignment) } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/assignments',
    summary: 'Assignments, latest first, by pages',
    permission: 'dispatch.read',
    schema: {
      querystring: Type.Object({
        incidentId: Type.Optional(Id),
        unitId: Type.Optional(Id),
        open: Type.Optional(Type.Boolean()),
        limit: Limit,
        cursor: Cursor,
      }),
      response: Type.Object({
        assignments: Type.Array(AssignmentShown),
        nextCursor: Nullable(Type.String()),
      }),
    },
    async handle(_actor, { query }) {
      const { cursor, limit = 1000, ...filter } = query
      const rows = await listAssignments(app.db, { ...filter, before: cursor ?? null, limit: limit + 1 })
      const page = rows.slice(0, limit)
      return {
        body: {
          assignments: page.map(shownAssignment),
          nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
        },
      }
    },
  })

  function step(verb: 'acknowledge' | 'depart' | 'arrive' | 'promote', summary: string): void {
    commandRoute(app, {
      method: 'POST',
      url: `/api/assignments/:id/${verb}`,
      summary,
      permission: verb === 'promote' ? 'dispatch.order' : 'dispatch.answer',
      schema: { params: IdParams, response: AssignmentShown },
      async handle(tx, actor, { params }) {
        const assignment = await takeStep(tx, actor, params.id, () => ({ do: verb }), needs)
        return isRefusal(assignment)
          ? assignment
          : { etag: assignment.version, body: shownAssignment(assignment) }
      },
    })
  }
  step('acknowledge', 'The crew has read the order')
  step('depart', 'The crew is on its way')
  step('arrive', 'The crew is on scene')
  step('promote', 'Sends a unit that stands by for this incident')

  commandRoute(app, {
    method: 'POST',
    url: '/api/assignments/:id/release',
    summary: 'The crew has cleared, or is taken off its task with a reason; it goes back to patrol',
    permission: 'dispatch.answer',
    schema: {
      params: IdParams,
      body: Type.Object(
        {
          cause: Type.Optional(oneOf(['cleared', 'recalled', 'unit-unavailable'])),
          reason: Type.Optional(Nullable(Reason)),
        },
        closed,
      ),
      response: AssignmentShown,
    },
    async handle(tx, actor, { params, body }) {
      const assignment = await takeStep(tx, actor, params.id, releaseBy(body), needs)
      return isRefusal(assignment)
        ? assignment
        : { etag: assignment.version, body: shownAssignment(assignment) }
    },
  })
}

/** Without a cause: a unit on scene has cleared, any other is recalled. */
function releaseBy({
  cause,
  reason,
}: {
  cause?: ReleaseCause
  reason?: string | null
}): (assignment: Assignment) => AssignmentCommand {
  return ({ state }) => ({
    do: 'release',
    cause: cause ?? (state === 'on-scene' ? 'cleared' : 'recalled'),
    reason: reason ?? null,
  })
}
