import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { destination } from '../../foundation/core/geo.ts'
import { hasLateFixes, readUnitTracks } from '../../capabilities/location/server/unit-tracks.ts'
import { issuedOrder, orderAt } from '../api/patrol-commands.ts'
import { openTwoStations, type StationScene, type TwoStations } from '../api/two-stations.ts'
import type { OrderNeeds } from '../../capabilities/patrol/server/order.needs.ts'
import { countVisits } from '../../capabilities/patrol/server/visit.counting.ts'

const EIGHT = Date.parse('2026-11-24T20:00:00+08:00')
const at = (minutes: number) => EIGHT + minutes * 60_000

interface Seen {
  readonly progress: { readonly visits: number; readonly seconds: number }
  readonly occurrences: { readonly outcome: string; readonly visits: number; readonly otherVisits: number }[]
}

describe('visits', () => {
  let clock = at(-30)
  let scene: TwoStations
  let east: StationScene
  let orderId: string
  let needs: OrderNeeds
  const secrets = new Map<string, string>()
  beforeAll(async () => {
    scene = await openTwoStations({ now: () => clock })
    ;({ east } = scene)
    const { database } = scene.house
    needs = {
      timeZone: () => 'Asia/Shanghai',
      readUnitTracks: (from: number, until: number) => readUnitTracks(database, from, until),
      hasLateFixes: (from: number, until: number, after: number) =>
        hasLateFixes(database, from, until, after),
    } as unknown as OrderNeeds
    // Two visits from eight to ten.
    const order = await issuedOrder(
      scene,
      east,
      orderAt(
        east,
        {
          band: { fromMinute: 20 * 60, untilMinute: 22 * 60, weekdays: [] },
          dosage: { visits: 2, minutesPerVisit: 10 },
        },
        clock,
      ),
    )
    orderId = order.id
    for (const [unitId, name] of [
      [east.unitId, 'sent'],
      [east.otherUnitId, 'other'],
    ] as const) {
      const { body, headers } = await scene.all.send<{ id: string }>('POST', '/api/devices', {
        ...{ code: `visits-${name}`, name, kind: 'phone' },
      })
      await scene.all.send('POST', `/api/devices/${body.id}/bind`, { carrier: { kind: 'unit', unitId } })
      secrets.set(unitId, headers.get('x-device-secret')!)
    }
    await scene.house.server.flows.settled()
  })
  afterAll(() => scene.close())

  /** Posts a unit's fixes from one minute to another (excluded), two a minute, through the intake for phones. */
  async function tell(unitId: string, from: number, until: number, metresAway: number): Promise<void> {
    const fixes = Array.from({ length: (until - from) * 2 }, (_, i) => ({
      fixedAt: new Date(at(from + i / 2)).toISOString(),
      ...destination(east.position, 90, metresAway),
      accuracyMetres: 8,
    }))
    const reply = await fetch(`${scene.house.url}/positions/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secrets.get(unitId)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ fixes }),
    })
    expect(reply.status).toBeLessThan(300)
  }
  const count = () => countVisits(scene.house.database.db, needs, clock)
  const seen = async () => (await scene.all.get<Seen>(`/api/patrol-orders/${orderId}`)).body
  const told = async () =>
    (await scene.house.database.pool.query(`select 1 from outbox where topic = 'patrol-order.counted'`))
      .rowCount

  it('are counted from fixes while the band runs, minute by minute', async () => {
    clock = at(20)
    await tell(east.unitId, -10, 10, 800)
    await tell(east.unitId, 10, 20, 20)
    expect(await count()).toBe(1)
    expect((await seen()).occurrences[0]).toMatchObject({ outcome: 'under-way', visits: 1 })
    expect((await seen()).progress.seconds).toBeGreaterThan(9 * 60)
    const before = await told()
    await count()
    expect(await told(), 'nothing new is told to nobody').toBe(before)
  })

  it('are the crew’s own to see on its phone', async () => {
    const crew = await scene.officerAt(east, east.officers[0]!)
    const { body } = await crew.get<{ orders: { occurrences: { ownVisits: number }[] }[] }>(
      '/api/my-patrol-orders',
    )
    expect(body.orders[0]!.occurrences[0]).toMatchObject({ ownVisits: 1, visits: 1 })
  })

  it('of units that were not sent are shown, and not counted', async () => {
    clock = at(40)
    await tell(east.otherUnitId, 0, 15, 900)
    await tell(east.otherUnitId, 15, 35, 10)
    await tell(east.otherUnitId, 35, 40, 900)
    await tell(east.unitId, 20, 40, 700)
    await count()
    expect((await seen()).occurrences[0]).toMatchObject({ visits: 1, otherVisits: 1 })
  })

  it('not seen for want of a signal are not said to be missing, and are made up for when the phone tells', async () => {
    clock = at(180)
    await tell(east.unitId, 100, 130, 700)
    await count()
    // One visit seen, twenty minutes asked: something was done, and an hour cannot be told.
    expect((await seen()).occurrences[0]).toMatchObject({ outcome: 'partly', visits: 1 })

    clock = at(200)
    await tell(east.unitId, 40, 60, 700)
    await tell(east.unitId, 60, 74, 15)
    await tell(east.unitId, 74, 100, 700)
    await count()
    expect((await seen()).occurrences[0]).toMatchObject({ outcome: 'done', visits: 2 })
    const { body } = await scene.all.get<{
      visits: { isAddressed: boolean; callSign: string; seconds: number }[]
    }>(`/api/patrol-orders/${orderId}/visits`)
    expect(body.visits.map(({ isAddressed }) => isAddressed)).toEqual([true, false, true])
  })

  it('come to the same when they are counted again without news', async () => {
    const before = [await seen(), await told()]
    clock += 11 * 60_000
    expect(await count()).toBe(1)
    const after = await seen()
    expect([after, await told()]).toEqual(before)
  })

  it('are counted for two days after the band, and no more', async () => {
    clock = at(120) + 49 * 3_600_000
    const { pool } = scene.house.database
    await pool.query('update patrol_occurrence set counted_at = null where ends_at <= $1', [
      new Date(at(121)),
    ])
    await count()
    const { rows } = await pool.query<{ counted_at: number | null }>(
      'select counted_at from patrol_occurrence where ends_at <= $1',
      [new Date(at(121))],
    )
    expect(rows).toEqual([{ counted_at: null }])
  })
})
