import { sql, type Selectable } from 'kysely'
import type pg from 'pg'
import type { FastifyBaseLogger } from 'fastify'
import type { Database, Db } from '../db.ts'
import type { FoundationTables } from '../tables.ts'
import { onAnnounced, type StreamEvent } from './outbox.ts'

export interface Publisher {
  /** Lets it look at once for what another process, or a transaction not of `inTransaction`, has announced. */
  wake(): void
  /**
   * Called with each batch in stream order, after it has its sequence numbers; with an empty one when the database has
   * come back from a fault, for those who have done something since that may not have reached the disk.
   */
  subscribe(listener: (events: readonly StreamEvent[]) => void): () => void
  /** Resolves when everything committed before the call has its number and has been told. */
  turned(): Promise<void>
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
export function startPublisher(
  { db, pool }: Pick<Database, 'db' | 'pool'>,
  log: FastifyBaseLogger,
): Publisher {
  const listeners = new Set<(events: readonly StreamEvent[]) => void>()
  let waiting: (() => void)[] = []
  let seen = -1
  let stopped = false
  let woken = true
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

  /** True where there may be more at once. */
  async function turn(isWoken: boolean): Promise<boolean> {
    if (seen < 0) seen = (await streamWindow(db)).head
    if (!isWoken && !(await hasNews(db, seen))) return false
    const events = await numberAndRead(pool, seen)
    if (events.length === 0) return false
    seen = events.at(-1)!.seq
    for (const listener of listeners) listener(events)
    return events.length === BATCH
  }

  const loop = (async () => {
    let isMore = false
    let hadFault = false
    while (!stopped) {
      const [isWoken, told] = [woken || isMore || hadFault, waiting]
      woken = false
      waiting = []
      try {
        isMore = await turn(isWoken)
        if (hadFault) for (const listener of listeners) listener([])
        hadFault = false
        if (isMore) waiting.unshift(...told)
        else for (const tell of told) tell()
        if (!isMore) await pause(IDLE_MILLISECONDS)
      } catch (fault) {
        waiting.unshift(...told)
        hadFault = true
        if (!stopped) log.warn({ err: fault }, 'outbox waits for the database')
        // Whoever commits in the meantime wakes it.
        await pause(1_000)
      }
    }
    for (const tell of waiting) tell()
  })()

  const unsubscribe = onAnnounced(db, wake)

  function wake(): void {
    woken = true
    release?.()
  }

  return {
    wake,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    turned() {
      const told = new Promise<void>((resolve) => waiting.push(resolve))
      wake()
      return told
    },
    head: () => Math.max(0, seen),
    async stop() {
      stopped = true
      unsubscribe()
      release?.()
      await loop
    },
  }
}

/** Whether rows wait for their numbers or another process has given some out: all that an idle turn asks. */
async function hasNews(db: Db, seen: number): Promise<boolean> {
  const { rows } = await sql<{ news: boolean }>`
    select seq > ${seen} or exists (select from outbox where seq is null) as news from stream_head`.execute(
    db,
  )
  return rows[0]!.news
}

/**
 * Numbers what waits (migration 0002) and reads what is new, in one message without parameters, which PostgreSQL runs
 * as one transaction: one round trip for each command of the house instead of seven.
 */
async function numberAndRead(pool: pg.Pool, seen: number): Promise<StreamEvent[]> {
  const answers = (await pool.query(
    `select number_outbox(${BATCH}); select * from outbox where seq > ${seen} order by seq limit ${BATCH}`,
  )) as unknown as pg.QueryResult<Selectable<FoundationTables['outbox']>>[]
  return answers.at(-1)!.rows.map(eventOf)
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
  return rows.map(eventOf)
}

function eventOf(row: Selectable<FoundationTables['outbox']>): StreamEvent {
  return {
    seq: row.seq!,
    topic: row.topic,
    subjectId: row.subject_id,
    organisationId: row.organisation_id,
    permission: row.permission,
    at: row.at,
    data: row.data as Record<string, unknown>,
  }
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
