import type pg from 'pg'
import { toTimestamp } from '../../../../foundation/server/db.ts'
import type { Instant } from '../../../../foundation/core/instant.ts'
import type { RejectCause } from '../../core/import/read-call.ts'
import type { CallFacts, Circumstance, Origin } from '../../core/types.ts'

/** A row of `incident_history`. */
export interface HistoricCall {
  readonly externalId: string
  readonly occurrence: number
  readonly occurredAt: Instant
  readonly hourDrawn: boolean
  readonly typeCode: string
  readonly category: string | null
  readonly description: string | null
  readonly address: string | null
  readonly origin: Origin
  readonly circumstances: readonly Circumstance[]
  readonly peopleCount: number | null
  readonly facts: CallFacts | null
  readonly lon: number
  readonly lat: number
  readonly raw: Readonly<Record<string, string>> | null
}

/** What an import has done so far; all of it is committed together with the rows it speaks of. */
export interface ImportState {
  readonly id: string
  readonly linesDone: number
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: Readonly<Partial<Record<RejectCause, number>>>
  readonly hoursDrawn: number
  readonly typesUnknown: number
  readonly rejectFileBytes: number
}

type Client = pg.PoolClient | pg.Client

/** One import of a source at a time; given back when the session ends. */
export async function lockSource(client: Client, source: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('incident-import ' || $1, 0)) as locked`,
    [source],
  )
  return rows[0]!.locked
}

export async function unlockSource(client: Client, source: string): Promise<void> {
  await client.query(`select pg_advisory_unlock(hashtextextended('incident-import ' || $1, 0))`, [source])
}

/** The unfinished import of this very file under this very mapping, if there is one. */
export async function findUnfinished(
  client: Client,
  file: { source: string; sha256: Buffer; mappingSha256: Buffer },
): Promise<ImportState | null> {
  const { rows } = await client.query(
    `select id, lines_done as "linesDone", accepted, duplicates, rejected, hours_drawn as "hoursDrawn",
            types_unknown as "typesUnknown", reject_file_bytes as "rejectFileBytes"
       from incident_import
      where source = $1 and file_sha256 = $2 and mapping_sha256 = $3 and finished_at is null
      order by started_at desc
      limit 1`,
    [file.source, file.sha256, file.mappingSha256],
  )
  return (rows[0] as ImportState | undefined) ?? null
}

export async function insertImport(
  client: Client,
  begun: {
    id: string
    source: string
    fileName: string
    sha256: Buffer
    mappingSha256: Buffer
    startedAt: Instant
  },
): Promise<void> {
  await client.query(
    `insert into incident_import (id, source, file_name, file_sha256, mapping_sha256, started_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [begun.id, begun.source, begun.fileName, begun.sha256, begun.mappingSha256, toTimestamp(begun.startedAt)],
  )
}

export async function saveImport(
  client: Client,
  state: ImportState,
  finishedAt: Instant | null,
): Promise<void> {
  await client.query(
    `update incident_import
        set lines_done = $2, accepted = $3, duplicates = $4, rejected = $5, hours_drawn = $6, types_unknown = $7,
            reject_file_bytes = $8, finished_at = $9
      where id = $1`,
    [
      state.id,
      state.linesDone,
      state.accepted,
      state.duplicates,
      JSON.stringify(state.rejected),
      state.hoursDrawn,
      state.typesUnknown,
      state.rejectFileBytes,
      finishedAt === null ? null : toTimestamp(finishedAt),
    ],
  )
}

/** How often each key has come in this import so far; keys that have not are left out. */
export async function countKeys(
  client: Client,
  source: string,
  importId: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ external_id: string; count: number }>(
    `select external_id, count(*) as count
       from incident_history
      where source = $1 and external_id = any($2) and import_id = $3
      group by external_id`,
    [source, keys, importId],
  )
  return new Map(rows.map((row) => [row.external_id, row.count]))
}

/** Names a row of one source. */
export const rowKey = (call: Pick<HistoricCall, 'externalId' | 'occurrence'>): string =>
  `${call.occurrence} ${call.externalId}`

/**
 * Adds calls that are new and gives the `rowKey` of each that was. A call that is there already is left as it is, but for the import
 * that saw it last: by that an import counts equal rows across its batches.
 */
export async function addCalls(
  client: Client,
  source: string,
  importId: string | null,
  calls: readonly HistoricCall[],
): Promise<ReadonlySet<string>> {
  if (calls.length === 0) return new Set()
  const { rows } = await client.query<{ externalId: string; occurrence: number; added: boolean }>(
    `insert into incident_history as kept (source, external_id, occurrence, occurred_at, hour_drawn, type_code, category,
            description, address, origin, circumstances, people_count, lon, lat, raw, facts, import_id)
     select $1, external_id, occurrence, to_timestamp(occurred_at / 1000), hour_drawn, type_code, category, description,
            address, origin, string_to_array(circumstances, ','), people_count, lon, lat, raw, facts, $2
       from unnest($3::text[], $4::int[], $5::float8[], $6::bool[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::text[], $12::text[], $13::int[], $14::float8[], $15::float8[], $16::jsonb[], $17::jsonb[])
            as call (external_id, occurrence, occurred_at, hour_drawn, type_code, category, description,
            address, origin, circumstances, people_count, lon, lat, raw, facts)
         on conflict (source, external_id, occurrence) do update set import_id = excluded.import_id
      returning external_id as "externalId", occurrence, (xmax = 0) as added`,
    [
      source,
      importId,
      calls.map((call) => call.externalId),
      calls.map((call) => call.occurrence),
      calls.map((call) => call.occurredAt),
      calls.map((call) => call.hourDrawn),
      calls.map((call) => call.typeCode),
      calls.map((call) => call.category),
      calls.map((call) => call.description),
      calls.map((call) => call.address),
      calls.map((call) => call.origin),
      calls.map((call) => call.circumstances.join(',')),
      calls.map((call) => call.peopleCount),
      calls.map((call) => call.lon),
      calls.map((call) => call.lat),
      calls.map((call) => (call.raw === null ? null : JSON.stringify(call.raw))),
      calls.map((call) => (call.facts === null ? null : JSON.stringify(call.facts))),
    ],
  )
  return new Set(rows.filter((row) => row.added).map(rowKey))
}

/** Calls of a time span in the order in which they occurred, a page at a time; for replay and analysis. */
export async function listHistory(
  client: Pick<pg.Pool, 'query'>,
  span: {
    from: Instant
    until: Instant
    source: string | null
    after: { occurredAt: Instant; id: number } | null
    limit: number
  },
): Promise<(HistoricCall & { readonly id: number; readonly source: string })[]> {
  const { rows } = await client.query(
    `select id, source, external_id as "externalId", occurrence, occurred_at as "occurredAt", hour_drawn as "hourDrawn",
            type_code as "typeCode", category, description, address, origin, circumstances,
            people_count as "peopleCount", facts, lon, lat, raw
       from incident_history
      where occurred_at >= $1 and occurred_at < $2
        and ($3::text is null or source = $3)
        and ($4::timestamptz is null or (occurred_at, id) > ($4, $5))
      order by occurred_at, id
      limit $6`,
    [
      toTimestamp(span.from),
      toTimestamp(span.until),
      span.source,
      span.after ? toTimestamp(span.after.occurredAt) : null,
      span.after?.id ?? 0,
      span.limit,
    ],
  )
  return rows as (HistoricCall & { id: number; source: string })[]
}

/** The time that the history covers and how much there is of it, by source. */
export async function listSources(
  client: Pick<pg.Pool, 'query'>,
): Promise<{ source: string; count: number; firstAt: Instant; lastAt: Instant; hoursDrawn: number }[]> {
  const { rows } = await client.query(
    `select source, count(*) as count, min(occurred_at) as "firstAt", max(occurred_at) as "lastAt",
            count(*) filter (where hour_drawn) as "hoursDrawn"
       from incident_history
      group by source
      order by source`,
  )
  return rows as { source: string; count: number; firstAt: Instant; lastAt: Instant; hoursDrawn: number }[]
}
