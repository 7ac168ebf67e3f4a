import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addFix, FIX_RULES, type ReadFix } from '../../capabilities/location/core/index.ts'
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
