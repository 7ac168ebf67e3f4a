import type { ColumnType } from 'kysely'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { Timestamp } from '../../../foundation/server/tables.ts'
import type { AbsenceId, AbsenceKind, AbsenceState } from '../core/index.ts'

type MaybeTimestamp = ColumnType<number | null, Date | null | undefined, Date | null>
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>

/** The tables of what happens to a published roster. A type, not an interface: Kysely wants an index signature. */
export type LifeTables = {
  absence: {
    id: AbsenceId
    officer_id: string
    organisation_id: string
    kind: AbsenceKind
    from_date: string
    until_date: string
    state: AbsenceState
    note: Maybe<string>
    requested_at: Timestamp
    requested_by_id: Maybe<string>
    requested_by: string
    decided_at: MaybeTimestamp
    decided_by_id: Maybe<string>
    decided_by: Maybe<string>
    decision_reason: Maybe<string>
    retain_until: string
    version: number
  }
  roster_wish: {
    officer_id: string
    date: string
    shift: Maybe<string>
    is_wanted: boolean
    weight: number
    wished_at: Timestamp
  }
}

/** The handle with these tables on it. */
export const lifeOn = (db: Db | Tx) => (db as Db).withTables<LifeTables>()
