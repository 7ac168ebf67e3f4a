import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromIso, fromWallClock, localDate, startOfDay, toIso, wallClock } from './instant.ts'

const CHICAGO = 'America/Chicago'

describe('instant', () => {
  it('comes back from ISO 8601 as it went', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (at) => fromIso(toIso(at)) === at))
  })
  it('takes no time without an offset', () => {
    expect(fromIso('2026-11-24T08:00:00')).toBeNull()
    expect(fromIso('2026-11-24')).toBeNull()
    expect(fromIso('2026-13-40T08:00:00Z')).toBeNull()
    expect(fromIso('2026-11-24T16:00:00+08:00')).toBe(Date.UTC(2026, 10, 24, 8))
  })
  it('gives the moment that a wall clock showed, and the wall clock of that moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (at) => {
        const clock = wallClock(at, 'Asia/Shanghai')
        return fromWallClock(clock, 'Asia/Shanghai') === at - (at % 1000)
      }),
    )
  })
  it('takes the later reading in the hour that spring skips and the earlier in the hour that autumn repeats', () => {
    const spring = fromWallClock({ year: 2016, month: 3, day: 13, hour: 2, minute: 30 }, CHICAGO)
    expect(wallClock(spring, CHICAGO)).toMatchObject({ hour: 3, minute: 30 })
    const autumn = fromWallClock({ year: 2016, month: 11, day: 6, hour: 1, minute: 30 }, CHICAGO)
    expect(toIso(autumn)).toBe('2016-11-06T06:30:00.000Z')
  })
  it('begins the day by the local clock, on days of 23 and 25 hours too', () => {
    const noon = fromWallClock({ year: 2016, month: 3, day: 13, hour: 12 }, CHICAGO)
    expect(noon - startOfDay(noon, CHICAGO)).toBe(11 * 3_600_000)
    expect(localDate(noon, CHICAGO)).toBe('2016-03-13')
  })
  it('refuses a wall clock that no calendar has', () => {
    expect(() => fromWallClock({ year: 2026, month: 2, day: 30 }, CHICAGO)).toThrow(RangeError)
    expect(() => wallClock(0, 'Nowhere/Town')).toThrow(RangeError)
  })
})
