import type { Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce, type Announcement } from '../../../foundation/server/outbox/outbox.ts'
import type { UnitEventData, UnitEventType } from '../../incident/core/index.ts'
import {
  decideAssignment,
  evolveAssignment,
  type Assignment,
  type AssignmentCommand,
  type AssignmentEvent,
} from '../core/index.ts'
import type { DispatchNeeds } from './needs.ts'
import { findAssignment, lockAssignment, updateAssignment } from './store.ts'

/** Event of an assignment → its entry in the incident's timeline and the topic that the house hears. */
const WORDS: Record<AssignmentEvent['type'], { entry: UnitEventType; topic: string }> = {
  acknowledged: { entry: 'unit-acknowledged', topic: 'assignment.acknowledged' },
  departed: { entry: 'unit-departed', topic: 'assignment.departed' },
  arrived: { entry: 'unit-arrived', topic: 'assignment.arrived' },
  promoted: { entry: 'unit-promoted', topic: 'assignment.ordered' },
  released: { entry: 'unit-released', topic: 'assignment.released' },
  chased: { entry: 'unit-chased', topic: 'assignment.chased' },
  'chase-escalated': { entry: 'unit-chase-escalated', topic: 'assignment.chased' },
}

/**
 * Takes one assignment a step: state, timeline, audit entry and announcement in the transaction.
 * Refuses `not-found`, `out-of-scope` and what `decideAssignment` refuses.
 */
export async function takeStep(
  tx: Tx,
  actor: ActorContext,
  assignmentId: string,
  commandFor: (assignment: Assignment) => AssignmentCommand,
  needs: DispatchNeeds,
): Promise<Assignment | Refusal> {
  const assignment = await lockWithIncident(tx, assignmentId, needs)
  if (!assignment) return refuse('not-found', { detail: { assignmentId } })
  const command = commandFor(assignment)
  if (!(await maySay(tx, actor, assignment, command, needs))) return refuse('out-of-scope')
  return applyStep(tx, actor, assignment, command, needs)
}

/**
 * Sending a unit or taking it off its task is an order; how far it has got is the crew's own word, or that of the
 * command room and of terminals within their scope.
 */
async function maySay(
  tx: Tx,
  actor: ActorContext,
  { unitId, organisationId }: Assignment,
  command: AssignmentCommand,
  needs: DispatchNeeds,
): Promise<boolean> {
  const isOrder = command.do === 'promote' || (command.do === 'release' && command.cause === 'recalled')
  if (isOrder) return actor.mayFor('dispatch.order', organisationId)
  if (actor.mayFor('dispatch.answer-any', organisationId)) return true
  return actor.officerId !== null && (await needs.crewOf(tx, unitId)).includes(actor.officerId)
}

/**
 * Locks an assignment, its incident first: everything that touches both takes them in this order, so that a crew's tap
 * and a closing of the incident wait for each other instead of blocking each other.
 */
export async function lockWithIncident(
  tx: Tx,
  assignmentId: string,
  needs: DispatchNeeds,
): Promise<Assignment | null> {
  const seen = await findAssignment(tx, assignmentId)
  if (!seen) return null
  await needs.lockIncident(tx, seen.incidentId)
  const locked = await lockAssignment(tx, assignmentId)
  // Moved by a merge in between: the other incident is the one to lock.
  if (locked && locked.incidentId !== seen.incidentId) await needs.lockIncident(tx, locked.incidentId)
  return locked
}

/** The same for an assignment that the transaction has locked already. */
export async function applyStep(
  tx: Tx,
  actor: ActorContext,
  assignment: Assignment,
  command: AssignmentCommand,
  needs: DispatchNeeds,
): Promise<Assignment | Refusal> {
  const events = decideAssignment(assignment, command)
  if (isRefusal(events)) return events
  if (events.length === 0) return assignment
  const after = events.reduce((state, event) => evolveAssignment(state, event, actor.now), assignment)
  await updateAssignment(tx, after)
  await needs.appendUnitEvents(
    tx,
    assignment.incidentId,
    events.map((event) => ({ type: WORDS[event.type].entry, data: entryOf(after, event) })),
    actor,
  )
  await writeAudit(tx, actor, {
    action: `dispatch.${command.do}`,
    subjectKind: 'assignment',
    subjectId: assignment.id,
    ...('reason' in command && command.reason ? { reason: command.reason } : {}),
    detail: {
      incidentId: assignment.incidentId,
      unitId: assignment.unitId,
      callSign: assignment.callSign,
      events,
    },
  })
  await announce(
    tx,
    ...events.map((event) => announcementOf(WORDS[event.type].topic, after, actor.now, detailOf(event))),
  )
  return after
}

function entryOf(assignment: Assignment, event: AssignmentEvent): UnitEventData {
  const { type: _, ...detail } = event
  return {
    assignmentId: assignment.id,
    unitId: assignment.unitId,
    callSign: assignment.callSign,
    role: assignment.role,
    ...detail,
  }
}

function detailOf(event: AssignmentEvent): Record<string, unknown> {
  if (event.type === 'promoted') return { isPromotion: true }
  if (event.type === 'chase-escalated') return { isEscalated: true }
  if (event.type === 'chased') return { chaseCount: event.chaseCount }
  if (event.type === 'released') return { cause: event.cause }
  return {}
}

/** Assignments are everyone's to see: command is flat, and a unit may work far from its own station. */
export function announcementOf(
  topic: string,
  assignment: Assignment,
  at: Instant,
  detail: Record<string, unknown> = {},
): Announcement {
  return {
    topic,
    subjectId: assignment.id,
    organisationId: null,
    permission: 'dispatch.read',
    at,
    data: {
      assignmentId: assignment.id,
      incidentId: assignment.incidentId,
      unitId: assignment.unitId,
      callSign: assignment.callSign,
      role: assignment.role,
      state: assignment.state,
      echelon: assignment.echelon,
      version: assignment.version,
      ...detail,
    },
  }
}
