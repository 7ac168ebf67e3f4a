import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Tx } from '../../../foundation/server/db.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { forget } from '../../../foundation/server/remembered.ts'
import type {
  Officer,
  OfficerId,
  Organisation,
  OrganisationId,
  Unit,
  UnitId,
  Vehicle,
  VehicleId,
} from '../core/index.ts'
import { ORGANISATION_KINDS } from './store.ts'
import { forceOn } from './tables.ts'

/** What an organisation, officer, vehicle or unit is made of; the id and the version are the register's. */
export type OrganisationEntry = Omit<Organisation, 'id' | 'version'>
export type OfficerEntry = Pick<
  Officer,
  'organisationId' | 'badgeNumber' | 'sworn' | 'patrolCapable' | 'skills'
> & { readonly name: string; readonly phone: string | null }
export type VehicleEntry = Omit<Vehicle, 'id' | 'version'>
export type UnitEntry = Pick<
  Unit,
  'organisationId' | 'callSign' | 'kind' | 'leaderOfficerId' | 'vehicleId' | 'skills' | 'equipment'
>

const organisationRow = (entry: OrganisationEntry) => ({
  parent_id: entry.parentId,
  code: entry.code,
  kind: entry.kind,
  name_zh: entry.nameZh,
  name_en: entry.nameEn,
  lon: entry.position?.lon ?? null,
  lat: entry.position?.lat ?? null,
  duty_commander_officer_id: entry.dutyCommanderOfficerId,
})

const officerRow = (entry: OfficerEntry) => ({
  organisation_id: entry.organisationId,
  badge_number: entry.badgeNumber,
  name: entry.name,
  phone: entry.phone,
  sworn: entry.sworn,
  patrol_capable: entry.patrolCapable,
  skills: [...entry.skills],
})

const unitRow = (entry: UnitEntry) => ({
  organisation_id: entry.organisationId,
  call_sign: entry.callSign,
  kind: entry.kind,
  leader_officer_id: entry.leaderOfficerId,
  vehicle_id: entry.vehicleId,
  skills: [...entry.skills],
  equipment: [...entry.equipment],
})

export async function insertOrganisation(tx: Tx, entry: OrganisationEntry): Promise<OrganisationId> {
  const id = newId<OrganisationId>()
  forget(tx, ORGANISATION_KINDS)
  await forceOn(tx)
    .insertInto('organisation')
    .values({ id, ...organisationRow(entry) })
    .execute()
  return id
}

export async function updateOrganisation(tx: Tx, { id, version, ...entry }: Organisation): Promise<void> {
  forget(tx, ORGANISATION_KINDS)
  await forceOn(tx)
    .updateTable('organisation')
    .set({ ...organisationRow(entry), version: version + 1 })
    .where('id', '=', id)
    .execute()
}

/** True where nothing of the force belongs to the organisation or stands below it. */
export async function isOrganisationEmpty(tx: Tx, id: OrganisationId): Promise<boolean> {
  const db = forceOn(tx)
  const [child, officer, vehicle, unit, loan] = [
    await db.selectFrom('organisation').select('id').where('parent_id', '=', id).limit(1).executeTakeFirst(),
    await db.selectFrom('officer').select('id').where('organisation_id', '=', id).limit(1).executeTakeFirst(),
    await db.selectFrom('vehicle').select('id').where('organisation_id', '=', id).limit(1).executeTakeFirst(),
    await db.selectFrom('unit').select('id').where('organisation_id', '=', id).limit(1).executeTakeFirst(),
    await db
      .selectFrom('loan')
      .select('id')
      .where((where) =>
        where.or([where('from_organisation_id', '=', id), where('to_organisation_id', '=', id)]),
      )
      .limit(1)
      .executeTakeFirst(),
  ]
  return !child && !officer && !vehicle && !unit && !loan
}

export async function deleteOrganisation(tx: Tx, id: OrganisationId): Promise<void> {
  forget(tx, ORGANISATION_KINDS)
  await forceOn(tx).deleteFrom('organisation').where('id', '=', id).execute()
}

/** A new officer is off duty until the roll is called. */
export async function insertOfficer(tx: Tx, entry: OfficerEntry, now: Instant): Promise<OfficerId> {
  const id = newId<OfficerId>()
  const since = toTimestamp(now)
  await forceOn(tx)
    .insertInto('officer')
    .values({ id, ...officerRow(entry), duty_since: since, post_since: since })
    .execute()
  return id
}

export async function updateOfficer(
  tx: Tx,
  id: OfficerId,
  entry: Partial<OfficerEntry>,
  version: number,
): Promise<void> {
  const row = officerRow({ ...entry, skills: entry.skills ?? [] } as OfficerEntry)
  const given = Object.fromEntries(
    Object.entries({ ...row, skills: entry.skills && row.skills }).filter(([, value]) => value !== undefined),
  )
  await forceOn(tx)
    .updateTable('officer')
    .set({ ...given, version: version + 1 })
    .where('id', '=', id)
    .execute()
}

/** The history stays; badge number and name are free again. */
export async function removeOfficer(tx: Tx, id: OfficerId, now: Instant): Promise<void> {
  await forceOn(tx)
    .updateTable('officer')
    .set({ removed_at: toTimestamp(now) })
    .where('id', '=', id)
    .execute()
  await forceOn(tx)
    .updateTable('organisation')
    .set({ duty_commander_officer_id: null })
    .where('duty_commander_officer_id', '=', id)
    .execute()
}

export async function insertVehicle(tx: Tx, entry: VehicleEntry): Promise<VehicleId> {
  const id = newId<VehicleId>()
  await forceOn(tx)
    .insertInto('vehicle')
    .values({ id, organisation_id: entry.organisationId, plate: entry.plate, kind: entry.kind })
    .execute()
  return id
}

export async function updateVehicle(tx: Tx, vehicle: Vehicle): Promise<void> {
  await forceOn(tx)
    .updateTable('vehicle')
    .set({
      organisation_id: vehicle.organisationId,
      plate: vehicle.plate,
      kind: vehicle.kind,
      version: vehicle.version + 1,
    })
    .where('id', '=', vehicle.id)
    .execute()
}

export async function removeVehicle(tx: Tx, id: VehicleId, now: Instant): Promise<void> {
  await forceOn(tx)
    .updateTable('vehicle')
    .set({ removed_at: toTimestamp(now) })
    .where('id', '=', id)
    .execute()
}

/** The call sign of the unit that uses a vehicle; null where none does. */
export async function findUnitOfVehicle(
  tx: Tx,
  id: VehicleId,
): Promise<{ id: UnitId; callSign: string } | null> {
  const row = await forceOn(tx)
    .selectFrom('unit')
    .select(['id', 'call_sign'])
    .where('vehicle_id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? { id: row.id, callSign: row.call_sign } : null
}

/** A new unit is off duty and has no crew. */
export async function insertUnit(tx: Tx, entry: UnitEntry, now: Instant): Promise<UnitId> {
  const id = newId<UnitId>()
  await forceOn(tx)
    .insertInto('unit')
    .values({ id, ...unitRow(entry), status_since: toTimestamp(now) })
    .execute()
  return id
}

export async function updateUnit(tx: Tx, id: UnitId, entry: UnitEntry, version: number): Promise<void> {
  await forceOn(tx)
    .updateTable('unit')
    .set({ ...unitRow(entry), version: version + 1 })
    .where('id', '=', id)
    .execute()
}

export async function removeUnit(tx: Tx, id: UnitId, now: Instant): Promise<void> {
  await forceOn(tx)
    .updateTable('unit')
    .set({ removed_at: toTimestamp(now), leader_officer_id: null, vehicle_id: null })
    .where('id', '=', id)
    .execute()
}

/** Takes the officers out of whatever unit they are in, as its leader too. */
export async function endMemberships(tx: Tx, officerIds: readonly OfficerId[], now: Instant): Promise<void> {
  if (officerIds.length === 0) return
  await forceOn(tx)
    .updateTable('unit_member')
    .set({ until_at: toTimestamp(now) })
    .where('officer_id', 'in', officerIds as OfficerId[])
    .where('until_at', 'is', null)
    .execute()
  await forceOn(tx)
    .updateTable('unit')
    .set({ leader_officer_id: null })
    .where('leader_officer_id', 'in', officerIds as OfficerId[])
    .execute()
}

/** New members of a unit. They leave their foot posts: from now on they are where the unit is. */
export async function insertMembers(
  tx: Tx,
  unitId: UnitId,
  officerIds: readonly OfficerId[],
  now: Instant,
): Promise<void> {
  if (officerIds.length === 0) return
  await forceOn(tx)
    .insertInto('unit_member')
    .values(
      officerIds.map((officerId) => ({ unit_id: unitId, officer_id: officerId, since_at: toTimestamp(now) })),
    )
    .execute()
  await forceOn(tx)
    .updateTable('officer')
    .set({ post: 'none', post_since: toTimestamp(now) })
    .where('id', 'in', officerIds as OfficerId[])
    .where('post', '=', 'street')
    .execute()
}
