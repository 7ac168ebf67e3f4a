import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { isRoot, mayEnter, serverAccount, type Account } from './account.ts'
import { findBinaries, type Binaries } from './binaries.ts'
import { DatabaseFault, faultIn } from './fault.ts'

export const OWNER = 'xunfang'

/** Lies in the cluster's folder with mode 0600, so a copy of that folder is complete. */
export interface Secrets {
  /** Names the server's processes (`cluster_name`), so that what is left of it can be found. */
  readonly id: string
  readonly ownerPassword: string
  readonly appPassword: string
  readonly port: number | null
}

/** A PostgreSQL data folder of ours and what runs it. */
export interface Cluster {
  readonly folder: string
  readonly logFile: string
  readonly account: Account | null
  readonly binaries: Binaries
  readonly secrets: Secrets
}

export type Tell = (chinese: string, english: string) => void

/**
 * Opens the cluster at `<dataFolder>/postgres`, or makes one there.
 * Throws DatabaseFault: `foreign-folder`, `other-major-version`, `owned-by-another-user`, `not-writable`, `disk-full`, `no-postgresql`.
 */
export function prepareCluster(
  dataFolder: string,
  settings: Readonly<Record<string, string>>,
  tell: Tell,
): Cluster {
  const place = join(dataFolder, 'postgres')
  try {
    mkdirSync(dataFolder, { recursive: true })
    const account = serverAccount(place, tell)
    if (!isOccupied(place)) makeCluster(dataFolder, place, account, tell)
    const folder = realpathSync(place)
    const secrets = readSecrets(folder)
    const binaries = binariesFor(folder, dataFolder)
    writeSettings(folder, account, secrets, settings)
    return { folder, logFile: join(dataFolder, 'postgres.log'), account, binaries, secrets }
  } catch (fault) {
    if (fault instanceof DatabaseFault) throw fault
    throw faultIn(String(fault), dataFolder) ?? fault
  }
}

function isOccupied(place: string): boolean {
  try {
    return readdirSync(place).length > 0
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    if (code === 'EACCES') throw new DatabaseFault('owned-by-another-user', place, fault)
    if (code === 'ENOTDIR') throw new DatabaseFault('foreign-folder', place, fault)
    throw fault
  }
}

function readSecrets(folder: string): Secrets {
  if (!existsSync(join(folder, 'PG_VERSION')) || !existsSync(join(folder, 'xunfang.json')))
    throw new DatabaseFault('foreign-folder', folder)
  return JSON.parse(readFileSync(join(folder, 'xunfang.json'), 'utf8')) as Secrets
}

/** Keeps the port, so that it stays the same from start to start. */
export function keepPort(cluster: Cluster, port: number): Cluster {
  if (cluster.secrets.port === port) return cluster
  const secrets = { ...cluster.secrets, port }
  writePrivately(join(cluster.folder, 'xunfang.json'), JSON.stringify(secrets), cluster.account)
  return { ...cluster, secrets }
}

function binariesFor(folder: string, dataFolder: string): Binaries {
  const major = Number(readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim())
  const binaries = findBinaries(major, dataFolder)
  if (binaries) return binaries
  const other = findBinaries(null, dataFolder)
  if (other) throw new DatabaseFault('other-major-version', `${major}, ${folder}`)
  throw new DatabaseFault('no-postgresql', folder)
}

/**
 * The cluster is made beside its place and moved there whole: no start ever meets a half-made one, and of two
 * starters at once one wins. Where the server's account may not enter the data folder (a home of mode 0700), the
 * cluster lies under /var/lib/xunfang and its place is a symlink.
 */
function makeCluster(dataFolder: string, place: string, account: Account | null, tell: Tell): void {
  const binaries = findBinaries(null, dataFolder)
  if (!binaries) throw new DatabaseFault('no-postgresql', '')
  const mark = randomBytes(6).toString('hex')
  const elsewhere = isRoot() && !mayEnter(account, dataFolder)
  const home = elsewhere ? '/var/lib/xunfang/clusters' : dataFolder
  if (elsewhere) {
    mkdirSync(home, { recursive: true, mode: 0o755 })
    tell(
      `PostgreSQL 用户无法进入 ${dataFolder}, 数据库放在 ${home}/${mark}`,
      `PostgreSQL's user may not enter ${dataFolder}; the database lies in ${home}/${mark}`,
    )
  }
  const workshop = join(home, `.making-${mark}`)
  try {
    mkdirSync(workshop, { mode: 0o700 })
    if (account) chownSync(workshop, account.uid, account.gid)
    const made = initialise(binaries, workshop, account)
    if (elsewhere) {
      renameSync(made, join(home, mark))
      if (!claim(() => symlinkSync(join(home, mark), place)))
        rmSync(join(home, mark), { recursive: true, force: true })
    } else claim(() => renameSync(made, place))
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

/** False when another starter was first. */
function claim(take: () => void): boolean {
  try {
    take()
    return true
  } catch (fault) {
    if (['EEXIST', 'ENOTEMPTY'].includes((fault as NodeJS.ErrnoException).code ?? '')) return false
    throw fault
  }
}

/** C collation sorts by code point and never changes with the system; C.UTF-8 character types let trigrams see Chinese. */
const LOCALES = [['--locale=C', '--lc-ctype=C.UTF-8'], ['--locale=C']]

function initialise(binaries: Binaries, workshop: string, account: Account | null): string {
  const folder = join(workshop, 'cluster')
  const secrets: Secrets = {
    id: randomBytes(6).toString('hex'),
    ownerPassword: randomBytes(24).toString('base64url'),
    appPassword: randomBytes(24).toString('base64url'),
    port: null,
  }
  const passwordFile = join(workshop, 'password')
  writePrivately(passwordFile, secrets.ownerPassword, account)
  let output = ''
  for (const locale of LOCALES) {
    const args = [
      '-D',
      folder,
      '-U',
      OWNER,
      '-E',
      'UTF8',
      ...locale,
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
    ]
    const run = spawnSync(join(binaries.folder, 'initdb'), args, {
      encoding: 'utf8',
      cwd: workshop,
      ...identity(account),
      env: serverEnvironment(),
    })
    output = `${run.stdout}${run.stderr}${run.error ?? ''}`
    if (run.status === 0) {
      writePrivately(join(folder, 'xunfang.json'), JSON.stringify(secrets), account)
      appendFileSync(
        join(folder, 'postgresql.conf'),
        "\n# Written anew at each start; what follows it is yours and wins.\ninclude 'xunfang.conf'\n",
      )
      return folder
    }
    if (!/invalid locale/i.test(output)) break
  }
  throw (
    faultIn(output, workshop) ??
    new DatabaseFault('did-not-start', output.trim().split('\n').slice(-5).join('; '))
  )
}

/** Durable always; sized for a small server that shares its machine with the application. */
function writeSettings(
  folder: string,
  account: Account | null,
  secrets: Secrets,
  settings: Readonly<Record<string, string>>,
): void {
  const megabytes = Math.round(totalmem() / 1_048_576)
  const all: Record<string, string> = {
    cluster_name: `xunfang-${secrets.id}`,
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: `${clamp(Math.round(megabytes / 8), 128, 1024)}MB`,
    effective_cache_size: `${Math.max(256, Math.round(megabytes / 2))}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_connections: '100',
    max_wal_size: '2GB',
    min_wal_size: '160MB',
    checkpoint_timeout: '10min',
    checkpoint_completion_target: '0.9',
    random_page_cost: '1.1',
    jit: 'off',
    max_parallel_workers_per_gather: String(clamp(availableParallelism() / 2 - 1, 0, 4) | 0),
    autovacuum_naptime: '30s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Statements hold personal data, and their errors reach the application anyway.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    log_autovacuum_min_duration: '-1',
    ...settings,
  }
  const text = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
  writePrivately(join(folder, 'xunfang.conf'), text.join(''), account)
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))

function writePrivately(path: string, text: string, account: Account | null): void {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(fresh, text, { mode: 0o600 })
  if (account) chownSync(fresh, account.uid, account.gid)
  renameSync(fresh, path)
}

/** What `spawn` needs to run a program as the account. */
export const identity = (account: Account | null): { uid?: number; gid?: number } =>
  account ? { uid: account.uid, gid: account.gid } : {}

/** Nothing of the caller's surroundings may change how the server behaves. */
export const serverEnvironment = (): Record<string, string> => ({
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
})
