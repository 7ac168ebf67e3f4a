import type { Brand } from '../../../foundation/core/brand.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { Position } from '../../../foundation/core/geo.ts'

export type OrganisationId = Brand<string, 'OrganisationId'>
export type OfficerId = Brand<string, 'OfficerId'>
export type VehicleId = Brand<string, 'VehicleId'>
export type UnitId = Brand<string, 'UnitId'>
export type LoanId = Brand<string, 'LoanId'>

export const ORGANISATION_KINDS = ['sub-bureau', 'station', 'special-patrol', 'other'] as const
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number]

export const VEHICLE_KINDS = ['car', 'van', 'motorcycle', 'e-bike', 'bicycle', 'other'] as const
export type VehicleKind = (typeof VEHICLE_KINDS)[number]

export const UNIT_KINDS = [
  'car',
  'motorcycle',
  'bicycle',
  'foot',
  'special',
  'plain-clothes',
  'other',
] as const
export type UnitKind = (typeof UNIT_KINDS)[number]

/** The chain of glossary «unit status»: 下勤、点名、巡逻、途中、到场、待命、检查、休整、停勤. */
export const UNIT_STATUSES = [
  'off-duty',
  'briefing',
  'patrolling',
  'en-route',
  'on-scene',
  'stand-by',
  'inspecting',
  'break',
  'out-of-service',
] as const
export type UnitStatus = (typeof UNIT_STATUSES)[number]

/** Who asks for a status: the command room, the crew itself, or the system on behalf of a flow. */
export const STATUS_SOURCES = ['dispatcher', 'unit', 'system'] as const
export type StatusSource = (typeof STATUS_SOURCES)[number]

/** `street` is a foot post: on the street without a unit that is out. */
export const POSTS = ['none', 'street'] as const
export type Post = (typeof POSTS)[number]

export interface Organisation {
  readonly id: OrganisationId
  readonly parentId: OrganisationId | null
  readonly code: string
  readonly kind: OrganisationKind
  readonly nameZh: string
  readonly nameEn: string
  readonly position: Position | null
  /** Who is told when an order stays unanswered. */
  readonly dutyCommanderOfficerId: OfficerId | null
  readonly version: number
}

/** An officer without name and telephone: those are personal data and are read by their own route. */
export interface Officer {
  readonly id: OfficerId
  readonly organisationId: OrganisationId
  readonly badgeNumber: string
  /** True for 民警, false for 辅警. */
  readonly sworn: boolean
  readonly patrolCapable: boolean
  readonly skills: readonly string[]
  readonly duty: 'on' | 'off'
  readonly dutySince: Instant
  readonly post: Post
  readonly postSince: Instant
  readonly version: number
}

/** What only a personal route shows. */
export interface OfficerPerson {
  readonly id: OfficerId
  readonly name: string
  readonly phone: string | null
}

export interface Vehicle {
  readonly id: VehicleId
  readonly organisationId: OrganisationId
  readonly plate: string
  readonly kind: VehicleKind
  readonly version: number
}

export interface Unit {
  readonly id: UnitId
  readonly organisationId: OrganisationId
  readonly callSign: string
  readonly kind: UnitKind
  readonly leaderOfficerId: OfficerId | null
  readonly vehicleId: VehicleId | null
  readonly memberOfficerIds: readonly OfficerId[]
  readonly skills: readonly string[]
  readonly equipment: readonly string[]
  readonly status: UnitStatus
  readonly statusSince: Instant
  readonly version: number
}

export type LoanSubject =
  | { readonly kind: 'officer'; readonly officerId: OfficerId }
  | { readonly kind: 'unit'; readonly unitId: UnitId }

export interface Loan {
  readonly id: LoanId
  readonly subject: LoanSubject
  readonly fromOrganisationId: OrganisationId
  readonly toOrganisationId: OrganisationId
  readonly startsAt: Instant
  /** Null: until returned. */
  readonly endsAt: Instant | null
  readonly returnedAt: Instant | null
  readonly reason: string
}

/** All forces of all departments at one moment. No personal data in it; loans are those not yet over. */
export interface ForceBoard {
  readonly organisations: readonly Organisation[]
  readonly officers: readonly Officer[]
  readonly vehicles: readonly Vehicle[]
  readonly units: readonly Unit[]
  readonly loans: readonly Loan[]
}
