import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededChance } from '../../../foundation/core/chance.ts'
import { drawPoisson } from '../../../solvers/surveillance/drawn-counts.ts'
import { openHouse, type Caller, type TestHouse } from '../../../tests/house.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-11-24T10:00:00+08:00')
const MIDNIGHT = Date.parse('2026-11-24T00:00:00+08:00')
const SIDE = 16
const STEP_DEGREES = 0.0016
const SOUTH_WEST = { lon: 113.6, lat: 34.7 }
const DAYS = 400
const ORDERS = 10
/** Orders of 14 days: some at places where three of four were then prevented, some where nothing changed. */
const WORKED = { from: Date.parse('2026-11-02T00:00:00+08:00'), places: (n: number) => n * 25 }
const IDLE = { from: Date.parse('2026-09-07T00:00:00+08:00'), places: (n: number) => n * 25 + 12 }

type Body = {
  none: string | null
  effect: {
    verdict: string
    before: number
    after: number
    expected: number
    comparedWith: number
    change: { highPercent: number | null }
    caution: { expectedByChance: number }
  } | null
  orders: {
    id: string
    number: string
    after: number | null
    visits: number
    askedVisits: number
    seconds: number
  }[]
}

const centreOf = (place: number) => ({
  lon: SOUTH_WEST.lon + ((place % SIDE) + 0.5) * STEP_DEGREES,
  lat: SOUTH_WEST.lat + (Math.floor(place / SIDE) + 0.5) * STEP_DEGREES,
})

/** Every evening each place counts by its own rate, but where an order worked. */
function makeCalls() {
  const chance = seededChance(12)
  const worked = new Set(Array.from({ length: ORDERS }, (_, n) => WORKED.places(n)))
  const calls: { at: number; lon: number; lat: number }[] = []
  for (let place = 0; place < SIDE * SIDE; place++) {
    const perDay = 0.25 + 0.3 * chance.next()
    for (let day = 1; day <= DAYS; day++) {
      const midnight = MIDNIGHT - day * DAY
      const isWorking = worked.has(place) && midnight >= WORKED.from && midnight < WORKED.from + 14 * DAY
      for (let left = drawPoisson(isWorking ? perDay / 4 : perDay, chance); left > 0; left--) {
        const { lon, lat } = centreOf(place)
        calls.push({
          at: midnight + 18 * 3_600_000 + chance.below(240) * 60_000,
          lon: lon + (chance.next() - 0.5) * 0.0005,
          lat: lat + (chance.next() - 0.5) * 0.0005,
        })
      }
    }
  }
  return calls
}

describe('what orders did', () => {
  let house: TestHouse
  let analyst: Caller
  beforeAll(async () => {
    house = await openHouse({
      now: () => NOW,
      async before({ pool }) {
        await pool.query(
          `insert into analysis_run (id, day, cause, account_name, state, started_at, ended_at, parameters, failure)
           select 'run-' || n, '2026-11-30'::date - n, 'daily', 'spec', 'failed', now(), now(), '{}', '{"code":"fault","message":null}'
             from generate_series(0, 20) n`,
        )
        const calls = makeCalls()
        await pool.query(
          `insert into incident_history (source, external_id, occurred_at, hour_drawn, type_code, origin, lon, lat)
           select 'spec', n, to_timestamp(at / 1000), false, '0201', 'citizen', lon, lat
             from unnest($1::float8[], $2::float8[], $3::float8[]) with ordinality as t (at, lon, lat, n)`,
          [calls.map(({ at }) => at), calls.map(({ lon }) => lon), calls.map(({ lat }) => lat)],
        )
        for (const [kind, { from, places }] of Object.entries({ worked: WORKED, idle: IDLE }))
          for (let n = 0; n < ORDERS; n++) {
            const { lon, lat } = centreOf(places(n))
            const [starts, ends] = [new Date(from), new Date(from + 14 * DAY)]
            await pool.query(
              `insert into patrol_order (id, number, state, lon, lat, radius_metres, label, starts_at, expires_at, from_minute,
                                         until_minute, weekdays, visits, minutes_per_visit, reason, evidence, drafted_at,
                                         drafted_by, issued_at, approved_by, ended_at, version)
               values ($1, $2, 'expired', $3, $4, 70, $5, $6, $7, 1080, 1320, '{}', 2, 12, 'spec', '[]', $6, 'spec', $6, 'spec', $7, 1)`,
              [`${kind}-${n}`, `XD-${kind}-${n}`, lon, lat, `${kind} ${n}`, starts, ends],
            )
            await pool.query(
              `insert into patrol_occurrence (order_id, starts_at, ends_at, asked_visits, asked_seconds, outcome, visits, seconds)
               values ($1, $2::timestamptz + interval '18 hours', $2::timestamptz + interval '22 hours', 2, 1440, 'done', 3, 2000)`,
              [`${kind}-${n}`, starts],
            )
          }
      },
    })
    analyst = await house.as('analyst')
  })
  afterAll(() => house.close())

  const between = async (from: string, until: string) =>
    (await analyst.get<Body>(`/api/patrol-order-results?from=${from}T00:00:00Z&until=${until}T00:00:00Z`))
      .body

  it('is seen of ten orders together where three of four incidents were prevented', async () => {
    const { effect, none, orders } = await between('2026-11-05', '2026-11-20')
    expect(none).toBeNull()
    expect(orders).toHaveLength(ORDERS)
    expect(effect!.verdict).toBe('result-fell')
    expect(effect!.expected).toBeGreaterThan(2 * effect!.after)
    expect(effect!.change.highPercent).toBeLessThan(-20)
    expect(effect!.comparedWith).toBeGreaterThan(4)
    expect(effect!.after).toBe(orders.reduce((sum, { after }) => sum + after!, 0))
  })

  it('is none where orders ran and nothing changed', async () => {
    const { effect } = await between('2026-09-08', '2026-09-20')
    expect(effect!.verdict).toBe('result-cannot-be-told')
    expect(effect!.caution.expectedByChance).toBeGreaterThan(0)
  })

  it('stands beside the dosage that was done', async () => {
    const { orders } = await between('2026-09-08', '2026-09-20')
    expect(orders[0]).toMatchObject({ number: 'XD-idle-0', visits: 3, askedVisits: 2, seconds: 2000 })
  })

  it('cannot be told of one order that nothing came of', async () => {
    const { body } = await analyst.get<Body>('/api/patrol-orders/idle-3/result')
    expect(body.orders.map(({ id }) => id)).toEqual(['idle-3'])
    expect(['result-too-few', 'result-cannot-be-told']).toContain(body.effect!.verdict)
  })

  it('says why where there is none, and refuses what cannot be asked', async () => {
    expect(await between('2026-05-01', '2026-05-20')).toMatchObject({
      none: 'no-orders',
      effect: null,
      orders: [],
    })
    expect((await analyst.get('/api/patrol-order-results?from=x&until=y')).body).toMatchObject({
      code: 'order-results-period-invalid',
    })
    expect((await analyst.get('/api/patrol-orders/nowhere/result')).status).toBe(404)
    const officer = await house.as('officer')
    expect((await officer.get('/api/patrol-orders/idle-3/result')).status).toBe(403)
  })
})
