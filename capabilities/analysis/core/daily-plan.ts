import { packCellHours, totalOf, type CellHours } from '../../../solvers/density/cell-hours.ts'
import { ORIGINS } from '../../incident/core/index.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { clockOfDay, dateOfDay, momentsOf, wallDays, type DailySetting } from './daily.ts'
import { fitForecast } from './forecast.ts'
import { findDaySeries, type DaySeries } from './day-series.ts'
import { watchDay, type DayWarnings, type WatchedArea } from './day-warnings.ts'
import { openHistoryByRow, type IncidentColumns } from './history.ts'
import { planStretches, type IncidentShare, type PlannedStop } from './plan.ts'
import { RISK_GRAIN, riskSurface, type RiskSurfaceSetting } from './risk-surface.ts'
import { heapsOf, noteQuality, type QualityNote } from './quality.ts'

/** Everything a day's plan is made of. Plain data, so that it can go to another thread. */
export interface DayJob {
  readonly incidents: Omit<IncidentColumns, 'day'> & {
    /** Moments in milliseconds. */
    readonly at: Float64Array
    /** What each incident was like, a column a circumstance: positions in its `codes`, -1 where it is not known. */
    readonly circumstances?: readonly CircumstanceColumn[]
  }
  /** Areas whose counts are watched, beside the whole district. */
  readonly areas?: readonly WatchedArea[]
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

/** The library's findings, and one about the day: nothing has happened, or arrived, for a while. */
export type RunNote = Omit<QualityNote, 'finding'> & {
  readonly finding: QualityNote['finding'] | 'history-ends-early'
}

export type DayOutcome =
  | {
      readonly figures: RunFigures
      readonly quality: readonly RunNote[]
      readonly shifts: readonly ShiftPlan[]
      readonly surface: KeptSurface
      readonly findings: DayFindings
    }
  | { readonly noHistory: true }

/** A history that ended so many days before its plan has lost its supply, or is another time's. */
const ENDS_EARLY_DAYS = 3

/** The plan of a day, shift by shift. Deterministic; nothing from a shift's start on is known to its plan. */
export function planDay(job: DayJob): DayOutcome {
  const { incidents, areas = [], timeZone, day, now, setting, surface } = job
  const { at, circumstances = [], ...columns } = incidents
  const clocks = wallDays(at, timeZone)
  const asRead: IncidentColumns = {
    ...columns,
    day: clocks.map((clock, i) => (columns.hourKnown[i] === 1 ? clock : Math.floor(clock))),
  }
  const { history, row } = openHistoryByRow(asRead, ORIGINS)
  const questions = setting.shifts.map(({ fromHour, untilHour }) => ({
    fromDay: day + fromHour / 24,
    toDay: day + untilHour / 24,
    stopCount: setting.stopsPerShift,
    discRadiusMetres: setting.discRadiusMetres,
  }))
  const begins = questions[0]!.fromDay
  const [nowDay] = wallDays(Float64Array.of(now), timeZone)
  const knownUntil = Math.floor(Math.min(begins, nowDay!))
  const known = countBefore(history.day, begins)
  if (known === 0) return { noHistory: true }
  const fitted = fitForecast(history, { name: 'all', categories: null }, knownUntil)
  const last = history.day[known - 1]!
  const quality: RunNote[] = noteQuality(asRead, history)
  const silentDays = Math.floor(knownUntil - last)
  if (silentDays >= ENDS_EARLY_DAYS)
    quality.push({ finding: 'history-ends-early', count: silentDays, share: 1 })
  return {
    figures: {
      incidents: known,
      places: history.places.east.length,
      firstDate: clockOfDay(history.day[0]!).slice(0, 10),
      lastDate: clockOfDay(last).slice(0, 10),
      learntFrom: fitted.model.events,
    },
    quality,
    shifts: planStretches(history, fitted, questions).map((plan, shift) => {
      const [fromAt, untilAt] = momentsOf(day, setting.shifts[shift]!, timeZone)
      return {
        fromAt,
        untilAt,
        expected: plan.expected,
        low: plan.low,
        high: plan.high,
        stops: plan.stops.map(kept),
      }
    }),
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
