import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import type { AttendanceLine, AttendanceState } from '../core/index.ts'
import { lifeOn, type AttendanceSource } from './life.tables.ts'

/** A line as it is kept. */
export interface KeptLine extends AttendanceLine {
  readonly date: string
  readonly organisationId: string
  readonly source: AttendanceSource
  readonly recordedAt: Instant
}

export interface NewLines {
  readonly rosterId: string
  readonly date: string
  readonly source: AttendanceSource
  readonly retainUntil: string
  readonly lines: readonly {
    readonly officerId: string
    readonly organisationId: string
    readonly state: AttendanceState
    readonly at: Instant
  }[]
}

/**
 * Keeps what was called, in the place of what was called of the same officers before; a roll call of the force only
 * says what nobody has said yet. Gives the officers whose line was written.
 */
export async function writeLines(tx: Tx, actor: ActorContext, calling: NewLines): Promise<string[]> {
  if (calling.lines.length === 0) return []
  const { rosterId, date, source, retainUntil } = calling
  const rows = await lifeOn(tx)
    .insertInto('attendance')
    .values(
      calling.lines.map((line) => ({
        officer_id: line.officerId,
        date,
        roster_id: rosterId,
        organisation_id: line.organisationId,
        state: line.state,
        at: toTimestamp(line.at),
        source,
        recorded_at: toTimestamp(actor.now),
        recorded_by_id: actor.accountId,
        recorded_by: actor.name,
        retain_until: retainUntil,
      })),
    )
    .onConflict((conflict) => {
      const same = conflict.columns(['officer_id', 'date'])
      return source === 'roll-call'
        ? same.doNothing()
        : same.doUpdateSet((eb) => ({
            roster_id: eb.ref('excluded.roster_id'),
            organisation_id: eb.ref('excluded.organisation_id'),
            state: eb.ref('excluded.state'),
            at: eb.ref('excluded.at'),
            source: eb.ref('excluded.source'),
            recorded_at: eb.ref('excluded.recorded_at'),
            recorded_by_id: eb.ref('excluded.recorded_by_id'),
            recorded_by: eb.ref('excluded.recorded_by'),
          }))
    })
    .returning('officer_id')
    .execute()
  return rows.map(({ officer_id }) => officer_id)
}

/** What was called of these officers on a date. */
export async function listLines(
  db: Db | Tx,
  date: string,
  officerIds: readonly string[],
): Promise<KeptLine[]> {
  if (officerIds.length === 0) return []
  const rows = await lifeOn(db)
    .selectFrom('attendance')
    .selectAll()
    .where('date', '=', date)
    .where('officer_id', 'in', [...officerIds])
    .orderBy('officer_id')
    .execute()
  return rows.map((row) => ({
    officerId: row.officer_id,
    date: row.date,
    organisationId: row.organisation_id,
    state: row.state,
    at: row.at,
    source: row.source,
    recordedAt: row.recorded_at,
  }))
}
