import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededChance, type Chance } from '../../../foundation/core/chance.ts'
import { drawPoisson } from '../../../solvers/surveillance/drawn-counts.ts'
import { openHouse, type Caller, type TestHouse } from '../../../tests/house.ts'
import type { ResultsBody, RowBody } from './result-shown.ts'

const DAY = 86_400_000
/** A Tuesday morning: of November 23 days are over. */
const NOW = Date.parse('2026-11-24T10:00:00+08:00')
const MIDNIGHT = Date.parse('2026-11-24T00:00:00+08:00')
const YEARS = 3
const SIDE = 9
const STEP_DEGREES = 0.004
const SOUTH_WEST = { lon: 113.6, lat: 34.7 }
/** From here on the dropped square has a third of what it had. */
const DROPPED = { east: 6, north: 6, from: Date.parse('2026-11-01T00:00:00+08:00') }
const NIGHT_LIFE = '夜市, "东门"'

interface Call {
  readonly at: number
  readonly lon: number
  readonly lat: number
  readonly code: string
  readonly origin: string
}

/** Three years of a town of squares, each with a rate of its own that stays, but for one in its last weeks. */
function makeCalls(): Call[] {
  const chance = seededChance(21)
  const calls: Call[] = []
  for (let east = 0; east < SIDE; east++)
    for (let north = 0; north < SIDE; north++) {
      const isDropped = east === DROPPED.east && north === DROPPED.north
      const perDay = isDropped ? 3 : 0.3 + 1.2 * chance.next()
      for (let day = 1; day <= YEARS * 365; day++) {
        const midnight = MIDNIGHT - day * DAY
        const rate = isDropped && midnight >= DROPPED.from ? perDay / 3 : perDay
        for (let left = drawPoisson(rate, chance); left > 0; left--)
          calls.push(callIn(east, north, midnight, chance))
      }
    }
  return calls
}

function callIn(east: number, north: number, midnight: number, chance: Chance): Call {
  return {
    at: midnight + chance.below(24 * 60) * 60_000,
    lon: SOUTH_WEST.lon + (east + 0.1 + 0.8 * chance.next()) * STEP_DEGREES,
    lat: SOUTH_WEST.lat + (north + 0.1 + 0.8 * chance.next()) * STEP_DEGREES,
    code: chance.next() < 0.7 ? '0201' : '0301',
    origin: 'citizen',
  }
}

const ringOf = (east: number, north: number, side = 1) => {
  const at = (x: number, y: number) => [
    SOUTH_WEST.lon + (east + x * side) * STEP_DEGREES,
    SOUTH_WEST.lat + (north + y * side) * STEP_DEGREES,
  ]
  return [at(0, 0), at(1, 0), at(1, 1), at(0, 1), at(0, 0)]
}

describe('results', () => {
  let house: TestHouse
  let analyst: Caller
  let now = NOW
  beforeAll(async () => {
    house = await openHouse({
      now: () => now,
      async before({ pool }) {
        // The days' own plans are another spec's: they are made, so that none begins here.
        await pool.query(
          `insert into analysis_run (id, day, cause, account_name, state, started_at, ended_at, parameters, failure)
           select 'run-' || n, '2026-11-30'::date - n, 'daily', 'spec', 'failed', now(), now(), '{}', '{"code":"fault","message":null}'
             from generate_series(0, 20) n`,
        )
        const calls = makeCalls()
        const column = <K extends keyof Call>(name: K) => calls.map((call) => call[name])
        await pool.query(
          `insert into incident_history (source, external_id, occurred_at, hour_drawn, type_code, description, address, origin, lon, lat)
           select 'spec', n, to_timestamp(at / 1000), false, code, 'a person''s own words', 'somewhere', origin, lon, lat
             from unnest($1::float8[], $2::float8[], $3::float8[], $4::text[], $5::text[])
                  with ordinality as t (at, lon, lat, code, origin, n)`,
          [column('at'), column('lon'), column('lat'), column('code'), column('origin')],
        )
        // Three a day found by patrol since the drop, in the very square.
        await pool.query(
          `insert into incident_history (source, external_id, occurred_at, hour_drawn, type_code, origin, lon, lat)
           select 'spec', 'patrol-' || n, to_timestamp($1::float8 / 1000) + n * interval '7 hours', false, '0201', 'patrol', $2, $3
             from generate_series(1, 75) n`,
          [
            DROPPED.from,
            SOUTH_WEST.lon + (DROPPED.east + 0.5) * STEP_DEGREES,
            SOUTH_WEST.lat + (DROPPED.north + 0.5) * STEP_DEGREES,
          ],
        )
        for (const [id, kind, name, ring] of [
          ['station', 'station', '城关所', ringOf(0, 0, 5)],
          ['dropped', 'key-area', NIGHT_LIFE, ringOf(DROPPED.east, DROPPED.north)],
          ['empty', 'key-area', '湖心', ringOf(40, 40)],
          ...Array.from({ length: 40 }, (_, n) => [
            `beat-${n}`,
            'beat',
            `巡区${n}`,
            ringOf((2 * n + 1) % SIDE, Math.floor((2 * n + 1) / SIDE)),
          ]),
        ] as const)
          await pool.query(`insert into area (id, kind, name, ring) values ($1, $2, $3, $4)`, [
            id,
            kind,
            name,
            JSON.stringify(ring),
          ])
      },
    })
    analyst = await house.as('analyst')
  })
  afterAll(() => house.close())

  const ask = async (query: string) => (await analyst.get<ResultsBody>(`/api/results?${query}`)).body
  const rowOf = ({ rows }: ResultsBody, placeId: string): RowBody =>
    rows.find((row) => row.placeId === placeId)!
  const verdicts = ({ compared }: RowBody) => compared.map(({ verdict }) => verdict)

  it('find the drop that was planted, and say what it would have been', async () => {
    const body = await ask('period=month&from=2026-11-24')
    const row = rowOf(body, 'area:dropped')
    expect(verdicts(row)).toEqual(['result-fell', 'result-fell'])
    for (const { judged, before } of row.compared) {
      expect(judged!.change.highPercent).toBeLessThan(-30)
      expect(judged!.change.lowPercent).toBeLessThan(-60)
      expect(Math.abs(judged!.expected / before! - 1)).toBeLessThan(0.25)
      expect(judged!.comparedWith).toBe(10)
      expect(judged!.falseShare).toBeLessThan(0.05)
    }
  })

  it('shout nowhere else: nothing of the other places is called', async () => {
    const body = await ask('period=month&from=2026-11-24')
    expect(body.tests).toBeGreaterThan(60)
    const called = body.rows.filter(
      (row) => row.placeId !== 'area:dropped' && verdicts(row).some((key) => /fell|rose/.test(key)),
    )
    expect(called.map(({ placeId }) => placeId)).toEqual([])
  })

  it('count whole days only, beside the same days, and say so', async () => {
    const body = await ask('period=month&from=2026-11-24')
    expect(body.counted).toEqual({ from: '2026-11-01', last: '2026-11-23', days: 23 })
    const spans = rowOf(body, 'district').compared.map(({ span }) => [span.from, span.last])
    expect(spans).toEqual([
      ['2025-11-01', '2025-11-23'],
      ['2026-10-01', '2026-10-23'],
    ])
    expect(body.notes.map(({ note }) => note)).toEqual(
      expect.arrayContaining(['period-not-over', 'recent-days', 'found-by-patrol']),
    )
    const { rows } = await house.database.pool.query<{ n: number }>(
      `select count(*)::int as n from incident_history where origin <> 'patrol' and occurred_at >= '2026-11-01T00:00:00+08:00'`,
    )
    expect(rowOf(body, 'district').count).toBe(rows[0]!.n)
  })

  it('leave out what patrol found itself, which would hide the drop', async () => {
    const body = await ask('period=month&from=2026-11-24')
    const found = body.notes.find(({ note }) => note === 'found-by-patrol')!.values['count']
    expect(found).toBeGreaterThan(60)
    expect(rowOf(body, 'area:dropped').count).toBeLessThan(40)
  })

  it('say nothing where there is too little, and nothing where the history does not reach', async () => {
    const body = await ask('period=week&from=2026-11-16')
    expect(verdicts(rowOf(body, 'area:empty'))).toEqual(['result-too-few', 'result-too-few'])
    const early = await ask('period=month&from=2024-06-01')
    expect(verdicts(rowOf(early, 'area:dropped'))[0]).toBe('result-no-history')
    expect(rowOf(early, 'area:dropped').compared.map(({ before }) => before === null)).toEqual([true, false])
    expect(early.notes).toContainEqual(expect.objectContaining({ note: 'history-begins' }))
  })

  it('tell the natural fall of a place chosen for its count, and ask more of it', async () => {
    const plain = rowOf(await ask('period=month&from=2026-11-24'), 'area:beat-3')
    const chosen = rowOf(await ask('period=month&from=2026-11-24&chosen=true'), 'area:beat-3')
    expect(plain.compared[0]!.judged!.caution).toBeNull()
    expect(chosen.compared[0]!.judged!.caution!.expectedByChance).toBeGreaterThan(0)
  })

  it('stay at one quiet place in twenty called, over many months of all beats', async () => {
    let [called, tests] = [0, 0]
    for (let month = 1; month <= 6; month++) {
      const body = await ask(`period=month&from=2026-0${month}-10&by=place`)
      for (const { placeId, compared } of body.rows) {
        if (!placeId.startsWith('area:beat')) continue
        for (const { judged } of compared) {
          if (judged === null) continue
          tests++
          if (judged.change.p <= 0.05) called++
        }
      }
    }
    expect(tests).toBeGreaterThan(330)
    // Overlapping months share their chance: three deviations of 360 independent tests are 3.4 points.
    expect(called / tests).toBeGreaterThan(0.016)
    expect(called / tests).toBeLessThan(0.084)
  })

  it('show the months of one place and what it was compared with', async () => {
    const { body } = await analyst.get<{
      months: { month: string; count: number | null; beside: number | null; days: number }[]
      comparedWith: { squares: { ring: number[][]; before: number; after: number }[] }[]
      ringMetres: number
      row: RowBody
    }>('/api/results/detail?period=month&from=2026-11-24&place=area:dropped')
    expect(body.months).toHaveLength(36)
    expect(body.months.at(-1)).toMatchObject({ month: '2026-11', days: 23, count: body.row.count })
    expect(body.months.at(-1)!.beside).toBeGreaterThan(2 * body.row.count)
    expect(body.comparedWith.map(({ squares }) => squares.length)).toEqual([10, 10])
    expect(body.comparedWith[0]!.squares[0]!.ring).toHaveLength(5)
    expect(body.row.compared[1]!.judged!.displacement).not.toBeNull()
    expect(body.ringMetres).toBeGreaterThan(50)
  })

  it('have a row for each category, and for each category at each place', async () => {
    const district = await ask('period=quarter&from=2026-08-01&by=category')
    expect(district.rows.map(({ category }) => category)).toEqual([null, '0201', '0301'])
    const [all, ...each] = district.rows
    expect(each.reduce((sum, { count }) => sum + count, 0)).toBe(all!.count)
    const both = await ask('period=quarter&from=2026-08-01&by=both')
    expect(both.rows).toHaveLength(3 * both.places.length)
  })

  it('are a table for a spreadsheet, with names that cannot break it', async () => {
    const csv = await analyst.get<string>('/api/results.csv?period=month&from=2026-11-24')
    const lines = csv.body.trim().split('\r\n')
    expect(lines[0]).toMatch(/place,place_kind,category,from/)
    expect(lines.filter((line) => line.startsWith('"夜市, ""东门""",key-area,all,2026-11-01'))).toHaveLength(
      2,
    )
  })

  it('see an incident that is imported afterwards, and one that is told of today only tomorrow', async () => {
    const before = rowOf(await ask('period=month&from=2026-10-10'), 'district').count
    await house.database.pool.query(
      `insert into incident_history (source, external_id, occurred_at, hour_drawn, type_code, origin, lon, lat)
       values ('spec', 'late', '2026-10-10T12:00:00+08:00', false, '0201', 'citizen', 113.62, 34.72)`,
    )
    expect(rowOf(await ask('period=month&from=2026-10-10'), 'district').count).toBe(before + 1)
    const today = 'period=custom&from=2026-11-23&until=2026-11-24'
    expect((await ask(today)).counted.last).toBe('2026-11-23')
    now = NOW + DAY
    expect((await ask(today)).counted.last).toBe('2026-11-24')
    now = NOW
  })

  it('refuse what cannot be asked, by name', async () => {
    const refused = async (query: string) =>
      (await analyst.get<{ code: string }>(`/api/results?${query}`)).body.code
    expect(await refused('period=custom&from=2026-11-24')).toBe('results-period-invalid')
    expect(await refused('period=custom&from=2025-01-01&until=2026-11-24')).toBe('results-period-invalid')
    expect(await refused('period=month&from=2026-13-01')).toBe('results-period-invalid')
    expect(await refused('period=month&from=2027-01-01')).toBe('results-period-not-begun')
    expect(await refused('period=month&from=2026-11-01&place=area:nowhere')).toBe('not-found')
  })

  it('show nobody’s words, and are the district’s', async () => {
    expect(JSON.stringify(await ask('period=month&from=2026-11-24'))).not.toMatch(/own words|somewhere/)
    const station = await house.as('dispatcher')
    expect((await station.get('/api/results?period=month&from=2026-11-24')).status).toBe(200)
    const auditor = await house.as('auditor')
    expect((await auditor.get('/api/results?period=month&from=2026-11-24')).status).toBe(403)
  })
})
