import { expect } from 'vitest'
import type { Caller, Reply } from '../house.ts'
import { analysisCommands } from './analysis-commands.ts'
import type { Asked, Command } from './command.ts'
import { patrolCommands } from './patrol-commands.ts'
import { rosterCommands } from './roster-commands.ts'
import { rosterLifeCommands } from './roster-life-commands.ts'
import { siteOf, type TwoStations } from './two-stations.ts'

/** Two stations, and who makes accounts. */
export type Stage = TwoStations & { readonly security: Caller }

/**
 * One successful call of every command, in an order that works; each prepares what it needs when it is asked for.
 * The stage may still be empty when the list is made.
 */
export function everyCommand(stage: Stage): readonly Command[] {
  const etagOf = async (path: string) => (await stage.all.get(path)).headers.get('etag')!.replaceAll('"', '')
  const idOf = (reply: Reply) => (reply.body as { id: string }).id
  let n = 0
  const fresh = (what: string) => `${what}-${++n}`

  async function made(path: string, body: object, caller = stage.all): Promise<string> {
    const reply = await caller.send('POST', path, body)
    expect(reply.status, `${path} ${JSON.stringify(reply.body)}`).toBeLessThan(300)
    return idOf(reply)
  }
  const madeAt = async (collection: string, body: object, caller?: Caller) =>
    `${collection}/${await made(collection, body, caller)}`
  const at = async (path: string, body?: unknown): Promise<Asked> => ({
    path,
    body,
    version: await etagOf(path),
  })
  const organisation = () => ({
    ...{
      code: fresh('o'),
      kind: 'other',
      parentId: stage.bureauId,
      nameZh: '机关',
      nameEn: 'office',
    },
  })
  const vehicle = () => ({
    organisationId: stage.east.organisationId,
    plate: fresh('P'),
    kind: 'car',
  })
  const unit = () => ({
    organisationId: stage.east.organisationId,
    callSign: fresh('U'),
    kind: 'foot',
  })
  const officer = () => ({
    ...{ organisationId: stage.east.organisationId, badgeNumber: fresh('B'), name: '新人' },
    ...{ sworn: false, patrolCapable: true },
  })
  const site = () => siteOf(stage.east.organisationId, stage.east.position, fresh('s'))
  const area = () => ({
    ...{ kind: 'other', name: fresh('a'), organisationId: null },
    ring: [
      [1, 1],
      [2, 1],
      [2, 2],
    ],
  })
  const keyPlace = () => ({
    ...{ name: fresh('k'), lon: 1, lat: 1, radiusMetres: 50, requiredUnits: 1, limitSeconds: 600 },
    activeHours: [],
  })
  const device = () => ({ code: fresh('d'), name: '', kind: 'phone' })
  const service = () => ({ username: fresh('svc'), name: '系统', kind: 'service', grants: [] })
  const incident = () => stage.incidentAt(stage.east)
  const report = async () => ({
    ...{
      origin: 'citizen',
      typeCode: '0201',
      summary: '打架',
      address: '路口',
      position: stage.east.position,
    },
  })
  const graded = async (level: string) => {
    const id = await incident()
    await made(`/api/incidents/${id}/confirm-level`, { level, reason: '现场' })
    return id
  }
  const assignment = async () => {
    const unitId = await made('/api/units', unit())
    for (const status of ['briefing', 'patrolling'])
      await stage.all.send('POST', `/api/units/${unitId}/status`, { status })
    return stage.assignmentAt(stage.east, unitId)
  }
  const settingAt = async (listing: string, key: string): Promise<Asked> => {
    const { body } = await stage.all.get<{
      settings: { key: string; value: unknown; version: number }[]
    }>(listing)
    const { value, version } = body.settings.find((each) => each.key === key)!
    return { path: `${listing}/${key}`, body: { value }, version }
  }
  const orders = async () => {
    const open = await stage.all.get<{
      activation: { id: string; orders: { id: string; state: string }[] }
    }>('/api/activations/open')
    return open.body.activation
  }
  const order = async (verb: string, body?: object): Promise<Asked> => {
    const open = (await orders()).orders.find(({ state }) => state === 'ordered')!
    return { path: `/api/activation-orders/${open.id}/${verb}`, body }
  }

  return [
    ['POST /api/accounts', () => ({ path: '/api/accounts', body: service() })],
    [
      'PATCH /api/accounts/{id}',
      async () => ({
        path: await madeAt('/api/accounts', service(), stage.security),
        body: { name: '改名' },
        version: 1,
      }),
    ],
    [
      'POST /api/accounts/{id}/tokens',
      async () => ({
        path: `${await madeAt('/api/accounts', service(), stage.security)}/tokens`,
        body: { label: 'x', validDays: 1 },
      }),
    ],
    [
      'DELETE /api/accounts/{id}/tokens/{tokenId}',
      async () => {
        const path = `${await madeAt('/api/accounts', service(), stage.security)}/tokens`
        return { path: `${path}/${await made(path, { label: 'x', validDays: 1 }, stage.security)}` }
      },
    ],
    ['DELETE /api/me/sessions', () => ({ path: '/api/me/sessions' })],
    [
      'POST /api/webhooks',
      () => ({ path: '/api/webhooks', body: { url: 'https://receiver.example/', topics: ['unit.*'] } }),
    ],
    [
      'PATCH /api/webhooks/{id}',
      async () => {
        const { body } = await stage.all.send<{ webhook: { id: string } }>('POST', '/api/webhooks', {
          ...{ url: 'https://receiver.example/', topics: ['unit.*'] },
        })
        return { path: `/api/webhooks/${body.webhook.id}`, body: { active: false }, version: 1 }
      },
    ],
    [
      'DELETE /api/webhooks/{id}',
      async () => {
        const { body } = await stage.all.get<{ webhooks: { id: string }[] }>('/api/webhooks')
        return { path: `/api/webhooks/${body.webhooks[0]!.id}` }
      },
    ],
    [
      'PUT /api/district',
      async () => {
        const { body } = await stage.all.get<{ version: number }>('/api/district')
        const names = { nameZh: '辖区', nameEn: 'District', timeZone: 'Asia/Shanghai' }
        return { path: '/api/district', body: names, version: body.version }
      },
    ],
    ['POST /api/sites', () => ({ path: '/api/sites', body: site() })],
    ['PUT /api/sites/{id}', async () => at(await madeAt('/api/sites', site()), site())],
    ['DELETE /api/sites/{id}', async () => at(await madeAt('/api/sites', site()))],
    ['POST /api/areas', () => ({ path: '/api/areas', body: area() })],
    [
      'PUT /api/areas/{id}',
      async () => ({ path: await madeAt('/api/areas', area()), body: area(), version: 1 }),
    ],
    ['DELETE /api/areas/{id}', async () => ({ path: await madeAt('/api/areas', area()), version: 1 })],
    ['POST /api/key-places', () => ({ path: '/api/key-places', body: keyPlace() })],
    [
      'PUT /api/key-places/{id}',
      async () => ({
        path: await madeAt('/api/key-places', keyPlace()),
        body: keyPlace(),
        version: 1,
      }),
    ],
    [
      'DELETE /api/key-places/{id}',
      async () => ({ path: await madeAt('/api/key-places', keyPlace()), version: 1 }),
    ],
    ['POST /api/organisations', () => ({ path: '/api/organisations', body: organisation() })],
    [
      'PATCH /api/organisations/{id}',
      async () => ({
        path: await madeAt('/api/organisations', organisation()),
        body: { nameEn: 'other' },
        version: 1,
      }),
    ],
    [
      'DELETE /api/organisations/{id}',
      async () => ({
        path: await madeAt('/api/organisations', organisation()),
        version: 1,
      }),
    ],
    ['POST /api/vehicles', () => ({ path: '/api/vehicles', body: vehicle() })],
    [
      'PATCH /api/vehicles/{id}',
      async () => ({
        path: await madeAt('/api/vehicles', vehicle()),
        body: { kind: 'van' },
        version: 1,
      }),
    ],
    [
      'DELETE /api/vehicles/{id}',
      async () => ({ path: await madeAt('/api/vehicles', vehicle()), version: 1 }),
    ],
    ['POST /api/officers', () => ({ path: '/api/officers', body: officer() })],
    ['PATCH /api/officers/{id}', async () => at(await madeAt('/api/officers', officer()), { sworn: true })],
    ['DELETE /api/officers/{id}', async () => at(await madeAt('/api/officers', officer()))],
    [
      'POST /api/officers/{id}/duty',
      async () => ({
        path: `${await madeAt('/api/officers', officer())}/duty`,
        body: { duty: 'on' },
      }),
    ],
    [
      'POST /api/roll-calls',
      async () => ({
        path: '/api/roll-calls',
        body: { duty: 'on', officerIds: [await made('/api/officers', officer())] },
      }),
    ],
    [
      'POST /api/officers/{id}/post',
      () => ({ path: `/api/officers/${stage.east.officers[2]}/post`, body: { post: 'street' } }),
    ],
    ['POST /api/units', () => ({ path: '/api/units', body: unit() })],
    ['PATCH /api/units/{id}', async () => at(await madeAt('/api/units', unit()), { skills: ['x'] })],
    ['DELETE /api/units/{id}', async () => at(await madeAt('/api/units', unit()))],
    [
      'POST /api/units/{id}/status',
      async () => ({
        path: `${await madeAt('/api/units', unit())}/status`,
        body: { status: 'briefing' },
      }),
    ],
    [
      'POST /api/loans',
      async () => ({
        path: '/api/loans',
        body: {
          subject: { kind: 'unit', unitId: await made('/api/units', unit()) },
          toOrganisationId: stage.west.organisationId,
          reason: '支援',
        },
      }),
    ],
    [
      'POST /api/loans/{id}/return',
      async () => {
        const subject = { kind: 'unit', unitId: await made('/api/units', unit()) }
        const loan = { subject, toOrganisationId: stage.west.organisationId, reason: '支援' }
        return { path: `/api/loans/${await made('/api/loans', loan)}/return` }
      },
    ],
    ['POST /api/devices', () => ({ path: '/api/devices', body: device() })],
    ['PATCH /api/devices/{id}', async () => at(await madeAt('/api/devices', device()), { name: 'x' })],
    ...(['rotate-secret', 'disable', 'enable'] as const).map(
      (verb) =>
        [
          `POST /api/devices/{id}/${verb}`,
          async () => ({ path: `/api/devices/${await made('/api/devices', device())}/${verb}` }),
        ] as [string, () => Promise<Asked>],
    ),
    [
      'POST /api/devices/{id}/bind',
      async () => ({
        path: `${await madeAt('/api/devices', device())}/bind`,
        body: { carrier: { kind: 'vehicle', vehicleId: stage.east.vehicleId } },
      }),
    ],
    ['POST /api/devices/{id}/unbind', () => ({ path: `/api/devices/${stage.east.deviceId}/unbind` })],
    [
      'PUT /api/patrol-levels',
      async () => {
        const { body } = await stage.all.get<{ version: number }>('/api/patrol-levels')
        const { version, ...levels } = body
        return { path: '/api/patrol-levels', body: levels, version }
      },
    ],
    [
      'POST /api/activations',
      () => ({
        path: '/api/activations',
        body: { level: 1, districtId: stage.bureauId, reason: '演练' },
      }),
    ],
    ['POST /api/activation-orders/{id}/acknowledge', () => order('acknowledge')],
    ['POST /api/activation-orders/{id}/decline', () => order('decline', { reason: '病假' })],
    ['POST /api/activation-orders/{id}/arrive', () => order('arrive')],
    [
      'POST /api/activations/{id}/stand-down',
      async () => ({ path: `/api/activations/${(await orders()).id}/stand-down`, body: { reason: '结束' } }),
    ],
    ['POST /api/reports', async () => ({ path: '/api/reports', body: await report() })],
    ['PATCH /api/incidents/{id}', async () => at(`/api/incidents/${await incident()}`, { address: '别处' })],
    [
      'POST /api/incidents/{id}/confirm-level',
      async () => ({
        path: `/api/incidents/${await incident()}/confirm-level`,
        body: { level: 'complex', reason: '人多' },
      }),
    ],
    [
      'POST /api/incidents/{id}/escalate',
      async () => ({
        path: `/api/incidents/${await graded('general')}/escalate`,
        body: { level: 'complex', reason: '人多' },
      }),
    ],
    [
      'POST /api/incidents/{id}/de-escalate',
      async () => ({
        path: `/api/incidents/${await graded('complex')}/de-escalate`,
        body: { level: 'general', reason: '已散' },
      }),
    ],
    [
      'POST /api/incidents/{id}/advance-stage',
      async () => ({
        path: `/api/incidents/${await incident()}/advance-stage`,
        body: { stage: 'reinforcement' },
      }),
    ],
    [
      'POST /api/incidents/{id}/notes',
      async () => ({ path: `/api/incidents/${await incident()}/notes`, body: { text: '已联系' } }),
    ],
    [
      'POST /api/incidents/{id}/medical-help',
      async () => ({
        path: `/api/incidents/${await incident()}/medical-help`,
        body: { kind: 'called', people: 1, note: '' },
      }),
    ],
    [
      'POST /api/incidents/{id}/force-uses',
      async () => ({
        path: `/api/incidents/${await incident()}/force-uses`,
        body: { kind: 'restraint', unitId: null, justification: '抗拒', warning: '已警告' },
      }),
    ],
    [
      'POST /api/incidents/{id}/close',
      async () => ({
        path: `/api/incidents/${await incident()}/close`,
        body: { dispositionCode: 'false-report', result: '误报' },
      }),
    ],
    [
      'POST /api/incidents/{id}/reopen',
      async () => {
        const id = await incident()
        await made(`/api/incidents/${id}/close`, { dispositionCode: 'false-report', result: '误报' })
        return { path: `/api/incidents/${id}/reopen`, body: { reason: '又来' } }
      },
    ],
    [
      'POST /api/incidents/{id}/merge',
      async () => ({
        path: `/api/incidents/${await incident()}/merge`,
        body: { intoId: await incident(), reason: '同一起' },
      }),
    ],
    [
      'PUT /api/incident-types',
      async () => {
        const { body } = await stage.all.get<{ types: unknown[] }>('/api/incident-types')
        return { path: '/api/incident-types', body: { types: body.types } }
      },
    ],
    ...['grading-rules', 'response-plan', 'dispositions', 'duplicate-policy', 'caller-retention'].map(
      (key) =>
        [`PUT /api/incident-settings/${key}`, () => settingAt('/api/incident-settings', key)] as [
          string,
          () => Promise<Asked>,
        ],
    ),
    [
      'POST /api/incidents/{id}/dispatch',
      async () => ({
        path: `/api/incidents/${await incident()}/dispatch`,
        body: { unitIds: [stage.west.unitId], reason: '就近' },
      }),
    ],
    ...['acknowledge', 'depart', 'arrive'].map(
      (verb) =>
        [
          `POST /api/assignments/{id}/${verb}`,
          async () => ({ path: `/api/assignments/${(await assignment()).id}/${verb}` }),
        ] as [string, () => Promise<Asked>],
    ),
    [
      'POST /api/assignments/{id}/release',
      async () => ({
        path: `/api/assignments/${(await assignment()).id}/release`,
        body: { cause: 'recalled', reason: '另有任务' },
      }),
    ],
    [
      'POST /api/assignments/{id}/promote',
      async () => {
        const unitId = await made('/api/units', unit())
        for (const status of ['briefing', 'patrolling'])
          await stage.all.send('POST', `/api/units/${unitId}/status`, { status })
        const { body } = await stage.all.send<{ assignments: { id: string }[] }>(
          'POST',
          `/api/incidents/${await incident()}/dispatch`,
          { unitIds: [unitId], role: 'stand-by', reason: '备勤' },
        )
        return { path: `/api/assignments/${body.assignments[0]!.id}/promote` }
      },
    ],
    [
      'POST /api/notices/{id}/read',
      async () => {
        const listed = async () =>
          (await stage.all.get<{ notices: { id: string }[] }>('/api/notices?limit=1')).body.notices[0]
        await incident()
        for (;;) {
          const notice = await listed()
          if (notice) return { path: `/api/notices/${notice.id}/read` }
        }
      },
    ],
    ...['recommendation-policy', 'chase-policy', 'notice-policy'].map(
      (key) =>
        [`PUT /api/dispatch-settings/${key}`, () => settingAt('/api/dispatch-settings', key)] as [
          string,
          () => Promise<Asked>,
        ],
    ),
    ...analysisCommands(() => stage.all, settingAt),
    ...patrolCommands(stage, settingAt),
    ...rosterCommands(stage, settingAt),
    ...rosterLifeCommands(stage, settingAt),
  ]
}
