import { expect } from 'vitest'
import { addDays } from '../../foundation/core/day.ts'
import { inTransaction } from '../../foundation/server/db.ts'
import { newId } from '../../foundation/server/ids.ts'
import type { Caller } from '../house.ts'
import { SHIPPED_PATTERNS, type Post, type PostId } from '../../capabilities/roster/core/index.ts'
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

/** A draft of both stations, each on days of its own. */
export async function draftRoster(caller: Caller, fromDate: string, days = 7) {
  const reply = await caller.send<{ id: string; number: string; version: number }>('POST', '/api/rosters', {
    ...{ fromDate, days },
  })
  expect(reply.status, JSON.stringify(reply.body)).toBe(201)
  return reply.body
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
    return addDays('2026-12-07', 7 * weeks++)
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
          ...{ patternCode: 'three-shift', anchorDate: '2026-01-01', fromDate: '2030-01-01' },
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
