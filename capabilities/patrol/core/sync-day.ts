import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'
import { middleOfCell, type CellHours } from '../../../solvers/density/cell-hours.ts'
import { planeAt, positionOn } from '../../../solvers/density/plane.ts'
import { momentsOf, wallDays } from '../../analysis/core/index.ts'
import { bestMoves, betterAllocations, type Spot } from './sync-allocation.ts'
import { meet, overlapsOf, type HourFigure, type Met, type Misfit } from './sync-index.ts'
import { HOURS, presenceOf, type PatrolPresence, type UnitMinutes } from './sync-minutes.ts'
import { yardsticksOf } from './sync-yardsticks.ts'

/** Kept in the setting `patrol.sync`. */
export interface SyncSetting {
  readonly visitMinutes: number
  /** In hours with fewer units on patrol nothing is said of where they were: that would be somebody's track. */
  readonly leastUnits: number
}

export const SYNC_SETTING = 'patrol.sync'
export const DEFAULT_SYNC: SyncSetting = { visitMinutes: 12, leastUnits: 3 }

/** Everything one figure is made of. Plain data, shared with the thread that reckons. */
export interface SyncJob {
  readonly minutes: UnitMinutes
  /** What each unit did in each minute: `usesByMinute`. */
  readonly uses: Uint8Array
  readonly hourOfMinute: Uint8Array
  readonly risk: CellHours
  readonly riskFromHour: number
  readonly fromMinute: number
  readonly untilMinute: number
  readonly gapSeconds: number
  readonly setting: SyncSetting
}

/** Where the units' time went. */
export type MinuteFigures = Pick<
  PatrolPresence,
  'patrolMinutes' | 'untrackedMinutes' | 'incidentMinutes' | 'inspectionMinutes' | 'units'
>

export interface Place extends Position {
  /** What is near, from the register of places; null where nothing is. */
  readonly name: string | null
}

export interface MisfitShown {
  readonly place: Place
  readonly hour: number
  readonly share: number
}

export interface MoveShown {
  readonly from: { readonly place: Place; readonly hour: number }
  readonly to: { readonly place: Place; readonly hour: number }
  readonly visits: number
  readonly gain: number
}

/** The sync index and what explains it. Shares of 1 throughout. */
export interface SyncFigures {
  readonly overlap: number
  readonly byPlace: number
  readonly byHour: number
  readonly even: number
  readonly random: number
  /** What the same minutes would reach in whole visits at better places, and at better hours too. */
  readonly bestPlaces: number
  readonly bestHours: number
  readonly expectedIncidents: number
  readonly hours: readonly HourFigure[]
  readonly tooLittle: readonly MisfitShown[]
  readonly tooMuch: readonly MisfitShown[]
  readonly placeMoves: readonly MoveShown[]
  readonly hourMoves: readonly MoveShown[]
}

/** Risk, presence and the better places by cell and hour, in hundred-thousandths of the whole. */
export interface SyncSurface {
  readonly cellMetres: number
  /** Hours with too few units on patrol to say where they were. */
  readonly hiddenHours: readonly number[]
  readonly cells: readonly SurfaceCell[]
  /** What lies in cells that are not given, the slightest. */
  readonly rest: { readonly cells: number; readonly risk: number; readonly presence: number }
}

export interface SurfaceCell {
  readonly lon: number
  readonly lat: number
  readonly risk: readonly number[]
  readonly presence: readonly number[]
  /** Minutes of whole visits, the hours' minutes kept; a visit on an edge or corner is shared by the cells there. */
  readonly better: readonly number[]
}

export type SyncOutcome =
  /** Nobody on patrol was heard: nothing can be said, and nothing is not nought. */
  | { readonly state: 'no-track'; readonly minutes: MinuteFigures }
  /** No run says what is expected in these hours. */
  | { readonly state: 'no-plan'; readonly minutes: MinuteFigures | null }
  | {
      readonly state: 'done'
      readonly minutes: MinuteFigures
      readonly figures: SyncFigures
      readonly surface: SyncSurface
    }

const SHOWN_MOVES = 10
const SHOWN_CELLS = 3_000
const SURFACE_PARTS = 100_000

/** Reckons one figure. Deterministic; the order of units and fixes decides nothing. */
export function reckonSync(job: SyncJob): SyncOutcome {
  const { risk, riskFromHour, setting } = job
  const presence = presenceOf(job.minutes, job.uses, { ...job, lattice: risk })
  const { patrolMinutes, untrackedMinutes, incidentMinutes, inspectionMinutes, units, unitsByHour } = presence
  const minutes = { patrolMinutes, untrackedMinutes, incidentMinutes, inspectionMinutes, units }
  const met = meet(risk, presence.cells, sharesOfHours(job), riskFromHour)
  if (met.expectedIncidents === 0) return { state: 'no-plan', minutes }
  if (patrolMinutes === 0) return { state: 'no-track', minutes }

  const overlaps = overlapsOf(met)
  const allocations = betterAllocations(met, units, setting)
  const isShown = (hour: number) => unitsByHour[hour]! >= setting.leastUnits
  const rules = { count: SHOWN_MOVES, mayTakeFrom: isShown }
  const placed = ({ column, row, hour, share }: Misfit): MisfitShown => ({
    ...{ place: placeOf(risk, { east: column + 0.5, north: row + 0.5 }), hour, share: rounded(share) },
  })
  const moved = (sameHour: boolean): MoveShown[] =>
    bestMoves(met, setting, { ...rules, sameHour }).map(({ from, to, visits, gain }) => ({
      from: { place: placeOf(risk, from), hour: from.hour },
      to: { place: placeOf(risk, to), hour: to.hour },
      visits,
      gain: rounded(gain),
    }))
  const { even, random } = yardsticksOf(met, setting.visitMinutes)
  return {
    state: 'done',
    minutes,
    figures: {
      overlap: rounded(overlaps.overlap),
      byPlace: rounded(overlaps.byPlace),
      byHour: rounded(overlaps.byHour),
      even: rounded(even),
      random: rounded(random),
      bestPlaces: rounded(allocations.places.overlap),
      bestHours: rounded(allocations.hours.overlap),
      expectedIncidents: rounded(met.expectedIncidents),
      hours: overlaps.hours.map(({ hour, ...shares }) => ({
        hour,
        risk: rounded(shares.risk),
        presence: rounded(shares.presence),
        overlap: rounded(shares.overlap),
      })),
      tooLittle: overlaps.tooLittle.map(placed),
      tooMuch: overlaps.tooMuch.filter(({ hour }) => isShown(hour)).map(placed),
      placeMoves: moved(true),
      hourMoves: moved(false),
    },
    surface: surfaceOf(
      met,
      allocations.places.presence,
      unitsByHour.flatMap((count, hour) => (count > 0 && !isShown(hour) ? [hour] : [])),
    ),
  }
}

/** How much of each local hour lies in the minutes that count. An hour that the clock skips has none. */
function sharesOfHours({ hourOfMinute, fromMinute, untilMinute }: SyncJob): number[] {
  const all = new Array<number>(HOURS).fill(0)
  const counted = new Array<number>(HOURS).fill(0)
  hourOfMinute.forEach((hour, minute) => {
    all[hour]!++
    if (minute >= fromMinute && minute < untilMinute) counted[hour]!++
  })
  return all.map((minutes, hour) => (minutes > 0 ? counted[hour]! / minutes : 0))
}

function placeOf({ origin, cellMetres }: CellHours, { east, north }: Omit<Spot, 'hour'>): Place {
  return { ...positionOn(planeAt(origin), east * cellMetres, north * cellMetres), name: null }
}

function surfaceOf(met: Met, better: Float64Array, hiddenHours: readonly number[]): SyncSurface {
  const { column, row, risk, presence, lattice } = met
  const isHidden = Array.from({ length: HOURS }, (_, hour) => hiddenHours.includes(hour))
  const weight = (cell: number) => {
    let sum = 0
    for (let hour = 0; hour < HOURS; hour++)
      sum += Math.max(risk[cell * HOURS + hour]!, isHidden[hour] ? 0 : presence[cell * HOURS + hour]!)
    return sum
  }
  const order = Array.from(column, (_, cell) => ({ cell, weight: weight(cell) }))
    .filter((each) => each.weight > 0)
    .sort((a, b) => b.weight - a.weight || a.cell - b.cell)
  const parts = (share: number) => Math.round(share * SURFACE_PARTS)
  const ofHours = (value: (v: number, hour: number) => number, cell: number) =>
    Array.from({ length: HOURS }, (_, hour) => value(cell * HOURS + hour, hour))
  const riskOf = (cell: number) => ofHours((v) => parts(risk[v]!), cell)
  const presenceOfCell = (cell: number) =>
    ofHours((v, hour) => (isHidden[hour] ? 0 : parts(presence[v]!)), cell)
  const rest = order.slice(SHOWN_CELLS)
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0)
  return {
    cellMetres: lattice.cellMetres,
    hiddenHours,
    cells: order.slice(0, SHOWN_CELLS).map(({ cell }) => ({
      ...middleOfCell(lattice as CellHours, column[cell]!, row[cell]!),
      risk: riskOf(cell),
      presence: presenceOfCell(cell),
      better: ofHours((v) => Math.round((better[v] ?? 0) * met.presenceMinutes), cell),
    })),
    rest: {
      cells: rest.length,
      risk: sum(rest.map(({ cell }) => sum(riskOf(cell)))),
      presence: sum(rest.map(({ cell }) => sum(presenceOfCell(cell)))),
    },
  }
}

const rounded = (share: number) => Math.round(share * 1e6) / 1e6

const MINUTE = 60_000
const HOUR = 3_600_000

/** A day of the wall clock: its moments, and the local hour of each of its minutes (1,380 or 1,500 twice a year). */
export interface DayOfMinutes {
  readonly fromAt: Instant
  readonly untilAt: Instant
  readonly minutes: number
  readonly hourOfMinute: Uint8Array
}

export function minutesOfDay(day: string, timeZone: string): DayOfMinutes {
  const [fromAt, untilAt] = momentsOf(findDayNumber(day)!, { fromHour: 0, untilHour: 24 }, timeZone)
  const minutes = Math.round((untilAt - fromAt) / MINUTE)
  const moments = Float64Array.from({ length: minutes }, (_, minute) => fromAt + minute * MINUTE)
  return {
    fromAt,
    untilAt,
    minutes,
    hourOfMinute: Uint8Array.from(wallDays(moments, timeZone), (clock) =>
      Math.floor((clock - Math.floor(clock)) * HOURS + 1e-6),
    ),
  }
}

/** What is kept of a day. */
export interface KeptDay {
  readonly day: string
  readonly computedAt: Instant
  readonly runId: string | null
}

/** After a day's end it is reckoned, and again as late fixes come; with the last it is final. */
const RECKONED_HOURS_AFTER = [0.1, 1, 3, 6, 12, 24, 48]
const FINAL_HOURS = RECKONED_HOURS_AFTER.at(-1)!
/** How far back days that were missed are made up for, while tracks are kept. */
export const SYNC_DAYS = 30

export function isFinal(day: string, computedAt: Instant, timeZone: string): boolean {
  return computedAt >= endOfDay(day, timeZone) + FINAL_HOURS * HOUR
}

/**
 * The next finished day to reckon, the latest first: one that was not yet, one for which late fixes may have come, or
 * one whose plan was made or made again since. `plans`: the run that stands for each day that has one. Days before
 * the first plan are not asked about.
 */
export function syncDayDue(
  now: Instant,
  timeZone: string,
  plans: ReadonlyMap<string, string>,
  kept: ReadonlyMap<string, KeptDay>,
): string | null {
  const first = [...plans.keys()].reduce<string | null>(
    (least, day) => (least === null || day < least ? day : least),
    null,
  )
  if (first === null) return null
  const today = findDayNumber(localDate(now, timeZone))!
  for (let back = 1; back <= SYNC_DAYS; back++) {
    const day = dateOfDay(today - back)
    if (day < first) return null
    const before = kept.get(day)
    const plan = plans.get(day) ?? null
    const end = endOfDay(day, timeZone)
    const isDue = RECKONED_HOURS_AFTER.some((hours) => {
      const at = end + hours * HOUR
      return at <= now && (before === undefined || before.computedAt < at)
    })
    const hasOtherPlan =
      before !== undefined &&
      before.runId !== plan &&
      (before.runId === null || !isFinal(day, before.computedAt, timeZone))
    if (isDue || hasOtherPlan) return day
  }
  return null
}

const endOfDay = (day: string, timeZone: string): Instant =>
  momentsOf(findDayNumber(day)!, { fromHour: 0, untilHour: 24 }, timeZone)[1]
