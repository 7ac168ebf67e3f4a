import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer, type RunningServer } from '../apps/server/server.ts'
import type { Grant } from '../foundation/core/access.ts'
import { inTransaction, type Database } from '../foundation/server/db.ts'
import { createAccount, issueToken } from '../foundation/server/identity/store.ts'
import { newSecret } from '../foundation/server/identity/secrets.ts'
import { freshDatabase, type TestDatabase } from './database.ts'

/** A real server on a free port over a real database of its own. */
export interface TestHouse {
  readonly database: Database
  readonly testDatabase: TestDatabase
  readonly server: RunningServer
  readonly url: string
  /** A caller who holds these grants, through a real API token. */
  as(...grants: (Grant | Grant['role'])[]): Promise<Caller>
  close(): Promise<void>
}

export interface Reply<T = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

export interface Caller {
  readonly accountId: string
  readonly token: string
  get<T = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<Reply<T>>
  send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<T>>
}

export async function openHouse(
  options: {
    now?: () => number
    before?: (database: Database) => Promise<unknown>
    trustedProxies?: readonly string[]
  } = {},
): Promise<TestHouse> {
  const testDatabase = await freshDatabase()
  const database = testDatabase.open({ poolSize: 12 })
  await options.before?.(database)
  const dataFolder = mkdtempSync(join(tmpdir(), 'xunfang-house-'))
  const server = await startServer({
    database,
    host: '127.0.0.1',
    port: 0,
    dataFolder,
    consoleFolder: null,
    logLevel: process.env['LOG_LEVEL'] ?? 'silent',
    ...(options.now ? { now: options.now } : {}),
    ...(options.trustedProxies ? { trustedProxies: options.trustedProxies } : {}),
  })
  let callers = 0
  return {
    database,
    testDatabase,
    server,
    url: server.url,
    async as(...given) {
      const grants = given.map((grant) =>
        typeof grant === 'string' ? { role: grant, organisationId: null } : grant,
      )
      const username = `caller-${++callers}`
      const secret = newSecret()
      const accountId = await inTransaction(database.db, async (tx) => {
        const now = (options.now ?? Date.now)()
        const account = { username, name: username, kind: 'service', passwordHash: null, grants } as const
        const id = await createAccount(tx, account, now)
        if (typeof id !== 'string') throw new Error(id.refused)
        await issueToken(tx, { accountId: id, label: 'test', secret, now, expiresAt: null })
        return id
      })
      return callerWith(server.url, secret, accountId)
    },
    async close() {
      await server.close()
      await testDatabase.drop()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

const isFile = (body: unknown, headers: Record<string, string>): body is string | Buffer<ArrayBuffer> =>
  'content-type' in headers && (typeof body === 'string' || Buffer.isBuffer(body))

function callerWith(url: string, token: string, accountId: string): Caller {
  async function call<T>(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Reply<T>> {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      // A text or bytes with a content type of its own go as they are.
      ...(body === undefined ? {} : { body: isFile(body, headers) ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text ? JSON.parse(text) : text) as T,
    }
  }
  return {
    accountId,
    token,
    get: (path, headers = {}) => call('GET', path, undefined, headers),
    send: (method, path, body, headers = {}) => call(method, path, body, headers),
  }
}
