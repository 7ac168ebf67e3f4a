import { seededChance, type Chance } from '../../../foundation/core/chance.ts'
import { drawPoisson } from '../../../solvers/surveillance/drawn-counts.ts'
import { eastMetres } from '../../../solvers/density/plane.ts'
import { ORIGINS, type Origin } from '../../incident/core/index.ts'
import { fitForecast, openForecaster, type FittedForecast, type ForecastSubject } from './forecast.ts'
import { openHistory, type IncidentColumns } from './history.ts'

/**
 * Two areas with equal true rates. Patrol follows the forecast and discovers more where it is, so that a forecast which
 * learns from what patrol discovers confirms its own choices (Lum and Isaac 2016, Significance 13; Ensign et al. 2018,
 * Runaway feedback loops in predictive policing).
 */
export interface FeedbackQuestion {
  readonly seed: number
  /** `guarded`: as this house does it. `naive`: the control, which does not look at who reported an incident. */
  readonly model: 'guarded' | 'naive'
  readonly days?: number
  readonly rules?: FeedbackRules
}

export interface FeedbackRules {
  /** Reported by citizens, in each area, a day. */
  readonly reportedPerDay: number
  /** Discovered by patrol, in both areas together, a day. */
  readonly discoveredPerDay: number
  /** History before the first day: reports only, since no forecast led patrol yet. */
  readonly daysBefore: number
  /** Patrol is dealt out anew after so many days. */
  readonly planDays: number
  /**
   * Patrol goes to areas by expected counts to this power: 1 is in proportion; hot spots get more than that, and the
   * more so the more the naive model confirms itself.
   */
  readonly focus: number
}

export const FEEDBACK_RULES: FeedbackRules = {
  reportedPerDay: 12,
  discoveredPerDay: 72,
  daysBefore: 180,
  planDays: 7,
  focus: 4,
}

/** What `bench/feedback.ts` measured with these rules, and the page says. The bench fails where it is no longer so. */
export const FEEDBACK_MEASURED = {
  years: 30,
  /** Years in which the forecast's share stayed within 50 ± 5 % throughout. */
  guardedWithin: 30,
  naiveWithin: 4,
  /** Percentage points that the control went from one half, at its farthest: the median year. */
  naiveMedianPoints: 38.5,
} as const

/** One plan: shares of the first area. */
export interface FeedbackStep {
  readonly day: number
  readonly forecastShare: number
  readonly patrolShare: number
}

const ALL: ForecastSubject = { name: 'all', categories: null }
const ADDRESSES = 20
/** The areas lie 3 km apart, far beyond what a forecast spreads. */
const WEST = { lon: 113.6, lat: 34.1 }
const APART_DEGREES = 0.0325
const STREET_DEGREES = 0.0012
const REFIT_EVERY_PLANS = 8

/**
 * Runs the year with the forecast that the house uses, history and all, and gives each plan's shares. The same seed
 * gives the same year.
 */
export function simulateFeedback(question: FeedbackQuestion): FeedbackStep[] {
  return [...feedbackYear(question)]
}

/** The same, plan by plan, for whoever wants to watch. */
export function* feedbackYear({
  seed,
  model,
  days = 365,
  rules = FEEDBACK_RULES,
}: FeedbackQuestion): Generator<FeedbackStep, void, void> {
  const chance = seededChance(seed)
  const town = openTown(model, chance)
  for (let day = 0; day < rules.daysBefore; day++) town.happen(day, [1, 1], rules.reportedPerDay, 'citizen')
  let fitted: FittedForecast | null = null
  for (let plan = 0; plan * rules.planDays < days; plan++) {
    const today = rules.daysBefore + plan * rules.planDays
    const history = openHistory(town.columns(), ORIGINS)
    if (fitted === null || plan % REFIT_EVERY_PLANS === 0) fitted = fitForecast(history, ALL, today)
    const expected = openForecaster(history, fitted).expectedAt(today, today + rules.planDays)
    const byArea = [0, 0]
    const middle = eastMetres(history.plane, WEST.lon + APART_DEGREES / 2)
    expected.count.forEach((count, place) => (byArea[history.places.east[place]! < middle ? 0 : 1]! += count))
    const patrolShare = focused(byArea[0]!, byArea[1]!, rules.focus)
    yield {
      day: plan * rules.planDays,
      forecastShare: byArea[0]! / (byArea[0]! + byArea[1]!),
      patrolShare,
    }
    for (let day = today; day < today + rules.planDays; day++) {
      town.happen(day, [1, 1], rules.reportedPerDay, 'citizen')
      town.happen(day, [patrolShare, 1 - patrolShare], rules.discoveredPerDay, 'patrol')
    }
  }
}

/** All that happened, in columns that grow: a year is read fifty times. */
function openTown(model: FeedbackQuestion['model'], chance: Chance) {
  const day = growing(Float64Array)
  const lon = growing(Float64Array)
  const lat = growing(Float64Array)
  const origin = growing(Uint8Array)
  const hourKnown = growing(Uint8Array)
  const category = growing(Uint16Array)
  return {
    happen(onDay: number, weights: readonly [number, number], perDay: number, by: Origin): void {
      // The naive model enters what patrol discovered as if somebody had called.
      const entered = ORIGINS.indexOf(model === 'naive' ? 'citizen' : by)
      weights.forEach((weight, area) => {
        for (let left = drawPoisson(weight * perDay, chance); left > 0; left--) {
          day.push(onDay + chance.below(24) / 24)
          const address = chance.below(ADDRESSES)
          lon.push(WEST.lon + area * APART_DEGREES + (address % 5) * STREET_DEGREES)
          lat.push(WEST.lat + Math.floor(address / 5) * STREET_DEGREES)
          origin.push(entered)
          hourKnown.push(1)
          category.push(0)
        }
      })
    },
    columns: (): IncidentColumns => ({
      ...{ day: day.all(), hourKnown: hourKnown.all(), lon: lon.all(), lat: lat.all() },
      ...{ category: category.all(), categories: ['order'], origin: origin.all() },
    }),
  }
}

const FIRST_CAPACITY = 8_192

function growing<Column extends Float64Array | Uint8Array | Uint16Array>(kind: {
  new (length: number): Column
}) {
  let values = new kind(FIRST_CAPACITY)
  let length = 0
  return {
    push(value: number): void {
      if (length === values.length) {
        const larger = new kind(2 * length)
        larger.set(values)
        values = larger
      }
      values[length++] = value
    },
    all: () => values.subarray(0, length) as Column,
  }
}

function focused(one: number, other: number, focus: number): number {
  const [a, b] = [one ** focus, other ** focus]
  return a + b > 0 ? a / (a + b) : 0.5
}
