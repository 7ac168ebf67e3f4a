import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  HOUR,
  needs,
  OFFICE,
  openDutyDay,
  SIX,
  TODAY,
  type DutyDayHouse,
} from '../../../tests/flows/duty-day-house.ts'
import type { Caller, Reply } from '../../../tests/house.ts'
import { forgetOldLife } from './life.jobs.ts'

interface Problem {
  readonly code: string
  readonly field?: string
  readonly about?: Readonly<Record<string, unknown>>
}
interface AbsenceSeen {
  readonly id: string
  readonly officerId: string
  readonly state: string
  readonly version: number
}
const codeOf = ({ status, body }: Reply<Problem>) => [status, body.code]

describe('a published roster', () => {
  let scene: DutyDayHouse
  let first: Caller
  let second: Caller
  const officer = (index: number) => scene.east.officers[index]!
  beforeAll(async () => {
    scene = await openDutyDay([
      ...['2026-12-02', '2026-12-05', '2026-12-08', '2026-12-11'].map((date) => ({
        ...{ officer: 0, date, shift: OFFICE },
      })),
      { officer: 1, date: '2026-12-03', shift: OFFICE },
    ])
    ;[first, second] = scene.officers as [Caller, Caller]
  })
  afterAll(() => scene.close())

  const ask = (body: object, by: Caller = first) =>
    by.send<AbsenceSeen & Problem>('POST', '/api/absences', { kind: 'leave', ...body })
  const answer = (id: string, verb: string, by: Caller, body?: object) =>
    by.send<AbsenceSeen & Problem>('POST', `/api/absences/${id}/${verb}`, body)
  const seenBy = async (by: Caller) =>
    (await by.get<{ absences: AbsenceSeen[] }>('/api/absences')).body.absences.map(({ id }) => id)

  it('shows an officer the own days, with the words for them, and nobody else’s', async () => {
    const { body } = await first.get<{
      days: { date: string; startsAt: string; shift: object; post: object }[]
    }>('/api/my-roster?from=2026-12-01&days=28')
    expect(body.days.map(({ date }) => date)).toEqual([
      '2026-12-02',
      '2026-12-05',
      '2026-12-08',
      '2026-12-11',
    ])
    expect(body.days[0]).toMatchObject({
      startsAt: '2026-12-02T01:00:00.000Z',
      shift: { code: OFFICE },
      post: { nameZh: '值班室', kind: 'desk' },
    })
    const chief = await scene.chief.get('/api/my-roster')
    expect(chief.body).toMatchObject({ officerId: null, days: [] })
  })

  it('grants leave: the gap is named before it is accepted, and the days are off again when it is taken back', async () => {
    const asked = await scene.checked(ask({ fromDate: '2026-12-04', untilDate: '2026-12-08', note: '探亲' }))
    expect(asked).toMatchObject({ state: 'requested', officerId: officer(0) })
    expect(codeOf(await answer(asked.id, 'approve', first, {}))).toEqual([403, 'forbidden'])
    const gaps = await answer(asked.id, 'approve', scene.chief, {})
    expect(codeOf(gaps)).toEqual([409, 'absence-leaves-gaps'])
    expect(gaps.body.about).toEqual({ dates: ['2026-12-05', '2026-12-08'] })
    expect(await scene.cell(0, '2026-12-05')).toBe(scene.keyOf(OFFICE))
    await scene.checked(answer(asked.id, 'approve', scene.chief, { acceptGaps: true }))
    const cells = () => Promise.all([4, 5, 8, 9].map((day) => scene.cell(0, `2026-12-0${day}`)))
    expect(await cells()).toEqual(['leave', 'leave', 'leave', 'off'])
    await scene.checked(answer(asked.id, 'withdraw', first))
    expect(await cells()).toEqual(['off', 'off', 'off', 'off'])
    expect(codeOf(await answer(asked.id, 'approve', scene.chief, {}))).toEqual([409, 'absence-not-requested'])
  })

  it('keeps requests between those who ask and those who decide', async () => {
    const { id } = await scene.checked(ask({ fromDate: '2027-02-01', untilDate: '2027-02-02' }))
    const elsewhere = await scene.scene.at(scene.west, 'station-chief')
    expect(await seenBy(first)).toContain(id)
    expect(await seenBy(scene.chief)).toContain(id)
    expect(await seenBy(second)).not.toContain(id)
    expect(await seenBy(elsewhere)).not.toContain(id)
    expect(codeOf(await answer(id, 'refuse', elsewhere, { reason: '不行' }))).toEqual([403, 'out-of-scope'])
    const foreign = await ask(
      { officerId: officer(0), fromDate: '2027-03-01', untilDate: '2027-03-01' },
      second,
    )
    expect(codeOf(foreign)).toEqual([403, 'out-of-scope'])
    expect(codeOf(await ask({ fromDate: '2027-02-02', untilDate: '2027-02-03' }))).toEqual([
      409,
      'absence-overlaps',
    ])
    await scene.checked(answer(id, 'refuse', scene.chief, { reason: '人手紧张' }))
  })

  it('does not let chiefs grant themselves leave', async () => {
    const self = await scene.scene.officerAt(scene.east, officer(3), 'station-chief')
    const asked = await ask({ fromDate: '2027-02-01', untilDate: '2027-02-01', approve: true }, self)
    expect(codeOf(asked)).toEqual([409, 'absence-own'])
  })

  it('grants one of two overlapping requests, however close they come', async () => {
    const [one, other] = [
      await scene.checked(ask({ fromDate: '2027-04-01', untilDate: '2027-04-03' })),
      await scene.house.database.pool
        .query<{ id: string }>(
          `insert into absence (id, officer_id, organisation_id, kind, from_date, until_date, state,
             requested_at, requested_by, retain_until, version)
           values ('twin', $1, $2, 'leave', '2027-04-03', '2027-04-04', 'requested', now(), 'x', '2029-01-01', 1)
           returning id`,
          [officer(0), scene.east.organisationId],
        )
        .then(({ rows }) => rows[0]!),
    ]
    const replies = await Promise.all([one, other].map(({ id }) => answer(id, 'approve', scene.chief, {})))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(replies.find(({ status }) => status === 409)!.body.code).toBe('absence-overlaps')
  })

  it('takes wishes for days to come, which the next roster is made with', async () => {
    const wish = (body: object) =>
      first.send<Problem>('POST', '/api/roster-wishes', { shift: null, isWanted: true, weight: 2, ...body })
    await scene.checked(wish({ date: '2027-01-05' }))
    await scene.checked(wish({ date: '2027-01-05', weight: 3 }))
    expect(codeOf(await wish({ date: TODAY }))).toEqual([409, 'wish-day-passed'])
    expect(codeOf(await wish({ date: '2027-01-06', isWanted: false }))).toEqual([409, 'wish-for-nothing'])
    expect(codeOf(await wish({ date: '2028-01-06' }))).toEqual([409, 'wish-too-far'])
    const listed = await needs.listWishes(scene.db, '2027-01-01', '2027-01-31')
    expect(listed).toEqual([
      { officerId: officer(0), date: '2027-01-05', shift: null, isWanted: true, weight: 3 },
    ])
    expect((await second.get<{ wishes: unknown[] }>('/api/roster-wishes')).body.wishes).toEqual([])
    await scene.checked(first.send('DELETE', '/api/roster-wishes/2027-01-05'))
    expect((await first.send('DELETE', '/api/roster-wishes/2027-01-05')).status).toBe(404)
  })

  it('says who has read it, and whose days have changed since', async () => {
    for (const caller of [first, second])
      await scene.checked(caller.send('POST', `/api/rosters/${scene.rosterId}/acknowledge`))
    const read = async () =>
      (
        await scene.chief.get<{ acknowledgements: { officerId: string; isCurrent: boolean }[] }>(
          `/api/rosters/${scene.rosterId}/acknowledgements`,
        )
      ).body.acknowledgements.map(({ officerId, isCurrent }) => [officerId, isCurrent])
    expect(await read()).toEqual([officer(0), officer(1)].sort().map((id) => [id, true]))
    // The first goes to training that day; the second's days are as they were.
    await scene.checked(
      ask(
        {
          officerId: officer(0),
          kind: 'training',
          fromDate: '2026-12-20',
          untilDate: '2026-12-20',
          approve: true,
        },
        scene.chief,
      ),
    )
    expect((await read()).sort()).toEqual(
      [
        [officer(0), false],
        [officer(1), true],
      ].sort(),
    )
    const mine = await first.get<{ rosters: { isCurrent: boolean; acknowledgedAt: string }[] }>(
      '/api/my-roster',
    )
    expect(mine.body.rosters[0]).toMatchObject({ isCurrent: false, acknowledgedAt: expect.any(String) })
    const elsewhere = await scene.scene.at(scene.west, 'station-chief')
    const foreign = await elsewhere.get<{ acknowledgements: unknown[] }>(
      `/api/rosters/${scene.rosterId}/acknowledgements`,
    )
    expect(foreign.body.acknowledgements).toEqual([])
  })

  it('is a calendar for whoever has its address, until a new one is made', async () => {
    const make = async () =>
      (await scene.checked(first.send<{ url: string }>('POST', '/api/my-roster/calendar'))).url
    const read = (path: string) => fetch(scene.house.url + path)
    const former = await make()
    const url = await make()
    expect((await read(former)).status).toBe(404)
    const response = await read(url)
    expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    const text = (await response.text()).replaceAll('\r\n ', '')
    expect(text).toContain('DTSTART;TZID=Asia/Shanghai:20261202T090000\r\n')
    expect(text).toContain('SUMMARY:白天 09–17 · 值班室\r\n')
    expect(text).toContain('SUMMARY:训练\r\n')
    // Nobody else is in it, nothing of leave, and no name.
    expect(text).not.toContain(officer(1))
    expect(text).not.toMatch(/休假|警员|1380000/)
    expect((await (await read(`${url}?lang=en`)).text()).replaceAll('\r\n ', '')).toContain('· Desk\r\n')
    const { rows } = await scene.house.database.pool.query<{ kept: string }>(
      `select encode(secret_hash, 'escape') || coalesce((select string_agg(detail::text, ' ') from audit_entry), '') as kept
         from calendar_feed`,
    )
    expect(rows[0]!.kept).not.toContain(url.slice('/calendar/'.length, -'.ics'.length))
    for (const path of [`/calendar/${'x'.repeat(43)}.ics`, '/calendar/x.ics', '/calendar/..%2f.ics'])
      expect([400, 404], path).toContain((await read(path)).status)
    await scene.checked(first.send('DELETE', '/api/my-roster/calendar'))
    expect((await read(url)).status).toBe(404)
  })

  it('tells whom it has on duty at a moment, and in which post', async () => {
    const onDuty = async (at: string) =>
      (
        await second.get<{ officers: { officerId: string; hasBegun: boolean; post: { kind: string } }[] }>(
          `/api/rosters/on-duty?at=${encodeURIComponent(at)}`,
        )
      ).body.officers.map(({ officerId, hasBegun, post }) => [officerId, hasBegun, post.kind])
    expect(await onDuty('2026-12-02T07:00:00+08:00')).toEqual([])
    expect(await onDuty('2026-12-02T08:30:00+08:00')).toEqual([[officer(0), false, 'desk']])
    expect(await onDuty('2026-12-02T16:59:59+08:00')).toEqual([[officer(0), true, 'desk']])
    expect(await onDuty('2026-12-02T17:00:00+08:00')).toEqual([])
  })

  it('forgets what has been kept long enough, and writes down how much', async () => {
    const { pool } = scene.house.database
    const count = async (table: string) =>
      Number((await pool.query<{ n: string }>(`select count(*)::text as n from ${table}`)).rows[0]!.n)
    scene.clock.now = SIX + 4 * HOUR
    await scene.checked(
      scene.chief.send('POST', '/api/roster-attendance', {
        ...{ date: TODAY, organisationId: scene.east.organisationId },
        lines: [{ officerId: officer(0), state: 'present' }],
      }),
    )
    const swapped = await first.send<{ id: string }>('POST', '/api/roster-swaps', {
      ...{ fromDate: '2026-12-11', withOfficerId: officer(1), withDate: '2026-12-03' },
    })
    expect(swapped.status, JSON.stringify(swapped.body)).toBe(201)
    await scene.checked(second.send('POST', `/api/roster-swaps/${swapped.body.id}/accept`))
    await scene.checked(scene.chief.send('POST', '/api/sick-calls', { officerId: officer(0), date: TODAY }))
    const before = await count('absence')
    expect(await forgetOldLife(scene.db, needs, scene.clock.now)).toBe(0)
    // A year on swaps and sick calls go, after two attendance and those absences whose days are so long past.
    expect(await forgetOldLife(scene.db, needs, Date.parse('2027-12-20T00:00:00Z'))).toBe(2)
    expect([await count('roster_swap'), await count('roster_swap_day'), await count('sick_call')]).toEqual([
      0, 0, 0,
    ])
    expect([await count('attendance'), await count('absence')]).toEqual([1, before])
    await forgetOldLife(scene.db, needs, Date.parse('2029-06-01T00:00:00Z'))
    expect([
      await count('attendance'),
      await count('absence'),
      await count('roster_acknowledgement'),
    ]).toEqual([...[0, 0, 0]])
    const { rows } = await pool.query<{ detail: object }>(
      `select detail from audit_entry where action = 'roster.forget' order by id`,
    )
    expect(rows[0]!.detail).toMatchObject({ roster_swap: 1, sick_call: 1, attendance: 0 })
  })
})
