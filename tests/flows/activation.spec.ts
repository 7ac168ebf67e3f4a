import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCESS as BOARD_ACCESS, DEFAULT_PATROL_LEVELS } from '../../capabilities/board/core/index.ts'
import { chaseTimer, strengthTimer } from '../../capabilities/board/server/jobs.ts'
import { readIsOut } from '../../capabilities/board/server/levels.ts'
import type { BoardNeeds } from '../../capabilities/board/server/needs.ts'
import { registerBoardRoutes } from '../../capabilities/board/server/routes.ts'
import { ACCESS as FORCE_ACCESS, type OrganisationId } from '../../capabilities/force/core/index.ts'
import { callDuty, changePost, changeUnitStatus } from '../../capabilities/force/server/commands.ts'
import { importOfficers, importUnits } from '../../capabilities/force/server/imports.ts'
import { insertOrganisation } from '../../capabilities/force/server/register.store.ts'
import { registerForceRoutes } from '../../capabilities/force/server/routes.ts'
import {
  listOfficerPersons,
  lockSubjects,
  readForceBoard,
  readOrganisationTree,
} from '../../capabilities/force/server/store.ts'
import { ACTIVATION_FLOW } from '../../flows/activation.ts'
import { inTransaction, sqlState } from '../../foundation/server/db.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { bindFlow } from '../../foundation/server/outbox/runner.ts'
import { openRooms, type Call, type OpenRooms } from '../rooms.ts'

const START = Date.parse('2026-11-24T12:00:00Z')
const MINUTE = 60_000
const needs: BoardNeeds = {
  readForce: readForceBoard,
  listPersons: listOfficerPersons,
  lockSubjects,
  changeUnitStatus,
  changePost,
  listContacts: async () => new Map(),
}

interface Order {
  id: string
  state: string
  subject: { kind: string; unitId?: string; officerId?: string }
  chasedCount: number
  escalatedAt: string | null
  endedBecause: string | null
}
interface Activation {
  id: string
  level: number
  targetReachedAt: string | null
  stoodDownAt: string | null
  orders: Order[]
  forecast: {
    kind: string
    minutesToTarget?: number
    short?: number
    lacking?: { officerId: string }[]
  } | null
}

/** Two stations: three units that are in, one that is out, one officer without unit, one at home. */
describe('level activation through the flow', () => {
  let rooms: OpenRooms
  let now: number
  let commander: Call
  let dispatcher: Call
  const organisations: Record<string, OrganisationId> = {}
  /** The officers in the order of the board. */
  let order: string[]

  const system = () => systemContext('test', now)
  const force = () => readForceBoard(rooms.database.db, now)
  const unit = async (callSign: string) => (await force()).units.find((one) => one.callSign === callSign)!
  const officer = async (badge: string) => (await force()).officers.find((one) => one.badgeNumber === badge)!
  const setStatus = async (callSign: string, status: string) => {
    const answer = await dispatcher('POST', `/api/units/${(await unit(callSign)).id}/status`, { status })
    expect(answer.status).toBe(200)
  }
  const open = async () =>
    (await commander<{ activation: Activation | null }>('GET', '/api/activations/open')).body.activation!
  const share = async () =>
    (await commander<{ total: { share: number } }>('GET', '/api/street-strength')).body.total.share
  const topics = async () =>
    (await rooms.database.db.selectFrom('outbox').select('topic').orderBy('id').execute()).map(
      (row) => row.topic,
    )
  const orderOf = async (callSignOrBadge: string) => {
    const [unitId, officerId] = [(await unit(callSignOrBadge))?.id, (await officer(callSignOrBadge))?.id]
    return (await open()).orders
      .filter(
        ({ subject }) =>
          (unitId && subject.unitId === unitId) || (officerId && subject.officerId === officerId),
      )
      .at(-1)!
  }
  const answer = async (who: string, verb: string, body?: object, by: Call = dispatcher) =>
    by('POST', `/api/activation-orders/${(await orderOf(who)).id}/${verb}`, body)

  beforeAll(async () => {
    now = START
    rooms = await openRooms(
      {
        rules: [...FORCE_ACCESS, ...BOARD_ACCESS],
        organisationTree: readOrganisationTree,
        register(app) {
          registerForceRoutes(app, { commitmentOf: async () => null, isOut: readIsOut })
          registerBoardRoutes(app, needs)
        },
        flows: bindFlow(ACTIVATION_FLOW, { needs, now: () => now }),
      },
      () => now,
    )
    commander = await rooms.as({ grants: [{ role: 'duty-commander', organisationId: null }] })
    dispatcher = await rooms.as({ grants: [{ role: 'dispatcher', organisationId: null }] })
  })
  afterAll(() => rooms.close())

  beforeEach(async () => {
    now = START
    await rooms.empty()
    await inTransaction(rooms.database.db, async (tx) => {
      for (const [code, parent] of [
        ['bureau', null],
        ['urban', 'bureau'],
        ['special', 'bureau'],
      ] as const)
        organisations[code] = await insertOrganisation(tx, {
          parentId: parent === null ? null : organisations[parent]!,
          code,
          kind: parent === null ? 'sub-bureau' : 'station',
          nameZh: code,
          nameEn: code,
          position: null,
          dutyCommanderOfficerId: null,
        })
    })
    const badges = ['u1', 'u2', 'u3', 'u4', 'u5', 's1', 's2', 's3']
    await importOfficers(
      rooms.database.db,
      system(),
      badges.map((badge, index) => ({
        row: index + 2,
        cells: { badge, name: `警员${badge}`, org: badge.startsWith('u') ? 'urban' : 'special' },
      })),
    )
    await importUnits(rooms.database.db, system(), [
      { row: 2, cells: { unit: 'U1', org: 'urban', leader: 'u1', crew: 'u2' } },
      { row: 3, cells: { unit: 'U2', org: 'urban', leader: 'u3' } },
      { row: 4, cells: { unit: 'S1', org: 'special', leader: 's1', crew: 's2' } },
    ])
    const officers = (await force()).officers
    await inTransaction(rooms.database.db, async (tx) => {
      const on = officers.filter(({ badgeNumber }) => badgeNumber !== 'u5').map(({ id }) => id)
      await callDuty(tx, system(), on, 'on')
    })
    await setStatus('U1', 'patrolling')
    await setStatus('U2', 'briefing')
    await rooms.settled()
    order = (await force()).officers.map((one) => one.id)
  })

  it('rises from the call-out to 100 %, and stand-down returns everyone', async () => {
    expect(await share()).toBeCloseTo(2 / 7)
    const preview = await commander<{ lines: unknown[] }>('GET', '/api/activations/preview?level=1')
    expect(preview.body.lines).toHaveLength(4)

    const started = await commander<Activation>('POST', '/api/activations', { level: 1, reason: '重大活动' })
    expect(started.status).toBe(201)
    expect(started.body.orders.map(({ state }) => state)).toEqual(Array(4).fill('ordered'))
    expect(started.body.forecast).toMatchObject({ kind: 'expected', minutesToTarget: 15 })

    now += MINUTE
    expect((await answer('U2', 'acknowledge')).body['state']).toBe('acknowledged')
    now += 4 * MINUTE
    // One taps «arrived», the other simply goes on patrol: both have arrived.
    expect((await answer('U2', 'arrive')).body['state']).toBe('arrived')
    await setStatus('S1', 'patrolling')
    await rooms.settled()
    expect((await unit('U2')).status).toBe('patrolling')
    expect((await orderOf('S1')).state).toBe('arrived')
    expect(await share()).toBeCloseTo(5 / 7)
    // Two arrivals at 5 minutes and a default of 15 that weighs three: 11 minutes from the order, 6 from now.
    expect((await open()).forecast).toMatchObject({ kind: 'expected', minutesToTarget: 6 })

    await answer('u4', 'arrive')
    await answer('s3', 'arrive')
    await rooms.settled()
    expect(await share()).toBe(1)
    expect(await open()).toMatchObject({
      forecast: { kind: 'met' },
      targetReachedAt: new Date(now).toISOString(),
    })
    expect((await officer('u4')).post).toBe('street')

    now += 60 * MINUTE
    const { id } = await open()
    const ended = await commander<Activation>('POST', `/api/activations/${id}/stand-down`, {
      reason: '活动结束',
    })
    expect(ended.body.stoodDownAt).toBe(new Date(now).toISOString())
    expect(ended.body.orders.every((order) => order.endedBecause === 'stood-down')).toBe(true)
    expect([(await unit('U1')).status, (await unit('U2')).status, (await unit('S1')).status]).toEqual([
      'patrolling',
      'briefing',
      'off-duty',
    ])
    expect((await officer('u4')).post).toBe('none')
    expect(await share()).toBeCloseTo(2 / 7)
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
    const before = await topics()
    await commander('POST', '/api/activations', { level: 1 }, { 'idempotency-key': 'one-action' })
    const again = await commander(
      'POST',
      '/api/activations',
      { level: 1 },
      { 'idempotency-key': 'one-action' },
    )
    expect(again).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } })
    expect((await topics()).slice(before.length)).toEqual([
      'activation.started',
      ...Array(4).fill('activation.order-changed'),
    ])
    const refused = await commander('POST', '/api/activations', { level: 1 })
    expect(refused).toMatchObject({ status: 409, body: { code: 'activation-already-open', field: 'level' } })
    expect((await topics()).length).toBe(before.length + 5)
    const audited = await rooms.database.db
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
      values ('second', ${organisations['bureau']}, 2, '', now())`.execute(rooms.database.db)
    expect(await forced.catch(sqlState)).toBe('23505')
    const rewritten = sql`update activation_event set account_name = 'somebody else'`.execute(
      rooms.database.db,
    )
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
    await answer('U2', 'decline', { reason: '看守嫌疑人' })
    const raised = await commander<Activation>('POST', '/api/activations', { level: 1 })
    const { id } = await unit('U2')
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
    const admin = await rooms.as({
      grants: [{ role: 'system-admin', organisationId: null }],
      kind: 'service',
    })
    const s3 = (await officer('s3')).id
    await admin(
      'PATCH',
      `/api/organisations/${organisations['urban']}`,
      { dutyCommanderOfficerId: s3 },
      { 'if-match': '"1"' },
    )
    await commander('POST', '/api/activations', { level: 1 })
    for (const who of ['U2', 'S1', 's3']) await answer(who, 'acknowledge')
    expect((await answer('S1', 'decline', { reason: '' })).body['code']).toBe('decline-reason-required')
    await answer('S1', 'decline', { reason: '看守嫌疑人' })
    const chase = chaseTimer(rooms.database.db, needs)
    await chase.run(now)
    for (let round = 1; round <= 3; round++) {
      now += 2 * MINUTE
      await chase.run(now)
      await chase.run(now)
    }
    const silent = await orderOf('u4')
    expect(silent).toMatchObject({
      state: 'ordered',
      chasedCount: 3,
      escalatedAt: new Date(now).toISOString(),
    })
    const { rows } = await sql<{ data: Record<string, unknown> }>`
      select data from outbox where topic = 'activation.order-changed' and data->>'change' = 'order-escalated'`.execute(
      rooms.database.db,
    )
    expect(rows).toMatchObject([{ data: { dutyCommanderOfficerId: s3, chasedCount: 3 } }])
    expect((await open()).forecast).toMatchObject({
      kind: 'not-reachable',
      short: 3,
      lacking: [
        { officerId: (await officer('s1')).id, because: 'declined' },
        { officerId: (await officer('s2')).id, because: 'declined' },
        { officerId: (await officer('u4')).id, because: 'no-answer' },
      ].sort((a, b) => order.indexOf(a.officerId) - order.indexOf(b.officerId)),
    })
  })
  it('follows the force: who comes on duty is called too, who goes off is not expected', async () => {
    await commander('POST', '/api/activations', { level: 1 })
    await dispatcher('POST', '/api/roll-calls', { duty: 'on', officerIds: [(await officer('u5')).id] })
    await dispatcher('POST', '/api/roll-calls', { duty: 'off', officerIds: [(await officer('u4')).id] })
    await rooms.settled()
    expect((await orderOf('u5')).state).toBe('ordered')
    expect(await orderOf('u4')).toMatchObject({ state: 'withdrawn', endedBecause: 'off-duty' })
  })

  it('takes an answer from the crew itself and from nobody else’s', async () => {
    await commander('POST', '/api/activations', { level: 1 })
    const as = async (badge: string) =>
      rooms.as({
        grants: [{ role: 'officer', organisationId: organisations['urban']! }],
        officerId: (await officer(badge)).id,
      })
    expect(await answer('U2', 'acknowledge', undefined, await as('u4'))).toMatchObject({
      status: 403,
      body: { code: 'out-of-scope' },
    })
    expect((await answer('U2', 'acknowledge', undefined, await as('u3'))).status).toBe(200)
  })

  it('leaves a unit to its incident when it is stood down', async () => {
    await commander('POST', '/api/activations', { level: 1 })
    await answer('U2', 'arrive')
    await setStatus('U2', 'en-route')
    const { id } = await open()
    await commander('POST', `/api/activations/${id}/stand-down`, {})
    expect((await unit('U2')).status).toBe('en-route')
    const { rows } = await sql<{ data: object }>`select data from activation_event
      where activation_id = ${id} and data->'returns'->>'because' = 'bound-to-incident'`.execute(
      rooms.database.db,
    )
    expect(rows).toHaveLength(1)
  })

  it('draws a point a minute', async () => {
    const started = await commander<Activation>('POST', '/api/activations', { level: 1 })
    const timer = strengthTimer(rooms.database.db, needs)
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
    const own = await rooms.as({
      grants: [{ role: 'station-chief', organisationId: organisations['special']! }],
    })
    const some = await own<{ officers: { name: string | null }[] }>('GET', '/api/street-strength/names')
    expect(some.body.officers.filter((one) => one.name !== null)).toHaveLength(3)
    const reads = await rooms.database.db
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
    await setStatus('U1', 'inspecting')
    expect(await share()).toBe(0)
  })

  it('waits only for what a person or the force announces', async () => {
    await commander('POST', '/api/activations', { level: 1 })
    const { id, version } = await unit('U2')
    const headers = { 'if-match': `"${version}"` }
    await commander('PATCH', `/api/units/${id}`, { equipment: ['盾牌'] }, headers)
    const s3 = await officer('s3')
    await commander(
      'PATCH',
      `/api/officers/${s3.id}`,
      { skills: ['急救'] },
      { 'if-match': `"${s3.version}"` },
    )
    const loan = await commander('POST', '/api/loans', {
      subject: { kind: 'officer', officerId: s3.id },
      toOrganisationId: organisations['urban'],
      reason: '支援',
    })
    await commander('POST', `/api/loans/${String(loan.body['id'])}/return`)
    await commander('PUT', '/api/patrol-levels', DEFAULT_PATROL_LEVELS, { 'if-match': '"0"' })
    await rooms.settled()
    const announced = await topics()
    for (const { on } of ACTIVATION_FLOW) expect(announced).toContain(on)
    const failures = await rooms.database.db.selectFrom('flow_failure').selectAll().execute()
    expect(failures).toEqual([])
  })
})
