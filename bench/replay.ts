import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { startServer } from '../apps/server/server.ts'
import { ORDER } from '../apps/server/order.ts'
import { openDatabase, type Database } from '../foundation/server/db.ts'
import { APP_ROLE, migrate } from '../foundation/server/migrate.ts'
import { launchDatabase } from '../foundation/server/postgres/launcher.ts'
import { readRoads } from '../apps/simulator/from-history.ts'
import { prepareCredentials } from '../apps/simulator/credentials.ts'
import { callsOfOneDay, settleThousandUnits } from './replay/district.ts'
import type { ReplayOrder, ReplayReport } from './replay/thread.ts'
import type { Row } from './product/figures.ts'

/**
 * A day's replay: 24 hours, 1,000 units at a fix each 10 s, 2,000 incidents from call to result, through the real
 * server and its public API. Server and simulator share a clock that goes on 20 s as soon as both have done what the
 * step before held, so the figure is how fast a day can be lived, and no answer is later than two steps. Simulated
 * people run in a thread of their own. `REPLAY_HOURS` plays less than a day; `REPLAY_VERBOSE` tells each hour.
 */
export const UNITS = 1_000
export const INCIDENTS = 2_000
const FIX_SECONDS = 10
const TARGET_MINUTES = 5

export async function measure(): Promise<Row[]> {
  const hours = Number(process.env['REPLAY_HOURS'] ?? 24)
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-replay-'))
  chmodSync(folder, 0o755)
  const launched = await launchDatabase({ dataFolder: folder, use: 'server' })
  const day = Math.floor(Date.now() / 86_400_000) * 86_400_000
  const clock = new Float64Array(new SharedArrayBuffer(8))
  clock[0] = day
  const now = () => clock[0]!
  try {
    await migrate(launched.ownerUrl, ORDER)
    const database = openDatabase(
      launched.appUrl ? { url: launched.appUrl } : { url: launched.ownerUrl, role: APP_ROLE },
    )
    try {
      await settleThousandUnits(database, UNITS, day)
      const server = await startServer({
        database,
        host: '127.0.0.1',
        port: 0,
        dataFolder: folder,
        consoleFolder: null,
        logLevel: 'error',
        now,
      })
      try {
        const order: ReplayOrder = {
          baseUrl: server.url,
          credentials: await prepareCredentials(database.db, day),
          roads: await readRoads(database),
          calls: callsOfOneDay(day, INCIDENTS).filter(
            ({ occurredAt }) => occurredAt < day + hours * 3_600_000,
          ),
          clock,
          hours,
          fixSeconds: FIX_SECONDS,
        }
        const before = process.cpuUsage()
        const report = await playThrough(order, async () => {
          await server.flows.settled()
          return server.app.outbox.head()
        })
        const { user, system } = process.cpuUsage(before)
        return [
          ...rowsOf(report, hours, order.calls.length),
          {
            measure: 'processor time of server and simulator',
            value: (user + system) / 60e6,
            unit: 'min',
            note: 'PostgreSQL not counted',
          },
          ...(await whatTheDatabaseHolds(database)),
        ]
      } finally {
        await server.close()
      }
    } finally {
      await database.close()
    }
  } finally {
    await launched.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function playThrough(order: ReplayOrder, settled: () => Promise<number>): Promise<ReplayReport> {
  const thread = new Worker(new URL('./replay/thread.js', import.meta.url), { workerData: order })
  return new Promise<ReplayReport>((resolve, reject) => {
    thread.on('error', reject)
    thread.on('message', (message: 'settle' | ReplayReport | { fault: string }) => {
      if (message === 'settle') settled().then((head) => thread.postMessage(head), reject)
      else if ('fault' in message) reject(new Error(message.fault))
      else resolve(message)
    })
  }).finally(() => void thread.terminate())
}

function rowsOf(report: ReplayReport, hours: number, calls: number): Row[] {
  const minutes = report.seconds / 60
  const share = hours / 24
  return [
    {
      measure: `${hours} h, ${UNITS} units at ${FIX_SECONDS} s, ${calls} incidents`,
      value: minutes,
      unit: 'min',
      target: `≤ ${TARGET_MINUTES * share}`,
      reached: minutes <= TARGET_MINUTES * share,
      note: `${Math.round((hours * 60) / minutes)} times as fast as the clock; intake and simulator share 2 cores`,
    },
    {
      measure: 'fixes through the intake',
      value: report.fixesSent,
      unit: 'fixes',
      note: `${Math.round(report.fixesSent / report.seconds)}/s`,
    },
    {
      measure: 'commands through the API',
      value: report.commandsSent,
      unit: 'commands',
      note: `${Math.round(report.commandsSent / report.seconds)}/s`,
    },
    {
      measure: 'calls placed',
      value: report.callsPlaced,
      unit: 'calls',
      note: `${report.callsRefused} refused, ${report.faults} faults`,
    },
    { measure: 'busy moving and sending', value: report.moveSeconds / 60, unit: 'min' },
    {
      measure: 'busy with calls, orders and answers',
      value: (report.speakSeconds + report.ringSeconds) / 60,
      unit: 'min',
    },
    { measure: 'busy looking at the board', value: report.lookSeconds / 60, unit: 'min' },
    { measure: 'flows catching up', value: report.settleSeconds / 60, unit: 'min' },
  ]
}

async function whatTheDatabaseHolds({ pool }: Database): Promise<Row[]> {
  const one = async (sql: string) =>
    Number(Object.values((await pool.query<Record<string, number>>(sql)).rows[0]!)[0])
  const stored = await one('select count(*) from fix')
  const closed = await one(`select count(*) from incident where status = 'closed'`)
  const doubles = await one(
    'select count(*) from (select unit_id from assignment where released_at is null group by unit_id having count(*) > 1) twice',
  )
  const median = await one(
    'select coalesce(percentile_cont(0.5) within group (order by extract(epoch from first_arrived_at - opened_at)), 0) from incident where first_arrived_at is not null',
  )
  return [
    { measure: 'fixes stored', value: stored, unit: 'fixes' },
    { measure: 'incidents closed', value: closed, unit: 'incidents' },
    { measure: 'median from call to arrival', value: median, unit: 's', note: 'of the simulated day' },
    {
      measure: 'units with two assignments',
      value: doubles,
      unit: 'units',
      target: '0',
      reached: doubles === 0,
    },
  ]
}
