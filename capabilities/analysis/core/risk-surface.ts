import { gatherCellHours, type CellHours } from '../../../solvers/density/cell-hours.ts'
import { learnHoursOfDay } from '../../../solvers/density/hours-of-day.ts'
import { slotWeights } from '../../../solvers/density/rhythm.ts'
import type { Shift } from './daily.ts'
import { openForecaster, RHYTHM, streamOf, type FittedForecast } from './forecast.ts'
import type { IncidentHistory } from './history.ts'

/** How finely expected incidents are laid out by place. Kept in the setting `analysis.risk-surface`. */
export interface RiskSurfaceSetting {
  readonly cellMetres: number
}

export const RISK_SURFACE_SETTING = 'analysis.risk-surface'
export const DEFAULT_RISK_SURFACE: RiskSurfaceSetting = { cellMetres: 250 }

/** Surfaces are kept in millionths of an incident. */
export const RISK_GRAIN = 1e-6

/**
 * The hours within a shift of the rhythm: those of the cell over four years, and 200 incidents as they are everywhere.
 * On St. Louis 2018 this made each incident's hour 1.7 % likelier than hours that are all alike, the district's own
 * hours alone 1.3 %.
 */
const HOURS = { fromEverywhere: 200, days: 1460 }

/**
 * Expected incidents by place and hour, from the day's midnight to that of the next day or to the end of its last
 * shift: what the plan's stops were chosen from, whole. A shift's hours sum to what its plan expects in the whole
 * area. Between shifts the forecast is of the moment at which the stretch between them begins.
 */
export function riskSurface(
  history: IncidentHistory,
  fitted: FittedForecast,
  day: number,
  shifts: readonly Shift[],
  cellMetres: number,
): CellHours {
  const stretches = stretchesOfDay(shifts)
  const hours = stretches.at(-1)!.untilHour
  const forecaster = openForecaster(history, fitted)
  const { east, north } = history.places
  const hoursOfDay = learnHoursOfDay(
    streamOf(history, fitted.subject),
    history.places,
    { cellMetres, fromEverywhere: HOURS.fromEverywhere },
    day - HOURS.days,
    day,
  )
  const slotShare = new Float64Array(east.length)
  const shares = new Float64Array(HOURS_A_SLOT)
  let byHour = new Float64Array(0)
  let known = 0
  for (const { fromHour, untilHour } of stretches) {
    const expected = forecaster.expectedAt(day + fromHour / 24, day + untilHour / 24)
    known = expected.count.length
    if (byHour.length < known * hours) {
      const larger = new Float64Array(known * hours)
      larger.set(byHour)
      byHour = larger
    }
    for (const part of partsBySlot(fromHour, untilHour)) {
      const weights = slotWeights(day + part.fromHour / 24, day + part.untilHour / 24, RHYTHM.slots)
      forecaster.rhythm.sharesIn(weights, known, slotShare)
      for (let place = 0; place < known; place++) {
        if (expected.count[place] === 0) continue
        const inPart = (expected.count[place]! * slotShare[place]!) / expected.weekShare[place]!
        hoursOfDay.sharesOf(place, part.fromHour, part.untilHour, shares)
        for (let n = 0; n < part.untilHour - part.fromHour; n++)
          byHour[place * hours + part.fromHour + n] = inPart * shares[n]!
      }
    }
  }
  const cells = gatherCellHours(history.plane.origin, cellMetres, hours)
  for (let place = 0; place < known; place++)
    cells.addDay(east[place]!, north[place]!, byHour.subarray(place * hours, (place + 1) * hours))
  return cells.finish()
}

/** Shifts and the stretches between them, in order, from midnight on. */
function stretchesOfDay(shifts: readonly Shift[]): Shift[] {
  const stretches: Shift[] = []
  let until = 0
  for (const shift of shifts) {
    if (shift.fromHour > until) stretches.push({ fromHour: until, untilHour: shift.fromHour })
    stretches.push(shift)
    until = shift.untilHour
  }
  if (until < 24) stretches.push({ fromHour: until, untilHour: 24 })
  return stretches
}

const HOURS_A_SLOT = (7 * 24) / RHYTHM.slots

function partsBySlot(fromHour: number, untilHour: number): Shift[] {
  const parts: Shift[] = []
  for (let from = fromHour; from < untilHour;) {
    const until = Math.min(untilHour, (Math.floor(from / HOURS_A_SLOT) + 1) * HOURS_A_SLOT)
    parts.push({ fromHour: from, untilHour: until })
    from = until
  }
  return parts
}
