import { sql } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { CallFacts, Origin } from '../core/index.ts'

/** Where, when, what and in which circumstances: no caller, no address and no text. */
export interface PastIncident {
  /** An imported call's number in the history, or the id of an incident of the house. */
  readonly key: PastKey
  readonly at: Instant
  readonly isHourDrawn: boolean
  readonly lon: number
  readonly lat: number
  readonly category: string
  readonly origin: Origin
  readonly facts: CallFacts | null
  /** The circumstances of danger that were told, in the order of the alphabet, joined by a plus. */
  readonly dangers: string | null
}

export type PastKey = number | string

/** What people know an incident by. */
export type PastName =
  | { readonly kind: 'call'; readonly id: string; readonly source: string; readonly externalId: string }
  | { readonly kind: 'incident'; readonly id: string; readonly number: string }

/** The server answers between two portions. */
const PORTION = 10_000

export async function hasPastIncidents(db: Db): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from incident_history) or exists (select from incident where status <> 'merged') as has`.execute(
    db,
  )
  return rows[0]!.has
}

/** Changes with any incident before a moment: imported, opened, told otherwise or merged. */
export async function versionOfPast(db: Db, until: Instant): Promise<string> {
  const { rows } = await sql<{ version: string }>`
    select concat_ws(
             ' ',
             (select max(id) from incident_history),
             (select count(*) from incident where status <> 'merged' and opened_at < ${toTimestamp(until)}),
             (select sum(version) from incident where opened_at < ${toTimestamp(until)})
           ) as version`.execute(db)
  return rows[0]!.version
}

const dangers = sql`case when cardinality(circumstances) > 0
  then (select string_agg(each, '+' order by each) from unnest(circumstances) each) end`

/** Imported calls, then the house's own incidents, open and closed, before a moment, in portions. */
export async function* readPastIncidents(db: Db, until: Instant): AsyncGenerator<readonly PastIncident[]> {
  for (let after = '0'; ;) {
    const { rows } = await sql<PastIncident & { key: number }>`
      select id as key, occurred_at as at, hour_drawn as "isHourDrawn", lon, lat,
             coalesce(category, type_code) as category, origin, facts, ${dangers} as dangers
        from incident_history
       where id > ${after}::bigint and occurred_at < ${toTimestamp(until)}
       order by id
       limit ${PORTION}`.execute(db)
    if (rows.length === 0) break
    yield rows
    after = String(rows.at(-1)!.key)
  }
  for (let after = ''; ;) {
    const { rows } = await sql<PastIncident & { key: string }>`
      select id as key, opened_at as at, hour_drawn as "isHourDrawn", lon, lat, type_code as category, origin,
             null as facts, ${dangers} as dangers
        from incident
       where id > ${after} and status <> 'merged' and opened_at < ${toTimestamp(until)}
       order by id
       limit ${PORTION}`.execute(db)
    if (rows.length === 0) return
    yield rows
    after = rows.at(-1)!.key
  }
}

/** What the incidents of these keys are known by; those that are no more are left out. */
export async function namePastIncidents(
  db: Db | Tx,
  keys: readonly PastKey[],
): Promise<ReadonlyMap<PastKey, PastName>> {
  const calls = keys.filter((key) => typeof key === 'number')
  const ids = keys.filter((key) => typeof key === 'string')
  const named = new Map<PastKey, PastName>()
  const { rows: ofCalls } = await sql<{ id: number; source: string; externalId: string }>`
    select id, source, external_id as "externalId" from incident_history where id = any(${calls}::bigint[])`.execute(
    db,
  )
  for (const { id, source, externalId } of ofCalls)
    named.set(id, { kind: 'call', id: String(id), source, externalId })
  const { rows: ofIncidents } = await sql<{ id: string; number: string }>`
    select id, number from incident where id = any(${ids}::text[])`.execute(db)
  for (const { id, number } of ofIncidents) named.set(id, { kind: 'incident', id, number })
  return named
}
