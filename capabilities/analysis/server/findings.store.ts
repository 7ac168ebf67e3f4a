import { sql } from 'kysely'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { FoundWarning, KeptFindings, KeptSeries } from '../core/index.ts'
import type { Run } from './run.ts'
import { findRun } from './store.ts'
import type { AnalysisTables } from './tables.ts'

const tables = (db: Db | Tx) => (db as Db).withTables<AnalysisTables>()

export async function keepFindings(tx: Tx, runId: string, findings: KeptFindings): Promise<void> {
  const { atDate, series, seriesLeftOut, knox, warnings, watched } = findings
  await tables(tx)
    .insertInto('analysis_finding')
    .values({
      run_id: runId,
      at_date: atDate,
      knox: JSON.stringify(knox),
      watched: JSON.stringify(watched),
      series_left_out: seriesLeftOut,
    })
    .execute()
  if (series.length > 0)
    await tables(tx)
      .insertInto('analysis_series')
      .values(
        series.map(({ id, since, category, state, ...found }, rank) => ({
          ...{ run_id: runId, series_id: id, since, rank, category, state },
          found: JSON.stringify(found),
        })),
      )
      .execute()
  if (warnings.length > 0)
    await tables(tx)
      .insertInto('analysis_warning')
      .values(
        warnings.map(({ id, outcome, ...found }, rank) => ({
          ...{ run_id: runId, warning_id: id, rank, outcome },
          found: JSON.stringify(found),
        })),
      )
      .execute()
}

export async function listSeries(db: Db | Tx, runId: string): Promise<KeptSeries[]> {
  const rows = await tables(db)
    .selectFrom('analysis_series')
    .select(['series_id', 'since', 'category', 'state', 'found'])
    .where('run_id', '=', runId)
    .orderBy('rank')
    .execute()
  return rows.map(({ series_id: id, since, category, state, found }) => ({
    ...{ id, since, category, state },
    ...found,
  }))
}

/** Null for a run from before series were looked for, or whose findings are past their term. */
export async function findFindings(db: Db | Tx, runId: string): Promise<KeptFindings | null> {
  const of = await tables(db)
    .selectFrom('analysis_finding')
    .selectAll()
    .where('run_id', '=', runId)
    .executeTakeFirst()
  if (!of) return null
  const warnings = await tables(db)
    .selectFrom('analysis_warning')
    .select(['warning_id', 'outcome', 'found'])
    .where('run_id', '=', runId)
    .orderBy('rank')
    .execute()
  return {
    atDate: of.at_date,
    series: await listSeries(db, runId),
    seriesLeftOut: of.series_left_out,
    knox: of.knox,
    warnings: warnings.map(({ warning_id: id, outcome, found }): FoundWarning => ({ id, outcome, ...found })),
    watched: of.watched,
  }
}

/** The runs with findings whose days are nearest to this one: the day itself or before it, and after it. */
export async function listRunsAround(db: Db | Tx, { id, day }: Pick<Run, 'id' | 'day'>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    (select run.id from analysis_run run join analysis_finding on run_id = run.id
      where state = 'done' and day <= ${day}::date and run.id <> ${id} order by day desc, run.id desc limit 1)
    union all
    (select run.id from analysis_run run join analysis_finding on run_id = run.id
      where state = 'done' and day > ${day}::date order by day, run.id desc limit 1)`.execute(db)
  return rows.map((row) => row.id)
}

/** The run that was in force before this one's day: of the latest earlier day, its last that was done. */
export async function findRunBefore(db: Db | Tx, day: string): Promise<Run | null> {
  const { rows } = await sql<{ id: string }>`
    select run.id from analysis_run run
     where state = 'done' and day < ${day}::date and exists (select from analysis_plan where run_id = run.id)
     order by day desc, run.id desc limit 1`.execute(db)
  return rows[0] ? findRun(db, rows[0].id) : null
}

/** Takes away what runs of earlier days made, and gives the runs. The runs themselves stay in the log. */
export async function dropResultsBefore(tx: Tx, day: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with old as (select id from analysis_run where day < ${day}::date),
         surfaces as (delete from analysis_surface where run_id in (select id from old) returning run_id),
         findings as (delete from analysis_finding where run_id in (select id from old) returning run_id),
         series as (delete from analysis_series where run_id in (select id from old) returning run_id),
         warnings as (delete from analysis_warning where run_id in (select id from old) returning run_id),
         plans as (delete from analysis_plan where run_id in (select id from old) returning run_id)
    select run_id as id from plans union select run_id from findings union select run_id from series
     union select run_id from warnings union select run_id from surfaces
     order by id`.execute(tx)
  return rows.map(({ id }) => id)
}
