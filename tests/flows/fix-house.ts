import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ACCESS,
  type Carrier,
  type GuardedPlace,
  type UnitOnForce,
} from '../../capabilities/location/core/index.ts'
import { handOut, registerDevice, type NewDevice } from '../../capabilities/location/server/devices.ts'
import { openLocation } from '../../capabilities/location/server/location.ts'
import type { Location } from '../../capabilities/location/server/room.ts'
import { passFixes } from '../../flows/fix.ts'
import { destination } from '../../foundation/core/geo.ts'
import type { Role } from '../../foundation/core/access.ts'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { FOUNDATION_ACCESS } from '../../foundation/server/access.ts'
import { inTransaction, type Database } from '../../foundation/server/db.ts'
import { buildApp } from '../../foundation/server/http/app.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { newSecret, openSecretBox } from '../../foundation/server/identity/secrets.ts'
import { createAccount, issueToken } from '../../foundation/server/identity/store.ts'
import { startPublisher } from '../../foundation/server/outbox/publisher.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'

export const NOON = Date.UTC(2026, 4, 1, 4) // 12:00 in Shanghai
export const HOME = { lon: 121.5, lat: 31.2 }
export const at = (seconds: number) => NOON + seconds * 1000
/** A fix of our own batch, so many seconds from noon and metres east of home. */
export const fixAt = (seconds: number, metresEast = 0, more: object = {}) => ({
  fixedAt: at(seconds),
  ...destination(HOME, 90, metresEast),
  ...more,
})

/** A unit with one phone, new for each test, and what the database says of it. */
export interface Phone {
  readonly unitId: string
  readonly code: string
  readonly id: string
  readonly number: number
  readonly secret: string
  osmand(query: Record<string, string | number>, key?: string): Promise<LightMyRequestResponse>
  batch(fixes: unknown[], secret?: string): Promise<LightMyRequestResponse>
  stored(): Promise<{ fixed_at: number; flags: number }[]>
  latest(): Promise<{ fixed_at: number; lon: number } | undefined>
  counted(): Promise<Record<string, number>>
}

/** The room of positions on a real database, with a clock, units and key places that the test sets. */
export interface FixHouse {
  now: number
  units: UnitOnForce[]
  places: GuardedPlace[]
  readonly database: Database
  readonly testDatabase: TestDatabase
  app: FastifyInstance
  location: Location
  /** Sets the clock to noon and the force to one unit that carries a new phone. */
  newPhone(): Promise<Phone>
  register(
    device: Partial<NewDevice> & { code: string },
    carrier?: Carrier,
  ): Promise<{ id: string; number: number; secret: string }>
  tokenOf(...roles: Role[]): Promise<string>
  /** Closes the room and opens it anew on the same database, as after a stop. */
  restart(flow?: typeof passFixes): Promise<void>
  rows<T extends object>(text: string, values?: unknown[]): Promise<T[]>
  close(): Promise<void>
}

const unitNamed = (id: string): UnitOnForce =>
  ({
    unitId: id,
    organisationId: 'o1',
    callSign: `巡${id}`,
    status: 'patrolling',
    vehicleId: null,
    leaderOfficerId: null,
    memberOfficerIds: [],
  }) as unknown as UnitOnForce

export async function openFixHouse(): Promise<FixHouse> {
  const testDatabase = await freshDatabase()
  const database = testDatabase.open({ poolSize: 8 })
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-fix-'))
  const house = { now: NOON, units: [] as UnitOnForce[], places: [] as GuardedPlace[] }

  async function open(flow: typeof passFixes) {
    const location = await openLocation({
      database,
      now: () => house.now,
      flow: (rooms) => flow(rooms),
      units: async () => house.units,
      guardedPlaces: async () => house.places,
      carrierOrganisation: async (carrier) =>
        carrier.kind === 'unit'
          ? (house.units.find((unit) => unit.unitId === carrier.unitId)?.organisationId ?? null)
          : 'o1',
      timeZone: () => 'Asia/Shanghai',
    })
    const app = await buildApp({
      database,
      outbox: (built) => startPublisher(database, built.log),
      rules: [...FOUNDATION_ACCESS, ...ACCESS],
      organisationTree: async () =>
        new Map([
          ['o1', null],
          ['o2', null],
        ]),
      secrets: openSecretBox(join(folder, 'secret.key')),
      setupToken: () => null,
      now: () => house.now,
      consoleFolder: null,
      logLevel: process.env['LOG_LEVEL'] ?? 'silent',
    })
    location.register(app)
    await app.ready()
    return { location, app }
  }
  async function shut() {
    await fixHouse.location.close()
    await fixHouse.app.outbox.stop()
    await fixHouse.app.close()
  }

  let phones = 0
  async function newPhone(): Promise<Phone> {
    const unitId = `u${++phones}`
    const code = `phone-${phones}`
    house.now = NOON
    house.units = [unitNamed(unitId)]
    const { id, number, secret } = await fixHouse.register(
      { code },
      { kind: 'unit', unitId: house.units[0]!.unitId },
    )
    return {
      ...{ unitId, code, id, number, secret },
      osmand: (query, key = secret) =>
        fixHouse.app.inject({
          method: 'GET',
          url: '/positions/osmand',
          query: {
            id: code,
            key,
            ...Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
          },
        }),
      batch: (fixes, of = secret) =>
        fixHouse.app.inject({
          method: 'POST',
          url: '/positions/batch',
          headers: { authorization: `Bearer ${of}` },
          payload: { fixes },
        }),
      stored: () =>
        fixHouse.rows('select fixed_at, flags from fix where device_number = $1 order by fixed_at', [number]),
      latest: async () =>
        (
          await fixHouse.rows<{ fixed_at: number; lon: number }>(
            'select fixed_at, lon from latest_position where device_number = $1',
            [number],
          )
        )[0],
      async counted() {
        await fixHouse.location.counters.flush(house.now)
        const rows = await fixHouse.rows<{ cause: string; count: number }>(
          'select cause, count from fix_count where device_number = $1',
          [number],
        )
        return Object.fromEntries(rows.map((row) => [row.cause, row.count]))
      },
    }
  }

  let callers = 0
  const fixHouse: FixHouse = Object.assign(house, {
    database,
    testDatabase,
    newPhone,
    ...(await open(passFixes)),
    async register(given: Partial<NewDevice> & { code: string }, carrier?: Carrier) {
      const actor = systemContext('test', house.now)
      const made = await inTransaction(database.db, async (tx) => {
        const registered = await registerDevice(tx, actor, { name: given.code, kind: 'phone', ...given })
        if (isRefusal(registered)) throw new Error(registered.refused)
        if (carrier) await handOut(tx, actor, registered.device.id, carrier, () => null)
        return registered
      })
      await fixHouse.location.regroup()
      return { id: made.device.id, number: made.device.number, secret: made.secret }
    },
    async tokenOf(...roles: Role[]) {
      const secret = newSecret()
      await inTransaction(database.db, async (tx) => {
        const grants = roles.map((role) => ({ role, organisationId: null }))
        const account = {
          username: `caller${++callers}`,
          name: 'caller',
          kind: 'service',
          passwordHash: null,
          grants,
        } as const
        const id = await createAccount(tx, account, house.now)
        if (isRefusal(id)) throw new Error(id.refused)
        await issueToken(tx, { accountId: id, label: 'test', secret, now: house.now, expiresAt: null })
      })
      return secret
    },
    async restart(flow: typeof passFixes = passFixes) {
      await shut()
      Object.assign(fixHouse, await open(flow))
    },
    async rows<T extends object>(text: string, values: unknown[] = []) {
      return (await database.pool.query<T>(text, values)).rows
    },
    async close() {
      await shut()
      await testDatabase.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  })
  return fixHouse
}
