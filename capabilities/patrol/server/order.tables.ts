import type { ColumnType, Generated } from 'kysely'
import type { Json, Timestamp } from '../../../foundation/server/tables.ts'
import type { Evidence, OrderEvent, OrderStateKind, Outcome } from '../core/index.ts'

type MaybeTimestamp = ColumnType<number | null, Date | null | undefined, Date | null>
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>

/** A type, not an interface: Kysely's `withTables` wants an index signature. */
export type OrderTables = {
  patrol_order: {
    id: string
    number: Maybe<string>
    state: OrderStateKind
    organisation_id: string | null
    lon: number
    lat: number
    radius_metres: number
    label: string
    category: string | null
    starts_at: Timestamp
    expires_at: Timestamp
    from_minute: number
    until_minute: number
    weekdays: number[]
    visits: number
    minutes_per_visit: number
    reason: string
    evidence: Json<readonly Evidence[]>
    drafted_at: Timestamp
    drafted_by_id: string | null
    drafted_by: string
    proposed_at: MaybeTimestamp
    proposed_by_id: Maybe<string>
    proposed_by: Maybe<string>
    returned_at: MaybeTimestamp
    returned_by_id: Maybe<string>
    returned_by: Maybe<string>
    return_reason: Maybe<string>
    issued_at: MaybeTimestamp
    approved_by_id: Maybe<string>
    approved_by: Maybe<string>
    is_own_proposal: Maybe<boolean>
    ended_at: MaybeTimestamp
    ended_by_id: Maybe<string>
    ended_by: Maybe<string>
    end_reason: Maybe<string>
    version: number
  }
  patrol_order_event: {
    order_id: string
    sequence: number
    type: OrderEvent['type']
    at: Timestamp
    account_id: string | null
    account_name: string
    data: Json<OrderEvent>
  }
  patrol_order_unit: {
    order_id: string
    unit_id: string
    call_sign: string
    organisation_id: string
    sent_at: MaybeTimestamp
    read_at: MaybeTimestamp
    recalled_at: MaybeTimestamp
  }
  patrol_order_receipt: {
    order_id: string
    unit_id: string
    account_id: string
    account_name: string
    read_at: Timestamp
  }
  patrol_occurrence: {
    order_id: string
    starts_at: Timestamp
    ends_at: Timestamp
    asked_visits: number
    asked_seconds: number
    outcome: Outcome
    visits: Generated<number>
    seconds: Generated<number>
    other_visits: Generated<number>
    unknown_seconds: Generated<number>
    counted_at: MaybeTimestamp
  }
  patrol_visit: {
    order_id: string
    occurrence_starts_at: Timestamp
    unit_id: string
    arrived_at: Timestamp
    left_at: Timestamp
    seconds: number
    is_addressed: boolean
    counts: boolean
  }
}
