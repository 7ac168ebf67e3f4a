import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromWallClock, toIso } from '../../../../foundation/core/instant.ts'
import { clockReader, isTimeZone, whenReader, zoneClock } from './when.ts'

const clockOf = (format: string, text: string) => {
  const reading = whenReader(format)!(text)
  return reading && 'clock' in reading ? { kind: reading.kind, ...reading.clock } : reading
}

describe('times of a file', () => {
  it('reads American, Chinese and compact formats', () => {
    const noon = { year: 2016, month: 8, day: 1, hour: 13, minute: 5, second: 9 }
    expect(clockOf('MM/DD/YYYY hh:mm:ss A', '08/01/2016 01:05:09 PM')).toEqual({ kind: 'moment', ...noon })
    expect(clockOf('YYYY年M月D日 H时mm分ss秒', '2016年8月1日 13时05分09秒')).toEqual({
      kind: 'moment',
      ...noon,
    })
    expect(clockOf('DD-MMM-YY HH:mm:ss', '01-Aug-16 13:05:09')).toEqual({ kind: 'moment', ...noon })
    expect(clockOf('YYYYMMDD', '20160801')).toEqual({ kind: 'date', ...noon, hour: 0, minute: 0, second: 0 })
  })

  it('reads the offset that the text carries, and epochs', () => {
    expect(whenReader('auto')!('2016-08-01T13:05:09.120+08:00')).toMatchObject({
      kind: 'moment',
      offsetMinutes: 480,
    })
    expect(whenReader('X')!('1470056709')).toEqual({ kind: 'epoch', at: 1_470_056_709_000 })
    expect(whenReader('x')!('1470056709123')).toEqual({ kind: 'epoch', at: 1_470_056_709_123 })
  })

  it('refuses what is no date or clock of the calendar', () => {
    for (const text of ['20160231', '20161301', '', '2016', 'yesterday'])
      expect(whenReader('YYYYMMDD')!(text)).toBeNull()
    expect(whenReader('YYYY-MM-DD HH:mm')!('2016-08-01 24:30')).toBeNull()
    expect(whenReader('MM/DD/YYYY hh:mm A')!('08/01/2016 13:00 PM')).toBeNull()
  })

  it('refuses formats without a date', () => {
    expect(whenReader('HH:mm')).toBeNull()
    expect(clockReader('YYYY')).toBeNull()
  })

  it('reads a clock of its own', () => {
    expect(clockReader('auto')!('7:05')).toEqual({ hour: 7, minute: 5, second: 0 })
    expect(clockReader('auto')!('0705')).toEqual({ hour: 7, minute: 5, second: 0 })
    expect(clockReader('h:mm A')!('7:05 pm')).toEqual({ hour: 19, minute: 5, second: 0 })
  })

  it('does not throw, whatever the text', () => {
    const auto = whenReader('auto')!
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void auto(text)))
  })

  it('knows the moment of a wall clock as the foundation does, daylight saving included', () => {
    const momentOf = zoneClock('America/Chicago')
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2008-01-01'), max: new Date('2018-12-31'), noInvalidDate: true }),
        (date) => {
          const clock = {
            year: date.getUTCFullYear(),
            month: date.getUTCMonth() + 1,
            day: date.getUTCDate(),
            hour: date.getUTCHours(),
            minute: date.getUTCMinutes(),
            second: date.getUTCSeconds(),
          }
          expect(toIso(momentOf(clock))).toBe(toIso(fromWallClock(clock, 'America/Chicago')))
        },
      ),
    )
    expect(toIso(momentOf({ year: 2016, month: 3, day: 13, hour: 2, minute: 30, second: 0 }))).toBe(
      '2016-03-13T08:30:00.000Z',
    )
    expect(toIso(momentOf({ year: 2016, month: 11, day: 6, hour: 1, minute: 30, second: 0 }))).toBe(
      '2016-11-06T06:30:00.000Z',
    )
  })

  it('knows time zones by their IANA names only', () => {
    expect(isTimeZone('Asia/Shanghai')).toBe(true)
    expect(isTimeZone('China/Beijing')).toBe(false)
  })
})
