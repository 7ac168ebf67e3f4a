import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  comparedSpan,
  COMPARISONS,
  completePart,
  monthsUntil,
  periodAt,
  periodRow,
  type Comparison,
  type Period,
  type Span,
} from './periods.ts'

const day = (date: string) => findDayNumber(date)!
const dates = ({ fromDay, untilDay }: Span) => `${dateOfDay(fromDay)}..${dateOfDay(untilDay - 1)}`
const custom = (from: string, last: string): Period => ({
  kind: 'custom',
  fromDay: day(from),
  untilDay: day(last) + 1,
})
const compared = (period: Period, comparison: Comparison, part: Span = period) =>
  dates(comparedSpan(period, part, comparison))

describe('a period', () => {
  it('is the week from Monday, the month or the quarter around a day', () => {
    expect(dates(periodAt('week', day('2026-11-24')))).toBe('2026-11-23..2026-11-29')
    expect(dates(periodAt('week', day('2026-11-29')))).toBe('2026-11-23..2026-11-29')
    expect(dates(periodAt('month', day('2024-02-10')))).toBe('2024-02-01..2024-02-29')
    expect(dates(periodAt('quarter', day('2026-11-24')))).toBe('2026-10-01..2026-12-31')
  })

  it('goes as far as days are over and known, and is none before its first', () => {
    const month = periodAt('month', day('2026-11-24'))
    expect(dates(completePart(month, day('2026-11-24'))!)).toBe('2026-11-01..2026-11-23')
    expect(completePart(month, day('2027-01-05'))).toEqual(month)
    expect(completePart(month, day('2026-11-01'))).toBeNull()
  })
})

describe('what a period is compared with', () => {
  it.each([
    [
      'a week a year earlier: the same weekdays',
      periodAt('week', day('2026-11-24')),
      'year-on-year',
      '2025-11-24..2025-11-30',
    ],
    ['the week before', periodAt('week', day('2026-11-24')), 'period-on-period', '2026-11-16..2026-11-22'],
    [
      'the month a year earlier, leap day and all',
      periodAt('month', day('2024-02-10')),
      'year-on-year',
      '2023-02-01..2023-02-28',
    ],
    ['the month before', periodAt('month', day('2026-03-10')), 'period-on-period', '2026-02-01..2026-02-28'],
    [
      'the quarter before',
      periodAt('quarter', day('2026-02-10')),
      'period-on-period',
      '2025-10-01..2025-12-31',
    ],
    [
      'the quarter a year earlier',
      periodAt('quarter', day('2026-02-10')),
      'year-on-year',
      '2025-01-01..2025-03-31',
    ],
    ['as many days before', custom('2026-03-01', '2026-03-10'), 'period-on-period', '2026-02-19..2026-02-28'],
    [
      'the same dates a year earlier',
      custom('2026-03-01', '2026-04-15'),
      'year-on-year',
      '2025-03-01..2025-04-15',
    ],
    [
      'the last of February where there is no 29th',
      custom('2024-02-29', '2024-02-29'),
      'year-on-year',
      '2023-02-28..2023-02-28',
    ],
  ] as const)('is %s', (_, period, comparison, expected) => {
    expect(compared(period, comparison)).toBe(expected)
  })

  it('is the same first days where the period is not over', () => {
    const month = periodAt('month', day('2026-11-24'))
    const part = completePart(month, day('2026-11-24'))!
    expect(compared(month, 'period-on-period', part)).toBe('2026-10-01..2026-10-23')
    expect(compared(month, 'year-on-year', part)).toBe('2025-11-01..2025-11-23')
    // February has no 30th: all of it.
    const march = periodAt('month', day('2026-03-31'))
    expect(compared(march, 'period-on-period', completePart(march, day('2026-03-31'))!)).toBe(
      '2026-02-01..2026-02-28',
    )
  })
})

describe('the row of like periods', () => {
  it('ends with the period, holds what it is compared with, and never overlaps itself', () => {
    const someday = fc.integer({ min: day('2010-01-01'), max: day('2026-12-31') })
    fc.assert(
      fc.property(
        someday,
        fc.constantFrom('week', 'month', 'quarter', 'custom'),
        fc.integer({ min: 1, max: 366 }),
        fc.constantFrom(...COMPARISONS),
        (at, kind, length, comparison) => {
          const asked = kind === 'custom' ? { kind, fromDay: at, untilDay: at + length } : periodAt(kind, at)
          const part = completePart(asked, at + 1)!
          const { spans, before, after } = periodRow(asked, part, comparison, day('2001-01-01'))
          expect(spans[after]).toEqual({ fromDay: part.fromDay, untilDay: part.untilDay })
          expect(spans[before!]).toEqual(comparedSpan(asked, part, comparison))
          for (let n = 1; n < spans.length; n++)
            expect(spans[n]!.fromDay).toBeGreaterThanOrEqual(spans[n - 1]!.untilDay)
        },
      ),
    )
  })

  it('begins with the history, and has nothing to compare with where that is too short', () => {
    const month = periodAt('month', day('2026-11-24'))
    expect(periodRow(month, month, 'year-on-year', day('2026-01-10'))).toMatchObject({
      before: null,
      after: 9,
    })
    expect(periodRow(month, month, 'period-on-period', day('2026-01-10'))).toMatchObject({
      before: 8,
      after: 9,
    })
  })

  it('has months up to a day', () => {
    expect(monthsUntil(day('2026-03-05'), 3).map(dates)).toEqual([
      '2026-01-01..2026-01-31',
      '2026-02-01..2026-02-28',
      '2026-03-01..2026-03-04',
    ])
  })
})
