import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { wallClock } from '../../foundation/core/instant.ts'
import type { Database } from '../../foundation/server/db.ts'
import { readSetting } from '../../foundation/server/settings.ts'
import { DISTRICT_SETTING, HOURS_SETTING } from '../../capabilities/place/core/index.ts'
import { loadRouter } from '../../capabilities/place/server/map.store.ts'
import { listAreas, listKeyPlaces } from '../../capabilities/place/server/register.store.ts'
import { listOrganisations, listUnits } from '../../capabilities/force/server/store.ts'
import { listHistory } from '../../capabilities/incident/server/import/store.ts'
import { freshDatabase, type TestDatabase } from '../../tests/database.ts'
import { loadRealDistrict, type RealDistrict } from './real-district.ts'

const DATA = '../shared/data'
const OSM = `${DATA}/osm/portland-central.osm.pbf`
const CALLS = `${DATA}/portland/calls-2016-08-to-10.csv.gz`
const folder = mkdtempSync(join(tmpdir(), 'xunfang-real-'))
const OPTIONS = {
  name: 'portland',
  osm: OSM,
  incidents: CALLS,
  mapping: null,
  hourProfile: null,
  rejectPath: join(folder, 'rejects.csv'),
  seed: 1,
  now: Date.UTC(2026, 10, 24),
}

describe.skipIf(!existsSync(OSM))('real calls on real roads (skipped where ../shared/data is absent)', () => {
  let testDatabase: TestDatabase
  let database: Database
  let loaded: RealDistrict

  beforeAll(async () => {
    testDatabase = await freshDatabase()
    database = testDatabase.open()
    const outcome = await loadRealDistrict(database, OPTIONS)
    if (isRefusal(outcome)) throw new Error(JSON.stringify(outcome))
    loaded = outcome
  }, 120_000)
  afterAll(async () => {
    await testDatabase.drop()
    rmSync(folder, { recursive: true })
  })

  it('takes the calls inside the extract, rejects each other one by line and cause', () => {
    const { calls } = loaded
    expect(calls).toMatchObject({
      rows: 55_509,
      accepted: 31_661,
      duplicates: 0,
      rejected: { 'missing-time': 1, 'outside-area': 23_847 },
      hoursDrawn: 31_661,
    })
    const lines = readFileSync(OPTIONS.rejectPath, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(1 + calls!.rejectedTotal)
    expect(lines[1]).toMatch(/^2,missing-time,/)
  })

  it('draws the hours from the St. Louis file beside the calls, and says so', async () => {
    expect(loaded.hours).toEqual({
      from: 'file',
      file: 'incidents-2008-2018.csv.gz',
      source: 'stlouis-crime',
      seed: OPTIONS.seed,
    })
    expect((await readSetting(database.db, HOURS_SETTING, null)).value).toEqual(loaded.hours)
    const { value } = await readSetting(database.db, DISTRICT_SETTING, null)
    expect(value).toMatchObject({ hourDrawn: true, generated: false, timeZone: 'America/Los_Angeles' })
    const calls = await listHistory(database.pool, {
      from: 0,
      until: OPTIONS.now,
      source: 'portland-calls',
      after: null,
      limit: 31_661,
    })
    expect(calls.every(({ hourDrawn }) => hourDrawn)).toBe(true)
    const hours = Array.from({ length: 24 }, () => 0)
    for (const { occurredAt } of calls.slice(0, 4000))
      hours[wallClock(occurredAt, 'America/Los_Angeles').hour]!++
    expect(hours[18]!).toBeGreaterThan(2 * hours[5]!)
  })

  it('sets a force on its roads that says it is generated', async () => {
    const organisations = await listOrganisations(database.db)
    expect(
      organisations.every(({ nameEn, nameZh }) => nameEn.includes('generated') && nameZh.includes('生成')),
    ).toBe(true)
    expect(await listUnits(database.db)).toHaveLength(36)
    expect((await listAreas(database.db)).filter(({ kind }) => kind === 'station')).toHaveLength(3)
    const router = await loadRouter(database.db)
    const places = await listKeyPlaces(database.db)
    expect(places).toHaveLength(5)
    for (const place of places) expect(router.travel(organisations[0]!.position!, place).basis).toBe('road')
  })

  it('refuses calls without a mapping, naming where it looked', async () => {
    const outcome = await loadRealDistrict(database, { ...OPTIONS, name: 'elsewhere' })
    expect(outcome).toMatchObject({ refused: 'mapping-missing', field: '--map' })
  })
})
