import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import { describe, expect, it } from 'vitest'
import { clockOfDay, dailyFault, dayDue, dayInForce, DEFAULT_DAILY, momentsOf, wallDays } from './daily.ts'

const ZONE = 'Asia/Shanghai'
const at = (iso: string) => Date.parse(iso)
const EIGHT = at('2026-11-24T08:00:00+08:00')

describe('the day in force', () => {
  it('is yesterday until the hour at which plans are made', () => {
    expect(dayInForce(at('2026-11-24T05:59:59+08:00'), ZONE, DEFAULT_DAILY)).toBe('2026-11-23')
    expect(dayInForce(at('2026-11-24T06:00:00+08:00'), ZONE, DEFAULT_DAILY)).toBe('2026-11-24')
    expect(dayInForce(at('2026-03-01T00:00:00+08:00'), ZONE, DEFAULT_DAILY)).toBe('2026-02-28')
  })
})

describe('the day due', () => {
  const due = (first: string | null, days: readonly string[], now = EIGHT) =>
    dayDue(now, ZONE, DEFAULT_DAILY, { first, days: new Set(days) })

  it('is the day in force, where it was not run', () => {
    expect(due(null, [])).toEqual({ day: '2026-11-24', cause: 'daily' })
    expect(due('2026-11-23', ['2026-11-23'], at('2026-11-24T06:00:01+08:00'))).toEqual({
      day: '2026-11-24',
      cause: 'daily',
    })
  })

  it('is made up for later, where the server was down at its hour', () => {
    expect(due('2026-11-23', ['2026-11-23'])).toEqual({ day: '2026-11-24', cause: 'catch-up' })
  })

  it('is then each day missed in the last week, the latest first, once', () => {
    const run = ['2026-11-24', '2026-11-20']
    expect(due('2026-11-20', run)).toEqual({ day: '2026-11-23', cause: 'catch-up' })
    expect(due('2026-11-20', [...run, '2026-11-23', '2026-11-22'])).toEqual({
      day: '2026-11-21',
      cause: 'catch-up',
    })
    expect(due('2026-11-20', [...run, '2026-11-23', '2026-11-22', '2026-11-21'])).toBeNull()
  })

  it('is no day before the first that was ever run, and none longer ago than a week', () => {
    expect(due('2026-11-24', ['2026-11-24'])).toBeNull()
    const week = [24, 23, 22, 21, 20, 19, 18, 17].map((day) => `2026-11-${day}`)
    expect(due('2026-10-01', week)).toBeNull()
  })
})

describe('shifts', () => {
  it('are refused where one lies over the one before it, or ends before it begins', () => {
    const withShifts = (...shifts: [number, number][]) =>
      dailyFault({
        ...DEFAULT_DAILY,
        shifts: shifts.map(([fromHour, untilHour]) => ({ fromHour, untilHour })),
      })
    expect(dailyFault(DEFAULT_DAILY)).toBeNull()
    expect(withShifts([8, 16], [20, 30])).toBeNull()
    expect(withShifts([8, 16], [15, 24])).toMatchObject({ refused: 'analysis-shifts-overlap' })
    expect(withShifts([8, 8])).toMatchObject({ detail: { position: 1 } })
  })

  it('begin and end by the wall clock, on a day of 25 hours too', () => {
    const night = { fromHour: 24, untilHour: 32 }
    const [from, until] = momentsOf(findDayNumber('2026-11-24')!, night, ZONE)
    expect([from, until]).toEqual([at('2026-11-25T00:00:00+08:00'), at('2026-11-25T08:00:00+08:00')])
    const [begin, end] = momentsOf(findDayNumber('2026-10-24')!, night, 'Europe/Berlin')
    expect(end - begin).toBe(9 * 3_600_000)
  })
})

describe('wall clocks', () => {
  it('are days since 1970, with the offset of their moment', () => {
    const moments = ['2026-10-25T00:30:00Z', '2026-10-25T03:30:00Z', '2026-07-01T12:00:00Z'].map(at)
    const days = wallDays(Float64Array.from([...moments, NaN]), 'Europe/Berlin')
    expect([...days.subarray(0, 3)].map(clockOfDay)).toEqual([
      '2026-10-25T02:30',
      '2026-10-25T04:30',
      '2026-07-01T14:00',
    ])
    expect(days[3]).toBeNaN()
  })

  it('know which dates there are', () => {
    expect(dateOfDay(findDayNumber('2024-02-29')!)).toBe('2024-02-29')
    for (const none of ['2026-02-30', '2026-2-3', 'tomorrow', '9999-99-99'])
      expect(findDayNumber(none)).toBeNull()
  })
})
