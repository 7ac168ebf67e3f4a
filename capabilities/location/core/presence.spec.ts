import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destination } from '../../../foundation/core/geo.ts'
import {
  evolvePresence,
  isRequiredAt,
  orphanedStays,
  presenceChanges,
  PRESENCE_RULES,
  watchCoverage,
  type Coverage,
  type GuardedPlace,
  type Presence,
  type UnitSeen,
} from './presence.ts'

const NOW = Date.UTC(2026, 4, 1, 8)
const station: GuardedPlace = {
  id: 'station',
  name: '火车站',
  lon: 121.5,
  lat: 31.2,
  radiusMetres: 150,
  requiredUnits: 1,
  limitSeconds: 600,
  activeHours: [],
}
const unit = (metres: number, changes: Partial<UnitSeen> = {}): UnitSeen => ({
  unitId: 'u1',
  status: 'patrolling',
  fixedAt: NOW,
  ...destination(station, 45, metres),
  ...changes,
})
const look = (presence: Presence, ...units: UnitSeen[]) =>
  presenceChanges(presence, [station], units, PRESENCE_RULES, NOW)
const there: Presence = new Map([['station', new Map([['u1', NOW - 60_000]])]])

describe('presence at a key place', () => {
  it('begins with the fix that lies inside', () => {
    expect(look(new Map(), unit(100, { fixedAt: NOW - 4000 }))).toEqual([
      { type: 'entered', placeId: 'station', unitId: 'u1', at: NOW - 4000 },
    ])
    expect(look(new Map(), unit(160))).toEqual([])
  })
  it('does not end while the receiver wavers at the edge', () => {
    expect(look(there, unit(170))).toEqual([])
    expect(look(there, unit(190))).toEqual([{ type: 'left', placeId: 'station', unitId: 'u1', at: NOW }])
  })
  it.each(['en-route', 'off-duty', 'break', 'out-of-service'])(
    'does not count a unit that is %s',
    (status) => {
      expect(look(new Map(), unit(0, { status }))).toEqual([])
      expect(look(there, unit(0, { status }))).toMatchObject([{ type: 'left', at: NOW }])
    },
  )
  it('ends with the last fix of a unit that fell silent', () => {
    expect(look(there, unit(0, { fixedAt: NOW - 301_000 }))).toMatchObject([
      { type: 'left', at: NOW - 60_000 },
    ])
  })
  it('ends when the unit has no position or the place is guarded no more', () => {
    expect(orphanedStays(there, [station], new Set(), NOW)).toHaveLength(1)
    expect(orphanedStays(there, [], new Set(['u1']), NOW)).toHaveLength(1)
    expect(orphanedStays(there, [station], new Set(['u1']), NOW)).toEqual([])
  })
  it('is told once: after the change nothing changes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom('u1', 'u2'),
            fc.integer({ min: 0, max: 400 }),
            fc.constantFrom('patrolling', 'break'),
          ),
        ),
        (moves) => {
          let presence: Presence = new Map()
          for (const [unitId, metres, status] of moves) {
            const seen = unit(metres, { unitId, status })
            presence = evolvePresence(presence, look(presence, seen))
            expect(look(presence, seen)).toEqual([])
          }
        },
      ),
    )
  })
})

describe('the watch over a key place', () => {
  const watch = (before: Coverage, present: number, now = NOW, required = true) =>
    watchCoverage(before, station, present, required, now)

  it('raises the alarm once when the limit is passed, not at it', () => {
    let { coverage } = watch({ state: 'covered' }, 0)
    expect(coverage).toEqual({ state: 'uncovered', sinceAt: NOW })
    expect(watch(coverage, 0, NOW + 600_000).event).toBeNull()
    const raised = watch(coverage, 0, NOW + 600_001)
    expect(raised.event).toEqual({ type: 'uncovered', sinceAt: NOW, raisedAt: NOW + 600_001 })
    coverage = raised.coverage
    expect(watch(coverage, 0, NOW + 900_000)).toEqual({ coverage, event: null })
  })
  it('clears it with its times when a unit is there again', () => {
    const alarm: Coverage = { state: 'alarm', sinceAt: NOW - 900_000, raisedAt: NOW - 300_000 }
    expect(watch(alarm, 1)).toEqual({
      coverage: { state: 'covered' },
      event: { type: 'covered', sinceAt: NOW - 900_000, raisedAt: NOW - 300_000, coveredAt: NOW },
    })
  })
  it('says nothing about a gap shorter than the limit', () => {
    const { coverage } = watch({ state: 'covered' }, 0)
    expect(watch(coverage, 1, NOW + 300_000)).toEqual({ coverage: { state: 'covered' }, event: null })
  })
  it('asks for nobody outside its hours, and clears an alarm with them', () => {
    expect(watch({ state: 'covered' }, 0, NOW, false)).toEqual({
      coverage: { state: 'not-required' },
      event: null,
    })
    expect(watch({ state: 'alarm', sinceAt: NOW, raisedAt: NOW }, 0, NOW, false).event).toMatchObject({
      type: 'covered',
    })
  })
  it('tells uncovered and covered in turn, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 1_000_000 }), fc.boolean()),
        ),
        (looks) => {
          let coverage: Coverage = { state: 'not-required' }
          let now = NOW
          let last = 'covered'
          for (const [present, wait, required] of looks) {
            now += wait
            const seen = watchCoverage(coverage, station, present, required, now)
            coverage = seen.coverage
            if (seen.event) {
              expect(seen.event.type).not.toBe(last)
              last = seen.event.type
            }
          }
        },
      ),
    )
  })
})

describe('the hours of a key place', () => {
  const zone = 'Asia/Shanghai'
  const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 4, day, hour - 8, minute)
  const during = (weekdays: number[], from: number, until: number) => ({
    activeHours: [{ weekdays, fromMinute: from * 60, untilMinute: until * 60 }],
  })

  it('are always where none are given', () => expect(isRequiredAt({ activeHours: [] }, NOW, zone)).toBe(true))
  it('begin with their first minute and end before their last', () => {
    const place = during([], 7, 22)
    expect(
      [at(1, 6, 59), at(1, 7), at(1, 21, 59), at(1, 22)].map((now) => isRequiredAt(place, now, zone)),
    ).toEqual([false, true, true, false])
  })
  it('go on over midnight into the next weekday', () => {
    const friday = during([5], 20, 2) // 1 May 2026 is a Friday
    expect(
      [at(1, 19), at(1, 20), at(2, 1), at(2, 2), at(2, 20), at(1, 1)].map((now) =>
        isRequiredAt(friday, now, zone),
      ),
    ).toEqual([false, true, true, false, false, false])
  })
})
