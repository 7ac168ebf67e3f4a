import { spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { OWNER, identity, keepPort, serverEnvironment, type Cluster, type Tell } from './cluster.ts'
import { DatabaseFault, faultIn } from './fault.ts'

/** A PostgreSQL that accepts connections for the cluster. */
export interface Running {
  readonly cluster: Cluster
  readonly pid: number
  readonly port: number
  /** It was running already: left by a server that was killed, or shared with another command. */
  readonly adopted: boolean
}

const POLL_MS = 40
/** How long a server that answers nothing at all is waited for. Recovery after a crash answers, so it may take longer. */
const SILENCE_MS = 60_000
const LOG_LIMIT_BYTES = 10_000_000

export function urlOf(user: string, password: string, port: number, database: string): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}

/**
 * The same through the socket in the cluster's folder, where there is one: a question and its answer cost a third less
 * processor time than over TCP (0.040 against 0.056 ms on our side, 0.079 against 0.101 ms in all).
 */
export function socketUrlOf(
  cluster: Cluster,
  user: string,
  password: string,
  port: number,
  database: string,
): string {
  const folder = socketFolder(cluster)
  if (folder === '') return urlOf(user, password, port, database)
  return `postgres://${user}:${encodeURIComponent(password)}@${encodeURIComponent(folder)}:${port}/${database}`
}

/** A socket's whole path may have 107 bytes; none where the folder's is too long. */
function socketFolder({ folder }: Cluster): string {
  return Buffer.byteLength(folder) < 90 ? folder : ''
}

/**
 * Gives a running server for the cluster: the one that runs already, or a new one.
 * `fixedPort` for a restart under living connections: the address must not change.
 * PostgreSQL's own lock file decides between two starters; the loser adopts.
 */
export async function ensureRunning(cluster: Cluster, tell: Tell, fixedPort?: number): Promise<Running> {
  const startedAt = performance.now()
  for (let portsTried = 0; ;) {
    const lock = readLockFile(cluster.folder)
    if (lock && (await answers(cluster, lock, tell)))
      return { cluster: keepPort(cluster, lock.port), ...lock, adopted: true }
    if (performance.now() - startedAt > SILENCE_MS)
      throw new DatabaseFault('did-not-start', `${cluster.folder}/postmaster.pid`)
    if (!(await isClear(cluster))) {
      await pause(POLL_MS)
      continue
    }
    const port = fixedPort ?? (await usablePort(portsTried === 0 ? cluster.secrets.port : null))
    const outcome = await startServer(cluster, port, tell)
    if (outcome.kind === 'running')
      return { cluster: keepPort(cluster, port), pid: outcome.pid, port, adopted: false }
    if (outcome.kind === 'port-taken' && fixedPort === undefined && ++portsTried < 10) continue
    if (outcome.kind === 'port-taken') throw new DatabaseFault('port-in-use', String(port))
    if (outcome.kind === 'failed') throw outcome.fault
    await pause(POLL_MS)
  }
}

interface LockFile {
  readonly pid: number
  readonly port: number
}

/** `postmaster.pid`: line 1 the process, line 4 the port. Null when there is none or it is only half written. */
export function readLockFile(folder: string): LockFile | null {
  const text = readIfThere(join(folder, 'postmaster.pid'))
  if (text === null) return null
  const lines = text.split('\n')
  const pid = Number(lines[0])
  const port = Number(lines[3])
  return Number.isInteger(pid) && pid > 0 && port > 0 ? { pid, port } : null
}

/** Whoever starts or stops PostgreSQL beside us may remove the file between a look and a reading. */
function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fault
  }
}

/** Waits while the process of the lock file lives and is ours. True once it accepts, false when it is gone or never was ours. */
async function answers(cluster: Cluster, lock: LockFile, tell: Tell): Promise<boolean> {
  const waiting = patience(tell)
  for (;;) {
    const answer = await ask(cluster, lock.port)
    if (answer === 'ready') return true
    if (answer === 'another') return false
    if (!isOurs(cluster, lock.pid)) return false
    waiting(answer)
    await pause(POLL_MS)
  }
}

type Answer = 'ready' | 'not-yet' | 'silent' | 'another'

/** One connection attempt. `another`: some other server has the port. */
async function ask(cluster: Cluster, port: number): Promise<Answer> {
  const client = new pg.Client({
    connectionString: urlOf(OWNER, cluster.secrets.ownerPassword, port, 'postgres'),
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ folder: string }>(
      `select current_setting('data_directory') as folder`,
    )
    return rows[0] && realpathSync(rows[0].folder) === cluster.folder ? 'ready' : 'another'
  } catch (fault) {
    const code = (fault as { code?: string }).code ?? ''
    if (code === '57P03' || code === '53300') return 'not-yet'
    return /^(28|3D)/.test(code) ? 'another' : 'silent'
  } finally {
    await client.end().catch(() => {})
  }
}

/** Tells of a long recovery, and gives up on a server that says nothing. */
function patience(tell: Tell): (answer: Answer) => void {
  const startedAt = performance.now()
  let heardAt = startedAt
  let told = false
  return (answer) => {
    const now = performance.now()
    if (answer === 'not-yet') heardAt = now
    if (now - heardAt > SILENCE_MS)
      throw new DatabaseFault('did-not-start', `no answer for ${SILENCE_MS / 1000} s`)
    if (told || now - startedAt < 5_000) return
    told = true
    tell('数据库正在恢复, 请稍候', 'The database is recovering, please wait')
  }
}

/**
 * After kill -9 of PostgreSQL its lock file stays, and a busy back end may live a moment longer than it should.
 * Waits for those, ends them after a while, and gives true; false when there is a living postmaster, which is to be adopted.
 */
async function isClear(cluster: Cluster): Promise<boolean> {
  const startedAt = performance.now()
  for (;;) {
    const ours = processesOf(cluster)
    if (ours.some((pid) => isPostmaster(cluster, pid))) return false
    if (ours.length === 0) break
    const waited = performance.now() - startedAt
    if (waited > 3_000) for (const pid of ours) signal(pid, waited > 10_000 ? 'SIGKILL' : 'SIGQUIT')
    if (waited > 20_000) throw new DatabaseFault('did-not-start', `processes ${ours.join(', ')} do not end`)
    await pause(POLL_MS)
  }
  const lock = readLockFile(cluster.folder)
  // A living process of that number is a stranger by now, beside which PostgreSQL itself would refuse to start.
  if (lock && process.platform === 'linux' && isAlive(lock.pid))
    rmSync(join(cluster.folder, 'postmaster.pid'), { force: true })
  return true
}

function processesOf(cluster: Cluster): number[] {
  if (process.platform !== 'linux') return []
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return all.map(Number).filter((pid) => isOurs(cluster, pid))
}

const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

const isPostmaster = (cluster: Cluster, pid: number) => commandLine(pid).includes(`\0-D\0${cluster.folder}\0`)

/** By its command line: the postmaster names its folder, the others carry `cluster_name` in their titles. */
function isOurs(cluster: Cluster, pid: number): boolean {
  if (process.platform !== 'linux') return isAlive(pid)
  return (
    isPostmaster(cluster, pid) || commandLine(pid).startsWith(`postgres: xunfang-${cluster.secrets.id}: `)
  )
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile, which is what the signal asks for.
  }
}

type Start =
  | { readonly kind: 'running'; readonly pid: number }
  | { readonly kind: 'port-taken' }
  | { readonly kind: 'try-again' }
  | { readonly kind: 'failed'; readonly fault: DatabaseFault }

/** Starts PostgreSQL in a session of its own: a Ctrl-C in the terminal is for the application, which then stops it in order. */
async function startServer(cluster: Cluster, port: number, tell: Tell): Promise<Start> {
  const log = openLog(cluster.logFile)
  const logStart = statSync(cluster.logFile).size
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${socketFolder(cluster)}`,
  ]
  const args = ['-D', cluster.folder, ...settings.flatMap((setting) => ['-c', setting])]
  const child = spawn(join(cluster.binaries.folder, 'postgres'), args, {
    ...identity(cluster.account),
    cwd: '/',
    env: serverEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  let ended: string | null = null
  child.once('error', (fault) => (ended = fault.message))
  child.once('exit', (code, by) => (ended ??= `exit ${code ?? by}`))
  const waiting = patience(tell)
  for (;;) {
    if (ended !== null) return afterFailure(cluster, readFrom(cluster.logFile, logStart), ended)
    const answer = await ask(cluster, port)
    if (answer === 'ready' && ended === null) return { kind: 'running', pid: child.pid! }
    waiting(answer)
    await pause(POLL_MS)
  }
}

function afterFailure(cluster: Cluster, log: string, ended: string): Start {
  if (/could not create any TCP\/IP sockets/.test(log)) return { kind: 'port-taken' }
  if (
    /lock file "[^"]+" already exists|pre-existing shared memory block|lock file "postmaster.pid" is empty/.test(
      log,
    )
  )
    return { kind: 'try-again' }
  const tail = log.trim().split('\n').slice(-4).join('; ')
  return {
    kind: 'failed',
    fault: faultIn(log, cluster.folder) ?? new DatabaseFault('did-not-start', `${ended}: ${tail}`),
  }
}

/** A fast shutdown: running transactions are rolled back, everything committed is on disk. */
export async function stopServer(running: Running): Promise<void> {
  signal(running.pid, 'SIGINT')
  const startedAt = performance.now()
  let pressed = false
  while (isAlive(running.pid)) {
    if (!pressed && performance.now() - startedAt > 60_000) {
      // An immediate shutdown loses nothing committed either; the next start recovers.
      signal(running.pid, 'SIGQUIT')
      pressed = true
    }
    await pause(POLL_MS)
  }
}

function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`)
  return openSync(path, 'a', 0o600)
}

function readFrom(path: string, start: number): string {
  const size = Math.max(0, statSync(path).size - start)
  const bytes = Buffer.alloc(size)
  const file = openSync(path, 'r')
  readSync(file, bytes, 0, size, start)
  closeSync(file)
  return bytes.toString('utf8')
}

/** The port of the last start where it is free, else one that the system picks. */
async function usablePort(kept: number | null): Promise<number> {
  return (kept === null ? null : await listenOnce(kept)) ?? (await listenOnce(0))!
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(null))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: given } = probe.address() as { port: number }
      probe.close(() => resolve(given))
    })
  })
}
