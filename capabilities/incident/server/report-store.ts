import type { Selectable } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { Caller, Circumstance, IncidentId, IncidentSummary, Origin, ReportId } from '../core/index.ts'
import { moment, toldIn, type IncidentTables } from './tables.ts'

const tables = (db: Db | Tx) => (db as Db).withTables<IncidentTables>()

/** What a caller or a device told; the caller's person is kept apart. */
export interface Report {
  readonly id: ReportId
  readonly incidentId: IncidentId
  readonly origin: Origin
  readonly typeCode: string
  readonly summary: string
  readonly address: string
  readonly position: Position
  readonly peopleCount: number | null
  readonly circumstances: readonly Circumstance[]
  readonly receivedAt: Instant
  readonly occurredAt: Instant | null
  readonly receivedBy: string | null
  readonly foundByUnitId: string | null
  readonly external: { readonly source: string; readonly id: string } | null
}

export async function insertReport(tx: Tx, report: Report, caller: Caller | null): Promise<void> {
  await tables(tx)
    .insertInto('report')
    .values({
      id: report.id,
      incident_id: report.incidentId,
      origin: report.origin,
      type_code: report.typeCode,
      summary: report.summary,
      address: report.address,
      lon: report.position.lon,
      lat: report.position.lat,
      people_count: report.peopleCount,
      circumstances: [...report.circumstances],
      received_at: toTimestamp(report.receivedAt),
      occurred_at: report.occurredAt === null ? null : toTimestamp(report.occurredAt),
      received_by: report.receivedBy,
      found_by_unit_id: report.foundByUnitId,
      external_source: report.external?.source ?? null,
      external_id: report.external?.id ?? null,
    })
    .execute()
  if (!caller) return
  await tables(tx)
    .insertInto('report_caller')
    .values({
      report_id: report.id,
      name: caller.name,
      phone: caller.phone,
      legal_basis: caller.legalBasis,
      purpose: caller.purpose,
      retain_until: toTimestamp(caller.retainUntil),
    })
    .execute()
}

/** The report that another system has already sent under this id; null where it is new. */
export async function findExternal(db: Db | Tx, source: string, id: string): Promise<Report | null> {
  const row = await tables(db)
    .selectFrom('report')
    .selectAll()
    .where('external_source', '=', source)
    .where('external_id', '=', id)
    .executeTakeFirst()
  return row ? reportOf(row) : null
}

export async function findReport(db: Db | Tx, id: string): Promise<Report | null> {
  const row = await tables(db).selectFrom('report').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? reportOf(row) : null
}

/** Reports of an incident and of those merged into it, oldest first. */
export async function listReports(db: Db | Tx, incidentId: string): Promise<Report[]> {
  const rows = await tables(db)
    .selectFrom('report')
    .innerJoin('incident', 'incident.id', 'report.incident_id')
    .selectAll('report')
    .where((eb) =>
      eb.or([eb('incident.id', '=', incidentId), eb('incident.merged_into_id', '=', incidentId)]),
    )
    .orderBy('report.received_at')
    .execute()
  return rows.map(reportOf)
}

/** The caller while the data may be kept; null where there was none or it has lapsed. */
export async function findCaller(db: Db | Tx, reportId: string, now: Instant): Promise<Caller | null> {
  const row = await tables(db)
    .selectFrom('report_caller')
    .selectAll()
    .where('report_id', '=', reportId)
    .where('retain_until', '>', moment(now))
    .executeTakeFirst()
  return row
    ? {
        name: row.name,
        phone: row.phone,
        legalBasis: row.legal_basis as Caller['legalBasis'],
        purpose: row.purpose as Caller['purpose'],
        retainUntil: row.retain_until,
      }
    : null
}

/** Deletes callers whose time is over; gives the reports they belonged to. */
export async function deleteLapsedCallers(tx: Tx, now: Instant): Promise<string[]> {
  const rows = await tables(tx)
    .deleteFrom('report_caller')
    .where('retain_until', '<=', moment(now))
    .returning('report_id')
    .execute()
  return rows.map(({ report_id }) => report_id)
}

/** Writes the projection of one incident over the earlier one. */
export async function keepSummary(tx: Tx, summary: IncidentSummary): Promise<void> {
  const row = {
    organisation_id: summary.organisationId,
    opened_at: toTimestamp(summary.openedAt),
    figures: JSON.stringify(summary),
  }
  await tables(tx)
    .insertInto('incident_summary')
    .values({ incident_id: summary.incidentId, ...row })
    .onConflict((conflict) => conflict.column('incident_id').doUpdateSet(row))
    .execute()
}

export async function listSummaries(
  db: Db | Tx,
  from: Instant,
  until: Instant,
  scope: ReadonlySet<string> | null,
): Promise<IncidentSummary[]> {
  let query = tables(db)
    .selectFrom('incident_summary')
    .select('figures')
    .where('opened_at', '>=', moment(from))
    .where('opened_at', '<', moment(until))
  if (scope)
    query = query.where((eb) =>
      eb.or([eb('organisation_id', 'is', null), eb('organisation_id', 'in', ['', ...scope])]),
    )
  return (await query.execute()).map(({ figures }) => figures)
}

function reportOf(row: Selectable<IncidentTables['report']>): Report {
  return {
    id: row.id as ReportId,
    incidentId: row.incident_id as IncidentId,
    ...toldIn(row),
    receivedAt: row.received_at,
    occurredAt: row.occurred_at,
    receivedBy: row.received_by,
    foundByUnitId: row.found_by_unit_id,
    external:
      row.external_source !== null && row.external_id !== null
        ? { source: row.external_source, id: row.external_id }
        : null,
  }
}
