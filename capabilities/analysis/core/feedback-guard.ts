import { seededChance, type Chance } from '../../../foundation/core/chance.ts'
import { drawPoisson } from '../../../solvers/surveillance/drawn-counts.ts'
import { ORIGINS } from '../../incident/core/index.ts'
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

interface Row {
  readonly day: number
  readonly area: number
  readonly address: number
  readonly origin: number
}

/**
 * Runs the year with the forecast that the house uses, history and all, and gives each plan's shares. The same seed
 * gives the same year.
 */
export function simulateFeedback({
  seed,
  model,
  days = 365,
  rules = FEEDBACK_RULES,
}: FeedbackQuestion): FeedbackStep[] {
  const chance = seededChance(seed)
  const rows: Row[] = []
  const steps: FeedbackStep[] = []
  const citizen = ORIGINS.indexOf('citizen')
  const patrol = ORIGINS.indexOf('patrol')
  for (let day = 0; day < rules.daysBefore; day++)
    happen(rows, day, [1, 1], rules.reportedPerDay, citizen, chance)
  let fitted: FittedForecast | null = null
  for (let plan = 0; plan * rules.planDays < days; plan++) {
    const today = rules.daysBefore + plan * rules.planDays
    const history = openHistory(columnsOf(rows, model, citizen), ORIGINS)
    if (fitted === null || plan % REFIT_EVERY_PLANS === 0) fitted = fitForecast(history, ALL, today)
    const expected = openForecaster(history, fitted).expectedAt(today, today + rules.planDays)
    const middle = (Math.max(...history.places.east) + Math.min(...history.places.east)) / 2
    const byArea = [0, 0]
    expected.count.forEach((count, place) => (byArea[history.places.east[place]! < middle ? 0 : 1]! += count))
    const patrolShare = focused(byArea[0]!, byArea[1]!, rules.focus)
    steps.push({
      day: plan * rules.planDays,
      forecastShare: byArea[0]! / (byArea[0]! + byArea[1]!),
      patrolShare,
    })
    for (let day = today; day < today + rules.planDays; day++) {
      happen(rows, day, [1, 1], rules.reportedPerDay, citizen, chance)
      happen(rows, day, [patrolShare, 1 - patrolShare], rules.discoveredPerDay, patrol, chance)
    }
  }
  return steps
}

function happen(
  rows: Row[],
  day: number,
  weights: readonly [number, number],
  perDay: number,
  origin: number,
  chance: Chance,
): void {
  weights.forEach((weight, area) => {
    for (let left = drawPoisson(weight * perDay, chance); left > 0; left--)
      rows.push({ day: day + chance.below(24) / 24, area, address: chance.below(ADDRESSES), origin })
  })
}

/** The naive model enters what patrol discovered as if somebody had called. */
function columnsOf(rows: readonly Row[], model: FeedbackQuestion['model'], citizen: number): IncidentColumns {
  return {
    day: Float64Array.from(rows, ({ day }) => day),
    hourKnown: new Uint8Array(rows.length).fill(1),
    lon: Float64Array.from(
      rows,
      ({ area, address }) => WEST.lon + area * APART_DEGREES + (address % 5) * STREET_DEGREES,
    ),
    lat: Float64Array.from(rows, ({ address }) => WEST.lat + Math.floor(address / 5) * STREET_DEGREES),
    category: new Uint16Array(rows.length),
    categories: ['order'],
    origin: Uint8Array.from(rows, ({ origin }) => (model === 'naive' ? citizen : origin)),
  }
}

function focused(one: number, other: number, focus: number): number {
  const [a, b] = [one ** focus, other ** focus]
  return a + b > 0 ? a / (a + b) : 0.5
}
