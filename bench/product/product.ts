import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ORDER } from '../../apps/server/order.ts'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { inTransaction, openDatabase, type Database } from '../../foundation/server/db.ts'
import { newSecret } from '../../foundation/server/identity/secrets.ts'
import { createAccount, issueToken } from '../../foundation/server/identity/store.ts'
import { migrate, projectRoot } from '../../foundation/server/migrate.ts'
import { launchDatabase } from '../../foundation/server/postgres/launcher.ts'
import { openClient, type Client } from './client.ts'

/** The product as it ships: the built server in a process of its own with its embedded PostgreSQL. */
export interface Product {
  readonly port: number
  /** Signed in as the dispatcher of the whole district. */
  readonly client: Client
  /** Behind the server's back, as the owner: to prepare and to count. */
  readonly database: Database
  /** Milliseconds of processor time that the server has used so far, PostgreSQL's not counted; null where it cannot be told. */
  processorMilliseconds(): number | null
  /** Resolves when everything that has been committed has run through the flows. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** `fill` prepares the empty, migrated database before the server starts on it. */
export async function openProduct(fill: (database: Database) => Promise<void>): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-bench-'))
  chmodSync(folder, 0o755)
  const launched = await launchDatabase({ dataFolder: folder, use: 'tool' })
  await migrate(launched.ownerUrl, ORDER)
  const database = openDatabase({ url: launched.ownerUrl, poolSize: 4 })
  await fill(database)
  const token = await dispatcherToken(database)
  const { child, port } = await startServer(folder)
  const client = openClient({ port, token })
  return {
    port,
    client,
    database,
    processorMilliseconds: () => processorMilliseconds(child.pid!),
    async settled() {
      for (;;) {
        const { rows } = await database.pool.query<{ settled: boolean }>(`
          select not exists (select from outbox where seq is null)
             and stream_head.seq = coalesce((select seq from flow_cursor where consumer = 'flows'), 0) as settled
            from stream_head`)
        if (rows[0]!.settled) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    async close() {
      client.close()
      if (child.exitCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGINT')
        await ended
      }
      await database.close()
      await launched.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startServer(folder: string): Promise<{ child: ChildProcess; port: number }> {
  const main = join(projectRoot(), 'dist/apps/server/main.js')
  const args = ['--data', folder, '--host', '127.0.0.1', '--port', '0', '--no-play']
  const { DATABASE_URL: _, PORT: __, ...env } = process.env
  const child = spawn(process.execPath, [...extraFlags(), main, ...args], {
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 2],
  })
  let output = ''
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended (${code}):\n${output}`)))
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      const found = /http:\/\/localhost:(\d+)\//.exec(output)
      if (found) resolve({ child, port: Number(found[1]) })
    })
  })
}

/** Fields 14 and 15 of /proc/PID/stat, in hundredths of a second. */
function processorMilliseconds(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return null
  }
}

/** `BENCH_SERVER_FLAGS=--cpu-prof` tells where the server's time goes. */
const extraFlags = () => (process.env['BENCH_SERVER_FLAGS'] ?? '').split(' ').filter(Boolean)

function dispatcherToken({ db }: Database): Promise<string> {
  const secret = newSecret()
  return inTransaction(db, async (tx) => {
    const now = Date.now()
    const grants = [{ role: 'dispatcher', organisationId: null }] as const
    const account = { username: 'bench', name: 'bench', kind: 'service', passwordHash: null, grants } as const
    const accountId = await createAccount(tx, account, now)
    if (isRefusal(accountId)) throw new Error(accountId.refused)
    await issueToken(tx, { accountId, label: 'bench', secret, now, expiresAt: null })
    return secret
  })
}
