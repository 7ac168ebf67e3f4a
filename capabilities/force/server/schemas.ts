import { Type, type TSchema } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import {
  ORGANISATION_KINDS,
  POSTS,
  STATUS_SOURCES,
  UNIT_KINDS,
  UNIT_STATUSES,
  VEHICLE_KINDS,
  loanEnd,
  servingOrganisationOfUnit,
  type ForceBoard,
  type Loan,
  type Officer,
  type OfficerId,
  type Organisation,
  type OrganisationId,
  type Unit,
  type UnitId,
  type Vehicle,
  type VehicleId,
} from '../core/index.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { StatusChange } from './store.ts'

/** One of the words of a list. */
const oneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>({ type: 'string', enum: words })
/** An id, typed as what it identifies. */
const idOf = <Kind extends string>() => Type.Unsafe<Kind>({ type: 'string', minLength: 1, maxLength: 60 })
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const Id = Type.String({ minLength: 1, maxLength: 60 })
export const OrganisationIdSchema = idOf<OrganisationId>()
const OfficerIdSchema = idOf<OfficerId>()
const UnitIdSchema = idOf<UnitId>()
const VehicleIdSchema = idOf<VehicleId>()
export const ById = Type.Object({ id: Id })
export const Name = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })
const Words = Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 50 })
const Version = Type.Integer()
const At = Type.String({ format: 'date-time' })

const PositionSchema = Type.Object({
  lon: Type.Number({ minimum: -180, maximum: 180 }),
  lat: Type.Number({ minimum: -90, maximum: 90 }),
})

const organisationFields = {
  parentId: orNull(OrganisationIdSchema),
  code: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }),
  kind: oneOf(ORGANISATION_KINDS),
  nameZh: Name,
  nameEn: Name,
  position: orNull(PositionSchema),
  dutyCommanderOfficerId: orNull(OfficerIdSchema),
}
export const OrganisationSchema = Type.Object({
  id: OrganisationIdSchema,
  ...organisationFields,
  version: Version,
})
export const OrganisationBody = Type.Object({
  ...organisationFields,
  position: Type.Optional(organisationFields.position),
  dutyCommanderOfficerId: Type.Optional(organisationFields.dutyCommanderOfficerId),
})
export const OrganisationChange = Type.Partial(Type.Object(organisationFields))

const officerFields = {
  organisationId: OrganisationIdSchema,
  badgeNumber: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }),
  sworn: Type.Boolean(),
  patrolCapable: Type.Boolean(),
  skills: Words,
}
const personFields = { name: Name, phone: orNull(Type.String({ maxLength: 40 })) }
/** No name and no telephone: those are personal data and have their own route. */
export const OfficerSchema = Type.Object({
  id: Id,
  ...officerFields,
  duty: oneOf(['on', 'off']),
  dutySinceAt: At,
  post: oneOf(POSTS),
  postSinceAt: At,
  version: Version,
})
export const OfficerPersonSchema = Type.Object({ id: Id, ...personFields })
export const OfficerBody = Type.Object({
  ...officerFields,
  name: personFields.name,
  phone: Type.Optional(personFields.phone),
  skills: Type.Optional(Words),
})
export const OfficerChange = Type.Partial(Type.Object({ ...officerFields, ...personFields }))

const vehicleFields = {
  organisationId: OrganisationIdSchema,
  plate: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }),
  kind: oneOf(VEHICLE_KINDS),
}
export const VehicleSchema = Type.Object({ id: Id, ...vehicleFields, version: Version })
export const VehicleBody = Type.Object(vehicleFields)
export const VehicleChange = Type.Partial(VehicleBody)

const unitFields = {
  organisationId: OrganisationIdSchema,
  callSign: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }),
  kind: oneOf(UNIT_KINDS),
  leaderOfficerId: orNull(OfficerIdSchema),
  vehicleId: orNull(VehicleIdSchema),
  memberOfficerIds: Type.Array(OfficerIdSchema, { maxItems: 50 }),
  skills: Words,
  equipment: Words,
}
export const UnitSchema = Type.Object({
  id: Id,
  ...unitFields,
  /** Where it serves now: with the borrower while lent. */
  servingOrganisationId: OrganisationIdSchema,
  status: oneOf(UNIT_STATUSES),
  statusSinceAt: At,
  version: Version,
})
export const UnitBody = Type.Object({
  organisationId: unitFields.organisationId,
  callSign: unitFields.callSign,
  kind: unitFields.kind,
  leaderOfficerId: Type.Optional(unitFields.leaderOfficerId),
  vehicleId: Type.Optional(unitFields.vehicleId),
  memberOfficerIds: Type.Optional(unitFields.memberOfficerIds),
  skills: Type.Optional(Words),
  equipment: Type.Optional(Words),
})
export const UnitChange = Type.Partial(Type.Object(unitFields))

export const UnitStatusSchema = oneOf(UNIT_STATUSES)
export const PostSchema = oneOf(POSTS)
export const StatusChangeSchema = Type.Object({
  id: Type.Integer(),
  rule: Type.String(),
  from: UnitStatusSchema,
  to: UnitStatusSchema,
  source: oneOf(STATUS_SOURCES),
  changedAt: At,
  accountName: Type.String(),
  cause: orNull(Type.String()),
})

export const LoanSubjectSchema = Type.Union([
  Type.Object({ kind: Type.Literal('officer'), officerId: OfficerIdSchema }),
  Type.Object({ kind: Type.Literal('unit'), unitId: UnitIdSchema }),
])
export const LoanSchema = Type.Object({
  id: Id,
  subject: LoanSubjectSchema,
  fromOrganisationId: Id,
  toOrganisationId: Id,
  startsAt: At,
  endsAt: orNull(At),
  returnedAt: orNull(At),
  active: Type.Boolean(),
  reason: Type.String(),
})

export const ForceBoardSchema = Type.Object({
  organisations: Type.Array(OrganisationSchema),
  officers: Type.Array(OfficerSchema),
  vehicles: Type.Array(VehicleSchema),
  units: Type.Array(UnitSchema),
  loans: Type.Array(LoanSchema),
})

export const organisationJson = (organisation: Organisation) => ({ ...organisation })
export const vehicleJson = (vehicle: Vehicle) => ({ ...vehicle })

export function officerJson({ dutySince, postSince, ...officer }: Officer) {
  return { ...officer, dutySinceAt: toIso(dutySince), postSinceAt: toIso(postSince) }
}

export function unitJson({ statusSince, ...unit }: Unit, loans: readonly Loan[], at: Instant) {
  return {
    ...unit,
    servingOrganisationId: servingOrganisationOfUnit(unit, loans, at),
    statusSinceAt: toIso(statusSince),
  }
}

export function loanJson({ startsAt, endsAt, returnedAt, ...loan }: Loan, at: Instant) {
  return {
    ...loan,
    startsAt: toIso(startsAt),
    endsAt: endsAt === null ? null : toIso(endsAt),
    returnedAt: returnedAt === null ? null : toIso(returnedAt),
    active: startsAt <= at && at < loanEnd({ startsAt, endsAt, returnedAt }),
  }
}

export const statusChangeJson = ({ changedAt, ...change }: StatusChange) => ({
  ...change,
  changedAt: toIso(changedAt),
})

export function forceBoardJson(force: ForceBoard, at: Instant) {
  return {
    organisations: force.organisations.map(organisationJson),
    officers: force.officers.map(officerJson),
    vehicles: force.vehicles.map(vehicleJson),
    units: force.units.map((unit) => unitJson(unit, force.loans, at)),
    loans: force.loans.map((loan) => loanJson(loan, at)),
  }
}
