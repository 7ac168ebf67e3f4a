import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import { unpackCellHours, type CellHours } from '../../../solvers/density/cell-hours.ts'
import { RISK_GRAIN, type KeptSurface } from '../core/index.ts'
import type { AnalysisTables } from './tables.ts'

const tables = (db: Db | Tx) => (db as Db).withTables<AnalysisTables>()

/** Both off the event loop. */
const press = promisify(deflateRaw)
const expand = promisify(inflateRaw)

export async function keepSurface(tx: Tx, runId: string, surface: KeptSurface): Promise<void> {
  await tables(tx)
    .insertInto('analysis_surface')
    .values({
      run_id: runId,
      origin_lon: surface.origin.lon,
      origin_lat: surface.origin.lat,
      cell_metres: surface.cellMetres,
      hours: surface.hours,
      total: surface.total,
      packed: await press(surface.packed),
    })
    .execute()
}

/** Which run's surface stands for a day. */
export interface SurfaceOfDay {
  readonly runId: string
  readonly day: string
  readonly madeAt: Instant
}

/** For each of the days from `since` until `until` that has one: the surface of its last run that was done. */
export async function listSurfaceDays(db: Db | Tx, since: string, until: string): Promise<SurfaceOfDay[]> {
  const rows = await tables(db)
    .selectFrom('analysis_run as run')
    .innerJoin('analysis_surface as surface', 'surface.run_id', 'run.id')
    .select(['run.id', 'run.day', 'run.started_at'])
    .distinctOn('run.day')
    .where('run.state', '=', 'done')
    .where('run.day', '>=', since)
    .where('run.day', '<=', until)
    .orderBy('run.day')
    .orderBy('run.id', 'desc')
    .execute()
  return rows.map((row) => ({ runId: row.id, day: row.day, madeAt: row.started_at }))
}

export async function findSurface(db: Db | Tx, runId: string): Promise<CellHours | null> {
  const row = await tables(db)
    .selectFrom('analysis_surface')
    .selectAll()
    .where('run_id', '=', runId)
    .executeTakeFirst()
  if (!row) return null
  const lattice = {
    origin: { lon: row.origin_lon, lat: row.origin_lat },
    cellMetres: row.cell_metres,
    hours: row.hours,
  }
  return unpackCellHours(lattice, await expand(row.packed), RISK_GRAIN)
}
