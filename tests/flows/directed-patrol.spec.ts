import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../../apps/server/server.ts'
import { DIRECTED_PATROL_FLOW, CAUSED_BY_PEOPLE_OR_CLOCK } from '../../flows/directed-patrol.ts'
import { inTransaction } from '../../foundation/server/db.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { issuedOrder, orderAt, orderIn, type OrderSeen } from '../api/patrol-commands.ts'
import { openTwoStations, type StationScene, type TwoStations } from '../api/two-stations.ts'
import type { Caller } from '../house.ts'
import { expireOrders } from '../../capabilities/patrol/server/order.jobs.ts'
import type { OrderNeeds } from '../../capabilities/patrol/server/order.needs.ts'
import { lockOrder, listOrderPeriods } from '../../capabilities/patrol/server/order.store.ts'
import { carryOutOrder } from '../../capabilities/patrol/server/order.commands.ts'
import { sendOrder } from '../../capabilities/patrol/server/order.telling.ts'

const EVENING = Date.parse('2026-11-24T19:30:00+08:00')
const HOUR = 3_600_000

type Mine = {
  unit: { unitId: string } | null
  orders: { id: string; number: string; readAt: string | null }[]
}

describe('the rows of the directed patrol flow', () => {
  it('each wait for what a person, the clock or a row above has caused', () => {
    const caused = new Set<string>(CAUSED_BY_PEOPLE_OR_CLOCK)
    for (const row of DIRECTED_PATROL_FLOW) {
      expect([...caused], row.id).toContain(row.on)
      for (const topic of row.leadsTo) caused.add(topic)
    }
    expect(new Set(DIRECTED_PATROL_FLOW.map(({ id }) => id)).size).toBe(DIRECTED_PATROL_FLOW.length)
  })
})

describe('directed patrol orders', () => {
  let clock = EVENING
  let scene: TwoStations
  let east: StationScene
  let west: StationScene
  let analyst: Caller
  let commander: Caller
  let crew: Caller
  /** What expiring asks of the other rooms. */
  const needs = {
    timeZone: () => 'Asia/Shanghai',
    districtBounds: async () => null,
    listUnits: async () => [],
  } as unknown as OrderNeeds
  beforeAll(async () => {
    scene = await openTwoStations({ now: () => clock })
    ;({ east, west } = scene)
    analyst = await scene.house.as('analyst')
    commander = await scene.house.as('duty-commander')
    crew = await scene.officerAt(east, east.officers[0]!)
  })
  afterAll(() => scene.close())

  const settled = () => scene.house.server.flows.settled()
  const post = <T = OrderSeen>(caller: Caller, path: string, body?: unknown, version?: number) =>
    caller.send<T & { code?: string; field?: string; about?: Record<string, unknown> }>(
      'POST',
      `/api/patrol-orders${path}`,
      body,
      version === undefined ? {} : { 'if-match': `"${version}"` },
    )
  const drafts = (content: object, caller = analyst) =>
    post<{ orders: OrderSeen[] }>(caller, '', { orders: [content] })
  const mine = async (caller = crew) => (await caller.get<Mine>('/api/my-patrol-orders')).body
  const rows = async <T extends object>(text: string, values: unknown[] = []) =>
    (await scene.house.database.pool.query<T>(text, values)).rows
  const topics = async (orderId: string) =>
    (
      await rows<{ topic: string }>(
        `select topic from outbox where subject_id = $1 and topic <> 'patrol-order.changed' order by seq`,
        [orderId],
      )
    ).map(({ topic }) => topic.replace('patrol-order.', ''))
  const countOfYear = async () =>
    (await rows<{ last_count: number }>('select last_count from patrol_order_year'))[0]?.last_count ?? 0

  it('go from the analyst over the commander to the crew, and their receipt comes back', async () => {
    const drafted = (await drafts(orderAt(east, {}, clock))).body.orders[0]!
    expect(drafted).toMatchObject({ state: 'draft', number: null, organisationId: east.organisationId })
    const proposed = (await post(analyst, `/${drafted.id}/propose`)).body
    expect((await mine()).orders).toEqual([])
    const { status, body } = await post(commander, `/${drafted.id}/approve`, undefined, proposed.version)
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'issued', number: 'XD-2026-0001', isOwnProposal: false })
    await settled()
    expect(await topics(drafted.id)).toEqual(['issued', 'sent'])
    expect((await mine()).orders).toMatchObject([{ id: drafted.id, number: 'XD-2026-0001', readAt: null }])

    const neighbour = await scene.officerAt(east, east.officers[1]!)
    expect((await mine(neighbour)).orders).toEqual([])
    expect((await post(neighbour, `/${drafted.id}/read`, {})).body.code).toBe('unit-not-addressed')
    expect((await post(neighbour, `/${drafted.id}/read`, { unitId: east.unitId })).body.code).toBe(
      'out-of-scope',
    )
    const read = await post<{ isFirst: boolean }>(crew, `/${drafted.id}/read`, {})
    expect(read.body).toMatchObject({ unitId: east.unitId, isFirst: true })
    expect((await post<{ isFirst: boolean }>(crew, `/${drafted.id}/read`, {})).body.isFirst).toBe(false)
    expect((await mine()).orders[0]!.readAt).not.toBeNull()

    const { body: course } = await commander.get<{ timeline: { type: string }[]; receipts: object[] }>(
      `/api/patrol-orders/${drafted.id}/timeline`,
    )
    expect(course.timeline.map(({ type }) => type)).toEqual(['drafted', 'proposed', 'approved'])
    expect(course.receipts).toMatchObject([{ callSign: 'e-a' }])
    const seen = await analyst.get<{ occurrences: object[] }>(`/api/patrol-orders/${drafted.id}`)
    expect(seen.body.occurrences).toMatchObject([
      { outcome: 'under-way' },
      { outcome: 'upcoming' },
      { outcome: 'upcoming' },
    ])
  })

  it('are gone from the phone when they are withdrawn', async () => {
    const order = await issuedOrder(scene, east, orderAt(east, {}, clock))
    await settled()
    expect((await mine()).orders.map(({ id }) => id)).toContain(order.id)
    expect((await post(commander, `/${order.id}/withdraw`, { reason: '' })).body.code).toBe(
      'reason-too-short',
    )
    clock += HOUR
    expect((await post(commander, `/${order.id}/withdraw`, { reason: '嫌疑人已抓获' })).status).toBe(200)
    expect((await mine()).orders.map(({ id }) => id)).not.toContain(order.id)
    await settled()
    expect(await topics(order.id)).toEqual(['issued', 'sent', 'withdrawn', 'recalled'])
    expect((await post(crew, `/${order.id}/read`, {})).body.code).toBe('order-not-in-force')
    // What was asked until then stays asked: an hour of a band of four and a half.
    const { body } = await analyst.get<{ occurrences: { endsAt: string }[] }>(
      `/api/patrol-orders/${order.id}`,
    )
    expect(body.occurrences.map(({ endsAt }) => endsAt)).toEqual([new Date(clock).toISOString()])
  })

  it('are gone at their expiry, before any timer has looked, and end by it', async () => {
    const expiresAt = new Date(clock + 2 * HOUR).toISOString()
    const order = await issuedOrder(scene, east, orderAt(east, { expiresAt }, clock))
    await settled()
    clock += 2 * HOUR
    expect((await mine()).orders.map(({ id }) => id)).not.toContain(order.id)
    expect(await expireOrders(scene.house.database.db, needs, clock)).toBe(1)
    expect(await expireOrders(scene.house.database.db, needs, clock)).toBe(0)
    await settled()
    expect(await topics(order.id)).toEqual(['issued', 'sent', 'expired', 'recalled'])
    const { body } = await analyst.get(`/api/patrol-orders/${order.id}`)
    expect(body).toMatchObject({ state: 'expired', endReason: null })
    expect((await post(commander, `/${order.id}/withdraw`, { reason: '已经过期' })).body.code).toBe(
      'order-not-in-force',
    )
  })

  it('are approved once when two commanders approve at the same moment, without losing a number', async () => {
    const other = await scene.house.as('duty-commander')
    const proposed = await Promise.all(
      Array.from({ length: 4 }, () => orderIn(analyst, 'proposed', orderAt(east, {}, clock))),
    )
    const before = await countOfYear()
    const replies = await Promise.all(
      proposed.flatMap(({ id, version }) =>
        [commander, other].map((caller) => post(caller, `/${id}/approve`, undefined, version)),
      ),
    )
    const codes = replies.map(({ status, body }) => (status === 200 ? 'approved' : body.code)).sort()
    expect(codes).toEqual([...Array(4).fill('approved'), ...Array(4).fill('version-conflict')])
    expect(await countOfYear()).toBe(before + 4)
    const numbers = await rows<{ number: string }>(
      'select number from patrol_order where number is not null order by number',
    )
    expect(numbers.map(({ number }) => Number(number.slice(-4)))).toEqual(numbers.map((_, n) => n + 1))
  })

  it('are approved together or not at all, and a refusal uses up no number', async () => {
    const [first, second] = [
      await orderIn(analyst, 'proposed', orderAt(east, {}, clock)),
      await orderIn(analyst, 'proposed', orderAt(west, {}, clock)),
    ]
    const before = await countOfYear()
    const seen = [first, second].map(({ id, version }) => ({ id, version }))
    await analyst.send(
      'PATCH',
      `/api/patrol-orders/${second.id}`,
      { reason: '改为凌晨巡查' },
      { 'if-match': `"${second.version}"` },
    )
    const stale = await post(commander, '/approve', { orders: seen })
    expect([stale.status, stale.body.code]).toEqual([412, 'version-conflict'])
    expect(stale.body.about).toMatchObject({ orderId: second.id })
    expect(await countOfYear()).toBe(before)
    const fresh = [seen[0], { id: second.id, version: second.version + 1 }]
    const { body } = await post<{ orders: OrderSeen[] }>(commander, '/approve', { orders: fresh })
    expect(body.orders.map(({ number }) => Number(number!.slice(-4)))).toEqual([before + 1, before + 2])
  })

  it('say that a commander has approved an own proposal', async () => {
    const own = await orderIn(commander, 'issued', orderAt(east, {}, clock))
    expect(own).toMatchObject({ isOwnProposal: true })
  })

  it('are sent by the next server where the one that took the approval has stopped', async () => {
    const { database } = scene.house
    const proposed = await orderIn(analyst, 'proposed', orderAt(east, {}, clock))
    await settled()
    await scene.house.server.close()
    await inTransaction(database.db, async (tx) => {
      const actor = systemContext('commander', clock)
      const units = [{ unitId: east.unitId, callSign: 'e-a', organisationId: east.organisationId }]
      const all = { ...needs, listUnits: async () => units } as OrderNeeds
      const options = { permission: 'patrol.approve-order' } as const
      await carryOutOrder(tx, actor, all, await lockOrder(tx, proposed.id), { do: 'approve' }, options)
    })
    expect(
      await rows('select 1 from patrol_order_unit where order_id = $1 and sent_at is not null', [
        proposed.id,
      ]),
    ).toEqual([])
    const server = await startServer({
      ...{
        database,
        host: '127.0.0.1',
        port: 0,
        dataFolder: '/tmp',
        consoleFolder: null,
        logLevel: 'silent',
      },
      now: () => clock,
    })
    await server.flows.settled()
    expect(await topics(proposed.id)).toEqual(['issued', 'sent'])
    // Run a second time it tells nobody again.
    await inTransaction(database.db, (tx) => sendOrder(tx, systemContext('flow', clock), proposed.id))
    await server.flows.settled()
    expect(await topics(proposed.id)).toEqual(['issued', 'sent'])
    await server.close()
  })
})

describe('what an order says', () => {
  let scene: TwoStations
  let east: StationScene
  let west: StationScene
  let analyst: Caller
  beforeAll(async () => {
    scene = await openTwoStations({ now: () => EVENING })
    ;({ east, west } = scene)
    analyst = await scene.house.as('analyst')
  })
  afterAll(() => scene.close())
  const send = (content: object, caller = analyst, more: object = {}) =>
    caller.send<{ code: string; field: string; orders: OrderSeen[] }>('POST', '/api/patrol-orders', {
      orders: [orderAt(east, content, EVENING)],
      ...more,
    })

  it('is drafted for all places or none', async () => {
    const bad = { ...orderAt(east, {}, EVENING), band: { fromMinute: 600, untilMinute: 600, weekdays: [] } }
    const reply = await analyst.send('POST', '/api/patrol-orders', {
      orders: [orderAt(east, {}, EVENING), bad],
    })
    expect([reply.status, reply.body['code']]).toEqual([409, 'band-empty'])
    const { body } = await analyst.get<{ orders: object[] }>('/api/patrol-orders')
    expect(body.orders).toEqual([])
  })

  it('is changed only by one who has seen it as it is', async () => {
    const { id, version } = (await send({})).body.orders[0]!
    const change = (headers: Record<string, string>) =>
      analyst.send('PATCH', `/api/patrol-orders/${id}`, { category: '0201' }, headers)
    expect((await change({})).status).toBe(428)
    expect((await change({ 'if-match': '"9"' })).status).toBe(412)
    expect((await change({ 'if-match': `"${version}"` })).body).toMatchObject({
      category: '0201',
      version: 2,
    })
  })

  it('rests on counts of the run that it names, not on the caller’s', async () => {
    const { pool } = scene.house.database
    await pool.query(
      `insert into analysis_run (id, day, cause, account_name, state, started_at, ended_at, parameters, quality, figures)
       values ('run', '2026-11-24', 'manual', 'x', 'done', now(), now(), '{}', '[]', '{}')`,
    )
    await pool.query(
      `insert into analysis_plan (run_id, shift, from_at, until_at, expected, low, high, stops)
       values ('run', 0, now(), now(), 3, 1, 6, '[{"rank":2,"expected":0.42,"low":0,"high":2}]')`,
    )
    const evidence = [{ kind: 'stop', runId: 'run', shift: 0, rank: 2, expected: 99 }]
    const { body } = await send({ evidence })
    expect(body.orders[0]).toMatchObject({ evidence: [{ ...evidence[0], expected: 0.42, low: 0, high: 2 }] })
    expect((await send({ evidence: [{ ...evidence[0], rank: 7 }] })).body.code).toBe('evidence-unknown')
    const chief = await scene.at(east, 'station-chief')
    expect((await send({ evidence }, chief)).body).toMatchObject({ code: 'out-of-scope', field: 'evidence' })
  })

  it('speaks of nobody’s ethnicity, religion, politics or health without a reason', async () => {
    const asked = await send({ reason: '回民聚集处扒窃多发' })
    expect([asked.status, asked.body.code, asked.body.field]).toEqual([
      422,
      'sensitive-reason-required',
      'reason',
    ])
    expect((await send({ reason: '回民聚集处扒窃多发' }, analyst, { sensitiveReason: '地名' })).status).toBe(
      201,
    )
  })

  it('is a station’s own: of its organisation or to a unit of it', async () => {
    const own = (await send({})).body.orders[0]!
    const foreign = (
      await analyst.send<{ orders: OrderSeen[] }>('POST', '/api/patrol-orders', {
        orders: [orderAt(west, {}, EVENING)],
      })
    ).body.orders[0]!
    const shared = (
      await analyst.send<{ orders: OrderSeen[] }>('POST', '/api/patrol-orders', {
        orders: [orderAt(west, { unitIds: [east.unitId] }, EVENING)],
      })
    ).body.orders[0]!
    const chief = await scene.at(east, 'station-chief')
    const ids = (await chief.get<{ orders: OrderSeen[] }>('/api/patrol-orders')).body.orders.map(
      ({ id }) => id,
    )
    expect([ids.includes(own.id), ids.includes(shared.id), ids.includes(foreign.id)]).toEqual([
      true,
      true,
      false,
    ])
    for (const page of ['', '/timeline', '/visits'])
      expect((await chief.get(`/api/patrol-orders/${foreign.id}${page}`)).body['code'], page).toBe(
        'out-of-scope',
      )
    const refused = await chief.send('POST', '/api/patrol-orders', {
      orders: [orderAt(east, { unitIds: [west.unitId] }, EVENING)],
    })
    expect(refused.body).toMatchObject({ code: 'out-of-scope', field: 'unitIds' })
    const abroad = await chief.send('POST', '/api/patrol-orders', { orders: [orderAt(west, {}, EVENING)] })
    expect(abroad.body).toMatchObject({ code: 'out-of-scope', field: 'place' })
    // Seen, but not to be changed: it is the other station's.
    const path = `/api/patrol-orders/${shared.id}/discard`
    expect((await chief.send('POST', path)).body['code']).toBe('out-of-scope')
  })

  it('is a commander’s to decide on for the own station only', async () => {
    const [own, foreign] = [await scene.at(east, 'duty-commander'), await scene.at(west, 'duty-commander')]
    const ask = async (
      caller: Caller,
      state: 'draft' | 'proposed' | 'issued',
      verb: string,
      body?: object,
    ) => {
      const { id, version } = await orderIn(scene.all, state, orderAt(east, {}, EVENING))
      const reply = await caller.send('POST', `/api/patrol-orders/${id}/${verb}`, body, {
        'if-match': `"${version}"`,
      })
      return reply.body['code'] ?? reply.status
    }
    const decisions = [
      ['draft', 'propose'],
      ['draft', 'discard'],
      ['proposed', 'approve'],
      ['proposed', 'return', { reason: '时段不对' }],
      ['issued', 'withdraw', { reason: '不再需要' }],
    ] as const
    for (const [state, verb, body] of decisions) {
      expect(await ask(foreign, state, verb, body), verb).toBe('out-of-scope')
      expect(await ask(own, state, verb, body), verb).toBe(200)
    }
  })

  it('is told to results and the sync index as a place and the exact moments in force', async () => {
    const order = await issuedOrder(scene, east, { startsAt: new Date(EVENING - HOUR).toISOString() })
    const { db } = scene.house.database
    const found = await listOrderPeriods(db, EVENING - 5 * HOUR, EVENING + 60 * HOUR)
    expect(found).toContainEqual(expect.objectContaining({ orderId: order.id, fromAt: EVENING }))
    expect(await listOrderPeriods(db, EVENING - 5 * HOUR, EVENING)).toEqual([])
  })
})
