import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import {
  isLoanActive,
  type OfficerId,
  type StatusSource,
  type Unit,
  type UnitId,
  type UnitStatus,
} from '../core/index.ts'
import { changeUnitStatus } from './commands.ts'
import { changeUnit, dissolveUnit, enlistUnit } from './crews.ts'
import type { ForceNeeds } from './needs.ts'
import {
  ById,
  OrganisationIdSchema,
  StatusChangeSchema,
  UnitBody,
  UnitChange,
  UnitSchema,
  UnitStatusSchema,
  statusChangeJson,
  unitJson,
} from './schemas.ts'
import { listOpenLoans } from './loan.store.ts'
import { findUnit, findVehicle, listStatusChanges, listUnits, lockUnit } from './store.ts'

/** Units: what they are made of, and the one tap that says what they do. */
export function registerUnitRoutes(app: FastifyInstance, needs: ForceNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/units',
    summary: 'All units of all departments; filters narrow it only when given',
    permission: 'force.read',
    schema: {
      querystring: Type.Object({
        organisationId: Type.Optional(OrganisationIdSchema),
        status: Type.Optional(UnitStatusSchema),
      }),
      response: Type.Object({ units: Type.Array(UnitSchema) }),
    },
    async handle(actor, { query }) {
      const loans = await listOpenLoans(app.db, actor.now)
      const units = (await listUnits(app.db)).map((unit) => unitJson(unit, loans, actor.now))
      return {
        body: {
          units: units.filter(
            (unit) =>
              (query.status === undefined || unit.status === query.status) &&
              (query.organisationId === undefined ||
                unit.organisationId === query.organisationId ||
                unit.servingOrganisationId === query.organisationId),
          ),
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/units/:id',
    summary: 'One unit',
    permission: 'force.read',
    schema: { params: ById, response: UnitSchema },
    async handle(actor, { params }) {
      const unit = await findUnit(app.db, params.id)
      if (!unit) return refuse('not-found', { detail: { unitId: params.id } })
      return {
        etag: unit.version,
        body: unitJson(unit, await listOpenLoans(app.db, actor.now), actor.now),
        headers: { 'cache-control': 'no-cache' },
      }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/units',
    summary: 'Sets up a unit with its crew; it is off duty at first',
    permission: 'force.manage',
    schema: { body: UnitBody, response: UnitSchema },
    async handle(tx, actor, { body }) {
      const fault = actor.mayFor('force.manage', body.organisationId)
        ? await vehicleFault(tx, actor, body.vehicleId ?? null)
        : outOfScope(body.organisationId)
      if (fault) return fault
      const unit = await enlistUnit(tx, actor, {
        leaderOfficerId: null,
        vehicleId: null,
        memberOfficerIds: [],
        skills: [],
        equipment: [],
        ...body,
      })
      return isRefusal(unit) ? unit : { status: 201, etag: unit.version, body: unitJson(unit, [], actor.now) }
    },
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/units/:id',
    summary: 'Changes call sign, crew, leader, vehicle, skills or equipment',
    permission: 'force.manage',
    schema: { params: ById, body: UnitChange, response: UnitSchema },
    async handle(tx, actor, { params, body, ifMatch }) {
      const unit = await lockUnit(tx, params.id)
      if (!unit) return refuse('not-found', { detail: { unitId: params.id } })
      const stale = matchVersion(ifMatch, unit.version)
      if (stale) return stale
      const loans = await listOpenLoans(tx, actor.now)
      // The borrower crews a unit that it has on loan; what the unit is stays its home's word.
      const holders = loans
        .filter((loan) => loan.subject.kind === 'unit' && loan.subject.unitId === unit.id)
        .filter((loan) => isLoanActive(loan, actor.now))
        .map((loan) => loan.toOrganisationId)
      const isHome = actor.mayFor('force.manage', unit.organisationId)
      if (!isHome && !holders.some((id) => actor.mayFor('force.manage', id)))
        return outOfScope(unit.organisationId)
      if (!isHome && HOMES_WORD.some((field) => body[field] !== undefined && body[field] !== unit[field]))
        return outOfScope(unit.organisationId)
      if (body.organisationId !== undefined && !actor.mayFor('force.manage', body.organisationId))
        return outOfScope(body.organisationId)
      if (body.vehicleId !== undefined && body.vehicleId !== unit.vehicleId) {
        const fault = await vehicleFault(tx, actor, body.vehicleId)
        if (fault) return fault
      }
      const changed = await changeUnit(tx, actor, unit, { ...unit, ...body })
      return isRefusal(changed)
        ? changed
        : { etag: changed.version, body: unitJson(changed, loans, actor.now) }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/units/:id',
    summary: 'Takes a unit off the board; its history stays',
    permission: 'force.manage',
    schema: { params: ById, response: Type.Null() },
    async handle(tx, actor, { params, ifMatch }) {
      const unit = await lockUnit(tx, params.id)
      if (!unit) return refuse('not-found', { detail: { unitId: params.id } })
      const stale = matchVersion(ifMatch, unit.version)
      if (stale) return stale
      if (!actor.mayFor('force.manage', unit.organisationId)) return outOfScope(unit.organisationId)
      return (await dissolveUnit(tx, actor, unit)) ?? {}
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/units/:id/status',
    summary: 'Takes a unit one step along the status chain',
    permission: 'force.set-status',
    schema: {
      params: ById,
      body: Type.Object({
        status: UnitStatusSchema,
        /** The status the sender sees; refused when it has moved on. */
        from: Type.Optional(UnitStatusSchema),
        cause: Type.Optional(Type.String({ maxLength: 500 })),
      }),
      response: Type.Object({
        unit: UnitSchema,
        rule: Type.String(),
      }),
    },
    async handle(tx, actor, { params, body }) {
      const unit = await lockUnit(tx, params.id)
      if (!unit) return refuse('not-found', { detail: { unitId: params.id } })
      const source = sourceOf(actor, unit)
      if (isRefusal(source)) return source
      if (body.from !== undefined && body.from !== unit.status)
        return refuse('unit-status-moved-on', {
          field: 'from',
          detail: { expected: body.from, status: unit.status },
        })
      const held = FOLLOWED_BY_ASSIGNMENT.includes(body.status) ? null : await needs.commitmentOf(tx, unit.id)
      if (held) return refuse('unit-has-assignment', { detail: { unitId: unit.id, ...held } })
      const step = await changeUnitStatus(tx, actor, {
        unitId: unit.id,
        status: body.status,
        source,
        cause: body.cause ?? null,
      })
      if (isRefusal(step)) return step
      const now = (await findUnit(tx, unit.id))!
      return {
        body: {
          unit: unitJson(now, await listOpenLoans(tx, actor.now), actor.now),
          rule: step.id,
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/units/:id/status-changes',
    summary: 'The status chain of a unit with times, newest first',
    permission: 'force.read',
    personal: {
      subjectKind: 'unit',
      subjectId: ({ params }) => params.id,
      againAfterSeconds: AGAIN_AFTER_SECONDS,
    },
    schema: {
      params: ById,
      querystring: Type.Object({
        cursor: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      }),
      response: Type.Object({
        changes: Type.Array(StatusChangeSchema),
        nextCursor: Type.Union([Type.Integer(), Type.Null()]),
      }),
    },
    async handle(_actor, { params, query }) {
      const limit = query.limit ?? 100
      const changes = await listStatusChanges(app.db, params.id, query.cursor ?? null, limit)
      return {
        body: {
          changes: changes.map(statusChangeJson),
          nextCursor: changes.length === limit ? changes.at(-1)!.id : null,
        },
      }
    },
  })
}

/**
 * What a unit with an assignment may still say: its assignment follows (flows/incident.ts), a breakdown included.
 * Anything else would leave an incident without the unit that it counts on, unseen.
 */
const FOLLOWED_BY_ASSIGNMENT: readonly UnitStatus[] = ['en-route', 'on-scene', 'patrolling', 'out-of-service']

/** What a unit is, and not who is in it. */
const HOMES_WORD = ['organisationId', 'callSign', 'kind', 'vehicleId'] as const

/** Who said each status is on the page: names, so its reading is kept, once in so long. */
const AGAIN_AFTER_SECONDS = 600

/** A unit takes a vehicle of the actor's own scope; one that is not known is the register's to refuse. */
async function vehicleFault(tx: Tx, actor: ActorContext, vehicleId: string | null): Promise<Refusal | null> {
  const vehicle = vehicleId === null ? null : await findVehicle(tx, vehicleId)
  return vehicle && !actor.mayFor('force.manage', vehicle.organisationId)
    ? refuse('out-of-scope', { field: 'vehicleId', detail: { organisationId: vehicle.organisationId } })
    : null
}

const outOfScope = (organisationId: string) =>
  refuse('out-of-scope', { field: 'organisationId', detail: { organisationId } })

/**
 * The command room within its scope, else a machine that speaks for units (a terminal in the car), else the crew
 * itself; anybody else is refused.
 */
function sourceOf(actor: ActorContext, unit: Unit): StatusSource | Refusal {
  if (actor.mayFor('force.command-status', unit.organisationId)) return 'dispatcher'
  if (actor.mayFor('force.speak-for-units', unit.organisationId)) return 'unit'
  const isCrew = actor.officerId !== null && unit.memberOfficerIds.includes(actor.officerId as OfficerId)
  return isCrew ? 'unit' : refuse('out-of-scope', { detail: { unitId: unit.id as UnitId } })
}
