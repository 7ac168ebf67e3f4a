import type { Pool, PoolClient } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import {
  FATE,
  isStored,
  UNBELIEVABLE,
  type FixColumns,
  type FixMemory,
  type PresenceChange,
  type TellingSpan,
  type TrackPoint,
} from '../core/index.ts'
import { sqlState } from '../../../foundation/server/db.ts'
import { arrayParameter, copyBody, readTimestamp, type Column } from './binary.ts'

/** History and latest positions: all SQL that a fix meets. */

const DAY = 86_400_000

function fixColumns(fixes: FixColumns): Column[] {
  return [
    { name: 'device_number', kind: 'int4', of: fixes.device },
    { name: 'flags', kind: 'int2', of: fixes.flags },
    { name: 'battery_percent', kind: 'int2', of: fixes.batteryPercent },
    { name: 'fixed_at', kind: 'timestamptz', of: fixes.fixedAt },
    { name: 'received_at', kind: 'timestamptz', of: fixes.receivedAt },
    { name: 'lon', kind: 'float8', of: fixes.lon },
    { name: 'lat', kind: 'float8', of: fixes.lat },
    { name: 'accuracy_metres', kind: 'float4', of: fixes.accuracyMetres },
    { name: 'speed_metres_per_second', kind: 'float4', of: fixes.speedMetresPerSecond },
    { name: 'bearing_degrees', kind: 'float4', of: fixes.bearingDegrees },
  ]
}

function latestColumns(memory: FixMemory): Column[] {
  return [
    { name: 'device_number', kind: 'int4', of: memory.number },
    { name: 'flags', kind: 'int2', of: memory.latestFlags },
    { name: 'battery_percent', kind: 'int2', of: memory.latestBatteryPercent },
    { name: 'fixed_at', kind: 'timestamptz', of: memory.latestAt },
    { name: 'received_at', kind: 'timestamptz', of: memory.latestReceivedAt },
    { name: 'lon', kind: 'float8', of: memory.latestLon },
    { name: 'lat', kind: 'float8', of: memory.latestLat },
    { name: 'accuracy_metres', kind: 'float4', of: memory.latestAccuracyMetres },
    { name: 'speed_metres_per_second', kind: 'float4', of: memory.latestSpeedMetresPerSecond },
    { name: 'bearing_degrees', kind: 'float4', of: memory.latestBearingDegrees },
  ]
}

const NAMES =
  'device_number, flags, battery_percent, fixed_at, received_at, lon, lat, accuracy_metres, speed_metres_per_second, bearing_degrees'
const UNNESTED =
  'unnest($1::int4[], $2::int2[], $3::int2[], $4::timestamptz[], $5::timestamptz[], $6::float8[], $7::float8[], $8::float4[], $9::float4[], $10::float4[])'

/** One message begins the transaction and the copying: each way there and back is time in which the database rests. */
const BEGIN_AND_COPY_FIXES = `begin; copy fix (${NAMES}) from stdin (format binary)`

const INSERT_FIXES_ONCE = {
  name: 'location insert fixes once',
  text: `insert into fix (${NAMES}) select * from ${UNNESTED} on conflict do nothing returning device_number, fixed_at`,
}

/** In order of the key, so that two writers (a server being replaced) cannot lock each other out. */
const UPSERT_LATEST = {
  name: 'location upsert latest',
  text: `insert into latest_position as latest (${NAMES}) select * from ${UNNESTED} order by 1
    on conflict (device_number) do update set
      flags = excluded.flags, battery_percent = excluded.battery_percent, fixed_at = excluded.fixed_at,
      received_at = excluded.received_at, lon = excluded.lon, lat = excluded.lat,
      accuracy_metres = excluded.accuracy_metres, speed_metres_per_second = excluded.speed_metres_per_second,
      bearing_degrees = excluded.bearing_degrees
    where excluded.fixed_at > latest.fixed_at`,
}

const OPEN_STAYS = `insert into key_place_stay (key_place_id, unit_id, entered_at)
  select * from unnest($1::text[], $2::text[], $3::timestamptz[]) on conflict do nothing`

const CLOSE_STAYS = `update key_place_stay stay set left_at = greatest(stay.entered_at, gone.left_at)
  from unnest($1::text[], $2::text[], $3::timestamptz[]) as gone (key_place_id, unit_id, left_at)
  where stay.key_place_id = gone.key_place_id and stay.unit_id = gone.unit_id and stay.left_at is null`

/** What one pass writes: all of it or nothing. */
export interface PassToKeep {
  readonly fixes: FixColumns
  readonly memory: FixMemory
  /** Devices whose latest position the pass has moved. */
  readonly moved: readonly number[]
  readonly presence: readonly PresenceChange[]
}

export interface FixStore {
  /**
   * Writes history, latest positions and stays in one transaction. When it resolves, they are on disk.
   * A stored fix that the database had already gets the fate `duplicate`.
   */
  keep(pass: PassToKeep): Promise<void>
}

export function createFixStore(pool: Pool): FixStore {
  const openDays = new Set<number>()

  /** A partition must be there before its first row comes; opening one that is there costs nothing. */
  async function openDaysOf(client: PoolClient, fixes: FixColumns, rows: readonly number[]): Promise<void> {
    let last = NaN
    for (const row of rows) {
      const day = Math.floor(fixes.fixedAt[row]! / DAY)
      if (day === last) continue
      last = day
      if (openDays.has(day)) continue
      await client.query('select open_fix_day($1::date)', [dayText(day)])
      openDays.add(day)
    }
  }

  return {
    async keep(pass) {
      const stored: number[] = []
      for (let row = 0; row < pass.fixes.length; row++) if (isStored(pass.fixes.fate[row]!)) stored.push(row)
      if (stored.length === 0 && pass.presence.length === 0) return
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await openDaysOf(client, pass.fixes, stored)
        await keepInOneTransaction(client, pass, stored)
      } catch (fault) {
        broken = fault as Error
        throw fault
      } finally {
        // A connection on which anything went wrong is not used again.
        client.release(broken)
      }
    },
  }
}

async function keepInOneTransaction(
  client: PoolClient,
  pass: PassToKeep,
  stored: readonly number[],
): Promise<void> {
  const { fixes } = pass
  // What is newer than the device's latest cannot be there yet and is copied; the rest is inserted if it is not there.
  const newer = stored.filter((row) => fixes.fate[row] === FATE.latest)
  const others = stored.filter((row) => fixes.fate[row] !== FATE.latest)
  if (newer.length === 0) await client.query('begin')
  else {
    try {
      await copyIn(client, BEGIN_AND_COPY_FIXES, copyBody(fixColumns(fixes), newer))
    } catch (fault) {
      if (sqlState(fault) !== UNIQUE_VIOLATION) throw fault
      // Somebody else has written some of these: a second server, an import. Then each is asked for.
      await client.query('rollback')
      await client.query('begin')
      others.unshift(...newer)
    }
  }
  if (others.length > 0) await insertOnce(client, fixes, others)
  if (pass.moved.length > 0) {
    const columns = latestColumns(pass.memory)
    await client.query({
      ...UPSERT_LATEST,
      values: columns.map((column) => arrayParameter(column, pass.moved)),
    })
  }
  await writeStays((text, values) => client.query(text, values), pass.presence)
  await client.query('commit')
}

const UNIQUE_VIOLATION = '23505'

async function insertOnce(client: PoolClient, fixes: FixColumns, rows: readonly number[]): Promise<void> {
  const { rows: inserted } = await client.query<{ device_number: number; fixed_at: number }>({
    ...INSERT_FIXES_ONCE,
    values: fixColumns(fixes).map((column) => arrayParameter(column, rows)),
  })
  if (inserted.length === rows.length) return
  const taken = new Set(inserted.map((row) => `${row.device_number} ${row.fixed_at}`))
  for (const row of rows) {
    if (!taken.has(`${fixes.device[row]} ${fixes.fixedAt[row]}`)) fixes.fate[row] = FATE.duplicate
  }
}

/**
 * Writes stays that begin and end, in whatever transaction `run` runs its statements. The database's moment of
 * coming wins over a moment of leaving before it.
 */
export async function writeStays(
  run: (text: string, values: unknown[]) => Promise<unknown>,
  changes: readonly PresenceChange[],
): Promise<void> {
  for (const [type, text] of [
    ['left', CLOSE_STAYS],
    ['entered', OPEN_STAYS],
  ] as const) {
    const some = changes.filter((change) => change.type === type)
    if (some.length === 0) continue
    await run(text, [
      some.map((change) => change.placeId),
      some.map((change) => change.unitId),
      some.map((change) => new Date(change.at)),
    ])
  }
}

function copyIn(client: PoolClient, text: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(copyFrom(text))
    stream.on('error', reject)
    stream.on('finish', () => resolve())
    stream.end(body)
  })
}

export function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

/** Drops the days of history before the one in which `firstKept` lies; gives the names of the partitions dropped. */
export async function dropDaysBefore(pool: Pool, firstKept: number): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>('select drop_fix_days($1::date) as name', [
    dayText(Math.floor(firstKept / DAY)),
  ])
  return rows.map((row) => row.name)
}

/** Opens the days from yesterday to as far ahead as fixes are stored, so that midnight finds its partition ready. */
export async function openDaysAround(pool: Pool, now: number, daysAhead: number): Promise<void> {
  const today = Math.floor(now / DAY)
  for (let day = today - 1; day <= today + daysAhead; day++)
    await pool.query('select open_fix_day($1::date)', [dayText(day)])
}

/** Puts every device's latest position, as it is on disk, into the memory. */
export async function loadLatest(pool: Pool, memory: FixMemory): Promise<void> {
  const { rows } = await pool.query<{
    device_number: number
    flags: number
    battery_percent: number | null
    fixed_at: number
    received_at: number
    lon: number
    lat: number
    accuracy_metres: number | null
    speed_metres_per_second: number | null
    bearing_degrees: number | null
  }>(`select ${NAMES} from latest_position`)
  for (const row of rows) {
    const device = row.device_number
    memory.latestAt[device] = row.fixed_at
    memory.newestAt[device] = row.fixed_at
    memory.latestReceivedAt[device] = row.received_at
    memory.latestLon[device] = row.lon
    memory.latestLat[device] = row.lat
    memory.latestAccuracyMetres[device] = row.accuracy_metres ?? NaN
    memory.latestSpeedMetresPerSecond[device] = row.speed_metres_per_second ?? NaN
    memory.latestBearingDegrees[device] = row.bearing_degrees ?? NaN
    memory.latestBatteryPercent[device] = row.battery_percent ?? NaN
    memory.latestFlags[device] = row.flags
  }
}

/**
 * The believable fixes of some devices, each within its own time, in order of time. Above `enough` fixes only one is
 * taken of each equal stretch of time, so that a month asked for does not fill the memory.
 */
export async function readTrackPoints(
  pool: Pool,
  spans: readonly { device: number; fromAt: number; untilAt: number }[],
  enough: number,
): Promise<TrackPoint[]> {
  if (spans.length === 0) return []
  const values = [
    spans.map((span) => span.device),
    spans.map((span) => new Date(span.fromAt)),
    spans.map((span) => new Date(span.untilAt)),
    UNBELIEVABLE,
  ]
  const within = `from unnest($1::int4[], $2::timestamptz[], $3::timestamptz[]) as span (device_number, from_at, until_at)
    join fix on fix.device_number = span.device_number and fix.fixed_at >= span.from_at and fix.fixed_at < span.until_at
    where fix.flags & $4 = 0`
  const { rows: counted } = await pool.query<{ count: number }>(`select count(*) ${within}`, values)
  const thin = (counted[0]?.count ?? 0) > enough
  const first = Math.min(...spans.map((span) => span.fromAt))
  const last = Math.max(...spans.map((span) => span.untilAt))
  const bucketSeconds = Math.max(1, (last - first) / 1000 / enough)
  const picked = 'fix.fixed_at, fix.lon, fix.lat, fix.accuracy_metres, fix.speed_metres_per_second'
  const { rows } = await pool.query<[number, number, number, number | null, number | null]>({
    text: thin
      ? `select distinct on (floor(extract(epoch from fix.fixed_at) / $5::float8)) ${picked} ${within}
         order by floor(extract(epoch from fix.fixed_at) / $5::float8), fix.fixed_at`
      : `select ${picked} ${within} order by fix.fixed_at`,
    values: thin ? [...values, bucketSeconds] : values,
    rowMode: 'array',
  })
  return rows.map(([at, lon, lat, accuracy, speed]) => ({
    at,
    lon,
    lat,
    accuracyMetres: accuracy ?? NaN,
    speedMetresPerSecond: speed ?? NaN,
  }))
}

/** The believable fixes that tell the way of units, each unit's in order of time. */
export async function readPointsOfUnits(
  pool: Pool,
  spans: readonly TellingSpan[],
  tell: (unitId: string, point: TrackPoint) => void,
): Promise<void> {
  if (spans.length === 0) return
  const { rows } = await pool.query<[number, number, number, number, number | null, number | null]>({
    text: `select span.place, fix.fixed_at, fix.lon, fix.lat, fix.accuracy_metres, fix.speed_metres_per_second
      from unnest($1::int4[], $2::timestamptz[], $3::timestamptz[]) with ordinality
        as span (device_number, from_at, until_at, place)
      join fix on fix.device_number = span.device_number and fix.fixed_at >= span.from_at and fix.fixed_at < span.until_at
     where fix.flags & $4 = 0 order by fix.fixed_at`,
    values: [
      spans.map((span) => span.device),
      spans.map((span) => new Date(span.fromAt)),
      spans.map((span) => new Date(span.untilAt)),
      UNBELIEVABLE,
    ],
    rowMode: 'array',
  })
  for (const [place, at, lon, lat, accuracy, speed] of rows)
    tell(spans[place - 1]!.unitId, {
      ...{ at, lon, lat },
      accuracyMetres: accuracy ?? NaN,
      speedMetresPerSecond: speed ?? NaN,
    })
}

/** Whether a believable fix of [fromAt, untilAt) was received after a moment. */
export async function hasFixesReceivedAfter(
  pool: Pool,
  fromAt: number,
  untilAt: number,
  receivedAfter: number,
): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `select exists (select 1 from fix where fixed_at >= $1 and fixed_at < $2 and received_at > $3 and flags & $4 = 0) as found`,
    [new Date(fromAt), new Date(untilAt), new Date(receivedAfter), UNBELIEVABLE],
  )
  return rows[0]!.found
}

/** device_number, fixed_at, lon, lat in COPY's binary form: two bytes of count, then length and value of each. */
const REPLAY_ROW_BYTES = 2 + (4 + 4) + (4 + 8) + (4 + 8) + (4 + 8)
const COPY_HEADER_BYTES = 19

/** Streams the believable fixes of all devices in [fromAt, untilAt) in no order; memory stays as it is however many there are. */
export async function readWindow(
  pool: Pool,
  fromAt: number,
  untilAt: number,
  tell: (device: number, at: number, lon: number, lat: number) => void,
): Promise<void> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    const stream = client.query(
      copyTo(
        `copy (select device_number, fixed_at, lon, lat from fix where fixed_at >= '${new Date(fromAt).toISOString()}'
         and fixed_at < '${new Date(untilAt).toISOString()}' and flags & ${UNBELIEVABLE} = 0) to stdout (format binary)`,
      ),
    )
    let rest: Buffer = Buffer.alloc(0)
    let skip = COPY_HEADER_BYTES
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let at = 0
      if (skip > 0) {
        if (bytes.length < skip) {
          rest = bytes
          continue
        }
        at = skip
        skip = 0
      }
      for (; at + REPLAY_ROW_BYTES <= bytes.length; at += REPLAY_ROW_BYTES) {
        tell(
          bytes.readInt32BE(at + 6),
          readTimestamp(bytes, at + 14),
          bytes.readDoubleBE(at + 26),
          bytes.readDoubleBE(at + 38),
        )
      }
      rest = bytes.subarray(at)
    }
  } catch (fault) {
    broken = fault as Error
    throw fault
  } finally {
    client.release(broken)
  }
}
