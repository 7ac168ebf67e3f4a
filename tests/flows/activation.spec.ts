import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_PATROL_LEVELS } from '../../capabilities/board/core/index.ts'
import { chaseTimer, strengthTimer } from '../../capabilities/board/server/jobs.ts'
import { ACTIVATION_FLOW } from '../../flows/activation.ts'
import { sqlState } from '../../foundation/server/db.ts'
import {
  MINUTE,
  START,
  committed,
  needs,
  openActivationHouse,
  type Activation,
  type ActivationHouse,
} from './activation-house.ts'

describe('level activation through the flow', () => {
  let house: ActivationHouse
  let clock: ActivationHouse['clock']
  let commander: ActivationHouse['commander']
  let dispatcher: ActivationHouse['dispatcher']
  beforeAll(async () => {
    house = await openActivationHouse()
    ;({ clock, commander, dispatcher } = house)
  })
  afterAll(() => house.close())
  beforeEach(() => house.settleIn())

  it('rises from the call-out to 100 %, and stand-down returns everyone', async () => {
    expect(await house.share()).toBeCloseTo(2 / 7)
    const preview = await commander<{ lines: unknown[] }>('GET', '/api/activations/preview?level=1')
    expect(preview.body.lines).toHaveLength(4)

    const started = await commander<Activation>('POST', '/api/activations', { level: 1, reason: '重大活动' })
    expect(started.status).toBe(201)
    expect(started.body.orders.map(({ state }) => state)).toEqual(Array(4).fill('ordered'))
    expect(started.body.forecast).toMatchObject({ kind: 'expected', minutesToTarget: 15 })

    clock.now += MINUTE
    expect((await house.answer('U2', 'acknowledge')).body['state']).toBe('acknowledged')
    clock.now += 4 * MINUTE
    // One taps «arrived», the other simply goes on patrol: both have arrived.
    expect((await house.answer('U2', 'arrive')).body['state']).toBe('arrived')
    await house.setStatus('S1', 'patrolling')
    await house.settled()
    expect((await house.unit('U2')).status).toBe('patrolling')
    expect((await house.orderOf('S1')).state).toBe('arrived')
    expect(await house.share()).toBeCloseTo(5 / 7)
    // Two arrivals at 5 minutes and a default of 15 that weighs three: 11 minutes from the order, 6 from now.
    expect((await house.open()).forecast).toMatchObject({ kind: 'expected', minutesToTarget: 6 })

    await house.answer('u4', 'arrive')
    await house.answer('s3', 'arrive')
    await house.settled()
    expect(await house.share()).toBe(1)
    expect(await house.open()).toMatchObject({
      forecast: { kind: 'met' },
      targetReachedAt: new Date(clock.now).toISOString(),
    })
    expect((await house.officer('u4')).post).toBe('street')

    clock.now += 60 * MINUTE
    const { id } = await house.open()
    const ended = await commander<Activation>('POST', `/api/activations/${id}/stand-down`, {
      reason: '活动结束',
    })
    expect(ended.body.stoodDownAt).toBe(new Date(clock.now).toISOString())
    expect(ended.body.orders.every((order) => order.endedBecause === 'stood-down')).toBe(true)
    expect([
      (await house.unit('U1')).status,
      (await house.unit('U2')).status,
      (await house.unit('S1')).status,
    ]).toEqual(['patrolling', 'briefing', 'off-duty'])
    expect((await house.officer('u4')).post).toBe('none')
    expect(await house.share()).toBeCloseTo(2 / 7)
    expect((await commander('POST', `/api/activations/${id}/stand-down`, {})).body['code']).toBe(
      'no-open-activation',
    )

    const { body } = await commander<{ points: { onStreet: number }[] }>(
      'GET',
      `/api/activations/${id}/strength`,
    )
    expect(body.points[0]!.onStreet).toBe(2)
    expect(body.points.at(-1)!.onStreet).toBe(7)
    const timeline = await commander<{ entries: { type: string; sequence: number }[] }>(
      'GET',
      `/api/activations/${id}/timeline`,
    )
    expect(timeline.body.entries.map((entry) => entry.sequence)).toEqual(
      timeline.body.entries.map((_, at) => at + 1),
    )
    expect(new Set(timeline.body.entries.map((entry) => entry.type))).toEqual(
      new Set([
        'started',
        'order-made',
        'order-acknowledged',
        'order-arrived',
        'target-reached',
        'order-closed',
        'stood-down',
      ]),
    )
  })

  it('writes the change, its audit entry and its announcements together or not at all', async () => {
    const before = await house.topics()
    await commander('POST', '/api/activations', { level: 1 }, { 'idempotency-key': 'one-action' })
    const again = await commander(
      'POST',
      '/api/activations',
      { level: 1 },
      { 'idempotency-key': 'one-action' },
    )
    expect(again).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } })
    expect((await house.topics()).slice(before.length)).toEqual([
      'activation.started',
      ...Array(4).fill('activation.order-changed'),
    ])
    const refused = await commander('POST', '/api/activations', { level: 1 })
    expect(refused).toMatchObject({ status: 409, body: { code: 'activation-already-open', field: 'level' } })
    expect((await house.topics()).length).toBe(before.length + 5)
    const audited = await house.db
      .selectFrom('audit_entry')
      .select(['action'])
      .where('subject_kind', '=', 'activation')
      .execute()
    expect(audited).toEqual([{ action: 'board.activate' }])
  })

  it('has one open activation a district, by refusal and by the table, also when two start at once', async () => {
    const both = await Promise.all([
      commander('POST', '/api/activations', { level: 1 }),
      commander('POST', '/api/activations', { level: 1 }),
    ])
    expect(both.map((one) => one.status).sort()).toEqual([201, 409])
    const forced = sql`insert into activation (id, district_id, level, reason, started_at)
      values ('second', ${house.organisations['bureau']}, 2, '', now())`.execute(house.db)
    expect(await forced.catch(sqlState)).toBe('23505')
    const rewritten = sql`update activation_event set account_name = 'somebody else'`.execute(house.db)
    expect(await rewritten.catch(sqlState)).toBe('42501')
  })

  it('raises level 2 to level 1 and never lowers it', async () => {
    const second = await commander<Activation>('POST', '/api/activations', { level: 2 })
    // 5/6 of 7 is 6; 2 are out: 4 are called.
    expect(second.body.orders).toHaveLength(3)
    const first = await commander<Activation>('POST', '/api/activations', { level: 1 })
    expect(first.body).toMatchObject({ id: second.body.id, level: 1 })
    expect(first.body.orders).toHaveLength(4)
    expect((await commander('POST', '/api/activations', { level: 2 })).status).toBe(409)
  })

  it('asks again at level 1 who had declined level 2: the old order is over, the new one open', async () => {
    await commander('POST', '/api/activations', { level: 2 })
    await house.answer('U2', 'decline', { reason: '看守嫌疑人' })
    const raised = await commander<Activation>('POST', '/api/activations', { level: 1 })
    const { id } = await house.unit('U2')
    expect(
      raised.body.orders
        .filter(({ subject }) => subject.unitId === id)
        .map(({ state, endedBecause }) => [state, endedBecause]),
    ).toEqual([
      ['withdrawn', 'asked-again'],
      ['ordered', null],
    ])
  })

  it('chases by itself, tells the duty commander, and says who lacks', async () => {
    const admin = await house.rooms.as({
      grants: [{ role: 'system-admin', organisationId: null }],
      kind: 'service',
    })
    const s3 = (await house.officer('s3')).id
    await admin(
      'PATCH',
      `/api/organisations/${house.organisations['urban']}`,
      { dutyCommanderOfficerId: s3 },
      { 'if-match': '"1"' },
    )
    await commander('POST', '/api/activations', { level: 1 })
    for (const who of ['U2', 'S1', 's3']) await house.answer(who, 'acknowledge')
    expect((await house.answer('S1', 'decline', { reason: '' })).body['code']).toBe('decline-reason-required')
    await house.answer('S1', 'decline', { reason: '看守嫌疑人' })
    const chase = chaseTimer(house.db, needs)
    await chase.run(clock.now)
    for (let round = 1; round <= 3; round++) {
      clock.now += 2 * MINUTE
      await chase.run(clock.now)
      await chase.run(clock.now)
    }
    const silent = await house.orderOf('u4')
    expect(silent).toMatchObject({
      state: 'ordered',
      chasedCount: 3,
      escalatedAt: new Date(clock.now).toISOString(),
    })
    const { rows } = await sql<{ data: Record<string, unknown> }>`
      select data from outbox where topic = 'activation.order-changed' and data->>'change' = 'order-escalated'`.execute(
      house.db,
    )
    expect(rows).toMatchObject([{ data: { dutyCommanderOfficerId: s3, chasedCount: 3 } }])
    const order = (await house.force()).officers.map((one) => one.id as string)
    expect((await house.open()).forecast).toMatchObject({
      kind: 'not-reachable',
      short: 3,
      lacking: [
        { officerId: (await house.officer('s1')).id, because: 'declined' },
        { officerId: (await house.officer('s2')).id, because: 'declined' },
        { officerId: (await house.officer('u4')).id, because: 'no-answer' },
      ].sort((a, b) => order.indexOf(a.officerId) - order.indexOf(b.officerId)),
    })
  })
  it('follows the force: who comes on duty is called too, who goes off is not expected', async () => {
    await commander('POST', '/api/activations', { level: 1 })
    await dispatcher('POST', '/api/roll-calls', { duty: 'on', officerIds: [(await house.officer('u5')).id] })
    await dispatcher('POST', '/api/roll-calls', { duty: 'off', officerIds: [(await house.officer('u4')).id] })
    await house.settled()
    expect((await house.orderOf('u5')).state).toBe('ordered')
    expect(await house.orderOf('u4')).toMatchObject({ state: 'withdrawn', endedBecause: 'off-duty' })
  })

  it('takes an answer from the crew itself and from nobody else’s', async () => {
    await commander('POST', '/api/activations', { level: 1 })
    const as = async (badge: string) =>
      house.rooms.as({
        grants: [{ role: 'officer', organisationId: house.organisations['urban']! }],
        officerId: (await house.officer(badge)).id,
      })
    expect(await house.answer('U2', 'acknowledge', undefined, await as('u4'))).toMatchObject({
      status: 403,
      body: { code: 'out-of-scope' },
    })
    expect((await house.answer('U2', 'acknowledge', undefined, await as('u3'))).status).toBe(200)
  })

  it('leaves a unit to its incident when it is stood down, one only just ordered to it too', async () => {
    await commander('POST', '/api/activations', { level: 1 })
    await house.answer('U2', 'arrive')
    await house.answer('S1', 'arrive')
    committed.add((await house.unit('S1')).id)
    await house.setStatus('U2', 'en-route')
    const { id } = await house.open()
    await commander('POST', `/api/activations/${id}/stand-down`, {})
    expect((await house.unit('U2')).status).toBe('en-route')
    expect((await house.unit('S1')).status).toBe('patrolling')
    const { rows } = await sql<{ data: object }>`select data from activation_event
      where activation_id = ${id} and data->'returns'->>'because' = 'bound-to-incident'`.execute(house.db)
    expect(rows).toHaveLength(2)
  })

  it('draws a point a minute', async () => {
    const started = await commander<Activation>('POST', '/api/activations', { level: 1 })
    const timer = strengthTimer(house.db, needs)
    for (let minute = 1; minute <= 3; minute++) await timer.run(START + minute * MINUTE)
    const { body } = await commander<{ points: unknown[] }>(
      'GET',
      `/api/activations/${started.body.id}/strength`,
    )
    expect(body.points).toHaveLength(4)
  })

  it('shows every department, names only to who may read them, and answers 304 while nothing changed', async () => {
    const board = await commander<{ organisations: unknown[]; units: { crew: unknown[] }[] }>(
      'GET',
      '/api/board',
    )
    expect(board.body.organisations).toHaveLength(3)
    expect(board.body.units.map((one) => one.crew.length)).toEqual([2, 2, 1])
    expect(JSON.stringify(board.body)).not.toContain('警员')
    const etag = String(board.headers['etag'])
    expect((await commander('GET', '/api/board', undefined, { 'if-none-match': etag })).status).toBe(304)

    const named = await commander<{ officers: { name: string; onStreet: boolean }[] }>(
      'GET',
      '/api/street-strength/names',
    )
    expect(named.body.officers.filter((one) => one.onStreet).map((one) => one.name)).toEqual([
      '警员u1',
      '警员u2',
    ])
    const own = await house.rooms.as({
      grants: [{ role: 'station-chief', organisationId: house.organisations['special']! }],
    })
    const some = await own<{ officers: { name: string | null }[] }>('GET', '/api/street-strength/names')
    expect(some.body.officers.filter((one) => one.name !== null)).toHaveLength(3)
    const reads = await house.db
      .selectFrom('audit_entry')
      .select('id')
      .where('action', '=', 'read board.read-names')
      .execute()
    expect(reads).toHaveLength(2)
  })

  it('configures levels over the version that was read, and points at each fault', async () => {
    const read = await commander('GET', '/api/patrol-levels')
    expect(read.body).toMatchObject({ version: 0, normalTarget: { numerator: 2, denominator: 3 } })
    const put = (body: object, version: number) =>
      commander('PUT', '/api/patrol-levels', body, { 'if-match': `"${version}"` })
    const faulty = await put({ ...DEFAULT_PATROL_LEVELS, normalTarget: { numerator: 4, denominator: 3 } }, 0)
    expect(faulty).toMatchObject({
      status: 422,
      body: { code: 'invalid-patrol-levels', field: 'normalTarget/numerator' },
    })
    const narrower = { ...DEFAULT_PATROL_LEVELS, countingStatuses: ['patrolling'] }
    expect((await put(narrower, 0)).body).toMatchObject({ version: 1 })
    expect((await put(narrower, 0)).status).toBe(412)
    await house.setStatus('U1', 'inspecting')
    expect(await house.share()).toBe(0)
  })

  it('waits only for what a person or the force announces', async () => {
    await commander('POST', '/api/activations', { level: 1 })
    const { id, version } = await house.unit('U2')
    const headers = { 'if-match': `"${version}"` }
    await commander('PATCH', `/api/units/${id}`, { equipment: ['盾牌'] }, headers)
    const s3 = await house.officer('s3')
    await commander(
      'PATCH',
      `/api/officers/${s3.id}`,
      { skills: ['急救'] },
      { 'if-match': `"${s3.version}"` },
    )
    const loan = await commander('POST', '/api/loans', {
      subject: { kind: 'officer', officerId: s3.id },
      toOrganisationId: house.organisations['urban'],
      reason: '支援',
    })
    await commander('POST', `/api/loans/${String(loan.body['id'])}/return`)
    await commander('PUT', '/api/patrol-levels', DEFAULT_PATROL_LEVELS, { 'if-match': '"0"' })
    await house.settled()
    const announced = await house.topics()
    for (const { on } of ACTIVATION_FLOW) expect(announced).toContain(on)
    const failures = await house.db.selectFrom('flow_failure').selectAll().execute()
    expect(failures).toEqual([])
  })
})
