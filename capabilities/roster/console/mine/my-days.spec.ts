import { describe, expect, it } from 'vitest'
import { myLines, myRequests, nextDuty, swapsToAnswer, unread } from './my-days.ts'
import type { AbsenceRow, MyDay, MyRosterRead, SwapRow } from './mine-api.ts'

const duty = (date: string, from: string, until: string): MyDay => ({
  ...{ date, rosterId: 'r', option: 'o/day/p', kind: 'duty', startsAt: from, endsAt: until },
  ...{ shift: null, post: null, draw: null },
})
const leave = (date: string): MyDay => ({
  ...duty(date, '', ''),
  ...{ kind: 'leave', option: 'leave', startsAt: null, endsAt: null },
})
const days = [
  leave('2026-12-04'),
  duty('2026-12-03', '2026-12-03T00:00:00Z', '2026-12-04T00:00:00Z'),
  duty('2026-12-01', '2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z'),
]
const roster = (fromDate: string, length: number, isCurrent: boolean): MyRosterRead => ({
  ...{ rosterId: fromDate, number: fromDate, title: '', fromDate, days: length, version: 1 },
  ...{ acknowledgedAt: null, isCurrent },
})

describe('the next duty', () => {
  it('is the one that is on until its very end, then the next', () => {
    expect(nextDuty(days, Date.parse('2026-12-01T23:59:00Z'))).toMatchObject({
      day: { date: '2026-12-01' },
      isOn: true,
    })
    expect(nextDuty(days, Date.parse('2026-12-02T00:00:00Z'))).toMatchObject({
      day: { date: '2026-12-03' },
      isOn: false,
    })
    expect(nextDuty(days, Date.parse('2026-12-05T00:00:00Z'))).toBeNull()
  })
})

describe('the list of days', () => {
  it('tells a day off only where a published roster has the date', () => {
    const lines = myLines({ days, rosters: [roster('2026-12-01', 5, true)], today: '2026-12-02' }, 10)
    expect(lines.map(({ date, day }) => [date, day?.kind ?? null])).toEqual([
      ['2026-12-02', null],
      ['2026-12-03', 'duty'],
      ['2026-12-04', 'leave'],
      ['2026-12-05', null],
    ])
  })
})

describe('what waits for the officer', () => {
  const swap = (state: SwapRow['state'], from: string, other: string, date: string): SwapRow => ({
    ...{ id: `${state}-${from}`, rosterId: 'r', state, offeredAt: '', reason: null, version: 1 },
    from: { officerId: from, date, gives: 'x' },
    with: { officerId: other, date, gives: 'y' },
  })
  const swaps = [
    swap('offered', 'me', 'you', '2026-12-05'),
    swap('offered', 'you', 'me', '2026-12-06'),
    swap('approved', 'them', 'me', '2026-12-07'),
    swap('approved', 'me', 'them', '2026-11-01'),
  ]

  it('are rosters not read as they are, and offers to answer', () => {
    expect(unread([roster('a', 1, true), roster('b', 1, false)]).map(({ number }) => number)).toEqual(['b'])
    expect(swapsToAnswer(swaps, 'me').map(({ id }) => id)).toEqual(['offered-you'])
  })

  it('are own requests that are not over; of swaps, those agreed to as well', () => {
    const absence = (officerId: string, untilDate: string): AbsenceRow => ({
      ...{ id: `${officerId}-${untilDate}`, officerId, organisationId: 'o', kind: 'leave' },
      ...{ fromDate: '2026-11-01', untilDate, state: 'requested', note: null, requestedAt: '' },
      ...{ decisionReason: null, version: 1 },
    })
    const absences = [absence('me', '2026-12-01'), absence('me', '2026-11-30'), absence('you', '2026-12-31')]
    const mine = myRequests(absences, swaps, 'me', '2026-12-01')
    expect(mine.absences.map(({ id }) => id)).toEqual(['me-2026-12-01'])
    expect(mine.swaps.map(({ id }) => id)).toEqual(['offered-me', 'approved-them'])
  })
})
