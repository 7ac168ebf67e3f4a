import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction } from '../../foundation/server/db.ts'
import { systemContext } from '../../foundation/server/http/context.ts'
import { lapseSwaps } from '../../capabilities/roster/server/swaps.ts'
import type { Caller, Reply } from '../house.ts'
import { HOUR, needs, OFFICE, openDutyDay, SIX, WHOLE, type DutyDayHouse } from './duty-day-house.ts'

interface SwapSeen {
  readonly id: string
  readonly state: string
  readonly from: { readonly gives: string }
  readonly with: { readonly gives: string }
  readonly version: number
}
interface Problem {
  readonly code: string
  readonly field?: string
  readonly about?: { readonly breaches?: { readonly rule: string }[]; readonly state?: string }
}

const day = (date: number) => `2026-12-${String(date).padStart(2, '0')}`

describe('a swap', () => {
  let scene: DutyDayHouse
  let first: Caller
  let second: Caller
  let third: Caller
  beforeAll(async () => {
    scene = await openDutyDay([
      // Two days a test: the first officer's, and the second's.
      ...[5, 10, 15, 20, 25].map((date) => ({ officer: 0, date: day(date), shift: OFFICE })),
      ...[7, 12, 17, 22, 27].map((date) => ({ officer: 1, date: day(date), shift: OFFICE })),
      ...[8, 13, 18, 23].map((date) => ({ officer: 2, date: day(date), shift: OFFICE })),
      // The second is on until eight of the tenth.
      { officer: 1, date: day(9), shift: WHOLE },
      { officer: 0, date: day(2), shift: OFFICE },
      { officer: 1, date: day(3), shift: OFFICE },
    ])
    ;[first, second, third] = scene.officers as [Caller, Caller, Caller]
  })
  afterAll(() => scene.close())

  const offer = (fromDate: number, withDate: number, by: Caller = first, to = 1) =>
    by.send<SwapSeen & Problem>('POST', '/api/roster-swaps', {
      ...{ fromDate: day(fromDate), withOfficerId: scene.east.officers[to], withDate: day(withDate) },
    })
  const answer = (id: string, verb: string, by: Caller, body?: object) =>
    by.send<SwapSeen & Problem>('POST', `/api/roster-swaps/${id}/${verb}`, body)
  const refused = ({ status, body }: Reply<Problem>) => [status, body.code]
  const stateOf = async (id: string, by: Caller = scene.chief) =>
    (await by.get<{ swaps: SwapSeen[] }>('/api/roster-swaps')).body.swaps.find((one) => one.id === id)?.state

  it('given two duties, when it is offered, accepted and approved, then each has the other’s day', async () => {
    const before = await scene.version()
    const { id } = await scene.checked(offer(5, 7))
    expect(await scene.checked(answer(id, 'accept', second))).toMatchObject({ state: 'accepted' })
    expect(await scene.checked(answer(id, 'approve', scene.chief))).toMatchObject({ state: 'approved' })
    const key = scene.keyOf(OFFICE)
    expect(await Promise.all([scene.cell(0, day(5)), scene.cell(0, day(7))])).toEqual(['off', key])
    expect(await Promise.all([scene.cell(1, day(5)), scene.cell(1, day(7))])).toEqual([key, 'off'])
    expect(await scene.version()).toBe(before + 1)
    // It is agreed on, so the pattern does not bind these four days; nothing else is waived.
    const { body } = await scene.all.get<{ waivers: object[]; origins: { origin: string }[] }>(
      `/api/rosters/${scene.rosterId}`,
    )
    expect(body.waivers).toHaveLength(4)
    expect(body.origins.map(({ origin }) => origin)).toEqual(['swap', 'swap'])
  })

  it('is refused where it breaks rest, and says which rule for whom', async () => {
    const reply = await offer(10, 12)
    expect(refused(reply)).toEqual([409, 'swap-breaks-rules'])
    expect(reply.body.about!.breaches).toMatchObject([
      { rule: 'R03', officerId: scene.east.officers[1], date: day(10), detail: { restMinutes: 60 } },
      { rule: 'R04', officerId: scene.east.officers[1], date: day(10) },
    ])
  })

  it('is answered by those whom it is for', async () => {
    const { id } = await scene.checked(offer(15, 17))
    expect(refused(await answer(id, 'accept', third))).toEqual([409, 'swap-not-yours'])
    expect(refused(await answer(id, 'approve', scene.chief))).toEqual([409, 'swap-not-accepted'])
    expect(refused(await answer(id, 'approve', second))).toEqual([403, 'forbidden'])
    expect(await stateOf(id, third)).toBeUndefined()
    expect(await stateOf(id, second)).toBe('offered')
    await scene.checked(answer(id, 'accept', second))
    const elsewhere = await scene.scene.at(scene.west, 'station-chief')
    expect(refused(await answer(id, 'approve', elsewhere))).toEqual([403, 'out-of-scope'])
    expect(refused(await answer(id, 'refuse', scene.chief, { reason: '' }))).toEqual([
      409,
      'reason-too-short',
    ])
    expect(await scene.checked(answer(id, 'refuse', second, {}))).toMatchObject({ state: 'refused' })
  })

  it('is answered as it was read, where the version is sent along', async () => {
    const { id, version } = await scene.checked(offer(15, 17))
    const withVersion = (read: number) =>
      second.send<SwapSeen & Problem>('POST', `/api/roster-swaps/${id}/accept`, undefined, {
        'if-match': `"${read}"`,
      })
    expect(refused(await withVersion(version + 1))).toEqual([412, 'version-conflict'])
    await scene.checked(withVersion(version))
    await scene.checked(answer(id, 'withdraw', first))
  })

  it('of one day is one: who has accepted one accepts no other for it', async () => {
    const [one, other] = [await scene.checked(offer(15, 17)), await scene.checked(offer(15, 18, first, 2))]
    await scene.checked(answer(one.id, 'accept', second))
    expect(refused(await answer(other.id, 'accept', third))).toEqual([409, 'swap-day-taken'])
    await scene.checked(answer(one.id, 'withdraw', first))
    await scene.checked(answer(other.id, 'accept', third))
    await scene.checked(answer(other.id, 'withdraw', first))
  })

  it('is approved once, however many approve it at once; one of another’s day stands in line', async () => {
    const { id } = await scene.checked(offer(20, 22))
    await scene.checked(answer(id, 'accept', second))
    const before = await scene.version()
    const replies = await Promise.all([1, 2, 3].map(() => answer(id, 'approve', scene.chief)))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect(replies.find(({ status }) => status === 409)!.body).toMatchObject({
      code: 'swap-not-open',
      about: { state: 'approved' },
    })
    expect(await scene.version()).toBe(before + 1)
    expect(await scene.cell(0, day(22))).toBe(scene.keyOf(OFFICE))
  })

  it('accepted twice at once for one day goes to one of them', async () => {
    const [one, other] = [await scene.checked(offer(25, 27)), await scene.checked(offer(25, 23, first, 2))]
    const replies = await Promise.all([answer(one.id, 'accept', second), answer(other.id, 'accept', third)])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
    for (const { id } of [one, other]) await answer(id, 'withdraw', first)
  })

  it('lapses when the roster changes under it, and nobody approves it any more', async () => {
    const [kept, gone] = [await scene.checked(offer(25, 27)), await scene.checked(offer(25, 23, first, 2))]
    await scene.checked(answer(gone.id, 'accept', third))
    // The third goes on leave: not this day any more.
    const leave = { officerId: scene.east.officers[2], fromDate: day(23), untilDate: day(23) }
    await scene.checked(
      scene.chief.send('POST', '/api/absences', { ...leave, kind: 'leave', approve: true, acceptGaps: true }),
    )
    await scene.settled()
    expect(await stateOf(gone.id)).toBe('lapsed')
    expect(await stateOf(kept.id)).toBe('offered')
    expect(refused(await answer(gone.id, 'approve', scene.chief))).toEqual([409, 'swap-not-open'])
    // Its days are free again.
    await scene.checked(answer(kept.id, 'accept', second))
    await scene.checked(answer(kept.id, 'withdraw', first))
  })

  it('lapses when its first duty begins', async () => {
    const { id } = await scene.checked(offer(2, 3))
    await scene.checked(answer(id, 'accept', second))
    scene.clock.now = SIX + 3 * HOUR
    expect(refused(await answer(id, 'approve', scene.chief))).toEqual([409, 'swap-day-passed'])
    await inTransaction(scene.db, (tx) => lapseSwaps(tx, systemContext('test', scene.clock.now), needs))
    expect(await stateOf(id)).toBe('lapsed')
    expect(refused(await offer(2, 3))).toEqual([409, 'swap-day-passed'])
    scene.clock.now = SIX
  })

  it('says what is wrong with it', async () => {
    expect(refused(await offer(6, 7))).toEqual([409, 'swap-no-duty'])
    const notADay = await first.send<Problem>('POST', '/api/roster-swaps', {
      ...{ fromDate: '2026-02-30', withOfficerId: scene.east.officers[1], withDate: day(7) },
    })
    expect(notADay).toMatchObject({ status: 400, body: { errors: [{ path: 'body/fromDate' }] } })
    expect(refused(await offer(15, 15, first, 0))).toEqual([409, 'swap-with-oneself'])
    const nobody = await scene.scene.at(scene.east, 'officer')
    expect(refused(await offer(15, 17, nobody))).toEqual([409, 'not-own-officer'])
  })
})
