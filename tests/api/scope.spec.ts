import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller, Reply } from '../house.ts'
import { openTwoStations, siteOf, type StationScene, type TwoStations } from './two-stations.ts'

/** What one asks for, of which station. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly body?: object
  readonly version?: number
}
type Ask = (station: StationScene) => Asked | Promise<Asked>

const one = (method: string, path: string, body?: object, version?: number): Asked => ({
  method,
  path,
  ...(body === undefined ? {} : { body }),
  ...(version === undefined ? {} : { version }),
})

describe('a grant for one station', () => {
  let scene: TwoStations
  let east: StationScene
  let west: StationScene
  beforeAll(async () => {
    scene = await openTwoStations()
    ;({ east, west } = scene)
  })
  afterAll(() => scene.close())

  const send = (caller: Caller, { method, path, body, version }: Asked): Promise<Reply> =>
    caller.send(method, path, body, version === undefined ? {} : { 'if-match': `"${version}"` })
  const versionOf = async (path: string) =>
    Number((await scene.all.get(path)).headers.get('etag')!.replaceAll('"', ''))

  /** Refused for the other station, not refused as out of scope for the own one. */
  async function holds(caller: Caller, ask: Ask): Promise<void> {
    const [foreign, own] = [await ask(west), await ask(east)]
    const refused = await send(caller, foreign)
    const what = `${foreign.method} ${foreign.path}`
    expect([refused.status, refused.body['code']], what).toEqual([403, 'out-of-scope'])
    const allowed = await send(caller, own)
    expect(allowed.status, `${what} at home: ${JSON.stringify(allowed.body).slice(0, 300)}`).toBeLessThan(300)
  }

  describe('as station chief', () => {
    let chief: Caller
    beforeAll(async () => {
      chief = await scene.at(east, 'station-chief')
    })
    let n = 0
    const later = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
    const officer = (organisationId: string) => ({
      ...{ organisationId, badgeNumber: `new${++n}`, sworn: false, patrolCapable: false, name: '新人' },
    })

    it.each<[string, Ask]>([
      ['adds officers', ({ organisationId }) => one('POST', '/api/officers', officer(organisationId))],
      [
        'changes officers',
        async ({ officers }) => {
          const path = `/api/officers/${officers[2]}`
          return one('PATCH', path, { sworn: true }, await versionOf(path))
        },
      ],
      [
        'calls one on duty',
        ({ officers }) => one('POST', `/api/officers/${officers[2]}/duty`, { duty: 'on' }),
      ],
      [
        'calls the roll',
        ({ officers }) => one('POST', '/api/roll-calls', { duty: 'on', officerIds: officers }),
      ],
      [
        'posts an officer',
        ({ officers }) => one('POST', `/api/officers/${officers[2]}/post`, { post: 'street' }),
      ],
      [
        'adds vehicles',
        ({ organisationId }) =>
          one('POST', '/api/vehicles', { organisationId, plate: `P${++n}`, kind: 'car' }),
      ],
      ['changes vehicles', ({ vehicleId }) => one('PATCH', `/api/vehicles/${vehicleId}`, { kind: 'van' }, 1)],
      [
        'sets up units',
        ({ organisationId }) =>
          one('POST', '/api/units', { organisationId, callSign: `N${++n}`, kind: 'foot' }),
      ],
      [
        'changes units',
        async ({ unitId }) => {
          const path = `/api/units/${unitId}`
          return one('PATCH', path, { equipment: ['radio'] }, await versionOf(path))
        },
      ],
      [
        'says statuses',
        ({ otherUnitId }) => one('POST', `/api/units/${otherUnitId}/status`, { status: 'break' }),
      ],
      [
        'keeps sites',
        ({ organisationId, position }) =>
          one('POST', '/api/sites', siteOf(organisationId, position, `kept${++n}`)),
      ],
      [
        'changes sites',
        ({ siteId, organisationId, position }) =>
          one('PUT', `/api/sites/${siteId}`, siteOf(organisationId, position, `kept${++n}`), 1),
      ],
      [
        'grants leave',
        ({ officers }) =>
          one('POST', '/api/absences', {
            ...{ officerId: officers[2], kind: 'leave', approve: true },
            ...{ fromDate: later, untilDate: later },
          }),
      ],
      [
        'reads who was at the roll call',
        ({ organisationId }) => one('GET', `/api/roster-attendance?organisationId=${organisationId}`),
      ],
      ['reads whom to ask at a site', ({ siteId }) => one('GET', `/api/sites/${siteId}`)],
      ['takes devices back', ({ deviceId }) => one('POST', `/api/devices/${deviceId}/unbind`)],
      [
        'hands devices out',
        ({ spareDeviceId, unitId }) =>
          one('POST', `/api/devices/${spareDeviceId}/bind`, { carrier: { kind: 'unit', unitId } }),
      ],
      [
        'reads tracks',
        ({ unitId }) =>
          one('GET', `/api/tracks?unitId=${unitId}&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z`),
      ],
      [
        'removes sites',
        ({ siteId }) => one('DELETE', `/api/sites/${siteId}`, undefined, siteId === east.siteId ? 2 : 1),
      ],
      [
        'removes vehicles',
        ({ spareVehicleId }) => one('DELETE', `/api/vehicles/${spareVehicleId}`, undefined, 1),
      ],
    ])('%s of the own station only', (_what, ask) => holds(chief, ask))

    it('takes no vehicle of another station, moves nobody into one, and changes no site of nobody', async () => {
      const { organisationId } = east
      const plain = { organisationId, callSign: 'T1', kind: 'car' }
      const refused = [
        await send(chief, one('POST', '/api/units', { ...plain, vehicleId: west.spareVehicleId })),
        await send(
          chief,
          one(
            'PATCH',
            `/api/officers/${east.officers[3]}`,
            { organisationId: west.organisationId },
            await versionOf(`/api/officers/${east.officers[3]}`),
          ),
        ),
        await send(chief, one('POST', '/api/sites', siteOf(null, east.position, 'nobody'))),
      ]
      expect(refused.map(({ body }) => body['code'])).toEqual([
        'out-of-scope',
        'out-of-scope',
        'out-of-scope',
      ])
    })

    it('changes no other vehicle by naming it in the body', async () => {
      const path = `/api/vehicles/${east.vehicleId}`
      const plates = async () => {
        const { body } = await scene.all.get<{ vehicles: { id: string; plate: string; version: number }[] }>(
          '/api/vehicles',
        )
        return body.vehicles
      }
      const before = await plates()
      const { version } = before.find(({ id }) => id === east.vehicleId)!
      const sent = await send(chief, one('PATCH', path, { id: west.vehicleId, plate: 'mine now' }, version))
      expect(sent).toMatchObject({ status: 400, body: { errors: [{ path: 'body' }] } })
      expect(await plates()).toEqual(before)
    })

    it('lends the own officers, and returns no loan between others', async () => {
      const lend = (officerId: string, toOrganisationId: string) =>
        one('POST', '/api/loans', {
          subject: { kind: 'officer', officerId },
          toOrganisationId,
          reason: '支援',
        })
      const foreign = await send(chief, lend(west.officers[3]!, east.organisationId))
      expect(foreign.body['code']).toBe('out-of-scope')
      const between = await send(scene.all, lend(west.officers[3]!, scene.bureauId))
      expect(between.status).toBe(201)
      const returned = await send(chief, one('POST', `/api/loans/${String(between.body['id'])}/return`))
      expect(returned.body['code']).toBe('out-of-scope')
    })

    it('crews a unit that is on loan to it, and does not make it its own', async () => {
      const unitId = west.otherUnitId
      const loan = await send(
        scene.all,
        one('POST', '/api/loans', {
          subject: { kind: 'unit', unitId },
          toOrganisationId: east.organisationId,
          reason: '支援',
        }),
      )
      expect(loan.status).toBe(201)
      const path = `/api/units/${unitId}`
      const patch = async (body: object) => send(chief, one('PATCH', path, body, await versionOf(path)))
      for (const body of [
        { organisationId: east.organisationId },
        { callSign: 'mine' },
        { vehicleId: east.vehicleId },
      ])
        expect((await patch(body)).body['code'], JSON.stringify(body)).toBe('out-of-scope')
      expect((await patch({ skills: ['first-aid'] })).status).toBe(200)
    })

    it('reads names, telephones and positions of the own station only', async () => {
      const { body } = await chief.get<{ officers: { id: string }[] }>('/api/officer-persons')
      const ids = body.officers.map(({ id }) => id)
      expect(ids).toEqual(expect.arrayContaining([...east.officers]))
      expect(ids.filter((id) => west.officers.includes(id))).toEqual([])
      const named = await chief.get<{ officers: { officerId: string; name: string | null }[] }>(
        '/api/street-strength/names',
      )
      const nameOf = new Map(named.body.officers.map(({ officerId, name }) => [officerId, name]))
      expect([nameOf.get(west.officers[0]!), nameOf.get(east.officers[0]!)]).toEqual([null, '警员e1'])
    })

    it('sees every department on the board, without a name', async () => {
      const board = await chief.get('/api/board')
      expect(JSON.stringify(board.body)).toContain(west.unitId)
      expect(JSON.stringify(board.body)).not.toContain('警员')
    })
  })

  describe('as dispatcher', () => {
    let dispatcher: Caller
    beforeAll(async () => {
      dispatcher = await scene.at(east, 'dispatcher')
    })
    const atIncident =
      (verb: string, body: object, prepare?: (id: string) => Promise<unknown>): Ask =>
      async (station) => {
        const id = await scene.incidentAt(station)
        await prepare?.(id)
        return one('POST', `/api/incidents/${id}/${verb}`, body)
      }
    const graded = (level: string) => (id: string) =>
      scene.all.send('POST', `/api/incidents/${id}/confirm-level`, { level, reason: '现场情况' })

    it.each<[string, Ask]>([
      ['confirms levels', atIncident('confirm-level', { level: 'complex', reason: '人多' })],
      ['escalates', atIncident('escalate', { level: 'major', reason: '人多' }, graded('general'))],
      ['de-escalates', atIncident('de-escalate', { level: 'general', reason: '已散' }, graded('complex'))],
      ['advances stages', atIncident('advance-stage', { stage: 'reinforcement' })],
      ['adds notes', atIncident('notes', { text: '已联系' })],
      ['records medical help', atIncident('medical-help', { kind: 'called', people: 1, note: '' })],
      [
        'records use of force',
        atIncident('force-uses', {
          kind: 'restraint',
          unitId: null,
          justification: '抗拒',
          warning: '已警告',
        }),
      ],
      ['closes', atIncident('close', { dispositionCode: 'false-report', result: '误报' })],
      [
        'reopens',
        atIncident('reopen', { reason: '又来' }, (id) =>
          scene.all.send('POST', `/api/incidents/${id}/close`, {
            dispositionCode: 'false-report',
            result: '误报',
          }),
        ),
      ],
      [
        'corrects details',
        async (station) => {
          const id = await scene.incidentAt(station)
          return one(
            'PATCH',
            `/api/incidents/${id}`,
            { address: '站前路 3 号' },
            await versionOf(`/api/incidents/${id}`),
          )
        },
      ],
      [
        'merges',
        async (station) => {
          const [a, b] = [await scene.incidentAt(station), await scene.incidentAt(station)]
          return one('POST', `/api/incidents/${a}/merge`, { intoId: b, reason: '同一起' })
        },
      ],
      [
        'sends units to incidents',
        async (station) => {
          const id = await scene.incidentAt(station)
          return one('POST', `/api/incidents/${id}/dispatch`, { unitIds: [station.unitId], reason: '就近' })
        },
      ],
    ])('%s of the own station only', (_what, ask) => holds(dispatcher, ask))

    it('sends no unit of another station to an incident of its own', async () => {
      const id = await scene.incidentAt(east)
      const sent = await send(
        dispatcher,
        one('POST', `/api/incidents/${id}/dispatch`, { unitIds: [west.unitId] }),
      )
      expect(sent).toMatchObject({ status: 403, body: { code: 'out-of-scope', field: 'unitIds' } })
    })

    it('does not see an incident of another station by any way in', async () => {
      const id = await scene.incidentAt(west, {
        external: { source: 'alarm-centre', id: 'A-1' },
        caller: { name: '李某', phone: '13700000000', legalBasis: '110-rules', purpose: 'call-back' },
      })
      const { body } = await scene.all.get<{ reports: { id: string }[] }>(`/api/incidents/${id}`)
      const report = body.reports[0]!.id
      for (const path of ['', '/timeline', '/report', '/report.pdf', '/recommendation'])
        expect((await dispatcher.get(`/api/incidents/${id}${path}`)).status, path).toBe(404)
      expect((await dispatcher.get(`/api/reports/${report}/caller`)).body['code']).toBe('out-of-scope')
      const list = await dispatcher.get<{ incidents: { id: string }[] }>('/api/incidents?limit=500')
      expect(list.body.incidents.map((incident) => incident.id)).not.toContain(id)
      const { lon, lat } = west.position
      const types = await dispatcher.get<{ types: { code: string }[] }>('/api/incident-types')
      const typeCode = types.body.types[0]!.code
      const near = await dispatcher.get(`/api/incident-duplicates?lon=${lon}&lat=${lat}&typeCode=${typeCode}`)
      expect(near.body).toEqual({ suggestions: [] })
      const report2 = { origin: 'citizen', typeCode, summary: 'x', address: 'x', position: west.position }
      const guessed = await dispatcher.send('POST', '/api/reports', {
        ...report2,
        external: { source: 'alarm-centre', id: 'A-1' },
      })
      expect(guessed.body['code'], 'not by another system’s number').toBe('out-of-scope')
      const attached = await dispatcher.send('POST', '/api/reports', { ...report2, incidentId: id })
      expect(attached.body['code'], 'not by adding a report').toBe('out-of-scope')
    })
  })

  describe('as crew', () => {
    it('answers for the own unit only, not for the next crew of the same station', async () => {
      const { id } = await scene.assignmentAt(east, east.otherUnitId)
      const neighbour = await scene.officerAt(east, east.officers[0]!)
      for (const verb of ['acknowledge', 'depart', 'arrive', 'release'])
        expect(
          (
            await send(
              neighbour,
              one(
                'POST',
                `/api/assignments/${id}/${verb}`,
                verb === 'release' ? { cause: 'cleared' } : undefined,
              ),
            )
          ).body['code'],
          verb,
        ).toBe('out-of-scope')
      const own = await scene.officerAt(east, east.officers[1]!)
      for (const verb of ['acknowledge', 'depart', 'arrive'])
        expect((await send(own, one('POST', `/api/assignments/${id}/${verb}`))).status, verb).toBe(200)
      const promoted = await send(own, one('POST', `/api/assignments/${id}/promote`))
      expect(promoted.body['code'], 'an order is not a crew’s to give').toBe('forbidden')
      expect(
        (await send(own, one('POST', `/api/assignments/${id}/release`, { cause: 'cleared' }))).status,
      ).toBe(200)
    })

    it('does not answer for the own unit with an account that is nobody’s', async () => {
      const { id } = await scene.assignmentAt(west, west.unitId)
      const nobody = await scene.at(west, 'officer')
      expect((await send(nobody, one('POST', `/api/assignments/${id}/acknowledge`))).body['code']).toBe(
        'out-of-scope',
      )
      const terminal = await scene.at(west, 'unit-terminal')
      expect((await send(terminal, one('POST', `/api/assignments/${id}/acknowledge`))).status).toBe(200)
      const elsewhere = await scene.at(east, 'unit-terminal')
      expect((await send(elsewhere, one('POST', `/api/assignments/${id}/depart`))).body['code']).toBe(
        'out-of-scope',
      )
    })

    it('says no status of another unit', async () => {
      const own = await scene.officerAt(east, east.officers[0]!)
      const said = await send(own, one('POST', `/api/units/${east.otherUnitId}/status`, { status: 'break' }))
      expect(said.body['code']).toBe('out-of-scope')
    })

    it('answers the own activation order only, and keeps the reason for declining between those it concerns', async () => {
      const started = await scene.all.send<{
        id: string
        orders: { id: string; subject: { officerId?: string } }[]
      }>('POST', '/api/activations', { level: 1, districtId: scene.bureauId, reason: '演练' })
      expect(started.status, JSON.stringify(started.body)).toBe(201)
      const order = started.body.orders.find(({ subject }) => subject.officerId === east.officers[3])!
      expect(order, JSON.stringify(started.body.orders)).toBeDefined()
      const neighbour = await scene.officerAt(east, east.officers[0]!)
      const own = await scene.officerAt(east, east.officers[3]!)
      const path = `/api/activation-orders/${order.id}`
      for (const verb of ['acknowledge', 'arrive'])
        expect((await send(neighbour, one('POST', `${path}/${verb}`))).body['code'], verb).toBe(
          'out-of-scope',
        )
      expect((await send(neighbour, one('POST', `${path}/decline`, { reason: '代答' }))).body['code']).toBe(
        'out-of-scope',
      )
      expect((await send(own, one('POST', `${path}/decline`, { reason: '发烧三十九度' }))).status).toBe(200)

      const [chief, foreign] = [await scene.at(east, 'station-chief'), await scene.at(west, 'station-chief')]
      for (const page of ['', '/timeline']) {
        const seenBy = async (caller: Caller) =>
          JSON.stringify((await caller.get(`/api/activations/${started.body.id}${page}`)).body).includes(
            '发烧',
          )
        expect([await seenBy(chief), await seenBy(foreign), await seenBy(neighbour)], page).toEqual([
          true,
          false,
          false,
        ])
      }
      const commander = await scene.at(east, 'duty-commander')
      for (const asked of [
        one('POST', `/api/activations/${started.body.id}/stand-down`, { reason: '结束' }),
        one('GET', '/api/activations/preview?level=1'),
        one('POST', '/api/activations', { level: 1 }),
      ])
        expect((await send(commander, asked)).body['code'], asked.path).toBe('out-of-scope')
    })
  })
})
