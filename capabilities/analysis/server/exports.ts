import { circleRing, type Position } from '../../../foundation/core/geo.ts'
import { toIso } from '../../../foundation/core/instant.ts'
import type { ShiftPlan } from '../core/index.ts'
import type { Run } from './run.ts'

const COLUMNS = [
  'day',
  'shift',
  'from_at',
  'until_at',
  'rank',
  'lon',
  'lat',
  'radius_metres',
  'expected',
  'low',
  'high',
  'hours_drawn',
] as const

/** One row a stop, for a spreadsheet: UTF-8 with a mark, or spreadsheets read Chinese wrongly. */
export function planCsv(run: Run, plans: readonly ShiftPlan[]): string {
  const rows = rowsOf(run, plans).map((row) => COLUMNS.map((column) => row[column]).join(','))
  return `\ufeff${[COLUMNS.join(','), ...rows].join('\r\n')}\r\n`
}

const CORNERS = 32

/** One polygon a stop (RFC 7946): the area that it covers. */
export function planGeoJson(run: Run, plans: readonly ShiftPlan[]): object {
  return {
    type: 'FeatureCollection',
    features: rowsOf(run, plans).map(({ lon, lat, ...properties }) => ({
      type: 'Feature',
      geometry: {
        type: 'Polygon',
        coordinates: [ringOf({ lon, lat }, run.parameters.discRadiusMetres)],
      },
      properties: { ...properties, lon, lat },
    })),
  }
}

function rowsOf({ day, parameters }: Run, plans: readonly ShiftPlan[]) {
  return plans.flatMap((plan, shift) =>
    plan.stops.map((stop) => ({
      day,
      shift: shift + 1,
      from_at: toIso(plan.fromAt),
      until_at: toIso(plan.untilAt),
      rank: stop.rank,
      lon: rounded(stop.position.lon, 6),
      lat: rounded(stop.position.lat, 6),
      radius_metres: parameters.discRadiusMetres,
      expected: rounded(stop.expected, 4),
      low: stop.low,
      high: stop.high,
      hours_drawn: parameters.hoursDrawn,
    })),
  )
}

/** Counter-clockwise, closed. */
function ringOf(centre: Position, metres: number): [number, number][] {
  return circleRing(centre, metres, CORNERS)
    .toReversed()
    .map(([lon, lat]) => [rounded(lon, 6), rounded(lat, 6)])
}

const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits
