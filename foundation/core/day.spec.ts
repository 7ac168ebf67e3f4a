import { describe, expect, it } from 'vitest'
import { addDays, dateOfDay, daysBetween, findDayNumber, getDayNumber, weekdayOfDay } from './day.ts'

describe('calendar days', () => {
  it('counts days across months, leap days and the year 1970', () => {
    expect(addDays('2026-11-24', 10)).toBe('2026-12-04')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('1970-01-01', -1)).toBe('1969-12-31')
    expect(daysBetween('2026-11-24', '2027-01-01')).toBe(38)
  })

  it('knows the weekday of every day, before 1970 too', () => {
    expect(weekdayOfDay(getDayNumber('2026-11-24'))).toBe(2)
    expect(weekdayOfDay(getDayNumber('1969-12-29'))).toBe(1)
    expect(weekdayOfDay(getDayNumber('1969-12-28'))).toBe(7)
    expect(dateOfDay(0)).toBe('1970-01-01')
  })

  it('finds no day in what is no date, and says so where one is demanded', () => {
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', 'heute', ''])
      expect(findDayNumber(text)).toBeNull()
    expect(() => getDayNumber('2026-02-30')).toThrow(RangeError)
  })
})
