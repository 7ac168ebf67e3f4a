import type { FastifyInstance } from 'fastify'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ACCESS as DISPATCH_ACCESS } from '../../capabilities/dispatch/core/index.ts'
import { chase } from '../../capabilities/dispatch/server/jobs.ts'
import type { DispatchNeeds } from '../../capabilities/dispatch/server/needs.ts'
import { registerDispatchRoutes } from '../../capabilities/dispatch/server/routes.ts'
import { listOrganisationsAt } from '../../capabilities/dispatch/server/store.ts'
import { sendDueNotices } from '../../capabilities/dispatch/server/telling.ts'
import { type OrganisationKind, type UnitId, type UnitStatus } from '../../capabilities/force/core/index.ts'
import { changeUnitStatus } from '../../capabilities/force/server/commands.ts'
import { insertOrganisation, insertUnit } from '../../capabilities/force/server/register.store.ts'
import { findUnit, listServingUnits } from '../../capabilities/force/server/store.ts'
import { ACCESS as INCIDENT_ACCESS } from '../../capabilities/incident/core/index.ts'
import type { IncidentNeeds } from '../../capabilities/incident/server/commands.ts'
import { readResponsePlan } from '../../capabilities/incident/server/configuration.ts'
import { registerIncidentRoutes } from '../../capabilities/incident/server/routes.ts'
import {
  appendAdvice,
  appendUnitEvents,
  findForUpdate,
  findIncident,
} from '../../capabilities/incident/server/store.ts'
import { INCIDENT_FLOW, type IncidentFlowDeps } from '../../flows/incident.ts'
import type { Grant, Role } from '../../foundation/core/access.ts'
import { destination, type Position } from '../../foundation/core/geo.ts'
import { FOUNDATION_ACCESS } from '../../foundation/server/access.ts'
import { inTransaction, type Database } from '../../foundation/server/db.ts'
import { buildApp } from '../../foundation/server/http/app.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { newSecret, openSecretBox } from '../../foundation/server/identity/secrets.ts'
import { createAccount, issueToken } from '../../foundation/server/identity/store.ts'
import { startPublisher } from '../../foundation/server/outbox/publisher.ts'
import { bindFlow, startFlowRunner, type FlowRunner } from '../../foundation/server/outbox/runner.ts'
import { createRouter } from '../../solvers/routing/router.ts'
import { freshDatabase } from '../database.ts'

export const NOON = Date.UTC(2026, 4, 1, 4) // 12:00 in Shanghai
export const SQUARE: Position = { lon: 121.5, lat: 31.2 }
export const away = (metres: number, bearing = 90): Position => destination(SQUARE, bearing, metres)

/** What a citizen tells of a fight on the square, with whatever the test changes. */
export const citizenCall = (changes: object = {}) => ({
  origin: 'citizen',
  typeCode: '0201',
  summary: '广场有人打架',
  address: '站前广场',
  position: SQUARE,
  peopleCount: 4,
  ...changes,
})

export interface Reply {
  readonly status: number
  readonly etag: string | undefined
  // Tests read what they expect; a wrong guess fails on its own.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any
}

export interface Caller {
  get(url: string): Promise<Reply>
  post(url: string, body?: object, headers?: Record<string, string>): Promise<Reply>
  send(method: 'PUT' | 'PATCH', url: string, body: object, headers?: Record<string, string>): Promise<Reply>
}

export interface IncidentHouse {
  now: number
  readonly database: Database
  readonly app: FastifyInstance
  readonly needs: DispatchNeeds
  /** Ids of the organisations by their code. */
  readonly organisations: Readonly<Record<'bureau' | 'east' | 'west' | 'special', string>>
  /** Adds a unit on patrol, so many metres from the square; null has no position. */
  unit(
    callSign: string,
    organisation: 'bureau' | 'east' | 'west' | 'special',
    metres: number | null,
    skills?: string[],
  ): Promise<string>
  statusOf(unitId: string): Promise<UnitStatus>
  as(...grants: (Role | Grant)[]): Promise<Caller>
  /** Until every event has been run through the rows of the flow. */
  settled(): Promise<void>
  chase(): Promise<number>
  sendDueNotices(): Promise<void>
  stopFlows(): Promise<void>
  startFlows(): void
  rows<T extends object>(text: string, values?: unknown[]): Promise<T[]>
  close(): Promise<void>
}

/** Incident and dispatch on a real database with the real force, a clock that the test sets and straight roads. */
export async function openIncidentHouse(): Promise<IncidentHouse> {
  const testDatabase = await freshDatabase()
  const database = testDatabase.open({ poolSize: 12 })
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-incident-'))
  const clock = { now: NOON }
  const positions = new Map<string, Position>()
  const router = createRouter(null)
  const add = (code: string, kind: OrganisationKind) =>
    inTransaction(database.db, (tx) =>
      insertOrganisation(tx, {
        parentId: null,
        code,
        kind,
        nameZh: code,
        nameEn: code,
        position: null,
        dutyCommanderOfficerId: null,
      }),
    )
  const organisations = {
    bureau: await add('bureau', 'sub-bureau'),
    east: await add('east', 'station'),
    west: await add('west', 'station'),
    special: await add('special', 'special-patrol'),
  }

  const incident: IncidentNeeds = {
    timeZone: () => 'Asia/Shanghai',
    // West of the square is the western station's; farther than 20 km nobody's.
    findPlace: async (_db, { lon }) => ({
      organisationId:
        Math.abs(lon - SQUARE.lon) > 0.2
          ? null
          : lon < SQUARE.lon - 0.001
            ? organisations.west
            : organisations.east,
      keyPlaceId: null,
    }),
    organisationOfUnit: async (db, unitId) =>
      (await listServingUnits(db, house.now, [unitId]))[0]?.organisationId ?? null,
    organisationsAt: listOrganisationsAt,
  }
  const needs: DispatchNeeds = {
    listUnits: listServingUnits,
    crewOf: async (db, unitId) => (await findUnit(db, unitId))?.memberOfficerIds ?? [],
    positionOf(unitId) {
      const position = positions.get(unitId)
      return position ? { position, fixedAt: house.now - 5_000 } : null
    },
    travelToOne: (target, sources) => router.travelToOne(target, sources),
    findIncident,
    lockIncident: findForUpdate,
    appendUnitEvents,
    appendAdvice,
    responsePlan: readResponsePlan,
  }
  const flowDeps: IncidentFlowDeps = {
    now: () => house.now,
    incident,
    dispatch: needs,
    unitStatus: async (db, unitId) => (await findUnit(db, unitId as UnitId))?.status ?? null,
    setUnitStatus: (tx, actor, unitId, status, cause) =>
      changeUnitStatus(tx, actor, { unitId: unitId as UnitId, status, source: 'system', cause }),
  }

  const app = await buildApp({
    database,
    outbox: (built) => startPublisher(database, built.log),
    rules: [...FOUNDATION_ACCESS, ...INCIDENT_ACCESS, ...DISPATCH_ACCESS],
    organisationTree: async () => new Map(Object.values(organisations).map((id) => [id as string, null])),
    secrets: openSecretBox(join(folder, 'secret.key')),
    setupToken: () => null,
    now: () => house.now,
    consoleFolder: null,
    logLevel: process.env['LOG_LEVEL'] ?? 'silent',
  })
  registerIncidentRoutes(app, incident)
  registerDispatchRoutes(app, needs)
  await app.ready()
  let flows: FlowRunner | null = null
  let accounts = 0

  const house: IncidentHouse = Object.assign(clock, {
    database,
    app,
    needs,
    organisations,
    async unit(
      callSign: string,
      organisation: keyof typeof organisations,
      metres: number | null,
      skills: string[] = [],
    ) {
      const id = await inTransaction(database.db, async (tx) => {
        const entry = {
          organisationId: organisations[organisation],
          callSign,
          kind: 'car' as const,
          leaderOfficerId: null,
          vehicleId: null,
          skills,
          equipment: [],
        }
        const made = await insertUnit(tx, entry, house.now)
        await changeUnitStatus(tx, systemContext('test', house.now), {
          unitId: made,
          status: 'patrolling',
          source: 'dispatcher',
        })
        return made
      })
      if (metres !== null) positions.set(id, away(metres))
      return id as string
    },
    async statusOf(unitId: string) {
      return (await findUnit(database.db, unitId as UnitId))!.status
    },
    async as(...given: (Role | Grant)[]) {
      const secret = newSecret()
      const grants = given.map((grant) =>
        typeof grant === 'string' ? { role: grant, organisationId: null } : grant,
      )
      await inTransaction(database.db, async (tx) => {
        const account = {
          username: `caller-${++accounts}`,
          name: `值班员${accounts}`,
          kind: 'service',
          passwordHash: null,
          grants,
        } as const
        const id = await createAccount(tx, account, house.now)
        if (typeof id !== 'string') throw new Error(id.refused)
        await issueToken(tx, { accountId: id, label: 'test', secret, now: house.now, expiresAt: null })
      })
      const call = async (
        method: 'GET' | 'POST' | 'PUT' | 'PATCH',
        url: string,
        body?: object,
        headers: Record<string, string> = {},
      ) => {
        const reply = await app.inject({
          method,
          url,
          headers: { authorization: `Bearer ${secret}`, ...headers },
          ...(body ? { payload: body } : {}),
        })
        const isJson = /json/.test(String(reply.headers['content-type']))
        return {
          status: reply.statusCode,
          etag: reply.headers.etag as string | undefined,
          body: isJson ? reply.json() : reply.rawPayload,
        }
      }
      return {
        get: (url: string) => call('GET', url),
        post: (url: string, body: object = {}, headers: Record<string, string> = {}) =>
          call('POST', url, body, headers),
        send: (method: 'PUT' | 'PATCH', url: string, body: object, headers: Record<string, string> = {}) =>
          call(method, url, body, headers),
      }
    },
    settled: async () => flows?.settled(),
    chase: () => chase(database.db, needs, house.now),
    sendDueNotices: () => inTransaction(database.db, (tx) => sendDueNotices(tx, house.now)),
    async stopFlows() {
      await flows?.stop()
      flows = null
    },
    startFlows() {
      flows = startFlowRunner(
        database.db,
        bindFlow(INCIDENT_FLOW, flowDeps),
        app.outbox,
        app.log,
        () => house.now,
      )
    },
    rows: async <T extends object>(text: string, values: unknown[] = []) =>
      (await database.pool.query<T>(text, values)).rows,
    async close() {
      await flows?.stop()
      await app.outbox.stop()
      await app.close()
      await testDatabase.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  })
  house.startFlows()
  return house
}
