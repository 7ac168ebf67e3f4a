import { isRefusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { getLevelPlan, type UnitEventData } from '../../incident/core/index.ts'
import { orderStandBy, type Assignment, type ReleaseCause } from '../core/index.ts'
import { levelFor, loadCandidates, situationOf } from './candidates.ts'
import type { DispatchNeeds } from './needs.ts'
import { orderOf, tellOrders } from './orders.ts'
import { announcementOf, applyStep } from './steps.ts'
import { insertAssignments, lockOpenOfIncident, moveAssignment } from './store.ts'

/**
 * Brings the stand-by of an incident to what its level's plan asks for: orders by echelon, releases of those no
 * longer wanted. A unit that somebody else takes in the same moment is simply not ordered.
 */
export async function standByForLevel(
  tx: Tx,
  actor: ActorContext,
  incidentId: string,
  needs: DispatchNeeds,
): Promise<void> {
  const incident = await needs.lockIncident(tx, incidentId)
  if (incident?.status !== 'open' || !incident.level) return
  const plan = getLevelPlan(await needs.responsePlan(tx), levelFor(incident))
  const open = await lockOpenOfIncident(tx, incidentId)
  const units = await loadCandidates(tx, incident, needs, actor.now)
  const advice = orderStandBy(units, plan, situationOf(incident))
  for (const assignment of open) {
    if (advice.releaseAssignmentIds.includes(assignment.id)) {
      await applyStep(tx, actor, assignment, { do: 'release', cause: 'de-escalated', reason: null }, needs)
    }
  }
  const orders = advice.orders.map((order) =>
    orderOf(incidentId, order, 'stand-by', order.echelon, actor.now),
  )
  await tellOrders(tx, actor, incident, await insertAssignments(tx, orders), needs)
}

/** Lets every unit of an incident go, because it has ended. */
export async function releaseAll(
  tx: Tx,
  actor: ActorContext,
  incidentId: string,
  cause: ReleaseCause,
  needs: DispatchNeeds,
): Promise<void> {
  await needs.lockIncident(tx, incidentId)
  for (const assignment of await lockOpenOfIncident(tx, incidentId)) {
    await applyStep(tx, actor, assignment, { do: 'release', cause, reason: null }, needs)
  }
}

/**
 * Takes the units of a merged incident over to the one it was merged into: same order, same state, so that nobody
 * on the way has to be told twice. Stand-by is let go instead: the other incident's plan asks for its own.
 */
export async function transfer(
  tx: Tx,
  actor: ActorContext,
  fromId: string,
  toId: string,
  needs: DispatchNeeds,
): Promise<void> {
  for (const id of [fromId, toId].toSorted()) await needs.lockIncident(tx, id)
  const [from, to] = [await needs.findIncident(tx, fromId), await needs.findIncident(tx, toId)]
  if (!from || to?.status !== 'open') return releaseAll(tx, actor, fromId, 'merged', needs)
  for (const assignment of await lockOpenOfIncident(tx, fromId)) {
    if (assignment.role === 'stand-by') {
      const released = await applyStep(
        tx,
        actor,
        assignment,
        { do: 'release', cause: 'merged', reason: null },
        needs,
      )
      if (isRefusal(released)) throw new Error(`stand-by not released: ${released.refused}`)
      continue
    }
    const moved = { ...assignment, incidentId: toId, version: assignment.version + 1 }
    await moveAssignment(tx, assignment.id, toId)
    await needs.appendUnitEvents(
      tx,
      fromId,
      [{ type: 'unit-transferred', data: { ...entryOf(assignment), number: to.number } }],
      actor,
    )
    await needs.appendUnitEvents(
      tx,
      toId,
      [
        {
          type: 'unit-ordered',
          data: { ...entryOf(assignment), carriedFrom: from.number, carried: carriedOf(assignment) },
        },
        ...(assignment.arrivedAt === null
          ? []
          : [{ type: 'unit-arrived' as const, data: entryOf(assignment) }]),
      ],
      actor,
    )
    await writeAudit(tx, actor, {
      action: 'dispatch.transfer',
      subjectKind: 'assignment',
      subjectId: assignment.id,
      detail: { unitId: assignment.unitId, fromIncidentId: fromId, toIncidentId: toId },
    })
    await announce(tx, announcementOf('assignment.transferred', moved, actor.now, { fromIncidentId: fromId }))
  }
}

const entryOf = ({ id, unitId, callSign, role }: Assignment): UnitEventData => ({
  assignmentId: id,
  unitId,
  callSign,
  role,
})

/** The times that the unit brings along from the other timeline. */
const carriedOf = ({ orderedAt, acknowledgedAt, departedAt, arrivedAt }: Assignment) => ({
  orderedAt,
  acknowledgedAt,
  departedAt,
  arrivedAt,
})
