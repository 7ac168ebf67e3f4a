import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pg from 'pg'
import { freshDatabase, type TestDatabase } from '../../../tests/database.ts'
import type { Database } from '../db.ts'
import { systemContext } from '../http/context.ts'
import { writeAudit } from './audit.ts'
import { proveAudit, sealAudit } from './seal.ts'

describe('audit seals', () => {
  let test: TestDatabase
  let database: Database
  beforeAll(async () => {
    test = await freshDatabase()
    database = test.open()
  })
  afterAll(() => test.drop())

  const write = (action: string, at: number) =>
    writeAudit(database.db, systemContext('test', at), {
      action,
      subjectKind: 'thing',
      subjectId: '1',
      detail: { 说明: action },
    })

  it('hold over entries as they are, and show the first that was altered behind the application’s back', async () => {
    for (let i = 0; i < 5; i++) await write(`first ${i}`, 1_000)
    await sealAudit(database.db, 60_000)
    for (let i = 0; i < 5; i++) await write(`second ${i}`, 61_000)
    await sealAudit(database.db, 120_000)
    expect(await proveAudit(database.db)).toEqual({ seals: 2, entriesSealed: 10, broken: null })

    const owner = new pg.Client({ connectionString: test.ownerUrl })
    await owner.connect()
    await owner.query(`update audit_entry set action = 'nothing happened' where action = 'second 2'`)
    await owner.end()
    expect(await proveAudit(database.db)).toMatchObject({
      broken: { sealId: 2, firstEntry: 6, lastEntry: 10 },
    })
  })

  it('leave the newest entries alone until transactions still open have ended', async () => {
    await write('fresh', 200_000)
    await sealAudit(database.db, 200_001)
    expect((await database.db.selectFrom('audit_seal').select('id').execute()).length).toBe(2)
  })
})
