import type { Selectable } from 'kysely'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { SickCall, SickCallId } from '../core/index.ts'
import { signedOf } from './absence.store.ts'
import { lifeOn, type LifeTables } from './life.tables.ts'

const sickCallOf = (row: Selectable<LifeTables['sick_call']>): SickCall => ({
  id: row.id,
  rosterId: row.roster_id,
  officerId: row.officer_id,
  organisationId: row.organisation_id,
  date: row.date,
  duty: row.duty,
  endsAt: row.ends_at,
  called: { accountId: row.called_by_id, name: row.called_by, at: row.called_at },
  state: row.state,
  replacementOfficerId: row.replacement_officer_id,
  decided: signedOf(row.decided_by_id, row.decided_by, row.decided_at),
  reason: row.reason,
  version: row.version,
})

export async function insertSickCall(tx: Tx, call: SickCall, retainUntil: string): Promise<void> {
  await lifeOn(tx)
    .insertInto('sick_call')
    .values({
      id: call.id,
      roster_id: call.rosterId,
      officer_id: call.officerId,
      organisation_id: call.organisationId,
      date: call.date,
      duty: call.duty,
      ends_at: toTimestamp(call.endsAt),
      called_at: toTimestamp(call.called.at),
      called_by_id: call.called.accountId,
      called_by: call.called.name,
      state: call.state,
      retain_until: retainUntil,
      version: call.version,
    })
    .execute()
}

/** Writes how it was covered, or why it is not; the caller holds its lock. */
export async function updateSickCall(tx: Tx, call: SickCall): Promise<void> {
  const { decided } = call
  await lifeOn(tx)
    .updateTable('sick_call')
    .set({
      state: call.state,
      replacement_officer_id: call.replacementOfficerId,
      decided_at: decided && toTimestamp(decided.at),
      decided_by_id: decided?.accountId ?? null,
      decided_by: decided?.name ?? null,
      reason: call.reason,
      version: call.version,
    })
    .where('id', '=', call.id)
    .execute()
}

export async function findSickCall(db: Db | Tx, id: string): Promise<SickCall | null> {
  const row = await lifeOn(db)
    .selectFrom('sick_call')
    .selectAll()
    .where('id', '=', id as SickCallId)
    .executeTakeFirst()
  return row ? sickCallOf(row) : null
}

/** The call, by nobody else changed until the transaction ends; lock its roster first. */
export async function lockSickCall(tx: Tx, id: string): Promise<SickCall | null> {
  const row = await lifeOn(tx)
    .selectFrom('sick_call')
    .selectAll()
    .where('id', '=', id as SickCallId)
    .forUpdate()
    .executeTakeFirst()
  return row ? sickCallOf(row) : null
}

/** The latest call of an officer for a day. */
export async function findSickCallOn(db: Db | Tx, officerId: string, date: string): Promise<SickCall | null> {
  const row = await lifeOn(db)
    .selectFrom('sick_call')
    .selectAll()
    .where('officer_id', '=', officerId)
    .where('date', '=', date)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row ? sickCallOf(row) : null
}

/** Of the days of a period, the latest first. `scope` null: of all organisations. */
export async function listSickCalls(
  db: Db | Tx,
  filter: {
    readonly fromDate: string
    readonly untilDate: string
    readonly scope: ReadonlySet<string> | null
    readonly limit: number
  },
): Promise<SickCall[]> {
  const { fromDate, untilDate, scope, limit } = filter
  if (scope?.size === 0) return []
  let query = lifeOn(db)
    .selectFrom('sick_call')
    .selectAll()
    .where('date', '>=', fromDate)
    .where('date', '<=', untilDate)
    .orderBy('id', 'desc')
    .limit(limit)
  if (scope !== null) query = query.where('organisation_id', 'in', [...scope])
  return (await query.execute()).map(sickCallOf)
}
