import { describe, expect, it } from 'vitest'
import { seededChance } from '../../../foundation/core/chance.ts'
import { drawCounts, type CountTruth } from '../../../solvers/surveillance/drawn-counts.ts'
import { ORIGINS } from '../../incident/core/index.ts'
import { openHistory } from './history.ts'
import { FIRST_DAY, makeUpHistory } from './made-up-history.ts'
import { countSeries, WARNING_RULES, watchCounts, type CountSeries } from './warnings.ts'

const FROM_DAY = 17_600
const TRUTH: CountTruth = { mean: 3, dispersion: 0.05, trendPerYear: 0, seasonSwing: 0.2, weekendSwing: 0 }
const WEEK = { fromDay: FROM_DAY, periodDays: 7 } as const

function town(areas: number, seed: number): CountSeries[] {
  const chance = seededChance(seed)
  return Array.from({ length: areas }, (_, n) => ({
    category: 'theft',
    area: `area ${n}`,
    counts: drawCounts(TRUTH, 157, 7, FROM_DAY, chance),
  }))
}
const withSurge = ({ counts, ...series }: CountSeries, surge: number): CountSeries => ({
  ...series,
  counts: Float64Array.from(counts, (count, k) => (k === counts.length - 1 ? count + surge : count)),
})

describe('warnings', () => {
  it('name the area with a surge first, with what was expected and from where on it is out of line', () => {
    const series = town(60, 1)
    series[17] = withSurge(series[17]!, 15)
    const [first] = watchCounts(series, WEEK)
    expect(first).toMatchObject({ area: 'area 17', outcome: 'warning' })
    expect(first!.observed).toBeGreaterThanOrEqual(first!.judged!.alarmsFrom)
    expect(first!.judged!.expected).toBeGreaterThan(1)
    expect(first!.judged!.timesExpected).toBeCloseTo(first!.observed / first!.judged!.expected)
    expect(first!.judged!.ears).not.toBeNull()
  })

  it('in a quiet town are rarer than one day in ten says, however many series are watched', () => {
    let days = 0
    for (let seed = 1; seed <= 40; seed++)
      if (watchCounts(town(60, seed), WEEK).some(({ outcome }) => outcome === 'warning')) days++
    expect(days / 40).toBeLessThan(0.2)
  })

  it('keep what is out of line on its own as noted', () => {
    const outcomes = Array.from({ length: 20 }, (_, seed) => watchCounts(town(60, 100 + seed), WEEK)).flat()
    const noted = outcomes.filter(({ outcome }) => outcome === 'noted')
    expect(noted.length).toBeGreaterThan(0)
    for (const { judged } of noted) {
      expect(judged!.p).toBeLessThanOrEqual(WARNING_RULES.alarmRate)
      expect(judged!.falseDiscoveryRate).toBeGreaterThan(WARNING_RULES.falseDiscovery)
    }
  })

  it('say nothing of a history of a few weeks, and nothing of one incident', () => {
    const short = { category: 'theft', area: 'new', counts: [0, 1, 0, 9] }
    const thin = { category: 'arson', area: 'old', counts: [...Array.from({ length: 156 }, () => 0), 1] }
    const watched = watchCounts([short, thin, { ...short, area: 'empty', counts: [] }], WEEK)
    const outcomeOf = (area: string) => watched.find((each) => each.area === area)
    expect(outcomeOf('new')).toMatchObject({ outcome: 'too-short', judged: null, observed: 9 })
    expect(outcomeOf('empty')).toMatchObject({ outcome: 'too-short', observed: 0 })
    expect(outcomeOf('old')!.outcome).toBe('usual')
  })
})

describe('counting a history', () => {
  const history = openHistory(makeUpHistory({ incidents: 4000, days: 400, seed: 3 }), ORIGINS)
  const areaOfPlace = Int32Array.from(history.places.east, (east) => (east < 0 ? 0 : 1))
  const question = {
    periodDays: 7,
    periods: 20,
    categories: ['theft', 'burglary'],
    areas: ['west', 'east'],
    areaOfPlace,
  } as const

  it('counts each incident once, in its period, category and area', () => {
    const fromDay = FIRST_DAY + 300
    const series = countSeries(history, { ...question, fromDay })
    expect(series.map(({ category, area }) => `${category} ${area}`)).toEqual([
      'theft west',
      'theft east',
      'burglary west',
      'burglary east',
    ])
    const total = series.reduce((sum, { counts }) => sum + Array.from(counts).reduce((a, b) => a + b), 0)
    const plainly = Array.from(history.day).filter(
      (day, i) =>
        day >= fromDay - 140 && day < fromDay + 7 && history.categories[history.category[i]!] !== 'assault',
    ).length
    expect(total).toBe(plainly)
  })

  it('does not take the time before the first incident for a quiet one', () => {
    const series = countSeries(history, { ...question, fromDay: FIRST_DAY + 50 })
    for (const { counts } of series) expect(counts.length).toBeLessThanOrEqual(8)
  })
})
