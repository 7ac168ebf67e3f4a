import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { APP_ROLE } from '../migrate.ts'
import { OLDEST_MAJOR } from './binaries.ts'
import { OWNER, prepareCluster, type Cluster, type Tell } from './cluster.ts'
import { DatabaseFault } from './fault.ts'
import { ensureRunning, socketUrlOf, stopServer, urlOf, type Running } from './process.ts'

export interface LaunchOptions {
  /** Holds the embedded cluster and its log; made where missing. */
  readonly dataFolder: string
  /** An external PostgreSQL from 15 on, taken instead of the embedded one. */
  readonly databaseUrl?: string | undefined
  /** `server` holds the data folder alone; `tool` (the command line, a test) shares it with a server that runs. */
  readonly use: 'server' | 'tool'
  /** Told what people should know while they wait. */
  readonly tell?: Tell
  /** PostgreSQL settings over ours, for measurements. */
  readonly settings?: Readonly<Record<string, string>>
}

export type DatabaseState =
  | { readonly state: 'up' }
  | { readonly state: 'down' }
  /** It cannot be brought back by trying again; `fault` says why. */
  | { readonly state: 'lost'; readonly fault: unknown }

export interface LaunchedDatabase {
  /** May do everything: for migrations only. */
  readonly ownerUrl: string
  /** The log-in of the running server, which owns nothing. Absent on an external server: take on the role after connecting. */
  readonly appUrl?: string
  readonly source: 'external' | 'embedded' | 'system'
  readonly version: string
  /** PostgreSQL's process, or null where it is not ours to run. It changes after a restart. */
  pid(): number | null
  /** Brings PostgreSQL back at the same address whenever it dies, and tells of each change. Without effect on an external one. */
  supervise(onChange?: (state: DatabaseState) => void): void
  /** Shuts PostgreSQL down in order, unless another command still uses it. */
  stop(): Promise<void>
}

/**
 * Gives a database: `databaseUrl`, else the embedded PostgreSQL, else the system's own.
 * A server left behind by a kill -9 is adopted; a crashed one recovers. Throws DatabaseFault with the remedy in words.
 */
export async function launchDatabase(options: LaunchOptions): Promise<LaunchedDatabase> {
  if (options.databaseUrl) return connectExternal(options.databaseUrl)
  const tell = options.tell ?? (() => {})
  const cluster = prepareCluster(resolve(options.dataFolder), options.settings ?? {}, tell)
  for (;;) {
    const running = await ensureRunning(cluster, tell)
    const hold = await takeHold(running, options.use)
    // Its last user may have been shutting it down just as we came.
    if (hold === 'gone') continue
    return new EmbeddedDatabase(running, hold, options.use, tell)
  }
}

async function connectExternal(ownerUrl: string): Promise<LaunchedDatabase> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    const version = rows[0]!.server_version
    if (Number.parseInt(version) < OLDEST_MAJOR) throw new DatabaseFault('too-old', version)
    return { ownerUrl, source: 'external', version, pid: () => null, supervise() {}, async stop() {} }
  } catch (fault) {
    if (fault instanceof DatabaseFault) throw fault
    throw new DatabaseFault(
      'unreachable',
      (fault as Error).message || String((fault as { code?: string }).code),
      fault,
    )
  } finally {
    await client.end().catch(() => {})
  }
}

/** Advisory locks of the `postgres` database, which die with the connection and so with a killed process. */
const LOCK = { anyUser: 7_201, server: 7_202, roles: 7_203 }

/**
 * Marks that we use this cluster. Throws DatabaseFault `held-by-another-server`.
 * The one connection is also how we hear at once that PostgreSQL has died.
 */
async function takeHold(running: Running, use: LaunchOptions['use']): Promise<pg.Client | 'gone'> {
  const { cluster, port } = running
  const hold = new pg.Client({
    connectionString: urlOf(OWNER, cluster.secrets.ownerPassword, port, 'postgres'),
    application_name: `xunfang ${use}`,
    keepAlive: true,
  })
  hold.on('error', () => {})
  try {
    await hold.connect()
    await hold.query('select pg_advisory_lock_shared($1)', [LOCK.anyUser])
    if (use === 'server') {
      const { rows } = await hold.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
        LOCK.server,
      ])
      if (!rows[0]!.taken) throw new DatabaseFault('held-by-another-server', cluster.folder)
    }
    await prepareRoles(hold, cluster)
    return hold
  } catch (fault) {
    await hold.end().catch(() => {})
    if (isGoing(fault)) return 'gone'
    throw fault
  }
}

function isGoing(fault: unknown): boolean {
  const { code = '', message = '' } = (fault ?? {}) as { code?: string; message?: string }
  return (
    /^(57P0|08|ECONN|EPIPE)/.test(code) ||
    /Connection terminated|Connection ended|not queryable/.test(message)
  )
}

/** The database itself, and the log-in that owns nothing. */
async function prepareRoles(owner: pg.Client, cluster: Cluster): Promise<void> {
  await owner.query('select pg_advisory_lock($1)', [LOCK.roles])
  try {
    const role = await owner.query<{ can_log_in: boolean }>(
      'select rolcanlogin as can_log_in from pg_roles where rolname = $1',
      [APP_ROLE],
    )
    const verb = role.rows.length === 0 ? 'create' : 'alter'
    if (!role.rows[0]?.can_log_in)
      await owner.query(
        `${verb} role ${APP_ROLE} login nosuperuser nocreatedb nocreaterole password '${cluster.secrets.appPassword}'`,
      )
    const database = await owner.query('select from pg_database where datname = $1', [OWNER])
    if (database.rows.length === 0) await owner.query(`create database ${OWNER}`)
  } finally {
    await owner.query('select pg_advisory_unlock($1)', [LOCK.roles])
  }
}

class EmbeddedDatabase implements LaunchedDatabase {
  readonly ownerUrl: string
  readonly appUrl: string
  readonly source: 'embedded' | 'system'
  readonly version: string
  #running: Running
  #hold: pg.Client
  readonly #use: LaunchOptions['use']
  readonly #tell: Tell
  #onChange: ((state: DatabaseState) => void) | null = null
  #recovery: Promise<void> = Promise.resolve()
  readonly #stopping = new AbortController()

  constructor(running: Running, hold: pg.Client, use: LaunchOptions['use'], tell: Tell) {
    const { cluster, port } = running
    this.ownerUrl = urlOf(OWNER, cluster.secrets.ownerPassword, port, OWNER)
    this.appUrl = socketUrlOf(cluster, APP_ROLE, cluster.secrets.appPassword, port, OWNER)
    this.source = cluster.binaries.source
    this.version = cluster.binaries.version
    this.#running = running
    this.#hold = hold
    this.#use = use
    this.#tell = tell
    this.#watch()
  }

  pid(): number {
    return this.#running.pid
  }

  supervise(onChange: (state: DatabaseState) => void = () => {}): void {
    this.#onChange = onChange
  }

  #watch(): void {
    this.#hold.once('end', () => {
      if (this.#stopping.signal.aborted || !this.#onChange) return
      this.#recovery = this.#bringBack(this.#onChange)
    })
  }

  /** Tries at once, then ever less often up to every ten seconds, at the address that the pools know. */
  async #bringBack(onChange: (state: DatabaseState) => void): Promise<void> {
    onChange({ state: 'down' })
    this.#tell('数据库中断, 正在重启', 'The database has gone; bringing it back')
    for (let waitMs = 100; !this.#stopping.signal.aborted; waitMs = Math.min(10_000, waitMs * 2)) {
      try {
        const running = await ensureRunning(this.#running.cluster, this.#tell, this.#running.port)
        const hold = await takeHold(running, this.#use)
        if (hold !== 'gone') {
          this.#running = running
          this.#hold = hold
          this.#watch()
          onChange({ state: 'up' })
          this.#tell('数据库已恢复', 'The database is back')
          return
        }
      } catch (fault) {
        if (fault instanceof DatabaseFault && fault.code === 'held-by-another-server')
          return onChange({ state: 'lost', fault })
        this.#tell(
          `数据库重启未成功, ${waitMs / 1000} 秒后再试`,
          `Could not bring the database back, trying again in ${waitMs / 1000} s: ${(fault as Error).message}`,
        )
      }
      await pause(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => {})
    }
  }

  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#stopping.abort()
    // A restart that is under way ends first: it would otherwise leave a PostgreSQL behind that nobody holds.
    await this.#recovery
    const alone = await this.#isLastUser()
    await this.#hold.end().catch(() => {})
    if (alone) await stopServer(this.#running)
  }

  /** True too when PostgreSQL does not answer: then there is nothing that another command could be using. */
  async #isLastUser(): Promise<boolean> {
    try {
      await this.#hold.query('select pg_advisory_unlock_shared($1)', [LOCK.anyUser])
      const { rows } = await this.#hold.query<{ taken: boolean }>(
        'select pg_try_advisory_lock($1) as taken',
        [LOCK.anyUser],
      )
      return rows[0]!.taken
    } catch {
      return true
    }
  }
}
