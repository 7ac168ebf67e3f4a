import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listHistory, listSources } from '../../capabilities/incident/server/import/store.ts'
import { loadRouter } from '../../capabilities/place/server/map.store.ts'
import { listAreas, listKeyPlaces, listSites } from '../../capabilities/place/server/register.store.ts'
import { searchPlaces } from '../../capabilities/place/server/search.store.ts'
import { listOfficers, listUnits } from '../../capabilities/force/server/store.ts'
import { listDuties } from '../../capabilities/roster/server/duty.store.ts'
import { findPublishedOn } from '../../capabilities/roster/server/roster.store.ts'
import { schemesOn } from '../../capabilities/roster/server/scheme.store.ts'
import type { Database } from '../../foundation/server/db.ts'
import { freshDatabase, type TestDatabase } from '../../tests/database.ts'
import { DEMONSTRATION_SOURCE, loadDemonstration } from './demonstration.ts'
import { isUnsettled } from './settle.ts'

const NOW = Date.UTC(2026, 10, 24, 6)
let testDatabase: TestDatabase
let database: Database

beforeAll(async () => {
  testDatabase = await freshDatabase()
  database = testDatabase.open()
  expect(await isUnsettled(database.db)).toBe(true)
  await loadDemonstration(database, { now: NOW })
})
afterAll(() => testDatabase.drop())

describe('loading the demonstration district', () => {
  it('stores force, places, map and history', async () => {
    const { db } = database
    expect(await isUnsettled(db)).toBe(false)
    expect(await listOfficers(db)).toHaveLength(120)
    const units = await listUnits(db)
    expect(units).toHaveLength(24)
    expect(units.filter(({ status }) => status === 'patrolling')).toHaveLength(17)
    expect(await listSites(db)).toHaveLength(206)
    expect(await listKeyPlaces(db)).toHaveLength(7)
    expect((await listAreas(db)).filter(({ kind }) => kind === 'station')).toHaveLength(3)
    const [source] = await listSources(database.pool)
    expect(source).toMatchObject({ source: DEMONSTRATION_SOURCE, hoursDrawn: 0 })
    expect(source!.count).toBeGreaterThan(40_000)
  })

  it('stores what was told of danger, and target, entry and object as codes', async () => {
    const { rows } = await database.pool.query(
      `select count(*) filter (where cardinality(circumstances) > 0)::float8 / count(*) as dangers,
              avg((facts is not null)::int) filter (where type_code = '0108')::float8 as "ofBurglaries",
              avg((facts is not null)::int) filter (where type_code = '0301')::float8 as "ofCollisions"
         from incident_history`,
    )
    expect(rows[0].dangers).toBeGreaterThan(0.03)
    expect(rows[0].ofBurglaries).toBeGreaterThan(0.9)
    expect(rows[0].ofCollisions).toBe(0)
  })

  it('gives roads to travel on and names to find', async () => {
    const router = await loadRouter(database.db)
    const [one, two] = await listKeyPlaces(database.db)
    expect(router.travel(one!, two!).basis).toBe('road')
    expect((await searchPlaces(database.db, '人民路', 5)).length).toBeGreaterThan(0)
    expect((await searchPlaces(database.db, '颍宁站', 5))[0]).toMatchObject({ kind: 'station' })
  })

  it('pages through history in order', async () => {
    const until = NOW + 1
    const first = await listHistory(database.pool, { from: 0, until, source: null, after: null, limit: 10 })
    const last = first.at(-1)!
    const next = await listHistory(database.pool, { from: 0, until, source: null, after: last, limit: 10 })
    expect(next[0]!.id).not.toBe(last.id)
    expect(next[0]!.occurredAt).toBeGreaterThanOrEqual(last.occurredAt)
  })

  it('puts the district on 4+1, with a published roster of the month', async () => {
    const { db } = database
    const roster = await findPublishedOn(db, '2026-11-24')
    expect(roster).toMatchObject({ fromDate: '2026-11-01', days: 30, state: 'published' })
    expect((await schemesOn(db, '2026-11-24')).map(({ patternCode }) => patternCode)).toEqual(
      new Array(4).fill('four-plus-one'),
    )
    const duties = await listDuties(db, roster!.id)
    const draws = duties.filter(({ option }) => option.kind === 'duty' && option.draw !== null)
    // One of the secondary platoon of each of three stations and the special patrol unit, each day.
    expect(draws).toHaveLength(4 * 30)
  })

  it('does not load a second time over a district', async () => {
    await expect(loadDemonstration(database, { now: NOW })).rejects.toThrow('already holds a district')
    expect(await listUnits(database.db)).toHaveLength(24)
  })
})
