import { sql } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db } from '../../../foundation/server/db.ts'
import type { Origin } from '../core/index.ts'

/** Where, when and what: no caller, no address and no text. */
export interface PastIncident {
  readonly at: Instant
  readonly isHourDrawn: boolean
  readonly lon: number
  readonly lat: number
  readonly category: string
  readonly origin: Origin
}

/** The server answers between two portions. */
const PORTION = 10_000

export async function hasPastIncidents(db: Db): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from incident_history) or exists (select from incident where status <> 'merged') as has`.execute(
    db,
  )
  return rows[0]!.has
}

/** Imported calls, then the house's own incidents, open and closed, before a moment, in portions. */
export async function* readPastIncidents(db: Db, until: Instant): AsyncGenerator<readonly PastIncident[]> {
  for (let after = '0'; ;) {
    const { rows } = await sql<PastIncident & { id: number }>`
      select id, occurred_at as at, hour_drawn as "isHourDrawn", lon, lat, coalesce(category, type_code) as category, origin
        from incident_history
       where id > ${after}::bigint and occurred_at < ${toTimestamp(until)}
       order by id
       limit ${PORTION}`.execute(db)
    if (rows.length === 0) break
    yield rows
    after = String(rows.at(-1)!.id)
  }
  for (let after = ''; ;) {
    const { rows } = await sql<PastIncident & { id: string }>`
      select id, opened_at as at, hour_drawn as "isHourDrawn", lon, lat, type_code as category, origin
        from incident
       where id > ${after} and status <> 'merged' and opened_at < ${toTimestamp(until)}
       order by id
       limit ${PORTION}`.execute(db)
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)!.id
  }
}
