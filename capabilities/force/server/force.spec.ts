import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import { inTransaction, sqlState } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import { openRooms, type Call, type OpenRooms } from '../../../tests/rooms.ts'
import { ACCESS, type OfficerId, type OrganisationId, type UnitId } from '../core/index.ts'
import { changeUnitStatus } from './commands.ts'
import { importOfficers, importUnits } from './imports.ts'
import { settleLoans } from './loans.ts'
import { insertOrganisation } from './register.store.ts'
import { registerForceRoutes } from './routes.ts'
import { readForceBoard, readOrganisationTree } from './store.ts'

const START = Date.parse('2026-11-24T00:00:00Z')
const HOUR = 3_600_000

describe('the force in its database', () => {
  let rooms: OpenRooms
  let now = START
  let held: { unitId: string; assignmentId: string } | null = null
  const organisations: Record<string, OrganisationId> = {}
  let chief: Call
  let commander: Call
  let dispatcher: Call

  const system = () => systemContext('test', now)
  const board = () => readForceBoard(rooms.database.db, now)
  const officer = async (badge: string) => (await board()).officers.find((one) => one.badgeNumber === badge)!
  const unit = async (callSign: string) => (await board()).units.find((one) => one.callSign === callSign)!
  const countOf = async (table: string, where: string) =>
    (
      await sql<{
        count: number
      }>`select count(*) as count from ${sql.table(table)} where ${sql.raw(where)}`.execute(rooms.database.db)
    ).rows[0]!.count

  beforeAll(async () => {
    rooms = await openRooms(
      {
        rules: ACCESS,
        organisationTree: readOrganisationTree,
        register: (app) =>
          registerForceRoutes(app, {
            commitmentOf: async (_tx, unitId) => (held?.unitId === unitId ? held : null),
            isOut: async () => (status) => status === 'patrolling',
          }),
      },
      () => now,
    )
    await inTransaction(rooms.database.db, async (tx) => {
      const add = async (
        code: string,
        kind: 'sub-bureau' | 'station' | 'special-patrol',
        parent: string | null,
      ) => {
        organisations[code] = await insertOrganisation(tx, {
          parentId: parent === null ? null : organisations[parent]!,
          code,
          kind,
          nameZh: `${code}单位`,
          nameEn: code,
          position: null,
          dutyCommanderOfficerId: null,
        })
      }
      await add('bureau', 'sub-bureau', null)
      await add('urban', 'station', 'bureau')
      await add('special', 'special-patrol', 'bureau')
    })
    await importOfficers(rooms.database.db, system(), [
      ...['u1', 'u2', 'u3', 'u4'].map((badge, index) => ({
        row: index + 2,
        cells: {
          badge,
          name: `张${badge}`,
          org: 'urban',
          sworn: badge === 'u4' ? 'no' : 'yes',
          phone: `13800${index}`,
        },
      })),
      ...['s1', 's2'].map((badge, index) => ({
        row: index + 6,
        cells: { badge, name: `李${badge}`, org: 'special', phone: '' },
      })),
    ])
    chief = await rooms.as({ grants: [{ role: 'station-chief', organisationId: organisations['urban']! }] })
    commander = await rooms.as({ grants: [{ role: 'duty-commander', organisationId: null }] })
    dispatcher = await rooms.as({ grants: [{ role: 'dispatcher', organisationId: null }] })
  })
  afterAll(() => rooms.close())

  it('imports officers and units once, however often the file is sent, and rejects by row and cause', async () => {
    const rows = [
      { row: 2, cells: { 呼号: '巡01', 单位: 'urban', 带班民警: 'u1', 组员: 'u4', 车牌: '川A0001警' } },
      { row: 3, cells: { 呼号: '特01', 单位: 'special', 带班民警: 's1', 类型: '特警' } },
      { row: 4, cells: { 呼号: '巡09', 单位: 'urban', 带班民警: 's2' } },
    ]
    const first = await importUnits(rooms.database.db, system(), rows)
    expect(first).toMatchObject({ added: 2, changed: 0, unchanged: 0 })
    expect(first.rejections).toEqual([
      { row: 4, field: 'crew', cause: 'officer-of-other-organisation', value: 's2' },
    ])
    expect(await importUnits(rooms.database.db, system(), rows)).toMatchObject({
      added: 0,
      changed: 0,
      unchanged: 2,
    })
    const again = [{ row: 2, cells: { badge: 'u1', name: '张u1', org: 'urban', sworn: 'yes' } }]
    expect(await importOfficers(rooms.database.db, system(), again)).toMatchObject({
      changed: 0,
      unchanged: 1,
    })
    expect((await unit('巡01')).memberOfficerIds).toEqual([
      (await officer('u1')).id,
      (await officer('u4')).id,
    ])
  })

  it('lets two units of a file swap their crews and vehicles', async () => {
    const swap = (a: string, b: string) => [
      { row: 2, cells: { 呼号: '换01', 单位: 'urban', 带班民警: a, 车牌: a === 'u2' ? 'P1' : 'P2' } },
      { row: 3, cells: { 呼号: '换02', 单位: 'urban', 带班民警: b, 车牌: a === 'u2' ? 'P2' : 'P1' } },
    ]
    await importUnits(rooms.database.db, system(), swap('u2', 'u3'))
    expect(await importUnits(rooms.database.db, system(), swap('u3', 'u2'))).toMatchObject({ changed: 2 })
    expect((await unit('换01')).memberOfficerIds).toEqual([(await officer('u3')).id])
    await importUnits(rooms.database.db, system(), [
      { row: 2, cells: { 呼号: '换01', 单位: 'urban' } },
      { row: 3, cells: { 呼号: '换02', 单位: 'urban' } },
    ])
  })

  it('shows every department to everyone who may read the force, and answers 304 while nothing changed', async () => {
    const first = await chief('GET', '/api/force-board')
    expect(first.status).toBe(200)
    expect((first.body['organisations'] as { code: string }[]).map((one) => one.code)).toEqual([
      'bureau',
      'special',
      'urban',
    ])
    expect(JSON.stringify(first.body)).not.toContain('张u1')
    const etag = String(first.headers['etag'])
    expect((await chief('GET', '/api/force-board', undefined, { 'if-none-match': etag })).status).toBe(304)
  })

  it('gives names only to who may have them, within scope, and writes each reading to the audit log', async () => {
    const mine = await chief<{ officers: { name: string }[] }>('GET', '/api/officer-persons')
    expect(mine.body.officers.map((one) => one.name)).toEqual(['张u1', '张u2', '张u3', '张u4'])
    expect(await countOf('audit_entry', `action = 'read force.read-persons'`)).toBe(1)
    const analyst = await rooms.as({ grants: [{ role: 'analyst', organisationId: null }] })
    expect((await analyst('GET', '/api/officer-persons')).status).toBe(403)
  })

  it('finds an officer for an account by badge number or name, gives nothing else, and logs each look', async () => {
    const security = await rooms.as({ grants: [{ role: 'security-admin', organisationId: null }] })
    const find = async (query: string) =>
      (await security<{ officers: object[] }>('GET', `/api/officer-names?${query}`)).body.officers
    const { id } = await officer('u1')
    const one = [{ id, badgeNumber: 'u1', name: '张u1' }]
    expect(await find('q=U1')).toEqual(one)
    expect(await find(`q=${encodeURIComponent('张u1')}`)).toEqual(one)
    expect(await find(`id=${id}`)).toEqual(one)
    expect(await find(`q=${encodeURIComponent('%')}`)).toEqual([])
    expect(await countOf('audit_entry', `action = 'read force.find-officers'`)).toBe(4)
    expect((await security('GET', '/api/officer-names?q=%20')).status).toBe(422)
    expect((await security('GET', '/api/officers')).status).toBe(403)
    expect((await chief('GET', '/api/officer-names?q=u1')).status).toBe(403)
  })

  it('takes a unit along the chain and keeps when, by whom, from where, by which rule and why', async () => {
    const { id } = await unit('巡01')
    now += HOUR
    const step = await dispatcher('POST', `/api/units/${id}/status`, {
      status: 'briefing',
      cause: '早班点名',
    })
    expect(step).toMatchObject({ status: 200, body: { rule: 'S01', unit: { status: 'briefing' } } })
    const illegal = await dispatcher('POST', `/api/units/${id}/status`, { status: 'on-scene' })
    expect(illegal).toMatchObject({ status: 409, body: { code: 'status-step-illegal' } })
    const stale = await dispatcher('POST', `/api/units/${id}/status`, { status: 'patrolling', from: 'break' })
    expect(stale).toMatchObject({ status: 409, body: { code: 'unit-status-moved-on' } })
    const { body } = await dispatcher('GET', `/api/units/${id}/status-changes`)
    expect(body['changes']).toMatchObject([
      {
        rule: 'S01',
        from: 'off-duty',
        to: 'briefing',
        source: 'dispatcher',
        changedAt: new Date(now).toISOString(),
        cause: '早班点名',
      },
    ])
    expect(await countOf('outbox', `topic = 'unit.status-changed'`)).toBe(1)
    expect(await countOf('audit_entry', `action = 'force.set-status'`)).toBe(1)
  })

  it('lets a crew say its own status and nobody else’s', async () => {
    const own = await rooms.as({
      grants: [{ role: 'officer', organisationId: organisations['urban']! }],
      officerId: (await officer('u1')).id,
    })
    const { id } = await unit('巡01')
    expect((await own('POST', `/api/units/${id}/status`, { status: 'patrolling' })).status).toBe(200)
    const foreign = (await unit('特01')).id
    expect(await own('POST', `/api/units/${foreign}/status`, { status: 'briefing' })).toMatchObject({
      status: 403,
      body: { code: 'out-of-scope' },
    })
  })

  it('lets a unit with an assignment say how far it is, and nothing that would take it away unseen', async () => {
    const { id } = await unit('巡01')
    held = { unitId: id, assignmentId: 'a1' }
    expect(await dispatcher('POST', `/api/units/${id}/status`, { status: 'break' })).toMatchObject({
      status: 409,
      body: { code: 'unit-has-assignment', about: { assignmentId: 'a1' } },
    })
    for (const status of ['en-route', 'on-scene', 'patrolling'])
      expect((await dispatcher('POST', `/api/units/${id}/status`, { status })).status).toBe(200)
    held = null
  })

  it('takes a status once when the same command is sent twice, and one of two sent at once', async () => {
    const { id } = await unit('巡01')
    const key = { 'idempotency-key': 'tap-1' }
    const tap = () => dispatcher('POST', `/api/units/${id}/status`, { status: 'break' }, key)
    const twice = await Promise.all([tap(), tap()])
    expect(twice.map((answer) => answer.status)).toEqual([200, 200])
    const race = await Promise.all(
      Array.from({ length: 6 }, () =>
        dispatcher('POST', `/api/units/${id}/status`, { status: 'patrolling' }),
      ),
    )
    expect(race.filter((answer) => answer.status === 200).length).toBe(1)
    expect(race.filter((answer) => answer.body['code'] === 'unit-already-in-status').length).toBe(5)
  })

  it('calls the roll for many at once, all or none, and never outside the scope', async () => {
    const ids = await Promise.all(['u1', 'u2', 'u3'].map(async (badge) => (await officer(badge)).id))
    const foreign = (await officer('s1')).id
    const refused = await chief('POST', '/api/roll-calls', { duty: 'on', officerIds: [...ids, foreign] })
    expect(refused).toMatchObject({ status: 403, body: { about: { officerIds: [foreign] } } })
    expect((await officer('u1')).duty).toBe('off')
    const done = await chief('POST', '/api/roll-calls', { duty: 'on', officerIds: [...ids, ids[0]!] })
    expect(done.body['changedOfficerIds']).toHaveLength(3)
    const again = await chief('POST', '/api/roll-calls', { duty: 'on', officerIds: ids })
    expect(again.body).toMatchObject({ changedOfficerIds: [] })
    expect(await countOf('outbox', `topic = 'officer.duty-changed'`)).toBe(1)
  })

  it('gives a foot post to an officer on duty, ends it off duty, and the table would not have it otherwise', async () => {
    const { id } = await officer('u2')
    expect((await chief('POST', `/api/officers/${id}/post`, { post: 'street' })).body['post']).toBe('street')
    await chief('POST', `/api/officers/${id}/duty`, { duty: 'off' })
    expect(await officer('u2')).toMatchObject({ duty: 'off', post: 'none' })
    expect(await chief('POST', `/api/officers/${id}/post`, { post: 'street' })).toMatchObject({
      status: 409,
      body: { code: 'officer-off-duty' },
    })
    const forced = sql`update officer set post = 'street' where id = ${id}`.execute(rooms.database.db)
    expect(await forced.catch(sqlState)).toBe('23514')
  })

  it('keeps an officer in one unit, by refusal and by the table', async () => {
    const u1 = (await officer('u1')).id
    const body = {
      organisationId: organisations['urban'],
      callSign: '巡02',
      kind: 'foot',
      memberOfficerIds: [u1],
    }
    expect(await chief('POST', '/api/units', body)).toMatchObject({
      status: 409,
      body: { code: 'officer-in-other-unit' },
    })
    const made = await chief('POST', '/api/units', { ...body, memberOfficerIds: [] })
    expect(made.status).toBe(201)
    const forced = sql`insert into unit_member (unit_id, officer_id, since_at)
      values (${made.body['id']}, ${u1}, now())`.execute(rooms.database.db)
    expect(await forced.catch(sqlState)).toBe('23505')
  })

  it('changes a unit only over the version that was read', async () => {
    const { id, version } = await unit('巡02')
    const change = (ifMatch?: string) =>
      chief('PATCH', `/api/units/${id}`, { equipment: ['盾牌'] }, ifMatch ? { 'if-match': ifMatch } : {})
    expect((await change()).status).toBe(428)
    expect((await change(`"${version}"`)).body).toMatchObject({ equipment: ['盾牌'], version: version + 1 })
    expect((await change(`"${version}"`)).status).toBe(412)
    const { id: foreign, version: its } = await unit('特01')
    expect(
      (await chief('PATCH', `/api/units/${foreign}`, { equipment: [] }, { 'if-match': `"${its}"` })).status,
    ).toBe(403)
  })

  it('changes one field of an officer and keeps the others', async () => {
    const before = await officer('u3')
    const change = { phone: '139', skills: ['急救'] }
    await chief('PATCH', `/api/officers/${before.id}`, change, { 'if-match': `"${before.version}"` })
    const plain = { 'if-match': `"${before.version + 1}"` }
    expect((await chief('PATCH', `/api/officers/${before.id}`, { phone: null }, plain)).status).toBe(200)
    expect(await officer('u3')).toEqual({ ...before, skills: ['急救'], version: before.version + 2 })
  })

  it('lends an officer out of the crew, shows both organisations, and brings the officer back', async () => {
    const { id } = await officer('u4')
    const lend = () =>
      chief('POST', '/api/loans', {
        subject: { kind: 'officer', officerId: id },
        toOrganisationId: organisations['special'],
        reason: '安保支援',
      })
    const loan = await lend()
    expect(loan).toMatchObject({
      status: 201,
      body: {
        fromOrganisationId: organisations['urban'],
        toOrganisationId: organisations['special'],
        active: true,
      },
    })
    expect((await unit('巡01')).memberOfficerIds).not.toContain(id)
    expect(await lend()).toMatchObject({ status: 409, body: { code: 'loan-overlaps' } })
    const special = await unit('特01')
    const joined = await commander(
      'PATCH',
      `/api/units/${special.id}`,
      { memberOfficerIds: [...special.memberOfficerIds, id] },
      { 'if-match': `"${special.version}"` },
    )
    expect(joined.status).toBe(200)
    expect((await chief('POST', `/api/loans/${loan.body['id']}/return`)).status).toBe(200)
    expect((await unit('特01')).memberOfficerIds).not.toContain(id)
    expect((await board()).loans).toEqual([])
  })

  it('begins and ends a loan by itself when its time comes, and only once', async () => {
    const { id } = await unit('特01')
    const made = await commander('POST', '/api/loans', {
      subject: { kind: 'unit', unitId: id },
      toOrganisationId: organisations['urban'],
      startsAt: new Date(now + HOUR).toISOString(),
      endsAt: new Date(now + 2 * HOUR).toISOString(),
      reason: '节日安保',
    })
    expect(made.body['active']).toBe(false)
    const serving = async () => (await commander('GET', `/api/units/${id}`)).body['servingOrganisationId']
    expect(await serving()).toBe(organisations['special'])
    now += 1.5 * HOUR
    expect(await serving()).toBe(organisations['urban'])
    const settle = () => inTransaction(rooms.database.db, (tx) => settleLoans(tx, now))
    await settle()
    now += HOUR
    await settle()
    await settle()
    expect(await serving()).toBe(organisations['special'])
    expect(await countOf('outbox', `topic = 'loan.returned' and subject_id = '${made.body['id']}'`)).toBe(1)
  })

  it('never holds two loans of one subject at one moment, whatever the code does', async () => {
    const { id } = await officer('u3')
    const insert = (from: string, until: string | null) =>
      sql`insert into loan (id, subject_kind, subject_id, from_organisation_id, to_organisation_id, starts_at, ends_at, reason)
        values (${`loan-${from}`}, 'officer', ${id}, ${organisations['urban']}, ${organisations['special']}, ${from}, ${until}, 'x')`.execute(
        rooms.database.db,
      )
    await insert('2027-01-01', '2027-01-03')
    expect(await insert('2027-01-02', null).catch(sqlState)).toBe('23P01')
    await insert('2027-01-03', null)
  })

  it('takes units and officers off the board only once they are out of service', async () => {
    const busy = await unit('巡01')
    const remove = (id: string, version: number) =>
      chief('DELETE', `/api/units/${id}`, undefined, { 'if-match': `"${version}"` })
    expect(await remove(busy.id, busy.version)).toMatchObject({
      status: 409,
      body: { code: 'unit-still-in-service' },
    })
    const idle = await unit('巡02')
    expect((await remove(idle.id, idle.version)).status).toBe(204)
    expect(await unit('巡02')).toBeUndefined()
    const one = await officer('u1')
    expect(
      await chief('DELETE', `/api/officers/${one.id}`, undefined, { 'if-match': `"${one.version}"` }),
    ).toMatchObject({ status: 409, body: { code: 'officer-in-unit' } })
  })

  it('keeps the tree a tree', async () => {
    const admin = await rooms.as({ grants: [{ role: 'system-admin', organisationId: null }] })
    const circle = await admin(
      'PATCH',
      `/api/organisations/${organisations['bureau']}`,
      { parentId: organisations['urban'] },
      { 'if-match': '"1"' },
    )
    expect(circle).toMatchObject({ status: 409, body: { code: 'organisation-circle', field: 'parentId' } })
    const remove = (code: string) =>
      admin('DELETE', `/api/organisations/${organisations[code]}`, undefined, { 'if-match': '"1"' })
    expect((await remove('urban')).body['code']).toBe('organisation-not-empty')
  })

  it('rolls the status back with everything else when the transaction fails', async () => {
    const before = await unit('特01')
    const failing = inTransaction(rooms.database.db, async (tx) => {
      const step = await changeUnitStatus(tx, system(), {
        unitId: before.id as UnitId,
        status: 'briefing',
        source: 'system',
      })
      expect(isRefusal(step)).toBe(false)
      throw new Error('power')
    })
    await expect(failing).rejects.toThrow('power')
    expect(await unit('特01')).toEqual(before)
    expect((await officer('u1')).id satisfies OfficerId).toBeTruthy()
  })
})
