import { dateOfDay } from '../../../foundation/core/day.ts'
import { packCellHours, totalOf, type CellHours } from '../../../solvers/density/cell-hours.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { clockChangeDays, clockOfDay, momentsOf, wallDays, type DailySetting, type Shift } from './daily.ts'
import { fitForecast, type FittedForecast } from './forecast.ts'
import { findDaySeries, type DaySeries } from './day-series.ts'
import { watchDay, type DayWarnings, type WatchedArea } from './day-warnings.ts'
import { openByWallClock, type IncidentHistory, type MomentColumns } from './history.ts'
import { planStretches, type IncidentShare, type PlannedStop } from './plan.ts'
import { RISK_GRAIN, riskSurface, type RiskSurfaceSetting } from './risk-surface.ts'
import { heapsOf, noteQuality, silentWeeks, withoutMidnightBatch, type QualityNote } from './quality.ts'

/** Everything a day's plan is made of. Plain data, so that it can go to another thread. */
export interface DayJob {
  readonly incidents: MomentColumns & {
    /** What each incident was like, a column a circumstance: positions in its `codes`, -1 where it is not known. */
    readonly circumstances?: readonly CircumstanceColumn[]
  }
  /** Areas whose counts are watched, beside the whole district. */
  readonly areas?: readonly WatchedArea[]
  /** The police's own addresses, where incidents are entered that happened nowhere or elsewhere. */
  readonly ownAddresses?: readonly Position[]
  readonly timeZone: string
  /** Days since 1970-01-01. */
  readonly day: number
  readonly now: Instant
  readonly setting: DailySetting
  readonly surface: RiskSurfaceSetting
}

export interface CircumstanceColumn {
  readonly name: string
  readonly values: Int32Array
  readonly codes: readonly string[]
}

/** Series and warnings as of the beginning of a day. */
export interface DayFindings extends DaySeries, DayWarnings {
  readonly atDate: string
}

/** A stop as it is kept and shown: past incidents by the wall clock, of which a date alone has no hour. */
export type KeptStop = Omit<PlannedStop, 'incidents'> & {
  readonly incidents: readonly (Omit<IncidentShare, 'day'> & { readonly clock: string })[]
}

/** The plan of one shift. */
export interface ShiftPlan {
  readonly fromAt: Instant
  readonly untilAt: Instant
  readonly expected: number
  readonly low: number
  readonly high: number
  readonly stops: readonly KeptStop[]
}

/** Which stretch of time a plan is for: a shift, all shifts of the day, or a week from the day's first shift on. */
export type PlanStretch = 'shift' | 'day' | 'week'

/** The plan of one category, or of all (null), for one stretch. Those of all by shift are the day's own. */
export interface SubjectPlan extends ShiftPlan {
  readonly category: string | null
  readonly stretch: PlanStretch
  /** Position among the stretches of its kind. */
  readonly position: number
}

/** Expected incidents by place and hour as they are kept: `unpackCellHours` opens them. */
export interface KeptSurface {
  readonly origin: Position
  readonly cellMetres: number
  readonly hours: number
  /** Expected incidents over all hours. */
  readonly total: number
  readonly packed: Uint8Array
}

/** What a run looked at. */
export interface RunFigures {
  readonly incidents: number
  readonly places: number
  /** The wall clock's dates. */
  readonly firstDate: string
  readonly lastDate: string
  /** How many incidents the weights were learnt from; 0 where there were too few, and each place goes on as it was. */
  readonly learntFrom: number
}

/**
 * The library's findings, and two about the day: nothing has happened, or arrived, for a while; and for so long that
 * the plan is made as of the time at which the history was still kept.
 */
export type RunNote = Omit<QualityNote, 'finding' | 'at'> & {
  readonly finding: QualityNote['finding'] | 'history-ends-early' | 'planned-as-of'
  readonly at?: QualityNote['at'] | { readonly date: string }
}

export type DayOutcome =
  | {
      readonly figures: RunFigures
      readonly quality: readonly RunNote[]
      readonly shifts: readonly ShiftPlan[]
      readonly subjects: readonly SubjectPlan[]
      readonly surface: KeptSurface
      readonly findings: DayFindings
    }
  | { readonly noHistory: true }

/** A history that ended so many days before its plan has lost its supply, or is another time's. */
const ENDS_EARLY_DAYS = 3

/** The plan of a day, shift by shift. Deterministic; nothing from a shift's start on is known to its plan. */
export function planDay(job: DayJob): DayOutcome {
  const { incidents, areas = [], ownAddresses = [], timeZone, now, setting, surface } = job
  const { circumstances = [], ...columns } = incidents
  const opened = openByWallClock(columns, timeZone, ownAddresses)
  const { row, columns: asRead } = opened
  const history = withoutMidnightBatch(opened.history)
  const begins = job.day + setting.shifts[0]!.fromHour / 24
  const [nowDay] = wallDays(Float64Array.of(now), timeZone)
  const today = Math.floor(Math.min(begins, nowDay!))
  const silent = 7 * silentWeeks(history, today)
  // Weekdays stay what they are.
  const day = job.day - silent
  const knownUntil = today - silent
  const known = countBefore(history.day, begins - silent)
  if (known === 0) return { noHistory: true }
  const fitted = fitForecast(history, ALL, knownUntil)
  const last = history.day[known - 1]!
  const spans = spansOf(setting)
  const questions = spans.map(({ fromHour, untilHour }) => ({
    fromDay: day + fromHour / 24,
    toDay: day + untilHour / 24,
    stopCount: setting.stopsPerShift,
    discRadiusMetres: setting.discRadiusMetres,
  }))
  const plansOf = (category: string | null, of: FittedForecast) =>
    planStretches(history, of, questions).map((plan, n): SubjectPlan => {
      const { stretch, position } = spans[n]!
      const [fromAt, untilAt] = momentsOf(job.day, spans[n]!, timeZone)
      const { expected, low, high } = plan
      const stops = plan.stops.map(kept)
      return { fromAt, untilAt, expected, low, high, stops, category, stretch, position }
    })
  const ofAll = plansOf(null, fitted)
  const ofCategories = frequentCategories(history, knownUntil, setting.categoryPlans ?? 0).flatMap(
    (category) => {
      const plans = plansOf(
        category,
        fitForecast(history, { name: category, categories: [category] }, knownUntil),
      )
      return [...plans.filter(isOfShift), ...plans.filter((plan) => !isOfShift(plan))]
    },
  )
  return {
    figures: {
      incidents: known,
      places: history.places.east.length,
      firstDate: clockOfDay(history.day[0]!).slice(0, 10),
      lastDate: clockOfDay(last).slice(0, 10),
      learntFrom: fitted.model.events,
    },
    quality: [
      ...noteQuality(asRead, opened.history, clockChangeDays(timeZone, history.day[0]!, last)),
      ...noteSilence(knownUntil - last, silent, knownUntil),
    ],
    shifts: ofAll
      .filter(isOfShift)
      .map(({ category: _, stretch: __, position: ___, ...plan }): ShiftPlan => plan),
    subjects: [...ofAll.filter((plan) => !isOfShift(plan)), ...ofCategories],
    surface: keptSurface(riskSurface(history, fitted, day, setting.shifts, surface.cellMetres)),
    findings: {
      atDate: dateOfDay(knownUntil),
      ...findDaySeries(history, row, knownUntil, {
        circumstances: {
          names: circumstances.map(({ name }) => name),
          values: circumstances.map(({ values }) => row.map((given) => values[given]!)),
          codes: circumstances.map(({ codes }) => codes),
        },
        leaveOut: new Set(
          heapsOf(history, knownUntil).flatMap(({ place, isHeap }) => (isHeap ? [place] : [])),
        ),
      }),
      ...watchDay(history, areas, knownUntil, setting.discRadiusMetres),
    },
  }
}

const ALL = { name: 'all', categories: null }

const isOfShift = ({ stretch }: SubjectPlan): boolean => stretch === 'shift'

/** What is planned, in the order of its beginning: a forecaster moves through time once for all of them. */
function spansOf({ shifts }: DailySetting): readonly (Shift & Pick<SubjectPlan, 'stretch' | 'position'>)[] {
  const { fromHour } = shifts[0]!
  return [
    { stretch: 'day', position: 0, fromHour, untilHour: shifts.at(-1)!.untilHour },
    { stretch: 'week', position: 0, fromHour, untilHour: fromHour + 7 * 24 },
    ...shifts.map((shift, position) => ({ stretch: 'shift' as const, position, ...shift })),
  ]
}

/** Categories are common by their last two years. */
const COMMON_BY_DAYS = 728
/** Rarer ones have too little to learn from, and their stops say nothing. */
const LEAST_FOR_PLAN = 200

/** The most frequent categories before a day, the most frequent first. */
function frequentCategories(history: IncidentHistory, untilDay: number, atMost: number): string[] {
  const counts = new Uint32Array(history.categories.length)
  history.day.forEach((day, i) => {
    if (day < untilDay && day >= untilDay - COMMON_BY_DAYS) counts[history.category[i]!]!++
  })
  return history.categories
    .map((name, category) => ({ name, count: counts[category]! }))
    .filter(({ count }) => count >= LEAST_FOR_PLAN)
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, atMost)
    .map(({ name }) => name)
}

function noteSilence(sinceLastDays: number, silentDays: number, knownUntil: number): RunNote[] {
  if (silentDays > 0)
    return [{ finding: 'planned-as-of', count: silentDays, share: 1, at: { date: dateOfDay(knownUntil) } }]
  const days = Math.floor(sinceLastDays)
  return days >= ENDS_EARLY_DAYS ? [{ finding: 'history-ends-early', count: days, share: 1 }] : []
}

function keptSurface(cells: CellHours): KeptSurface {
  const { origin, cellMetres, hours } = cells
  return { origin, cellMetres, hours, total: totalOf(cells), packed: packCellHours(cells, RISK_GRAIN) }
}

function kept({ incidents, ...stop }: PlannedStop): KeptStop {
  return {
    ...stop,
    incidents: incidents.map(({ day, ...incident }) => {
      const clock = clockOfDay(day)
      return { ...incident, clock: clock.endsWith('T00:00') ? clock.slice(0, 10) : clock }
    }),
  }
}

function countBefore(days: Float64Array, day: number): number {
  let count = 0
  while (count < days.length && days[count]! < day) count++
  return count
}
