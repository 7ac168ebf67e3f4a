import { describe, expect, it } from 'vitest'
import { listOptions, openGround, optionKey } from '../../core/index.ts'
import { makeUpGround } from '../../core/made-up-ground.ts'
import { openLooks } from './looks.ts'
import { countDays, isFiltered, monthDays, monthLines, NO_FILTER, streetShareOf } from './month.ts'

const ground = makeUpGround({
  ...{ seed: 1, stations: 2, officersPerStation: 8, days: 28, leaveShare: 0, trainingShare: 0 },
  patternCode: 'four-plus-one',
})
const about = {
  wordsOf: (officer: number) => `badge-${officer}`,
  hasBreach: (officer: number) => officer === 9,
}
const lines = (filter: Partial<typeof NO_FILTER>) => monthLines(ground, { ...NO_FILTER, ...filter }, about)
const officers = (filter: Partial<typeof NO_FILTER>) =>
  lines(filter).flatMap((line) => (line.kind === 'officer' ? [line.officer] : []))

describe('the lines of a month', () => {
  it('are organisations with their officers, platoon after platoon', () => {
    expect(lines({})[0]).toEqual({ kind: 'group', organisationId: 'station-1', shown: 8, all: 8 })
    expect(officers({}).slice(0, 8)).toEqual([0, 4, 1, 5, 2, 6, 3, 7])
    expect(lines({})).toHaveLength(18)
  })

  it('are fewer where something is filtered, and an organisation without any is left out', () => {
    expect(officers({ platoon: 1 })).toEqual([1, 5, 9, 13])
    expect(officers({ sworn: false })).toEqual([4, 5, 6, 7, 12, 13, 14, 15])
    expect(officers({ organisationIds: ['station-2'], platoon: 0 })).toEqual([8, 12])
    expect(officers({ words: ' BADGE-1' })).toEqual([1, 12, 13, 10, 14, 11, 15])
    expect(lines({ onlyBreaches: true })).toEqual([
      { kind: 'group', organisationId: 'station-2', shown: 1, all: 8 },
      { kind: 'officer', officer: 9 },
    ])
    expect([isFiltered({ ...NO_FILTER, words: '  ' }), isFiltered({ ...NO_FILTER, platoon: 0 })]).toEqual([
      false,
      true,
    ])
  })
})

describe('the days of a month', () => {
  it('know weekends, holidays and today', () => {
    const days = monthDays(ground, '2026-12-03')
    expect(days.filter(({ isWeekend }) => isWeekend).map(({ dayOfMonth }) => dayOfMonth)).toEqual([
      5, 6, 12, 13, 19, 20, 26, 27,
    ])
    expect(days.filter(({ isHoliday }) => isHoliday).map(({ date }) => date)).toEqual(['2026-12-25'])
    expect(days.findIndex(({ isToday }) => isToday)).toBe(2)
  })
})

describe('counts of a day', () => {
  it('are of duties alone, with the share of those on the street', () => {
    const keys = listOptions(openGround(ground)).map(optionKey)
    const desk = keys.find((key) => key.endsWith('/whole-day/station-1-desk'))!
    const unit = keys.find((key) => key.endsWith('/whole-day/station-1-unit-1'))!
    const cells = ground.officers.map((_, officer) =>
      Array.from({ length: 28 }, () => (['leave', desk, unit, unit] as const)[officer] ?? 'off'),
    )
    const counts = countDays(ground, cells, openLooks(ground))
    expect(counts.get('station-1')![0]).toEqual({ onDuty: 3, capable: 3, onStreet: 2 })
    expect(counts.get('')![27]).toEqual({ onDuty: 3, capable: 3, onStreet: 2 })
    expect(streetShareOf(counts.get('')![0]!)).toBeCloseTo(2 / 3)
    expect(streetShareOf({ onDuty: 0, capable: 0, onStreet: 0 })).toBeNull()
  })
})
