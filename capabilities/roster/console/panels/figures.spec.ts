import { describe, expect, it } from 'vitest'
import type { RosterHead } from '../roster-api.ts'
import { chooseRoster, firstMonth, monthAfter, rostersOf } from '../roster-choice.ts'
import { gapOf } from './gap.ts'
import { histogram } from './histogram.ts'

describe('the distribution of counts', () => {
  it('leaves no count out between the least and the most, before and after', () => {
    expect(histogram([1, 1, 4], [2, 2, 2])).toEqual([
      { count: 1, now: 2, before: 0 },
      { count: 2, now: 0, before: 3 },
      { count: 3, now: 0, before: 0 },
      { count: 4, now: 1, before: 0 },
    ])
    expect(histogram([3], null)).toEqual([{ count: 3, now: 1, before: null }])
    expect(histogram([], null)).toEqual([])
  })
})

describe('the gap to the proven bound', () => {
  it('is a share of the value, none where it is reached, and unknown while nothing is proven', () => {
    expect(gapOf(200, 190)).toBeCloseTo(0.05)
    expect(gapOf(190, 190)).toBe(0)
    expect(gapOf(null, 190)).toBeNull()
    expect(gapOf(200, null)).toBeNull()
    expect(gapOf(200, -16_000)).toBeNull()
  })
})

describe('which roster is shown', () => {
  const head = (id: string, about: Partial<RosterHead>): RosterHead => ({
    ...{ id, number: id, title: '', fromDate: '2026-12-01', days: 31, state: 'draft', basedOnId: null },
    ...{ madeAt: '2026-11-01T00:00:00Z', publishedAt: null, objective: null, bound: null, version: 1 },
    ...about,
  })
  const rosters = [
    head('old-draft', {}),
    head('draft', { madeAt: '2026-11-20T00:00:00Z' }),
    head('published', { state: 'published' }),
    head('over-new-year', { fromDate: '2026-12-28', days: 28, madeAt: '2026-10-01T00:00:00Z' }),
  ]

  it('is the published one, else the draft begun last; one that reaches into the month is of it', () => {
    expect(rostersOf(rosters, '2026-12').map(({ id }) => id)).toEqual([
      'published',
      'draft',
      'old-draft',
      'over-new-year',
    ])
    expect(chooseRoster(rostersOf(rosters, '2027-01'))?.id).toBe('over-new-year')
    expect(chooseRoster(rostersOf(rosters, '2026-11'))).toBeUndefined()
  })

  it('opens this month, or the latest month that has one', () => {
    expect(firstMonth(rosters, '2026-12-24')).toBe('2026-12')
    expect(firstMonth(rosters.slice(0, 3), '2026-11-24')).toBe('2026-12')
    expect(firstMonth([], '2026-11-24')).toBe('2026-11')
  })

  it('steps over the turn of the year', () => {
    expect([monthAfter('2026-12', 1), monthAfter('2027-01', -1)]).toEqual(['2027-01', '2026-12'])
  })
})
