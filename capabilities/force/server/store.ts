import { sql, type Selectable } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { OrganisationTree } from '../../../foundation/server/http/context.ts'
import { remembered } from '../../../foundation/server/remembered.ts'
import {
  servingOrganisationOfUnit,
  type ForceBoard,
  type Officer,
  type OfficerId,
  type OfficerPerson,
  type Organisation,
  type OrganisationId,
  type StatusSource,
  type StatusTransition,
  type Unit,
  type UnitId,
  type UnitStatus,
  type Vehicle,
} from '../core/index.ts'
import { listOpenLoans } from './loan.store.ts'
import { forceOn, type ForceTables } from './tables.ts'

type Row<Table extends keyof ForceTables> = Selectable<ForceTables[Table]>

export function organisationOf(row: Row<'organisation'>): Organisation {
  return {
    id: row.id,
    parentId: row.parent_id,
    code: row.code,
    kind: row.kind,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    position: row.lon === null || row.lat === null ? null : { lon: row.lon, lat: row.lat },
    dutyCommanderOfficerId: row.duty_commander_officer_id,
    version: row.version,
  }
}

const OFFICER_COLUMNS = [
  'id',
  'organisation_id',
  'badge_number',
  'sworn',
  'patrol_capable',
  'skills',
  'duty',
  'duty_since',
  'post',
  'post_since',
  'version',
] as const

function officerOf(row: Pick<Row<'officer'>, (typeof OFFICER_COLUMNS)[number]>): Officer {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    badgeNumber: row.badge_number,
    sworn: row.sworn,
    patrolCapable: row.patrol_capable,
    skills: row.skills,
    duty: row.duty,
    dutySince: row.duty_since,
    post: row.post,
    postSince: row.post_since,
    version: row.version,
  }
}

const vehicleOf = (row: Row<'vehicle'>): Vehicle => ({
  id: row.id,
  organisationId: row.organisation_id,
  plate: row.plate,
  kind: row.kind,
  version: row.version,
})

const unitOf = (row: Row<'unit'> & { members: OfficerId[] }): Unit => ({
  id: row.id,
  organisationId: row.organisation_id,
  callSign: row.call_sign,
  kind: row.kind,
  leaderOfficerId: row.leader_officer_id,
  vehicleId: row.vehicle_id,
  memberOfficerIds: row.members,
  skills: row.skills,
  equipment: row.equipment,
  status: row.status,
  statusSince: row.status_since,
  version: row.version,
})

/** The crew of today in the order of joining, the leader first. */
const members = sql<OfficerId[]>`coalesce((
  select array_agg(unit_member.officer_id
    order by (unit_member.officer_id = unit.leader_officer_id) desc nulls last, unit_member.since_at, unit_member.officer_id)
  from unit_member where unit_member.unit_id = unit.id and unit_member.until_at is null), '{}')`

const unitRows = (db: Db | Tx) =>
  forceOn(db).selectFrom('unit').selectAll().select(members.as('members')).where('removed_at', 'is', null)

/** All forces of all departments. Loans are those not yet over at `at`. Five statements, whatever the size. */
export async function readForceBoard(db: Db | Tx, at: Instant): Promise<ForceBoard> {
  const [organisations, officers, vehicles, units, loans] = [
    await listOrganisations(db),
    await listOfficers(db),
    await listVehicles(db),
    await listUnits(db),
    await listOpenLoans(db, at),
  ]
  return { organisations, officers, vehicles, units, loans }
}

/** What is remembered of the organisations; whoever writes one forgets it. */
export const ORGANISATION_KINDS = 'organisation kinds'

export async function listOrganisations(db: Db | Tx): Promise<Organisation[]> {
  const rows = await forceOn(db).selectFrom('organisation').selectAll().orderBy('code').execute()
  return rows.map(organisationOf)
}

/** Every organisation's parent, for the guard. */
export async function readOrganisationTree(db: Db | Tx): Promise<OrganisationTree> {
  const rows = await forceOn(db).selectFrom('organisation').select(['id', 'parent_id']).execute()
  return new Map(rows.map((row) => [row.id as string, row.parent_id as string | null]))
}

export async function findOrganisation(db: Db | Tx, id: string): Promise<Organisation | null> {
  const row = await forceOn(db)
    .selectFrom('organisation')
    .selectAll()
    .where('id', '=', id as OrganisationId)
    .executeTakeFirst()
  return row ? organisationOf(row) : null
}

export async function listOfficers(db: Db | Tx): Promise<Officer[]> {
  const rows = await forceOn(db)
    .selectFrom('officer')
    .select(OFFICER_COLUMNS)
    .where('removed_at', 'is', null)
    .orderBy('badge_number')
    .execute()
  return rows.map(officerOf)
}

/** Those of the ids that are there, locked against other changes, in the order of their ids (no deadlocks). */
export async function lockOfficers(tx: Tx, ids: readonly string[]): Promise<Officer[]> {
  if (ids.length === 0) return []
  const rows = await forceOn(tx)
    .selectFrom('officer')
    .select(OFFICER_COLUMNS)
    .where('id', 'in', ids as OfficerId[])
    .where('removed_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(officerOf)
}

export async function lockOfficer(tx: Tx, id: string): Promise<Officer | null> {
  return (await lockOfficers(tx, [id]))[0] ?? null
}

export async function findOfficer(db: Db | Tx, id: string): Promise<Officer | null> {
  const row = await forceOn(db)
    .selectFrom('officer')
    .select(OFFICER_COLUMNS)
    .where('id', '=', id as OfficerId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? officerOf(row) : null
}

/** Names and telephones; personal data. `scope` null: of the whole district. */
export async function listOfficerPersons(
  db: Db | Tx,
  scope: ReadonlySet<string> | null,
): Promise<OfficerPerson[]> {
  let query = forceOn(db)
    .selectFrom('officer')
    .select(['id', 'name', 'phone'])
    .where('removed_at', 'is', null)
    .orderBy('badge_number')
  if (scope) {
    if (scope.size === 0) return []
    query = query.where('organisation_id', 'in', [...scope] as OrganisationId[])
  }
  return query.execute()
}

/** At most this many are shown to one who looks for a person: a search, not a register. */
const MOST_FOUND = 20

/** Officers whose badge number or name holds the words, or the one with this id: badge number and name only. */
export async function searchOfficers(
  db: Db | Tx,
  sought: { readonly words: string } | { readonly id: string },
): Promise<{ id: string; badgeNumber: string; name: string }[]> {
  let query = forceOn(db)
    .selectFrom('officer')
    .select(['id', 'badge_number', 'name'])
    .where('removed_at', 'is', null)
    .orderBy('badge_number')
    .limit(MOST_FOUND)
  if ('id' in sought) query = query.where('id', '=', sought.id as OfficerId)
  else {
    const pattern = `%${sought.words.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) => eb.or([eb('badge_number', 'ilike', pattern), eb('name', 'ilike', pattern)]))
  }
  return (await query.execute()).map(({ id, badge_number, name }) => ({
    id,
    badgeNumber: badge_number,
    name,
  }))
}

export async function listVehicles(db: Db | Tx): Promise<Vehicle[]> {
  const rows = await forceOn(db)
    .selectFrom('vehicle')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('plate')
    .execute()
  return rows.map(vehicleOf)
}

export async function findVehicle(db: Db | Tx, id: string): Promise<Vehicle | null> {
  const row = await forceOn(db)
    .selectFrom('vehicle')
    .selectAll()
    .where('id', '=', id as Vehicle['id'])
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? vehicleOf(row) : null
}

export async function listUnits(db: Db | Tx): Promise<Unit[]> {
  return (await unitRows(db).orderBy('call_sign').execute()).map(unitOf)
}

export async function findUnit(db: Db | Tx, id: string): Promise<Unit | null> {
  const row = await unitRows(db)
    .where('id', '=', id as UnitId)
    .executeTakeFirst()
  return row ? unitOf(row) : null
}

/** The unit, locked until the transaction ends, so that two changes of one unit stand in line. */
export async function lockUnit(tx: Tx, id: string): Promise<Unit | null> {
  const locked = await forceOn(tx)
    .selectFrom('unit')
    .select('id')
    .where('id', '=', id as UnitId)
    .where('removed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return locked ? findUnit(tx, id) : null
}

/** The unit that each of the officers is in; those in none are left out. */
export async function listUnitsOfOfficers(
  db: Db | Tx,
  officerIds: readonly string[],
): Promise<ReadonlyMap<OfficerId, UnitId>> {
  if (officerIds.length === 0) return new Map()
  const rows = await forceOn(db)
    .selectFrom('unit_member')
    .select(['officer_id', 'unit_id'])
    .where('officer_id', 'in', officerIds as OfficerId[])
    .where('until_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.officer_id, row.unit_id]))
}

export interface StatusChange {
  readonly id: number
  readonly rule: string
  readonly from: UnitStatus
  readonly to: UnitStatus
  readonly source: StatusSource
  readonly changedAt: Instant
  readonly accountName: string
  readonly cause: string | null
}

/** The status chain of a unit, newest first. `before`: only changes older than that id. */
export async function listStatusChanges(
  db: Db | Tx,
  unitId: string,
  before: number | null,
  limit: number,
): Promise<StatusChange[]> {
  let query = forceOn(db)
    .selectFrom('unit_status_change')
    .selectAll()
    .where('unit_id', '=', unitId as UnitId)
    .orderBy('id', 'desc')
    .limit(limit)
  if (before !== null) query = query.where('id', '<', before)
  return (await query.execute()).map((row) => ({
    id: row.id,
    rule: row.rule,
    from: row.from_status,
    to: row.to_status,
    source: row.source,
    changedAt: row.changed_at,
    accountName: row.account_name,
    cause: row.cause,
  }))
}

/** Puts the unit into its next status and keeps the step: when, by whom, from where and why. */
export async function writeStatus(
  tx: Tx,
  unitId: UnitId,
  step: StatusTransition,
  by: {
    source: StatusSource
    at: Instant
    accountId: string | null
    accountName: string
    ip: string
    cause: string | null
  },
): Promise<void> {
  await forceOn(tx)
    .updateTable('unit')
    .set({ status: step.to, status_since: toTimestamp(by.at) })
    .where('id', '=', unitId)
    .execute()
  await forceOn(tx)
    .insertInto('unit_status_change')
    .values({
      unit_id: unitId,
      rule: step.id,
      from_status: step.from,
      to_status: step.to,
      source: by.source,
      changed_at: toTimestamp(by.at),
      account_id: by.accountId,
      account_name: by.accountName,
      ip: by.ip,
      cause: by.cause,
    })
    .execute()
}

/** Ends the foot posts of a unit's crew; gives whose. */
export async function endPostsOfCrew(tx: Tx, unitId: UnitId, at: Instant): Promise<OfficerId[]> {
  const rows = await forceOn(tx)
    .updateTable('officer')
    .set({ post: 'none', post_since: toTimestamp(at) })
    .where('post', '=', 'street')
    .where('id', 'in', (inner) =>
      inner
        .selectFrom('unit_member')
        .select('officer_id')
        .where('unit_id', '=', unitId)
        .where('until_at', 'is', null),
    )
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

export async function writeDuty(
  tx: Tx,
  officerIds: readonly OfficerId[],
  duty: 'on' | 'off',
  at: Instant,
): Promise<void> {
  await forceOn(tx)
    .updateTable('officer')
    .set({
      duty,
      duty_since: toTimestamp(at),
      ...(duty === 'off' ? { post: 'none' as const, post_since: toTimestamp(at) } : {}),
    })
    .where('id', 'in', officerIds as OfficerId[])
    .execute()
}

export async function writePost(
  tx: Tx,
  officerId: OfficerId,
  post: Officer['post'],
  at: Instant,
): Promise<void> {
  await forceOn(tx)
    .updateTable('officer')
    .set({ post, post_since: toTimestamp(at) })
    .where('id', '=', officerId)
    .execute()
}

/** Locks units and officers in the order of their ids, so that nothing about them changes until the transaction ends. */
export async function lockSubjects(
  tx: Tx,
  { unitIds, officerIds }: { readonly unitIds: readonly UnitId[]; readonly officerIds: readonly OfficerId[] },
): Promise<void> {
  if (unitIds.length > 0)
    await forceOn(tx)
      .selectFrom('unit')
      .select('id')
      .where('id', 'in', unitIds)
      .orderBy('id')
      .forUpdate()
      .execute()
  await lockOfficers(tx, officerIds)
}

/** A unit as rooms beside the force see it: where it serves now, and what kind of organisation that is. */
export interface ServingUnit {
  readonly unitId: UnitId
  readonly callSign: string
  readonly organisationId: OrganisationId
  readonly organisationKind: Organisation['kind']
  readonly status: UnitStatus
  readonly skills: readonly string[]
}

/**
 * Every unit, or those of the ids, with the organisation it serves at `at`, loans counted. Read for each
 * recommendation and order, so it takes no crews and no more columns than those need.
 */
export async function listServingUnits(
  db: Db | Tx,
  at: Instant,
  ids?: readonly string[],
): Promise<ServingUnit[]> {
  const kinds = await remembered(db, ORGANISATION_KINDS, async () => {
    const rows = await forceOn(db).selectFrom('organisation').select(['id', 'kind']).execute()
    return new Map(rows.map(({ id, kind }) => [id, kind]))
  })
  const loans = await listOpenLoans(db, at)
  let query = forceOn(db)
    .selectFrom('unit')
    .select(['id', 'organisation_id', 'call_sign', 'status', 'skills'])
    .where('removed_at', 'is', null)
    .orderBy('call_sign')
  if (ids) query = query.where('id', 'in', ids as UnitId[])
  return (await query.execute()).map((row) => {
    const unit = { id: row.id, organisationId: row.organisation_id }
    const organisationId = servingOrganisationOfUnit(unit, loans, at)
    return {
      unitId: row.id,
      callSign: row.call_sign,
      organisationId,
      organisationKind: kinds.get(organisationId)!,
      status: row.status,
      skills: row.skills,
    }
  })
}
