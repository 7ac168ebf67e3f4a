import { sql, type Selectable } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import {
  rosterAbsence,
  type Absence,
  type RosterAbsence,
  type RosterWish,
  type Signed,
} from '../core/index.ts'
import { lifeOn, type LifeTables } from './life.tables.ts'

const absenceOf = (row: Selectable<LifeTables['absence']>): Absence => ({
  id: row.id,
  officerId: row.officer_id,
  organisationId: row.organisation_id,
  kind: row.kind,
  fromDate: row.from_date,
  untilDate: row.until_date,
  state: row.state,
  note: row.note,
  requested: { accountId: row.requested_by_id, name: row.requested_by, at: row.requested_at },
  decided: signedOf(row.decided_by_id, row.decided_by, row.decided_at),
  decisionReason: row.decision_reason,
  version: row.version,
})

/** Who signed and when; null where nobody has yet. */
export const signedOf = (accountId: string | null, name: string | null, at: Instant | null): Signed | null =>
  at === null || name === null ? null : { accountId, name, at }

export async function insertAbsence(tx: Tx, absence: Absence, retainUntil: string): Promise<void> {
  const { requested, decided } = absence
  await lifeOn(tx)
    .insertInto('absence')
    .values({
      id: absence.id,
      officer_id: absence.officerId,
      organisation_id: absence.organisationId,
      kind: absence.kind,
      from_date: absence.fromDate,
      until_date: absence.untilDate,
      state: absence.state,
      note: absence.note,
      requested_at: toTimestamp(requested.at),
      requested_by_id: requested.accountId,
      requested_by: requested.name,
      decided_at: decided && toTimestamp(decided.at),
      decided_by_id: decided?.accountId ?? null,
      decided_by: decided?.name ?? null,
      decision_reason: absence.decisionReason,
      retain_until: retainUntil,
      version: absence.version,
    })
    .execute()
}

/** Writes what was decided over the version that was read; the caller holds its lock. */
export async function updateAbsence(tx: Tx, absence: Absence): Promise<void> {
  const { decided } = absence
  await lifeOn(tx)
    .updateTable('absence')
    .set({
      state: absence.state,
      decided_at: decided && toTimestamp(decided.at),
      decided_by_id: decided?.accountId ?? null,
      decided_by: decided?.name ?? null,
      decision_reason: absence.decisionReason,
      version: absence.version,
    })
    .where('id', '=', absence.id)
    .execute()
}

export interface AbsenceFilter {
  /** With a day from this date on. */
  readonly fromDate?: string
  readonly untilDate?: string
  readonly states?: readonly Absence['state'][]
  /** Of these organisations (null: of all), or of this officer. */
  readonly scope: ReadonlySet<string> | null
  readonly officerId: string | null
  readonly limit: number
}

/** The latest beginnings first. */
export async function listAbsences(db: Db | Tx, filter: AbsenceFilter): Promise<Absence[]> {
  const { fromDate, untilDate, states, scope, officerId, limit } = filter
  let query = lifeOn(db)
    .selectFrom('absence')
    .selectAll()
    .orderBy('from_date', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (fromDate !== undefined) query = query.where('until_date', '>=', fromDate)
  if (untilDate !== undefined) query = query.where('from_date', '<=', untilDate)
  if (states?.length) query = query.where('state', 'in', [...states])
  if (scope !== null)
    query = query.where(
      sql<boolean>`(organisation_id = any(${[...scope]}::text[]) or officer_id = ${officerId})`,
    )
  return (await query.execute()).map(absenceOf)
}

/** All of an officer that still count, locked: what is decided about one of them is decided about all. */
export async function lockAbsencesOf(tx: Tx, officerId: string): Promise<Absence[]> {
  const rows = await lifeOn(tx)
    .selectFrom('absence')
    .selectAll()
    .where('officer_id', '=', officerId)
    .where('state', 'in', ['requested', 'approved'])
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(absenceOf)
}

/** Granted absences with a day in [fromDate, untilDate], as rosters see them. */
export async function listRosterAbsences(
  db: Db | Tx,
  fromDate: string,
  untilDate: string,
): Promise<RosterAbsence[]> {
  const rows = await lifeOn(db)
    .selectFrom('absence')
    .selectAll()
    .where('state', '=', 'approved')
    .where('until_date', '>=', fromDate)
    .where('from_date', '<=', untilDate)
    .orderBy('officer_id')
    .orderBy('from_date')
    .execute()
  return rows.map((row) => rosterAbsence(absenceOf(row)))
}

/** Wishes for days in [fromDate, untilDate]. */
export async function listRosterWishes(
  db: Db | Tx,
  fromDate: string,
  untilDate: string,
  officerId?: string,
): Promise<RosterWish[]> {
  let query = lifeOn(db)
    .selectFrom('roster_wish')
    .selectAll()
    .where('date', '>=', fromDate)
    .where('date', '<=', untilDate)
    .orderBy('officer_id')
    .orderBy('date')
  if (officerId !== undefined) query = query.where('officer_id', '=', officerId)
  const rows = await query.execute()
  return rows.map((row) => ({
    officerId: row.officer_id,
    date: row.date,
    shift: row.shift,
    isWanted: row.is_wanted,
    weight: row.weight,
  }))
}

/** The officer's wish for the day, in the place of an earlier one. */
export async function putWish(tx: Tx, wish: RosterWish, at: Instant): Promise<void> {
  const said = {
    shift: wish.shift,
    is_wanted: wish.isWanted,
    weight: wish.weight,
    wished_at: toTimestamp(at),
  }
  await lifeOn(tx)
    .insertInto('roster_wish')
    .values({ officer_id: wish.officerId, date: wish.date, ...said })
    .onConflict((conflict) => conflict.columns(['officer_id', 'date']).doUpdateSet(said))
    .execute()
}

/** Gives whether there was one. */
export async function removeWish(tx: Tx, officerId: string, date: string): Promise<boolean> {
  const gone = await lifeOn(tx)
    .deleteFrom('roster_wish')
    .where('officer_id', '=', officerId)
    .where('date', '=', date)
    .returning('date')
    .executeTakeFirst()
  return gone !== undefined
}

export async function findAbsence(db: Db | Tx, id: string): Promise<Absence | null> {
  const row = await lifeOn(db)
    .selectFrom('absence')
    .selectAll()
    .where('id', '=', id as Absence['id'])
    .executeTakeFirst()
  return row ? absenceOf(row) : null
}
