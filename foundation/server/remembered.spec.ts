import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../tests/database.ts'
import { inTransaction, type Database, type Db } from './db.ts'
import { readSetting, writeSetting } from './settings.ts'

describe('remembered settings', () => {
  let test: TestDatabase
  let here: Database
  let elsewhere: Database
  beforeAll(async () => {
    test = await freshDatabase()
    here = test.open({ poolSize: 3 })
    elsewhere = test.open({ poolSize: 3 })
  })
  afterAll(() => test.drop())

  const read = async (db: Db) => (await inTransaction(db, (tx) => readSetting(tx, 'colour', 'none'))).value
  const change = (db: Db, value: string, andThen: () => void = () => {}) =>
    inTransaction(db, async (tx) => {
      const { version } = await readSetting(db, 'colour', 'none')
      await writeSetting(tx, 'colour', value, version, 0)
      expect((await readSetting(tx, 'colour', 'none')).value).toBe(value)
      // Another transaction meanwhile sees and remembers what is committed.
      await read(db)
      andThen()
    })

  it('are new at once for the process that has changed them', async () => {
    expect(await read(here.db)).toBe('none')
    await change(here.db, 'red')
    expect(await read(here.db)).toBe('red')
    await change(here.db, 'green')
    expect(await read(here.db)).toBe('green')
  })

  it('stay as they are when the change is rolled back', async () => {
    const failing = change(here.db, 'blue', () => {
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await read(here.db)).toBe('green')
  })

  it('come to other processes too', async () => {
    expect(await read(elsewhere.db)).toBe('green')
    await change(here.db, 'white')
    while ((await read(elsewhere.db)) !== 'white') await new Promise((resolve) => setImmediate(resolve))
  })
})
