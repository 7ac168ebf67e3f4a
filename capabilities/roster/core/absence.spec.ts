import { describe, expect, it } from 'vitest'
import {
  absenceDates,
  absenceFault,
  absenceOption,
  decideAbsence,
  rosterAbsence,
  type Absence,
  type AbsenceCommand,
  type AbsenceId,
} from './absence.ts'
import { LIFE_RULES } from './life-rules.ts'

const TODAY = '2026-11-24'
const absence = (changes: Partial<Absence> = {}): Absence => ({
  id: 'a1' as AbsenceId,
  officerId: 'o1',
  organisationId: 'east',
  kind: 'leave',
  fromDate: '2026-12-01',
  untilDate: '2026-12-05',
  state: 'requested',
  note: null,
  requested: { accountId: 'acc', name: 'x', at: 0 },
  decided: null,
  decisionReason: null,
  version: 1,
  ...changes,
})
const CHIEF = { officerId: 'chief', mayDecide: true }
const APPROVE = { do: 'approve', rosteredDates: [], granted: [], acceptGaps: false } as const

describe('asking to be away', () => {
  const ask = (changes: Partial<Absence> = {}, others: Absence[] = []) =>
    absenceFault(absence(changes), others, LIFE_RULES, TODAY)

  it('takes one day and many', () => {
    expect(ask({ untilDate: '2026-12-01' })).toBeNull()
    expect(ask()).toBeNull()
  })

  it.each<[string, Partial<Absence>, string]>([
    ['a date that the calendar has not', { fromDate: '2026-02-30' }, 'invalid-date'],
    ['an end before its beginning', { untilDate: '2026-11-30' }, 'absence-backwards'],
    ['more days than the rules have', { untilDate: '2027-05-31' }, 'absence-too-long'],
    ['what is long past', { fromDate: '2026-11-16' }, 'absence-too-early'],
    ['what is too far ahead', { fromDate: '2028-01-01', untilDate: '2028-01-02' }, 'absence-too-far'],
    ['a cause where one is not fit for duty', { kind: 'unfit', note: '感冒' }, 'absence-note-not-taken'],
  ])('refuses %s', (_what, changes, code) => {
    expect(ask(changes)).toMatchObject({ refused: code, field: expect.any(String) })
  })

  it('refuses days that are taken already, and names them', () => {
    const other = absence({ id: 'a2' as AbsenceId, fromDate: '2026-12-05', untilDate: '2026-12-07' })
    expect(ask({}, [other])).toMatchObject({
      refused: 'absence-overlaps',
      detail: { fromDate: '2026-12-05', untilDate: '2026-12-07' },
    })
    expect(ask({}, [{ ...other, state: 'withdrawn' }])).toBeNull()
    expect(ask({}, [{ ...other, officerId: 'o2' }])).toBeNull()
    expect(ask({}, [{ ...other, fromDate: '2026-12-06' }])).toBeNull()
  })
})

describe('deciding about it', () => {
  const decided = (command: AbsenceCommand, by = CHIEF, changes: Partial<Absence> = {}) =>
    decideAbsence(absence(changes), command, by as never, LIFE_RULES, TODAY)

  it('is for the chief, once', () => {
    expect(decided(APPROVE)).toEqual({ state: 'approved', reason: null })
    expect(decided(APPROVE, CHIEF, { state: 'approved' })).toMatchObject({ refused: 'absence-not-requested' })
    expect(decided(APPROVE, { officerId: 'o2', mayDecide: false })).toMatchObject({ refused: 'out-of-scope' })
  })

  it('is not for those who ask, chiefs though they are', () => {
    const self = { officerId: 'o1', mayDecide: true }
    expect(decided(APPROVE, self)).toMatchObject({ refused: 'absence-own' })
    expect(decided({ do: 'refuse', reason: '人手紧张' }, self)).toMatchObject({ refused: 'absence-own' })
  })

  it('says which published duties would be left open, and goes on where that is accepted', () => {
    const hits = { ...APPROVE, rosteredDates: ['2026-12-02'] }
    expect(decided(hits)).toMatchObject({
      refused: 'absence-leaves-gaps',
      detail: { dates: ['2026-12-02'] },
    })
    expect(decided({ ...hits, acceptGaps: true })).toMatchObject({ state: 'approved' })
  })

  it('finds days that were granted meanwhile, a sick call among them', () => {
    const unfit = { officerId: 'o1', kind: 'unfit', fromDate: '2026-12-05', untilDate: '2026-12-05' } as const
    expect(decided({ ...APPROVE, granted: [unfit] })).toMatchObject({ refused: 'absence-overlaps' })
    const before = { ...unfit, fromDate: '2026-11-30', untilDate: '2026-11-30' }
    expect(decided({ ...APPROVE, granted: [before] })).toMatchObject({ state: 'approved' })
  })

  it('refuses with a reason', () => {
    expect(decided({ do: 'refuse', reason: ' ' })).toMatchObject({ refused: 'reason-too-short' })
    expect(decided({ do: 'refuse', reason: ' 人手紧张 ' })).toEqual({ state: 'refused', reason: '人手紧张' })
  })

  it('is taken back by the officer or the chief, until it is over', () => {
    const self = { officerId: 'o1', mayDecide: false }
    const back = { do: 'withdraw' } as const
    expect(decided(back, self)).toMatchObject({ state: 'withdrawn' })
    expect(decided(back, self, { state: 'approved' })).toMatchObject({ state: 'withdrawn' })
    expect(decided(back, CHIEF)).toMatchObject({ state: 'withdrawn' })
    expect(decided(back, { officerId: 'o2', mayDecide: false })).toMatchObject({ refused: 'out-of-scope' })
    const over = { state: 'approved', fromDate: '2026-11-20', untilDate: '2026-11-23' } as const
    expect(decided(back, self, over)).toMatchObject({ refused: 'absence-over' })
    expect(decided(back, self, { state: 'refused' })).toMatchObject({ refused: 'absence-over' })
  })
})

describe('in a roster', () => {
  it('it does not say why', () => {
    expect(rosterAbsence(absence({ kind: 'unfit' })).kind).toBe('leave')
    expect(absenceOption('unfit')).toEqual({ kind: 'leave' })
    expect(absenceOption('training')).toEqual({ kind: 'training' })
  })

  it('it covers its days from a date on, the last one too', () => {
    expect(absenceDates(absence(), '2026-12-04')).toEqual(['2026-12-04', '2026-12-05'])
    expect(absenceDates(absence(), TODAY)).toHaveLength(5)
    expect(absenceDates(absence(), '2026-12-06')).toEqual([])
  })
})
