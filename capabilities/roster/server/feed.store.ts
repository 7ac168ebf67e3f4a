import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { lifeOn } from './life.tables.ts'

/** A new address in the place of the old one, which leads nowhere from then on. */
export async function putFeed(tx: Tx, officerId: string, secretHash: Buffer, at: Instant): Promise<void> {
  const made = { secret_hash: secretHash, made_at: toTimestamp(at) }
  await lifeOn(tx)
    .insertInto('calendar_feed')
    .values({ officer_id: officerId, ...made })
    .onConflict((conflict) => conflict.column('officer_id').doUpdateSet(made))
    .execute()
}

/** Gives whether there was one. */
export async function removeFeed(tx: Tx, officerId: string): Promise<boolean> {
  const gone = await lifeOn(tx)
    .deleteFrom('calendar_feed')
    .where('officer_id', '=', officerId)
    .returning('officer_id')
    .executeTakeFirst()
  return gone !== undefined
}

export async function findFeedMadeAt(db: Db | Tx, officerId: string): Promise<Instant | null> {
  const row = await lifeOn(db)
    .selectFrom('calendar_feed')
    .select('made_at')
    .where('officer_id', '=', officerId)
    .executeTakeFirst()
  return row?.made_at ?? null
}

/** Whose calendar the secret opens. */
export async function findFeedOfficer(db: Db | Tx, secretHash: Buffer): Promise<string | null> {
  const row = await lifeOn(db)
    .selectFrom('calendar_feed')
    .select('officer_id')
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst()
  return row?.officer_id ?? null
}

export interface Acknowledgement {
  readonly officerId: string
  readonly at: Instant
  readonly version: number
  /** What the roster said of the officer's own days then, as one text to compare by. */
  readonly ownDays: string
}

/** The latest reading of each officer. */
export async function putAcknowledgement(
  tx: Tx,
  rosterId: string,
  { officerId, at, version, ownDays }: Acknowledgement,
): Promise<void> {
  const read = { at: toTimestamp(at), version, own_days: ownDays }
  await lifeOn(tx)
    .insertInto('roster_acknowledgement')
    .values({ roster_id: rosterId, officer_id: officerId, ...read })
    .onConflict((conflict) => conflict.columns(['roster_id', 'officer_id']).doUpdateSet(read))
    .execute()
}

export async function listAcknowledgements(
  db: Db | Tx,
  rosterId: string,
  officerId?: string,
): Promise<Acknowledgement[]> {
  let query = lifeOn(db)
    .selectFrom('roster_acknowledgement')
    .selectAll()
    .where('roster_id', '=', rosterId)
    .orderBy('officer_id')
  if (officerId !== undefined) query = query.where('officer_id', '=', officerId)
  const rows = await query.execute()
  return rows.map((row) => ({
    officerId: row.officer_id,
    at: row.at,
    version: row.version,
    ownDays: row.own_days,
  }))
}
