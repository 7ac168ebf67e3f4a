import { describe, expect, it } from 'vitest'
import { destination } from '../../../foundation/core/geo.ts'
import { compareDays, type DayResult } from './changes.ts'
import type { KeptStop } from './daily-plan.ts'
import type { FoundWarning } from './day-warnings.ts'
import type { KeptFindings, KeptSeries } from './kept-findings.ts'

const HOUR = 3_600_000
const CENTRE = { lon: 113.6, lat: 34.1 }
const RADIUS = 85

/** A stop so many metres east of the centre. */
const stop = (rank: number, metresEast: number, expected = 1): KeptStop =>
  ({ rank, position: destination(CENTRE, 90, metresEast), expected }) as KeptStop

const series = (id: string, incidents: number, state: KeptSeries['state'] = 'open'): KeptSeries =>
  ({ id, category: '0108', state, lastDate: '2026-11-20', members: Array(incidents).fill({}) }) as never

const warning = (id: string, outcome: FoundWarning['outcome'] = 'warning'): FoundWarning =>
  ({
    id,
    category: '0110',
    areaKind: 'station',
    areaName: '所',
    outcome,
    observed: 9,
    judged: { expected: 3 },
  }) as never

const findings = (of: readonly KeptSeries[], warnings: readonly FoundWarning[] = []): KeptFindings => ({
  ...{ atDate: '2026-11-24', seriesLeftOut: 0, knox: [] },
  ...{ series: of, warnings, watched: { judged: 0, tooThin: 0, tooShort: 0, areas: 0 } },
})

function day(
  date: string,
  shifts: readonly { from: number; until: number; stops: readonly KeptStop[] }[],
  found: KeptFindings | null = findings([]),
): DayResult {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  return {
    ...{ runId: date, day: date, discRadiusMetres: RADIUS, findings: found },
    shifts: shifts.map(({ from, until, stops }) => ({
      fromAt: midnight + from * HOUR,
      untilAt: midnight + until * HOUR,
      expected: stops.reduce((sum, { expected }) => sum + expected, 0),
      stops,
    })),
  }
}

const shift = (...stops: KeptStop[]) => [{ from: 8, until: 16, stops }]

describe('what changed since the day before', () => {
  it('is which stops are new, moved and gone, and how the expected count changed', () => {
    const before = day('2026-11-23', shift(stop(1, 0, 2), stop(2, 1000), stop(3, 2000)))
    const after = day('2026-11-24', shift(stop(1, 1010), stop(2, 5000, 3), stop(3, 100)))
    const { shifts, before: compared } = compareDays(before, after)
    expect(compared).toEqual({ runId: '2026-11-23', day: '2026-11-23', isDayBefore: true })
    expect(shifts).toMatchObject([{ shift: 0, expectedBefore: 4, expected: 5, same: 1 }])
    expect(shifts[0]!.stops).toMatchObject([
      { kind: 'new', rank: 2, expected: 3 },
      { kind: 'moved', rank: 3, rankBefore: 1 },
      { kind: 'gone', rankBefore: 3 },
    ])
    expect(shifts[0]!.stops[1]).toMatchObject({ metres: expect.closeTo(100, 0) })
  })

  it('takes no stop for two', () => {
    const before = day('2026-11-23', shift(stop(1, 0)))
    const after = day('2026-11-24', shift(stop(1, 30), stop(2, -20)))
    expect(compareDays(before, after).shifts[0]).toMatchObject({ same: 1, stops: [{ kind: 'new', rank: 1 }] })
  })

  it('does not compare shifts that were set otherwise, and says when the day before has no run', () => {
    const before = day('2026-11-20', [{ from: 6, until: 18, stops: [stop(1, 0)] }])
    const changes = compareDays(before, day('2026-11-24', shift(stop(1, 0))))
    expect(changes.shifts).toEqual([])
    expect(changes.before.isDayBefore).toBe(false)
  })

  it('is which series are new, grown, quiet, closed and no longer found', () => {
    const before = findings([
      ...[series('grown', 3), series('quiet', 3), series('closing', 4), series('closed', 4, 'closed')],
      ...[series('lost', 3), series('long over', 3, 'closed')],
    ])
    const after = findings([
      ...[series('new', 3, 'growing'), series('grown', 5), series('quiet', 3)],
      ...[series('closing', 4, 'closed'), series('closed', 4, 'closed'), series('found late', 3, 'closed')],
    ])
    const changes = compareDays(day('2026-11-23', [], before), day('2026-11-24', [], after))
    expect(changes.series!.map(({ id, kind, added }) => [id, kind, added])).toEqual([
      ['new', 'new', 3],
      ['grown', 'grown', 2],
      ['quiet', 'quiet', 0],
      ['closing', 'closed', 0],
      ['lost', 'dropped', 0],
    ])
  })

  it('is which warnings are new, still there and over; what is only noted is none', () => {
    const before = findings([], [warning('over'), warning('still'), warning('noted', 'noted')])
    const after = findings([], [warning('new'), warning('still'), warning('over', 'noted')])
    const changes = compareDays(day('2026-11-23', [], before), day('2026-11-24', [], after))
    expect(changes.warnings!.map(({ id, kind }) => [id, kind])).toEqual([
      ['new', 'new'],
      ['still', 'still'],
      ['over', 'over'],
    ])
  })

  it('is not told of series where a day has none kept', () => {
    const changes = compareDays(
      day('2026-11-23', [], null),
      day('2026-11-24', [], findings([series('a', 3)])),
    )
    expect([changes.series, changes.warnings]).toEqual([null, null])
  })
})
