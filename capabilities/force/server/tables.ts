import type { ColumnType, Generated } from 'kysely'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { Timestamp } from '../../../foundation/server/tables.ts'
import type {
  LoanId,
  OfficerId,
  OrganisationId,
  OrganisationKind,
  Post,
  StatusSource,
  UnitId,
  UnitKind,
  UnitStatus,
  VehicleId,
  VehicleKind,
} from '../core/index.ts'

type MaybeTimestamp = ColumnType<number | null, Date | null | undefined, Date | null>

/** The tables of the force. Nothing outside this folder names them. */
export type ForceTables = {
  organisation: {
    id: OrganisationId
    parent_id: OrganisationId | null
    code: string
    kind: OrganisationKind
    name_zh: string
    name_en: string
    lon: number | null
    lat: number | null
    duty_commander_officer_id: OfficerId | null
    version: Generated<number>
  }
  officer: {
    id: OfficerId
    organisation_id: OrganisationId
    badge_number: string
    name: string
    phone: string | null
    sworn: boolean
    patrol_capable: boolean
    skills: string[]
    duty: Generated<'on' | 'off'>
    duty_since: Timestamp
    post: Generated<Post>
    post_since: Timestamp
    removed_at: MaybeTimestamp
    version: Generated<number>
  }
  vehicle: {
    id: VehicleId
    organisation_id: OrganisationId
    plate: string
    kind: VehicleKind
    removed_at: MaybeTimestamp
    version: Generated<number>
  }
  unit: {
    id: UnitId
    organisation_id: OrganisationId
    call_sign: string
    kind: UnitKind
    leader_officer_id: OfficerId | null
    vehicle_id: VehicleId | null
    skills: string[]
    equipment: string[]
    status: Generated<UnitStatus>
    status_since: Timestamp
    removed_at: MaybeTimestamp
    version: Generated<number>
  }
  unit_member: { unit_id: UnitId; officer_id: OfficerId; since_at: Timestamp; until_at: MaybeTimestamp }
  unit_status_change: {
    id: Generated<number>
    unit_id: UnitId
    rule: string
    from_status: UnitStatus
    to_status: UnitStatus
    source: StatusSource
    changed_at: Timestamp
    account_id: string | null
    account_name: string
    ip: string
    cause: string | null
  }
  loan: {
    id: LoanId
    subject_kind: 'officer' | 'unit'
    subject_id: string
    from_organisation_id: OrganisationId
    to_organisation_id: OrganisationId
    starts_at: Timestamp
    ends_at: MaybeTimestamp
    returned_at: MaybeTimestamp
    reason: string
    begun_at: MaybeTimestamp
    over_at: MaybeTimestamp
  }
}

/** The handle with the force's tables on it. */
export const forceOn = (db: Db | Tx) => (db as Db).withTables<ForceTables>()
