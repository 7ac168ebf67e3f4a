import fc from 'fast-check'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addFix, FIX_RULES, type ReadFix } from '../../capabilities/location/core/index.ts'
import { FIX_FLOW, passFixes } from '../../flows/fix.ts'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { at, fixAt, HOME, NOON, openFixHouse, type FixHouse, type Phone } from './fix-house.ts'

describe('the flow of a fix', () => {
  let house: FixHouse
  let phone: Phone

  beforeAll(async () => {
    house = await openFixHouse()
  })
  afterAll(() => house.close())
  beforeEach(async () => {
    phone = await house.newPhone()
  })

  describe('given a phone with its secret', () => {
    it('stores a fix in history and as latest before it answers, and shows it on the board', async () => {
      const before = house.location.positions.version()
      const answer = await phone.osmand({
        lat: 31.2,
        lon: 121.5,
        timestamp: at(-1) / 1000,
        speed: 10,
        bearing: 90,
        accuracy: 8,
        batt: 55,
      })
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toMatchObject({ received: 1, stored: 1, duplicate: 0 })
      expect(await phone.stored()).toEqual([{ fixed_at: at(-1), flags: 0 }])
      expect((await phone.latest())!.fixed_at).toBe(at(-1))
      expect(house.location.positions.changedSince(before)).toEqual([
        {
          id: phone.unitId,
          organisationId: 'o1',
          lon: 121.5,
          lat: 31.2,
          fixedAt: new Date(at(-1)).toISOString(),
          receivedAt: new Date(NOON).toISOString(),
          accuracyMetres: 8,
          speedMetresPerSecond: 5.1,
          bearingDegrees: 90,
          batteryPercent: 55,
          flags: [],
        },
      ])
    })

    it('takes the form as a POST, the JSON of Traccar Client 9 alone and in a list', async () => {
      const form = await house.app.inject({
        method: 'POST',
        url: '/positions/osmand',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: `id=${phone.code}&key=${phone.secret}&lat=31.2&lon=121.5&timestamp=${at(-30) / 1000}`,
      })
      expect(form.json()).toMatchObject({ stored: 1 })
      const location = (seconds: number) => ({
        timestamp: new Date(at(seconds)).toISOString(),
        coords: { latitude: 31.2, longitude: 121.5, accuracy: 5, speed: -1, heading: -1, altitude: 4 },
        battery: { level: 0.5, is_charging: false },
        activity: { type: 'still' },
      })
      const send = (body: object) =>
        house.app.inject({ method: 'POST', url: `/positions/osmand?key=${phone.secret}`, payload: body })
      expect((await send({ location: location(-20), device_id: phone.code })).json()).toMatchObject({
        received: 1,
        stored: 1,
      })
      expect(
        (
          await send({
            location: [location(-10), location(-5), { timestamp: 'never', coords: {} }],
            device_id: phone.code,
          })
        ).json(),
      ).toMatchObject({
        received: 3,
        stored: 2,
        unreadable: 1,
        rejected: [{ index: 2, field: 'location.coords.latitude', cause: 'missing' }],
      })
      expect(await phone.stored()).toHaveLength(4)
    })

    it('takes a secret alone, and not a secret with another device’s name', async () => {
      const other = await house.register({ code: `other-${phone.number}` })
      const alone = await house.app.inject({
        url: `/positions/osmand?key=${phone.secret}&lat=31.2&lon=121.5`,
      })
      expect([alone.statusCode, (await phone.stored()).length]).toEqual([200, 1])
      const location = {
        timestamp: new Date(at(-1)).toISOString(),
        coords: { latitude: 31.2, longitude: 121.5 },
      }
      for (const [url, payload] of [
        [`/positions/osmand?id=other-${phone.number}&key=${phone.secret}&lat=31.2&lon=121.5`, undefined],
        [`/positions/osmand?key=${phone.secret}`, { location, device_id: `other-${phone.number}` }],
      ] as const) {
        const answer = await house.app.inject({ method: 'POST', url, ...(payload ? { payload } : {}) })
        expect(answer.statusCode).toBe(401)
      }
      expect(house.location.board.devicePosition(other.number)).toBeUndefined()
    })

    it('takes OwnTracks with Basic authentication, answers with an empty list and counts its other messages', async () => {
      const send = (body: object) =>
        house.app.inject({
          method: 'POST',
          url: '/positions/owntracks',
          headers: {
            authorization: `Basic ${Buffer.from(`${phone.code}:${phone.secret}`).toString('base64')}`,
          },
          payload: body,
        })
      const answer = await send({
        _type: 'location',
        tst: at(-3) / 1000,
        lat: 31.2,
        lon: 121.5,
        acc: 12,
        vel: 36,
        cog: 10,
        batt: 77,
      })
      expect([answer.statusCode, answer.json()]).toEqual([200, []])
      expect((await send({ _type: 'transition', event: 'enter' })).json()).toEqual([])
      expect((await send({ _type: 'location', lat: 31.2 })).json()).toEqual([])
      expect(await phone.counted()).toEqual({ stored: 1, 'other-message': 1, unreadable: 1 })
      expect((await phone.latest())!.fixed_at).toBe(at(-3))
    })

    it('moves a GCJ-02 device onto WGS-84 at the edge', async () => {
      const { number, secret } = await house.register({ code: `gcj-${phone.number}`, datum: 'gcj-02' })
      await phone.batch([fixAt(-1)], secret)
      const moved = house.location.board.devicePosition(number)!.lon - HOME.lon
      expect(Math.abs(moved)).toBeGreaterThan(0.003)
      expect(Math.abs(moved)).toBeLessThan(0.006)
    })

    it('says what cannot be read and where, and stores the rest', async () => {
      const answer = await phone.batch([
        fixAt(-2),
        { fixedAt: at(-1), lon: 'x', lat: 1 },
        7,
        { ...fixAt(-1), deviceId: 'another' },
      ])
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toMatchObject({
        received: 4,
        stored: 1,
        unreadable: 3,
        rejected: [
          { index: 1, field: 'lon', cause: 'not-a-number' },
          { index: 2, field: '', cause: 'not-an-object' },
          { index: 3, field: 'deviceId', cause: 'unknown-device' },
        ],
      })
      const refused = await phone.batch([{ lon: 1 }])
      expect([refused.statusCode, refused.json()]).toMatchObject([
        422,
        { code: 'invalid-positions', field: 'lat' },
      ])
      expect((await phone.osmand({ lat: 'north', lon: 1 })).json()).toMatchObject({
        status: 422,
        field: 'lat',
      })
      const noJson = await house.app.inject({
        method: 'POST',
        url: '/positions/batch',
        headers: { authorization: `Bearer ${phone.secret}` },
        payload: '{',
      })
      expect(noJson.json()).toMatchObject({ status: 400, code: 'invalid-json' })
    })
  })

  describe('given somebody who is not known', () => {
    it('gives the same answer to an unknown device, a wrong secret and a disabled device', async () => {
      const answers = [
        await house.app.inject({
          method: 'GET',
          url: `/positions/osmand?id=nobody&key=${phone.secret}&lat=1&lon=2`,
        }),
        await phone.osmand({ lat: 1, lon: 2 }, 'wrong'),
        await house.app.inject({ method: 'GET', url: `/positions/osmand?id=${phone.code}&lat=1&lon=2` }),
      ]
      await house.rows('update device set enabled = false where id = $1', [phone.id])
      await house.location.registry.reload()
      answers.push(await phone.osmand({ lat: 1, lon: 2 }))
      for (const answer of answers) {
        expect(answer.statusCode).toBe(401)
        expect({ ...answer.json(), requestId: '' }).toEqual({ ...answers[0]!.json(), requestId: '' })
      }
      expect(await phone.stored()).toEqual([])
    })
    it('asks the database once more, so that a device registered a moment ago by another server gets in', async () => {
      await house.rows(`update device set code = 'renamed' where id = $1`, [phone.id])
      house.now += 2_000
      const answer = await house.app.inject({
        method: 'GET',
        url: `/positions/osmand?id=renamed&key=${phone.secret}&lat=31.2&lon=121.5`,
      })
      expect(answer.statusCode).toBe(200)
    })
  })

  describe('given a gateway', () => {
    it('takes fixes for the devices behind it and for no others', async () => {
      const gateway = await house.register({ code: `gate-${phone.number}`, kind: 'gateway' })
      const behind = await house.register({ code: `behind-${phone.number}`, gatewayId: gateway.id })
      const answer = await phone.batch(
        [
          fixAt(-1, 0, { deviceId: `behind-${phone.number}` }),
          fixAt(-1, 0, { deviceId: phone.code }),
          fixAt(-1),
        ],
        gateway.secret,
      )
      expect(answer.json()).toMatchObject({
        stored: 1,
        rejected: [
          { index: 1, cause: 'unknown-device' },
          { index: 2, cause: 'missing' },
        ],
      })
      expect(
        await house.rows('select 1 from latest_position where device_number = $1', [behind.number]),
      ).toHaveLength(1)
    })
  })

  describe('given odd fixes', () => {
    it('stores each once, flags it, keeps it off the board and counts it', async () => {
      const answer = await phone.batch([
        fixAt(-10),
        fixAt(-10),
        fixAt(-30),
        fixAt(600),
        { ...fixAt(-9), lat: 91 },
        { ...fixAt(-8), lon: 0, lat: 0 },
        fixAt(-7, 50_000),
        fixAt(-6, 10, { accuracyMetres: 5_000 }),
        fixAt(-100 * 86_400),
      ])
      const flagged = {
        late: 1,
        future: 1,
        'invalid-coordinates': 1,
        'null-island': 1,
        'speed-jump': 1,
        'poor-accuracy': 1,
      }
      expect(answer.json()).toMatchObject({
        received: 9,
        stored: 7,
        duplicate: 1,
        outsideRetention: 1,
        flagged,
      })
      expect(await phone.stored()).toHaveLength(7)
      expect((await phone.latest())!.fixed_at).toBe(at(-6))
      expect(await phone.counted()).toEqual({ stored: 7, duplicate: 1, 'outside-retention': 1, ...flagged })
    })

    it('keeps a device whose clock is a day ahead off the board, and one a day behind in its place', async () => {
      await phone.batch([fixAt(86_400)])
      expect(await phone.latest()).toBeUndefined()
      await phone.batch([fixAt(-5)])
      await phone.batch([fixAt(-86_400)])
      expect((await phone.latest())!.fixed_at).toBe(at(-5))
      expect((await phone.stored()).map((row) => row.flags)).toEqual([16, 0, 8])
    })

    it('shows the counts by cause and by device', async () => {
      await phone.batch([fixAt(-10), fixAt(-10), fixAt(-30)])
      const token = await house.tokenOf('dispatcher')
      const answer = await house.app.inject({
        method: 'GET',
        url: `/api/position-counters?deviceId=${phone.id}`,
        headers: { authorization: `Bearer ${token}` },
      })
      expect(answer.json().totals).toMatchObject({ stored: 2, duplicate: 1, late: 1, 'queue-full': 0 })
      const all = await house.app.inject({
        method: 'GET',
        url: '/api/position-counters',
        headers: { authorization: `Bearer ${token}` },
      })
      expect(all.json().totals.stored).toBeGreaterThanOrEqual(2)
    })
  })

  describe('given a house that starts again', () => {
    it('knows every latest position that it had acknowledged, and takes nothing twice', async () => {
      await phone.batch([fixAt(-40), fixAt(-20), fixAt(-30)])
      await house.restart()
      expect(house.location.board.placedUnit(phone.unitId)?.position.fixedAt).toBe(at(-20))
      const again = await phone.batch([fixAt(-40), fixAt(-20), fixAt(-30), fixAt(-10)])
      expect(again.json()).toMatchObject({ stored: 1, duplicate: 3 })
      expect(await phone.stored()).toHaveLength(4)
      expect((await phone.latest())!.fixed_at).toBe(at(-10))
    })
  })

  describe('given a second writer', () => {
    it('finds what the other has written and stores the rest', async () => {
      await house.rows(
        `insert into fix (device_number, flags, fixed_at, received_at, lon, lat) values ($1, 0, $2, $2, 1, 1)`,
        [phone.number, new Date(at(-5))],
      )
      const answer = await phone.batch([fixAt(-6), fixAt(-5), fixAt(-4)])
      expect(answer.json()).toMatchObject({ stored: 2, duplicate: 1 })
      expect((await phone.latest())!.fixed_at).toBe(at(-4))
    })
  })

  describe('given a database that will not take it', () => {
    afterEach(() => house.restart())

    it('answers after the commit or not at all: what failed is stored when it is sent again', async () => {
      const owner = new pg.Client({ connectionString: house.testDatabase.ownerUrl })
      await owner.connect()
      await owner.query('revoke insert on fix from xunfang_app')
      const version = house.location.positions.version()
      const failed = await phone.batch([fixAt(-2), fixAt(-1)])
      expect(failed.statusCode).toBeGreaterThanOrEqual(500)
      expect(await phone.latest()).toBeUndefined()
      expect(house.location.positions.version()).toBe(version)
      await owner.query('grant insert on fix to xunfang_app')
      await owner.end()
      expect((await phone.batch([fixAt(-2), fixAt(-1)])).json()).toMatchObject({ stored: 2, duplicate: 0 })
    })

    it('loses nothing acknowledged and stores nothing twice when connections are cut under load', async () => {
      const owner = new pg.Client({ connectionString: house.testDatabase.ownerUrl })
      await owner.connect()
      const acknowledged = new Set<number>()
      let cuts = 0
      let isSending = true
      const cutting = (async () => {
        while (isSending) {
          await owner.query(`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and query like any (array['%copy fix%', '%latest_position%', 'commit'])`)
          cuts++
          await new Promise((resolve) => setTimeout(resolve, 15))
        }
      })()
      // Each message is sent until it is acknowledged, as devices do; whatever was on disk already is a duplicate.
      const send = async (seconds: number) => {
        const fixes = [fixAt(seconds), fixAt(seconds + 1)]
        for (;;) {
          const answer = await phone.batch(fixes)
          if (answer.statusCode !== 200) continue
          expect(answer.json().stored + answer.json().duplicate).toBe(2)
          for (const fix of fixes) acknowledged.add(fix.fixedAt)
          return
        }
      }
      for (let round = 0; round < 25; round++) {
        await Promise.all(Array.from({ length: 8 }, (_, i) => send(-2_000 + round * 16 + i * 2)))
      }
      isSending = false
      await cutting
      await owner.end()
      expect(cuts).toBeGreaterThan(5)
      expect((await phone.stored()).map((row) => row.fixed_at)).toEqual(
        [...acknowledged].sort((a, b) => a - b),
      )
      expect((await phone.latest())!.fixed_at).toBe(Math.max(...acknowledged))
    })

    it('goes on without a stage whose failure it can bear', async () => {
      const broken = FIX_FLOW.map((stage) =>
        stage.name === 'geofence and dosage'
          ? { ...stage, run: () => Promise.reject(new Error('broken')) }
          : stage,
      )
      await house.restart((rooms) => passFixes(rooms, broken))
      expect((await phone.batch([fixAt(-1)])).json()).toMatchObject({ stored: 1 })
      expect(house.location.board.placedUnit(phone.unitId)?.position.fixedAt).toBe(at(-1))
    })

    it('tells senders to come again when too many wait, and counts them', async () => {
      let open = () => {}
      const gate = new Promise<void>((resolve) => (open = resolve))
      await house.restart((rooms) => {
        const pass = passFixes(rooms)
        return async (fixes, now) => (await gate, pass(fixes, now))
      })
      await house.rows(`insert into setting (key, value, changed_at) values ('location.fixes', '{"queueLimitFixes": 2}', now())
        on conflict (key) do update set value = excluded.value`)
      await house.location.refresh()
      const waiting = phone.batch([fixAt(-3), fixAt(-2)])
      while (house.location.writer.waiting() < 2) await new Promise((resolve) => setImmediate(resolve))
      const refused = await phone.batch([fixAt(-1)])
      expect([refused.statusCode, refused.headers['retry-after'], refused.json().code]).toEqual([
        503,
        '2',
        'queue-full',
      ])
      open()
      expect((await waiting).json()).toMatchObject({ stored: 2 })
      expect(await phone.counted()).toEqual({ stored: 2, 'queue-full': 1 })
      await house.rows(`delete from setting where key = 'location.fixes'`)
      await house.location.refresh()
    })
  })

  describe('given any fixes from any devices', () => {
    it('stores or drops each exactly once, on disk as counted, and never lets a latest position go back', async () => {
      const devices = await Promise.all(
        [0, 1, 2].map((n) => house.register({ code: `any-${phone.number}-${n}` })),
      )
      const anyFix: fc.Arbitrary<ReadFix> = fc.record({
        fixedAt: fc.oneof(
          fc.integer({ min: at(-50), max: at(0) }).map((time) => Math.round(time / 1000) * 1000),
          fc.constantFrom(at(3_000), at(-86_400), at(-400 * 86_400), 9e15),
        ),
        lon: fc.oneof(fc.double({ min: 121.49, max: 121.51, noNaN: true }), fc.constantFrom(0, 181)),
        lat: fc.oneof(fc.double({ min: 31.19, max: 31.21, noNaN: true }), fc.constantFrom(0)),
        accuracyMetres: fc.constantFrom(NaN, 5, 900),
        speedMetresPerSecond: fc.constantFrom(NaN, 3),
        bearingDegrees: fc.constant(NaN),
        batteryPercent: fc.constantFrom(NaN, 50),
        valid: fc.boolean(),
      })
      const total = { received: 0, stored: 0, duplicate: 0, outside: 0 }
      const latestOf = new Map<number, number>()
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), anyFix), { maxLength: 12 }), {
            maxLength: 5,
          }),
          async (messages) => {
            const receipts = await Promise.all(
              messages.map((message) => {
                const waiting = house.location.writer.submit((into) => {
                  for (const [n, fix] of message) addFix(into, devices[n]!.number, NOON, fix)
                })
                if (isRefusal(waiting)) throw new Error(waiting.refused)
                return waiting
              }),
            )
            receipts.forEach((receipt, i) => {
              expect(receipt.received).toBe(messages[i]!.length)
              expect(receipt.stored + receipt.duplicate + receipt.outsideRetention).toBe(receipt.received)
              total.received += receipt.received
              total.stored += receipt.stored
              total.duplicate += receipt.duplicate
              total.outside += receipt.outsideRetention
            })
            for (const row of await house.rows<{ device_number: number; fixed_at: number }>(
              'select device_number, fixed_at from latest_position where device_number = any($1)',
              [devices.map((one) => one.number)],
            )) {
              expect(row.fixed_at).toBeGreaterThanOrEqual(latestOf.get(row.device_number) ?? -Infinity)
              expect(row.fixed_at).toBeLessThanOrEqual(NOON + FIX_RULES.futureToleranceSeconds * 1000)
              latestOf.set(row.device_number, row.fixed_at)
            }
          },
        ),
        { numRuns: 40 },
      )
      const numbers = devices.map((one) => one.number)
      const [{ rows }] = (await house.rows<{ rows: number }>(
        'select count(*)::int as rows from fix where device_number = any($1)',
        [numbers],
      )) as [{ rows: number }]
      expect(rows).toBe(total.stored)
      await house.location.counters.flush(house.now)
      const counts = await house.rows<{ cause: string; count: number }>(
        'select cause, sum(count) as count from fix_count where device_number = any($1) group by 1',
        [numbers],
      )
      const of = (cause: string) => counts.find((row) => row.cause === cause)?.count ?? 0
      expect({
        received: of('stored') + of('duplicate') + of('outside-retention'),
        stored: of('stored'),
        duplicate: of('duplicate'),
        outside: of('outside-retention'),
      }).toEqual(total)
    })
  })
})
