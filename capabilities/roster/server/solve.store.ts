import { sql, type Selectable } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { Conflict, DutyOption, RosterId } from '../core/index.ts'
import { rostersOn } from './pattern.store.ts'
import type { RosterTables, SolveState } from './tables.ts'

/** Why a search ended otherwise than with its roster in the draft. */
export const SOLVE_CAUSES = [
  'no-roster-found',
  'draft-changed',
  'rejected-by-check',
  'interrupted',
  'fault',
] as const
export type SolveCause = (typeof SOLVE_CAUSES)[number]

/** A search for a roster, running or over. */
export interface KeptSolve {
  readonly id: string
  readonly rosterId: RosterId
  readonly state: SolveState
  readonly cause: SolveCause | null
  readonly askedSeconds: number
  readonly rosterVersion: number
  readonly startedBy: string
  readonly startedAt: Instant
  readonly heardAt: Instant
  readonly endedAt: Instant | null
  readonly seconds: number
  readonly objective: number | null
  readonly bound: number | null
  readonly breaches: number | null
  readonly conflict: Conflict | null
  readonly found: FoundRoster | null
}

/** A roster that was found and is not in the draft: for each officer the options of the days, by place in a list. */
export interface FoundRoster {
  readonly options: readonly DutyOption[]
  readonly officers: readonly { readonly officerId: string; readonly cells: readonly number[] }[]
}

const solveOf = (row: Selectable<RosterTables['roster_solve']>): KeptSolve => ({
  id: row.id,
  rosterId: row.roster_id,
  state: row.state,
  cause: row.cause as SolveCause | null,
  askedSeconds: row.asked_seconds,
  rosterVersion: row.roster_version,
  startedBy: row.started_by,
  startedAt: row.started_at,
  heardAt: row.heard_at,
  endedAt: row.ended_at,
  seconds: row.seconds,
  objective: row.objective,
  bound: row.bound,
  breaches: row.breaches,
  conflict: row.conflict as Conflict | null,
  found: row.found as FoundRoster | null,
})

/** The latest search for a roster. */
export async function findSolve(db: Db | Tx, rosterId: string): Promise<KeptSolve | null> {
  const row = await rostersOn(db)
    .selectFrom('roster_solve')
    .selectAll()
    .where('roster_id', '=', rosterId as RosterId)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? solveOf(row) : null
}

/** Notes that a search begins. The table holds one running search a roster. */
export async function insertSolve(
  tx: Tx,
  solve: Pick<KeptSolve, 'id' | 'rosterId' | 'askedSeconds' | 'rosterVersion' | 'startedBy' | 'startedAt'>,
): Promise<void> {
  const at = toTimestamp(solve.startedAt)
  await rostersOn(tx)
    .insertInto('roster_solve')
    .values({
      id: solve.id,
      roster_id: solve.rosterId,
      state: 'running',
      asked_seconds: solve.askedSeconds,
      roster_version: solve.rosterVersion,
      started_by: solve.startedBy,
      started_at: at,
      heard_at: at,
      seconds: 0,
    })
    .execute()
}

export interface SolveFigures {
  readonly seconds: number
  readonly objective: number | null
  readonly bound: number | null
  readonly breaches: number | null
}

/** Says that a search lives and how far it is. Gives whether somebody wants it stopped; null where it runs no more. */
export async function hearSolve(
  db: Db | Tx,
  id: string,
  { seconds, objective, bound, breaches }: SolveFigures,
  now: Instant,
): Promise<boolean | null> {
  const row = await rostersOn(db)
    .updateTable('roster_solve')
    .set({ heard_at: toTimestamp(now), seconds, objective, bound, breaches })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returning('stop_asked')
    .executeTakeFirst()
  return row ? row.stop_asked : null
}

/** Asks the thread of a running search, on whichever server, to end with what it has. */
export async function askStop(tx: Tx, id: string): Promise<void> {
  await rostersOn(tx).updateTable('roster_solve').set({ stop_asked: true }).where('id', '=', id).execute()
}

export async function endSolve(
  db: Db | Tx,
  id: string,
  end: {
    readonly state: Exclude<SolveState, 'running'>
    readonly cause: SolveCause | null
    readonly figures: SolveFigures
    readonly conflict?: Conflict | null
    readonly found?: FoundRoster | null
    readonly at: Instant
  },
): Promise<boolean> {
  const { seconds, objective, bound, breaches } = end.figures
  const row = await rostersOn(db)
    .updateTable('roster_solve')
    .set({
      state: end.state,
      cause: end.cause,
      ...{ seconds, objective, bound, breaches },
      conflict: end.conflict ? JSON.stringify(end.conflict) : null,
      found: end.found ? JSON.stringify(end.found) : null,
      ended_at: toTimestamp(end.at),
    })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The found roster is in the draft now, or of no use any more. */
export async function forgetFound(tx: Tx, id: string): Promise<void> {
  await rostersOn(tx)
    .updateTable('roster_solve')
    .set({ found: null, cause: null })
    .where('id', '=', id)
    .execute()
}

/** Ends searches whose thread has not been heard since `silentSince`: their server went away. Gives whose. */
export async function endSilent(
  db: Db | Tx,
  silentSince: Instant,
  now: Instant,
): Promise<{ id: string; rosterId: RosterId }[]> {
  const { rows } = await sql<{ id: string; roster_id: RosterId }>`
    update roster_solve set state = 'failed', cause = 'interrupted', ended_at = ${toTimestamp(now)}
    where state = 'running' and heard_at < ${toTimestamp(silentSince)}::timestamptz
    returning id, roster_id`.execute(db)
  return rows.map((row) => ({ id: row.id, rosterId: row.roster_id }))
}
