import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { ACCESS, type DeviceId, type UnitOnForce } from '../../capabilities/location/core/index.ts'
import { openLocation } from '../../capabilities/location/server/location.ts'
import type { Location } from '../../capabilities/location/server/room.ts'
import { bind, insertDevice } from '../../capabilities/location/server/store.ts'
import { passFixes } from '../../flows/fix.ts'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { FOUNDATION_ACCESS } from '../../foundation/server/access.ts'
import { inTransaction, openDatabase } from '../../foundation/server/db.ts'
import { buildApp } from '../../foundation/server/http/app.ts'
import { newSecret, openSecretBox, secretHash } from '../../foundation/server/identity/secrets.ts'
import { createAccount, issueToken } from '../../foundation/server/identity/store.ts'
import { newId } from '../../foundation/server/ids.ts'
import { startTimers } from '../../foundation/server/jobs.ts'
import { createLiveHub } from '../../foundation/server/live/hub.ts'
import { registerLiveRoutes } from '../../foundation/server/live/routes.ts'
import { APP_ROLE, migrate } from '../../foundation/server/migrate.ts'
import { startPublisher } from '../../foundation/server/outbox/publisher.ts'
import { launchDatabase } from '../../foundation/server/postgres/launcher.ts'
import type { Sender } from './wire.ts'

/** The same as in apps/server. */
const POSITIONS_MILLISECONDS = 250

export interface BenchHouse {
  readonly port: number
  readonly location: Location
  /** As the owner, to look behind the server's back and to empty tables between runs. */
  readonly owner: pg.Client
  readonly devices: readonly Sender[]
  readonly gateway: Sender
  /** What a board signs in with. */
  readonly token: string
  close(): Promise<void>
}

/** One node on an embedded PostgreSQL of its own, with the product's settings: server, live hub, timers; as many units as devices. */
export async function openBenchHouse(deviceCount: number): Promise<BenchHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-bench-'))
  // So that PostgreSQL's own user may enter; its cluster would lie elsewhere otherwise and outlive the folder.
  chmodSync(folder, 0o755)
  const launched = await launchDatabase({ dataFolder: folder, use: 'server' })
  await migrate(launched.ownerUrl, ['location'])
  const owner = new pg.Client({ connectionString: launched.ownerUrl, options: '-c timezone=UTC' })
  await owner.connect()
  const database = openDatabase(
    launched.appUrl ? { url: launched.appUrl } : { url: launched.ownerUrl, role: APP_ROLE },
  )

  const now = Date.now()
  const units = Array.from({ length: deviceCount }, (_, n) => unit(n))
  const gateway = { code: 'gateway', secret: newSecret() }
  const devices = units.map((_, n) => ({ code: `device-${n}`, secret: newSecret() }))
  const token = newSecret()
  await inTransaction(database.db, async (tx) => {
    const about = { name: '', datum: 'wgs-84' } as const
    const gatewayId = newId<DeviceId>()
    await insertDevice(
      tx,
      { ...about, id: gatewayId, code: gateway.code, kind: 'gateway', gatewayId: null },
      secretHash(gateway.secret),
      now,
    )
    for (const [n, { code, secret }] of devices.entries()) {
      const id = newId<DeviceId>()
      await insertDevice(tx, { ...about, id, code, kind: 'phone', gatewayId }, secretHash(secret), now)
      await bind(tx, id, { kind: 'unit', unitId: units[n]!.unitId }, newId(), now)
    }
    const grants = [{ role: 'dispatcher', organisationId: null }] as const
    const account = await createAccount(
      tx,
      { username: 'board', name: 'board', kind: 'service', passwordHash: null, grants },
      now,
    )
    if (isRefusal(account)) throw new Error(account.refused)
    await issueToken(tx, { accountId: account, label: 'bench', secret: token, now, expiresAt: null })
  })

  const location = await openLocation({
    database,
    now: Date.now,
    flow: (rooms) => passFixes(rooms),
    units: async () => units,
    guardedPlaces: async () => [],
    carrierOrganisation: async () => 'district',
    timeZone: () => 'Asia/Shanghai',
  })
  const app = await buildApp({
    database,
    outbox: (built) => startPublisher(database, built.log),
    rules: [...FOUNDATION_ACCESS, ...ACCESS],
    organisationTree: async () => new Map([['district', null]]),
    secrets: openSecretBox(join(folder, 'secret.key')),
    setupToken: () => null,
    now: Date.now,
    consoleFolder: null,
    logLevel: 'warn',
  })
  const hub = createLiveHub(location.positions)
  registerLiveRoutes(app, hub)
  location.register(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const timers = startTimers(location.timers(app), app.log)
  const ticker = setInterval(() => hub.sendPositions(), POSITIONS_MILLISECONDS)
  const address = app.server.address()

  return {
    port: typeof address === 'object' && address ? address.port : 0,
    location,
    owner,
    devices,
    gateway,
    token,
    async close() {
      clearInterval(ticker)
      hub.closeAll()
      await timers.stop()
      await location.close()
      await app.outbox.stop()
      await app.close()
      await owner.end()
      await database.close()
      await launched.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function unit(n: number): UnitOnForce {
  return {
    unitId: `unit-${n}`,
    organisationId: 'district',
    callSign: `巡${n}`,
    status: 'patrolling',
    vehicleId: null,
    leaderOfficerId: null,
    memberOfficerIds: [],
  } as unknown as UnitOnForce
}
