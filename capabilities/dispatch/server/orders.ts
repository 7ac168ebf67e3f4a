import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import type { Incident } from '../../incident/core/index.ts'
import type { Assignment, AssignmentId, AssignmentRole } from '../core/index.ts'
import type { DispatchNeeds, ForceUnit } from './needs.ts'
import { announcementOf, applyStep } from './steps.ts'
import { insertAssignments, listOpenOfUnits, lockOpenOfUnits } from './store.ts'

/** One command: these units, to handle or to stand by; the reason is for taking one from stand-by elsewhere. */
export interface Order {
  readonly unitIds: readonly string[]
  readonly role: AssignmentRole
  readonly reason: string | null
}

/**
 * Sends units to an incident, all of them or none.
 * Refuses `not-found`, `out-of-scope`, `incident-ended`, `invalid-unit`, `unit-not-on-duty`,
 * `unit-already-assigned` (naming the incident that has it) and `preemption-reason-required`.
 */
export async function dispatch(
  tx: Tx,
  actor: ActorContext,
  incidentId: string,
  order: Order,
  needs: DispatchNeeds,
): Promise<Assignment[] | Refusal> {
  const unitIds = [...new Set(order.unitIds)].toSorted()
  const incident = await lockIncidents(tx, incidentId, unitIds, needs)
  if (isRefusal(incident)) return incident
  if (!actor.mayFor('dispatch.order', incident.organisationId)) return refuse('out-of-scope')
  if (incident.status !== 'open')
    return refuse('incident-ended', { detail: { number: incident.number, status: incident.status } })
  const force = new Map((await needs.listUnits(tx, actor.now, unitIds)).map((unit) => [unit.unitId, unit]))
  const bound = new Map(
    (await lockOpenOfUnits(tx, unitIds)).map((assignment) => [assignment.unitId, assignment]),
  )
  const fresh: Assignment[] = []
  const done: Assignment[] = []
  for (const unitId of unitIds) {
    const unit = force.get(unitId)
    if (!unit) return refuse('invalid-unit', { field: 'unitIds', detail: { unitId } })
    if (!actor.mayFor('dispatch.order', unit.organisationId))
      return refuse('out-of-scope', { field: 'unitIds', detail: { unitId, callSign: unit.callSign } })
    const freed = await freeFor(tx, actor, incident, unit, order, bound.get(unitId), needs)
    if (freed !== null && isRefusal(freed)) return freed
    if (freed !== null) done.push(freed)
    else fresh.push(orderOf(incident.id, unit, order.role, 1, actor.now))
  }
  const written = await insertAssignments(tx, fresh)
  if (written.length < fresh.length) return takenMeanwhile(tx, fresh, written, needs)
  await tellOrders(tx, actor, incident, written, needs)
  return [...done, ...written]
}

/**
 * Locks the incident together with those that the units are bound to now, in the order of their ids: a unit that is
 * pre-empted writes into the other incident's timeline too.
 */
async function lockIncidents(
  tx: Tx,
  incidentId: string,
  unitIds: readonly string[],
  needs: DispatchNeeds,
): Promise<Incident | Refusal> {
  const others = (await listOpenOfUnits(tx, unitIds)).map((assignment) => assignment.incidentId)
  let incident: Incident | null = null
  for (const id of [...new Set([incidentId, ...others])].toSorted()) {
    const locked = await needs.lockIncident(tx, id)
    if (id === incidentId) incident = locked
  }
  return incident ?? refuse('not-found', { detail: { incidentId } })
}

/** Gives the promoted assignment, null where a new order is to be written, or why the unit cannot be had. */
async function freeFor(
  tx: Tx,
  actor: ActorContext,
  incident: Incident,
  unit: ForceUnit,
  { role, reason }: Order,
  before: Assignment | undefined,
  needs: DispatchNeeds,
): Promise<Assignment | null | Refusal> {
  if (unit.status === 'off-duty' || unit.status === 'out-of-service') {
    return refuse('unit-not-on-duty', {
      field: 'unitIds',
      detail: { unitId: unit.unitId, callSign: unit.callSign, status: unit.status },
    })
  }
  if (!before) return null
  const isHere = before.incidentId === incident.id
  if (before.role === 'stand-by' && isHere && role === 'handle') {
    const promoted = await applyStep(tx, actor, before, { do: 'promote' }, needs)
    return promoted
  }
  if (before.role === 'handle' || isHere) return alreadyAssigned(tx, before, needs)
  if (!reason?.trim()) {
    return refuse('preemption-reason-required', { field: 'reason', detail: await boundTo(tx, before, needs) })
  }
  const released = await applyStep(tx, actor, before, { do: 'release', cause: 'pre-empted', reason }, needs)
  return isRefusal(released) ? released : null
}

async function alreadyAssigned(tx: Tx, assignment: Assignment, needs: DispatchNeeds): Promise<Refusal> {
  return refuse('unit-already-assigned', { field: 'unitIds', detail: await boundTo(tx, assignment, needs) })
}

async function boundTo(
  tx: Tx,
  { unitId, callSign, incidentId, role }: Assignment,
  needs: DispatchNeeds,
): Promise<Record<string, unknown>> {
  const incident = await needs.findIncident(tx, incidentId)
  return { unitId, callSign, incidentId, incidentNumber: incident?.number ?? null, role }
}

/** The index said no: somebody else committed an order for one of the units after we had looked. */
async function takenMeanwhile(
  tx: Tx,
  fresh: readonly Assignment[],
  written: readonly Assignment[],
  needs: DispatchNeeds,
): Promise<Refusal> {
  const ids = new Set(written.map(({ id }) => id))
  const missing = fresh.filter(({ id }) => !ids.has(id)).map(({ unitId }) => unitId)
  const [taken] = await listOpenOfUnits(tx, missing)
  return taken
    ? alreadyAssigned(tx, taken, needs)
    : refuse('unit-already-assigned', { field: 'unitIds', detail: { unitId: missing[0] } })
}

export function orderOf(
  incidentId: string,
  unit: Pick<ForceUnit, 'unitId' | 'callSign' | 'organisationId'>,
  role: AssignmentRole,
  echelon: number,
  at: number,
): Assignment {
  return {
    id: newId<AssignmentId>(at),
    incidentId,
    unitId: unit.unitId,
    callSign: unit.callSign,
    organisationId: unit.organisationId,
    role,
    state: 'ordered',
    echelon,
    orderedAt: at,
    askedAt: at,
    acknowledgedAt: null,
    departedAt: null,
    arrivedAt: null,
    releasedAt: null,
    releaseCause: null,
    chaseCount: 0,
    lastChasedAt: null,
    chaseEscalatedAt: null,
    version: 1,
  }
}

/** Timeline, audit entry and announcements of orders just written, by echelon. */
export async function tellOrders(
  tx: Tx,
  actor: ActorContext,
  incident: Incident,
  orders: readonly Assignment[],
  needs: DispatchNeeds,
): Promise<void> {
  if (orders.length === 0) return
  const byEchelon = orders.toSorted((a, b) => a.echelon - b.echelon)
  await needs.appendUnitEvents(
    tx,
    incident.id,
    byEchelon.map(({ id, unitId, callSign, role, echelon, organisationId }) => ({
      type: role === 'handle' ? 'unit-ordered' : 'unit-stood-by',
      data: { assignmentId: id, unitId, callSign, role, echelon, organisationId },
    })),
    actor,
  )
  await writeAudit(tx, actor, {
    action: 'dispatch.order',
    subjectKind: 'incident',
    subjectId: incident.id,
    detail: {
      number: incident.number,
      orders: byEchelon.map(({ id, unitId, callSign, role, echelon }) => ({
        id,
        unitId,
        callSign,
        role,
        echelon,
      })),
    },
  })
  await announce(
    tx,
    ...byEchelon.map((order) =>
      announcementOf('assignment.ordered', order, actor.now, { incidentNumber: incident.number }),
    ),
  )
}
