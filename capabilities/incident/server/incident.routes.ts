import type { FastifyInstance } from 'fastify'
import { Type, type Static, type TObject } from 'typebox'
import { isRefusal, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion } from '../../../foundation/server/http/route.ts'
import {
  noteSensitive,
  type Incident,
  type IncidentCommand,
  type IncidentDetails,
  type SensitiveTopic,
} from '../core/index.ts'
import { carryOut, merge, propose, type IncidentNeeds } from './commands.ts'
import { DetailsChange, Id, IdParams, IncidentShown, Level, Reason, shownIncident, Stage } from './schemas.ts'
import { SensitiveReason } from './sensitive.ts'
import { findIncident } from './store.ts'

const answer = (outcome: Incident | Refusal) =>
  isRefusal(outcome) ? outcome : { etag: outcome.version, body: shownIncident(outcome) }

/** An If-Match that is sent is kept; where it may be left out the rules themselves guard the state. */
const ifSent = (ifMatch: number | null) => (incident: Incident) =>
  ifMatch === null ? null : matchVersion(ifMatch, incident.version)

const closed = { additionalProperties: false }

export function registerIncidentCommandRoutes(app: FastifyInstance, needs: IncidentNeeds): void {
  /** One POST for one command; the body's `reason` goes into the audit entry as the reason. */
  function command<Body extends TObject>(
    verb: string,
    summary: string,
    permission: string,
    body: Body,
    commandOf: (body: Static<Body>) => IncidentCommand,
    more: {
      readonly prepare?: (tx: Tx, actor: ActorContext, incidentId: string) => Promise<void>
      /** The fields of free text: what must not be said of persons there has to be confirmed. */
      readonly texts?: (body: Static<Body>) => Readonly<Record<string, string>>
      readonly allows?: readonly SensitiveTopic[]
    } = {},
  ): void {
    commandRoute(app, {
      method: 'POST',
      url: `/api/incidents/:id/${verb}`,
      summary,
      permission,
      schema: {
        params: IdParams,
        body: more.texts
          ? (Type.Object({ ...body.properties, sensitiveReason: SensitiveReason }, closed) as unknown as Body)
          : body,
        response: IncidentShown,
      },
      async handle(tx, actor, input) {
        const given = input.body as Static<Body>
        await more.prepare?.(tx, actor, input.params.id)
        const { reason: told, sensitiveReason } = given as {
          reason?: unknown
          sensitiveReason?: string | null
        }
        const reason = typeof told === 'string' ? told : null
        const options = {
          permission,
          reason,
          before: ifSent(input.ifMatch),
          sensitive: noteSensitive(more.texts?.(given) ?? {}, sensitiveReason, more.allows),
          ...(permission === 'incident.record' ? { alsoTheirs: needs } : {}),
        }
        return answer(await carryOut(tx, actor, input.params.id, commandOf(given), options))
      },
    })
  }
  const withReason = Type.Object({ level: Level, reason: Reason }, closed)

  command(
    'confirm-level',
    'Confirms the proposed level, or overrides it with a reason',
    'incident.grade',
    Type.Object({ level: Level, reason: Type.Optional(Type.Union([Reason, Type.Null()])) }, closed),
    ({ level, reason }) => ({ do: 'confirm-level', level, reason: reason ?? null }),
    {
      async prepare(tx, actor, incidentId) {
        // Whoever is faster than the grading flow still decides on a proposal.
        const incident = await findIncident(tx, incidentId)
        if (incident && !incident.proposal) await propose(tx, actor, incidentId, needs)
      },
    },
  )
  command(
    'escalate',
    'Raises the level; stand-by orders follow by echelon',
    'incident.grade',
    withReason,
    ({ level, reason }) => ({
      do: 'escalate',
      level,
      reason,
    }),
  )
  command(
    'de-escalate',
    'Lowers the level; units no longer wanted are released',
    'incident.grade',
    withReason,
    ({ level, reason }) => ({
      do: 'de-escalate',
      level,
      reason,
    }),
  )
  command(
    'advance-stage',
    'Moves to another stage in their order; going back needs a reason',
    'incident.record',
    Type.Object({ stage: Stage, reason: Type.Optional(Type.Union([Reason, Type.Null()])) }, closed),
    ({ stage, reason }) => ({ do: 'advance-stage', stage, reason: reason ?? null }),
  )
  command(
    'notes',
    'Adds a note to the timeline',
    'incident.record',
    Type.Object({ text: Type.String({ maxLength: 4000 }) }, closed),
    ({ text }) => ({ do: 'add-note', text }),
    { texts: ({ text }) => ({ text }) },
  )
  command(
    'medical-help',
    'Records medical help on scene',
    'incident.record',
    Type.Object(
      {
        kind: Type.Enum(['called', 'first-aid', 'handed-to-ambulance']),
        people: Type.Integer({ minimum: 0, maximum: 10_000 }),
        note: Type.String({ maxLength: 2000 }),
      },
      closed,
    ),
    ({ kind, people, note }) => ({ do: 'record-medical-help', help: { kind, people, note } }),
    { texts: ({ note }) => ({ note }), allows: ['health'] },
  )
  command(
    'force-uses',
    'Records use of force with its justification',
    'incident.record',
    Type.Object(
      {
        kind: Type.Enum(['restraint', 'baton', 'spray', 'firearm-drawn', 'firearm-used', 'other']),
        unitId: Type.Union([Id, Type.Null()]),
        justification: Type.String({ maxLength: 4000 }),
        warning: Type.String({ maxLength: 2000 }),
      },
      closed,
    ),
    ({ kind, unitId, justification, warning }) => ({
      do: 'record-force',
      force: { kind, unitId, justification, warning },
    }),
    { texts: ({ justification, warning }) => ({ justification, warning }) },
  )
  command(
    'close',
    'Closes with a result; units are released',
    'incident.command',
    Type.Object(
      { dispositionCode: Type.String({ maxLength: 40 }), result: Type.String({ maxLength: 4000 }) },
      closed,
    ),
    ({ dispositionCode, result }) => ({ do: 'close', dispositionCode, result }),
    { texts: ({ result }) => ({ result }) },
  )
  command(
    'reopen',
    'Opens a closed or merged incident again',
    'incident.command',
    Type.Object({ reason: Reason }, closed),
    ({ reason }) => ({
      do: 'reopen',
      reason,
    }),
  )

  commandRoute(app, {
    method: 'POST',
    url: '/api/incidents/:id/merge',
    summary: 'Merges this incident into another one; its units go over to that one',
    permission: 'incident.command',
    schema: {
      params: IdParams,
      body: Type.Object({ intoId: Id, reason: Reason }, closed),
      response: IncidentShown,
    },
    handle: async (tx, actor, { params, body }) =>
      answer(
        await merge(tx, actor, params.id, body.intoId, {
          permission: 'incident.command',
          reason: body.reason,
        }),
      ),
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/incidents/:id',
    summary: 'Corrects the details; If-Match carries the version that was read',
    permission: 'incident.record',
    schema: { params: IdParams, body: DetailsChange, response: IncidentShown },
    async handle(tx, actor, { params, body, ifMatch }) {
      const { sensitiveReason, ...given } = body
      const changes = given as Partial<IncidentDetails>
      const finding = changes.position ? await needs.findPlace(tx, changes.position) : null
      return answer(
        await carryOut(
          tx,
          actor,
          params.id,
          { do: 'change-details', changes, finding },
          {
            permission: 'incident.record',
            before: (incident) => matchVersion(ifMatch, incident.version),
            sensitive: noteSensitive({ summary: changes.summary ?? '' }, sensitiveReason),
          },
        ),
      )
    },
  })
}
