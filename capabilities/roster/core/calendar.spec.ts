import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromWallClock } from '../../../foundation/core/instant.ts'
import { calendarText, escapeText, foldLine, type CalendarEntry } from './calendar.ts'

const octets = (text: string) => new TextEncoder().encode(text).length
const unfold = (text: string) => text.replaceAll('\r\n ', '')
const lines = (text: string) => text.split('\r\n').slice(0, -1)

const night = (date: [number, number, number], timeZone = 'Asia/Shanghai'): CalendarEntry => {
  const startsAt = fromWallClock({ year: date[0], month: date[1], day: date[2], hour: 20 }, timeZone)
  return {
    uid: `${date.join('-')}@xunfang`,
    title: '夜班 · 三车巡逻; 一组, 备勤',
    place: '城区派出所',
    changedAt: Date.parse('2026-11-20T01:02:03Z'),
    sequence: 2,
    when: { kind: 'hours', startsAt, endsAt: startsAt + 12 * 3_600_000 },
  }
}

describe('a folded line', () => {
  it('is never longer than 75 octets, breaks no character, and unfolds to what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const line = text.replaceAll(/[\r\n]/g, '')
        const folded = foldLine(line)
        for (const part of folded.split('\r\n')) expect(octets(part)).toBeLessThanOrEqual(75)
        expect(unfold(folded)).toBe(line)
        expect(new TextDecoder('utf-8', { fatal: true }).decode(new TextEncoder().encode(folded))).toBe(
          folded,
        )
      }),
    )
  })

  it('of 75 octets stays whole, of 76 is two', () => {
    expect(foldLine('x'.repeat(75))).toBe('x'.repeat(75))
    expect(foldLine('x'.repeat(76))).toBe(`${'x'.repeat(75)}\r\n x`)
    expect(foldLine('班'.repeat(26))).toBe(`${'班'.repeat(25)}\r\n 班`)
  })
})

describe('a text', () => {
  it('is escaped so that nothing in it can end its line or begin a property', () => {
    expect(escapeText('a\\b;c,d\r\nBEGIN:VEVENT\u0007')).toBe('a\\\\b\\;c\\,d\\nBEGIN:VEVENT')
  })
})

describe('the calendar', () => {
  it('says a duty by the district’s clock, with the zone that it hangs in', () => {
    const text = unfold(
      calendarText({ name: '我的班表', timeZone: 'Asia/Shanghai', entries: [night([2026, 12, 1])] }),
    )
    expect(lines(text)).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Xunfang//Roster//ZH',
      'CALSCALE:GREGORIAN',
      'METHOD:PUBLISH',
      'X-WR-CALNAME:我的班表',
      'X-WR-TIMEZONE:Asia/Shanghai',
      'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
      'BEGIN:VTIMEZONE',
      'TZID:Asia/Shanghai',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0800',
      'TZOFFSETTO:+0800',
      'END:STANDARD',
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'UID:2026-12-1@xunfang',
      'DTSTAMP:20261120T010203Z',
      'LAST-MODIFIED:20261120T010203Z',
      'SEQUENCE:2',
      'DTSTART;TZID=Asia/Shanghai:20261201T200000',
      'DTEND;TZID=Asia/Shanghai:20261202T080000',
      'SUMMARY:夜班 · 三车巡逻\\; 一组\\, 备勤',
      'LOCATION:城区派出所',
      'TRANSP:OPAQUE',
      'END:VEVENT',
      'END:VCALENDAR',
    ])
  })

  it('ends every line with CR LF', () => {
    const text = calendarText({ name: 'x', timeZone: 'Asia/Shanghai', entries: [night([2026, 12, 1])] })
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
  })

  it('says a whole day as one, ending on the day after', () => {
    const leave: CalendarEntry = { ...night([2026, 12, 31]), when: { kind: 'day', date: '2026-12-31' } }
    const text = calendarText({ name: 'x', timeZone: 'Asia/Shanghai', entries: [leave] })
    expect(text).toContain('DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n')
    expect(text).not.toContain('VTIMEZONE')
  })

  it('knows when clocks are changed on the way', () => {
    const timeZone = 'Europe/Berlin'
    const entries = [night([2026, 3, 20], timeZone), night([2026, 11, 1], timeZone)]
    const text = calendarText({ name: 'x', timeZone, entries })
    expect(text).toContain(
      'BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT',
    )
    expect(text).toContain(
      'BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD',
    )
  })
})
