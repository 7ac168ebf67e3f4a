import { isRefusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { inTransaction, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  planOfficersImport,
  planUnitsImport,
  type ImportRejection,
  type ImportRow,
  type OfficerId,
  type Unit,
  type UnitKind,
  type UnitUpsert,
  type VehicleKind,
} from '../core/index.ts'
import { changeUnit, enlistUnit, type UnitDraft } from './crews.ts'
import { upsertOfficers, upsertVehicle } from './import.store.ts'
import { endMemberships, updateUnit } from './register.store.ts'
import { listOfficers, listOrganisations, listUnits, listVehicles } from './store.ts'

export interface ImportOutcome {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly rejections: readonly ImportRejection[]
}

/**
 * Takes the rows of an officers file into the register, in one transaction. The same file twice changes nothing the
 * second time. New officers are off duty. Every row is counted once: added, changed, unchanged or rejected.
 */
export function importOfficers(
  db: Db,
  actor: ActorContext,
  rows: readonly ImportRow[],
): Promise<ImportOutcome> {
  return inTransaction(db, async (tx) => {
    const plan = planOfficersImport(rows, { organisations: await listOrganisations(tx) })
    const { added, changed } = await upsertOfficers(tx, plan.upserts, actor.now)
    const outcome = { added, changed, unchanged: plan.upserts.length - added - changed }
    await record(tx, actor, 'force.import-officers', 'officer', outcome, plan.rejections)
    if (added + changed > 0)
      await announce(tx, {
        topic: 'officer.changed',
        subjectId: 'import',
        organisationId: null,
        permission: 'force.read',
        at: actor.now,
        data: { imported: { added, changed } },
      })
    return { ...outcome, rejections: plan.rejections }
  })
}

/** Takes the rows of a units file, with crews and vehicles, in one transaction. As with officers, twice is once. */
export function importUnits(db: Db, actor: ActorContext, rows: readonly ImportRow[]): Promise<ImportOutcome> {
  return inTransaction(db, async (tx) => {
    const units = await listUnits(tx)
    const byCallSign = new Map(units.map((unit) => [unit.callSign, unit]))
    const plateOf = new Map((await listVehicles(tx)).map((vehicle) => [vehicle.id, vehicle.plate]))
    const plan = planUnitsImport(rows, {
      organisations: await listOrganisations(tx),
      officers: await listOfficers(tx),
      callSignOf: new Map(
        units.flatMap((unit) => unit.memberOfficerIds.map((officerId) => [officerId, unit.callSign])),
      ),
      callSignOfPlate: new Map(
        units.flatMap(({ vehicleId, callSign }) =>
          vehicleId === null ? [] : [[plateOf.get(vehicleId)!, callSign] as const],
        ),
      ),
    })
    const drafts = new Map<UnitUpsert, UnitDraft>()
    for (const upsert of plan.upserts) drafts.set(upsert, await draftOf(tx, upsert, byCallSign))
    const differing = plan.upserts.filter((upsert) =>
      differs(byCallSign.get(upsert.callSign), drafts.get(upsert)!),
    )
    await release(tx, actor, differing, byCallSign, drafts)

    let added = 0
    for (const upsert of differing) {
      const unit = byCallSign.get(upsert.callSign)
      const draft = drafts.get(upsert)!
      const outcome = unit
        ? await changeUnit(tx, actor, released(unit, draft), draft)
        : await enlistUnit(tx, actor, draft)
      if (isRefusal(outcome))
        throw new Error(
          `units import, row ${rowOf(upsert)}: planned, then refused: ${JSON.stringify(outcome)}`,
        )
      if (!unit) added += 1
    }
    const outcome = {
      added,
      changed: differing.length - added,
      unchanged: plan.upserts.length - differing.length,
    }
    await record(tx, actor, 'force.import-units', 'unit', outcome, plan.rejections)
    return { ...outcome, rejections: plan.rejections }
  })
}

const rowOf = (upsert: UnitUpsert) => (upsert as UnitUpsert & { row: number }).row

const VEHICLE_OF: Readonly<Record<UnitKind, VehicleKind>> = {
  car: 'car',
  motorcycle: 'motorcycle',
  bicycle: 'bicycle',
  foot: 'other',
  special: 'van',
  'plain-clothes': 'car',
  other: 'other',
}

/** Skills and equipment that the file leaves empty stay as they are. */
async function draftOf(
  tx: Tx,
  upsert: UnitUpsert,
  byCallSign: ReadonlyMap<string, Unit>,
): Promise<UnitDraft> {
  const unit = byCallSign.get(upsert.callSign)
  const { vehiclePlate, organisationId, callSign, kind, leaderOfficerId, memberOfficerIds } = upsert
  return {
    organisationId,
    callSign,
    kind,
    leaderOfficerId,
    memberOfficerIds,
    vehicleId:
      vehiclePlate === null
        ? null
        : await upsertVehicle(tx, { plate: vehiclePlate, kind: VEHICLE_OF[kind], organisationId }),
    skills: upsert.skills.length > 0 ? upsert.skills : (unit?.skills ?? []),
    equipment: upsert.equipment.length > 0 ? upsert.equipment : (unit?.equipment ?? []),
  }
}

function differs(unit: Unit | undefined, draft: UnitDraft): boolean {
  if (!unit) return true
  const same = (a: readonly string[], b: readonly string[]) =>
    a.length === b.length && a.every((one) => b.includes(one))
  return !(
    unit.organisationId === draft.organisationId &&
    unit.kind === draft.kind &&
    unit.leaderOfficerId === draft.leaderOfficerId &&
    unit.vehicleId === draft.vehicleId &&
    same(unit.memberOfficerIds, draft.memberOfficerIds) &&
    same(unit.skills, draft.skills) &&
    same(unit.equipment, draft.equipment)
  )
}

/** Two units of a file may swap crews or vehicles: whoever is to move lets go before anybody takes hold. */
async function release(
  tx: Tx,
  actor: ActorContext,
  differing: readonly UnitUpsert[],
  byCallSign: ReadonlyMap<string, Unit>,
  drafts: ReadonlyMap<UnitUpsert, UnitDraft>,
): Promise<void> {
  const leaving: OfficerId[] = []
  for (const upsert of differing) {
    const unit = byCallSign.get(upsert.callSign)
    if (!unit) continue
    const draft = drafts.get(upsert)!
    leaving.push(...unit.memberOfficerIds.filter((id) => !draft.memberOfficerIds.includes(id)))
    if (unit.vehicleId !== null && unit.vehicleId !== draft.vehicleId)
      await updateUnit(tx, unit.id, { ...unit, vehicleId: null }, unit.version - 1)
  }
  await endMemberships(tx, leaving, actor.now)
}

const released = (unit: Unit, draft: UnitDraft): Unit => ({
  ...unit,
  memberOfficerIds: unit.memberOfficerIds.filter((id) => draft.memberOfficerIds.includes(id)),
})

async function record(
  tx: Tx,
  actor: ActorContext,
  action: string,
  subjectKind: string,
  counts: Omit<ImportOutcome, 'rejections'>,
  rejections: readonly ImportRejection[],
): Promise<void> {
  await writeAudit(tx, actor, {
    action,
    subjectKind,
    subjectId: null,
    detail: { ...counts, rejected: rejections.length },
  })
}
