import { dateOfDay } from '../../../foundation/core/day.ts'
import type { KnoxMap } from '../../../solvers/interaction/knox.ts'
import { linkingCells, type LinkingRule } from '../../../solvers/interaction/series.ts'

/** When a series would go on, if it does: a statement about the next incident, never that there will be one. */
export interface NextWindow {
  readonly fromDate: string
  /** The last day by which four in five of such incidents have come. */
  readonly untilDate: string
  /** Hours of the day in which most of its incidents were; null where too few hours are known or they are all over. */
  readonly hours: {
    readonly fromHour: number
    /** Over 24 the next morning. */
    readonly untilHour: number
    /** Of `of` incidents whose hour is known, so many. */
    readonly holds: number
    readonly of: number
  } | null
}

const SHARE_OF_NEXT = 0.8
const SHARE_OF_HOURS = 0.6
const LEAST_HOURS_KNOWN = 3
const [NARROWEST_HOURS, WIDEST_HOURS] = [3, 12]

/**
 * The days are those of the category's own Knox map: pairs beyond chance by the days between them, of which those that
 * have passed since the last incident are taken away. The hours are the series' own.
 */
export function nextWindow(
  map: KnoxMap,
  linking: LinkingRule,
  { atDay, lastDay, hours }: { atDay: number; lastDay: number; hours: readonly number[] },
): NextWindow {
  const { days } = map.bands
  const excess = new Float64Array(days.length)
  for (const { cell, time } of linkingCells(map, linking)) excess[time]! += cell.observed - cell.expected
  const massUntil = (elapsed: number) => {
    let [mass, from] = [0, 0]
    days.forEach((until, band) => {
      mass += (excess[band]! * Math.min(Math.max(elapsed - from, 0), until - from)) / (until - from)
      from = until
    })
    return mass
  }
  const [last, passed] = [days.at(-1) ?? 0, atDay - lastDay]
  const wanted = massUntil(passed) + SHARE_OF_NEXT * (massUntil(last) - massUntil(passed))
  let until = passed + 1
  while (until < last && massUntil(until) < wanted) until++
  return {
    fromDate: dateOfDay(atDay),
    untilDate: dateOfDay(lastDay + until - 1),
    hours: narrowestHours(hours),
  }
}

/** The narrowest stretch of whole hours that holds three in five, the fullest of those that are as narrow. */
export function narrowestHours(hours: readonly number[]): NextWindow['hours'] {
  if (hours.length < LEAST_HOURS_KNOWN) return null
  const counts = new Float64Array(24)
  for (const hour of hours) counts[Math.floor(hour) % 24]!++
  for (let width = NARROWEST_HOURS; width <= WIDEST_HOURS; width++) {
    let best = { from: 0, holds: 0 }
    for (let from = 0; from < 24; from++) {
      let holds = 0
      for (let hour = from; hour < from + width; hour++) holds += counts[hour % 24]!
      if (holds > best.holds) best = { from, holds }
    }
    if (best.holds >= SHARE_OF_HOURS * hours.length)
      return { fromHour: best.from, untilHour: best.from + width, holds: best.holds, of: hours.length }
  }
  return null
}
