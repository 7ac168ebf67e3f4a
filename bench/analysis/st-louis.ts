import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { projectRoot } from '../../foundation/server/migrate.ts'
import { eastMetres, northMetres, planeAt, type Plane } from '../../solvers/density/plane.ts'

export const ST_LOUIS = '../shared/data/stlouis/incidents-2008-2018.csv.gz'

/** One row an incident with a place, in order of time. The import keeps no description and no neighbourhood, so this reads the file itself. */
export interface StLouis {
  readonly plane: Plane
  readonly east: Float64Array
  readonly north: Float64Array
  /** Whole days of the wall clock since 1970-01-01. */
  readonly day: Int32Array
  /** -1 where the time of day is not known. */
  readonly hour: Int32Array
  readonly category: readonly string[]
  readonly neighbourhood: Int32Array
  readonly description: readonly string[]
}

const MIDDLE = { lon: -90.25, lat: 38.63 }
const DAY_MS = 86_400_000

/** Null where the reference data is not. */
export function readStLouis(): StLouis | null {
  const file = join(projectRoot(), ST_LOUIS)
  if (!existsSync(file)) return null
  const rows = (
    parse(gunzipSync(readFileSync(file)), { columns: true, relaxColumnCount: true }) as Record<
      string,
      string
    >[]
  )
    .filter(({ lon, lat }) => lon && lat)
    .sort((a, b) =>
      a.occurred_local! < b.occurred_local! ? -1 : a.occurred_local! > b.occurred_local! ? 1 : 0,
    )
  const plane = planeAt(MIDDLE)
  return {
    plane,
    east: Float64Array.from(rows, ({ lon }) => eastMetres(plane, Number(lon))),
    north: Float64Array.from(rows, ({ lat }) => northMetres(plane, Number(lat))),
    day: Int32Array.from(rows, ({ occurred_local }) => Date.parse(occurred_local!.slice(0, 10)) / DAY_MS),
    hour: Int32Array.from(rows, ({ occurred_local }) =>
      /T00:0[01]/.test(occurred_local!) ? -1 : Number(occurred_local!.slice(11, 13)),
    ),
    category: rows.map(({ category }) => category!),
    neighbourhood: Int32Array.from(rows, ({ neighborhood }) => Number(neighborhood) || 0),
    description: rows.map(({ description }) => description!.replace(/\s+/g, ' ')),
  }
}
