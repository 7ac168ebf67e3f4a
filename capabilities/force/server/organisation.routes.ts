import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { decideParent, type OrganisationId } from '../core/index.ts'
import {
  deleteOrganisation,
  findUnitOfVehicle,
  insertOrganisation,
  insertVehicle,
  isOrganisationEmpty,
  removeVehicle,
  updateOrganisation,
  updateVehicle,
  type OrganisationEntry,
} from './register.store.ts'
import {
  ById,
  OrganisationBody,
  OrganisationChange,
  OrganisationSchema,
  VehicleBody,
  VehicleChange,
  VehicleSchema,
  organisationJson,
  vehicleJson,
} from './schemas.ts'
import { findOfficer, findOrganisation, findVehicle, listOrganisations, listVehicles } from './store.ts'

/** The tree of organisations, and the vehicles that belong to them. */
export function registerOrganisationRoutes(app: FastifyInstance): void {
  route(app, {
    method: 'GET',
    url: '/api/organisations',
    summary: 'Every organisation; the tree is in `parentId`',
    permission: 'force.read-organisations',
    schema: { response: Type.Object({ organisations: Type.Array(OrganisationSchema) }) },
    handle: async () => ({
      body: { organisations: (await listOrganisations(app.db)).map(organisationJson) },
    }),
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/organisations',
    summary: 'Adds an organisation',
    permission: 'force.manage-organisations',
    schema: { body: OrganisationBody, response: OrganisationSchema },
    async handle(tx, actor, { body }) {
      const entry = { position: null, dutyCommanderOfficerId: null, ...body }
      const fault = await organisationFault(tx, '' as OrganisationId, entry)
      if (fault) return fault
      const id = await insertOrganisation(tx, entry)
      await recordChange(tx, actor, 'force.add-organisation', 'organisation', id)
      return { status: 201, etag: 1, body: organisationJson((await findOrganisation(tx, id))!) }
    },
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/organisations/:id',
    summary: 'Changes an organisation: names, place in the tree, duty commander',
    permission: 'force.manage-organisations',
    schema: { params: ById, body: OrganisationChange, response: OrganisationSchema },
    async handle(tx, actor, { params, body, ifMatch }) {
      const organisation = await findOrganisation(tx, params.id)
      if (!organisation) return refuse('not-found', { detail: { organisationId: params.id } })
      const stale = matchVersion(ifMatch, organisation.version)
      if (stale) return stale
      const changed = { ...organisation, ...body }
      const fault = await organisationFault(tx, organisation.id, changed)
      if (fault) return fault
      await updateOrganisation(tx, { ...changed, id: organisation.id, version: organisation.version })
      await recordChange(tx, actor, 'force.change-organisation', 'organisation', organisation.id, body)
      const now = (await findOrganisation(tx, organisation.id))!
      return { etag: now.version, body: organisationJson(now) }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/organisations/:id',
    summary: 'Removes an organisation to which nothing has ever belonged',
    permission: 'force.manage-organisations',
    schema: { params: ById, response: Type.Null() },
    async handle(tx, actor, { params, ifMatch }) {
      const organisation = await findOrganisation(tx, params.id)
      if (!organisation) return refuse('not-found', { detail: { organisationId: params.id } })
      const stale = matchVersion(ifMatch, organisation.version)
      if (stale) return stale
      if (!(await isOrganisationEmpty(tx, organisation.id)))
        return refuse('organisation-not-empty', { detail: { organisationId: organisation.id } })
      await deleteOrganisation(tx, organisation.id)
      await recordChange(tx, actor, 'force.remove-organisation', 'organisation', organisation.id)
      return {}
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/vehicles',
    summary: 'All vehicles',
    permission: 'force.read',
    schema: { response: Type.Object({ vehicles: Type.Array(VehicleSchema) }) },
    handle: async () => ({ body: { vehicles: (await listVehicles(app.db)).map(vehicleJson) } }),
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/vehicles',
    summary: 'Adds a vehicle',
    permission: 'force.manage',
    schema: { body: VehicleBody, response: VehicleSchema },
    async handle(tx, actor, { body }) {
      const fault = await ownerFault(tx, actor, body.organisationId)
      if (fault) return fault
      const id = await insertVehicle(tx, body)
      await recordChange(tx, actor, 'force.add-vehicle', 'vehicle', id)
      return { status: 201, etag: 1, body: vehicleJson((await findVehicle(tx, id))!) }
    },
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/vehicles/:id',
    summary: 'Changes a vehicle',
    permission: 'force.manage',
    schema: { params: ById, body: VehicleChange, response: VehicleSchema },
    async handle(tx, actor, { params, body, ifMatch }) {
      const vehicle = await mine(tx, actor, params.id, ifMatch)
      if (isRefusal(vehicle)) return vehicle
      if (body.organisationId !== undefined) {
        const fault = await ownerFault(tx, actor, body.organisationId)
        if (fault) return fault
      }
      await updateVehicle(tx, { ...vehicle, ...body, id: vehicle.id, version: vehicle.version })
      await recordChange(tx, actor, 'force.change-vehicle', 'vehicle', vehicle.id, body)
      const now = (await findVehicle(tx, vehicle.id))!
      return { etag: now.version, body: vehicleJson(now) }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/vehicles/:id',
    summary: 'Takes a vehicle off the register',
    permission: 'force.manage',
    schema: { params: ById, response: Type.Null() },
    async handle(tx, actor, { params, ifMatch }) {
      const vehicle = await mine(tx, actor, params.id, ifMatch)
      if (isRefusal(vehicle)) return vehicle
      const user = await findUnitOfVehicle(tx, vehicle.id)
      if (user)
        return refuse('vehicle-in-other-unit', { detail: { unitId: user.id, callSign: user.callSign } })
      await removeVehicle(tx, vehicle.id, actor.now)
      await recordChange(tx, actor, 'force.remove-vehicle', 'vehicle', vehicle.id)
      return {}
    },
  })
}

async function mine(tx: Tx, actor: ActorContext, id: string, ifMatch: number | null) {
  const vehicle = await findVehicle(tx, id)
  if (!vehicle) return refuse('not-found', { detail: { vehicleId: id } })
  const stale = matchVersion(ifMatch, vehicle.version)
  if (stale) return stale
  return actor.mayFor('force.manage', vehicle.organisationId)
    ? vehicle
    : refuse('out-of-scope', { detail: { organisationId: vehicle.organisationId } })
}

async function ownerFault(tx: Tx, actor: ActorContext, organisationId: string) {
  if (!(await findOrganisation(tx, organisationId)))
    return refuse('organisation-unknown', { field: 'organisationId', detail: { organisationId } })
  return actor.mayFor('force.manage', organisationId)
    ? null
    : refuse('out-of-scope', { field: 'organisationId', detail: { organisationId } })
}

async function organisationFault(tx: Tx, id: OrganisationId, entry: OrganisationEntry) {
  const commander = entry.dutyCommanderOfficerId
  if (commander !== null && !(await findOfficer(tx, commander)))
    return refuse('officer-unknown', { field: 'dutyCommanderOfficerId', detail: { officerId: commander } })
  return decideParent(await listOrganisations(tx), id, entry.parentId)
}

async function recordChange(
  tx: Tx,
  actor: ActorContext,
  action: string,
  kind: 'organisation' | 'vehicle',
  id: string,
  change?: object,
): Promise<void> {
  await writeAudit(tx, actor, {
    action,
    subjectKind: kind,
    subjectId: id,
    ...(change ? { detail: change } : {}),
  })
  await announce(tx, {
    topic: `${kind}.changed`,
    subjectId: id,
    organisationId: null,
    permission: 'force.read',
    at: actor.now,
    data: { id },
  })
}
