import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { servingOrganisation, servingOrganisationOfUnit } from '../../force/core/index.ts'
import { streetStrength } from '../core/index.ts'
import { registerActivationRoutes } from './activation.routes.ts'
import { changePatrolLevels, readPatrolLevels } from './levels.ts'
import type { BoardNeeds } from './needs.ts'
import {
  ActivationSummarySchema,
  PatrolLevelsBody,
  PatrolLevelsSchema,
  StrengthNamesSchema,
  StrengthSchema,
  levelsJson,
  strengthJson,
  summaryJson,
} from './schemas.ts'
import { listOpenActivations } from './store.ts'

/** The board: all forces on one page, street strength with its names behind it, levels and activations. */
export function registerBoardRoutes(app: FastifyInstance, needs: BoardNeeds): void {
  const readStrength = async (now: number) => {
    const { countingStatuses, normalTarget } = (await readPatrolLevels(app.db)).value
    const force = await needs.readForce(app.db, now)
    return { force, strength: streetStrength(force, { countingStatuses, target: normalTarget }, now) }
  }
  const etagOf = (body: unknown) =>
    createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)

  route(app, {
    method: 'GET',
    url: '/api/board',
    summary:
      'Every department on one board: organisations with their strength, units with crew, vehicle, status and last contact, officers without unit, loans',
    permission: 'board.read',
    schema: { response: BoardSchema },
    async handle(actor) {
      const { force, strength } = await readStrength(actor.now)
      const contacts = await needs.listContacts()
      const lineOf = new Map(strength.byOrganisation.map((line) => [line.organisationId, line]))
      const vehicleOf = new Map(force.vehicles.map((vehicle) => [vehicle.id, vehicle]))
      const officerOf = new Map(force.officers.map((officer) => [officer.id, officer]))
      const crewed = new Set(force.units.flatMap((unit) => unit.memberOfficerIds))
      const body = {
        total: strength.total,
        organisations: force.organisations.map(({ id, parentId, kind, nameZh, nameEn }) => ({
          id,
          parentId,
          kind,
          nameZh,
          nameEn,
          strength: lineOf.get(id)!,
        })),
        units: force.units.map((unit) => {
          const vehicle = unit.vehicleId === null ? undefined : vehicleOf.get(unit.vehicleId)
          const contactAt = contacts.get(unit.id)
          return {
            id: unit.id,
            callSign: unit.callSign,
            kind: unit.kind,
            homeOrganisationId: unit.organisationId,
            organisationId: servingOrganisationOfUnit(unit, force.loans, actor.now),
            status: unit.status,
            statusSinceAt: toIso(unit.statusSince),
            crew: unit.memberOfficerIds.flatMap((id) => {
              const officer = officerOf.get(id)
              if (!officer) return []
              const { badgeNumber, sworn, duty } = officer
              return [{ officerId: id, badgeNumber, sworn, duty, leads: id === unit.leaderOfficerId }]
            }),
            vehicle: vehicle ? { id: vehicle.id, plate: vehicle.plate, kind: vehicle.kind } : null,
            skills: unit.skills,
            equipment: unit.equipment,
            lastContactAt: contactAt === undefined ? null : toIso(contactAt),
          }
        }),
        officersWithoutUnit: force.officers
          .filter((officer) => !crewed.has(officer.id))
          .map((officer) => ({
            officerId: officer.id,
            badgeNumber: officer.badgeNumber,
            homeOrganisationId: officer.organisationId,
            organisationId: servingOrganisation(officer, null, force.loans, actor.now),
            sworn: officer.sworn,
            patrolCapable: officer.patrolCapable,
            duty: officer.duty,
            dutySinceAt: toIso(officer.dutySince),
            post: officer.post,
          })),
        loans: force.loans.map(({ id, subject, fromOrganisationId, toOrganisationId, startsAt, endsAt }) => ({
          id,
          subject,
          fromOrganisationId,
          toOrganisationId,
          startsAt: toIso(startsAt),
          endsAt: endsAt === null ? null : toIso(endsAt),
        })),
        openActivations: (await listOpenActivations(app.db)).map(summaryJson),
      }
      return { etag: etagOf(body), headers: { 'cache-control': 'no-cache' }, body }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/street-strength',
    summary: 'Officers on the street ÷ officers on duty and patrol-capable, each officer with the reason',
    permission: 'board.read',
    schema: { response: StrengthSchema },
    async handle(actor) {
      const { strength } = await readStrength(actor.now)
      const { at: _at, ...content } = strength
      return {
        etag: etagOf(content),
        headers: { 'cache-control': 'no-cache' },
        body: strengthJson(strength),
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/street-strength/names',
    summary: 'The same by name, names within scope only; the reading is written to the audit log',
    permission: 'board.read-names',
    personal: { subjectKind: 'officer' },
    schema: { response: StrengthNamesSchema },
    async handle(actor) {
      const { force, strength } = await readStrength(actor.now)
      const persons = await needs.listPersons(app.db, actor.scopeOf('board.read-names'))
      const nameOf = new Map(persons.map((person) => [person.id, person.name]))
      const badgeOf = new Map(force.officers.map((officer) => [officer.id, officer.badgeNumber]))
      return {
        body: {
          at: toIso(strength.at),
          officers: strength.officers.map((officer) => ({
            ...officer,
            badgeNumber: badgeOf.get(officer.officerId)!,
            name: nameOf.get(officer.officerId) ?? null,
          })),
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/patrol-levels',
    summary: 'Everyday target, statuses that count, and levels, as configured',
    permission: 'board.read-levels',
    schema: { response: PatrolLevelsSchema },
    async handle() {
      const levels = await readPatrolLevels(app.db)
      return { etag: levels.version, headers: { 'cache-control': 'no-cache' }, body: levelsJson(levels) }
    },
  })

  commandRoute(app, {
    method: 'PUT',
    url: '/api/patrol-levels',
    summary: 'Configures targets and levels; every fault is named with its place',
    permission: 'board.configure',
    schema: { body: PatrolLevelsBody, response: PatrolLevelsSchema },
    async handle(tx, actor, { body, ifMatch }) {
      if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
      const { countingStatuses, normalTarget, levels } = body
      const { organisations } = await needs.readForce(tx, actor.now)
      const proposed = { countingStatuses, normalTarget, levels }
      const written = await changePatrolLevels(tx, actor, proposed, ifMatch, organisations)
      return isRefusal(written) ? written : { etag: written.version, body: levelsJson(written) }
    },
  })

  registerActivationRoutes(app, needs)
}

const orNull = <T extends Parameters<typeof Type.Array>[0]>(schema: T) => Type.Union([schema, Type.Null()])
const Text = Type.String()
const Time = Type.String({ format: 'date-time' })
const Line = StrengthSchema.properties.total

const BoardSchema = Type.Object({
  total: Line,
  organisations: Type.Array(
    Type.Object({
      id: Text,
      parentId: orNull(Text),
      kind: Text,
      nameZh: Text,
      nameEn: Text,
      strength: Line,
    }),
  ),
  units: Type.Array(
    Type.Object({
      id: Text,
      callSign: Text,
      kind: Text,
      homeOrganisationId: Text,
      organisationId: Text,
      status: Text,
      statusSinceAt: Time,
      crew: Type.Array(
        Type.Object({
          officerId: Text,
          badgeNumber: Text,
          sworn: Type.Boolean(),
          duty: Text,
          leads: Type.Boolean(),
        }),
      ),
      vehicle: orNull(Type.Object({ id: Text, plate: Text, kind: Text })),
      skills: Type.Array(Text),
      equipment: Type.Array(Text),
      lastContactAt: orNull(Time),
    }),
  ),
  officersWithoutUnit: Type.Array(
    Type.Object({
      officerId: Text,
      badgeNumber: Text,
      homeOrganisationId: Text,
      organisationId: Text,
      sworn: Type.Boolean(),
      patrolCapable: Type.Boolean(),
      duty: Text,
      dutySinceAt: Time,
      post: Text,
    }),
  ),
  loans: Type.Array(
    Type.Object({
      id: Text,
      subject: Type.Object({
        kind: Text,
        officerId: Type.Optional(Text),
        unitId: Type.Optional(Text),
      }),
      fromOrganisationId: Text,
      toOrganisationId: Text,
      startsAt: Time,
      endsAt: orNull(Time),
    }),
  ),
  openActivations: Type.Array(ActivationSummarySchema),
})
