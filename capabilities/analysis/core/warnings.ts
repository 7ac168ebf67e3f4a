import { alarmCount, upperMidP } from '../../../solvers/surveillance/count-tail.ts'
import { earsSignals, type EarsSignals } from '../../../solvers/surveillance/ears.ts'
import { falseDiscoveryRates } from '../../../solvers/surveillance/false-discovery.ts'
import {
  expectNext,
  SEASONAL_SETTINGS,
  seasonalDesign,
  type SeasonalSettings,
} from '../../../solvers/surveillance/seasonal-counts.ts'
import type { IncidentHistory } from './history.ts'

/** Counts of one category in one area, a period each, the oldest first; the last is the one to be judged. */
export interface CountSeries {
  readonly category: string
  readonly area: string
  readonly counts: ArrayLike<number>
}

export interface WarningRules {
  /** A count with at most this probability of so much or more is out of line. */
  readonly alarmRate: number
  /** Of all that is called a warning at one time, at most this share is by chance. */
  readonly falseDiscovery: number
  /** Periods of history without which nothing is judged. */
  readonly leastPeriods: number
  /** One incident alone is never a warning. */
  readonly leastCount: number
  readonly seasonal: SeasonalSettings
}

export const WARNING_RULES: WarningRules = {
  alarmRate: 0.01,
  falseDiscovery: 0.1,
  leastPeriods: 26,
  leastCount: 2,
  seasonal: SEASONAL_SETTINGS,
}

/** The periods all series are counted in: `periodDays` 7 or 1; `fromDay` begins the period that is judged. */
export interface WatchedPeriod {
  readonly fromDay: number
  readonly periodDays: 1 | 7
}

/**
 * `warning`: out of line, and still so when all series of the day are looked at together. `noted`: out of line on its
 * own; among so many series some are by chance. `usual`: as its history says. `too-short`: no judgement.
 */
export type WatchOutcome = 'warning' | 'noted' | 'usual' | 'too-short'

export interface WatchedCount {
  readonly category: string
  readonly area: string
  readonly outcome: WatchOutcome
  readonly observed: number
  /** Null where the history is too short. */
  readonly judged: Judgement | null
}

export interface Judgement {
  readonly expected: number
  readonly dispersion: number
  /** From this count on the series is out of line. */
  readonly alarmsFrom: number
  readonly timesExpected: number
  /** Upper mid-p, and the false-discovery rate at which the series would be called. */
  readonly p: number
  readonly falseDiscoveryRate: number
  /** What three simple comparators say; null where there are fewer than twelve counts. */
  readonly ears: EarsSignals | null
}

/** Judges the last count of each series by its own history, the least likely first. */
export function watchCounts(
  series: readonly CountSeries[],
  period: WatchedPeriod,
  rules: WarningRules = WARNING_RULES,
): WatchedCount[] {
  const judged = judgeEach(series, period, rules)
  const rates = falseDiscoveryRates(judged.map(({ p }) => p))
  const tooShort = series
    .filter(({ counts }) => counts.length <= rules.leastPeriods)
    .map(({ category, area, counts }): WatchedCount => {
      const observed = counts.length > 0 ? counts[counts.length - 1]! : 0
      return { category, area, outcome: 'too-short', observed, judged: null }
    })
  return judged
    .map(({ category, area, observed, ...judgement }, n): WatchedCount => {
      const falseDiscoveryRate = rates[n]!
      const isOut = judgement.p <= rules.alarmRate && observed >= rules.leastCount
      const isWarning = isOut && falseDiscoveryRate <= rules.falseDiscovery
      return {
        category,
        area,
        observed,
        outcome: isWarning ? 'warning' : isOut ? 'noted' : 'usual',
        judged: { ...judgement, falseDiscoveryRate },
      }
    })
    .sort((a, b) => a.judged!.p - b.judged!.p || b.observed - a.observed)
    .concat(tooShort)
}

function judgeEach(
  series: readonly CountSeries[],
  { fromDay, periodDays }: WatchedPeriod,
  { leastPeriods, seasonal, alarmRate }: WarningRules,
) {
  const designs = new Map<number, ReturnType<typeof seasonalDesign>>()
  return series
    .filter(({ counts }) => counts.length > leastPeriods)
    .map(({ category, area, counts }) => {
      const periods = counts.length - 1
      let design = designs.get(periods)
      if (design === undefined)
        designs.set(periods, (design = seasonalDesign(periods, periodDays, fromDay, seasonal)))
      const expected = expectNext(counts, design, seasonal)
      const observed = counts[periods]!
      return {
        category,
        area,
        observed,
        expected: expected.mean,
        dispersion: expected.dispersion,
        alarmsFrom: alarmCount(expected, alarmRate),
        timesExpected: observed / expected.mean,
        p: upperMidP(observed, expected),
        ears: earsSignals(counts),
      }
    })
}

export interface CountQuestion extends WatchedPeriod {
  /** Periods of history before the one that is judged. */
  readonly periods: number
  readonly categories: readonly string[]
  /** Areas by name, and for each place of the history the position of its area; -1 where it is in none. */
  readonly areas: readonly string[]
  readonly areaOfPlace: Int32Array
}

/** Counts a history by category and area. A history that begins later gives shorter series, never false zeros. */
export function countSeries(history: IncidentHistory, question: CountQuestion): CountSeries[] {
  const { fromDay, periodDays, categories, areas, areaOfPlace } = question
  const begins = Math.ceil(history.day[0] ?? Infinity)
  const known = Math.max(0, Math.min(question.periods, Math.floor((fromDay - begins) / periodDays)))
  const firstDay = fromDay - known * periodDays
  const width = known + 1
  const counts = new Float64Array(categories.length * areas.length * width)
  const wanted = history.categories.map((name) => categories.indexOf(name))
  for (let i = 0; i < history.day.length; i++) {
    const period = Math.floor((history.day[i]! - firstDay) / periodDays)
    const category = wanted[history.category[i]!]!
    const area = areaOfPlace[history.place[i]!]!
    if (period < 0 || period > known || category < 0 || area < 0) continue
    counts[(category * areas.length + area) * width + period]!++
  }
  return categories.flatMap((category, c) =>
    areas.map((area, a) => {
      const at = (c * areas.length + a) * width
      return { category, area, counts: counts.subarray(at, at + width) }
    }),
  )
}
