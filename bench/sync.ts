import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { ORDER } from '../apps/server/order.ts'
import {
  DEFAULT_DAILY,
  fitForecast,
  openHistory,
  RISK_GRAIN,
  riskSurface,
} from '../capabilities/analysis/core/index.ts'
import { makeUpHistory } from '../capabilities/analysis/core/made-up-history.ts'
import { ORIGINS } from '../capabilities/incident/core/index.ts'
import { readWindow } from '../capabilities/location/server/fix.store.ts'
import {
  DEFAULT_SYNC,
  minutesOfDay,
  usesByMinute,
  type StatusPeriod,
  type SyncJob,
} from '../capabilities/patrol/core/index.ts'
import { openGathering, readInto, reckonInThread } from '../capabilities/patrol/server/sync.reading.ts'
import type { SyncNeeds } from '../capabilities/patrol/server/sync.needs.ts'
import { openDatabase, type Database } from '../foundation/server/db.ts'
import { migrate } from '../foundation/server/migrate.ts'
import { launchDatabase } from '../foundation/server/postgres/launcher.ts'
import { packCellHours, type CellHours } from '../solvers/density/cell-hours.ts'
import { loadRow, timed, type Row } from './product/figures.ts'

/**
 * The sync index of a large district: risk by place and hour from 630,000 incidents, a whole day of 500 units at a fix
 * each 10 s read in one pass, and the figure with its better allocations reckoned in a thread of its own. Beside each
 * the longest time in which the server's own thread answered nobody.
 */
const UNITS = 500
const FIX_SECONDS = 10
const DAY = '2026-11-23'
const ZONE = 'Asia/Shanghai'
const HISTORY = { incidents: 630_000, days: 4_000, seed: 7, metres: 18_000 }

export async function measure(): Promise<Row[]> {
  const rows = [loadRow()]
  const risk = await measureSurface(rows)
  const folder = mkdtempSync(join(tmpdir(), 'xunfang-sync-'))
  chmodSync(folder, 0o755)
  const launched = await launchDatabase({ dataFolder: folder, use: 'server' })
  try {
    await migrate(launched.ownerUrl, ORDER)
    const database = openDatabase({ url: launched.ownerUrl })
    try {
      await layDay(database, risk)
      rows.push(...(await measureDay(database, risk)))
    } finally {
      await database.close()
    }
  } finally {
    await launched.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return rows
}

async function measureSurface(rows: Row[]): Promise<CellHours> {
  const history = openHistory(makeUpHistory(HISTORY), ORIGINS)
  const day = Math.floor(history.day.at(-1)!)
  const fitted = fitForecast(history, { name: 'all', categories: null }, day)
  const lay = () =>
    timed(() => {
      const surface = riskSurface(history, fitted, day, DEFAULT_DAILY.shifts, 250)
      return { surface, packed: packCellHours(surface, RISK_GRAIN) }
    })
  // The quickest of three: what others do on the machine only adds.
  const runs = [await lay(), await lay(), await lay()]
  const { milliseconds, gave } = runs.reduce((best, run) =>
    run.milliseconds < best.milliseconds ? run : best,
  )
  rows.push({
    measure: `risk by place and hour, ${HISTORY.incidents.toLocaleString('en')} incidents`,
    value: milliseconds / 1_000,
    unit: 's',
    target: '≤ 1',
    reached: milliseconds <= 1_000,
    note: `${history.places.east.length} places, ${gave.surface.column.length} cells of 250 m, ${Math.round(gave.packed.length / 1_000)} kB before compression`,
  })
  return gave.surface
}

/** Every unit drives around its own part of the district all day. One hour a statement. */
async function layDay({ pool }: Database, { origin }: CellHours): Promise<void> {
  const { fromAt, untilAt } = minutesOfDay(DAY, ZONE)
  for (const at of [fromAt, untilAt]) await pool.query('select open_fix_day($1::date)', [new Date(at)])
  for (let hour = 0; hour < 24; hour++)
    await pool.query(
      `insert into fix (device_number, flags, fixed_at, received_at, lon, lat)
       select unit, 0, at, at,
              $1::float8 + ((unit * 733) % 16000 - 8000) / 92000.0 + sin(unit + extract(epoch from at) / 1800) * 0.004,
              $2::float8 + ((unit * 911) % 16000 - 8000) / 111000.0 + cos(unit + extract(epoch from at) / 2300) * 0.004
         from generate_series(1, $3::int) unit,
              generate_series($4::timestamptz, $4::timestamptz + interval '59 minutes 59 seconds', make_interval(secs => $5)) at`,
      [origin.lon, origin.lat, UNITS, new Date(fromAt + hour * 3_600_000), FIX_SECONDS],
    )
}

async function measureDay({ pool }: Database, risk: CellHours): Promise<Row[]> {
  const ofDay = minutesOfDay(DAY, ZONE)
  const carried = Array.from({ length: UNITS }, (_, n) => ({
    ...{ device: n + 1, unitId: `unit ${n + 1}`, rank: 1, sinceAt: 0, untilAt: null },
  }))
  const needs = {
    readFixes: (from, until, tell) => readWindow(pool, from, until, tell),
  } as Partial<SyncNeeds> as SyncNeeds
  const { signal } = new AbortController()
  const gathering = openGathering(DAY, ofDay, carried, risk, ofDay.untilAt)
  const whole = await watched(() =>
    readInto(gathering, carried, risk, needs, ofDay.fromAt, ofDay.untilAt, signal),
  )
  const late = await watched(() =>
    readInto(gathering, carried, risk, needs, ofDay.untilAt - 960_000, ofDay.untilAt, signal),
  )
  const periods = carried.map(({ unitId }): StatusPeriod => ({
    unitId,
    status: 'patrolling',
    sinceAt: 0,
    untilAt: null,
  }))
  const job: SyncJob = {
    minutes: gathering.minutes,
    uses: usesByMinute(gathering.minutes, gathering.numberOf, periods, ofDay.untilAt),
    hourOfMinute: ofDay.hourOfMinute,
    risk,
    riskFromHour: 0,
    fromMinute: 0,
    untilMinute: ofDay.minutes,
    gapSeconds: 180,
    setting: DEFAULT_SYNC,
  }
  const reckoned = await watched(() => reckonInThread([job], signal))
  const [outcome] = reckoned.gave
  const minutes = outcome!.minutes!.patrolMinutes
  return [
    row(`${UNITS} units, 24 h at ${FIX_SECONDS} s: a day's fixes read in one pass`, whole, {
      seconds: 30,
      note: `${((UNITS * 86_400) / FIX_SECONDS).toLocaleString('en')} fixes`,
    }),
    row('the running day: the last 16 minutes read again', late, { seconds: 1 }),
    row('figure, yardsticks, allocations and moves, in a thread', reckoned, {
      seconds: 10,
      note: `${minutes.toLocaleString('en')} minutes of patrol`,
    }),
    {
      measure: 'minutes found of those lived',
      value: minutes / (UNITS * 1_440),
      unit: 'share',
      target: '1',
      reached: minutes === UNITS * 1_440,
    },
    ...[whole, late, reckoned].map(({ longestMilliseconds }, n) => ({
      measure: `longest pause of the server meanwhile: ${['the day', '16 minutes', 'the figure'][n]}`,
      value: longestMilliseconds,
      unit: 'ms',
      target: '≤ 50',
      reached: longestMilliseconds <= 50,
    })),
  ]
}

interface Watched<T> {
  readonly gave: T
  readonly milliseconds: number
  readonly longestMilliseconds: number
}

async function watched<T>(work: () => Promise<T>): Promise<Watched<T>> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const { milliseconds, gave } = await timed(work)
  delay.disable()
  return { gave, milliseconds, longestMilliseconds: delay.max / 1e6 }
}

function row(
  measure: string,
  { milliseconds }: Watched<unknown>,
  { seconds, note }: { seconds: number; note?: string },
): Row {
  return {
    measure,
    value: milliseconds / 1_000,
    unit: 's',
    target: `≤ ${seconds}`,
    reached: milliseconds <= seconds * 1_000,
    ...(note ? { note } : {}),
  }
}
