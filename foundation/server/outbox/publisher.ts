import { sql } from 'kysely'
import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../db.ts'
import type { StreamEvent } from './outbox.ts'

export interface Publisher {
  /** Says that something was committed; the publisher looks at once instead of at its next turn. */
  wake(): void
  /** Called with each batch in stream order, after it has its sequence numbers. */
  subscribe(listener: (events: readonly StreamEvent[]) => void): () => void
  /** The last sequence number given out. */
  head(): number
  stop(): Promise<void>
}

const BATCH = 500
/** Without a wake it looks this often, which is how rows written by another process get out. */
const IDLE_MILLISECONDS = 500

/**
 * Gives committed outbox rows their sequence numbers, one batch a transaction. Rows commit out of order, so the
 * numbers are given here, under the lock of the single row of stream_head, and not when the rows are written:
 * a reader who has seen `seq` n has seen everything before n.
 */
export function startPublisher(db: Db, log: FastifyBaseLogger): Publisher {
  const listeners = new Set<(events: readonly StreamEvent[]) => void>()
  let seen = -1
  let stopped = false
  let woken = false
  let release: (() => void) | null = null

  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      if (woken || stopped) return resolve()
      const timer = setTimeout(resolve, milliseconds)
      release = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  async function turn(): Promise<boolean> {
    const { head, waiting } = await lookAtOutbox(db)
    if (seen < 0) seen = head
    if (waiting) await numberFreshRows(db)
    else if (head <= seen) return false
    const events = await readStream(db, seen, BATCH)
    if (events.length === 0) return false
    seen = events.at(-1)!.seq
    for (const listener of listeners) listener(events)
    return true
  }

  const loop = (async () => {
    while (!stopped) {
      woken = false
      try {
        if (!(await turn())) await pause(IDLE_MILLISECONDS)
      } catch (fault) {
        if (!stopped) log.warn({ err: fault }, 'outbox waits for the database')
        await pause(1_000)
      }
    }
  })()

  return {
    wake() {
      woken = true
      release?.()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    head: () => Math.max(0, seen),
    async stop() {
      stopped = true
      release?.()
      await loop
    },
  }
}

/** How far the stream has got, and whether rows wait for their numbers: all that an idle turn asks. */
async function lookAtOutbox(db: Db): Promise<{ head: number; waiting: boolean }> {
  const { rows } = await sql<{ head: number; waiting: boolean }>`
    select seq as head, exists (select from outbox where seq is null) as waiting from stream_head`.execute(db)
  return rows[0]!
}

/**
 * Sent as one message without parameters, which PostgreSQL runs as one transaction: four round trips less for each
 * command of the house. The second statement sees what was committed while the first waited for the row.
 */
async function numberFreshRows(db: Db): Promise<void> {
  await sql
    .raw(
      `select seq from stream_head for update;
       with fresh as (
         select id, row_number() over (order by id) as position
           from (select id from outbox where seq is null order by id limit ${BATCH}) as waiting
       ), numbered as (
         update outbox set seq = stream_head.seq + fresh.position from fresh, stream_head
          where outbox.id = fresh.id returning 1
       )
       update stream_head set seq = seq + (select count(*) from numbered)`,
    )
    .execute(db)
}

/** The events after `after`, in order, `limit` at most. */
export async function readStream(db: Db, after: number, limit: number): Promise<StreamEvent[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    seq: row.seq!,
    topic: row.topic,
    subjectId: row.subject_id,
    organisationId: row.organisation_id,
    permission: row.permission,
    at: row.at,
    data: row.data as Record<string, unknown>,
  }))
}

/** The lowest number still kept and the highest given out. A client before `first - 1` has missed something. */
export async function streamWindow(db: Db): Promise<{ first: number; head: number }> {
  const { head } = await db.selectFrom('stream_head').select('seq as head').executeTakeFirstOrThrow()
  const { first } = await db
    .selectFrom('outbox')
    .select(sql<number | null>`min(seq)`.as('first'))
    .executeTakeFirstOrThrow()
  return { first: first ?? head + 1, head }
}
