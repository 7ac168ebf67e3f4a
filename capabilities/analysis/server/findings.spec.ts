import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededChance } from '../../../foundation/core/chance.ts'
import { inTransaction, type Database } from '../../../foundation/server/db.ts'
import { openHouse, type Caller, type TestHouse } from '../../../tests/house.ts'
import type { DayChanges, KeptFindings } from '../core/index.ts'
import { dropResultsBefore } from './findings.store.ts'
import type { Run } from './run.ts'

const NOW = Date.parse('2026-11-24T10:00:00+08:00')
const DAY = 86_400_000
const CITIZEN_PLACE = { lon: 113.62, lat: 34.75 }

/** Burglaries all over a town for two years, one in four repeated; and three by a way that nobody else takes. */
async function storeBurglaries({ pool }: Database): Promise<void> {
  const chance = seededChance(3)
  const rows: { at: number; lon: number; lat: number; entry: string; id: string }[] = []
  for (let n = 0; n < 700; n++) {
    const [at, lon, lat] = [NOW - (1 + 720 * chance.next()) * DAY, 0.08 * chance.next(), 0.08 * chance.next()]
    const entry = chance.pick(['window', 'door', 'lock'])
    rows.push({ at, lon: 113.55 + lon, lat: 34.7 + lat, entry, id: `B${n}` })
    if (chance.next() < 0.25)
      rows.push({ at: at + 3 * DAY * chance.next(), lon: 113.55 + lon, lat: 34.7 + lat, entry, id: `R${n}` })
  }
  for (const [n, back] of [9, 6, 3].entries())
    rows.push({ at: NOW - back * DAY, ...CITIZEN_PLACE, entry: 'tunnel', id: `P${n + 1}` })
  await pool.query(
    `insert into incident_history (source, external_id, occurred_at, hour_drawn, type_code, description, address, origin, lon, lat, facts)
     select 'spec', id, to_timestamp(at / 1000), false, '0108', 'a person''s own words', 'somewhere', 'citizen', lon, lat,
            jsonb_build_object('entry', entry)
       from unnest($1::text[], $2::float8[], $3::float8[], $4::float8[], $5::text[]) as call (id, at, lon, lat, entry)`,
    [
      rows.map(({ id }) => id),
      rows.map(({ at }) => at),
      rows.map(({ lon }) => lon),
      rows.map(({ lat }) => lat),
      rows.map(({ entry }) => entry),
    ],
  )
}

/** The log, once no run is under way. */
async function ended(caller: Caller): Promise<{ runs: Run[] }> {
  for (;;) {
    const { body } = await caller.get<{ runs: Run[] }>('/api/analysis-runs')
    if (body.runs.length > 0 && body.runs.every(({ state }) => state !== 'running')) return body
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('series from day to day', () => {
  let house: TestHouse
  let analyst: Caller
  let now = NOW
  beforeAll(async () => {
    house = await openHouse({ now: () => now, before: storeBurglaries })
    analyst = await house.as('analyst')
    await ended(analyst)
  })
  afterAll(() => house.close())

  const findingsOf = async (runId: string) =>
    (
      await analyst.get<{ findings: KeptFindings | null; changes: DayChanges | null }>(
        `/api/analysis-runs/${runId}/findings`,
      )
    ).body
  const lastRunOf = async (day: string) =>
    (await ended(analyst)).runs.find((run) => run.day === day && run.state === 'done')!

  it('know their incidents by the number of their source, with codes and no words', async () => {
    const { findings } = await findingsOf((await lastRunOf('2026-11-24')).id)
    const planted = findings!.series.find(({ members }) =>
      members.some(({ circumstances }) => circumstances['entry'] === 'tunnel'),
    )!
    expect(planted.since).toBe('2026-11-24')
    expect(planted.members.map(({ incident }) => incident)).toMatchObject(
      ['P1', 'P2', 'P3'].map((externalId) => ({ kind: 'call', source: 'spec', externalId })),
    )
    expect(JSON.stringify(findings)).not.toMatch(/own words|somewhere/)
  })

  it('keep their id the next day, which says what changed', async () => {
    const before = await findingsOf((await lastRunOf('2026-11-24')).id)
    await house.database.pool.query(
      `insert into incident_history (source, external_id, occurred_at, hour_drawn, type_code, origin, lon, lat, facts)
       values ('spec', 'P4', $1, false, '0108', 'citizen', $2, $3, '{"entry":"tunnel"}')`,
      [new Date(NOW), CITIZEN_PLACE.lon, CITIZEN_PLACE.lat],
    )
    now += DAY
    await analyst.send('POST', '/api/analysis-runs', { day: '2026-11-25' })
    const after = await findingsOf((await lastRunOf('2026-11-25')).id)
    const idIn = ({ findings }: typeof before) =>
      findings!.series.find(({ members }) =>
        members.some(({ circumstances }) => circumstances['entry'] === 'tunnel'),
      )!.id
    expect(idIn(after)).toBe(idIn(before))
    expect(after.changes!.before).toMatchObject({ day: '2026-11-24', isDayBefore: true })
    expect(after.changes!.series).toContainEqual(
      expect.objectContaining({ id: idIn(after), kind: 'grown', added: 1 }),
    )
    expect(after.changes!.shifts).toHaveLength(3)
  })

  it('lapse with their run’s term, and the log stays', async () => {
    const old = await lastRunOf('2026-11-24')
    await inTransaction(house.database.db, (tx) => dropResultsBefore(tx, '2026-11-25'))
    expect(await findingsOf(old.id)).toEqual({ findings: null, changes: null })
    expect(await lastRunOf('2026-11-24')).toMatchObject({ id: old.id, state: 'done' })
    expect((await findingsOf((await lastRunOf('2026-11-25')).id)).findings).not.toBeNull()
    await inTransaction(house.database.db, (tx) => dropResultsBefore(tx, '2026-11-26'))
    const { body } = await analyst.get<{ plannedRunId: string | null }>('/api/analysis-runs')
    expect(body.plannedRunId).toBeNull()
  })
})
