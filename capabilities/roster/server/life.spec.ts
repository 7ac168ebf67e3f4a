import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller, Reply } from '../../../tests/house.ts'
import { deskOf, draftRoster, followPatterns } from '../../../tests/api/roster-commands.ts'
import { openTwoStations, type StationScene, type TwoStations } from '../../../tests/api/two-stations.ts'
import { SHIPPED_PATTERNS } from '../core/index.ts'

interface Difference {
  readonly version: number
  readonly added: readonly { readonly rule: string; readonly officerId: string | null }[]
  readonly removed: readonly { readonly rule: string }[]
}

const code = ({ status, body }: Reply): unknown => (status < 300 ? status : body['code'])
const version = (of: number) => ({ 'if-match': `"${of}"` })

describe('the life of a roster', () => {
  let scene: TwoStations
  let all: Caller
  beforeAll(async () => {
    scene = await openTwoStations()
    ;({ all } = scene)
    await followPatterns(scene)
  })
  afterAll(() => scene.close())

  /** A duty at the desk that the pattern asks of the station's officer on some day. */
  async function askedDuty({ organisationId, officers }: StationScene, id: string) {
    const { body } = await all.get<{
      roster: { fromDate: string }
      officers: { id: string; roles: string[] }[]
      options: { key: string; organisationId: string | null; shift: string | null }[]
    }>(`/api/rosters/${id}`)
    const pattern = SHIPPED_PATTERNS.find(({ code }) => code === 'three-shift')!
    const { roles } = body.officers.find((one) => one.id === officers[0])!
    const day = roles.findIndex((role) => pattern.roles.find(({ code }) => code === role)!.shifts.length > 0)
    const { shifts } = pattern.roles.find(({ code }) => code === roles[day])!
    const option = body.options.find(
      (one) => one.organisationId === organisationId && one.shift === shifts[0],
    )!.key
    const at = new Date(Date.parse(body.roster.fromDate) + day * 86_400_000).toISOString().slice(0, 10)
    return { officerId: officers[0]!, date: at, option }
  }

  it('lets a station chief change own rows, tells what they break and mend, and overwrites nobody', async () => {
    const { id, version: first } = await draftRoster(all, '2026-12-07')
    const chief = await scene.at(scene.east, 'station-chief')
    const change = await askedDuty(scene.east, id)
    const tried = await chief.send<Difference>('POST', `/api/rosters/${id}/check`, { changes: [change] })
    expect(tried.body.removed).toContainEqual(
      expect.objectContaining({ rule: 'R01', officerId: change.officerId, date: change.date }),
    )
    const path = `/api/rosters/${id}/cells`
    const foreign = await askedDuty(scene.west, id)
    expect(code(await chief.send('PATCH', path, { changes: [foreign] }, version(first)))).toBe('out-of-scope')
    const changed = await chief.send<Difference>('PATCH', path, { changes: [change] }, version(first))
    expect(changed.body).toMatchObject({
      version: first + 1,
      added: tried.body.added,
      removed: tried.body.removed,
    })
    const late = { changes: [{ ...change, option: 'off' }] }
    expect(code(await all.send('PATCH', path, late, version(first)))).toBe('version-conflict')
    const { body } = await all.get<{ breaches: { officerId: string; date: string; rule: string }[] }>(
      `/api/rosters/${id}/breaches`,
    )
    expect(
      body.breaches.filter(({ officerId, date }) => officerId === change.officerId && date === change.date),
    ).toEqual([])
    const refused = async (wrong: object) =>
      code(await all.send('PATCH', path, { changes: [{ ...change, ...wrong }] }, version(first + 1)))
    expect([
      await refused({ officerId: 'nobody' }),
      await refused({ date: '2026-12-30' }),
      await refused({ option: `${scene.east.organisationId}/no-shift/x` }),
    ]).toEqual(['officer-not-rostered', 'date-outside-roster', 'option-unknown'])
  })

  it('publishes only what breaks no rule, or with somebody answering for it, and one roster a date', async () => {
    const publish = (id: string, of: number, body: object = {}) =>
      all.send('POST', `/api/rosters/${id}/publish`, body, version(of))
    const month = await draftRoster(all, '2027-01-04', 28)
    expect(code(await publish(month.id, 1))).toBe('roster-breaks-rules')
    expect(code(await publish(month.id, 1, { acceptBreaches: true }))).toBe('breach-reason-required')
    expect(code(await publish(month.id, 1, { acceptBreaches: true, reason: '试行' }))).toBe(200)
    expect(code(await publish(month.id, 2, { acceptBreaches: true, reason: '试行' }))).toBe(
      'roster-not-draft',
    )

    const inside = await draftRoster(all, '2027-01-11', 7)
    expect(code(await publish(inside.id, 1, { acceptBreaches: true, reason: '试行' }))).toBe(
      'roster-splits-published',
    )
    const tail = await draftRoster(all, '2027-01-18', 21)
    expect(code(await publish(tail.id, 1, { acceptBreaches: true, reason: '半月重排' }))).toBe(200)
    const shown = async (id: string) =>
      (await all.get<{ roster: { state: string; days: number } }>(`/api/rosters/${id}`)).body.roster
    expect(await shown(month.id)).toMatchObject({ state: 'published', days: 14 })
    const whole = await draftRoster(all, '2027-01-04', 35)
    expect(code(await publish(whole.id, 1, { acceptBreaches: true, reason: '全部重排' }))).toBe(200)
    expect([await shown(month.id), await shown(tail.id), await shown(whole.id)]).toMatchObject([
      { state: 'replaced' },
      { state: 'replaced' },
      { state: 'published' },
    ])
  })

  it('changes what is published for a reason alone, and judges it by the rules of its day', async () => {
    const { id } = await draftRoster(all, '2027-03-01')
    const breached = { acceptBreaches: true, reason: '试行' }
    await all.send('POST', `/api/rosters/${id}/publish`, breached, version(1))
    const before = await all.get<{ breaches: unknown[] }>(`/api/rosters/${id}/breaches`)
    const { body } = await all.get<{ settings: { key: string; value: object; version: number }[] }>(
      '/api/roster-settings',
    )
    const rules = body.settings.find(({ key }) => key === 'roster.rules')!
    const offPattern = { value: { ...rules.value, maxConsecutiveDays: 1 } }
    expect(
      code(await all.send('PUT', '/api/roster-settings/roster.rules', offPattern, version(rules.version))),
    ).toBe(200)
    expect((await all.get<{ breaches: unknown[] }>(`/api/rosters/${id}/breaches`)).body.breaches).toEqual(
      before.body.breaches,
    )
    const change = await askedDuty(scene.east, id)
    const path = `/api/rosters/${id}/cells`
    expect(code(await all.send('PATCH', path, { changes: [change] }, version(2)))).toBe(
      'change-reason-required',
    )
    const reasoned = { changes: [change], reason: '临时调整' }
    expect(code(await all.send('PATCH', path, reasoned, version(2)))).toBe(200)
    const timeline = await all.get<{ timeline: { type: string; sequence: number }[] }>(
      `/api/rosters/${id}/timeline`,
    )
    expect(timeline.body.timeline.map(({ type, sequence }) => [sequence, type])).toEqual([
      [1, 'made'],
      [2, 'published'],
      [3, 'changed'],
    ])
    const withdrawn = await all.send('POST', `/api/rosters/${id}/withdraw`, { reason: '撤回' }, version(3))
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', version: 4 })
    expect(code(await all.send('PATCH', path, reasoned, version(4)))).toBe('roster-ended')
  })
})

describe('what rosters are made by', () => {
  let scene: TwoStations
  let all: Caller
  let chief: Caller
  beforeAll(async () => {
    scene = await openTwoStations()
    ;({ all } = scene)
    chief = await scene.at(scene.east, 'station-chief')
  })
  afterAll(() => scene.close())

  it('ships patterns, takes the district’s own, and names every fault with its place', async () => {
    const { body } = await chief.get<{ patterns: { code: string; version: number }[] }>('/api/duty-patterns')
    expect(body.patterns.map(({ code: one }) => one)).toEqual(SHIPPED_PATTERNS.map(({ code: one }) => one))
    const faulty = { ...SHIPPED_PATTERNS[0]!, code: 'own', nameZh: '', draws: [{}] }
    const checked = await chief.send<{ faults: { path: string }[] }>('POST', '/api/duty-patterns/check', {
      pattern: faulty,
    })
    expect(checked.body.faults.length).toBeGreaterThan(1)
    const refused = await all.send('PUT', '/api/duty-patterns/own', faulty, version(0))
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'invalid-duty-pattern', about: { faults: checked.body.faults } },
    })
    const own = { ...SHIPPED_PATTERNS[0]!, code: 'own' }
    expect(code(await all.send('PUT', '/api/duty-patterns/own', own, version(0)))).toBe(201)
    expect(code(await all.send('PUT', '/api/duty-patterns/own', own, version(0)))).toBe('version-conflict')
    expect(code(await all.send('PUT', '/api/duty-patterns/own', own, version(1)))).toBe(200)
    expect(code(await chief.send('PUT', '/api/duty-patterns/own', own, version(2)))).toBe('forbidden')
  })

  it('puts officers of the own station into platoons, each once, from a date on', async () => {
    const { east, west } = scene
    const [a, b, c, d] = east.officers as [string, string, string, string]
    const set = (station: StationScene, platoons: string[][], of: number, fromDate = '2026-12-01') =>
      chief.send(
        'PUT',
        `/api/duty-schemes/${station.organisationId}`,
        { patternCode: 'three-shift', anchorDate: '2026-12-01', fromDate, platoons },
        version(of),
      )
    expect(code(await set(west, [[], [], []], 0))).toBe('out-of-scope')
    expect(code(await set(east, [[a], [b]], 0))).toBe('platoons-do-not-fit')
    expect(code(await set(east, [[a], [b], [a]], 0))).toBe('officer-in-two-platoons')
    expect(code(await set(east, [[a], [b], [west.officers[0]!]], 0))).toBe('officer-serves-elsewhere')
    expect(code(await set(east, [[a], [b], [c, d]], 0))).toBe(200)
    expect(code(await set(east, [[a, d], [b], [c]], 1, '2026-12-15'))).toBe(200)
    const { body } = await chief.get<{ schemes: { fromDate: string; platoons: string[][] }[] }>(
      '/api/duty-schemes',
    )
    expect(body.schemes).toMatchObject([
      { fromDate: '2026-12-15', platoons: [[a, d].sort(), [b], [c]] },
      { fromDate: '2026-12-01', platoons: [[a], [b], [c, d].sort()] },
    ])
    const across = await all.send('POST', '/api/rosters', { fromDate: '2026-12-10', days: 14 })
    expect(code(across)).toBe('scheme-changes-within')
  })

  it('keeps posts of the own station', async () => {
    const { id: _, ...given } = deskOf(scene.east.organisationId)
    const add = (changes: object) =>
      chief.send<{ id: string }>('POST', '/api/roster-posts', { ...given, ...changes })
    expect(code(await add({ organisationId: scene.west.organisationId }))).toBe('out-of-scope')
    expect(code(await add({ minOfficers: 3, maxOfficers: 2 }))).toBe('post-most-below-least')
    expect(code(await add({ unitId: 'nothing' }))).toBe('unit-unknown')
    const added = await add({ unitId: scene.east.unitId })
    expect(added.status).toBe(201)
    expect(code(await add({}))).toBe('already-exists')
    const path = `/api/roster-posts/${added.body.id}`
    expect(code(await chief.send('PATCH', path, { minOfficers: 2 }, version(1)))).toBe(200)
    expect(code(await chief.send('DELETE', path, undefined, version(1)))).toBe('version-conflict')
    expect(code(await chief.send('DELETE', path, undefined, version(2)))).toBe(204)
    expect((await all.get<{ posts: unknown[] }>('/api/roster-posts')).body.posts).toEqual([])
  })

  it('compares two patterns on the same officers, to see and to take away', async () => {
    const { east, west } = scene
    const asked = {
      organisationIds: [east.organisationId, west.organisationId],
      ...{ left: { patternCode: 'three-shift' }, right: { patternCode: 'four-plus-one' } },
      ...{ fromDate: '2026-12-07', days: 112 },
    }
    const { body } = await chief.send<{
      officers: unknown[]
      left: { patternCode: string }
      right: { draws: { meanDaysBetween: number }; strength: unknown[] }
    }>('POST', '/api/roster-previews', asked)
    expect([body.officers.length, body.left.patternCode, body.right.strength.length]).toEqual([
      ...[8, 'three-shift', 168],
    ])
    expect(JSON.stringify(body)).not.toContain('警员')
    const query = new URLSearchParams([
      ...asked.organisationIds.map((id) => ['organisationIds', id]),
      ...[
        ['left', 'three-shift'],
        ['right', 'four-plus-one'],
        ['fromDate', '2026-12-07'],
        ['days', '112'],
      ],
    ])
    const file = await fetch(`${scene.house.url}/api/roster-previews/preview.xlsx?${query}`, {
      headers: { authorization: `Bearer ${chief.token}` },
    })
    expect(file.headers.get('content-type')).toContain('spreadsheetml')
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load(await file.arrayBuffer())
    expect(workbook.worksheets[0]!.getRow(1).getCell(3).text).toBe(
      SHIPPED_PATTERNS.find(({ code: one }) => one === 'four-plus-one')!.nameZh,
    )
    expect(workbook.worksheets[1]!.rowCount).toBe(169)
    const nobody = { ...asked, organisationIds: [scene.bureauId] }
    expect(code(await chief.send('POST', '/api/roster-previews', nobody))).toBe('nobody-to-preview')
  })
})
