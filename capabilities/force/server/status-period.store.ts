import { sql } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { UnitStatus } from '../core/index.ts'

/** From when to when a unit had a status. */
export interface UnitStatusPeriod {
  readonly unitId: string
  readonly status: UnitStatus
  readonly sinceAt: Instant
  readonly untilAt: Instant
}

/**
 * Which status every unit had in [fromAt, untilAt), period by period. Before its first change a unit was what that
 * change took it from; one that never changed is what it is.
 */
export async function listStatusPeriods(
  db: Db | Tx,
  fromAt: Instant,
  untilAt: Instant,
): Promise<UnitStatusPeriod[]> {
  const [from, until] = [toTimestamp(fromAt), toTimestamp(untilAt)]
  const { rows } = await sql<{ unitId: string; status: UnitStatus; at: number }>`
    select id as "unitId", ${from}::timestamptz as at, coalesce(
        (select to_status from unit_status_change where unit_id = unit.id and changed_at < ${from} order by id desc limit 1),
        (select from_status from unit_status_change where unit_id = unit.id and changed_at >= ${from} order by id limit 1),
        status) as status, 0 as change
      from unit
    union all
    select unit_id, changed_at, to_status, id from unit_status_change
      where changed_at >= ${from} and changed_at < ${until}
    order by "unitId", change`.execute(db)
  return rows.map(({ unitId, status, at }, n) => {
    const next = rows[n + 1]
    return { unitId, status, sinceAt: at, untilAt: next?.unitId === unitId ? next.at : untilAt }
  })
}
