import { sql, type Selectable } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { Assignment, AssignmentId, Commitment } from '../core/index.ts'
import { moment, type DispatchTables } from './tables.ts'

const tables = (db: Db | Tx) => (db as Db).withTables<DispatchTables>()

/**
 * Writes orders, in the order of the unit ids so that two commands over the same units wait instead of blocking
 * each other. A unit that is already bound is left out: the unique index decides, not a look beforehand.
 * Gives those that were written.
 */
export async function insertAssignments(tx: Tx, assignments: readonly Assignment[]): Promise<Assignment[]> {
  if (assignments.length === 0) return []
  const sorted = assignments.toSorted((a, b) => (a.unitId < b.unitId ? -1 : 1))
  const written = await tables(tx)
    .insertInto('assignment')
    .values(
      sorted.map((assignment) => ({
        id: assignment.id,
        incident_id: assignment.incidentId,
        unit_id: assignment.unitId,
        call_sign: assignment.callSign,
        organisation_id: assignment.organisationId,
        echelon: assignment.echelon,
        ordered_at: toTimestamp(assignment.orderedAt),
        ...columnsOf(assignment),
      })),
    )
    .onConflict((conflict) => conflict.column('unit_id').where('released_at', 'is', null).doNothing())
    .returning('id')
    .execute()
  const ids = new Set(written.map(({ id }) => id))
  return sorted.filter(({ id }) => ids.has(id))
}

/** Writes the new state of assignments that this transaction has locked. */
export async function updateAssignment(tx: Tx, assignment: Assignment): Promise<void> {
  await tables(tx)
    .updateTable('assignment')
    .set(columnsOf(assignment))
    .where('id', '=', assignment.id)
    .execute()
}

/** Moves an open assignment to the incident that its own was merged into. */
export async function moveAssignment(tx: Tx, id: string, toIncidentId: string): Promise<void> {
  await tables(tx)
    .updateTable('assignment')
    .set((eb) => ({ incident_id: toIncidentId, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export async function findAssignment(db: Db | Tx, id: string): Promise<Assignment | null> {
  const row = await tables(db).selectFrom('assignment').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? assignmentOf(row) : null
}

export async function lockAssignment(tx: Tx, id: string): Promise<Assignment | null> {
  const row = await tables(tx)
    .selectFrom('assignment')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? assignmentOf(row) : null
}

/** The open assignments of these units, locked, in the order of the unit ids. */
export async function lockOpenOfUnits(tx: Tx, unitIds: readonly string[]): Promise<Assignment[]> {
  if (unitIds.length === 0) return []
  const rows = await tables(tx)
    .selectFrom('assignment')
    .selectAll()
    .where('unit_id', 'in', [...unitIds])
    .where('released_at', 'is', null)
    .orderBy('unit_id')
    .forUpdate()
    .execute()
  return rows.map(assignmentOf)
}

/** The same without the locks. */
export async function listOpenOfUnits(db: Db | Tx, unitIds: readonly string[]): Promise<Assignment[]> {
  if (unitIds.length === 0) return []
  const rows = await tables(db)
    .selectFrom('assignment')
    .selectAll()
    .where('unit_id', 'in', [...unitIds])
    .where('released_at', 'is', null)
    .execute()
  return rows.map(assignmentOf)
}

/** The open assignments of an incident, locked, in the order of the unit ids. */
export async function lockOpenOfIncident(tx: Tx, incidentId: string): Promise<Assignment[]> {
  const rows = await tables(tx)
    .selectFrom('assignment')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .where('released_at', 'is', null)
    .orderBy('unit_id')
    .forUpdate()
    .execute()
  return rows.map(assignmentOf)
}

/** What each unit is bound to now, by unit id. */
export async function readCommitments(db: Db | Tx): Promise<ReadonlyMap<string, Commitment>> {
  const { rows } = await sql<{
    id: string
    unit_id: string
    incident_id: string
    number: string
    role: Commitment['role']
    state: Commitment['state']
  }>`
    select assignment.id, unit_id, incident_id, incident.number, role, state
    from assignment join incident on incident.id = incident_id
    where released_at is null`.execute(db)
  return new Map(
    rows.map((row) => [
      row.unit_id,
      {
        assignmentId: row.id,
        incidentId: row.incident_id,
        incidentNumber: row.number,
        role: row.role,
        state: row.state,
      },
    ]),
  )
}

/** Organisations whose units are or were sent to an incident. */
export async function listOrganisationsAt(db: Db | Tx, incidentId: string): Promise<string[]> {
  const rows = await tables(db)
    .selectFrom('assignment')
    .select('organisation_id')
    .distinct()
    .where('incident_id', '=', incidentId)
    .execute()
  return rows.map(({ organisation_id }) => organisation_id)
}

/** Unanswered orders that have waited at least until `askedBefore`, longest first. */
export async function listUnanswered(
  db: Db | Tx,
  askedBefore: Instant,
  limit: number,
): Promise<Assignment[]> {
  const rows = await tables(db)
    .selectFrom('assignment')
    .selectAll()
    .where('state', '=', 'ordered')
    .where('chase_escalated_at', 'is', null)
    .where('asked_at', '<=', moment(askedBefore))
    .orderBy('asked_at')
    .limit(limit)
    .execute()
  return rows.map(assignmentOf)
}

export interface AssignmentFilter {
  readonly incidentId?: string
  readonly unitId?: string
  readonly open?: boolean
  /** Before this id: ids made later sort later. */
  readonly before: string | null
  readonly limit: number
}

/** Latest first. */
export async function listAssignments(
  db: Db | Tx,
  { incidentId, unitId, open, before, limit }: AssignmentFilter,
): Promise<Assignment[]> {
  let query = tables(db).selectFrom('assignment').selectAll().orderBy('id', 'desc').limit(limit)
  if (incidentId) query = query.where('incident_id', '=', incidentId)
  if (unitId) query = query.where('unit_id', '=', unitId)
  if (open !== undefined) query = query.where('released_at', open ? 'is' : 'is not', null)
  if (before) query = query.where('id', '<', before)
  return (await query.execute()).map(assignmentOf)
}

const orNull = (at: Instant | null) => (at === null ? null : toTimestamp(at))

/** The columns that change with the state. */
function columnsOf(assignment: Assignment) {
  return {
    role: assignment.role,
    state: assignment.state,
    asked_at: toTimestamp(assignment.askedAt),
    acknowledged_at: orNull(assignment.acknowledgedAt),
    departed_at: orNull(assignment.departedAt),
    arrived_at: orNull(assignment.arrivedAt),
    released_at: orNull(assignment.releasedAt),
    release_cause: assignment.releaseCause,
    chase_count: assignment.chaseCount,
    last_chased_at: orNull(assignment.lastChasedAt),
    chase_escalated_at: orNull(assignment.chaseEscalatedAt),
    version: assignment.version,
  }
}

function assignmentOf(row: Selectable<DispatchTables['assignment']>): Assignment {
  return {
    id: row.id as AssignmentId,
    incidentId: row.incident_id,
    unitId: row.unit_id,
    callSign: row.call_sign,
    organisationId: row.organisation_id,
    role: row.role,
    state: row.state,
    echelon: row.echelon,
    orderedAt: row.ordered_at,
    askedAt: row.asked_at,
    acknowledgedAt: row.acknowledged_at,
    departedAt: row.departed_at,
    arrivedAt: row.arrived_at,
    releasedAt: row.released_at,
    releaseCause: row.release_cause,
    chaseCount: row.chase_count,
    lastChasedAt: row.last_chased_at,
    chaseEscalatedAt: row.chase_escalated_at,
    version: row.version,
  }
}
