import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replay } from '../../capabilities/incident/core/index.ts'
import { findIncident, listTimeline } from '../../capabilities/incident/server/store.ts'
import { seededChance } from '../../foundation/core/chance.ts'
import { away, openIncidentHouse, type Caller, type IncidentHouse, type Reply } from './incident-house.ts'

describe('dispatching the same units at the same moment', () => {
  let house: IncidentHouse
  let room: Caller
  const units: string[] = []
  beforeAll(async () => {
    house = await openIncidentHouse()
    room = await house.as('dispatcher', 'duty-commander')
    for (let index = 0; index < 10; index++)
      units.push(await house.unit(`城东${index}`, index % 3 === 2 ? 'special' : 'east', 300 + 100 * index))
  })
  afterAll(() => house.close())

  async function openIncidents(count: number): Promise<string[]> {
    const ids: string[] = []
    for (let index = 0; index < count; index++) {
      const body = {
        origin: 'citizen',
        typeCode: '0201',
        summary: '',
        address: '',
        position: away(20 * index),
      }
      ids.push((await room.post('/api/reports', body)).body.incident.id)
    }
    return ids
  }

  it('lets exactly one of twenty commands have a unit, and tells the others which incident has it', async () => {
    const [incidentIds, unitId] = [await openIncidents(20), units[0]!]
    const replies = await Promise.all(
      incidentIds.map((id) => room.post(`/api/incidents/${id}/dispatch`, { unitIds: [unitId] })),
    )
    const won = replies.filter(({ status }) => status === 201)
    expect(won.length).toBe(1)
    for (const { status, body } of replies) {
      if (status === 201) continue
      expect(body).toMatchObject({
        code: 'unit-already-assigned',
        about: { unitId, incidentId: won[0]!.body.assignments[0].incidentId },
      })
    }
    for (const id of incidentIds)
      await room.post(`/api/incidents/${id}/close`, { dispositionCode: 'withdrawn', result: '' })
    await house.settled()
  })

  it('assigns nobody twice while orders, taps, escalations, merges and closings run into each other', async () => {
    const chance = seededChance(20161024)
    const incidentIds = await openIncidents(8)
    const taken: string[] = []
    const replies: Reply[] = []
    const some = () => chance.pick(incidentIds)
    const acts: (() => Promise<Reply>)[] = [
      () =>
        room.post(`/api/incidents/${some()}/dispatch`, {
          unitIds: [...new Set([chance.pick(units), chance.pick(units), chance.pick(units)])],
        }),
      () =>
        room.post(`/api/incidents/${some()}/dispatch`, { unitIds: [chance.pick(units)], role: 'stand-by' }),
      () => room.post(`/api/incidents/${some()}/dispatch`, { unitIds: [chance.pick(units)], reason: '更急' }),
      () =>
        room.post(
          `/api/assignments/${taken.length > 0 ? chance.pick(taken) : 'none'}/${chance.pick(['acknowledge', 'depart', 'arrive'])}`,
        ),
      () =>
        room.post(`/api/assignments/${taken.length > 0 ? chance.pick(taken) : 'none'}/release`, {
          reason: '改派',
        }),
      () => room.post(`/api/incidents/${some()}/confirm-level`, { level: 'general' }),
      () =>
        room.post(`/api/incidents/${some()}/escalate`, {
          level: chance.pick(['complex', 'major']),
          reason: '增援',
        }),
      () => room.post(`/api/incidents/${some()}/de-escalate`, { level: 'general', reason: '平息' }),
      () => room.post(`/api/incidents/${some()}/merge`, { intoId: some(), reason: '同一警情' }),
      () => room.post(`/api/incidents/${some()}/reopen`, { reason: '并错' }),
      () => room.post(`/api/incidents/${some()}/close`, { dispositionCode: 'withdrawn', result: '' }),
    ]
    const weights = [8, 3, 3, 6, 4, 2, 2, 1, 1, 2, 1]
    const worker = async () => {
      for (let turn = 0; turn < 40; turn++) {
        const reply = await acts[chance.weighted(weights)]!()
        replies.push(reply)
        for (const { id } of reply.status === 201 ? reply.body.assignments : []) taken.push(id)
      }
    }
    await Promise.all(Array.from({ length: 12 }, worker))
    await house.settled()

    const answers = replies.map(({ status, body }) => (status < 300 ? 'done' : `${status} ${body.code}`))
    expect(answers.filter((answer) => answer.startsWith('5'))).toEqual([])
    expect(answers.filter((answer) => answer === 'done').length).toBeGreaterThan(100)
    expect(
      await house.rows(
        `select unit_id from assignment where released_at is null group by unit_id having count(*) > 1`,
      ),
    ).toEqual([])
    expect(await house.rows(`select * from flow_failure`)).toEqual([])
    for (const id of incidentIds) {
      const timeline = await listTimeline(house.database.db, id)
      expect(timeline.map(({ sequence }) => sequence)).toEqual(timeline.map((_, index) => index + 1))
      expect(replay(id as never, timeline)).toEqual(await findIncident(house.database.db, id))
    }
    // Nobody is bound to an incident that has ended, and nobody's status says otherwise than the assignment.
    expect(
      await house.rows(
        `select a.id from assignment a join incident i on i.id = a.incident_id where released_at is null and i.status <> 'open'`,
      ),
    ).toEqual([])
    const wrong = await house.rows(`
      select unit.id, unit.status, a.role, a.state from unit left join assignment a on a.unit_id = unit.id and a.released_at is null
      where (a.id is null and unit.status in ('en-route', 'on-scene', 'stand-by'))
         or (a.role = 'stand-by' and unit.status <> 'stand-by')
         or (a.state in ('en-route', 'on-scene') and unit.status <> a.state)`)
    expect(wrong).toEqual([])
  })

  it('is kept by the table itself, not by the code', async () => {
    const [id] = await openIncidents(1)
    const insert = `insert into assignment (id, incident_id, unit_id, call_sign, organisation_id, role, state, echelon, ordered_at, asked_at)
      values ($1, $2, $3, '', '', 'handle', 'ordered', 1, now(), now())`
    await house.rows(
      `update assignment set state = 'released', released_at = now(), release_cause = 'recalled' where unit_id = $1 and released_at is null`,
      [units[9]],
    )
    await house.rows(insert, ['twice-1', id, units[9]])
    await expect(house.rows(insert, ['twice-2', id, units[9]])).rejects.toMatchObject({
      code: '23505',
      constraint: 'assignment_one_open_per_unit',
    })
  })
})
