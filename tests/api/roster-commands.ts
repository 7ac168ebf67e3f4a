import { expect } from 'vitest'
import type { OfficerId, OrganisationId } from '../../capabilities/force/core/index.ts'
import { addDays } from '../../foundation/core/day.ts'
import { inTransaction } from '../../foundation/server/db.ts'
import { newId } from '../../foundation/server/ids.ts'
import type { Caller } from '../house.ts'
import { SHIPPED_PATTERNS, type Post, type PostId } from '../../capabilities/roster/core/index.ts'
import type { RosterNeeds } from '../../capabilities/roster/server/needs.ts'
import { settleRoster } from '../../capabilities/roster/server/settle.ts'
import type { Asked, Command } from './command.ts'
import type { StationScene, TwoStations } from './two-stations.ts'

/** A desk that anybody of a station may stand at. */
export const deskOf = (organisationId: string): Post => ({
  id: newId<PostId>(),
  ...{ organisationId, code: 'desk', nameZh: '值班室', nameEn: 'Desk', kind: 'desk', isStreet: false },
  ...{ unitId: null, shifts: [], minOfficers: 0, maxOfficers: null, needsLeader: false, skills: [] },
})

/** Both stations follow the three-shift pattern from the year's first day on, each officer in one of its platoons. */
export async function followPatterns({ house, east, west }: TwoStations): Promise<readonly Post[]> {
  const posts = [east, west].map(({ organisationId }) => deskOf(organisationId))
  const scheme = ({ organisationId, officers }: StationScene) => ({
    ...{ organisationId, patternCode: 'three-shift', anchorDate: '2026-01-01', fromDate: '2026-01-01' },
    platoons: [[officers[0]!, officers[3]!], [officers[1]!], [officers[2]!]],
  })
  await inTransaction(house.database.db, (tx) =>
    settleRoster(
      tx,
      { schemes: [scheme(east), scheme(west)], posts, holidays: [], rosters: [] },
      { timeZone: 'Asia/Shanghai', now: Date.now() },
    ),
  )
  return posts
}

/** Every officer of both stations at home; what the force says of them is tested there. */
export const needsOf = ({ east, west }: TwoStations): RosterNeeds => ({
  timeZone: () => 'Asia/Shanghai',
  listOrganisations: async () => [],
  listOfficers: async () =>
    [east, west].flatMap(({ organisationId, officers }) =>
      officers.map((id) => ({
        ...{ id: id as OfficerId, organisationId: organisationId as OrganisationId, badgeNumber: id },
        ...{ sworn: true, patrolCapable: true, skills: [], duty: 'on', dutySince: 0, post: 'none' },
        ...{ postSince: 0, version: 1 },
      })),
    ),
  listUnits: async () => [],
  listLoans: async () => [],
  listPersons: async () => [],
  listAbsences: async () => [],
  listWishes: async () => [],
})

/** A draft of both stations, each on days of its own. */
export async function draftRoster(caller: Caller, fromDate: string, days = 7) {
  const reply = await caller.send<{ id: string; number: string; version: number }>('POST', '/api/rosters', {
    ...{ fromDate, days },
  })
  expect(reply.status, JSON.stringify(reply.body)).toBe(201)
  return reply.body
}

/** Leaves the pattern and the posts alone as rules, so that a desk and nobody on the street make a roster. */
export async function relaxRules(caller: Caller): Promise<void> {
  const { body } = await caller.get<{ settings: { key: string; value: object; version: number }[] }>(
    '/api/roster-settings',
  )
  const { value, version } = body.settings.find(({ key }) => key === 'roster.rules')!
  const relaxed = { ...value, streetShares: [], minimumRestMinutes: 0, forbidNightThenDay: false }
  const reply = await caller.send(
    'PUT',
    '/api/roster-settings/roster.rules',
    { value: relaxed },
    { 'if-match': `"${version}"` },
  )
  expect(reply.status, JSON.stringify(reply.body)).toBe(200)
}

/** One successful call of every command of rosters. The stage may still be empty when the list is made. */
export function rosterCommands(
  stage: TwoStations,
  settingAt: (url: string, key: string) => Promise<Asked>,
): readonly Command[] {
  let followed: Promise<unknown> | null = null
  let weeks = 0
  /** A week that no other command has. */
  const nextWeek = async (): Promise<string> => {
    await (followed ??= followPatterns(stage))
    return addDays('2028-01-03', 7 * weeks++)
  }
  const draft = async () => draftRoster(stage.all, await nextWeek())
  const on = async (verb: string, body?: object): Promise<Asked> => {
    const { id, version } = await draft()
    return { path: `/api/rosters/${id}/${verb}`, body, version }
  }
  const post = async () => {
    const { id: _, ...given } = deskOf(stage.east.organisationId)
    const body = { ...given, code: `post-${weeks++}` }
    const reply = await stage.all.send<{ id: string }>('POST', '/api/roster-posts', body)
    expect(reply.status, JSON.stringify(reply.body)).toBe(201)
    return { body, path: `/api/roster-posts/${reply.body.id}` }
  }
  const settings = ['roster.rules', 'roster.weights', 'roster.holidays', 'roster.keeping']
  return [
    [
      'POST /api/rosters',
      async () => ({ path: '/api/rosters', body: { fromDate: await nextWeek(), days: 7 } }),
    ],
    [
      'PATCH /api/rosters/{id}/cells',
      async () => {
        const { id, version } = await draft()
        const { body } = await stage.all.get<{ options: { key: string }[] }>(`/api/rosters/${id}`)
        const option = body.options.find(({ key }) => key.startsWith(stage.east.organisationId))!.key
        const { fromDate } = (await stage.all.get<{ roster: { fromDate: string } }>(`/api/rosters/${id}`))
          .body.roster
        const change = { officerId: stage.east.officers[0], date: fromDate, option }
        return { path: `/api/rosters/${id}/cells`, body: { changes: [change] }, version }
      },
    ],
    [
      'POST /api/rosters/{id}/import',
      async () => {
        const { id } = await draft()
        const { body } = await stage.all.get<{ roster: { fromDate: string } }>(`/api/rosters/${id}`)
        const file = `badge,${body.roster.fromDate}\ne1,training\n`
        return { path: `/api/rosters/${id}/import`, body: file, version: 1, contentType: 'text/csv' }
      },
    ],
    ['POST /api/rosters/{id}/solve', () => on('solve', { seconds: 1 })],
    [
      'POST /api/rosters/{id}/solving/stop',
      async () => {
        const { id } = await draft()
        await stage.house.database.pool.query(
          `insert into roster_solve
             (id, roster_id, state, asked_seconds, roster_version, started_by, started_at, heard_at, seconds)
           values ($1, $1, 'running', 60, 1, 'x', now(), now(), 0)`,
          [id],
        )
        return { path: `/api/rosters/${id}/solving/stop` }
      },
    ],
    [
      'POST /api/rosters/{id}/solving/apply',
      async () => {
        await relaxRules(stage.all)
        const { id } = await draft()
        await stage.all.send('POST', `/api/rosters/${id}/solve`, { seconds: 5 })
        const solved = async () =>
          (await stage.all.get<{ state: string }>(`/api/rosters/${id}/solving`)).body.state === 'done'
        while (!(await solved())) await new Promise((resolve) => setTimeout(resolve, 50))
        const { body } = await stage.all.get<{
          options: object[]
          officers: { id: string }[]
          cells: number[][]
        }>(`/api/rosters/${id}`)
        const officers = body.officers.map((one, row) => ({ officerId: one.id, cells: body.cells[row] }))
        await stage.house.database.pool.query(`update roster_solve set found = $2 where roster_id = $1`, [
          ...[id, JSON.stringify({ options: body.options, officers })],
        ])
        return { path: `/api/rosters/${id}/solving/apply`, version: 2 }
      },
    ],
    ['POST /api/rosters/{id}/publish', () => on('publish', { acceptBreaches: true, reason: '先行试排' })],
    ['POST /api/rosters/{id}/withdraw', () => on('withdraw', { reason: '重排' })],
    [
      'PUT /api/duty-patterns/{code}',
      () => {
        const pattern = { ...SHIPPED_PATTERNS[0]!, code: `own-${weeks++}` }
        return { path: `/api/duty-patterns/${pattern.code}`, body: pattern, version: 0 }
      },
    ],
    [
      'PUT /api/duty-schemes/{organisationId}',
      async () => ({
        path: `/api/duty-schemes/${stage.bureauId}`,
        body: {
          ...{ patternCode: 'three-shift', anchorDate: '2026-01-01', fromDate: '2035-01-01' },
          platoons: [[], [], []],
        },
        version: 0,
      }),
    ],
    [
      'POST /api/roster-posts',
      () => {
        const { id: _, ...given } = deskOf(stage.east.organisationId)
        return { path: '/api/roster-posts', body: { ...given, code: `post-${weeks++}` } }
      },
    ],
    [
      'PATCH /api/roster-posts/{id}',
      async () => ({ path: (await post()).path, body: { minOfficers: 1 }, version: 1 }),
    ],
    ['DELETE /api/roster-posts/{id}', async () => ({ path: (await post()).path, version: 1 })],
    ...settings.map(
      (key) =>
        [`PUT /api/roster-settings/${key}`, () => settingAt('/api/roster-settings', key)] as [
          string,
          () => Promise<Asked>,
        ],
    ),
  ]
}
