import type { Insertable } from 'kysely'
import { toTimestamp, writeAtCommit, type Db, type Tx } from '../db.ts'
import type { FoundationTables } from '../tables.ts'

/** Something that happened, as the rest of the house hears of it once the transaction has committed. */
export interface Announcement {
  readonly topic: string
  readonly subjectId: string
  /** Whose it is: subscribers whose scope leaves this organisation out do not get it. Null: the whole district's. */
  readonly organisationId: string | null
  /** What a live subscriber must be allowed in order to get it. */
  readonly permission: string
  readonly at: number
  readonly data: Readonly<Record<string, unknown>>
}

/** An announcement with its place in the stream: `seq` has no gaps and never goes back. */
export interface StreamEvent extends Announcement {
  readonly seq: number
}

/** Puts announcements into the outbox of this transaction; they go out after it commits, in this order. */
export async function announce(tx: Tx, ...announcements: readonly Announcement[]): Promise<void> {
  if (announcements.length === 0) return
  await writeAtCommit(
    tx,
    insertRows,
    announcements.map((one) => ({
      topic: one.topic,
      subject_id: one.subjectId,
      organisation_id: one.organisationId,
      permission: one.permission,
      at: toTimestamp(one.at),
      data: JSON.stringify(one.data),
    })),
  )
}

async function insertRows(
  db: Db | Tx,
  rows: readonly Insertable<FoundationTables['outbox']>[],
): Promise<void> {
  await db.insertInto('outbox').values(rows).execute()
}
