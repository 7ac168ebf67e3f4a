import { describe, expect, it } from 'vitest'
import { LIFE_RULES } from './life-rules.ts'
import type { RosterBreach } from './roster.ts'
import {
  decideCover,
  decideSickCall,
  dutyOf,
  type CoverCommand,
  type SickCall,
  type SickCallId,
} from './sick-call.ts'

const SIX = Date.parse('2026-11-24T22:00:00Z')
const duty = {
  kind: 'duty',
  organisationId: 'east',
  shift: 'day',
  postId: 'desk' as never,
  draw: null,
} as const
const call = (changes: Partial<SickCall> = {}): SickCall => ({
  id: 'c1' as SickCallId,
  rosterId: 'r1',
  officerId: 'o1',
  organisationId: 'east',
  date: '2026-11-25',
  duty: 'east/day/desk',
  endsAt: SIX + 12 * 3_600_000,
  called: { accountId: 'a', name: 'a', at: SIX },
  state: 'open',
  replacementOfficerId: null,
  decided: null,
  reason: null,
  version: 1,
  ...changes,
})
const breach = (rule: RosterBreach['rule']): RosterBreach => ({
  rule,
  officerId: 'o2',
  organisationId: 'east',
  date: '2026-11-25',
  detail: {},
})

describe('calling in sick', () => {
  it('leaves the duty of that day to be covered', () => {
    expect(decideSickCall({ option: duty, endsAt: SIX + 1 }, null, SIX)).toEqual({ duty: 'east/day/desk' })
    expect(dutyOf(call())).toEqual(duty)
  })

  it('is possible once it has begun, and not when it is over', () => {
    expect(decideSickCall({ option: duty, endsAt: SIX }, null, SIX)).toMatchObject({ refused: 'duty-over' })
  })

  it('is told once', () => {
    const earlier = { id: 'c1' as SickCallId, state: 'open' } as const
    const left = { option: { kind: 'leave' }, endsAt: SIX + 1 } as const
    expect(decideSickCall(left, earlier, SIX)).toMatchObject({
      refused: 'sick-call-made',
      detail: { sickCallId: 'c1', state: 'open' },
    })
    // Back on the roster, and out again.
    expect(decideSickCall({ option: duty, endsAt: SIX + 1 }, earlier, SIX)).toMatchObject({
      duty: expect.any(String),
    })
  })

  it('needs a duty', () => {
    expect(decideSickCall(null, null, SIX)).toMatchObject({ refused: 'not-rostered' })
    expect(decideSickCall({ option: { kind: 'training' }, endsAt: SIX + 1 }, null, SIX)).toMatchObject({
      refused: 'not-rostered',
    })
  })
})

describe('covering it', () => {
  const by = (changes: object = {}): CoverCommand => ({
    officerId: 'o2',
    has: { kind: 'off' },
    worse: [],
    acceptBreaches: false,
    reason: '',
    ...changes,
  })
  const covered = (command: CoverCommand, changes: Partial<SickCall> = {}, now = SIX) =>
    decideCover(call(changes), command, LIFE_RULES, now)

  it('takes one who is free', () => {
    expect(covered(by())).toEqual({ state: 'covered', reason: null })
  })

  it('says which rules somebody would break, and takes them with a reason only', () => {
    const tired = { worse: [breach('R03')] }
    expect(covered(by(tired))).toMatchObject({
      refused: 'cover-breaks-rules',
      detail: { breaches: [{ rule: 'R03' }] },
    })
    expect(covered(by({ ...tired, acceptBreaches: true }))).toMatchObject({ refused: 'reason-too-short' })
    expect(covered(by({ ...tired, acceptBreaches: true, reason: '无人可换' }))).toEqual({
      state: 'covered',
      reason: '无人可换',
    })
  })

  it.each<[string, object, string]>([
    ['the one who called', { officerId: 'o1' }, 'cover-by-oneself'],
    ['one on leave', { has: { kind: 'leave' } }, 'cover-on-leave'],
  ])('refuses %s', (_what, changes, code) => {
    expect(covered(by(changes))).toMatchObject({ refused: code, field: 'officerId' })
  })

  it('by nobody keeps the gap, with the reason', () => {
    expect(covered({ officerId: null, reason: '' })).toMatchObject({ refused: 'reason-too-short' })
    expect(covered({ officerId: null, reason: '全员在岗' })).toEqual({
      state: 'uncovered-accepted',
      reason: '全员在岗',
    })
  })

  it('is possible after nobody was found, not after somebody was, and not when the duty is over', () => {
    expect(covered(by(), { state: 'uncovered-accepted' })).toMatchObject({ state: 'covered' })
    expect(covered(by(), { state: 'covered', replacementOfficerId: 'o3' })).toMatchObject({
      refused: 'sick-call-covered',
      detail: { officerId: 'o3' },
    })
    expect(covered(by(), {}, SIX + 13 * 3_600_000)).toMatchObject({ refused: 'duty-over' })
  })
})
