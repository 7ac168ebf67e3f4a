import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toIso } from '../../../foundation/core/instant.ts'
import { occurrencesOf } from './occurrence.ts'
import type { TimeBand } from './order.ts'

const moment = (text: string) => Date.parse(text)
const found = (
  band: Partial<TimeBand>,
  from: string,
  until: string,
  { timeZone = 'Asia/Shanghai', visits = 4, minutesPerVisit = 12 } = {},
) =>
  occurrencesOf(
    { band: { fromMinute: 0, untilMinute: 60, weekdays: [], ...band }, dosage: { visits, minutesPerVisit } },
    { fromAt: moment(from), untilAt: moment(until) },
    timeZone,
  ).map(({ startsAt, endsAt, askedVisits }) => [
    toIso(startsAt).slice(5, 16),
    toIso(endsAt).slice(5, 16),
    askedVisits,
  ])

describe('occurrences of a band', () => {
  it('hang on the district’s clock, day by day', () => {
    const evening = { fromMinute: 20 * 60, untilMinute: 24 * 60 }
    expect(found(evening, '2026-11-24T12:00+08:00', '2026-11-26T12:00+08:00')).toEqual([
      ['11-24T12:00', '11-24T16:00', 4],
      ['11-25T12:00', '11-25T16:00', 4],
    ])
  })

  it('reach past midnight, from yesterday too', () => {
    const night = { fromMinute: 22 * 60, untilMinute: 30 * 60 }
    expect(found(night, '2026-11-25T00:00+08:00', '2026-11-26T06:00+08:00')).toEqual([
      ['11-24T16:00', '11-24T22:00', 3],
      ['11-25T14:00', '11-25T22:00', 4],
    ])
  })

  it('fall on the weekday on which they begin', () => {
    const fridayNight = { fromMinute: 23 * 60, untilMinute: 25 * 60, weekdays: [5] }
    expect(found(fridayNight, '2026-11-23T00:00+08:00', '2026-11-30T00:00+08:00')).toEqual([
      ['11-27T15:00', '11-27T17:00', 4],
    ])
  })

  it('are asked less of where the order’s period cuts them, and nothing where no visit fits', () => {
    const day = { fromMinute: 8 * 60, untilMinute: 16 * 60 }
    expect(found(day, '2026-11-24T14:00+08:00', '2026-11-25T08:11+08:00')).toEqual([
      ['11-24T06:00', '11-24T08:00', 1],
    ])
  })

  it('are shorter on the day that loses an hour, longer on the day that gains one, and absent in the lost hour', () => {
    const chicago = { timeZone: 'America/Chicago', visits: 1, minutesPerVisit: 10 }
    const early = { fromMinute: 60, untilMinute: 240 }
    const hours = (from: string, until: string) =>
      occurrencesOf(
        { band: { ...early, weekdays: [] }, dosage: { visits: 1, minutesPerVisit: 10 } },
        { fromAt: moment(from), untilAt: moment(until) },
        'America/Chicago',
      ).map(({ startsAt, endsAt }) => (endsAt - startsAt) / 3_600_000)
    expect(hours('2026-03-08T00:00-06:00', '2026-03-08T12:00-05:00')).toEqual([2])
    expect(hours('2026-11-01T00:00-05:00', '2026-11-01T12:00-06:00')).toEqual([4])
    const lost = { fromMinute: 120, untilMinute: 180 }
    expect(found(lost, '2026-03-08T00:00-06:00', '2026-03-08T12:00-05:00', chicago)).toEqual([])
    expect(found(lost, '2026-03-07T00:00-06:00', '2026-03-07T12:00-06:00', chicago)).toHaveLength(1)
  })

  it('stay within the period, in order, one a day at most, and ask for what fits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 1, max: 1440 }),
        fc.integer({ min: 1, max: 14 * 24 * 60 }),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 5, max: 60 }),
        fc.constantFrom('Asia/Shanghai', 'America/Chicago', 'Europe/Berlin'),
        (fromMinute, length, minutes, visits, minutesPerVisit, timeZone) => {
          const fromAt = moment('2026-10-24T00:00Z')
          const untilAt = fromAt + minutes * 60_000
          const list = occurrencesOf(
            {
              band: { fromMinute, untilMinute: fromMinute + length, weekdays: [] },
              dosage: { visits, minutesPerVisit },
            },
            { fromAt, untilAt },
            timeZone,
          )
          let last = fromAt
          for (const { startsAt, endsAt, askedVisits, askedSeconds } of list) {
            expect(startsAt).toBeGreaterThanOrEqual(last)
            expect(endsAt).toBeLessThanOrEqual(untilAt)
            expect(askedVisits).toBeGreaterThanOrEqual(1)
            expect(askedSeconds * 1000).toBeLessThanOrEqual(endsAt - startsAt)
            last = endsAt
          }
          expect(list.length).toBeLessThanOrEqual(Math.ceil(minutes / 1440) + 2)
        },
      ),
      { numRuns: 200 },
    )
  })
})
