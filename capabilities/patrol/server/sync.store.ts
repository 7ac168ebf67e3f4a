import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { ColumnType } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { Timestamp } from '../../../foundation/server/tables.ts'
import type { MinuteFigures, SyncFigures, SyncOutcome, SyncSurface } from '../core/index.ts'

type SyncTables = {
  sync_day: {
    day: string
    computed_at: Timestamp
    state: SyncOutcome['state']
    run_id: string | null
    minutes: ColumnType<MinuteFigures | null, string | null, string | null>
    figures: ColumnType<SyncFigures | null, string | null, string | null>
    surface: Buffer | null
  }
}
const tables = (db: Db | Tx) => (db as Db).withTables<SyncTables>()

const press = promisify(deflateRaw)
const expand = promisify(inflateRaw)

export interface SyncDay {
  readonly day: string
  readonly computedAt: Instant
  readonly state: SyncOutcome['state']
  readonly runId: string | null
  readonly minutes: MinuteFigures | null
  readonly figures: SyncFigures | null
}

/** Keeps the figure of a day in place of the one before it. */
export async function keepSyncDay(
  db: Db | Tx,
  kept: { readonly day: string; readonly computedAt: Instant; readonly runId: string | null },
  outcome: SyncOutcome,
): Promise<void> {
  const values = {
    computed_at: toTimestamp(kept.computedAt),
    state: outcome.state,
    run_id: kept.runId,
    minutes: JSON.stringify(outcome.minutes),
    figures: outcome.state === 'done' ? JSON.stringify(outcome.figures) : null,
    surface: outcome.state === 'done' ? await press(JSON.stringify(outcome.surface)) : null,
  }
  await tables(db)
    .insertInto('sync_day')
    .values({ day: kept.day, ...values })
    .onConflict((conflict) => conflict.column('day').doUpdateSet(values))
    .execute()
}

const COLUMNS = ['day', 'computed_at', 'state', 'run_id', 'minutes', 'figures'] as const

/** Days from `since` on that have a figure or the reason why they have none, in order. */
export async function listSyncDays(db: Db | Tx, since: string): Promise<SyncDay[]> {
  const rows = await tables(db)
    .selectFrom('sync_day')
    .select(COLUMNS)
    .where('day', '>=', since)
    .orderBy('day')
    .execute()
  return rows.map(dayOf)
}

export async function findSyncDay(
  db: Db | Tx,
  day: string,
): Promise<{ readonly day: SyncDay; readonly surface: SyncSurface | null } | null> {
  const row = await tables(db)
    .selectFrom('sync_day')
    .select([...COLUMNS, 'surface'])
    .where('day', '=', day)
    .executeTakeFirst()
  if (!row) return null
  const surface = row.surface && (JSON.parse((await expand(row.surface)).toString()) as SyncSurface)
  return { day: dayOf(row), surface }
}

function dayOf(row: {
  day: string
  computed_at: number
  state: SyncOutcome['state']
  run_id: string | null
  minutes: MinuteFigures | null
  figures: SyncFigures | null
}): SyncDay {
  return {
    day: row.day,
    computedAt: row.computed_at,
    state: row.state,
    runId: row.run_id,
    minutes: row.minutes,
    figures: row.figures,
  }
}
