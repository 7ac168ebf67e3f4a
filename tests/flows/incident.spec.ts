import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { UnitId, UnitStatus } from '../../capabilities/force/core/index.ts'
import { changeUnitStatus } from '../../capabilities/force/server/commands.ts'
import { replay } from '../../capabilities/incident/core/index.ts'
import { findIncident, listTimeline } from '../../capabilities/incident/server/store.ts'
import { inTransaction } from '../../foundation/server/db.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { CAUSED_BY_PEOPLE, INCIDENT_FLOW } from '../../flows/incident.ts'
import {
  SQUARE,
  away,
  citizenCall,
  openIncidentHouse,
  type Caller,
  type IncidentHouse,
} from './incident-house.ts'

describe('the rows of the incident flow', () => {
  it('each wait for what a person or a row above has caused', () => {
    const caused = new Set<string>(CAUSED_BY_PEOPLE)
    // Rows in one knot (unit status ↔ assignment) may read in either order; the first of the knot starts with a person.
    for (const row of INCIDENT_FLOW) {
      expect([...caused], row.id).toContain(row.on)
      for (const topic of row.leadsTo) caused.add(topic)
    }
  })
  it('have ids of their own', () => {
    expect(new Set(INCIDENT_FLOW.map(({ id }) => id)).size).toBe(INCIDENT_FLOW.length)
  })
})

describe('the story of an incident', () => {
  let house: IncidentHouse
  let room: Caller
  let commander: Caller
  const units: Record<string, string> = {}
  beforeAll(async () => {
    house = await openIncidentHouse()
    room = await house.as('dispatcher')
    commander = await house.as('duty-commander')
    units.east1 = await house.unit('城东01', 'east', 600)
    units.east2 = await house.unit('城东02', 'east', 1500)
    units.special1 = await house.unit('特巡01', 'special', 900)
    units.special2 = await house.unit('特巡02', 'special', 3000)
    units.west1 = await house.unit('城西01', 'west', 2000)
  })
  afterAll(() => house.close())
  beforeEach(async () => {
    await house.settled()
    for (const { id } of await house.rows<{ id: string }>(`select id from incident where status = 'open'`)) {
      await room.post(`/api/incidents/${id}/close`, { dispositionCode: 'withdrawn', result: '' })
    }
    await house.settled()
    house.now += 3_600_000
  })

  async function take(changes: object = {}) {
    const reply = await room.post('/api/reports', citizenCall(changes))
    expect(reply.status, JSON.stringify(reply.body)).toBe(201)
    await house.settled()
    return reply.body.incident as { id: string; number: string }
  }
  const seen = async (id: string) => (await room.get(`/api/incidents/${id}`)).body.incident
  const typesOf = async (id: string) =>
    ((await room.get(`/api/incidents/${id}/timeline`)).body.timeline as { type: string }[]).map(
      ({ type }) => type,
    )
  const openOf = async (id: string) =>
    (await room.get(`/api/assignments?incidentId=${id}&open=true`)).body.assignments as {
      id: string
      unitId: string
      role: string
      state: string
      echelon: number
    }[]

  it('goes from intake to closing, and its timeline leads to the same state', async () => {
    const { id } = await take()
    expect(await seen(id)).toMatchObject({ status: 'open', level: null, proposal: { level: 'general' } })
    expect(
      (await house.rows(`select recipient_id from notice where incident_id = $1 and kind = 'nearby'`, [id]))
        .length,
    ).toBe(4)

    expect((await room.post(`/api/incidents/${id}/confirm-level`, { level: 'general' })).status).toBe(200)
    await house.settled()
    // General: the special patrol stands by with one unit, the nearest.
    expect(await openOf(id)).toMatchObject([{ unitId: units.special1, role: 'stand-by', state: 'ordered' }])
    expect(await house.statusOf(units.special1!)).toBe('stand-by')

    const advice = (await room.get(`/api/incidents/${id}/recommendation`)).body
    expect(advice.handle).toMatchObject([{ unitId: units.east1, isStraightLine: true, isStale: false }])
    house.now += 5_000
    const sent = await room.post(`/api/incidents/${id}/dispatch`, { unitIds: [units.east1] })
    expect(sent.status).toBe(201)
    const [assignment] = sent.body.assignments
    house.now += 10_000
    await room.post(`/api/assignments/${assignment.id}/acknowledge`)
    house.now += 20_000
    await room.post(`/api/assignments/${assignment.id}/depart`)
    await house.settled()
    expect(await house.statusOf(units.east1!)).toBe('en-route')
    house.now += 120_000
    await room.post(`/api/assignments/${assignment.id}/arrive`)
    await house.settled()
    expect(await house.statusOf(units.east1!)).toBe('on-scene')
    expect(await seen(id)).toMatchObject({
      stage: 'handling',
      firstArrivedAt: new Date(house.now).toISOString(),
    })

    await room.post(`/api/incidents/${id}/advance-stage`, { stage: 'mediation' })
    house.now += 60_000
    expect(
      (await room.post(`/api/incidents/${id}/close`, { dispositionCode: 'mediated', result: '双方和解' }))
        .status,
    ).toBe(200)
    await house.settled()
    expect(await openOf(id)).toEqual([])
    expect(await house.statusOf(units.east1!)).toBe('patrolling')
    expect(await house.statusOf(units.special1!)).toBe('patrolling')

    const timeline = await listTimeline(house.database.db, id)
    expect(timeline.map(({ sequence }) => sequence)).toEqual(timeline.map((_, index) => index + 1))
    expect(replay(id as never, timeline)).toEqual(await findIncident(house.database.db, id))

    const page = (await room.get(`/api/incidents/${id}/report`)).body
    expect(page.times).toMatchObject({
      toFirstOrderSeconds: 5,
      toFirstAcknowledgementSeconds: 15,
      toFirstArrivalSeconds: 155,
    })
    const pdf = await room.get(`/api/incidents/${id}/report.pdf`)
    expect([pdf.status, pdf.body.subarray(0, 5).toString()]).toEqual([200, '%PDF-'])

    const statistics = await room.get(
      `/api/incident-statistics?from=2026-05-01T00:00:00Z&until=2026-05-03T00:00:00Z`,
    )
    expect(statistics.body).toMatchObject({ responseSeconds: { count: 1, p50: 155 } })
  })

  it('sends everyone on duty to stand by when it is major, by echelon, and lets them go when it calms down', async () => {
    const { id } = await take({ circumstances: ['weapon'], peopleCount: 8 })
    expect(await seen(id)).toMatchObject({ proposal: { level: 'complex' } })
    await room.post(`/api/incidents/${id}/confirm-level`, { level: 'complex' })
    await house.settled()
    expect((await openOf(id)).map(({ unitId }) => unitId)).toEqual([units.west1])

    await room.post(`/api/incidents/${id}/dispatch`, { unitIds: [units.east1] })
    expect(
      (await commander.post(`/api/incidents/${id}/escalate`, { level: 'major', reason: '人数激增' })).body,
    ).toMatchObject({ level: 'major', stage: 'reinforcement' })
    await house.settled()
    const standing = (await openOf(id)).filter(({ role }) => role === 'stand-by')
    expect(new Set(standing.map(({ unitId }) => unitId))).toEqual(
      new Set([units.east2, units.special1, units.special2, units.west1]),
    )
    expect(Object.fromEntries(standing.map(({ unitId, echelon }) => [unitId, echelon]))).toMatchObject({
      [units.east2!]: 1,
      [units.special1!]: 2,
      [units.special2!]: 2,
    })
    const order = (await typesOf(id)).filter((type) => type === 'unit-stood-by')
    expect(order.length).toBe(4)

    await commander.post(`/api/incidents/${id}/de-escalate`, { level: 'general', reason: '事态平息' })
    await house.settled()
    expect((await openOf(id)).map(({ role }) => role).toSorted()).toEqual(['handle', 'stand-by'])
    expect(await house.statusOf(units.east2!)).toBe('patrolling')
  })

  it('promotes a unit from stand-by of the same incident, and takes one from another only with a reason', async () => {
    const first = await take()
    await room.post(`/api/incidents/${first.id}/confirm-level`, { level: 'general' })
    await house.settled()
    const second = await take({ position: away(50) })

    const refused = await room.post(`/api/incidents/${second.id}/dispatch`, { unitIds: [units.special1] })
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'preemption-reason-required',
        about: { incidentNumber: first.number, callSign: '特巡01' },
      },
    })
    const taken = await room.post(`/api/incidents/${second.id}/dispatch`, {
      unitIds: [units.special1],
      reason: '更急',
    })
    expect(taken.status).toBe(201)
    await house.settled()
    expect((await openOf(first.id)).length).toBe(0)
    expect(await typesOf(first.id)).toContain('unit-released')

    await room.post(`/api/incidents/${first.id}/escalate`, { level: 'complex', reason: '增援' })
    await house.settled()
    const promoted = await room.post(`/api/incidents/${first.id}/dispatch`, { unitIds: [units.west1] })
    expect(promoted.body.assignments).toMatchObject([
      { unitId: units.west1, role: 'handle', state: 'ordered' },
    ])
    expect(await typesOf(first.id)).toContain('unit-promoted')
  })

  it('refuses a unit that another incident has, naming it, and sends nobody of the order then', async () => {
    const first = await take()
    await room.post(`/api/incidents/${first.id}/dispatch`, { unitIds: [units.east1] })
    const second = await take({ position: away(50) })
    const refused = await room.post(`/api/incidents/${second.id}/dispatch`, {
      unitIds: [units.east2, units.east1],
    })
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'unit-already-assigned',
        about: { callSign: '城东01', incidentId: first.id, incidentNumber: first.number },
      },
    })
    expect(await openOf(second.id)).toEqual([])
  })

  it('chases an unanswered order, again, and then tells the leader', async () => {
    const { id } = await take()
    await room.post(`/api/incidents/${id}/dispatch`, { unitIds: [units.east1] })
    expect(await house.chase()).toBe(0)
    for (const seconds of [60, 45, 45, 45]) {
      house.now += seconds * 1000
      expect(await house.chase()).toBe(1)
    }
    house.now += 3_600_000
    expect(await house.chase()).toBe(0)
    const kinds = await house.rows<{ kind: string; recipient_id: string }>(
      `select kind, recipient_id from notice where incident_id = $1 and kind in ('chase', 'leader') order by id`,
      [id],
    )
    expect(kinds.map(({ kind }) => kind)).toEqual(['chase', 'chase', 'chase', 'leader'])
    expect(kinds.at(-1)!.recipient_id).toBe(house.organisations.east)
  })

  it('tells the group after the units that are near, and keeps who has read it', async () => {
    const { id } = await take()
    await house.sendDueNotices()
    expect((await room.get(`/api/notices?incidentId=${id}&kind=group`)).body.notices).toEqual([])
    house.now += 30_000
    await house.sendDueNotices()
    const [group] = (await room.get(`/api/notices?incidentId=${id}&kind=group`)).body.notices
    expect(group.data.toldFirst[0]).toBe('城东01')
    expect((await room.post(`/api/notices/${group.id}/read`)).body).toMatchObject({ isFirst: true })
    expect((await room.post(`/api/notices/${group.id}/read`)).body).toMatchObject({ isFirst: false })
    expect((await room.get(`/api/notices?incidentId=${id}&kind=group`)).body.notices[0].receipts.length).toBe(
      1,
    )
  })

  it('merges with the units, and opens again when that was wrong', async () => {
    const first = await take()
    const second = await take({ position: away(80) })
    const suggestions = (
      await room.get(`/api/incident-duplicates?lon=${SQUARE.lon}&lat=${SQUARE.lat}&typeCode=0201`)
    ).body.suggestions
    expect(suggestions.map((each: { incident: { id: string } }) => each.incident.id)).toContain(second.id)
    const [assignment] = (await room.post(`/api/incidents/${second.id}/dispatch`, { unitIds: [units.east1] }))
      .body.assignments
    await room.post(`/api/assignments/${assignment.id}/arrive`)
    await house.settled()
    expect(
      (await room.post(`/api/incidents/${second.id}/merge`, { intoId: first.id, reason: '同一警情' })).body,
    ).toMatchObject({ status: 'merged', mergedIntoId: first.id })
    await house.settled()
    expect(await openOf(first.id)).toMatchObject([
      { id: assignment.id, unitId: units.east1, state: 'on-scene' },
    ])
    expect(await seen(first.id)).toMatchObject({ stage: 'response', firstArrivedAt: expect.any(String) })
    expect((await room.get(`/api/incidents/${first.id}`)).body).toMatchObject({
      absorbed: [{ id: second.id }],
      reports: [{}, {}],
    })
    expect(
      (await room.post(`/api/incidents/${second.id}/reopen`, { reason: '两起不同警情' })).body.status,
    ).toBe('open')
  })

  it('takes what a crew says with its status for what it says of its order', async () => {
    const { id } = await take()
    await room.post(`/api/incidents/${id}/dispatch`, { unitIds: [units.east1] })
    await house.settled()
    await say(units.east1!, 'on-scene')
    expect(await openOf(id)).toMatchObject([{ state: 'on-scene' }])
    await say(units.east1!, 'out-of-service')
    expect(await openOf(id)).toEqual([])
    expect(await house.statusOf(units.east1!)).toBe('out-of-service')
    await say(units.east1!, 'patrolling')
  })

  async function say(unitId: string, status: UnitStatus) {
    await inTransaction(house.database.db, (tx) =>
      changeUnitStatus(tx, systemContext('crew', house.now), {
        unitId: unitId as UnitId,
        status,
        source: 'unit',
      }),
    )
    house.app.outbox.wake()
    await house.settled()
  }

  it('goes on where it stood after a stop, and nothing happens twice', async () => {
    await house.stopFlows()
    const reply = await room.post('/api/reports', citizenCall())
    const { id } = reply.body.incident
    await room.post(`/api/incidents/${id}/confirm-level`, { level: 'general' })
    house.startFlows()
    await house.settled()
    await house.stopFlows()
    house.startFlows()
    await house.settled()
    const types = await typesOf(id)
    expect(types.filter((type) => type === 'level-proposed').length).toBe(1)
    expect(types.filter((type) => type === 'unit-stood-by').length).toBe(1)
    expect(await house.rows('select * from flow_failure')).toEqual([])
  })
})
