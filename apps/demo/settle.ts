import { newId } from '../../foundation/server/ids.ts'
import { inTransaction, toTimestamp, type Db, type Tx } from '../../foundation/server/db.ts'
import { writeSetting } from '../../foundation/server/settings.ts'
import { isRefusal } from '../../foundation/core/outcome.ts'
import type { Instant } from '../../foundation/core/instant.ts'
import type { Position } from '../../foundation/core/geo.ts'
import {
  DISTRICT_SETTING,
  type ActiveHours,
  type DistrictSettings,
  type LonLat,
} from '../../capabilities/place/core/index.ts'
import type { MapPackage } from '../../capabilities/place/server/map-package.ts'
import { replaceMap } from '../../capabilities/place/server/map.store.ts'
import { insertArea, insertKeyPlace, insertSite } from '../../capabilities/place/server/register.store.ts'
import {
  findTransition,
  type OfficerId,
  type OrganisationId,
  type UnitStatus,
  type VehicleId,
} from '../../capabilities/force/core/index.ts'
import {
  insertMembers,
  insertOfficer,
  insertOrganisation,
  insertUnit,
  insertVehicle,
  updateOrganisation,
  updateUnit,
} from '../../capabilities/force/server/register.store.ts'
import { findOrganisation, writeDuty, writeStatus } from '../../capabilities/force/server/store.ts'
import type { GeneratedOfficer, GeneratedUnit } from './muster.ts'
import { settleRosters, type RosteredOrganisation } from './roster.ts'

/** A whole district before it has ids: generated, or generated on real roads. Keys join its records. */
export interface DistrictPlan {
  readonly settings: DistrictSettings
  readonly organisations: readonly {
    readonly key: string
    readonly parentKey: string | null
    readonly kind: 'sub-bureau' | 'station' | 'special-patrol'
    readonly nameZh: string
    readonly nameEn: string
    readonly position: Position
  }[]
  readonly areas: readonly {
    readonly kind: 'station' | 'beat'
    readonly name: string
    readonly organisationKey: string
    readonly ring: readonly LonLat[]
  }[]
  readonly officers: readonly GeneratedOfficer[]
  readonly units: readonly GeneratedUnit[]
  readonly sites: readonly (Position & {
    readonly class: 'residential' | 'venue' | 'key-unit'
    readonly trade: string
    readonly name: string
    readonly address: string
    readonly organisationKey: string | null
    readonly contact: string
    readonly phone: string
  })[]
  readonly keyPlaces: readonly (Position & {
    readonly name: string
    readonly radiusMetres: number
    readonly requiredUnits: number
    readonly limitSeconds: number
    readonly activeHours: readonly ActiveHours[]
  })[]
}

/** True for a database that no district has been loaded into. */
export async function isUnsettled(db: Db): Promise<boolean> {
  return (
    (await db.selectFrom('setting').select('key').where('key', '=', DISTRICT_SETTING).executeTakeFirst()) ===
    undefined
  )
}

/** Stores a district and its map in an empty database, in one transaction: all of it is there, or none. */
export async function settleDistrict(
  db: Db,
  plan: DistrictPlan,
  map: MapPackage,
  now: Instant,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const stored = await writeSetting(tx, DISTRICT_SETTING, plan.settings, 0, now)
    if (isRefusal(stored)) throw new Error('the database already holds a district')
    const organisationOf = await settleOrganisations(tx, plan)
    const rostered = await settleForce(tx, plan, organisationOf, now)
    await settleRosters(tx, rostered, { timeZone: plan.settings.timeZone, now })
    for (const { organisationKey, ...area } of plan.areas)
      await insertArea(tx, { ...area, organisationId: organisationOf.get(organisationKey)! })
    for (const { organisationKey, contact, phone, ...site } of plan.sites)
      await insertSite(tx, {
        ...site,
        organisationId: organisationKey === null ? null : organisationOf.get(organisationKey)!,
        contactName: contact,
        contactPhone: phone,
      })
    for (const place of plan.keyPlaces) await insertKeyPlace(tx, place)
    await replaceMap(tx, map, now)
    await noteInAudit(tx, plan, now)
  })
}

async function settleOrganisations(tx: Tx, plan: DistrictPlan): Promise<ReadonlyMap<string, OrganisationId>> {
  const idOf = new Map<string, OrganisationId>()
  for (const { key, parentKey, position, ...organisation } of plan.organisations) {
    const id = await insertOrganisation(tx, {
      ...organisation,
      code: key,
      parentId: parentKey === null ? null : idOf.get(parentKey)!,
      position,
      dutyCommanderOfficerId: null,
    })
    idOf.set(key, id)
  }
  return idOf
}

async function settleForce(
  tx: Tx,
  plan: DistrictPlan,
  organisationOf: ReadonlyMap<string, OrganisationId>,
  now: Instant,
): Promise<readonly RosteredOrganisation[]> {
  const officerOf = new Map<string, OfficerId>()
  for (const { badgeNumber, organisationKey, name, phone, sworn, patrolCapable, skills } of plan.officers) {
    const entry = {
      organisationId: organisationOf.get(organisationKey)!,
      badgeNumber,
      name,
      phone,
      sworn,
      patrolCapable,
      skills,
    }
    officerOf.set(badgeNumber, await insertOfficer(tx, entry, now))
  }
  const onDuty = plan.officers
    .filter(({ duty }) => duty === 'on')
    .map(({ badgeNumber }) => officerOf.get(badgeNumber)!)
  await writeDuty(tx, onDuty, 'on', now)
  const unitsOf = new Map<OrganisationId, { id: string; callSign: string }[]>()
  for (const unit of plan.units) {
    const organisationId = organisationOf.get(unit.organisationKey)!
    const vehicleId: VehicleId | null =
      unit.vehicle && (await insertVehicle(tx, { organisationId, ...unit.vehicle }))
    const { callSign, kind, skills, equipment } = unit
    const entry = { organisationId, callSign, kind, vehicleId, skills, equipment, leaderOfficerId: null }
    const id = await insertUnit(tx, entry, now)
    unitsOf.set(organisationId, [...(unitsOf.get(organisationId) ?? []), { id, callSign }])
    await insertMembers(
      tx,
      id,
      unit.crewBadges.map((badge) => officerOf.get(badge)!),
      now,
    )
    await updateUnit(tx, id, { ...entry, leaderOfficerId: officerOf.get(unit.leaderBadge)! }, 0)
    for (const [from, to] of stepsTo(unit.status)) {
      await writeStatus(tx, id, findTransition(from, to)!, {
        source: 'system',
        at: now,
        accountId: null,
        accountName: 'xunfang',
        ip: '',
        cause: 'district loaded',
      })
    }
  }
  await settleCommanders(tx, plan, organisationOf, officerOf)
  return plan.organisations.map(({ key }) => ({
    id: organisationOf.get(key)!,
    officers: plan.officers
      .filter(({ organisationKey }) => organisationKey === key)
      .map(({ badgeNumber, ...officer }) => ({ ...officer, id: officerOf.get(badgeNumber)! })),
    units: unitsOf.get(organisationOf.get(key)!) ?? [],
  }))
}

/** A new unit is off duty; the chain has no step straight into a break. */
function stepsTo(status: GeneratedUnit['status']): [UnitStatus, UnitStatus][] {
  return status === 'break'
    ? [
        ['off-duty', 'patrolling'],
        ['patrolling', 'break'],
      ]
    : [['off-duty', status]]
}

/** The first sworn officer on duty of each organisation is told when an order stays unanswered. */
async function settleCommanders(
  tx: Tx,
  plan: DistrictPlan,
  organisationOf: ReadonlyMap<string, OrganisationId>,
  officerOf: ReadonlyMap<string, OfficerId>,
): Promise<void> {
  for (const { key } of plan.organisations) {
    const commander = plan.officers.find(
      ({ organisationKey, sworn, duty }) => organisationKey === key && sworn && duty === 'on',
    )
    if (commander) await nameCommander(tx, organisationOf.get(key)!, officerOf.get(commander.badgeNumber)!)
  }
}

async function nameCommander(tx: Tx, organisationId: OrganisationId, officerId: OfficerId): Promise<void> {
  const organisation = await findOrganisation(tx, organisationId)
  await updateOrganisation(tx, { ...organisation!, dutyCommanderOfficerId: officerId })
}

async function noteInAudit(tx: Tx, plan: DistrictPlan, now: Instant): Promise<void> {
  await tx
    .insertInto('audit_entry')
    .values({
      at: toTimestamp(now),
      account_id: null,
      account_name: 'xunfang',
      action: 'district.load',
      subject_kind: 'district',
      subject_id: null,
      reason: null,
      ip: '',
      request_id: newId(now),
      detail: JSON.stringify({
        name: plan.settings.nameEn,
        officers: plan.officers.length,
        units: plan.units.length,
        sites: plan.sites.length,
      }),
    })
    .execute()
}
