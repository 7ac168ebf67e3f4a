import type { Insertable } from 'kysely'
import { afterCommit, begunOn, toTimestamp, writeAtCommit, type Db, type Tx } from '../db.ts'
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

const listeners = new WeakMap<Db, Set<() => void>>()

/** Calls `wake` whenever a transaction begun on `db` has committed with announcements in it; ends with what it gives. */
export function onAnnounced(db: Db, wake: () => void): () => void {
  const woken = listeners.get(db) ?? new Set()
  listeners.set(db, woken.add(wake))
  return () => void woken.delete(wake)
}

/** Puts announcements into the outbox of this transaction; they go out after it commits, in this order. */
export async function announce(tx: Tx, ...announcements: readonly Announcement[]): Promise<void> {
  if (announcements.length === 0) return
  const origin = begunOn(tx)
  const woken = origin && listeners.get(origin)
  if (woken) afterCommit(tx, () => woken.forEach((wake) => wake()))
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
