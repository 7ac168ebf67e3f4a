import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { freshDatabase, type TestDatabase } from '../../../tests/database.ts'
import { inTransaction, type Database, type Tx } from '../db.ts'
import { announce, type Announcement, type StreamEvent } from './outbox.ts'
import { readStream, startPublisher } from './publisher.ts'
import { bindFlow, startFlowRunner, type FlowRow } from './runner.ts'

const silent = pino({ level: 'silent' })
const about = (subjectId: string, topic = 'thing.done'): Announcement => ({
  topic,
  subjectId,
  organisationId: null,
  permission: 'signed-in',
  at: 0,
  data: {},
})

describe('outbox', () => {
  let test: TestDatabase
  let database: Database
  beforeAll(async () => {
    test = await freshDatabase()
    database = test.open({ poolSize: 12 })
  })
  afterAll(() => test.drop())

  it('numbers what many writers commit at once without a gap and without losing one', async () => {
    const publisher = startPublisher(database, silent)
    const heard: StreamEvent[] = []
    publisher.subscribe((events) => heard.push(...events))
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; i < 25; i++) {
        await inTransaction(database.db, (tx) =>
          announce(tx, about(`${writer}-${i}a`), about(`${writer}-${i}b`)),
        )
        publisher.wake()
      }
    })
    await Promise.all(writers)
    await until(() => heard.length === 400)
    expect(heard.map((event) => event.seq)).toEqual(Array.from({ length: 400 }, (_, i) => i + 1))
    expect(new Set(heard.map((event) => event.subjectId)).size).toBe(400)
    await publisher.stop()
  })

  it('says nothing of a transaction that was rolled back', async () => {
    const publisher = startPublisher(database, silent)
    await inTransaction(database.db, async (tx) => {
      await announce(tx, about('never'))
      throw new Error('rolled back')
    }).catch(() => {})
    await inTransaction(database.db, (tx) => announce(tx, about('after')))
    publisher.wake()
    const told: string[] = []
    publisher.subscribe((events) => told.push(...events.map((event) => event.subjectId)))
    await until(() => told.includes('after'))
    expect(told).not.toContain('never')
    await publisher.stop()
  })

  it('runs a row once, goes on after a restart, and sets a row aside that keeps failing', async () => {
    let mayRun = false
    // What has taken effect is what was committed: rows of near events share a transaction and are undone together.
    const note = (tx: Tx, what: string) => announce(tx, about(what, 'told'))
    const told = async () => {
      const rows = await database.db
        .selectFrom('outbox')
        .select('subject_id')
        .where('topic', '=', 'told')
        .orderBy('id')
        .execute()
      return rows.map((row) => row.subject_id)
    }
    const rows: FlowRow<null>[] = [
      {
        id: 'first',
        on: 'flow.begun',
        async run(tx, { subjectId }) {
          await announce(tx, about(subjectId, 'flow.next'))
          await note(tx, `first ${subjectId}`)
        },
      },
      {
        id: 'second',
        on: 'flow.next',
        async run(tx, { subjectId }) {
          if (!mayRun) throw new Error('not yet')
          await note(tx, `second ${subjectId}`)
        },
      },
      { id: 'bad', on: 'flow.bad', run: () => Promise.reject(new Error('always')) },
    ]
    const publisher = startPublisher(database, silent)
    let runner = startFlowRunner(database.db, bindFlow(rows, null), publisher, silent)
    await inTransaction(database.db, (tx) => announce(tx, about('x', 'flow.begun')))
    while ((await told()).length < 1) await new Promise((resolve) => setImmediate(resolve))
    await runner.stop()
    mayRun = true
    runner = startFlowRunner(database.db, bindFlow(rows, null), publisher, silent)
    await inTransaction(database.db, (tx) => announce(tx, about('y', 'flow.bad'), about('y', 'flow.begun')))
    await runner.settled()
    const effects = await told()
    const failures = await database.db.selectFrom('flow_failure').selectAll().execute()
    await runner.stop()
    await publisher.stop()
    expect(effects).toEqual(['first x', 'second x', 'first y', 'second y'])
    expect(failures.map((failure) => [failure.row_id, failure.message])).toEqual([['bad', 'always']])
  })

  it('runs a row once where two servers share the database', async () => {
    const ran: string[] = []
    const rows: FlowRow<null>[] = [
      { id: 'shared', on: 'shared.done', run: async (_tx, event) => void ran.push(event.subjectId) },
    ]
    const servers = [0, 1].map(() => {
      const publisher = startPublisher(database, silent)
      return { publisher, runner: startFlowRunner(database.db, bindFlow(rows, null), publisher, silent) }
    })
    for (let i = 0; i < 40; i++) {
      await inTransaction(database.db, (tx) => announce(tx, about(`${i}`, 'shared.done')))
      servers[i % 2]!.publisher.wake()
    }
    for (const { runner } of servers) await runner.settled()
    // A transaction that PostgreSQL asks to run again would be counted twice here; none of these is.
    expect(ran.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 40 }, (_, i) => `${i}`),
    )
    for (const { publisher, runner } of servers) {
      await runner.stop()
      await publisher.stop()
    }
  })

  it('reads on from any place in the stream', async () => {
    const all = await readStream(database.db, 0, 1000)
    expect(await readStream(database.db, 10, 5)).toEqual(all.slice(10, 15))
  })
})

/** Waits until it holds; the test's own time limit is the only clock. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}
