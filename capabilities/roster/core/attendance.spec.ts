import { describe, expect, it } from 'vitest'
import {
  attendanceFault,
  calledFor,
  compareAttendance,
  type AttendanceLine,
  type CalledOfficer,
  type RosteredDay,
} from './attendance.ts'
import { LIFE_RULES } from './life-rules.ts'

const EIGHT = Date.parse('2026-11-25T00:00:00Z')
const MINUTE = 60_000
const day = (officerId: string, kind: RosteredDay['kind'] = 'duty', startsAt = EIGHT): RosteredDay => ({
  officerId,
  kind,
  startsAt,
  endsAt: startsAt + 12 * 60 * MINUTE,
})
const line = (officerId: string, state: AttendanceLine['state'] = 'present', minute = 0) => ({
  officerId,
  state,
  at: EIGHT + minute * MINUTE,
})
const officer = (officerId: string, duty: 'on' | 'off' = 'on'): CalledOfficer => ({
  officerId,
  organisationId: 'east',
  duty,
})

describe('a roll call', () => {
  const officers = new Map([['o1', officer('o1')]])
  const fault = (lines: { officerId: string }[], changes: object = {}, date = '2026-11-25') =>
    attendanceFault({ date, lines }, { hasRoster: true, today: '2026-11-25', officers, ...changes })

  it('is written down for today and before', () => {
    expect(fault([{ officerId: 'o1' }])).toBeNull()
    expect(fault([{ officerId: 'o1' }], {}, '2026-11-20')).toBeNull()
  })

  it('says what is wrong with it, and who', () => {
    expect(fault([], { hasRoster: false })).toMatchObject({ refused: 'no-published-roster', field: 'date' })
    expect(fault([], {}, '2026-11-26')).toMatchObject({ refused: 'attendance-ahead' })
    expect(fault([{ officerId: 'o1' }, { officerId: 'x' }])).toMatchObject({
      refused: 'officer-unknown',
      detail: { officerIds: ['x'] },
    })
    expect(fault([{ officerId: 'o1' }, { officerId: 'o1' }])).toMatchObject({
      refused: 'attendance-twice',
      detail: { officerIds: ['o1'] },
    })
  })
})

describe('roster, roll call and duty side by side', () => {
  const compare = (
    rostered: RosteredDay[],
    lines: AttendanceLine[],
    officers: CalledOfficer[] = [],
    now = EIGHT + 30 * MINUTE,
    isToday = true,
  ) =>
    compareAttendance(rostered, lines, officers, LIFE_RULES, now, isToday).map(
      ({ officerId, code, detail }) => [officerId, code, ...Object.values(detail)],
    )

  it('say nothing where they agree', () => {
    expect(compare([day('o1')], [line('o1')], [officer('o1')])).toEqual([])
    expect(compare([day('o1', 'leave')], [], [officer('o1', 'off')])).toEqual([])
    expect(compare([day('o1')], [line('o1', 'excused')], [officer('o1', 'off')])).toEqual([])
  })

  it('name who was not called, once the shift has begun', () => {
    expect(compare([day('o1')], [])).toEqual([['o1', 'not-called']])
    expect(compare([day('o1')], [], [], EIGHT - 1)).toEqual([])
  })

  it('name who did not come and who came late, by word and by the clock', () => {
    const rostered = ['o1', 'o2', 'o3', 'o4'].map((id) => day(id))
    const lines = [
      line('o1', 'absent'),
      line('o2', 'late', 20),
      line('o3', 'present', 6),
      line('o4', 'present', 5),
    ]
    expect(compare(rostered, lines)).toEqual([
      ['o1', 'rostered-absent'],
      ['o2', 'came-late', 20],
      ['o3', 'late-by-the-clock', 6],
    ])
  })

  it('name who came though the roster has them off or on leave', () => {
    expect(compare([day('o1', 'leave')], [line('o1'), line('o2', 'late')])).toEqual([
      ['o1', 'present-on-leave'],
      ['o2', 'present-without-duty'],
    ])
  })

  it('name who is on duty and should not be, while the day lasts', () => {
    const officers = [officer('o1'), officer('o2')]
    expect(compare([day('o1')], [line('o1', 'absent')], officers)).toEqual([
      ['o1', 'rostered-absent'],
      ['o1', 'on-duty-though-absent'],
      ['o2', 'on-duty-without-roster'],
    ])
    // On since yesterday, and until eight.
    const found = compareAttendance([], [], officers, LIFE_RULES, EIGHT, true, new Set(['o2']))
    expect(found.map(({ officerId }) => officerId)).toEqual(['o1'])
    expect(compare([day('o1')], [line('o1', 'absent')], officers, EIGHT, false)).toEqual([
      ['o1', 'rostered-absent'],
    ])
  })
})

describe('a roll call of the force', () => {
  it('is for those whose shift has begun or begins within the hour', () => {
    const rostered = [
      day('on'),
      day('soon', 'duty', EIGHT + 60 * MINUTE),
      day('later', 'duty', EIGHT + 61 * MINUTE),
      day('over', 'duty', EIGHT - 12 * 60 * MINUTE),
      day('training', 'training'),
    ]
    expect(calledFor(rostered, LIFE_RULES, EIGHT).map(({ officerId }) => officerId)).toEqual(['on', 'soon'])
  })
})
