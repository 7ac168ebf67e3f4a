import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction, type Database } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import { totalOf } from '../../../solvers/density/cell-hours.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/database.ts'
import { openHouse, type Caller, type TestHouse } from '../../../tests/house.ts'
import type { KeptFindings, ShiftPlan } from '../core/index.ts'
import { beginRun, openDailyAnalysis } from './jobs.ts'
import type { AnalysisNeeds, PastIncident } from './needs.ts'
import type { Run } from './run.ts'
import { findRun } from './store.ts'
import { findSurface, listSurfaceDays } from './surface.store.ts'

const NOW = Date.parse('2026-11-24T10:00:00+08:00')
const DAY = 86_400_000
const CITIZEN_PLACE = { lon: 113.62, lat: 34.75 }
const PATROL_PLACE = { lon: 113.65, lat: 34.77 }

type Log = { runs: Run[]; dayInForce: string; plannedRunId: string | null; hasHistory: boolean }
type Shown = { run: Run; shifts: (Omit<ShiftPlan, 'fromAt'> & { fromAt: string; untilAt: string })[] }

/** Ninety days: twice a day at one place by citizens, four times at another by patrols, with the words of a person. */
async function storeCalls({ pool }: Database): Promise<void> {
  const at = (place: { lon: number; lat: number }, origin: string, times: number) =>
    pool.query(
      `insert into incident_history (source, external_id, occurred_at, hour_drawn, type_code, description, address, origin, lon, lat)
       select 'spec', $1 || n, to_timestamp($2::float8 / 1000) - n * interval '1 day' / $3, false, '0201',
              'a person''s own words', 'somewhere', $4, $5, $6
         from generate_series(1, 90 * $3) n`,
      [origin, NOW, times, origin, place.lon, place.lat],
    )
  await at(CITIZEN_PLACE, 'citizen', 2)
  await at(PATROL_PLACE, 'patrol', 4)
}

const isNear = (a: { lon: number; lat: number }, b: { lon: number; lat: number }) =>
  Math.hypot(a.lon - b.lon, a.lat - b.lat) < 0.002

/** The log, once no run is under way and there are so many. */
async function ended(caller: Caller, runs: number): Promise<Log> {
  for (;;) {
    const { body } = await caller.get<Log>('/api/analysis-runs')
    if (body.runs.length >= runs && body.runs.every(({ state }) => state !== 'running')) return body
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('the day’s plan', () => {
  let house: TestHouse
  let analyst: Caller
  let log: Log
  let now = NOW
  beforeAll(async () => {
    house = await openHouse({
      now: () => now,
      async before(database) {
        await storeCalls(database)
        await database.pool.query(
          `insert into setting (key, value, changed_at) values ('district', $1, now()), ('district.hours', $2, now())`,
          [
            JSON.stringify({
              ...{ nameZh: '区', nameEn: 'd', timeZone: 'Asia/Shanghai', generated: false },
              hourDrawn: true,
            }),
            JSON.stringify({ from: 'generated-profile', seed: 7 }),
          ],
        )
      },
    })
    analyst = await house.as('analyst')
    log = await ended(analyst, 1)
  })
  afterAll(() => house.close())

  it('is made by itself, once, and stands in the log', async () => {
    expect(log).toMatchObject({ dayInForce: '2026-11-24', hasHistory: true, plannedRunId: log.runs[0]!.id })
    expect(log.runs).toHaveLength(1)
    expect(log.runs[0]).toMatchObject({
      day: '2026-11-24',
      cause: 'daily',
      state: 'done',
      accountName: 'analysis',
    })
  })

  it('leaves out what patrol found, and says how much that was', async () => {
    const { body } = await analyst.get<Shown>(`/api/analysis-runs/${log.plannedRunId}`)
    const stops = body.shifts.flatMap((shift) => shift.stops)
    expect(stops.some(({ position }) => isNear(position, CITIZEN_PLACE))).toBe(true)
    expect(stops.some(({ position }) => isNear(position, PATROL_PLACE))).toBe(false)
    expect(body.run.quality).toContainEqual(
      expect.objectContaining({ finding: 'found-by-patrol', count: 360 }),
    )
    expect(body.run.figures).toMatchObject({ lastDate: '2026-11-23' })
  })

  it('covers each shift by the wall clock, with a range and reasons at each stop', async () => {
    const { body } = await analyst.get<Shown>(`/api/analysis-runs/${log.plannedRunId}`)
    expect(body.shifts.map(({ fromAt }) => fromAt)).toEqual([
      '2026-11-24T00:00:00.000Z',
      '2026-11-24T08:00:00.000Z',
      '2026-11-24T16:00:00.000Z',
    ])
    const stop = body.shifts[0]!.stops[0]!
    expect(stop.expected).toBeGreaterThan(0)
    expect(stop.low).toBeLessThanOrEqual(stop.expected)
    expect(stop.high).toBeGreaterThanOrEqual(stop.expected)
    expect(stop.memory.reduce((sum, { share }) => sum + share, 0)).toBeGreaterThan(0.9)
    expect(stop.incidents[0]!.clock).toMatch(/^2026-11-2\d/)
    expect(stop.incidents[0]!.category).toBe('0201')
  })

  it('keeps what it expects by place and hour, whole, and not where only patrols found anything', async () => {
    const db = house.database.db
    const [kept] = await listSurfaceDays(db, '2026-11-24', '2026-11-24')
    expect(kept).toMatchObject({ runId: log.plannedRunId, day: '2026-11-24' })
    const surface = (await findSurface(db, kept!.runId))!
    expect([surface.hours, surface.cellMetres]).toEqual([32, 250])
    // Twice a day for 90 days, remembered over 150: some nine in ten a day.
    expect(totalOf(surface)).toBeGreaterThan(0.6)
    expect(totalOf(surface)).toBeLessThan(1.2)
    // All of it is in the four cells around the one place where citizens called.
    expect(surface.column).toHaveLength(4)
    expect(await findSurface(db, 'no-such-run')).toBeNull()
  })

  it('reads places and times only: nobody’s words are in it', async () => {
    const { body } = await analyst.get(`/api/analysis-runs/${log.plannedRunId}`)
    expect(JSON.stringify(body)).not.toMatch(/own words|somewhere/)
  })

  it('says that the district’s hours are drawn, and from what', () => {
    expect(log.runs[0]!.parameters).toMatchObject({
      hoursDrawn: true,
      hours: { from: 'generated-profile', seed: 7 },
    })
  })

  it('has a plan for the day and for the week too, of all and of what is frequent enough', async () => {
    const at = `/api/analysis-runs/${log.plannedRunId}`
    const { body: week } = await analyst.get<Shown>(`${at}?stretch=week`)
    const { body: day } = await analyst.get<Shown>(`${at}?stretch=day`)
    expect([week.shifts.length, day.shifts.length]).toEqual([1, 1])
    expect(Date.parse(week.shifts[0]!.untilAt) - Date.parse(week.shifts[0]!.fromAt)).toBe(7 * 86_400_000)
    expect(week.shifts[0]!.expected).toBeGreaterThan(day.shifts[0]!.expected)
    const { body: rare } = await analyst.get<Shown>(`${at}?category=0201&stretch=week`)
    expect(rare).toMatchObject({ shifts: [], categories: [] })
    expect((await analyst.get(`${at}?stretch=month`)).status).toBe(400)
  })

  it('is exported as a table and as polygons', async () => {
    const csv = await analyst.get<string>(`/api/analysis-runs/${log.plannedRunId}/plan.csv`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const rows = csv.body.trim().split('\r\n')
    expect(rows[0]).toMatch(/day,shift,from_at,until_at,rank,lon,lat/)
    expect(rows[1]).toMatch(
      /^2026-11-24,1,2026-11-24T00:00:00.000Z,2026-11-24T08:00:00.000Z,1,113\.6\d+,34\.7\d+,85,/,
    )
    const response = await fetch(`${house.url}/api/analysis-runs/${log.plannedRunId}/plan.geojson`, {
      headers: { authorization: `Bearer ${analyst.token}` },
    })
    expect(response.headers.get('content-type')).toMatch('application/geo+json')
    const { features } = (await response.json()) as {
      features: { geometry: { coordinates: number[][][] }; properties: { rank: number } }[]
    }
    expect(features).toHaveLength(rows.length - 1)
    expect(features[0]!.properties.rank).toBe(1)
    expect(features[0]!.geometry.coordinates[0]![0]).toEqual(features[0]!.geometry.coordinates[0]!.at(-1))
  })

  it('comes with series and warnings, as of the same midnight, and as tables and places', async () => {
    const at = `/api/analysis-runs/${log.plannedRunId}`
    const { body } = await analyst.get<{ findings: KeptFindings; changes: unknown }>(`${at}/findings`)
    expect(body.findings).toMatchObject({ atDate: '2026-11-24', seriesLeftOut: 0 })
    expect(body.findings.knox.map(({ category }) => category)).toEqual(['0201'])
    expect(body.findings.watched).toMatchObject({ areas: 1 })
    expect(body.changes).toBeNull()
    for (const what of ['series', 'warnings']) {
      const csv = await analyst.get<string>(`${at}/${what}.csv`)
      expect(csv.body).toMatch(/^\ufeff?day,(series|warning),/)
      const geo = await analyst.get<{ type: string }>(`${at}/${what}.geojson`)
      expect([geo.status, geo.headers.get('content-type')]).toEqual([200, 'application/geo+json'])
    }
  })

  it('counts the house’s own incidents too, in a run that a person asks for', async () => {
    const dispatcher = await house.as('dispatcher')
    const reported = await dispatcher.send('POST', '/api/reports', {
      ...{ origin: 'citizen', typeCode: '0201', summary: '打架', address: '路口', position: CITIZEN_PLACE },
    })
    expect(reported.status).toBe(201)
    now += 60_000
    const before = log.runs[0]!.figures!.incidents
    const asked = await analyst.send<Run>('POST', '/api/analysis-runs', { day: '2026-11-25' })
    expect([asked.status, asked.body.state, asked.body.cause]).toEqual([202, 'running', 'manual'])
    const busy = await analyst.send('POST', '/api/analysis-runs', {})
    if (busy.status !== 202) expect(busy.body['code']).toBe('analysis-already-running')
    const { runs } = await ended(analyst, 2)
    const run = runs.find(({ id }) => id === asked.body.id)!
    expect(run.state).toBe('done')
    expect(run.figures!.incidents).toBe(before + 1)
    const { rows } = await house.database.pool.query(
      `select account_id, subject_id from audit_entry where action = 'analysis.run' and subject_id = $1`,
      [run.id],
    )
    expect(rows).toEqual([{ account_id: analyst.accountId, subject_id: run.id }])
  })

  it('is not made for a day that is too far off, or is none', async () => {
    for (const day of ['2026-12-24', '2026-02-30', '0001-01-01'])
      expect(await analyst.send('POST', '/api/analysis-runs', { day }), day).toMatchObject({
        body: { code: 'analysis-day-out-of-range' },
      })
  })
})

describe('a run', () => {
  let testDatabase: TestDatabase
  let database: Database
  beforeAll(async () => {
    testDatabase = await freshDatabase()
    database = testDatabase.open()
  })
  afterAll(() => testDatabase.drop())

  const needs = (portions: () => readonly PastIncident[][]): AnalysisNeeds => ({
    hasHistory: async () => true,
    async *readHistory() {
      yield* portions()
    },
    nameIncidents: async () => new Map(),
    listCategoryNames: async () => new Map(),
    listOwnAddresses: () => Promise.resolve([]),
    listWatchedAreas: async () => [],
    timeZone: () => 'Asia/Shanghai',
  })
  const calls: PastIncident[] = Array.from({ length: 60 }, (_, n) => ({
    ...{ key: n, at: NOW - n * DAY, isHourDrawn: false, category: 'theft', origin: 'citizen' as const },
    ...{ facts: null, dangers: null },
    ...CITIZEN_PLACE,
  }))
  const begin = async (day: string) =>
    (await inTransaction(database.db, (tx) =>
      beginRun(tx, systemContext('spec', NOW), { day, cause: 'manual' }),
    ))!
  async function perform(given: AnalysisNeeds, id: string): Promise<Run> {
    const daily = openDailyAnalysis(database.db, given, () => NOW)
    await daily.timer.run(NOW)
    for (;;) {
      const run = await findRun(database.db, id)
      if (run!.state !== 'running') return run!
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  it('that fails keeps its cause', async () => {
    const run = await begin('2026-11-20')
    const broken = needs(() => {
      throw new Error('the history cannot be read')
    })
    expect(await perform(broken, run.id)).toMatchObject({
      state: 'failed',
      failure: { code: 'fault', message: 'the history cannot be read' },
      endedAt: NOW,
    })
  })

  it('without anything to learn from fails and says so', async () => {
    const run = await begin('2026-11-20')
    expect(
      await perform(
        needs(() => [[]]),
        run.id,
      ),
    ).toMatchObject({ failure: { code: 'no-history' } })
  })

  it('is one at a time', async () => {
    const run = await begin('2026-11-20')
    const second = await inTransaction(database.db, (tx) =>
      beginRun(tx, systemContext('spec', NOW), { day: '2026-11-21', cause: 'manual' }),
    )
    expect(second).toBeNull()
    await perform(
      needs(() => [calls]),
      run.id,
    )
  })

  it('that a stop of the server broke off is begun again, but not for ever', async () => {
    const run = await begin('2026-11-21')
    const daily = openDailyAnalysis(
      database.db,
      needs(() => [calls]),
      () => NOW,
    )
    daily.close()
    await daily.timer.run(NOW)
    expect((await findRun(database.db, run.id))!.state).toBe('running')
    expect(
      await perform(
        needs(() => [calls]),
        run.id,
      ),
    ).toMatchObject({ state: 'done', attempts: 1 })

    const often = await begin('2026-11-21')
    await database.pool.query('update analysis_run set attempts = 3 where id = $1', [often.id])
    expect(
      await perform(
        needs(() => [calls]),
        often.id,
      ),
    ).toMatchObject({ failure: { code: 'broken-off' } })
  })

  it('gives the same plan for the same history, portion by portion or at once', async () => {
    const plans = []
    for (const portions of [[calls], [calls.slice(30), calls.slice(0, 30)]]) {
      const run = await begin('2026-11-22')
      await perform(
        needs(() => portions),
        run.id,
      )
      const { rows } = await database.pool.query(
        'select stretch, shift, expected, stops from analysis_plan where run_id = $1 order by stretch, shift',
        [run.id],
      )
      expect(rows.map((row: { stretch: string }) => row.stretch)).toEqual([
        'day',
        'shift',
        'shift',
        'shift',
        'week',
      ])
      plans.push(rows)
    }
    expect(plans[0]).toEqual(plans[1])
  })
})

describe('without any history', () => {
  let house: TestHouse
  beforeAll(async () => {
    house = await openHouse({ now: () => NOW })
  })
  afterAll(() => house.close())

  it('no day is run, and the log says why', async () => {
    const analyst = await house.as('analyst')
    expect((await analyst.get<Log>('/api/analysis-runs')).body).toMatchObject({ runs: [], hasHistory: false })
  })

  it('days are planned otherwise by whoever may, and not with shifts one over the other', async () => {
    const analyst = await house.as('analyst')
    const put = (shifts: object[]) =>
      analyst.send(
        'PUT',
        '/api/analysis-settings/analysis.daily',
        { value: { hour: 5, stopsPerShift: 10, discRadiusMetres: 100, shifts } },
        { 'if-match': '"0"' },
      )
    expect(
      await put([
        { fromHour: 0, untilHour: 12 },
        { fromHour: 11, untilHour: 24 },
      ]),
    ).toMatchObject({ body: { code: 'analysis-shifts-overlap' } })
    expect(await put([{ fromHour: 0, untilHour: 12 }])).toMatchObject({ status: 200, body: { version: 1 } })
  })
})
