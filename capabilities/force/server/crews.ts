import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { decideCrew, type OfficerId, type Unit, type UnitId } from '../core/index.ts'
import { announceUnit } from './commands.ts'
import {
  endMemberships,
  findUnitOfVehicle,
  insertMembers,
  insertUnit,
  removeUnit,
  updateUnit,
  type UnitEntry,
} from './register.store.ts'
import { listOpenLoans } from './loan.store.ts'
import { findOrganisation, findUnit, findVehicle, listUnitsOfOfficers, lockOfficers } from './store.ts'

export interface UnitDraft extends UnitEntry {
  readonly memberOfficerIds: readonly OfficerId[]
}

/** Sets up a unit with its crew. Refuses what `decideCrew` refuses, `organisation-unknown`, `vehicle-unknown` and `vehicle-in-other-unit`. */
export async function enlistUnit(tx: Tx, actor: ActorContext, draft: UnitDraft): Promise<Unit | Refusal> {
  // The crew decides about a unit that is there: an empty one first, its crew in the next statement.
  const { memberOfficerIds, leaderOfficerId, ...entry } = draft
  const fault = await entryFault(tx, null, draft)
  if (fault) return fault
  const id = await insertUnit(tx, { ...entry, leaderOfficerId: null }, actor.now)
  const unit = (await findUnit(tx, id))!
  const crewed = await crew(tx, actor, unit, { ...draft, memberOfficerIds, leaderOfficerId })
  if (isRefusal(crewed)) return crewed
  await updateUnit(tx, id, { ...entry, leaderOfficerId }, 0)
  return finish(tx, actor, id, 'added')
}

/** Changes what a unit is made of, its crew with it. The caller has locked it and compared versions. */
export async function changeUnit(
  tx: Tx,
  actor: ActorContext,
  unit: Unit,
  draft: UnitDraft,
): Promise<Unit | Refusal> {
  const fault = await entryFault(tx, unit.id, draft)
  if (fault) return fault
  const crewed = await crew(tx, actor, unit, draft)
  if (isRefusal(crewed)) return crewed
  await updateUnit(tx, unit.id, draft, unit.version)
  return finish(tx, actor, unit.id, 'changed')
}

/** Takes a unit off the board; its history stays. Refuses `unit-still-in-service` unless it is off duty or out of service. */
export async function dissolveUnit(tx: Tx, actor: ActorContext, unit: Unit): Promise<Refusal | null> {
  if (unit.status !== 'off-duty' && unit.status !== 'out-of-service')
    return refuse('unit-still-in-service', { detail: { unitId: unit.id, status: unit.status } })
  await endMemberships(tx, unit.memberOfficerIds, actor.now)
  await removeUnit(tx, unit.id, actor.now)
  await writeAudit(tx, actor, { action: 'force.remove-unit', subjectKind: 'unit', subjectId: unit.id })
  await announceUnit(tx, actor.now, unit, 'removed')
  return null
}

async function entryFault(tx: Tx, id: UnitId | null, entry: UnitEntry): Promise<Refusal | null> {
  if (!(await findOrganisation(tx, entry.organisationId)))
    return refuse('organisation-unknown', {
      field: 'organisationId',
      detail: { organisationId: entry.organisationId },
    })
  if (entry.vehicleId === null) return null
  if (!(await findVehicle(tx, entry.vehicleId)))
    return refuse('vehicle-unknown', { field: 'vehicleId', detail: { vehicleId: entry.vehicleId } })
  const user = await findUnitOfVehicle(tx, entry.vehicleId)
  return user && user.id !== id
    ? refuse('vehicle-in-other-unit', {
        field: 'vehicleId',
        detail: { vehicleId: entry.vehicleId, unitId: user.id, callSign: user.callSign },
      })
    : null
}

/** Those who leave end their membership, those who stay keep theirs with its beginning, the new ones join. */
async function crew(tx: Tx, actor: ActorContext, unit: Unit, draft: UnitDraft): Promise<Refusal | null> {
  const joining = draft.memberOfficerIds.filter((id) => !unit.memberOfficerIds.includes(id))
  const leaving = unit.memberOfficerIds.filter((id) => !draft.memberOfficerIds.includes(id))
  const officers = await lockOfficers(tx, [...draft.memberOfficerIds, ...leaving])
  const refused = decideCrew(
    {
      unit: { id: unit.id, organisationId: draft.organisationId },
      memberOfficerIds: draft.memberOfficerIds,
      leaderOfficerId: draft.leaderOfficerId,
    },
    {
      officers: new Map(officers.map((officer) => [officer.id, officer])),
      unitOf: await listUnitsOfOfficers(tx, draft.memberOfficerIds),
      loans: await listOpenLoans(tx, actor.now),
    },
    actor.now,
  )
  if (refused) return refused
  await endMemberships(tx, leaving, actor.now)
  await insertMembers(tx, unit.id, joining, actor.now)
  return null
}

async function finish(tx: Tx, actor: ActorContext, id: UnitId, change: 'added' | 'changed'): Promise<Unit> {
  const unit = (await findUnit(tx, id))!
  await writeAudit(tx, actor, {
    action: change === 'added' ? 'force.add-unit' : 'force.change-unit',
    subjectKind: 'unit',
    subjectId: id,
    detail: {
      callSign: unit.callSign,
      organisationId: unit.organisationId,
      leaderOfficerId: unit.leaderOfficerId,
      memberOfficerIds: unit.memberOfficerIds,
      vehicleId: unit.vehicleId,
    },
  })
  await announceUnit(tx, actor.now, unit, change)
  return unit
}
