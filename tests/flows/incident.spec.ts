import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { UnitId, UnitStatus } from '../../capabilities/force/core/index.ts'
import { changeUnitStatus } from '../../capabilities/force/server/commands.ts'
import { replay } from '../../capabilities/incident/core/index.ts'
import { findIncident, listTimeline } from '../../capabilities/incident/server/store.ts'
import { inTransaction } from '../../foundation/server/db.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { CAUSED_BY_PEOPLE, INCIDENT_FLOW } from '../../flows/incident.ts'
import { SQUARE, away, openIncidentHouse, type Caller, type IncidentHouse } from './incident-house.ts'

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

  const report = (changes: object = {}) => ({
    origin: 'citizen',
    typeCode: '0201',
    summary: '广场有人打架',
    address: '站前广场',
    position: SQUARE,
    peopleCount: 4,
    ...changes,
  })
  async function take(changes: object = {}) {
    const reply = await room.post('/api/reports', report(changes))
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
    const reply = await room.post('/api/reports', report())
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

  it('numbers incidents by the local day without a gap, whoever opens them at once', async () => {
    const taken = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        room.post('/api/reports', report(index % 5 === 4 ? { typeCode: 'none' } : {})),
      ),
    )
    const numbers = taken
      .flatMap(({ status, body }) => (status === 201 ? [body.incident.number as string] : []))
      .toSorted()
    expect(numbers.length).toBe(20)
    const counts = numbers.map((number) => Number(number.slice(9)))
    expect(counts).toEqual(counts.map((_, index) => counts[0]! + index))
  })

  it('takes one report for each id of another system, and one effect for each idempotency key', async () => {
    const external = { source: 'cad', id: 'call-7' }
    const first = await room.post('/api/reports', report({ external }))
    const again = await room.post('/api/reports', report({ external }))
    expect([first.status, again.status, again.body.isNew, again.body.incident.id]).toEqual([
      201,
      200,
      false,
      first.body.incident.id,
    ])
    const key = { 'idempotency-key': 'note-1' }
    const id = first.body.incident.id as string
    await room.post(`/api/incidents/${id}/notes`, { text: '已到现场' }, key)
    await room.post(`/api/incidents/${id}/notes`, { text: '已到现场' }, key)
    expect((await typesOf(id)).filter((type) => type === 'note-added').length).toBe(1)
  })

  it('lets an edit through only over the version that was read, and grades again after it', async () => {
    const { id } = await take()
    const { version } = await seen(id)
    const patch = (ifMatch: string | null, body: object) =>
      room.send('PATCH', `/api/incidents/${id}`, body, ifMatch ? { 'if-match': ifMatch } : {})
    expect((await patch(null, { peopleCount: 30 })).status).toBe(428)
    expect((await patch(`"${version}"`, { peopleCount: 30 })).status).toBe(200)
    expect((await patch(`"${version}"`, { peopleCount: 31 })).status).toBe(412)
    await house.settled()
    expect(await seen(id)).toMatchObject({ peopleCount: 30, proposal: { level: 'complex' } })
  })

  it('refuses an override without a reason, in the open', async () => {
    const { id } = await take()
    expect(await room.post(`/api/incidents/${id}/confirm-level`, { level: 'major' })).toMatchObject({
      status: 422,
      body: { code: 'override-reason-required', field: 'reason' },
    })
    expect(
      (await room.post(`/api/incidents/${id}/confirm-level`, { level: 'major', reason: '现场情况不明' }))
        .status,
    ).toBe(200)
  })

  it('shows a caller only under its own right, and writes down who looked', async () => {
    const reply = await room.post(
      '/api/reports',
      report({
        caller: { name: '王某', phone: '021-5550100', legalBasis: '110-rules', purpose: 'call-back' },
      }),
    )
    const url = `/api/reports/${reply.body.report.id}/caller`
    expect((await (await house.as('officer')).get(url)).status).toBe(403)
    expect((await room.get(url)).body.caller).toMatchObject({ name: '王某', purpose: 'call-back' })
    expect(JSON.stringify(await room.get(`/api/incidents/${reply.body.incident.id}`))).not.toContain('王某')
    const audits = await house.rows(
      `select * from audit_entry where action = 'read incident.read-caller' and subject_id = $1`,
      [reply.body.report.id],
    )
    expect(audits.length).toBe(1)
  })

  it('pages through incidents by filters, and hides those of other organisations', async () => {
    for (let index = 0; index < 5; index++) {
      house.now += 1000
      await take({ origin: 'alarm', typeCode: '0905', position: index < 2 ? away(500, 270) : SQUARE })
    }
    const found: string[] = []
    let cursor: string | null = null
    do {
      const { body } = await room.get(
        `/api/incidents?status=open&origin=alarm&typeCode=09&limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      )
      found.push(...body.incidents.map((each: { id: string }) => each.id))
      cursor = body.nextCursor
    } while (cursor)
    expect(new Set(found).size).toBe(5)
    const chief = await house.as({ role: 'station-chief', organisationId: house.organisations.west })
    expect((await chief.get('/api/incidents?status=open&origin=alarm')).body.incidents.length).toBe(2)
    expect((await chief.get(`/api/incidents/${found[0]}`)).status).toBe(404)
    expect((await room.get('/api/incidents?cursor=nonsense')).body).toMatchObject({ code: 'invalid-cursor' })
  })

  it('is open to those whose unit was sent, wherever they belong, and to no other station', async () => {
    const crew = await house.as({ role: 'officer', organisationId: house.organisations.special })
    const { id } = await take({ position: away(10) })
    expect((await crew.get(`/api/incidents/${id}`)).status).toBe(404)
    expect((await crew.post(`/api/incidents/${id}/notes`, { text: '到场' })).status).toBe(403)
    await room.post(`/api/incidents/${id}/dispatch`, { unitIds: [units.special1] })
    expect((await crew.get(`/api/incidents/${id}`)).status).toBe(200)
    expect((await crew.post(`/api/incidents/${id}/notes`, { text: '到场' })).status).toBe(200)
    expect(
      (await crew.post(`/api/incidents/${id}/close`, { dispositionCode: 'withdrawn', result: '' })).status,
    ).toBe(403)
    // What a patrol finds it may report wherever it is.
    const found = await crew.post('/api/reports', report({ origin: 'patrol', foundByUnitId: units.special1 }))
    expect(found.status).toBe(201)
    expect((await crew.post('/api/reports', report({ origin: 'patrol' }))).body).toMatchObject({
      code: 'found-by-unit-required',
    })
  })

  it('changes a response plan only to a possible one, over the version that was read', async () => {
    const read = async () =>
      (await room.get('/api/incident-settings')).body.settings.find(
        (each: { key: string }) => each.key === 'response-plan',
      )
    const { value, version } = await read()
    const put = (plan: unknown, ifMatch: number) =>
      commander.send(
        'PUT',
        '/api/incident-settings/response-plan',
        { value: plan },
        { 'if-match': `"${ifMatch}"` },
      )
    expect(await put(value.slice(1), version)).toMatchObject({
      status: 422,
      body: { code: 'plan-level-required' },
    })
    expect(await put(value, version)).toMatchObject({ status: 200, body: { version: version + 1 } })
    expect((await put(value, version)).status).toBe(412)
  })

  it('keeps the timeline as evidence: the server itself cannot change an entry', async () => {
    await expect(house.rows('update incident_event set account_name = account_name')).rejects.toMatchObject({
      code: '42501',
    })
    await expect(house.rows('delete from incident_event')).rejects.toMatchObject({ code: '42501' })
  })
})
