import { describe, expect, it } from 'vitest'
import type { OrderContent } from './order.ts'
import { forcePeriod, isInForce, orderNumber } from './order.ts'
import { after, ANALYST, approved, decided, drafted, HOUR, NOON, proposed } from './order.builder.ts'
import { orderRulesFault, ORDER_RULES } from './order-rules.ts'
import { proposeDosage } from './proposed-dosage.ts'

const approve = { do: 'approve', number: 'XD-2026-0001' } as const

describe('a patrol order', () => {
  it('goes from draft to proposal to issue, numbered and signed', () => {
    const draft = drafted()
    expect(decided(draft, { do: 'propose' })).toEqual([proposed])
    const waiting = after(draft, proposed)
    expect(waiting.state).toEqual({ kind: 'proposed', proposed: { ...ANALYST, at: NOON } })
    expect(decided(waiting, approve)).toEqual([approved])
    expect(after(waiting, approved)).toMatchObject({
      state: {
        kind: 'issued',
        proposed: { name: '方研判' },
        issue: { name: '陈建国', number: 'XD-2026-0001', isOwnProposal: false },
      },
      version: 3,
    })
  })

  it('records that a commander has approved an own proposal', () => {
    const own = decided(after(drafted(), proposed), approve, { by: ANALYST })
    expect(own).toEqual([{ ...approved, isOwnProposal: true }])
  })

  it('is approved only from a proposal, and once', () => {
    expect(decided(drafted(), approve)).toMatchObject({ refused: 'order-not-proposed' })
    expect(decided(after(drafted(), proposed, approved), approve)).toMatchObject({
      refused: 'order-not-proposed',
    })
  })

  it('is returned with a reason, changed and proposed again', () => {
    const waiting = after(drafted(), proposed)
    expect(decided(waiting, { do: 'return', reason: ' 短 ' })).toMatchObject({ refused: 'reason-too-short' })
    expect(decided(waiting, { do: 'return', reason: '时段改到夜间 ' })).toEqual([
      { type: 'returned', reason: '时段改到夜间' },
    ])
    const returned = after(waiting, { type: 'returned', reason: '时段改到夜间' })
    const band = { fromMinute: 22 * 60, untilMinute: 26 * 60, weekdays: [] }
    expect(decided(returned, { do: 'change', changes: { band, reason: '夜间扒窃多发' } })).toEqual([
      { type: 'changed', changes: { band } },
    ])
    expect(decided(returned, { do: 'propose' })).toEqual([proposed])
  })

  it('does nothing for a change that changes nothing', () => {
    expect(decided(drafted(), { do: 'change', changes: { reason: '夜间扒窃多发' } })).toEqual([])
    expect(decided(after(drafted(), proposed), { do: 'propose' })).toEqual([])
  })

  it('once issued is neither changed nor discarded, only withdrawn with a reason', () => {
    const issued = after(drafted(), proposed, approved)
    for (const command of [{ do: 'change', changes: { category: 'x' } }, { do: 'discard' }] as const)
      expect(decided(issued, command)).toMatchObject({ refused: 'order-not-open' })
    expect(decided(issued, { do: 'withdraw', reason: '' })).toMatchObject({ refused: 'reason-too-short' })
    const withdrawn = after(issued, { type: 'withdrawn', reason: '嫌疑人已抓获' })
    expect(withdrawn.state).toMatchObject({ kind: 'withdrawn', withdrawn: { reason: '嫌疑人已抓获' } })
    expect(isInForce(withdrawn, NOON)).toBe(false)
    expect(decided(withdrawn, { do: 'withdraw', reason: '再次撤回' })).toMatchObject({
      refused: 'order-not-in-force',
    })
  })

  it('expires by time and not before', () => {
    const issued = after(drafted(), proposed, approved)
    const { expiresAt } = issued.content
    expect(decided(issued, { do: 'expire' }, { now: expiresAt - 1 })).toMatchObject({
      refused: 'order-not-over',
    })
    expect(decided(issued, { do: 'expire' }, { now: expiresAt })).toEqual([{ type: 'expired' }])
    expect(isInForce(issued, expiresAt)).toBe(false)
    expect(decided(drafted(), { do: 'expire' }, { now: expiresAt })).toEqual([])
  })

  it('binds units from its issue, not before, until it ends', () => {
    const early = after(drafted({ startsAt: NOON - 24 * HOUR }), proposed, approved)
    expect(forcePeriod(early)).toEqual({ fromAt: NOON, untilAt: NOON + 72 * HOUR })
    expect(forcePeriod(after(early, { type: 'withdrawn', reason: '不再需要' }))).toEqual({
      fromAt: NOON,
      untilAt: NOON,
    })
    expect(forcePeriod(drafted())).toBeNull()
  })

  it('is numbered by the local year', () => {
    expect([orderNumber(2026, 12), orderNumber(2027, 12345)]).toEqual(['XD-2026-0012', 'XD-2027-12345'])
  })
})

describe('an order is refused', () => {
  const band = (fromMinute: number, untilMinute: number, weekdays: number[] = []) => ({
    band: { fromMinute, untilMinute, weekdays },
  })
  const place = { lon: 121.5, lat: 31.2, radiusMetres: 85, label: '' }
  const wrong: [code: string, changes: Partial<OrderContent>][] = [
    ['band-empty', band(600, 600)],
    ['band-empty', band(1200, 600)],
    ['band-too-long', band(600, 600 + 1441)],
    ['period-backwards', { expiresAt: NOON }],
    ['period-too-long', { expiresAt: NOON + 14 * 24 * HOUR + 1 }],
    ['dosage-does-not-fit', { dosage: { visits: 21, minutesPerVisit: 12 } }],
    ['dosage-too-short', { dosage: { visits: 1, minutesPerVisit: 4 } }],
    ['invalid-radius', { place: { ...place, radiusMetres: 29 } }],
    ['invalid-radius', { place: { ...place, radiusMetres: 501 } }],
    ['outside-district', { place: { ...place, lon: 120.9 } }],
    ['invalid-unit', { unitIds: ['u1', 'nobody'] }],
    ['out-of-scope', { unitIds: ['u1', 'far'] }],
  ]
  it.each(wrong)('as %s, even as a draft', (code, changes) => {
    expect(decided(drafted(), { do: 'change', changes })).toMatchObject({ refused: code })
    expect(decided(drafted(changes), { do: 'propose' })).toMatchObject({ refused: code })
    expect(decided(after(drafted(changes), proposed), approve)).toMatchObject({ refused: code })
  })

  const unready: [code: string, changes: Partial<OrderContent>][] = [
    ['unit-required', { unitIds: [] }],
    ['reason-too-short', { reason: ' 巡 ' }],
    // Tuesday noon to Friday noon holds no Saturday.
    ['band-never-comes', band(20 * 60, 24 * 60, [6])],
  ]
  it.each(unready)('as %s when it is proposed, not while it is drafted', (code, changes) => {
    expect(decided(drafted(), { do: 'change', changes })).toEqual([{ type: 'changed', changes }])
    expect(decided(drafted(changes), { do: 'propose' })).toMatchObject({ refused: code })
    expect(decided(after(drafted(), proposed), { do: 'change', changes })).toMatchObject({ refused: code })
  })

  it('when its time passed before anybody approved it', () => {
    const waiting = after(drafted(), proposed)
    expect(decided(waiting, approve, { now: NOON + 72 * HOUR })).toMatchObject({ refused: 'order-over' })
  })

  it('nowhere where no map says what the district is', () => {
    const changes = { place: { ...place, lon: 0 } }
    expect(decided(drafted(changes), { do: 'propose' }, { bounds: null })).toEqual([proposed])
  })
})

describe('the rules of orders', () => {
  it('propose no visit that would not count', () => {
    expect(orderRulesFault(ORDER_RULES)).toBeNull()
    expect(orderRulesFault({ ...ORDER_RULES, minutesPerVisit: 4 })).toMatchObject({
      refused: 'order-rules-odd',
    })
  })

  it('propose a visit every two hours, more where more is expected, and never more than fit', () => {
    const visits = (minutes: number, expected: number | null) =>
      proposeDosage(minutes, expected, ORDER_RULES).visits
    expect([visits(480, 0.5), visits(480, 1.2), visits(480, 0.1), visits(480, null)]).toEqual([4, 6, 2, 4])
    expect([visits(120, 0.5), visits(30, 0.1), visits(13, 2)]).toEqual([1, 1, 1])
    expect(proposeDosage(480, 0.5, ORDER_RULES).minutesPerVisit).toBe(12)
  })
})
