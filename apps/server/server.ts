import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { openSecretBox } from '../../foundation/server/identity/secrets.ts'
import { hasAnyPerson } from '../../foundation/server/identity/store.ts'
import { auditSealTimer } from '../../foundation/server/audit/seal.ts'
import type { Database } from '../../foundation/server/db.ts'
import { buildApp } from '../../foundation/server/http/app.ts'
import { startTimers } from '../../foundation/server/jobs.ts'
import { watchForSilence } from '../../foundation/server/silence.ts'
import { createLiveHub } from '../../foundation/server/live/hub.ts'
import { registerLiveRoutes } from '../../foundation/server/live/routes.ts'
import { keepTidy } from '../../foundation/server/outbox/retention.ts'
import { startPublisher } from '../../foundation/server/outbox/publisher.ts'
import { startFlowRunner, type FlowRunner } from '../../foundation/server/outbox/runner.ts'
import { webhookTimer } from '../../foundation/server/outbox/webhooks.ts'
import { furnish } from './compose.ts'

export interface ServerOptions {
  readonly database: Database
  readonly host: string
  readonly port: number
  /** Holds the key of the secret box; not the database's files. */
  readonly dataFolder: string
  readonly consoleFolder: string | null
  readonly logLevel: string
  /** Reverse proxies whose X-Forwarded-For is believed (docs/reverse-proxy.md). */
  readonly trustedProxies?: readonly string[]
  readonly now?: () => number
}

export interface RunningServer {
  readonly app: FastifyInstance
  /** Where it listens, as a person on this machine types it. */
  readonly url: string
  readonly flows: FlowRunner
  /** The one-time word for first-run set-up; null once anyone exists. */
  setupToken(): string | null
  close(): Promise<void>
}

/** Boards get what moved four times a second: at 1 Hz the slowest fix would take longer than the second it may (docs/decisions/0006). */
const POSITIONS_MILLISECONDS = 250
const HEARTBEAT_MILLISECONDS = 5_000

/** Builds the house on an open, migrated database and listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const now = options.now ?? Date.now
  const { database } = options
  const secrets = openSecretBox(join(options.dataFolder, 'secret.key'))
  let setupToken: string | null = (await hasAnyPerson(database.db))
    ? null
    : randomBytes(9).toString('base64url')

  const house = await furnish({ database, now })
  const app = await buildApp({
    database,
    outbox: (built) => startPublisher(database, built.log),
    rules: house.rules,
    organisationTree: house.organisationTree,
    secrets,
    setupToken: () => setupToken,
    now,
    consoleFolder: options.consoleFolder,
    logLevel: options.logLevel,
    ...(options.trustedProxies ? { trustedProxies: options.trustedProxies } : {}),
  })
  const hub = createLiveHub(house.positions)
  registerLiveRoutes(app, hub)
  house.register(app)

  let ready = false
  app.get(
    '/healthz',
    { config: { permission: 'public' }, schema: { hide: true } },
    async (_request, reply) => {
      if (!ready) return reply.code(503).send({ status: 'starting' })
      await database.pool.query('select 1')
      return { status: 'ok', boards: hub.size(), stream: app.outbox.head() }
    },
  )
  app.addHook('onResponse', async (request) => {
    if (
      setupToken !== null &&
      request.routeOptions.url === '/api/setup' &&
      request.method === 'POST' &&
      (await hasAnyPerson(database.db))
    )
      setupToken = null
  })

  try {
    await app.listen({ host: options.host, port: options.port })
  } catch (fault) {
    await house.close()
    await app.outbox.stop()
    await app.close()
    throw fault
  }
  const unsubscribe = app.outbox.subscribe((events) => hub.publish(events))
  const flows = startFlowRunner(database.db, house.flows(), app.outbox, app.log, now)
  const timers = startTimers(
    [
      ...house.timers(app),
      auditSealTimer(database.db),
      webhookTimer(database.db, secrets, house.rules),
      keepTidy(database.db),
    ],
    app.log,
    now,
  )
  const positionsTicker = setInterval(() => hub.sendPositions(), POSITIONS_MILLISECONDS)
  const heartbeatTicker = setInterval(() => hub.heartbeat(now()), HEARTBEAT_MILLISECONDS)
  const silence = watchForSilence(database, app.log)
  ready = true

  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return {
    app,
    url: `http://localhost:${port}`,
    flows,
    setupToken: () => setupToken,
    async close() {
      ready = false
      clearInterval(positionsTicker)
      clearInterval(heartbeatTicker)
      hub.closeAll()
      await timers.stop()
      await house.close()
      await flows.stop()
      unsubscribe()
      await app.outbox.stop()
      await app.close()
      await silence.stop()
    },
  }
}
