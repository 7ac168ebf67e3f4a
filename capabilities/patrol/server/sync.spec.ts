import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../../foundation/server/db.ts'
import { openHouse, type Caller, type TestHouse } from '../../../tests/house.ts'
import type { MinuteFigures, SyncFigures, SyncSurface } from '../core/index.ts'

const at = (clock: string, day = '2026-11-24') => Date.parse(`${day}T${clock}:00+08:00`)
const HOT = { lon: 113.62, lat: 34.75 }
const QUIET = { lon: 113.64, lat: 34.75 }

interface Told {
  readonly state: 'done' | 'no-track' | 'no-plan'
  readonly minutes: MinuteFigures | null
  readonly figures: SyncFigures | null
}
interface Index {
  readonly today: string
  readonly live: {
    day: string
    computedAt: string
    heardAt: string | null
    plan: { day: string } | null
    sinceMidnight: Told
    lastHour: Told
  } | null
  readonly days: (Told & { day: string; isFinal: boolean; computedAt: string })[]
}
type Day = Told & { isRunning: boolean; isFinal: boolean; surface: SyncSurface | null }

/** Three months of a call each morning at nine and each evening at ten, at one place. */
async function storeCalls({ pool }: Database): Promise<void> {
  for (const clock of ['09:30', '22:30'])
    await pool.query(
      `insert into incident_history (source, external_id, occurred_at, hour_drawn, type_code, description, address, origin, lon, lat)
       select 'spec', $1 || n, $2::timestamptz - n * interval '1 day', false, '0201', '', '', 'citizen', $3, $4
         from generate_series(1, 90) n`,
      [clock, new Date(at(clock)), HOT.lon, HOT.lat],
    )
  await pool.query(`insert into setting (key, value, changed_at) values ('district', $1, now())`, [
    JSON.stringify({
      nameZh: '区',
      nameEn: 'd',
      timeZone: 'Asia/Shanghai',
      generated: false,
      hourDrawn: false,
    }),
  ])
  await pool.query(
    `insert into key_place (id, name, lon, lat, radius_metres, required_units, limit_seconds, active_hours)
     values ('k', '火车站', $1, $2, 100, 1, 600, '[]')`,
    [HOT.lon, HOT.lat],
  )
}

describe('the sync index', () => {
  let house: TestHouse
  let analyst: Caller
  let chief: Caller
  let now = at('07:00')
  const secrets: string[] = []
  const unitIds: string[] = []

  beforeAll(async () => {
    house = await openHouse({ now: () => now, before: storeCalls })
    analyst = await house.as('analyst')
    chief = await house.as('duty-commander', 'dispatcher', 'station-chief', 'system-admin')
    const made = async <T>(path: string, body: object): Promise<T> => {
      const reply = await chief.send<T>('POST', path, body)
      expect(reply.status, `${path} ${JSON.stringify(reply.body)}`).toBeLessThan(300)
      return reply.body
    }
    const station = await made<{ id: string }>('/api/organisations', {
      ...{ code: 's', kind: 'station', parentId: null, nameZh: '所', nameEn: 's' },
    })
    for (const n of [1, 2, 3]) {
      const officer = await made<{ id: string }>('/api/officers', {
        ...{
          organisationId: station.id,
          badgeNumber: `b${n}`,
          name: `警${n}`,
          sworn: true,
          patrolCapable: true,
        },
      })
      await made('/api/roll-calls', { duty: 'on', officerIds: [officer.id] })
      const unit = await made<{ id: string }>('/api/units', {
        ...{ organisationId: station.id, callSign: `巡${n}`, kind: 'car' },
        ...{ leaderOfficerId: officer.id, memberOfficerIds: [officer.id] },
      })
      unitIds.push(unit.id)
      const device = await chief.send<{ id: string }>('POST', '/api/devices', {
        ...{ code: `d${n}`, name: '', kind: 'phone' },
      })
      secrets.push(device.headers.get('x-device-secret')!)
      await made(`/api/devices/${device.body.id}/bind`, { carrier: { kind: 'unit', unitId: unit.id } })
    }
    await planned('2026-11-24')
  })
  afterAll(() => house.close())

  /** Once the day's run is done. */
  async function planned(day: string): Promise<void> {
    for (;;) {
      const { body } = await analyst.get<{ runs: { day: string; state: string }[] }>('/api/analysis-runs')
      if (body.runs.some((run) => run.day === day && run.state === 'done')) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  async function index(isReady: (index: Index) => boolean): Promise<Index> {
    for (;;) {
      const { body } = await analyst.get<Index>('/api/sync-index')
      if (isReady(body)) return body
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  /** What is said a minute later, of all that was sent before. */
  async function liveNow() {
    now += 65_000
    return (await index(({ live }) => live !== null && Date.parse(live.computedAt) >= now)).live!
  }
  async function setStatus(...statuses: string[]): Promise<void> {
    for (const unitId of unitIds)
      for (const status of statuses)
        expect((await chief.send('POST', `/api/units/${unitId}/status`, { status })).status).toBe(200)
  }
  /** Each of the first so many units reports every half minute from one place. */
  async function report(units: number, from: number, until: number, place: { lon: number; lat: number }) {
    for (const secret of secrets.slice(0, units)) {
      const fixes = []
      for (let moment = from; moment < until; moment += 30_000)
        fixes.push({ fixedAt: new Date(moment).toISOString(), ...place })
      const reply = await fetch(`${house.url}/positions/batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ fixes }),
      })
      expect(reply.status).toBe(200)
    }
  }

  it('cannot be told while nobody on patrol was heard: that is not nought', async () => {
    await setStatus('briefing', 'patrolling')
    now = at('09:00')
    const live = await liveNow()
    expect(live).toMatchObject({
      day: '2026-11-24',
      heardAt: null,
      plan: { day: '2026-11-24' },
      sinceMidnight: {
        state: 'no-track',
        figures: null,
        minutes: { patrolMinutes: 0 },
      },
      lastHour: { state: 'no-track' },
    })
    // Three units for two hours, by their status.
    expect(live.sinceMidnight.minutes!.untrackedMinutes).toBeGreaterThanOrEqual(360)
  })

  it('is whole where patrol was where and when risk was, so far today', async () => {
    now = at('10:00')
    await report(3, at('09:00'), now, HOT)
    const { sinceMidnight, lastHour, heardAt } = await liveNow()
    expect(Date.parse(heardAt!)).toBe(at('10:00') - 30_000)
    expect(sinceMidnight).toMatchObject({ state: 'done', minutes: { patrolMinutes: 180, units: 3 } })
    expect(lastHour.figures!.overlap).toBeGreaterThan(0.95)
    expect(sinceMidnight.figures!.overlap).toBeLessThanOrEqual(1)
    expect(sinceMidnight.figures!.byPlace).toBeGreaterThan(0.95)
  })

  it('falls where patrol goes elsewhere, and says what would be better, by name', async () => {
    now = at('13:00')
    await report(3, at('10:00'), now, QUIET)
    const { sinceMidnight, lastHour } = await liveNow()
    expect(lastHour.figures!.overlap).toBe(0)
    const { overlap, byPlace, bestPlaces, hourMoves, placeMoves, tooMuch } = sinceMidnight.figures!
    expect(overlap).toBeLessThan(0.5)
    expect(byPlace).toBeCloseTo(0.25, 2)
    expect(bestPlaces).toBeGreaterThan(overlap)
    expect(hourMoves.length).toBeGreaterThan(0)
    expect(placeMoves.length).toBeGreaterThan(0)
    expect(hourMoves[0]!.to.place.name).toBe('火车站')
    expect(tooMuch[0]!.place.name).toBeNull()
  })

  it('shows the day by cell and hour, and no unit', async () => {
    const { status, body } = await analyst.get<Day>('/api/sync-index/2026-11-24')
    expect([status, body.isRunning, body.isFinal, body.state]).toEqual([200, true, false, 'done'])
    const { cells, hiddenHours, cellMetres } = body.surface!
    expect([hiddenHours, cellMetres]).toEqual([[], 250])
    const sum = (of: 'risk' | 'presence') =>
      cells.flatMap((cell) => cell[of]).reduce((total, each) => total + each, 0)
    expect(sum('risk')).toBeGreaterThan(99_900)
    expect(sum('presence')).toBeGreaterThan(99_900)
    const text = JSON.stringify(body)
    for (const word of [...unitIds, '巡1', '警1', 'd1']) expect(text).not.toContain(word)
  })

  it('keeps apart what was not patrol, and says nothing of the last hour where only an older one was heard', async () => {
    await setStatus('break')
    now = at('15:00')
    await report(3, at('13:05'), at('13:20'), QUIET)
    const { sinceMidnight, lastHour } = await liveNow()
    expect(lastHour).toMatchObject({ state: 'no-track', minutes: { patrolMinutes: 0, untrackedMinutes: 0 } })
    expect(sinceMidnight.minutes!.patrolMinutes).toBe(720)
    await setStatus('patrolling')
  })

  it('is kept when the day is over, and said of the night from the run of the day before', async () => {
    now = at('00:10', '2026-11-25')
    const { days, live, today } = await index(
      ({ days: kept, live: running }) => kept.length > 0 && running !== null,
    )
    expect(today).toBe('2026-11-25')
    expect(live).toMatchObject({ day: '2026-11-25', plan: { day: '2026-11-24' } })
    expect(days).toHaveLength(1)
    expect(days[0]).toMatchObject({
      day: '2026-11-24',
      state: 'done',
      isFinal: false,
      minutes: { patrolMinutes: 720 },
    })
    expect(days[0]!.figures!.bestHours).toBeGreaterThan(days[0]!.figures!.overlap)
  })

  it('is reckoned again as late fixes come, and is final after two days', async () => {
    now = at('00:50', '2026-11-25')
    // Three units that had no network in the evening.
    await report(3, at('22:00'), at('23:00'), HOT)
    now = at('01:01', '2026-11-25')
    const { days } = await index(({ days: kept }) => kept[0]!.minutes!.patrolMinutes > 720)
    expect(days[0]).toMatchObject({ isFinal: false, minutes: { patrolMinutes: 900 } })
    now = at('00:01', '2026-11-27')
    const later = await index(({ days: kept }) => kept[0]!.isFinal)
    expect(later.days[0]!.minutes!.patrolMinutes).toBe(900)
  })

  it('hides where one or two units were', async () => {
    now = at('07:00', '2026-11-27')
    await planned('2026-11-27')
    now = at('10:00', '2026-11-27')
    await report(2, at('09:00', '2026-11-27'), now, HOT)
    const { sinceMidnight } = await liveNow()
    expect(sinceMidnight).toMatchObject({ state: 'done', minutes: { patrolMinutes: 120, units: 2 } })
    const { body } = await analyst.get<Day>('/api/sync-index/2026-11-27')
    expect(body.surface!.hiddenHours).toEqual([9])
    expect(body.surface!.cells.flatMap(({ presence }) => presence).some((each) => each > 0)).toBe(false)
  })

  it('is taken away as tables and squares', async () => {
    const days = await analyst.get<string>('/api/sync-index/days.csv')
    expect(days.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(days.body).toMatch(/^\ufeff?day,state,overlap,by_place,by_hour/)
    expect(days.body).toMatch(/\r\n2026-11-24,done,0\.\d+,/)
    const cells = await analyst.get<string>('/api/sync-index/2026-11-24/cells.csv')
    expect(cells.body.split('\r\n').length).toBeGreaterThan(5)
    const response = await fetch(`${house.url}/api/sync-index/2026-11-24/cells.geojson`, {
      headers: { authorization: `Bearer ${analyst.token}` },
    })
    expect(response.headers.get('content-type')).toMatch('application/geo+json')
    const { features } = (await response.json()) as {
      features: { geometry: { coordinates: number[][][] }; properties: { risk: number[] } }[]
    }
    expect(features[0]!.geometry.coordinates[0]).toHaveLength(5)
    expect(features[0]!.properties.risk).toHaveLength(24)
  })

  it('is not there for a day that was never reckoned, or is none', async () => {
    for (const day of ['2026-01-01', '2026-02-31', 'yesterday!'])
      expect((await analyst.get(`/api/sync-index/${day}`)).status, day).toBe(404)
    for (const format of ['csv', 'geojson'])
      expect((await analyst.get(`/api/sync-index/2026-01-01/cells.${format}`)).status).toBe(404)
  })

  it('is for those who lead patrol in the whole district', async () => {
    expect((await (await house.as('officer')).get('/api/sync-index')).status).toBe(403)
    for (const role of ['duty-commander', 'supervisor', 'station-chief'] as const)
      expect((await (await house.as(role)).get('/api/sync-index')).status, role).toBe(200)
  })
})

describe('without a plan', () => {
  let house: TestHouse
  beforeAll(async () => {
    house = await openHouse({ now: () => at('10:00') })
  })
  afterAll(() => house.close())

  it('the index cannot be told, and no day is kept', async () => {
    const analyst = await house.as('analyst')
    for (;;) {
      const { body } = await analyst.get<Index>('/api/sync-index')
      if (body.live === null) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        continue
      }
      expect(body.live).toMatchObject({ plan: null, sinceMidnight: { state: 'no-plan', figures: null } })
      expect(body.days).toEqual([])
      break
    }
    const { status, body } = await analyst.get('/api/sync-index/2026-11-24/cells.csv')
    expect([status, body['code']]).toEqual([409, 'sync-cannot-be-told'])
  })
})
