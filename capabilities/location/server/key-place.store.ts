import { sql, type ColumnType } from 'kysely'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { Timestamp } from '../../../foundation/server/tables.ts'
import type { Coverage, CoverageEvent, GuardedPlace, Presence } from '../core/index.ts'

/** Who kept which key place, how it stands and when it was left alone. */

type MaybeTimestamp = ColumnType<number | null, Date | null, Date | null>

type KeyPlaceTables = {
  key_place_stay: { key_place_id: string; unit_id: string; entered_at: Timestamp; left_at: MaybeTimestamp }
  key_place_coverage: {
    key_place_id: string
    state: Coverage['state']
    since_at: MaybeTimestamp
    raised_at: MaybeTimestamp
  }
  key_place_alarm: {
    id: string
    key_place_id: string
    required_units: number
    present_units: number
    uncovered_since_at: Timestamp
    raised_at: Timestamp
    covered_at: MaybeTimestamp
  }
}

const tables = (db: Db | Tx) => db.withTables<KeyPlaceTables>()

export async function loadPresence(db: Db | Tx): Promise<Presence> {
  const rows = await tables(db)
    .selectFrom('key_place_stay')
    .selectAll()
    .where('left_at', 'is', null)
    .execute()
  const presence = new Map<string, Map<string, number>>()
  for (const row of rows) {
    const stays = presence.get(row.key_place_id) ?? new Map<string, number>()
    stays.set(row.unit_id, row.entered_at)
    presence.set(row.key_place_id, stays)
  }
  return presence
}

export async function loadCoverage(db: Db | Tx): Promise<Map<string, Coverage>> {
  const rows = await tables(db).selectFrom('key_place_coverage').selectAll().execute()
  return new Map(
    rows.map((row) => [
      row.key_place_id,
      row.state === 'alarm'
        ? { state: 'alarm', sinceAt: row.since_at!, raisedAt: row.raised_at! }
        : row.state === 'uncovered'
          ? { state: 'uncovered', sinceAt: row.since_at! }
          : { state: row.state },
    ]),
  )
}

export async function saveCoverage(tx: Tx, keyPlaceId: string, coverage: Coverage): Promise<void> {
  const row = {
    state: coverage.state,
    since_at: 'sinceAt' in coverage ? toTimestamp(coverage.sinceAt) : null,
    raised_at: 'raisedAt' in coverage ? toTimestamp(coverage.raisedAt) : null,
  }
  await tables(tx)
    .insertInto('key_place_coverage')
    .values({ key_place_id: keyPlaceId, ...row })
    .onConflict((conflict) => conflict.column('key_place_id').doUpdateSet(row))
    .execute()
}

/** The place is guarded no more: an alarm that stood for it is over, and nothing is known of how it stands. */
export async function forgetCoverage(tx: Tx, keyPlaceId: string, now: number): Promise<void> {
  await tables(tx)
    .updateTable('key_place_alarm')
    .set({ covered_at: toTimestamp(now) })
    .where('key_place_id', '=', keyPlaceId)
    .where('covered_at', 'is', null)
    .execute()
  await tables(tx).deleteFrom('key_place_coverage').where('key_place_id', '=', keyPlaceId).execute()
}

export async function saveCoverageEvent(
  tx: Tx,
  place: GuardedPlace,
  presentUnits: number,
  event: CoverageEvent,
  id: string,
): Promise<void> {
  if (event.type === 'uncovered') {
    await tables(tx)
      .insertInto('key_place_alarm')
      .values({
        id,
        key_place_id: place.id,
        required_units: place.requiredUnits,
        present_units: presentUnits,
        uncovered_since_at: toTimestamp(event.sinceAt),
        raised_at: toTimestamp(event.raisedAt),
        covered_at: null,
      })
      .execute()
    return
  }
  await tables(tx)
    .updateTable('key_place_alarm')
    .set({ covered_at: toTimestamp(event.coveredAt) })
    .where('key_place_id', '=', place.id)
    .where('covered_at', 'is', null)
    .execute()
}

export interface Stay {
  readonly keyPlaceId: string
  readonly unitId: string
  readonly enteredAt: number
  readonly leftAt: number | null
}

export interface StayFilter {
  readonly fromAt: number
  readonly untilAt: number
  /** Null: at any place. */
  readonly keyPlaceId: string | null
  /** Null: of any unit. */
  readonly units: readonly string[] | null
}

/** Who was at the place within a window, by time of coming; at most `limit`. */
export async function listStays(
  db: Db | Tx,
  { fromAt, untilAt, keyPlaceId, units }: StayFilter,
  limit: number,
): Promise<Stay[]> {
  let query = tables(db)
    .selectFrom('key_place_stay')
    .selectAll()
    .where('entered_at', '<', toTimestamp(untilAt) as never)
    .where((where) =>
      where.or([where('left_at', 'is', null), where('left_at', '>=', toTimestamp(fromAt) as never)]),
    )
    .orderBy('entered_at')
    .limit(limit)
  if (keyPlaceId !== null) query = query.where('key_place_id', '=', keyPlaceId)
  if (units) query = query.where('unit_id', '=', sql<string>`any(${[...units]}::text[])`)
  return (await query.execute()).map((row) => ({
    keyPlaceId: row.key_place_id,
    unitId: row.unit_id,
    enteredAt: row.entered_at,
    leftAt: row.left_at,
  }))
}

export interface Alarm {
  readonly id: string
  readonly keyPlaceId: string
  readonly requiredUnits: number
  readonly presentUnits: number
  readonly uncoveredSinceAt: number
  readonly raisedAt: number
  readonly coveredAt: number | null
}

export async function listAlarms(
  db: Db | Tx,
  fromAt: number,
  untilAt: number,
  limit: number,
): Promise<Alarm[]> {
  const rows = await tables(db)
    .selectFrom('key_place_alarm')
    .selectAll()
    .where('raised_at', '<', toTimestamp(untilAt) as never)
    .where((where) =>
      where.or([where('covered_at', 'is', null), where('covered_at', '>=', toTimestamp(fromAt) as never)]),
    )
    .orderBy('raised_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    keyPlaceId: row.key_place_id,
    requiredUnits: row.required_units,
    presentUnits: row.present_units,
    uncoveredSinceAt: row.uncovered_since_at,
    raisedAt: row.raised_at,
    coveredAt: row.covered_at,
  }))
}
