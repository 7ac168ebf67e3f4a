import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import type { AccessRule, Grant } from '../foundation/core/access.ts'
import { FOUNDATION_ACCESS } from '../foundation/server/access.ts'
import { inTransaction, type Database, type Db } from '../foundation/server/db.ts'
import { buildApp } from '../foundation/server/http/app.ts'
import type { OrganisationTree } from '../foundation/server/http/context.ts'
import { newSecret, openSecretBox } from '../foundation/server/identity/secrets.ts'
import { createAccount, issueToken } from '../foundation/server/identity/store.ts'
import { startPublisher } from '../foundation/server/outbox/publisher.ts'
import { startFlowRunner, type BoundRow } from '../foundation/server/outbox/runner.ts'
import { freshDatabase } from './database.ts'

export interface Rooms {
  readonly rules: readonly AccessRule[]
  readonly organisationTree: (db: Db) => Promise<OrganisationTree>
  readonly register: (app: FastifyInstance) => void
  readonly flows?: readonly BoundRow[]
}

export interface Answered<T = Record<string, unknown>> {
  readonly status: number
  readonly headers: Record<string, string | string[] | number | undefined>
  readonly body: T
}

export type Call = <T = Record<string, unknown>>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<Answered<T>>

export interface OpenRooms {
  readonly app: FastifyInstance
  readonly database: Database
  /** A caller with these grants; with `officerId` it is that officer's account. */
  as(who: { grants: readonly Grant[]; officerId?: string; kind?: 'person' | 'service' }): Promise<Call>
  /** Resolves when every committed event has gone through the flows. */
  settled(): Promise<void>
  /** Empties the rooms for the next test: everything but accounts and the place in the stream. */
  empty(): Promise<void>
  close(): Promise<void>
}

/** Only the rooms under test, on the real house and a real database: HTTP, identity, audit, outbox and flows. */
export async function openRooms(rooms: Rooms, now: () => number): Promise<OpenRooms> {
  const testDatabase = await freshDatabase()
  const database = testDatabase.open({ poolSize: 8 })
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-rooms-'))
  const app = await buildApp({
    database,
    outbox: (built) => startPublisher(database, built.log),
    rules: [...FOUNDATION_ACCESS, ...rooms.rules],
    organisationTree: () => rooms.organisationTree(database.db),
    secrets: openSecretBox(join(folder, 'secret.key')),
    setupToken: () => null,
    now,
    consoleFolder: null,
    logLevel: process.env['LOG_LEVEL'] ?? 'silent',
  })
  rooms.register(app)
  await app.ready()
  const runner = startFlowRunner(database.db, rooms.flows ?? [], app.outbox, app.log, now)
  let callers = 0

  return {
    app,
    database,
    async as({ grants, officerId, kind = 'person' }) {
      const secret = newSecret()
      const username = `caller-${++callers}`
      await inTransaction(database.db, async (tx) => {
        const account = {
          username,
          name: username,
          kind,
          passwordHash: null,
          grants,
          officerId: officerId ?? null,
        }
        const id = await createAccount(tx, account, now())
        if (typeof id !== 'string') throw new Error(id.refused)
        await issueToken(tx, { accountId: id, label: 'test', secret, now: now(), expiresAt: null })
      })
      return async (method, url, body, headers = {}) => {
        const response = await app.inject({
          method,
          url,
          headers: { authorization: `Bearer ${secret}`, ...headers },
          ...(body === undefined ? {} : { payload: body }),
        })
        return {
          status: response.statusCode,
          headers: response.headers,
          body: response.body === '' ? ({} as never) : (JSON.parse(response.body) as never),
        }
      }
    },
    settled: () => runner.settled(),
    async empty() {
      await runner.settled()
      const owner = new pg.Client({ connectionString: testDatabase.ownerUrl })
      await owner.connect()
      const { rows } = await owner.query<{ name: string }>(
        `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> all($1)`,
        [
          [
            'migration',
            'stream_head',
            'flow_cursor',
            'account',
            'account_grant',
            'account_session',
            'api_token',
          ],
        ],
      )
      await owner.query(`truncate ${rows.map((row) => row.name).join(', ')}`)
      await owner.end()
    },
    async close() {
      await runner.stop()
      await app.outbox.stop()
      await app.close()
      await testDatabase.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
