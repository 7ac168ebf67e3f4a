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

/**
 * Takes events in stream order and runs the rows that wait for them, each row in a transaction of its own together
 * with the note that it has run: a restart goes on at the same row, and a row takes effect once.
 * A row that fails five times is written to flow_failure and left, so that one bad event cannot stop the house.
 */
export function startFlowRunner(
  db: Db,
  rows: readonly BoundRow[],
  publisher: Publisher,
  log: FastifyBaseLogger,
  now: () => number = Date.now,
): FlowRunner {
  const rowsByTopic = groupByTopic(rows)
  let stopped = false
  let woken = true
  let release: (() => void) | null = null
  let at = -1
  let heard: StreamEvent[] = []
  let hasCaughtUp = false
  const unsubscribe = publisher.subscribe((events) => {
    heard = heard.length > HEARD_AT_MOST ? [] : [...heard, ...events]
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

  async function runRow(row: BoundRow, event: StreamEvent): Promise<void> {
    for (let attempt = 1; !stopped; attempt++) {
      try {
        await inTransaction(db, async (tx) => {
          const first = await tx
            .insertInto('flow_run')
            .values({ seq: event.seq, row_id: row.id, ran_at: toTimestamp(now()) })
            .onConflict((conflict) => conflict.doNothing())
            .returning('seq')
            .executeTakeFirst()
          if (first) await row.run(tx, event)
        })
        publisher.wake()
        return
      } catch (fault) {
        log.error({ err: fault, row: row.id, seq: event.seq, attempt }, 'flow row failed')
        if (isUnavailable(fault)) attempt--
        else if (attempt >= ATTEMPTS) return giveUp(row, event, attempt, fault)
        await sleep(Math.min(5_000, 50 * 2 ** attempt))
      }
    }
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
    if (at < 0)
      at =
        (await db.selectFrom('flow_cursor').select('seq').where('consumer', '=', CONSUMER).executeTakeFirst())
          ?.seq ?? 0
    const events = await takeNext()
    for (const event of events) {
      if (stopped) return false
      for (const row of rowsByTopic.get(event.topic) ?? []) await runRow(row, event)
      at = event.seq
    }
    if (events.length > 0 && !stopped) {
      await db
        .insertInto('flow_cursor')
        .values({ consumer: CONSUMER, seq: at })
        .onConflict((conflict) => conflict.column('consumer').doUpdateSet({ seq: at }))
        .execute()
    }
    return events.length > 0
  }

  const loop = (async () => {
    while (!stopped) {
      woken = false
      try {
        if (!(await turn()) && !woken && !stopped) await new Promise<void>((resolve) => (release = resolve))
      } catch (fault) {
        if (!stopped) log.warn({ err: fault }, 'flows wait for the database')
        await sleep(1_000)
      }
    }
  })()

  return {
    async settled() {
      for (;;) {
        publisher.wake()
        await sleep(5)
        // In this order, or an event that a row announces between two of the readings is missed.
        const reached = Math.max(at, 0)
        const waiting = await db
          .selectFrom('outbox')
          .select('id')
          .where('seq', 'is', null)
          .limit(1)
          .executeTakeFirst()
        const { seq } = await db.selectFrom('stream_head').select('seq').executeTakeFirstOrThrow()
        if (!waiting && reached >= seq) return
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

function groupByTopic(rows: readonly BoundRow[]): Map<string, BoundRow[]> {
  const groups = new Map<string, BoundRow[]>()
  for (const row of rows) groups.set(row.on, [...(groups.get(row.on) ?? []), row])
  return groups
}

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
