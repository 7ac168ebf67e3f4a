import type { ColumnType, Generated } from 'kysely'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { Json, Timestamp } from '../../../foundation/server/tables.ts'
import type { OfficerId, OrganisationId, UnitId } from '../../force/core/index.ts'
import type { ActivationEvent, ActivationId, OrderId, OrderState } from '../core/index.ts'

type MaybeTimestamp = ColumnType<number | null, Date | null | undefined, Date | null>

/** The tables of the board. Nothing outside this folder names them. */
export type BoardTables = {
  activation: {
    id: ActivationId
    district_id: OrganisationId
    level: number
    reason: string
    started_at: Timestamp
    target_reached_at: MaybeTimestamp
    stood_down_at: MaybeTimestamp
  }
  activation_event: {
    activation_id: ActivationId
    sequence: number
    type: ActivationEvent['type']
    at: Timestamp
    account_id: string | null
    account_name: string
    data: Json<ActivationEvent>
  }
  activation_order: {
    id: OrderId
    activation_id: ActivationId
    organisation_id: OrganisationId
    unit_id: UnitId | null
    officer_id: OfficerId | null
    state: OrderState['kind']
    ordered_at: Timestamp
    chased_count: Generated<number>
    escalated_at: MaybeTimestamp
  }
  activation_strength: {
    activation_id: ActivationId
    at: Timestamp
    on_street: number
    available: number
    needed: number
  }
}

/** The handle with the board's tables on it. */
export const boardOn = (db: Db | Tx) => (db as Db).withTables<BoardTables>()
