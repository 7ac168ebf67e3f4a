import { sql, type Selectable } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { PlanStretch, RunFigures, RunNote, ShiftPlan, SubjectPlan } from '../core/index.ts'
import type { Run, RunFailure } from './run.ts'
import type { AnalysisTables } from './tables.ts'

const tables = (db: Db | Tx) => (db as Db).withTables<AnalysisTables>()

/** Begins a run; false where one is under way: the unique index decides, not a look beforehand. */
export async function insertRun(
  tx: Tx,
  run: Pick<Run, 'id' | 'day' | 'cause' | 'accountId' | 'accountName' | 'startedAt' | 'parameters'>,
): Promise<boolean> {
  const written = await tables(tx)
    .insertInto('analysis_run')
    .values({
      id: run.id,
      day: run.day,
      cause: run.cause,
      account_id: run.accountId,
      account_name: run.accountName,
      state: 'running',
      started_at: toTimestamp(run.startedAt),
      parameters: JSON.stringify(run.parameters),
    })
    // Written out: of a parameter PostgreSQL cannot tell that it is the index's.
    .onConflict((conflict) =>
      conflict
        .column('state')
        .where(sql<boolean>`state = 'running'`)
        .doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  return written !== undefined
}

export async function findRunning(db: Db | Tx): Promise<Run | null> {
  const row = await tables(db)
    .selectFrom('analysis_run')
    .selectAll()
    .where('state', '=', 'running')
    .executeTakeFirst()
  return row ? runOf(row) : null
}

export async function findRun(db: Db | Tx, id: string): Promise<Run | null> {
  const row = await tables(db).selectFrom('analysis_run').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? runOf(row) : null
}

/** Counts that the computing of a run begins, and gives how often it has now. */
export async function countAttempt(db: Db | Tx, id: string): Promise<number> {
  const { attempts } = await tables(db)
    .updateTable('analysis_run')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .returning('attempts')
    .executeTakeFirstOrThrow()
  return attempts
}

export async function keepOutcome(
  tx: Tx,
  id: string,
  endedAt: Instant,
  outcome: {
    readonly figures: RunFigures
    readonly quality: readonly RunNote[]
    readonly shifts: readonly ShiftPlan[]
    readonly subjects: readonly SubjectPlan[]
  },
): Promise<void> {
  await tables(tx)
    .updateTable('analysis_run')
    .set({
      state: 'done',
      ended_at: toTimestamp(endedAt),
      figures: JSON.stringify(outcome.figures),
      quality: JSON.stringify(outcome.quality),
    })
    .where('id', '=', id)
    .execute()
  await tables(tx)
    .insertInto('analysis_plan')
    .values([
      ...outcome.shifts.map((plan, shift) => ({ run_id: id, shift, ...planColumns(plan) })),
      ...outcome.subjects.map((plan) => ({
        run_id: id,
        category: plan.category ?? '',
        stretch: plan.stretch,
        shift: plan.position,
        ...planColumns(plan),
      })),
    ])
    .execute()
}

const planColumns = ({ fromAt, untilAt, expected, low, high, stops }: ShiftPlan) => ({
  from_at: toTimestamp(fromAt),
  until_at: toTimestamp(untilAt),
  expected,
  low,
  high,
  stops: JSON.stringify(stops),
})

export async function keepFailure(
  db: Db | Tx,
  id: string,
  endedAt: Instant,
  failure: RunFailure,
): Promise<void> {
  await tables(db)
    .updateTable('analysis_run')
    .set({ state: 'failed', ended_at: toTimestamp(endedAt), failure: JSON.stringify(failure) })
    .where('id', '=', id)
    .execute()
}

/** Latest first. */
export async function listRuns(
  db: Db | Tx,
  { before, limit }: { before: string | null; limit: number },
): Promise<Run[]> {
  let query = tables(db).selectFrom('analysis_run').selectAll().orderBy('id', 'desc').limit(limit)
  if (before) query = query.where('id', '<', before)
  return (await query.execute()).map(runOf)
}

/** The run whose plan is to be shown: of the latest day not after `day`, its last that was done. */
export async function findPlanned(db: Db | Tx, day: string): Promise<Run | null> {
  const row = await tables(db)
    .selectFrom('analysis_run')
    .selectAll()
    .where('state', '=', 'done')
    .where('day', '<=', day)
    // Past its term a run stands in the log without what it made.
    .where(sql<boolean>`exists (select from analysis_plan where run_id = analysis_run.id)`)
    .orderBy('day', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? runOf(row) : null
}

/** The plans of one category, or of all (null), for the stretches of a kind, in order of time. */
export async function listPlans(
  db: Db | Tx,
  runId: string,
  { category, stretch }: { category: string | null; stretch: PlanStretch } = {
    category: null,
    stretch: 'shift',
  },
): Promise<ShiftPlan[]> {
  const rows = await tables(db)
    .selectFrom('analysis_plan')
    .selectAll()
    .where('run_id', '=', runId)
    .where('category', '=', category ?? '')
    .where('stretch', '=', stretch)
    .orderBy('shift')
    .execute()
  return rows.map((row) => ({
    fromAt: row.from_at,
    untilAt: row.until_at,
    expected: row.expected,
    low: row.low,
    high: row.high,
    stops: row.stops,
  }))
}

/** Categories with plans of their own, those that expect most in a week first. */
export async function listPlanCategories(db: Db | Tx, runId: string): Promise<string[]> {
  const rows = await tables(db)
    .selectFrom('analysis_plan')
    .select('category')
    .where('run_id', '=', runId)
    .where('category', '<>', '')
    .where('stretch', '=', 'week')
    .orderBy('expected', 'desc')
    .orderBy('category')
    .execute()
  return rows.map(({ category }) => category)
}

/** Days that were run, in whatever state, from a day on, and the first of all. */
export async function listRunDays(
  db: Db | Tx,
  since: string,
): Promise<{ first: string | null; days: ReadonlySet<string> }> {
  const { rows } = await sql<{ day: string; isFirst: boolean }>`
    select day, false as "isFirst" from analysis_run where day >= ${since}::date group by day
    union all
    select min(day), true from analysis_run having count(*) > 0`.execute(db)
  return {
    first: rows.find(({ isFirst }) => isFirst)?.day ?? null,
    days: new Set(rows.filter(({ isFirst }) => !isFirst).map(({ day }) => day)),
  }
}

function runOf(row: Selectable<AnalysisTables['analysis_run']>): Run {
  return {
    id: row.id,
    day: row.day,
    cause: row.cause,
    accountId: row.account_id,
    accountName: row.account_name,
    state: row.state,
    attempts: row.attempts,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    parameters: row.parameters,
    quality: row.quality,
    figures: row.figures,
    failure: row.failure,
  }
}
