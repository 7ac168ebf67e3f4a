import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { SHIPPED_PATTERNS, type DutyPattern } from '../core/index.ts'
import type { RosterTables } from './tables.ts'

export const rostersOn = (db: Db | Tx) => (db as Db).withTables<RosterTables>()

/** A pattern with where it comes from. Version 0: as it ships. */
export interface KeptPattern {
  readonly pattern: DutyPattern
  readonly isShipped: boolean
  readonly version: number
}

/** The shipped patterns in their order, each as the district has it, then the district's own. */
export async function listPatterns(db: Db | Tx): Promise<KeptPattern[]> {
  const rows = await rostersOn(db).selectFrom('duty_pattern').selectAll().orderBy('code').execute()
  const own = new Map(rows.map((row) => [row.code, row]))
  const shipped = new Set(SHIPPED_PATTERNS.map(({ code }) => code))
  return [
    ...SHIPPED_PATTERNS.map((pattern) => {
      const row = own.get(pattern.code)
      return { pattern: row?.content ?? pattern, isShipped: true, version: row?.version ?? 0 }
    }),
    ...rows
      .filter(({ code }) => !shipped.has(code))
      .map(({ content, version }) => ({ pattern: content, isShipped: false, version })),
  ]
}

export async function findPattern(db: Db | Tx, code: string): Promise<KeptPattern | null> {
  return (await listPatterns(db)).find(({ pattern }) => pattern.code === code) ?? null
}

/** Writes a pattern over the version that was read (0: none yet). False where it has moved on. */
export async function writePattern(
  tx: Tx,
  pattern: DutyPattern,
  expectedVersion: number,
  now: Instant,
): Promise<boolean> {
  const content = JSON.stringify(pattern)
  const written =
    expectedVersion === 0
      ? await rostersOn(tx)
          .insertInto('duty_pattern')
          .values({ code: pattern.code, content, version: 1, changed_at: toTimestamp(now) })
          .onConflict((conflict) => conflict.doNothing())
          .returning('code')
          .executeTakeFirst()
      : await rostersOn(tx)
          .updateTable('duty_pattern')
          .set({ content, version: expectedVersion + 1, changed_at: toTimestamp(now) })
          .where('code', '=', pattern.code)
          .where('version', '=', expectedVersion)
          .returning('code')
          .executeTakeFirst()
  return written !== undefined
}
