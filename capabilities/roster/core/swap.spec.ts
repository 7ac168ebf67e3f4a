import { describe, expect, it } from 'vitest'
import { LIFE_RULES } from './life-rules.ts'
import type { RosterBreach } from './roster.ts'
import {
  decideSwap,
  exchange,
  hasLapsed,
  offerFault,
  type Swap,
  type SwapActor,
  type SwapCommand,
  type SwapGround,
  type SwapId,
} from './swap.ts'

const NOW = Date.parse('2026-11-24T00:00:00Z')
const DESK = 'east/day/desk'
const CAR = 'east/night/car'
const CELLS = { fromOnFromDate: DESK, fromOnWithDate: 'off', withOnFromDate: 'off', withOnWithDate: CAR }
const swap = (changes: Partial<Swap> = {}): Swap => ({
  id: 's1' as SwapId,
  rosterId: 'r1',
  from: { officerId: 'o1', date: '2026-12-01' },
  with: { officerId: 'o2', date: '2026-12-03' },
  state: 'accepted',
  cells: CELLS,
  offered: { accountId: 'a', name: 'a', at: 0 },
  answered: null,
  decided: null,
  reason: null,
  version: 1,
  ...changes,
})
const ground = (changes: Partial<SwapGround> = {}): SwapGround => ({
  rosterId: 'r1',
  cells: CELLS,
  firstStartsAt: NOW + 1,
  worse: [],
  taken: [],
  ...changes,
})
const breach = (rule: RosterBreach['rule']): RosterBreach => ({
  rule,
  officerId: 'o2',
  organisationId: 'east',
  date: '2026-12-01',
  detail: {},
})

describe('the exchange', () => {
  it('gives each, on both days, what the other had', () => {
    const duty = { kind: 'duty', organisationId: 'east', draw: null }
    expect(exchange(swap())).toEqual([
      { officerId: 'o1', date: '2026-12-01', option: { kind: 'off' } },
      { officerId: 'o2', date: '2026-12-01', option: { ...duty, shift: 'day', postId: 'desk' } },
      { officerId: 'o1', date: '2026-12-03', option: { ...duty, shift: 'night', postId: 'car' } },
      { officerId: 'o2', date: '2026-12-03', option: { kind: 'off' } },
    ])
  })

  it('of one day is of two cells', () => {
    const sameDay = swap({
      with: { officerId: 'o2', date: '2026-12-01' },
      cells: { fromOnFromDate: DESK, fromOnWithDate: DESK, withOnFromDate: CAR, withOnWithDate: CAR },
    })
    expect(exchange(sameDay).map(({ officerId, option }) => [officerId, option])).toMatchObject([
      ['o1', { postId: 'car' }],
      ['o2', { postId: 'desk' }],
    ])
  })
})

describe('offering a swap', () => {
  const offered = (changes: Partial<SwapGround> = {}, sides: Partial<Swap> = {}) =>
    offerFault(swap(sides), ground(changes), NOW)

  it('is open to two who both have a duty', () => {
    expect(offered()).toBeNull()
  })

  it.each<[string, Partial<SwapGround>, string]>([
    ['days that lie in no one published roster', { rosterId: null }, 'swap-not-in-roster'],
    ['nothing to give', { cells: { ...CELLS, fromOnFromDate: 'off' } }, 'swap-no-duty'],
    ['nothing to take', { cells: { ...CELLS, withOnWithDate: 'training' } }, 'swap-no-duty'],
    ['one who is on leave that day', { cells: { ...CELLS, withOnFromDate: 'leave' } }, 'swap-on-leave'],
    ['the leave of the one who offers', { cells: { ...CELLS, fromOnWithDate: 'leave' } }, 'swap-on-leave'],
    [
      'the same for the same',
      {
        cells: { fromOnFromDate: DESK, withOnFromDate: DESK, fromOnWithDate: CAR, withOnWithDate: CAR },
      },
      'swap-changes-nothing',
    ],
    ['a duty that has begun', { firstStartsAt: NOW }, 'swap-day-passed'],
    ['broken rest', { worse: [breach('R03')] }, 'swap-breaks-rules'],
    ['a day that another swap has', { taken: [{ officerId: 'o2', date: '2026-12-01' }] }, 'swap-day-taken'],
  ])('refuses %s', (_what, changes, code) => {
    expect(offered(changes)).toMatchObject({ refused: code })
  })

  it('refuses oneself', () => {
    expect(offered({}, { with: { officerId: 'o1', date: '2026-12-03' } })).toMatchObject({
      refused: 'swap-with-oneself',
    })
  })

  it('minds the days of these two only', () => {
    expect(offered({ taken: [{ officerId: 'o2', date: '2026-12-02' }] })).toBeNull()
    expect(offered({ taken: [{ officerId: 'o3', date: '2026-12-01' }] })).toBeNull()
  })
})

describe('answering a swap', () => {
  const ASKED: SwapActor = { officerId: 'o2', mayDecide: false }
  const OFFERING: SwapActor = { officerId: 'o1', mayDecide: false }
  const STRANGER: SwapActor = { officerId: 'o3', mayDecide: false }
  const CHIEF: SwapActor = { officerId: 'chief', mayDecide: true }
  const decided = (
    command: SwapCommand,
    by: SwapActor,
    state: Swap['state'] = 'accepted',
    now: Partial<SwapGround> = {},
  ) => decideSwap(swap({ state }), command, by, ground(now), LIFE_RULES, NOW)

  it('is accepted by the one asked and nobody else', () => {
    expect(decided({ do: 'accept' }, ASKED, 'offered')).toMatchObject({ state: 'accepted' })
    for (const other of [OFFERING, STRANGER, CHIEF])
      expect(decided({ do: 'accept' }, other, 'offered')).toMatchObject({ refused: 'swap-not-yours' })
  })

  it('is approved once, after it was accepted, by a chief who is neither of the two', () => {
    expect(decided({ do: 'approve' }, CHIEF)).toMatchObject({ state: 'approved' })
    expect(decided({ do: 'approve' }, CHIEF, 'offered')).toMatchObject({ refused: 'swap-not-accepted' })
    expect(decided({ do: 'approve' }, CHIEF, 'approved')).toMatchObject({
      refused: 'swap-not-open',
      detail: { state: 'approved' },
    })
    expect(decided({ do: 'approve' }, STRANGER)).toMatchObject({ refused: 'out-of-scope' })
    expect(decided({ do: 'approve' }, { officerId: 'o2', mayDecide: true })).toMatchObject({
      refused: 'swap-own',
    })
  })

  it.each(['accept', 'approve'] as const)('is looked at again when they %s it', (verb) => {
    const [by, state] = verb === 'accept' ? ([ASKED, 'offered'] as const) : ([CHIEF, 'accepted'] as const)
    const again = (now: Partial<SwapGround>) => decided({ do: verb }, by, state, now)
    expect(again({ cells: { ...CELLS, withOnFromDate: DESK } })).toMatchObject({ refused: 'swap-lapsed' })
    expect(again({ rosterId: 'r2' })).toMatchObject({ refused: 'swap-lapsed' })
    expect(again({ worse: [breach('R05')] })).toMatchObject({ refused: 'swap-breaks-rules' })
    expect(again({ firstStartsAt: NOW })).toMatchObject({ refused: 'swap-day-passed' })
    expect(again({ taken: [{ officerId: 'o1', date: '2026-12-03' }] })).toMatchObject({
      refused: 'swap-day-taken',
    })
  })

  it('is refused by the one asked without, by a chief with a reason', () => {
    expect(decided({ do: 'refuse', reason: '' }, ASKED, 'offered')).toEqual({
      state: 'refused',
      reason: null,
    })
    expect(decided({ do: 'refuse', reason: '' }, CHIEF)).toMatchObject({ refused: 'reason-too-short' })
    expect(decided({ do: 'refuse', reason: '重要活动' }, CHIEF)).toMatchObject({ reason: '重要活动' })
    expect(decided({ do: 'refuse', reason: '不' }, STRANGER)).toMatchObject({ refused: 'swap-not-yours' })
  })

  it('is withdrawn by the one who offered, while it is open', () => {
    expect(decided({ do: 'withdraw' }, OFFERING)).toMatchObject({ state: 'withdrawn' })
    expect(decided({ do: 'withdraw' }, ASKED)).toMatchObject({ refused: 'swap-not-yours' })
    expect(decided({ do: 'withdraw' }, OFFERING, 'approved')).toMatchObject({ refused: 'swap-not-open' })
  })

  it('lapses with the roster and with the day, while it is open', () => {
    expect(hasLapsed(swap(), ground(), NOW)).toBe(false)
    expect(hasLapsed(swap(), ground({ cells: { ...CELLS, fromOnFromDate: 'off' } }), NOW)).toBe(true)
    expect(hasLapsed(swap(), ground({ rosterId: null }), NOW)).toBe(true)
    expect(hasLapsed(swap(), ground({ firstStartsAt: NOW }), NOW)).toBe(true)
    expect(hasLapsed(swap({ state: 'approved' }), ground({ rosterId: null }), NOW)).toBe(false)
  })
})
