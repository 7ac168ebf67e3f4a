import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import pg from 'pg'
import { freshDatabase, type TestDatabase } from '../../../tests/database.ts'
import { systemContext } from '../http/context.ts'
import { writeAudit } from './audit.ts'
import type { Database } from '../db.ts'
import { createAuditSealer, proveAudit } from './seal.ts'

describe('audit seals', () => {
  let test: TestDatabase
  let database: Database
  let seal: (now: number) => Promise<void>
  beforeAll(async () => {
    test = await freshDatabase()
    database = test.open()
    seal = createAuditSealer(database.db)
  })
  afterAll(() => test.drop())

  /** Turn after turn until all is sealed: transactions of other databases of the cluster make it wait as well. */
  const sealAll = async (db = database.db, turn = seal) => {
    const sealed = () =>
      sql<{ all: boolean }>`select coalesce((select max(id) from audit_entry), 0)
        = coalesce((select max(last_entry) from audit_seal), 0) as all`.execute(db)
    while (!(await sealed()).rows[0]!.all) await turn(0)
  }
  const write = (action: string, at: number) =>
    writeAudit(database.db, systemContext('test', at), {
      action,
      subjectKind: 'thing',
      subjectId: '1',
      detail: { 说明: action },
    })

  it('hold over entries as they are, and show the first that was altered behind the application’s back', async () => {
    for (let i = 0; i < 5; i++) await write(`first ${i}`, 1_000)
    await sealAll()
    for (let i = 0; i < 5; i++) await write(`second ${i}`, 61_000)
    await sealAll()
    expect(await proveAudit(database.db)).toEqual({ seals: 2, entriesSealed: 10, broken: null })

    const owner = new pg.Client({ connectionString: test.ownerUrl })
    await owner.connect()
    await owner.query(`update audit_entry set action = 'nothing happened' where action = 'second 2'`)
    await owner.end()
    expect(await proveAudit(database.db)).toMatchObject({
      broken: { sealId: 2, firstEntry: 6, lastEntry: 10 },
    })
  })

  it('say that nothing was altered when a long transaction commits an entry below those already seen', async () => {
    const own = await freshDatabase()
    const { db } = own.open()
    const sealing = createAuditSealer(db)
    const note = (action: string) => ({ action, subjectKind: 'thing', subjectId: '1' })
    const actor = systemContext('test', 1_000)
    // Not `inTransaction`, which would write the entry, and so take its number, only when it commits.
    await db.transaction().execute(async (long) => {
      await writeAudit(long, actor, note('of an import that takes its time'))
      await writeAudit(db, actor, note('after it'))
      for (const now of [10_000, 20_000, 30_000]) await sealing(now)
    })
    await sealAll(db, sealing)
    expect(await proveAudit(db)).toEqual({ seals: 1, entriesSealed: 2, broken: null })
    await own.drop()
  })
})
