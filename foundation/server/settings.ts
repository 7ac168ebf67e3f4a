import { sql } from 'kysely'
import { refuse, type Refusal } from '../core/outcome.ts'
import type { Db, Tx } from './db.ts'
import { toTimestamp } from './db.ts'
import { forget, remembered } from './remembered.ts'

export interface Setting<T> {
  readonly value: T
  readonly version: number
}

/** The configured value, or the default with version 0 where nobody has set one. */
export async function readSetting<T>(db: Db | Tx, key: string, otherwise: T): Promise<Setting<T>> {
  const row = await remembered(db, `setting ${key}`, () =>
    db.selectFrom('setting').select(['value', 'version']).where('key', '=', key).executeTakeFirst(),
  )
  return row ? { value: row.value as T, version: row.version } : { value: otherwise, version: 0 }
}

/** Writes a setting over the version that the caller has read; refuses `version-conflict` when it has moved on. */
export async function writeSetting<T>(
  tx: Tx,
  key: string,
  value: T,
  expectedVersion: number,
  now: number,
): Promise<Setting<T> | Refusal> {
  forget(tx, `setting ${key}`)
  const written = await sql<{ version: number }>`
    insert into setting (key, value, version, changed_at)
    select ${key}, ${JSON.stringify(value)}::jsonb, 1, ${toTimestamp(now)} where ${expectedVersion}::int = 0
    on conflict (key) do nothing
    returning version`.execute(tx)
  if (written.rows[0]) return { value, version: 1 }
  const moved = await tx
    .updateTable('setting')
    .set({ value: JSON.stringify(value), version: sql<number>`version + 1`, changed_at: toTimestamp(now) })
    .where('key', '=', key)
    .where('version', '=', expectedVersion)
    .returning('version')
    .executeTakeFirst()
  return moved ? { value, version: moved.version } : refuse('version-conflict', { detail: { key } })
}
