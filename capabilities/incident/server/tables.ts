import { sql, type ColumnType, type RawBuilder } from 'kysely'
import { toTimestamp } from '../../../foundation/server/db.ts'
import type { Json, Timestamp } from '../../../foundation/server/tables.ts'
import type { Circumstance, IncidentSummary, Level, LevelProposal, OpenStage, Origin } from '../core/index.ts'

type MaybeTimestamp = ColumnType<number | null, Date | null, Date | null>

/** What was told, as a report has it and, put together from its reports, an incident. */
type ToldColumns = {
  origin: Origin
  type_code: string
  summary: string
  address: string
  lon: number
  lat: number
  people_count: number | null
  circumstances: string[]
}

export function toldIn(row: ToldColumns) {
  return {
    origin: row.origin,
    typeCode: row.type_code,
    summary: row.summary,
    address: row.address,
    position: { lon: row.lon, lat: row.lat },
    peopleCount: row.people_count,
    circumstances: row.circumstances as Circumstance[],
  }
}

export type IncidentRow = ToldColumns & {
  id: string
  number: string
  organisation_id: string | null
  key_place_id: string | null
  opened_at: Timestamp
  hour_drawn: boolean
  proposal: ColumnType<LevelProposal | null, string | null, string | null>
  proposed_level: Level | null
  level: Level | null
  stage: OpenStage
  first_arrived_at: MaybeTimestamp
  status: 'open' | 'closed' | 'merged'
  closed_at: MaybeTimestamp
  disposition_code: string | null
  result: string | null
  merged_into_id: string | null
  version: number
  last_sequence: number
}

/** A type, not an interface: Kysely's `withTables` wants an index signature. */
export type IncidentTables = {
  incident_type: {
    code: string
    name_zh: string
    name_en: string
    base_level: Level
    urgent: boolean
    position: number
  }
  incident_day: { day: string; last_count: number }
  incident: IncidentRow
  incident_event: {
    incident_id: string
    sequence: number
    type: string
    at: Timestamp
    account_id: string | null
    account_name: string
    data: Json<Record<string, unknown>>
  }
  report: ToldColumns & {
    id: string
    incident_id: string
    received_at: Timestamp
    occurred_at: MaybeTimestamp
    received_by: string | null
    found_by_unit_id: string | null
    external_source: string | null
    external_id: string | null
  }
  report_caller: {
    report_id: string
    name: string | null
    phone: string | null
    legal_basis: string
    purpose: string
    retain_until: Timestamp
  }
  incident_summary: {
    incident_id: string
    organisation_id: string | null
    opened_at: Timestamp
    figures: Json<IncidentSummary>
  }
}

/** A moment to compare a timestamptz column with. */
export function moment(at: number): RawBuilder<number> {
  return sql<number>`${toTimestamp(at)}::timestamptz`
}
