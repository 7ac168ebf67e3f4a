import { realpathSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Grant } from '../../foundation/core/access.ts'
import { inTransaction, openDatabase } from '../../foundation/server/db.ts'
import { newSecret, secretHash } from '../../foundation/server/identity/secrets.ts'
import { createAccount, issueToken } from '../../foundation/server/identity/store.ts'
import { newId } from '../../foundation/server/ids.ts'
import { launchDatabase } from '../../foundation/server/postgres/launcher.ts'
import { readLockFile } from '../../foundation/server/postgres/process.ts'
import type { DeviceId, UnitOnForce } from '../../capabilities/location/core/index.ts'
import { bind, insertDevice } from '../../capabilities/location/server/store.ts'

/** PostgreSQL behind the server's back, as its owner; connects anew after each outage. */
export interface Behind {
  rows<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** One value of one row. */
  value<T>(text: string, values?: unknown[]): Promise<T>
  end(): Promise<void>
}

export function lookBehind(ownerUrl: string): Behind {
  let client: pg.Client | null = null
  async function connected(): Promise<pg.Client> {
    if (client) return client
    const fresh = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 })
    const forget = () => {
      if (client === fresh) client = null
    }
    fresh.on('error', forget)
    fresh.on('end', forget)
    await fresh.connect()
    return (client = fresh)
  }
  async function rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await (await connected()).query<Row>(text, values)).rows
  }
  return {
    rows,
    async value<T>(text: string, values: unknown[] = []) {
      const { rows: found } = await (
        await connected()
      ).query<T[]>({ text, values, rowMode: 'array' } as never)
      return (found as unknown as T[][])[0]![0]!
    },
    async end() {
      await client?.end().catch(() => {})
    },
  }
}

/** The owner's address of the embedded PostgreSQL of a running server. */
export async function ownerUrlOf(dataFolder: string): Promise<string> {
  const beside = await launchDatabase({ dataFolder, use: 'tool' })
  await beside.stop()
  return beside.ownerUrl
}

/** The postmaster of the embedded PostgreSQL, or null when none is left. */
export function postmasterOf(dataFolder: string): number | null {
  return readLockFile(realpathSync(join(dataFolder, 'postgres')))?.pid ?? null
}

/** A service account with these roles for the whole district; gives its token. */
export async function tokenFor(ownerUrl: string, ...roles: Grant['role'][]): Promise<string> {
  const database = openDatabase({ url: ownerUrl, poolSize: 1 })
  const now = Date.now()
  const secret = newSecret()
  const username = `faults-${newId().slice(-8)}`
  try {
    await inTransaction(database.db, async (tx) => {
      const grants = roles.map((role) => ({ role, organisationId: null }))
      const account = { username, name: username, kind: 'service', passwordHash: null, grants } as const
      const id = await createAccount(tx, account, now)
      if (typeof id !== 'string') throw new Error(id.refused)
      await issueToken(tx, { accountId: id, label: 'faults', secret, now, expiresAt: null })
    })
  } finally {
    await database.close()
  }
  return secret
}

export interface TestDevice {
  readonly code: string
  readonly secret: string
}

/** A telephone that goes with the unit. The server learns of it when it next reads its devices. */
export async function deviceFor(ownerUrl: string, unitId: string): Promise<TestDevice> {
  const database = openDatabase({ url: ownerUrl, poolSize: 1 })
  const device = { code: `phone-${newId().slice(-8)}`, secret: newSecret() }
  try {
    await inTransaction(database.db, async (tx) => {
      const id = newId<DeviceId>()
      const about = { name: '', kind: 'phone', datum: 'wgs-84', gatewayId: null } as const
      await insertDevice(tx, { ...about, id, code: device.code }, secretHash(device.secret), Date.now())
      await bind(tx, id, { kind: 'unit', unitId: unitId as UnitOnForce['unitId'] }, newId(), Date.now())
    })
  } finally {
    await database.close()
  }
  return device
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export async function ask(
  url: string,
  options: { method?: string; token?: string; key?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<Answer> {
  const { method = 'GET', token, key, body, signal } = options
  const response = await fetch(url, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(key ? { 'idempotency-key': key } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

/** Looks until it is so. The test's own limit is the clock; the pause leaves the processor to what is awaited. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(50)
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
