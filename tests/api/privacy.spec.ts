import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultForLog } from '../../foundation/server/http/limits.ts'
import type { Caller } from '../house.ts'
import { issuedOrder } from './patrol-commands.ts'
import { followPatterns } from './roster-commands.ts'
import { publishRoster } from './roster-life-commands.ts'
import { openTwoStations, type TwoStations } from './two-stations.ts'

const SPAN = 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z'
/** What people told or are called; it stands in its own table and nowhere else. */
const CALLER = { name: '欧阳某某', phone: '13711112222' }
const SUMMARY = '邻居司徒某某持刀'
const ADDRESS = '幸福里 7 号 302'

interface Entry {
  readonly action: string
  readonly subject_kind: string
  readonly subject_id: string | null
  readonly account_id: string
  readonly detail: { readonly url: string; readonly query: Record<string, string> }
}

describe('personal data', () => {
  let scene: TwoStations
  let auditor: Caller
  let security: Caller
  let incidentId: string
  let reportId: string
  let activationId: string
  let orderId: string
  let rosterId: string
  let sickCallId: string
  beforeAll(async () => {
    scene = await openTwoStations()
    auditor = await scene.house.as('auditor')
    security = await scene.house.as('security-admin')
    incidentId = await scene.incidentAt(scene.east, {
      ...{ summary: SUMMARY, address: ADDRESS },
      caller: { ...CALLER, legalBasis: '110-rules', purpose: 'call-back' },
    })
    const { body } = await scene.all.get<{ reports: { id: string }[] }>(`/api/incidents/${incidentId}`)
    reportId = body.reports[0]!.id
    const started = await scene.all.send<{ id: string }>('POST', '/api/activations', {
      ...{ level: 1, districtId: scene.bureauId, reason: '演练' },
    })
    activationId = started.body.id
    orderId = (await issuedOrder(scene, scene.east)).id
    await followPatterns(scene)
    const draft = await scene.all.send<{ id: string }>('POST', '/api/rosters', {
      ...{ fromDate: '2026-12-01', days: 7 },
    })
    rosterId = draft.body.id
    const { dayOf } = await publishRoster(scene)
    const called = await scene.all.send<{ sickCall: { id: string } }>('POST', '/api/sick-calls', {
      ...{ officerId: scene.east.officers[1], date: dayOf(1, 0) },
    })
    sickCallId = called.body.sickCall.id
  })
  afterAll(() => scene.close())

  const rowsOf = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await scene.house.database.pool.query<T>(text, values)).rows
  const readings = (caller: Caller) =>
    rowsOf<Entry>(`select * from audit_entry where account_id = $1 and action like 'read %' order by id`, [
      caller.accountId,
    ])

  /** Every route that shows personal data, by its address in the document: who asks, what, and about whom it is. */
  const READINGS: [route: string, ask: () => { caller: Caller; path: string; subject: string | null }][] = [
    ['/api/accounts', () => ({ caller: security, path: '/api/accounts', subject: null })],
    ['/api/audit', () => ({ caller: auditor, path: '/api/audit', subject: null })],
    ['/api/officer-names', () => ({ caller: security, path: '/api/officer-names?q=1', subject: null })],
    ['/api/officer-persons', () => ({ caller: scene.all, path: '/api/officer-persons', subject: null })],
    [
      '/api/street-strength/names',
      () => ({ caller: scene.all, path: '/api/street-strength/names', subject: null }),
    ],
    [
      '/api/units/{id}/status-changes',
      () => ({
        caller: scene.all,
        path: `/api/units/${scene.east.unitId}/status-changes`,
        subject: scene.east.unitId,
      }),
    ],
    [
      '/api/sites/{id}',
      () => ({ caller: scene.all, path: `/api/sites/${scene.east.siteId}`, subject: scene.east.siteId }),
    ],
    [
      '/api/tracks',
      () => ({
        caller: scene.all,
        path: `/api/tracks?unitId=${scene.east.unitId}&${SPAN}`,
        subject: scene.east.unitId,
      }),
    ],
    [
      '/api/replay',
      () => ({
        caller: scene.all,
        path: `/api/replay?${SPAN}&step=3600`,
        subject: '2026-01-01T00:00:00Z/2026-01-02T00:00:00Z',
      }),
    ],
    [
      '/api/activations/{id}/timeline',
      () => ({ caller: scene.all, path: `/api/activations/${activationId}/timeline`, subject: activationId }),
    ],
    ['/api/incidents', () => ({ caller: scene.all, path: '/api/incidents?q=司徒', subject: null })],
    [
      '/api/incident-duplicates',
      () => {
        const { lon, lat } = scene.east.position
        return {
          caller: scene.all,
          path: `/api/incident-duplicates?lon=${lon}&lat=${lat}&typeCode=0201`,
          subject: null,
        }
      },
    ],
    ...['', '/timeline', '/report', '/report.pdf'].map(
      (page) =>
        [
          `/api/incidents/{id}${page}`,
          () => ({ caller: scene.all, path: `/api/incidents/${incidentId}${page}`, subject: incidentId }),
        ] as [string, () => { caller: Caller; path: string; subject: string }],
    ),
    [
      '/api/reports/{id}/caller',
      () => ({ caller: scene.all, path: `/api/reports/${reportId}/caller`, subject: reportId }),
    ],
    ...['timeline', 'visits'].map(
      (page) =>
        [
          `/api/patrol-orders/{id}/${page}`,
          () => ({ caller: scene.all, path: `/api/patrol-orders/${orderId}/${page}`, subject: orderId }),
        ] as [string, () => { caller: Caller; path: string; subject: string }],
    ),
    ['/api/absences', () => ({ caller: scene.all, path: '/api/absences', subject: null })],
    ['/api/sick-calls', () => ({ caller: scene.all, path: '/api/sick-calls', subject: null })],
    [
      '/api/sick-calls/{id}',
      () => ({ caller: scene.all, path: `/api/sick-calls/${sickCallId}`, subject: sickCallId }),
    ],
    [
      '/api/sick-calls/{id}/mending',
      () => ({ caller: scene.all, path: `/api/sick-calls/${sickCallId}/mending`, subject: sickCallId }),
    ],
    [
      '/api/roster-attendance',
      () => {
        const { organisationId } = scene.east
        const path = `/api/roster-attendance?organisationId=${organisationId}`
        return { caller: scene.all, path, subject: organisationId }
      },
    ],
    [
      '/api/rosters/{id}/timeline',
      () => ({ caller: scene.all, path: `/api/rosters/${rosterId}/timeline`, subject: rosterId }),
    ],
    [
      '/api/rosters/{id}/roster.xlsx',
      () => ({ caller: scene.all, path: `/api/rosters/${rosterId}/roster.xlsx`, subject: rosterId }),
    ],
    [
      '/api/notices',
      () => ({ caller: scene.all, path: `/api/notices?incidentId=${incidentId}`, subject: incidentId }),
    ],
  ]

  it('is shown by these routes and no others', async () => {
    const { body } = await scene.all.get<{ paths: Record<string, Record<string, Record<string, unknown>>> }>(
      '/api/openapi.json',
    )
    const personal = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.values(methods).some((operation) => operation['x-personal']) ? [path] : [],
    )
    expect(READINGS.map(([route]) => route).sort()).toEqual(personal.sort())
  })

  it.each(READINGS)('is read at %s with an entry in the log: who, what, about whom', async (route, ask) => {
    const { caller, path, subject } = ask()
    const before = (await readings(caller)).length
    // What was read while the scene was set would be the same reading again.
    const fresh =
      path + (/incidents\/|notices|timeline|status/.test(route) && !path.includes('?') ? '?fresh=1' : '')
    const { status } = await caller.get(fresh)
    expect(status, path).toBe(200)
    const entries = await readings(caller)
    expect(entries.length, path).toBe(before + 1)
    expect(entries.at(-1)).toMatchObject({
      subject_id: subject,
      account_id: caller.accountId,
      detail: { url: route.replace(/\{(\w+)\}/g, ':$1') },
    })
  })

  it('is written down once in ten minutes where a page looks again and again, and each time where it leaves the house', async () => {
    const reader = await scene.at(scene.east, 'dispatcher')
    const paths = [`/api/incidents/${incidentId}`, '/api/incidents?q=司徒', '/api/incidents?q=某某']
    for (let n = 0; n < 5; n++) for (const path of paths) await reader.get(path)
    expect((await readings(reader)).map(({ detail }) => detail.query['q'] ?? null)).toEqual([
      null,
      '司徒',
      '某某',
    ])
    for (let n = 0; n < 2; n++) {
      await reader.get(`/api/incidents/${incidentId}/report.pdf`)
      await reader.get(`/api/reports/${reportId}/caller`)
    }
    expect((await readings(reader)).length).toBe(3 + 4)
  })

  it('is not shown where its reading cannot be written down', async () => {
    const unlogged = await scene.house.as('duty-commander', 'dispatcher', 'station-chief')
    const owner = new pg.Client({ connectionString: scene.house.testDatabase.ownerUrl })
    await owner.connect()
    await owner.query(`
      create function refuse_entry() returns trigger language plpgsql as $$ begin raise exception 'full'; end $$;
      create trigger refuse_entry before insert on audit_entry for each row
        when (new.account_id = '${unlogged.accountId}') execute function refuse_entry();`)
    await owner.end()
    for (const [route, ask] of READINGS.filter(([each]) => !/accounts|audit|officer-names/.test(each))) {
      const { status, body } = await unlogged.get(ask().path)
      expect(status, route).toBe(500)
      expect(JSON.stringify(body), route).not.toMatch(/欧阳|司徒|1380000|警员|%PDF/)
    }
  })

  it('goes neither into the stream, to webhooks, nor into the answers kept for repeats', async () => {
    const key = { 'idempotency-key': 'privacy-1' }
    await scene.all.send(
      'POST',
      '/api/reports',
      {
        ...{
          origin: 'citizen',
          typeCode: '0201',
          summary: SUMMARY,
          address: ADDRESS,
          position: scene.west.position,
        },
        caller: { ...CALLER, legalBasis: '110-rules', purpose: 'call-back' },
      },
      key,
    )
    await scene.all.send('POST', `/api/incidents/${incidentId}/notes`, { text: '司徒某某已联系' })
    await scene.all.send('POST', `/api/units/${scene.east.otherUnitId}/status`, {
      ...{ status: 'break', cause: '司徒某某身体不适' },
    })
    await scene.all.send('POST', '/api/officers', {
      ...{ organisationId: scene.east.organisationId, badgeNumber: 'x9', sworn: true, patrolCapable: true },
      ...{ name: CALLER.name, phone: CALLER.phone },
    })
    await scene.house.server.flows.settled()
    const { rows } = await scene.house.database.pool.query<{ sent_at: string | null }>(
      `update notice set due_at = now() - interval '1 minute' where sent_at is null returning sent_at`,
    )
    expect(rows.length).toBeGreaterThan(0)
    const sent = async () => (await rowsOf(`select 1 from notice where sent_at is null`)).length === 0
    while (!(await sent())) await new Promise((resolve) => setTimeout(resolve, 50))
    const notice = (await scene.all.get<{ notices: { id: string }[] }>('/api/notices')).body.notices[0]!
    await scene.all.send('POST', `/api/notices/${notice.id}/read`)

    const names = await rowsOf<{ name: string }>('select name from account')
    const told = [
      CALLER.name,
      CALLER.phone,
      '司徒',
      ADDRESS,
      '警员',
      '店主',
      ...names.map(({ name }) => name),
    ]
    const stream = await rowsOf<{ topic: string; data: unknown }>('select topic, data from outbox')
    expect(new Set(stream.map(({ topic }) => topic)).size).toBeGreaterThan(12)
    for (const { topic, data } of stream)
      for (const word of told) expect(JSON.stringify(data), topic).not.toContain(word)
    const kept = await rowsOf<{ body: unknown }>('select body from idempotency')
    for (const { body } of kept)
      expect(JSON.stringify(body)).not.toMatch(new RegExp(`${CALLER.name}|${CALLER.phone}`))
    const log = await rowsOf<{ action: string; detail: unknown }>('select action, detail from audit_entry')
    for (const { action, detail } of log)
      expect(JSON.stringify(detail), action).not.toMatch(new RegExp(`${CALLER.name}|${CALLER.phone}|1380000`))
  })

  it('does not get into the server’s own log with a fault of the database', async () => {
    const fault: unknown = await scene.house.database.pool
      .query(
        `insert into officer (id, organisation_id, badge_number, name, phone, sworn, patrol_capable, skills, duty, duty_since, post, post_since)
         values ('x', $1, 'x8', '欧阳某某', '13711112222', true, true, '{}', 'no such duty', now(), 'none', now())`,
        [scene.east.organisationId],
      )
      .catch((thrown: unknown) => thrown)
    expect(JSON.stringify(fault), 'PostgreSQL quotes the row').toContain('欧阳某某')
    const logged = JSON.stringify(faultForLog(fault))
    expect(logged).not.toMatch(/欧阳|13711112222/)
    expect(logged).toContain('officer_duty_check')
  })

  it('of callers has a basis, a purpose and an end', async () => {
    const { body } = await scene.all.get<{ caller: Record<string, string> }>(
      `/api/reports/${reportId}/caller`,
    )
    expect(body.caller).toMatchObject({ ...CALLER, legalBasis: '110-rules', purpose: 'call-back' })
    expect(Date.parse(body.caller['retainUntilAt']!)).toBeGreaterThan(Date.now())
    for (const missing of ['legalBasis', 'purpose']) {
      const caller: Record<string, string> = { ...CALLER, legalBasis: '110-rules', purpose: 'call-back' }
      delete caller[missing]
      const refused = await scene.all.send('POST', '/api/reports', {
        ...{
          origin: 'citizen',
          typeCode: '0201',
          summary: 'x',
          address: 'x',
          position: scene.east.position,
          caller,
        },
      })
      expect(refused.status, missing).toBe(400)
    }
    await scene.house.database.pool.query(
      `update report_caller set retain_until = now() where report_id = $1`,
      [reportId],
    )
    const lapsed = await scene.all.get<{ caller: unknown }>(`/api/reports/${reportId}/caller`)
    expect(lapsed.body.caller).toBeNull()
  })

  it('has no place for ethnicity, religion, politics, health or the body, and none for a score', async () => {
    const NEVER =
      /ethnic|race|nationality|religio|faith|belief|politic|party|health|illness|disease|diagnos|disab|blood|pregnan|sexual|orient|biometric|fingerprint|face|facial|iris|gait|voiceprint|genetic|dna|score|stop_?count|fine_?count|民族|宗教|政治|健康|人脸|指纹/i
    const columns = await rowsOf<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'`,
    )
    expect(columns.length).toBeGreaterThan(200)
    // «trace», «interface» and the like are no fields; a name is looked at word by word.
    const isNever = (name: string) =>
      name.split(/[._]|(?=[A-Z])/).some((word) => new RegExp(`^(${NEVER.source})`, 'i').test(word))
    expect(columns.map(({ name }) => name).filter(isNever)).toEqual([])
    const { body } = await scene.all.get<object>('/api/openapi.json')
    const fields = new Set<string>()
    JSON.stringify(body, (key, value: unknown) => {
      if (key === 'properties') for (const name of Object.keys(value as object)) fields.add(name)
      return value
    })
    expect(fields.size).toBeGreaterThan(150)
    // The one score, and its least, say how alike two reports are.
    expect([...fields].filter(isNever)).toEqual(['score', 'leastScore'])
  })
})
