import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FIX_FLOW, passFixes } from '../../flows/fix.ts'
import { at, fixAt, openFixHouse, type FixHouse, type Phone } from './fix-house.ts'

describe('the flow of a fix under faults', () => {
  let house: FixHouse
  let phone: Phone

  beforeAll(async () => {
    house = await openFixHouse()
  })
  afterAll(() => house.close())
  beforeEach(async () => {
    phone = await house.newPhone()
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
})
