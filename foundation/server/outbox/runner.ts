import { sql } from 'kysely'
import type { FastifyBaseLogger } from 'fastify'
import { inTransaction, isUnavailable, toTimestamp, type Db, type Tx } from '../db.ts'
import type { Publisher } from './publisher.ts'
import { readStream } from './publisher.ts'
import type { StreamEvent } from './outbox.ts'

/** One row of a flow: on this topic, run this step. `id` is stable: it is what «already run» is remembered by. */
export interface FlowRow<Deps> {
  readonly id: string
  readonly on: string
  run(tx: Tx, event: StreamEvent, deps: Deps): Promise<void>
}

/** Rows bound to what they need, ready to be run. */
export interface BoundRow {
  readonly id: string
  readonly on: string
  run(tx: Tx, event: StreamEvent): Promise<void>
}

export function bindFlow<Deps>(rows: readonly FlowRow<Deps>[], deps: Deps): BoundRow[] {
  return rows.map((row) => ({ id: row.id, on: row.on, run: (tx, event) => row.run(tx, event, deps) }))
}

export interface FlowRunner {
  /** Resolves when every event up to the publisher's head has been run. For tests and a clean stop. */
  settled(): Promise<void>
  stop(): Promise<void>
}

const CONSUMER = 'flows'
const BATCH = 200
/** More than this is not kept in memory but read when its turn comes. */
const HEARD_AT_MOST = 2_000
const ATTEMPTS = 5
/** Events share a transaction for this long: commands that want the same rows wait no longer. */
const TOGETHER_MILLISECONDS = 20

/**
 * Takes events in stream order and runs the rows that wait for them. Events that come close together share a
 * transaction, and with it the place in the stream and the note of each row that has run: a restart goes on at the
 * same row, and a row takes effect once, however many servers run. That transaction does not wait for the disk: nobody
 * has been told of it yet, the numbering of what it announces takes it to the disk, and lost it is run again. Where one
 * of them fails they are run one by one, each row in a transaction of its own; a row that fails five times is written to
 * flow_failure and left, so that one bad event cannot stop the house.
 */
export function startFlowRunner(
  db: Db,
  rows: readonly BoundRow[],
  publisher: Publisher,
  log: FastifyBaseLogger,
  now: () => number = Date.now,
): FlowRunner {
  const rowsByTopic = groupByTopic(rows)
  const rowsOf = (event: StreamEvent) => rowsByTopic.get(event.topic) ?? []
  let stopped = false
  let woken = true
  let isIdle = false
  let release: (() => void) | null = null
  let at = -1
  let heard: StreamEvent[] = []
  let hasCaughtUp = false
  let mustLookAgain = true
  const unsubscribe = publisher.subscribe((events) => {
    heard = heard.length > HEARD_AT_MOST ? [] : [...heard, ...events]
    // The database has been away: it may have lost our last steps, and its own word counts.
    if (events.length === 0) mustLookAgain = true
    woken = true
    release?.()
  })

  /** What comes after `at`: as it was heard, or read where something lies between. */
  async function takeNext(): Promise<readonly StreamEvent[]> {
    const events = heard
    heard = []
    const next = events.findIndex((event) => event.seq === at + 1)
    if (next >= 0) return events.slice(next)
    if (hasCaughtUp && at >= publisher.head()) return []
    const read = await readStream(db, at, BATCH)
    hasCaughtUp = read.length === 0
    return read
  }

  /** Runs as many of the events as fit into one short transaction and gives how many: none where another server was faster. */
  async function runTogether(events: readonly StreamEvent[]): Promise<number> {
    const reached = await inTransaction(db, async (tx) => {
      const cursor = await lockCursorLightly(tx)
      if (cursor.seq !== at) return null
      const began = performance.now()
      const ran: { seq: number; rowId: string }[] = []
      let done = 0
      for (; done < events.length; done++) {
        if (done > 0 && performance.now() - began > TOGETHER_MILLISECONDS) break
        const event = events[done]!
        for (const row of rowsOf(event)) {
          if (cursor.ran.some(([seq, rowId]) => seq === event.seq && rowId === row.id)) continue
          await row.run(tx, event)
          ran.push({ seq: event.seq, rowId: row.id })
        }
      }
      await moveCursor(tx, events[done - 1]!.seq, ran, now())
      return done
    })
    if (reached !== null) at = events[reached - 1]!.seq
    else at = await readCursor()
    return reached ?? 0
  }

  async function runOneByOne(event: StreamEvent): Promise<void> {
    for (const row of rowsOf(event)) await runRow(row, event)
    await inTransaction(db, async (tx) => {
      if ((await lockCursor(tx)) < event.seq) await moveCursor(tx, event.seq, [], now())
    })
    at = event.seq
  }

  async function runRow(row: BoundRow, event: StreamEvent): Promise<void> {
    for (let attempt = 1; !stopped; attempt++) {
      try {
        await inTransaction(db, async (tx) => {
          // Two servers stand in line here; the second finds the row in flow_run.
          await lockCursor(tx)
          if (await claim(tx, event, row)) await row.run(tx, event)
        })
        return
      } catch (fault) {
        log.error({ err: fault, row: row.id, seq: event.seq, attempt }, 'flow row failed')
        if (isUnavailable(fault)) attempt--
        else if (attempt >= ATTEMPTS) return giveUp(row, event, attempt, fault)
        await sleep(Math.min(5_000, 50 * 2 ** attempt))
      }
    }
  }

  /** Notes that a row runs for the event; false where it has run before. */
  async function claim(tx: Tx, event: StreamEvent, row: BoundRow): Promise<boolean> {
    const claimed = await tx
      .insertInto('flow_run')
      .values({ seq: event.seq, row_id: row.id, ran_at: toTimestamp(now()) })
      .onConflict((conflict) => conflict.doNothing())
      .returning('seq')
      .executeTakeFirst()
    return claimed !== undefined
  }

  async function giveUp(row: BoundRow, event: StreamEvent, attempts: number, fault: unknown): Promise<void> {
    await db
      .insertInto('flow_failure')
      .values({
        seq: event.seq,
        row_id: row.id,
        failed_at: toTimestamp(now()),
        attempts,
        message: String((fault as Error)?.message ?? fault),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }

  async function turn(): Promise<boolean> {
    if (mustLookAgain) {
      mustLookAgain = false
      at = await readCursor()
      hasCaughtUp = false
    }
    const events = await takeNext()
    for (let done = 0; done < events.length && !stopped;) {
      const rest = events.slice(done)
      try {
        const together = await runTogether(rest)
        // Another server has run some of these: what comes next is to be read again.
        if (together === 0) return true
        done += together
      } catch (fault) {
        if (stopped || isUnavailable(fault)) throw fault
        log.warn({ err: fault, seq: rest[0]!.seq }, 'flow rows are run one by one')
        await runOneByOne(rest[0]!)
        done++
      }
    }
    return events.length > 0
  }

  /** Where the flows have got to; the row is made the first time. */
  async function readCursor(): Promise<number> {
    await db
      .insertInto('flow_cursor')
      .values({ consumer: CONSUMER, seq: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return (
      await db
        .selectFrom('flow_cursor')
        .select('seq')
        .where('consumer', '=', CONSUMER)
        .executeTakeFirstOrThrow()
    ).seq
  }

  const loop = (async () => {
    while (!stopped) {
      woken = false
      try {
        if (!(await turn()) && !woken && !stopped) {
          isIdle = true
          await new Promise<void>((resolve) => (release = resolve))
          isIdle = false
        }
      } catch (fault) {
        if (!stopped) log.warn({ err: fault }, 'flows wait for the database')
        mustLookAgain = true
        await sleep(1_000)
      }
    }
  })()

  return {
    async settled() {
      while (!stopped) {
        const before = at
        if (isIdle && at >= publisher.head()) {
          await publisher.turned()
          // Idle before and after at the same place, and nothing was numbered in between: nothing is under way.
          if (isIdle && before === at && at >= publisher.head()) return
        }
        await sleep(1)
      }
    },
    async stop() {
      stopped = true
      unsubscribe()
      release?.()
      await loop
    },
  }
}

async function lockCursor(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('flow_cursor')
    .select('seq')
    .where('consumer', '=', CONSUMER)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.seq
}

/**
 * The same for a transaction that need not wait for the disk, with the rows that have already run for events after the
 * cursor. Whoever had to wait for the lock may not see the latest of these: noting one again fails, and with it all.
 */
async function lockCursorLightly(
  tx: Tx,
): Promise<{ readonly seq: number; readonly ran: readonly (readonly [number, string])[] }> {
  const { rows } = await sql<{ seq: number; ran: [number, string][] }>`
    select seq, set_config('synchronous_commit', 'off', true),
           (select coalesce(jsonb_agg(jsonb_build_array(flow_run.seq, row_id)), '[]')
              from flow_run where flow_run.seq > flow_cursor.seq) as ran
      from flow_cursor where consumer = ${CONSUMER} for update`.execute(tx)
  return rows[0]!
}

async function moveCursor(
  tx: Tx,
  seq: number,
  ran: readonly { seq: number; rowId: string }[],
  at: number,
): Promise<void> {
  await sql`
    with noted as (
      insert into flow_run (seq, row_id, ran_at)
      select ran.seq, ran.row_id, ${toTimestamp(at)}
        from unnest(${ran.map((one) => one.seq)}::bigint[], ${ran.map((one) => one.rowId)}::text[]) as ran (seq, row_id)
    )
    update flow_cursor set seq = ${seq} where consumer = ${CONSUMER}`.execute(tx)
}

function groupByTopic(rows: readonly BoundRow[]): Map<string, BoundRow[]> {
  const groups = new Map<string, BoundRow[]>()
  for (const row of rows) groups.set(row.on, [...(groups.get(row.on) ?? []), row])
  return groups
}

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
