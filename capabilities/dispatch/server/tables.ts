import { sql, type ColumnType, type Generated, type RawBuilder } from 'kysely'
import { toTimestamp } from '../../../foundation/server/db.ts'
import type { Json, Timestamp } from '../../../foundation/server/tables.ts'
import type { AssignmentRole, AssignmentState, ReleaseCause } from '../core/index.ts'

type MaybeTimestamp = ColumnType<number | null, Date | null, Date | null>

export type NoticeKind = 'nearby' | 'group' | 'chase' | 'leader'

/** A type, not an interface: Kysely's `withTables` wants an index signature. */
export type DispatchTables = {
  assignment: {
    id: string
    incident_id: string
    unit_id: string
    call_sign: string
    organisation_id: string
    role: AssignmentRole
    state: AssignmentState
    echelon: number
    ordered_at: Timestamp
    asked_at: Timestamp
    acknowledged_at: MaybeTimestamp
    departed_at: MaybeTimestamp
    arrived_at: MaybeTimestamp
    released_at: MaybeTimestamp
    release_cause: ReleaseCause | null
    chase_count: Generated<number>
    last_chased_at: MaybeTimestamp
    chase_escalated_at: MaybeTimestamp
    version: Generated<number>
  }
  notice: {
    id: string
    kind: NoticeKind
    incident_id: string
    assignment_id: string | null
    recipient_kind: 'unit' | 'organisation' | 'group'
    recipient_id: string
    data: Json<Record<string, unknown>>
    due_at: Timestamp
    sent_at: MaybeTimestamp
  }
  notice_receipt: { notice_id: string; account_id: string; account_name: string; read_at: Timestamp }
}

/** A moment to compare a timestamptz column with. */
export function moment(at: number): RawBuilder<number> {
  return sql<number>`${toTimestamp(at)}::timestamptz`
}
