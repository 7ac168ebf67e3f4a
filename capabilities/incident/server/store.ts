import { sql, type Selectable, type Updateable, type UpdateQueryBuilder, type UpdateResult } from 'kysely'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import {
  evolve,
  incidentNumber,
  opened,
  type DispatchEntry,
  type Incident,
  type IncidentEvent,
  type IncidentId,
  type OpenedData,
  type TimelineEntry,
} from '../core/index.ts'
import { moment, toldIn, type IncidentRow, type IncidentTables } from './tables.ts'

const tables = (db: Db | Tx) => (db as Db).withTables<IncidentTables>()

/** Who did it: an account, or the house itself under its own name. */
export type By = Pick<ActorContext, 'accountId' | 'name' | 'now'>

/**
 * Takes the next number of the local day. Openings of one day wait for one another here until they commit,
 * which is what leaves no gap; so call it last before the incident is written.
 */
export async function takeNumber(tx: Tx, openedAt: Instant, timeZone: string): Promise<string> {
  const { rows } = await sql<{ last_count: number }>`
    insert into incident_day as d (day, last_count) values (${localDate(openedAt, timeZone)}::date, 1)
    on conflict (day) do update set last_count = d.last_count + 1
    returning last_count`.execute(tx)
  return incidentNumber(openedAt, timeZone, rows[0]!.last_count)
}

/** Writes a new incident with its first event. */
export async function insertIncident(
  tx: Tx,
  id: IncidentId,
  data: OpenedData,
  openedAt: Instant,
  by: By,
): Promise<Incident> {
  const event: IncidentEvent = { type: 'opened', data }
  const incident = opened(id, event, openedAt)
  await tables(tx)
    .insertInto('incident')
    .values({
      ...columnsOf(incident),
      id,
      number: incident.number,
      origin: incident.origin,
      opened_at: toTimestamp(openedAt),
      hour_drawn: incident.isHourDrawn,
      last_sequence: 1,
    })
    .execute()
  await tables(tx)
    .insertInto('incident_event')
    .values({
      incident_id: id,
      sequence: 1,
      type: event.type,
      at: toTimestamp(openedAt),
      account_id: by.accountId,
      account_name: by.name,
      data: JSON.stringify(event.data),
    })
    .execute()
  return incident
}

/** The incident, its row locked until the transaction ends; null where there is none. */
export async function findForUpdate(tx: Tx, id: string): Promise<Incident | null> {
  const row = await tables(tx)
    .selectFrom('incident')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? incidentOf(row) : null
}

export async function findIncident(db: Db | Tx, id: string): Promise<Incident | null> {
  const row = await tables(db).selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? incidentOf(row) : null
}

/** Adds events to the timeline of an incident locked by `findForUpdate` and gives the state after them. */
export async function append(
  tx: Tx,
  incident: Incident,
  events: readonly IncidentEvent[],
  by: By,
): Promise<Incident> {
  if (events.length === 0) return incident
  const after = events.reduce((state, event) => evolve(state, event, by.now), incident)
  await insertEventsOf(tx, events, by, (moving) =>
    moving
      .set((eb) => ({ ...columnsOf(after), last_sequence: eb('last_sequence', '+', events.length) }))
      .where('id', '=', incident.id),
  )
  return after
}

/**
 * Adds what happened to a unit. Touches neither version nor stage, so that an acknowledgement never makes
 * somebody's edit stale; remembers the first arrival. Gives false where there is no such incident.
 */
export async function appendUnitEvents(
  tx: Tx,
  incidentId: string,
  events: readonly DispatchEntry[],
  by: By,
): Promise<boolean> {
  if (events.length === 0) return true
  const hasArrival = events.some(({ type }) => type === 'unit-arrived')
  const written = await insertEventsOf(tx, events, by, (moving) =>
    moving
      .set((eb) => ({
        last_sequence: eb('last_sequence', '+', events.length),
        ...(hasArrival
          ? { first_arrived_at: sql<Date>`coalesce(first_arrived_at, ${toTimestamp(by.now)})` }
          : {}),
      }))
      .where('id', '=', incidentId),
  )
  return written > 0
}

/** Keeps in the timeline whom the system advised to send; changes nothing else. */
export async function appendAdvice(
  tx: Tx,
  incidentId: string,
  advice: Readonly<Record<string, unknown>>,
  by: By,
): Promise<void> {
  await appendUnitEvents(tx, incidentId, [{ type: 'units-recommended', data: advice }], by)
}

/** Moves an incident on and adds the events behind its last one, in one statement; gives how many were added. */
async function insertEventsOf(
  tx: Tx,
  events: readonly IncidentEvent[],
  by: By,
  move: (
    moving: UpdateQueryBuilder<IncidentTables, 'incident', 'incident', UpdateResult>,
  ) => UpdateQueryBuilder<IncidentTables, 'incident', 'incident', UpdateResult>,
): Promise<number> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .with('moved', (db) => move(db.updateTable('incident')).returning(['id', 'last_sequence']))
    .insertInto('incident_event')
    .columns(['incident_id', 'sequence', 'type', 'at', 'account_id', 'account_name', 'data'])
    .expression((eb) =>
      eb
        .selectFrom('moved')
        .innerJoin(
          sql<{ type: IncidentEvent['type']; data: unknown; position: number }>`unnest(
            ${events.map(({ type }) => type)}::text[],
            ${events.map(({ data }) => JSON.stringify(data))}::jsonb[]
          ) with ordinality`.as<'event'>(sql`event(type, data, position)`),
          (join) => join.onTrue(),
        )
        .select([
          'moved.id',
          sql<number>`moved.last_sequence - ${events.length}::int + event.position`.as('sequence'),
          'event.type',
          sql<number>`${toTimestamp(by.now)}::timestamptz`.as('at'),
          sql<string | null>`${by.accountId}::text`.as('account_id'),
          sql<string>`${by.name}::text`.as('account_name'),
          sql<unknown>`event.data`.as('data'),
        ])
        .orderBy('event.position'),
    )
    .executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows)
}

export async function listTimeline(db: Db | Tx, incidentId: string): Promise<TimelineEntry[]> {
  const rows = await tables(db)
    .selectFrom('incident_event')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('sequence')
    .execute()
  return rows.map(({ sequence, type, at, account_id, account_name, data }) => ({
    sequence,
    at,
    accountId: account_id,
    accountName: account_name,
    event: { type, data } as IncidentEvent,
  }))
}

export interface IncidentFilter {
  readonly status?: Incident['status']
  readonly level?: string
  readonly stage?: string
  readonly typeCode?: string
  readonly origin?: string
  readonly organisationId?: string
  readonly from?: Instant
  readonly until?: Instant
  /** Part of the number, the address or the summary. */
  readonly text?: string
  /** Organisations that may be seen; null for all. Incidents of no station are everyone's. */
  readonly scope: ReadonlySet<string> | null
  /** After this one in the order newest first. */
  readonly after: { readonly openedAt: Instant; readonly id: string } | null
  readonly limit: number
}

/** Newest first. */
export async function listIncidents(db: Db | Tx, filter: IncidentFilter): Promise<Incident[]> {
  let query = tables(db)
    .selectFrom('incident')
    .selectAll()
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit)
  const { status, level, stage, typeCode, origin, organisationId, from, until, text, scope, after } = filter
  if (status) query = query.where('status', '=', status)
  if (level) query = query.where(sql<boolean>`coalesce(level, proposed_level) = ${level}`)
  if (stage) query = query.where('stage', '=', stage as IncidentRow['stage'])
  if (typeCode) query = query.where('type_code', 'like', `${typeCode.replace(/[\\%_]/g, '\\$&')}%`)
  if (origin) query = query.where('origin', '=', origin as IncidentRow['origin'])
  if (organisationId) query = query.where('organisation_id', '=', organisationId)
  if (from !== undefined) query = query.where('opened_at', '>=', moment(from))
  if (until !== undefined) query = query.where('opened_at', '<', moment(until))
  if (text) {
    const part = `%${text.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) =>
      eb.or([eb('number', 'ilike', part), eb('address', 'ilike', part), eb('summary', 'ilike', part)]),
    )
  }
  if (scope)
    query = query.where((eb) =>
      eb.or([
        eb('organisation_id', 'is', null),
        eb('organisation_id', '=', sql<string>`any(${[...scope]}::text[])`),
      ]),
    )
  if (after)
    query = query.where(sql<boolean>`(opened_at, id) < (${toTimestamp(after.openedAt)}, ${after.id})`)
  return (await query.execute()).map(incidentOf)
}

/** Open or lately closed incidents in a time window and a box, for duplicate suggestion. */
export async function listAround(
  db: Db | Tx,
  box: { west: number; south: number; east: number; north: number },
  from: Instant,
  until: Instant,
): Promise<Incident[]> {
  const rows = await tables(db)
    .selectFrom('incident')
    .selectAll()
    .where('opened_at', '>=', moment(from))
    .where('opened_at', '<=', moment(until))
    .where('status', '!=', 'merged')
    .where('lon', '>=', box.west)
    .where('lon', '<=', box.east)
    .where('lat', '>=', box.south)
    .where('lat', '<=', box.north)
    .orderBy('opened_at', 'desc')
    .limit(500)
    .execute()
  return rows.map(incidentOf)
}

export async function listAbsorbed(
  db: Db | Tx,
  incidentId: string,
): Promise<{ id: string; number: string }[]> {
  return tables(db)
    .selectFrom('incident')
    .select(['id', 'number'])
    .where('merged_into_id', '=', incidentId)
    .orderBy('number')
    .execute()
}

/** The columns that change with the state. */
function columnsOf(incident: Incident) {
  return {
    type_code: incident.typeCode,
    summary: incident.summary,
    address: incident.address,
    lon: incident.position.lon,
    lat: incident.position.lat,
    people_count: incident.peopleCount,
    circumstances: [...incident.circumstances],
    organisation_id: incident.organisationId,
    key_place_id: incident.keyPlaceId,
    proposal: incident.proposal ? JSON.stringify(incident.proposal) : null,
    proposed_level: incident.proposal?.level ?? null,
    level: incident.level,
    stage: incident.stage,
    first_arrived_at: incident.firstArrivedAt === null ? null : toTimestamp(incident.firstArrivedAt),
    status: incident.status,
    closed_at: incident.status === 'closed' ? toTimestamp(incident.closedAt) : null,
    disposition_code: incident.status === 'closed' ? incident.dispositionCode : null,
    result: incident.status === 'closed' ? incident.result : null,
    merged_into_id: incident.status === 'merged' ? incident.mergedIntoId : null,
    version: incident.version,
  } satisfies Updateable<IncidentRow>
}

function incidentOf(row: Selectable<IncidentRow>): Incident {
  const core = {
    id: row.id as IncidentId,
    number: row.number,
    ...toldIn(row),
    organisationId: row.organisation_id,
    keyPlaceId: row.key_place_id,
    openedAt: row.opened_at,
    isHourDrawn: row.hour_drawn,
    proposal: row.proposal,
    level: row.level,
    firstArrivedAt: row.first_arrived_at,
    stage: row.stage,
    version: row.version,
  }
  switch (row.status) {
    case 'open':
      return { ...core, status: 'open' }
    case 'closed':
      return {
        ...core,
        status: 'closed',
        closedAt: row.closed_at!,
        dispositionCode: row.disposition_code!,
        result: row.result ?? '',
      }
    case 'merged':
      return { ...core, status: 'merged', mergedIntoId: row.merged_into_id as IncidentId }
  }
}
