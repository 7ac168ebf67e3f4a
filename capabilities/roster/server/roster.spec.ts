import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../../foundation/core/day.ts'
import { inTransaction } from '../../../foundation/server/db.ts'
import type { Caller } from '../../../tests/house.ts'
import { deskOf, needsOf } from '../../../tests/api/roster-commands.ts'
import { openTwoStations, type TwoStations } from '../../../tests/api/two-stations.ts'
import { SHIPPED_PATTERNS, optionKey, type Post } from '../core/index.ts'
import { forgetDuties } from './duty.retention.ts'
import { loadGround } from './ground.store.ts'
import { settleRoster } from './settle.ts'

interface RosterSeen {
  readonly roster: { readonly id: string; readonly number: string; readonly state: string }
  readonly options: readonly { readonly key: string }[]
  readonly officers: readonly {
    readonly id: string
    readonly organisationId: string
    readonly platoon: number
    readonly roles: readonly string[]
  }[]
  readonly cells: readonly (readonly number[])[]
  readonly version: number
}

/** The option that stands in a cell. */
const keyAt = ({ options, cells }: RosterSeen, officer: number, day: number): string =>
  options[cells[officer]![day]!]!.key

const pattern = SHIPPED_PATTERNS.find(({ code }) => code === 'three-shift')!

describe('rosters', () => {
  let scene: TwoStations
  let all: Caller
  let desk: Post
  const shift = pattern.roles.find(({ shifts }) => shifts.length > 0)!.shifts[0]!
  beforeAll(async () => {
    scene = await openTwoStations()
    ;({ all } = scene)
    const { east } = scene
    desk = deskOf(east.organisationId)
    const duty = {
      ...{ kind: 'duty' as const, organisationId: east.organisationId, shift, postId: desk.id, draw: null },
    }
    await inTransaction(scene.house.database.db, (tx) =>
      settleRoster(
        tx,
        {
          schemes: [
            {
              organisationId: east.organisationId,
              ...{ patternCode: 'three-shift', anchorDate: '2026-01-01', fromDate: '2026-01-01' },
              platoons: [[east.officers[0]!, east.officers[3]!], [east.officers[1]!], [east.officers[2]!]],
            },
          ],
          posts: [desk],
          holidays: [{ date: '2027-01-01', nameZh: '元旦', nameEn: 'New Year' }],
          rosters: [
            {
              ...{ fromDate: '2026-12-01', days: 31, title: '十二月' },
              cells: [
                // A Saturday, a Sunday, and the last day of the month.
                ...['2026-12-05', '2026-12-06', '2026-12-31'].map((date) => ({
                  ...{
                    officerId: east.officers[0]!,
                    organisationId: east.organisationId,
                    date,
                    option: duty,
                  },
                })),
              ],
            },
          ],
        },
        { timeZone: 'Asia/Shanghai', now: Date.UTC(2026, 10, 20) },
      ),
    )
  })
  afterAll(() => scene.close())

  it('are shown whole: by station and platoon, with the role of each day, without a name', async () => {
    const { body: list } = await all.get<{ rosters: { id: string; number: string }[] }>('/api/rosters')
    expect(list.rosters.map(({ number }) => number)).toEqual(['PB-2026-0001'])
    const { body, headers } = await all.get<RosterSeen>(`/api/rosters/${list.rosters[0]!.id}`)
    expect(headers.get('etag')).toBe(`"${body.version}"`)
    expect(body.officers.map(({ platoon }) => platoon)).toEqual([0, 0, 1, 2])
    expect(body.officers[0]!.roles).toHaveLength(31)
    const option = {
      kind: 'duty',
      organisationId: scene.east.organisationId,
      shift,
      postId: desk.id,
    } as const
    expect([keyAt(body, 0, 4), keyAt(body, 0, 5), keyAt(body, 0, 6)]).toEqual([
      optionKey({ ...option, draw: null }),
      optionKey({ ...option, draw: null }),
      'off',
    ])
    expect(JSON.stringify(body)).not.toMatch(/警员|1380000/)
  })

  it('begin as drafts with what earlier months carried and the days just before', async () => {
    const made = await all.send<{ id: string; state: string; number: string }>('POST', '/api/rosters', {
      ...{ fromDate: '2027-01-01', days: 28 },
    })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    expect(made.body).toMatchObject({ state: 'draft', number: 'PB-2026-0002' })
    const { ground } = await loadGround(scene.house.database.db, needsOf(scene), {
      ...{ fromDate: '2027-01-01', days: 28, roster: null },
    })
    const first = ground.officers.find(({ id }) => id === scene.east.officers[0])!
    const { startMinute, lengthMinutes } = pattern.shifts.find(({ code }) => code === shift)!
    const isNight = startMinute < 300 || startMinute + lengthMinutes > 1440
    expect(first.carried).toEqual({ draws: 0, nights: isNight ? 3 : 0, weekends: 2, holidays: 0 })
    expect(first.before.map(({ kind }) => kind)).toEqual([...Array<string>(6).fill('off'), 'duty'])
    expect(ground.holidays).toEqual(['2027-01-01'])
    expect(addDays(ground.fromDate, ground.days)).toBe('2027-01-29')
  })

  it('stay unseen as drafts by those who may not read drafts', async () => {
    const officer = await scene.at(scene.east, 'officer')
    const { body } = await officer.get<{ rosters: { state: string }[] }>('/api/rosters')
    expect(body.rosters.map(({ state }) => state)).toEqual(['published'])
    const drafts = await all.get<{ rosters: { id: string }[] }>('/api/rosters?state=draft')
    const hidden = await officer.get(`/api/rosters/${drafts.body.rosters[0]!.id}`)
    expect([hidden.status, hidden.body['code']]).toEqual([404, 'not-found'])
  })

  it('lose the days of officers after their term, and stay as rosters', async () => {
    const { db, pool } = scene.house.database
    const needs = needsOf(scene)
    const rowsOf = async (table: string) => (await pool.query(`select 1 from ${table}`)).rowCount
    const before = await rowsOf('roster_duty')
    // The roster of December ends with it; two years later it goes.
    expect(await forgetDuties(db, needs, Date.parse('2028-12-30T12:00:00+08:00'))).toBe(0)
    expect(await forgetDuties(db, needs, Date.parse('2029-01-01T12:00:00+08:00'))).toBe(before)
    expect([await rowsOf('roster_duty'), await rowsOf('roster')]).toEqual([0, 2])
    const { rows } = await pool.query(
      `select detail from audit_entry where action = 'roster.forget-duties' order by id desc limit 1`,
    )
    expect(rows[0]).toMatchObject({ detail: { duties: before } })
  })
})
