import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller, Reply } from '../../../tests/house.ts'
import { inTransaction } from '../../../foundation/server/db.ts'
import { draftRoster, followPatterns, needsOf, relaxRules } from '../../../tests/api/roster-commands.ts'
import { openTwoStations, type TwoStations } from '../../../tests/api/two-stations.ts'
import type { RosterId } from '../core/index.ts'
import { insertSolve } from './solve.store.ts'
import { openSolving } from './solving.ts'

interface SolvingSeen {
  readonly state: string
  readonly cause: string | null
  readonly objective: number | null
  readonly conflict: readonly { readonly rule: string; readonly detail: object }[] | null
  readonly hasFound: boolean
}

const code = ({ status, body }: Reply): unknown => (status < 300 ? status : body['code'])
const version = (of: number) => ({ 'if-match': `"${of}"` })

describe('solving a roster', () => {
  let scene: TwoStations
  let all: Caller
  beforeAll(async () => {
    scene = await openTwoStations()
    ;({ all } = scene)
    await followPatterns(scene)
    // Two desks and nobody on the street: shares of it would leave no roster.
    await relaxRules(all)
  })
  afterAll(() => scene.close())

  const solve = (id: string) =>
    all.send<{ jobId: string }>('POST', `/api/rosters/${id}/solve`, { seconds: 20 })
  async function ended(id: string): Promise<SolvingSeen> {
    for (;;) {
      const { body } = await all.get<SolvingSeen & Record<string, unknown>>(`/api/rosters/${id}/solving`)
      if (body.state !== 'running') return body
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  it('writes a roster that breaks no rule into the draft, and says what it cost', async () => {
    const { id } = await draftRoster(all, '2026-12-07', 14)
    expect((await all.get(`/api/rosters/${id}/solving`)).body).toMatchObject({ state: 'idle' })
    expect(code(await solve(id))).toBe(202)
    expect(await ended(id)).toMatchObject({ state: 'done', cause: null, hasFound: false })
    const { body } = await all.get<{ breaches: unknown[]; version: number }>(`/api/rosters/${id}/breaches`)
    expect(body).toEqual({ breaches: [], version: 2 })
    const { timeline } = (await all.get<{ timeline: { type: string }[] }>(`/api/rosters/${id}/timeline`)).body
    expect(timeline.map(({ type }) => type)).toEqual(['made', 'solved'])
    const shown = await all.get<{ roster: { objective: number | null } }>(`/api/rosters/${id}`)
    expect(shown.body.roster.objective).not.toBeNull()
    expect(code(await all.send('POST', `/api/rosters/${id}/publish`, {}, version(2)))).toBe(200)
    expect(code(await solve(id))).toBe('roster-not-draft')
  })

  it('overwrites no change made meanwhile: what was found waits to be applied', async () => {
    const { id } = await draftRoster(all, '2027-01-04', 14)
    const { db, pool } = scene.house.database
    let isChanged = false
    const solving = openSolving(
      db,
      {
        ...needsOf(scene),
        // Somebody moves the draft on while the search reads its ground.
        async listWishes() {
          if (!isChanged)
            await pool.query('update roster set version = version + 1, title = $2 where id = $1', [id, 'x'])
          isChanged = true
          return []
        },
      },
      Date.now,
    )
    const solve = {
      ...{ id: 'solve-1', rosterId: id as RosterId, askedSeconds: 20, rosterVersion: 1 },
      ...{ startedBy: 'x', startedAt: Date.now() },
    }
    await inTransaction(db, (tx) => insertSolve(tx, solve))
    solving.begin(solve, null, { error: (fault: unknown) => expect(fault).toBeUndefined() })
    expect(await ended(id)).toMatchObject({ state: 'done', cause: 'draft-changed', hasFound: true })
    await solving.close()
    const seen = async () =>
      (await all.get<{ cells: number[][]; version: number }>(`/api/rosters/${id}`)).body
    const before = await seen()
    expect([before.version, before.cells.flat().every((cell) => cell === 0)]).toEqual([2, true])
    const apply = (of: number) => all.send('POST', `/api/rosters/${id}/solving/apply`, undefined, version(of))
    expect(code(await apply(1))).toBe('version-conflict')
    expect(code(await apply(2))).toBe(200)
    expect((await seen()).cells.flat().some((cell) => cell > 2)).toBe(true)
    expect(code(await apply(3))).toBe('nothing-found')
  })

  it('names the rules that leave no roster', async () => {
    const posts = await all.get<{ posts: { id: string; organisationId: string; version: number }[] }>(
      '/api/roster-posts',
    )
    const desk = posts.body.posts.find(({ organisationId }) => organisationId === scene.east.organisationId)!
    const path = `/api/roster-posts/${desk.id}`
    await all.send('PATCH', path, { minOfficers: 4 }, version(desk.version))
    const { id } = await draftRoster(all, '2027-02-01', 7)
    await solve(id)
    const { state, conflict } = await ended(id)
    expect(state).toBe('infeasible')
    expect(conflict!.map(({ rule, detail }) => ({ rule, detail }))).toContainEqual({
      ...{ rule: 'R07', detail: { postId: desk.id, minimum: 4 } },
    })
    await all.send('PATCH', path, { minOfficers: 0 }, version(desk.version + 1))
  })

  it('says that it was cut off where its server went away', async () => {
    const { id } = await draftRoster(all, '2027-03-01', 7)
    await scene.house.database.pool.query(
      `insert into roster_solve (id, roster_id, state, asked_seconds, roster_version, started_by, started_at, heard_at, seconds)
       values ('gone', $1, 'running', 60, 1, 'x', now() - interval '2 minutes', now() - interval '1 minute', 3)`,
      [id],
    )
    const { body } = await all.get(`/api/rosters/${id}/solving`)
    expect(body).toMatchObject({ state: 'failed', cause: 'interrupted' })
  })
})
