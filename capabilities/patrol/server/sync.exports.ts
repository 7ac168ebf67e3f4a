import { toIso } from '../../../foundation/core/instant.ts'
import { planeAt } from '../../../solvers/density/plane.ts'
import type { SurfaceCell, SyncSurface } from '../core/index.ts'
import type { SyncDay } from './sync.store.ts'

const table = (columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  // With a mark, or spreadsheets read Chinese wrongly.
  `\ufeff${[columns, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`

const FIGURES = ['overlap', 'byPlace', 'byHour', 'even', 'random', 'bestPlaces', 'bestHours'] as const
const MINUTES = [
  'patrolMinutes',
  'untrackedMinutes',
  'incidentMinutes',
  'inspectionMinutes',
  'units',
] as const
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** One row a day; what could not be told is left empty. */
export function daysCsv(days: readonly SyncDay[]): string {
  return table(
    ['day', 'state', ...FIGURES.map(snake), ...MINUTES.map(snake), 'computed_at'],
    days.map(({ day, state, figures, minutes, computedAt }) => [
      day,
      state,
      ...FIGURES.map((name) => figures?.[name] ?? ''),
      ...MINUTES.map((name) => minutes?.[name] ?? ''),
      toIso(computedAt),
    ]),
  )
}

const PARTS = 100_000

/** One row a cell and hour in which there is any risk, patrol or better visit. */
export function cellsCsv(day: string, { cells, cellMetres, hiddenHours }: SyncSurface): string {
  return table(
    ['day', 'hour', 'lon', 'lat', 'cell_metres', 'risk_share', 'presence_share', 'better_minutes'],
    cells.flatMap(({ lon, lat, risk, presence, better }) =>
      risk.flatMap((share, hour) =>
        share + presence[hour]! + better[hour]! === 0
          ? []
          : [
              [
                ...[day, hour, rounded(lon), rounded(lat), cellMetres, share / PARTS],
                ...[hiddenHours.includes(hour) ? '' : presence[hour]! / PARTS, better[hour]!],
              ],
            ],
      ),
    ),
  )
}

/** One square a cell (RFC 7946), with its hours. */
export function cellsGeoJson(day: string, surface: SyncSurface): object {
  return {
    type: 'FeatureCollection',
    features: surface.cells.map((cell) => ({
      type: 'Feature',
      geometry: { type: 'Polygon', coordinates: [squareAround(cell, surface.cellMetres)] },
      properties: {
        day,
        risk: cell.risk.map((each) => each / PARTS),
        presence: cell.presence.map((each, hour) =>
          surface.hiddenHours.includes(hour) ? null : each / PARTS,
        ),
        better_minutes: cell.better,
      },
    })),
  }
}

/** Counter-clockwise, closed. */
function squareAround({ lon, lat }: SurfaceCell, cellMetres: number): [number, number][] {
  const { metresPerDegreeLon, metresPerDegreeLat } = planeAt({ lon, lat })
  const [east, north] = [cellMetres / 2 / metresPerDegreeLon, cellMetres / 2 / metresPerDegreeLat]
  return (
    [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
      [-1, -1],
    ] as const
  ).map(([x, y]) => [rounded(lon + x * east), rounded(lat + y * north)])
}

const rounded = (degrees: number) => Math.round(degrees * 1e6) / 1e6
