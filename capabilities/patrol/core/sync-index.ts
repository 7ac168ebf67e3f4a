import type { CellHours } from '../../../solvers/density/cell-hours.ts'
import { HOURS } from './sync-minutes.ts'

/** Risk and presence over the same cells and hours, each as shares of its own total. */
export interface Met {
  readonly lattice: Pick<CellHours, 'origin' | 'cellMetres'>
  readonly column: Int32Array
  readonly row: Int32Array
  /** 24 values a cell. */
  readonly risk: Float64Array
  readonly presence: Float64Array
  readonly expectedIncidents: number
  readonly presenceMinutes: number
}

/**
 * Lays presence over risk. `shareOfHour` says how much of each hour of risk counts: 1, but in the running hour and
 * in a day that is not over. Risk's day may begin `riskFromHour` hours after its run's midnight: before the day's own
 * run, the run of the day before still says what is expected until morning.
 */
export function meet(
  risk: CellHours,
  presence: CellHours,
  shareOfHour: readonly number[],
  riskFromHour = 0,
): Met {
  const column: number[] = []
  const row: number[] = []
  const of: [number, number][] = []
  let [r, p] = [0, 0]
  while (r < risk.column.length || p < presence.column.length) {
    const order = compareCells(risk, r, presence, p)
    const at = order <= 0 ? ([risk, r] as const) : ([presence, p] as const)
    column.push(at[0].column[at[1]]!)
    row.push(at[0].row[at[1]]!)
    of.push([order <= 0 ? r : -1, order >= 0 ? p : -1])
    if (order <= 0) r++
    if (order >= 0) p++
  }
  const riskShare = new Float64Array(of.length * HOURS)
  const presenceShare = new Float64Array(of.length * HOURS)
  of.forEach(([fromRisk, fromPresence], cell) => {
    for (let hour = 0; hour < HOURS; hour++) {
      const riskHour = riskFromHour + hour
      if (fromRisk >= 0 && riskHour < risk.hours)
        riskShare[cell * HOURS + hour] = risk.value[fromRisk * risk.hours + riskHour]! * shareOfHour[hour]!
      if (fromPresence >= 0)
        presenceShare[cell * HOURS + hour] = presence.value[fromPresence * presence.hours + hour]!
    }
  })
  const expectedIncidents = toShares(riskShare)
  const presenceMinutes = toShares(presenceShare)
  return {
    lattice: { origin: risk.origin, cellMetres: risk.cellMetres },
    column: Int32Array.from(column),
    row: Int32Array.from(row),
    risk: riskShare,
    presence: presenceShare,
    expectedIncidents,
    presenceMinutes,
  }
}

/** Rows from the south, each from the west; a list that has ended comes last. */
function compareCells(a: CellHours, m: number, b: CellHours, n: number): number {
  if (m >= a.column.length) return 1
  if (n >= b.column.length) return -1
  return a.row[m]! - b.row[n]! || a.column[m]! - b.column[n]!
}

/** Divides by the sum, which it gives. */
function toShares(values: Float64Array): number {
  const sum = values.reduce((total, each) => total + each, 0)
  if (sum > 0) for (let v = 0; v < values.length; v++) values[v]! /= sum
  return sum
}

/** The overlap coefficient Σ min(p, r) of two distributions: 1 where they are the same, 0 where they nowhere meet. */
export function overlapOf(p: ArrayLike<number>, r: ArrayLike<number>): number {
  let sum = 0
  for (let v = 0; v < p.length; v++) sum += Math.min(p[v]!, r[v]!)
  return Math.min(1, sum)
}

export interface HourFigure {
  readonly hour: number
  /** Of the day's risk, of the day's patrol, and what of them meets in the same cells. */
  readonly risk: number
  readonly presence: number
  readonly overlap: number
}

/** A cell and hour where patrol's share and risk's share differ, by so much of the whole. */
export interface Misfit {
  readonly column: number
  readonly row: number
  readonly hour: number
  readonly share: number
}

export interface Overlaps {
  /** The sync index. */
  readonly overlap: number
  /** The same with hours put together, and with places put together: what of the misfit lies in the place, what in the hour. */
  readonly byPlace: number
  readonly byHour: number
  readonly hours: readonly HourFigure[]
  readonly tooLittle: readonly Misfit[]
  readonly tooMuch: readonly Misfit[]
}

const SHOWN_MISFITS = 20

export function overlapsOf(met: Met): Overlaps {
  const { risk, presence } = met
  const cells = met.column.length
  const placeRisk = new Float64Array(cells)
  const placePresence = new Float64Array(cells)
  const hourRisk = new Float64Array(HOURS)
  const hourPresence = new Float64Array(HOURS)
  const hourOverlap = new Float64Array(HOURS)
  for (let v = 0; v < risk.length; v++) {
    const cell = Math.floor(v / HOURS)
    const hour = v % HOURS
    placeRisk[cell]! += risk[v]!
    placePresence[cell]! += presence[v]!
    hourRisk[hour]! += risk[v]!
    hourPresence[hour]! += presence[v]!
    hourOverlap[hour]! += Math.min(risk[v]!, presence[v]!)
  }
  return {
    overlap: overlapOf(presence, risk),
    byPlace: overlapOf(placePresence, placeRisk),
    byHour: overlapOf(hourPresence, hourRisk),
    hours: Array.from(hourRisk, (each, hour) => ({
      hour,
      risk: each,
      presence: hourPresence[hour]!,
      overlap: hourOverlap[hour]!,
    })),
    tooLittle: misfits(met, (v) => risk[v]! - presence[v]!),
    tooMuch: misfits(met, (v) => presence[v]! - risk[v]!),
  }
}

function misfits({ column, row, risk }: Met, by: (v: number) => number): Misfit[] {
  const most: { v: number; share: number }[] = []
  for (let v = 0; v < risk.length; v++) {
    const share = by(v)
    if (share <= 0 || (most.length === SHOWN_MISFITS && share <= most.at(-1)!.share)) continue
    let at = most.length
    while (at > 0 && most[at - 1]!.share < share) at--
    most.splice(at, 0, { v, share })
    if (most.length > SHOWN_MISFITS) most.pop()
  }
  return most.map(({ v, share }) => {
    const cell = Math.floor(v / HOURS)
    return { column: column[cell]!, row: row[cell]!, hour: v % HOURS, share }
  })
}
