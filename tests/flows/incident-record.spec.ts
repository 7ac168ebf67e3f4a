import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  SQUARE,
  away,
  citizenCall,
  openIncidentHouse,
  type Caller,
  type IncidentHouse,
} from './incident-house.ts'

describe('the record of an incident', () => {
  let house: IncidentHouse
  let room: Caller
  let commander: Caller
  beforeAll(async () => {
    house = await openIncidentHouse()
    room = await house.as('dispatcher')
    commander = await house.as('duty-commander')
  })
  afterAll(() => house.close())
  beforeEach(() => {
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

  it('numbers incidents by the local day without a gap, whoever opens them at once', async () => {
    const taken = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        room.post('/api/reports', citizenCall(index % 5 === 4 ? { typeCode: 'none' } : {})),
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
    const first = await room.post('/api/reports', citizenCall({ external }))
    const again = await room.post('/api/reports', citizenCall({ external }))
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
      citizenCall({
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

  describe('free text that speaks of what must not be recorded of a person', () => {
    const noteOf = async (action: string, subjectId: string) =>
      (
        await house.rows<{ note: unknown }>(
          `select detail->'sensitive' as note from audit_entry where action = $1 and subject_id = $2`,
          [action, subjectId],
        )
      ).map(({ note }) => note)

    it('never loses a call: it is taken down, and the audit says that nobody confirmed the words', async () => {
      const { status, body } = await room.post('/api/reports', citizenCall({ summary: '维吾尔族男子持刀' }))
      expect(status).toBe(201)
      expect(await noteOf('incident.report', body.report.id as string)).toEqual([
        { fields: [{ field: 'summary', topics: ['ethnicity'] }], reason: null },
      ])
    })

    it('takes a note only reworded, or with the reason why it stays', async () => {
      const { id } = await take()
      const notes = `/api/incidents/${id}/notes`
      const refused = await room.post(notes, { text: '当事人为穆斯林' })
      expect([refused.status, refused.body.code, refused.body.field]).toEqual([
        422,
        'sensitive-reason-required',
        'text',
      ])
      expect((await room.post(notes, { text: '当事人拒绝调解' })).status).toBe(200)
      const sensitiveReason = '宗教场所纠纷，调解需要'
      expect((await room.post(notes, { text: '当事人为穆斯林', sensitiveReason })).status).toBe(200)
      expect(await noteOf('incident.add-note', id)).toEqual([
        null,
        { fields: [{ field: 'text', topics: ['religion'] }], reason: sensitiveReason },
      ])
    })

    it('asks the same of a result and of a correction, and lets medical help speak of health', async () => {
      const { id } = await take()
      const help = { kind: 'called', people: 1, note: '伤者有糖尿病史' }
      expect((await room.post(`/api/incidents/${id}/medical-help`, help)).status).toBe(200)
      const ending = { dispositionCode: 'withdrawn', result: '报警人有精神病' }
      expect((await room.post(`/api/incidents/${id}/close`, ending)).body.code).toBe(
        'sensitive-reason-required',
      )
      expect((await seen(id)).status).toBe('open')
      const sensitiveReason = '转送医院需要'
      expect((await room.post(`/api/incidents/${id}/close`, { ...ending, sensitiveReason })).status).toBe(200)
    })
  })

  it('is open to those whose unit was sent, wherever they belong, and to no other station', async () => {
    const unitId = await house.unit('特巡01', 'special', 900)
    const crew = await house.as({ role: 'officer', organisationId: house.organisations.special })
    const { id } = await take({ position: away(10) })
    expect((await crew.get(`/api/incidents/${id}`)).status).toBe(404)
    expect((await crew.post(`/api/incidents/${id}/notes`, { text: '到场' })).status).toBe(403)
    await room.post(`/api/incidents/${id}/dispatch`, { unitIds: [unitId] })
    expect((await crew.get(`/api/incidents/${id}`)).status).toBe(200)
    expect((await crew.post(`/api/incidents/${id}/notes`, { text: '到场' })).status).toBe(200)
    expect(
      (await crew.post(`/api/incidents/${id}/close`, { dispositionCode: 'withdrawn', result: '' })).status,
    ).toBe(403)
    // What a patrol finds it may report wherever it is.
    const found = await crew.post('/api/reports', citizenCall({ origin: 'patrol', foundByUnitId: unitId }))
    expect(found.status).toBe(201)
    expect((await crew.post('/api/reports', citizenCall({ origin: 'patrol' }))).body).toMatchObject({
      code: 'found-by-unit-required',
    })
    const named = (by: Caller, foundByUnitId: string) =>
      by.post('/api/reports', citizenCall({ origin: 'patrol', foundByUnitId }))
    expect((await named(crew, 'no-such-unit')).body).toMatchObject({
      code: 'invalid-unit',
      field: 'foundByUnitId',
    })
    const other = await house.unit('城西09', 'west', 900)
    expect((await named(crew, other)).body).toMatchObject({ code: 'out-of-scope', field: 'foundByUnitId' })
    expect((await named(room, other)).status).toBe(201)
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
