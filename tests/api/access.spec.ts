import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RULES } from '../../apps/server/compose.ts'
import { ROLES, type Role } from '../../foundation/core/access.ts'
import { openHouse, type Caller, type TestHouse } from '../house.ts'

/**
 * Whom a permission reaches, decided for every permission (operations reference 1: «all patrol forces of all
 * departments are one board; filters never hide a department»).
 * `one board`: whoever holds it sees every department, and it shows no name.
 * `scope`: it reaches the organisations of the grant; what belongs to no organisation is everyone's to handle.
 * `district`: it touches what is everybody's, so a grant for a part of the district does not give it.
 */
const REACH: Record<string, 'one board' | 'scope' | 'district'> = {
  'account.read': 'district',
  'account.manage': 'district',
  'token.issue': 'district',
  'audit.read': 'district',
  'webhook.manage': 'district',
  'place.read': 'one board',
  'place.read-contacts': 'scope',
  'place.edit-sites': 'scope',
  'place.edit-areas': 'scope',
  'place.edit-key-places': 'district',
  'place.edit-district': 'district',
  'force.read-organisations': 'one board',
  'force.read': 'one board',
  'force.read-persons': 'scope',
  'force.find-officers': 'district',
  'force.manage': 'scope',
  'force.manage-organisations': 'district',
  'force.lend': 'scope',
  'force.call-duty': 'scope',
  'force.command-status': 'scope',
  'force.set-status': 'scope',
  'force.speak-for-units': 'scope',
  'roster.read': 'one board',
  'roster.read-drafts': 'one board',
  'roster.read-settings': 'one board',
  'roster.edit': 'scope',
  'roster.make': 'district',
  'roster.configure': 'district',
  'roster.export': 'scope',
  'roster.read-own': 'scope',
  'roster.ask': 'scope',
  'roster.read-absences': 'scope',
  'roster.decide': 'scope',
  'roster.cover': 'scope',
  'roster.call-roll': 'scope',
  'roster.read-attendance': 'scope',
  'location.read': 'scope',
  'location.read-tracks': 'scope',
  'location.read-devices': 'one board',
  'location.manage-devices': 'district',
  'location.bind-devices': 'scope',
  'location.read-counters': 'one board',
  'board.read': 'one board',
  'board.read-names': 'scope',
  'board.read-levels': 'one board',
  'board.read-reasons': 'scope',
  'board.configure': 'district',
  'board.activate': 'scope',
  'board.answer-order': 'scope',
  'board.answer-any-order': 'scope',
  'incident.read': 'scope',
  'incident.read-settings': 'one board',
  'incident.report': 'scope',
  'incident.read-caller': 'scope',
  'incident.grade': 'scope',
  'incident.command': 'scope',
  'incident.record': 'scope',
  'incident.configure': 'district',
  'dispatch.read': 'one board',
  'dispatch.read-settings': 'one board',
  'dispatch.order': 'scope',
  'dispatch.answer': 'scope',
  'dispatch.answer-any': 'scope',
  'dispatch.configure': 'district',
  'analysis.read': 'district',
  'analysis.run': 'district',
  'analysis.read-settings': 'district',
  'analysis.configure': 'district',
  'patrol.read-sync': 'district',
  'patrol.read-results': 'district',
  'patrol.read-orders': 'scope',
  'patrol.propose-order': 'scope',
  'patrol.approve-order': 'scope',
  'patrol.read-own-orders': 'scope',
  'patrol.answer-order': 'scope',
  'patrol.answer-any-order': 'scope',
  'patrol.read-visits': 'scope',
  'patrol.read-settings': 'one board',
  'patrol.configure': 'district',
}

/** What each role may do, written out: a right that is given or taken by oversight shows here. */
const MAY: Record<Role, string> = {
  'duty-commander': `place.read place.read-contacts place.edit-areas place.edit-key-places
    force.read-organisations force.read force.read-persons force.manage force.lend force.call-duty force.command-status force.set-status
    roster.read roster.read-drafts roster.read-settings roster.edit roster.make roster.configure roster.export roster.read-own roster.ask
    roster.read-absences roster.decide roster.cover roster.call-roll roster.read-attendance
    location.read location.read-tracks location.read-devices location.read-counters
    board.read board.read-names board.read-levels board.read-reasons board.configure board.activate
    board.answer-order board.answer-any-order
    incident.read incident.read-settings incident.report incident.read-caller incident.grade incident.command
    incident.record incident.configure
    dispatch.read dispatch.read-settings dispatch.order dispatch.answer dispatch.answer-any dispatch.configure
    analysis.read analysis.run analysis.read-settings analysis.configure
    patrol.read-orders patrol.propose-order patrol.approve-order patrol.read-own-orders patrol.answer-order
    patrol.answer-any-order patrol.read-visits patrol.read-settings patrol.configure patrol.read-sync patrol.read-results`,
  dispatcher: `place.read place.read-contacts roster.read roster.read-settings roster.read-own roster.ask
    roster.cover roster.call-roll roster.read-attendance
    force.read-organisations force.read force.read-persons force.call-duty force.command-status force.set-status
    location.read location.read-tracks location.read-devices location.bind-devices location.read-counters
    board.read board.read-names board.read-levels board.read-reasons board.answer-order board.answer-any-order
    incident.read incident.read-settings incident.report incident.read-caller incident.grade incident.command
    incident.record
    dispatch.read dispatch.read-settings dispatch.order dispatch.answer dispatch.answer-any
    analysis.read
    patrol.read-orders patrol.propose-order patrol.read-own-orders patrol.answer-order patrol.answer-any-order
    patrol.read-visits patrol.read-settings`,
  analyst: `place.read roster.read roster.read-drafts roster.read-settings roster.read-own roster.ask force.read-organisations force.read location.read location.read-tracks board.read board.read-levels
    incident.read incident.read-settings dispatch.read dispatch.read-settings
    analysis.read analysis.run analysis.read-settings analysis.configure
    patrol.read-orders patrol.propose-order patrol.read-own-orders patrol.read-visits patrol.read-settings patrol.read-sync patrol.read-results`,
  'team-leader': `place.read roster.read roster.read-settings roster.read-own roster.ask roster.call-roll roster.read-attendance place.read-contacts force.read-organisations force.read force.read-persons force.call-duty force.set-status
    location.read board.read board.read-levels board.answer-order
    incident.read incident.read-settings incident.report incident.record
    dispatch.read dispatch.read-settings dispatch.answer
    patrol.read-own-orders patrol.answer-order patrol.read-settings`,
  officer: `place.read roster.read roster.read-settings roster.read-own roster.ask place.read-contacts force.read-organisations force.read force.set-status location.read
    board.read board.read-levels board.answer-order
    incident.read incident.read-settings incident.report incident.record
    dispatch.read dispatch.read-settings dispatch.answer
    patrol.read-own-orders patrol.answer-order patrol.read-settings`,
  'station-chief': `place.read place.read-contacts place.edit-sites
    roster.read roster.read-drafts roster.read-settings roster.edit roster.make roster.export roster.read-own roster.ask
    roster.read-absences roster.decide roster.cover roster.call-roll roster.read-attendance
    force.read-organisations force.read force.read-persons force.manage force.lend force.call-duty force.command-status force.set-status
    location.read location.read-tracks location.read-devices location.bind-devices
    board.read board.read-names board.read-levels board.read-reasons board.answer-order board.answer-any-order
    incident.read incident.read-settings incident.report dispatch.read dispatch.read-settings
    analysis.read
    patrol.read-orders patrol.propose-order patrol.read-own-orders patrol.read-visits patrol.read-settings patrol.read-sync patrol.read-results`,
  supervisor: `place.read roster.read roster.read-drafts roster.read-settings roster.read-own roster.ask roster.read-absences roster.read-attendance force.read-organisations force.read force.read-persons location.read location.read-tracks location.read-counters
    board.read board.read-names board.read-levels incident.read incident.read-settings
    dispatch.read dispatch.read-settings analysis.read
    patrol.read-orders patrol.read-own-orders patrol.read-visits patrol.read-settings patrol.read-sync patrol.read-results`,
  auditor: `audit.read place.read force.read-organisations force.read`,
  'system-admin': `webhook.manage place.read place.edit-sites place.edit-areas place.edit-key-places
    place.edit-district roster.read-settings roster.configure force.read-organisations force.read force.manage force.manage-organisations
    location.read-devices location.manage-devices location.bind-devices location.read-counters
    board.read-levels board.configure incident.read-settings incident.configure
    dispatch.read-settings dispatch.configure analysis.read-settings analysis.configure
    patrol.read-settings patrol.configure`,
  'security-admin': `force.read-organisations force.find-officers account.read account.manage token.issue`,
  'audit-admin': `force.read-organisations account.read audit.read`,
  // Another system that takes part in command: it may do what a dispatcher does, and reads no personal data.
  service: `place.read force.read-organisations force.read force.set-status force.speak-for-units location.read location.read-counters
    board.read board.read-levels board.answer-order board.answer-any-order
    incident.read incident.read-settings incident.report incident.grade incident.command incident.record
    dispatch.read dispatch.read-settings dispatch.order dispatch.answer dispatch.answer-any
    patrol.read-orders patrol.read-own-orders patrol.answer-order patrol.answer-any-order patrol.read-settings`,
  // An alarm centre or a 110 system: it reports, and reads nothing but the words to report with.
  'intake-system': `incident.report incident.read-settings`,
  // A terminal in a car: it says where its unit has got to.
  'unit-terminal': `place.read force.read-organisations force.read force.set-status force.speak-for-units location.read board.read
    board.answer-order board.answer-any-order incident.read dispatch.read dispatch.answer dispatch.answer-any
    patrol.read-own-orders patrol.answer-order patrol.answer-any-order`,
}

interface OpenApi {
  readonly paths: Record<string, Record<string, { 'x-permission': string }>>
}

describe('who may do what', () => {
  it('is decided for every permission: whom it reaches', () => {
    expect(Object.keys(REACH).sort()).toEqual(RULES.map((rule) => rule.permission).sort())
    for (const rule of RULES)
      expect(rule.district === true, rule.permission).toBe(REACH[rule.permission] === 'district')
  })

  it.each(ROLES)('is written out: %s', (role) => {
    const given = RULES.filter((rule) => rule.roles.includes(role)).map((rule) => rule.permission)
    expect(given.sort()).toEqual(MAY[role].split(/\s+/).sort())
  })

  it('never shows personal data by a permission that reaches all departments for everyone', () => {
    const open = RULES.filter((rule) => rule.personal && REACH[rule.permission] === 'one board')
    expect(open).toEqual([])
  })

  it('gives machines no personal data and no administrator’s right', () => {
    for (const role of ['service', 'intake-system', 'unit-terminal'] as const)
      for (const rule of RULES.filter((each) => each.roles.includes(role)))
        expect([rule.permission, rule.personal, rule.district]).toEqual([
          rule.permission,
          undefined,
          undefined,
        ])
  })

  it('keeps the security administrator out of the work, and everybody else out of accounts', () => {
    for (const rule of RULES) {
      // Who hands out roles has to name the departments they are for, and finds the officer an account belongs to.
      const isAccounts = /^(account|token)\.|^force\.(read-organisations|find-officers)$/.test(
        rule.permission,
      )
      expect(rule.roles.includes('security-admin'), rule.permission).toBe(isAccounts)
      if (rule.permission === 'account.manage' || rule.permission === 'token.issue')
        expect(rule.roles).toEqual(['security-admin'])
    }
  })
})

describe('every route', () => {
  let house: TestHouse
  let routes: { method: string; path: string; permission: string }[]
  beforeAll(async () => {
    house = await openHouse()
    const anyone = await house.as('officer')
    const { body } = await anyone.get<OpenApi>('/api/openapi.json')
    routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: path.replace(/\{\w+\}/g, 'nothing'),
        permission: operation['x-permission'],
      })),
    )
  })
  afterAll(() => house.close())

  const call = (caller: Caller, { method, path }: { method: string; path: string }) =>
    caller.send(method, path, method === 'GET' || method === 'DELETE' ? undefined : {})

  it('names who may call it', () => {
    expect(routes.length).toBeGreaterThan(140)
    const known = new Set([...RULES.map((rule) => rule.permission), 'public', 'signed-in'])
    expect(routes.filter(({ permission }) => !known.has(permission))).toEqual([])
    const open = routes.filter(({ permission }) => permission === 'public').map(({ path }) => path)
    // What is open to anybody: the two ways in, devices, which prove themselves by their own secret, and calendars,
    // whose address is one.
    expect([...new Set(open)].sort()).toEqual([
      '/api/session',
      '/api/setup',
      '/calendar/nothing',
      '/positions/batch',
      '/positions/osmand',
      '/positions/owntracks',
    ])
  })

  it('answers 401 to one who has not signed in, before it reads what was sent', async () => {
    for (const route of routes.filter(({ permission }) => permission !== 'public')) {
      const response = await fetch(house.url + route.path, { method: route.method })
      await response.arrayBuffer()
      expect(response.status, `${route.method} ${route.path}`).toBe(401)
    }
  })

  it.each(ROLES)(
    'lets %s do what the table says, and refuses the rest by naming the permission',
    async (role) => {
      const caller = await house.as(role)
      const may = new Set(MAY[role].split(/\s+/))
      for (const route of routes.filter(({ permission }) => permission !== 'public')) {
        const { status, body } = await call(caller, route)
        const refused = status === 403 && body['code'] === 'forbidden'
        const what = `${role}: ${route.method} ${route.path} → ${status} ${JSON.stringify(body).slice(0, 200)}`
        if (route.permission === 'signed-in') expect([status, refused], what).not.toContain(401)
        else expect(refused, what).toBe(!may.has(route.permission))
        if (refused) expect(body, what).toMatchObject({ about: { permission: route.permission } })
      }
    },
  )

  it('that touches the whole district is closed to a grant for a part of it', async () => {
    const system = await house.as('system-admin')
    const add = (code: string, parentId: string | null) =>
      system.send<{ id: string }>('POST', '/api/organisations', {
        ...{ code, parentId, kind: parentId ? 'station' : 'sub-bureau', nameZh: code, nameEn: code },
      })
    const bureau = (await add('bureau', null)).body.id
    const station = (await add('station', bureau)).body.id
    const roles = ROLES.filter((role) => !role.endsWith('-admin'))
    const [ofPart, ofAll] = [
      await house.as(
        ...[...roles, 'system-admin' as const].map((role) => ({ role, organisationId: station })),
      ),
      await house.as(
        ...[...roles, 'system-admin' as const].map((role) => ({ role, organisationId: bureau })),
      ),
    ]
    // The tree is remembered for two seconds.
    while ((await call(ofAll, { method: 'PUT', path: '/api/patrol-levels' })).status === 403)
      await new Promise((resolve) => setTimeout(resolve, 100))
    const district = routes.filter(
      ({ permission }) =>
        REACH[permission] === 'district' && !/^(account|token)\.|^force\.find-officers$/.test(permission),
    )
    expect(district.length).toBeGreaterThan(20)
    for (const route of district) {
      const what = `${route.method} ${route.path}`
      expect(await call(ofPart, route), what).toMatchObject({ status: 403, body: { code: 'forbidden' } })
      const { body } = await call(ofAll, route)
      expect((body as { code?: string }).code, `${what} by a grant for everything there is`).not.toBe(
        'forbidden',
      )
    }
  })
})
