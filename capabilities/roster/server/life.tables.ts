import type { ColumnType } from 'kysely'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { Json, Timestamp } from '../../../foundation/server/tables.ts'
import type {
  AbsenceId,
  AbsenceKind,
  AbsenceState,
  AttendanceState,
  SickCallId,
  SickCallState,
  SwapCells,
  SwapId,
  SwapState,
} from '../core/index.ts'

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
  roster_acknowledgement: {
    roster_id: string
    officer_id: string
    at: Timestamp
    version: number
    own_days: string
  }
  roster_swap: {
    id: SwapId
    roster_id: string
    from_officer_id: string
    from_organisation_id: string
    from_date: string
    with_officer_id: string
    with_organisation_id: string
    with_date: string
    state: SwapState
    cells: Json<SwapCells>
    offered_at: Timestamp
    offered_by_id: Maybe<string>
    offered_by: string
    answered_at: MaybeTimestamp
    answered_by_id: Maybe<string>
    answered_by: Maybe<string>
    decided_at: MaybeTimestamp
    decided_by_id: Maybe<string>
    decided_by: Maybe<string>
    reason: Maybe<string>
    retain_until: string
    version: number
  }
  roster_swap_day: { roster_id: string; officer_id: string; date: string; swap_id: SwapId }
  sick_call: {
    id: SickCallId
    roster_id: string
    officer_id: string
    organisation_id: string
    date: string
    duty: string
    ends_at: Timestamp
    called_at: Timestamp
    called_by_id: Maybe<string>
    called_by: string
    state: SickCallState
    replacement_officer_id: Maybe<string>
    decided_at: MaybeTimestamp
    decided_by_id: Maybe<string>
    decided_by: Maybe<string>
    reason: Maybe<string>
    retain_until: string
    version: number
  }
  attendance: {
    officer_id: string
    date: string
    roster_id: string
    organisation_id: string
    state: AttendanceState
    at: Timestamp
    source: AttendanceSource
    recorded_at: Timestamp
    recorded_by_id: Maybe<string>
    recorded_by: string
    retain_until: string
  }
  calendar_feed: { officer_id: string; secret_hash: Buffer; made_at: Timestamp }
}

/** Called against the roster, or taken over from a roll call of the force. */
export type AttendanceSource = 'attendance' | 'roll-call'

/** The handle with these tables on it. */
export const lifeOn = (db: Db | Tx) => (db as Db).withTables<LifeTables>()
