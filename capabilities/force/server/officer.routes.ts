import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import type { Officer, OfficerId } from '../core/index.ts'
import { callDuty, changePost } from './commands.ts'
import { insertOfficer, removeOfficer, updateOfficer } from './register.store.ts'
import type { ForceNeeds } from './needs.ts'
import {
  ById,
  Id,
  OfficerBody,
  OfficerChange,
  OfficerPersonSchema,
  OfficerSchema,
  PostSchema,
  officerJson,
} from './schemas.ts'
import {
  findOfficer,
  findOrganisation,
  listOfficerPersons,
  listOfficers,
  listUnitsOfOfficers,
  lockOfficer,
  searchOfficers,
} from './store.ts'

const DutySchema = Type.Union([Type.Literal('on'), Type.Literal('off')])

/** Officers: the register, duty, foot posts. Names and telephones are read by one route, and each reading is kept. */
export function registerOfficerRoutes(app: FastifyInstance, needs: ForceNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/officers',
    summary: 'All officers without names and telephones',
    permission: 'force.read',
    schema: { response: Type.Object({ officers: Type.Array(OfficerSchema) }) },
    handle: async () => ({ body: { officers: (await listOfficers(app.db)).map(officerJson) } }),
  })

  route(app, {
    method: 'GET',
    url: '/api/officer-persons',
    summary: 'Names and telephones of the officers within scope; the reading is written to the audit log',
    permission: 'force.read-persons',
    personal: { subjectKind: 'officer' },
    schema: { response: Type.Object({ officers: Type.Array(OfficerPersonSchema) }) },
    handle: async (actor) => ({
      body: { officers: await listOfficerPersons(app.db, actor.scopeOf('force.read-persons')) },
    }),
  })

  route(app, {
    method: 'GET',
    url: '/api/officer-names',
    summary:
      'Badge numbers and names of at most twenty officers: those that hold the words, or the one with the id; each reading is written to the audit log',
    permission: 'force.find-officers',
    personal: { subjectKind: 'officer' },
    schema: {
      querystring: Type.Object({
        q: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
        id: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
      }),
      response: Type.Object({
        officers: Type.Array(Type.Object({ id: Id, badgeNumber: Type.String(), name: Type.String() })),
      }),
    },
    async handle(_actor, { query }) {
      const words = query.q?.trim() ?? ''
      if (query.id === undefined && words === '') return refuse('text-required', { field: 'q' })
      const sought = query.id === undefined ? { words } : { id: query.id }
      return { body: { officers: await searchOfficers(app.db, sought) } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/officers/:id',
    summary: 'One officer without name and telephone',
    permission: 'force.read',
    schema: { params: ById, response: OfficerSchema },
    async handle(_actor, { params }) {
      const officer = await findOfficer(app.db, params.id)
      return officer
        ? { etag: officer.version, body: officerJson(officer), headers: { 'cache-control': 'no-cache' } }
        : refuse('not-found', { detail: { officerId: params.id } })
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/officers',
    summary: 'Adds an officer; off duty until the roll is called',
    permission: 'force.manage',
    schema: { body: OfficerBody, response: OfficerSchema },
    async handle(tx, actor, { body }) {
      const fault = await organisationFault(tx, actor, body.organisationId)
      if (fault) return fault
      const id = await insertOfficer(tx, { skills: [], phone: null, ...body }, actor.now)
      await recordChange(tx, actor, 'force.add-officer', id, body.organisationId)
      const officer = (await findOfficer(tx, id))!
      return { status: 201, etag: officer.version, body: officerJson(officer) }
    },
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/officers/:id',
    summary: 'Changes an officer’s record',
    permission: 'force.manage',
    schema: { params: ById, body: OfficerChange, response: OfficerSchema },
    async handle(tx, actor, { params, body, ifMatch }) {
      const officer = await mine(tx, actor, params.id, ifMatch)
      if (isRefusal(officer)) return officer
      if (body.organisationId !== undefined && body.organisationId !== officer.organisationId) {
        const fault = await organisationFault(tx, actor, body.organisationId)
        if (fault) return fault
        const unitId = (await listUnitsOfOfficers(tx, [officer.id])).get(officer.id)
        if (unitId) return refuse('officer-in-unit', { field: 'organisationId', detail: { unitId } })
      }
      await updateOfficer(tx, officer.id, body, officer.version)
      await recordChange(
        tx,
        actor,
        'force.change-officer',
        officer.id,
        officer.organisationId,
        Object.keys(body),
      )
      const changed = (await findOfficer(tx, officer.id))!
      return { etag: changed.version, body: officerJson(changed) }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/officers/:id',
    summary: 'Takes an officer off the register; the history stays',
    permission: 'force.manage',
    schema: { params: ById, response: Type.Null() },
    async handle(tx, actor, { params, ifMatch }) {
      const officer = await mine(tx, actor, params.id, ifMatch)
      if (isRefusal(officer)) return officer
      const unitId = (await listUnitsOfOfficers(tx, [officer.id])).get(officer.id)
      if (unitId) return refuse('officer-in-unit', { detail: { unitId } })
      if (officer.duty === 'on') return refuse('officer-on-duty', { detail: { officerId: officer.id } })
      await removeOfficer(tx, officer.id, actor.now)
      await recordChange(tx, actor, 'force.remove-officer', officer.id, officer.organisationId)
      return {}
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/officers/:id/duty',
    summary: 'Calls one officer on or off duty',
    permission: 'force.call-duty',
    schema: { params: ById, body: Type.Object({ duty: DutySchema }), response: OfficerSchema },
    async handle(tx, actor, { params, body }) {
      const outcome = await callDuty(tx, actor, [params.id], body.duty)
      if (isRefusal(outcome)) return outcome
      return { body: officerJson((await findOfficer(tx, params.id))!) }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/roll-calls',
    summary: 'Calls many officers on or off duty at once; all of them or none',
    permission: 'force.call-duty',
    schema: {
      body: Type.Object({
        duty: DutySchema,
        officerIds: Type.Array(Id, { minItems: 1, maxItems: 5000 }),
      }),
      response: Type.Object({
        changedOfficerIds: Type.Array(Id),
        unchangedOfficerIds: Type.Array(Id),
      }),
    },
    async handle(tx, actor, { body }) {
      const outcome = await callDuty(tx, actor, body.officerIds, body.duty)
      return isRefusal(outcome) ? outcome : { body: outcome }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/officers/:id/post',
    summary: 'Puts an officer on a foot post on the street, or takes the officer off it',
    permission: 'force.call-duty',
    schema: { params: ById, body: Type.Object({ post: PostSchema }), response: OfficerSchema },
    async handle(tx, actor, { params, body }) {
      const officer = await lockOfficer(tx, params.id)
      if (!officer) return refuse('not-found', { detail: { officerId: params.id } })
      if (!actor.mayFor('force.call-duty', officer.organisationId)) return outOfScope(officer.organisationId)
      const isOut = await needs.isOut(tx)
      const changed = await changePost(tx, actor, { officerId: officer.id, post: body.post }, isOut)
      return isRefusal(changed) ? changed : { body: officerJson((await findOfficer(tx, officer.id))!) }
    },
  })
}

const outOfScope = (organisationId: string) =>
  refuse('out-of-scope', { field: 'organisationId', detail: { organisationId } })

async function mine(tx: Tx, actor: ActorContext, id: string, ifMatch: number | null) {
  const officer: Officer | null = await lockOfficer(tx, id)
  if (!officer) return refuse('not-found', { detail: { officerId: id } })
  const stale = matchVersion(ifMatch, officer.version)
  if (stale) return stale
  return actor.mayFor('force.manage', officer.organisationId) ? officer : outOfScope(officer.organisationId)
}

async function organisationFault(tx: Tx, actor: ActorContext, organisationId: string) {
  if (!(await findOrganisation(tx, organisationId)))
    return refuse('organisation-unknown', { field: 'organisationId', detail: { organisationId } })
  return actor.mayFor('force.manage', organisationId) ? null : outOfScope(organisationId)
}

/** The audit entry names the fields that were changed, not what is in them: names stay in one place. */
async function recordChange(
  tx: Tx,
  actor: ActorContext,
  action: string,
  officerId: OfficerId,
  organisationId: string,
  fields?: readonly string[],
): Promise<void> {
  await writeAudit(tx, actor, {
    action,
    subjectKind: 'officer',
    subjectId: officerId,
    detail: { organisationId, ...(fields ? { fields } : {}) },
  })
  await announce(tx, {
    topic: 'officer.changed',
    subjectId: officerId,
    organisationId: null,
    permission: 'force.read',
    at: actor.now,
    data: { officerIds: [officerId], organisationId },
  })
}
