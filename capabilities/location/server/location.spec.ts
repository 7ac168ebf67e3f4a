import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GuardedPlace } from '../core/index.ts'
import {
  at,
  fixAt,
  HOME,
  NOON,
  openFixHouse,
  type FixHouse,
  type Phone,
} from '../../../tests/flows/fix-house.ts'

const DAY = 86_400_000

describe('the room of positions', () => {
  let house: FixHouse
  let phone: Phone

  beforeAll(async () => {
    house = await openFixHouse()
  })
  afterAll(() => house.close())
  beforeEach(async () => {
    phone = await house.newPhone()
  })

  describe('given a unit and its devices', () => {
    it('tells its track with gaps, its replay, and writes down who read them', async () => {
      await phone.batch([
        ...Array.from({ length: 30 }, (_, i) => fixAt(-1000 + i * 10, i * 50)),
        ...Array.from({ length: 30 }, (_, i) => fixAt(-300 + i * 10, 1500)),
      ])
      // The device was handed out at noon; the way before that is nobody's.
      await house.rows(`update device_speaker set since_at = $2 where device_number = $1`, [
        phone.number,
        new Date(at(-2000)),
      ])
      const headers = { authorization: `Bearer ${await house.tokenOf('duty-commander')}` }
      const span = `from=${new Date(at(-1200)).toISOString()}&to=${new Date(at(1)).toISOString()}`
      const track = (
        await house.app.inject({ url: `/api/tracks?unitId=${phone.unitId}&limit=20&${span}`, headers })
      ).json()
      expect(track).toMatchObject({
        fixes: 60,
        gaps: [{ fromAt: new Date(at(-710)).toISOString(), seconds: 410 }],
      })
      expect(track.segments.flat().length).toBeLessThanOrEqual(20)
      expect(track.distanceMetres).toBeCloseTo(1450, -1)

      const replay = (await house.app.inject({ url: `/api/replay?step=100&${span}`, headers })).json()
      expect(replay).toMatchObject({
        frames: 13,
        stepSeconds: 100,
        nextFrom: null,
        units: [{ unitId: phone.unitId, callSign: `巡${phone.unitId}` }],
      })
      expect(replay.units[0].lon.map((step: number | null) => (step === null ? '-' : 'x')).join('')).toBe(
        '--xxxxx--xxxx',
      )

      const read = await house.rows<{ action: string; subject_id: string }>(
        `select action, subject_id from audit_entry where action like 'read location%' order by id desc limit 2`,
      )
      expect(read.map((row) => row.subject_id)).toContain(phone.unitId)
      const forbidden = await house.app.inject({
        url: `/api/tracks?unitId=${phone.unitId}&${span}`,
        headers: { authorization: `Bearer ${await house.tokenOf('officer')}` },
      })
      expect(forbidden.statusCode).toBe(403)
    })

    it('lists latest positions with their age', async () => {
      await phone.batch([fixAt(-100)])
      const headers = { authorization: `Bearer ${await house.tokenOf('dispatcher')}` }
      const { positions } = (await house.app.inject({ url: '/api/positions', headers })).json()
      expect(positions).toMatchObject([
        {
          unitId: phone.unitId,
          deviceId: phone.id,
          ageSeconds: 100,
          isStale: true,
          accuracyMetres: null,
          batteryPercent: null,
        },
      ])
    })

    it('gives the whole board to a reader who has missed that a unit left it', async () => {
      await phone.batch([fixAt(-1)])
      const version = house.location.positions.version()
      house.units = []
      await house.location.regroup()
      expect(house.location.positions.changedSince(version)).toBeNull()
      expect(house.location.positions.all()).toEqual([])
    })
  })

  describe('given a key place', () => {
    const station: GuardedPlace = {
      id: 'railway',
      name: '火车站',
      ...HOME,
      radiusMetres: 150,
      requiredUnits: 1,
      limitSeconds: 600,
      activeHours: [],
    }
    const sweep = () =>
      house.location.writer.between(() =>
        house.location.keyPlaces.sweep(house.location.board.placedUnits(), house.now),
      )
    const told = () =>
      house.rows<{ topic: string; data: Record<string, unknown> }>(
        `select topic, data from outbox where topic like 'key-place.%' order by id`,
      )
    afterEach(async () => {
      house.places = []
      await house.location.refresh()
      await sweep()
    })

    it('notes who comes and goes, raises the alarm when it is uncovered too long and clears it with its times', async () => {
      house.places = [station]
      await house.location.refresh()
      await sweep()
      house.now += 300_000
      await sweep()
      expect(await told()).toEqual([])
      house.now += 301_000
      await sweep()
      expect(await told()).toMatchObject([
        {
          topic: 'key-place.uncovered',
          data: { keyPlaceId: 'railway', presentUnits: 0, uncoveredSinceAt: new Date(NOON).toISOString() },
        },
      ])
      await house.restart()
      await sweep()
      expect(await told()).toHaveLength(1)

      await phone.batch([fixAt(602, 100)])
      await sweep()
      expect((await told())[1]).toMatchObject({
        topic: 'key-place.covered',
        data: { coveredAt: new Date(house.now).toISOString() },
      })
      house.now += 60_000
      await phone.batch([fixAt(660, 400)])
      expect(await house.rows('select unit_id, entered_at, left_at from key_place_stay')).toEqual([
        { unit_id: phone.unitId, entered_at: at(602), left_at: at(660) },
      ])
      const headers = { authorization: `Bearer ${await house.tokenOf('dispatcher')}` }
      await sweep()
      expect((await house.app.inject({ url: '/api/key-place-states', headers })).json().states).toMatchObject(
        [{ placeId: 'railway', state: 'uncovered', units: [] }],
      )
      const span = `from=${new Date(NOON).toISOString()}&to=${new Date(house.now).toISOString()}`
      expect(
        (await house.app.inject({ url: `/api/key-place-alarms?${span}`, headers })).json().alarms,
      ).toHaveLength(1)
      expect(
        (await house.app.inject({ url: `/api/key-place-stays?${span}`, headers })).json().stays,
      ).toHaveLength(1)
    })
  })

  describe('given the register of devices', () => {
    it('shows a secret once, rotates it, hands devices out and takes them back, and keeps the history', async () => {
      const admin = { authorization: `Bearer ${await house.tokenOf('system-admin')}` }
      const made = await house.app.inject({
        method: 'POST',
        url: '/api/devices',
        headers: { ...admin, 'idempotency-key': `make-${phone.number}` },
        payload: { code: `car-${phone.number}`, name: '车载', kind: 'vehicle-terminal' },
      })
      expect(made.statusCode).toBe(201)
      const secret = made.headers['x-device-secret'] as string
      const { id } = made.json()
      const again = await house.app.inject({
        method: 'POST',
        url: '/api/devices',
        headers: { ...admin, 'idempotency-key': `make-${phone.number}` },
        payload: { code: `car-${phone.number}`, name: '车载', kind: 'vehicle-terminal' },
      })
      expect([again.json().id, again.headers['x-device-secret']]).toEqual([id, undefined])
      expect(JSON.stringify(await house.rows('select * from idempotency'))).not.toContain(secret)

      const post = (path: string, payload?: object) =>
        house.app.inject({
          method: 'POST',
          url: `/api/devices/${id}/${path}`,
          headers: admin,
          ...(payload ? { payload } : {}),
        })
      expect((await post('bind', { carrier: { kind: 'unit', unitId: 'nowhere' } })).json()).toMatchObject({
        code: 'invalid-carrier',
      })
      expect((await post('bind', { carrier: { kind: 'unit', unitId: phone.unitId } })).json()).toMatchObject({
        carrier: { unitId: phone.unitId },
      })
      expect((await post('bind', { carrier: { kind: 'unit', unitId: phone.unitId } })).json()).toMatchObject({
        code: 'device-already-bound',
      })
      expect((await post('unbind')).json()).toMatchObject({ carrier: null })
      const rotated = (await post('rotate-secret')).headers['x-device-secret'] as string
      expect(rotated).not.toBe(secret)
      house.now += 2_000
      const send = (key: string) =>
        house.app.inject({
          method: 'GET',
          url: `/positions/osmand?id=car-${phone.number}&key=${key}&lat=31.2&lon=121.5`,
        })
      expect((await send(rotated)).statusCode).toBe(200)
      expect((await send(secret)).statusCode).toBe(401)
      const device = (await house.app.inject({ url: `/api/devices/${id}`, headers: admin })).json()
      expect(device.bindings).toMatchObject([
        { carrier: { unitId: phone.unitId }, untilAt: expect.any(String) },
      ])
      const stale = await house.app.inject({
        method: 'PATCH',
        url: `/api/devices/${id}`,
        headers: { ...admin, 'if-match': '"1"' },
        payload: { name: '新名' },
      })
      expect(stale.statusCode).toBe(412)
    })
  })

  describe('given the end of retention', () => {
    it('drops whole days and keeps the rest', async () => {
      await phone.batch([fixAt(-80 * 86_400), fixAt(-1)])
      house.now += 20 * DAY
      await house.location
        .timers(house.app)
        .find((timer) => timer.name === 'location days')!
        .run(house.now)
      expect((await phone.stored()).map((row) => row.fixed_at)).toEqual([at(-1)])
    })
  })
})
