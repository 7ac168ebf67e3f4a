import type { Brand } from '../../../foundation/core/brand.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'

export type AssignmentId = Brand<string, 'AssignmentId'>

export const ASSIGNMENT_ROLES = ['handle', 'stand-by'] as const
export type AssignmentRole = (typeof ASSIGNMENT_ROLES)[number]

/** While it runs: ordered → acknowledged → en route → on scene. Ended: `cleared` left the scene, `released` was let go before. */
export const OPEN_STATES = ['ordered', 'acknowledged', 'en-route', 'on-scene'] as const
export const ENDED_STATES = ['cleared', 'released'] as const
export type OpenState = (typeof OPEN_STATES)[number]
export type AssignmentState = OpenState | (typeof ENDED_STATES)[number]

export const RELEASE_CAUSES = [
  'cleared',
  'recalled',
  'incident-closed',
  'de-escalated',
  'pre-empted',
  'merged',
  'unit-unavailable',
] as const
export type ReleaseCause = (typeof RELEASE_CAUSES)[number]

/** One unit's part in one incident. */
export interface Assignment {
  readonly id: AssignmentId
  readonly incidentId: string
  readonly unitId: string
  readonly callSign: string
  /** The organisation that the unit served when it was ordered. */
  readonly organisationId: string
  readonly role: AssignmentRole
  readonly state: AssignmentState
  /** 1 is ordered first. Handling orders are always 1. */
  readonly echelon: number
  readonly orderedAt: Instant
  /** The order now waiting for an answer: the first one, or the promotion from stand-by. */
  readonly askedAt: Instant
  readonly acknowledgedAt: Instant | null
  readonly departedAt: Instant | null
  readonly arrivedAt: Instant | null
  readonly releasedAt: Instant | null
  readonly releaseCause: ReleaseCause | null
  readonly chaseCount: number
  readonly lastChasedAt: Instant | null
  readonly chaseEscalatedAt: Instant | null
  readonly version: number
}

export type AssignmentCommand =
  | { readonly do: 'acknowledge' }
  | { readonly do: 'depart' }
  | { readonly do: 'arrive' }
  | { readonly do: 'promote' }
  | { readonly do: 'release'; readonly cause: ReleaseCause; readonly reason: string | null }
  | { readonly do: 'chase' }
  | { readonly do: 'escalate-chase' }

export type AssignmentEvent =
  /** `implied`: the crew did not say so, but a later step cannot be without it. */
  | { readonly type: 'acknowledged'; readonly implied: boolean }
  | { readonly type: 'departed'; readonly implied: boolean }
  | { readonly type: 'arrived' }
  | { readonly type: 'promoted' }
  | { readonly type: 'released'; readonly cause: ReleaseCause; readonly reason: string | null }
  | { readonly type: 'chased'; readonly chaseCount: number }
  | { readonly type: 'chase-escalated' }

export function isOpen(assignment: Pick<Assignment, 'releasedAt'>): boolean {
  return assignment.releasedAt === null
}

/**
 * What a command does to an assignment: events, none where it is already so, or the reason why not.
 * A crew that taps «on scene» without «on the way» has been on the way: the steps between follow from it.
 * Refuses: `assignment-ended`, `stand-by-stays` (a reserved unit goes only when promoted), `reason-required`
 * (recall and pre-emption say why), `nothing-to-chase`.
 */
export function decideAssignment(
  assignment: Assignment,
  command: AssignmentCommand,
): readonly AssignmentEvent[] | Refusal {
  if (!isOpen(assignment))
    return refuse('assignment-ended', { detail: { assignmentId: assignment.id, state: assignment.state } })
  const isDue = (state: OpenState) =>
    OPEN_STATES.indexOf(assignment.state as OpenState) < OPEN_STATES.indexOf(state)
  const acknowledged = (implied: boolean): AssignmentEvent[] =>
    isDue('acknowledged') ? [{ type: 'acknowledged', implied }] : []
  const departed = (implied: boolean): AssignmentEvent[] =>
    isDue('en-route') ? [{ type: 'departed', implied }] : []
  switch (command.do) {
    case 'acknowledge':
      return acknowledged(false)
    case 'depart':
      if (assignment.role === 'stand-by')
        return refuse('stand-by-stays', { detail: { assignmentId: assignment.id } })
      return isDue('en-route') ? [...acknowledged(true), ...departed(false)] : []
    case 'arrive':
      if (assignment.role === 'stand-by')
        return refuse('stand-by-stays', { detail: { assignmentId: assignment.id } })
      return isDue('on-scene') ? [...acknowledged(true), ...departed(true), { type: 'arrived' }] : []
    case 'promote':
      return assignment.role === 'stand-by' ? [{ type: 'promoted' }] : []
    case 'release':
      if (needsReason(command.cause) && !command.reason?.trim())
        return refuse('reason-required', { field: 'reason' })
      return [{ type: 'released', cause: command.cause, reason: command.reason }]
    case 'chase':
    case 'escalate-chase':
      if (assignment.state !== 'ordered')
        return refuse('nothing-to-chase', {
          detail: { assignmentId: assignment.id, state: assignment.state },
        })
      return command.do === 'chase'
        ? [{ type: 'chased', chaseCount: assignment.chaseCount + 1 }]
        : [{ type: 'chase-escalated' }]
  }
}

/** A crew that clears and an incident that ends need no words; taking a unit away does. */
function needsReason(cause: ReleaseCause): boolean {
  return cause === 'recalled' || cause === 'pre-empted' || cause === 'unit-unavailable'
}

export function evolveAssignment(assignment: Assignment, event: AssignmentEvent, at: Instant): Assignment {
  const next = { ...assignment, version: assignment.version + 1 }
  switch (event.type) {
    case 'acknowledged':
      return { ...next, state: 'acknowledged', acknowledgedAt: at }
    case 'departed':
      return { ...next, state: 'en-route', departedAt: at }
    case 'arrived':
      return { ...next, state: 'on-scene', arrivedAt: at }
    case 'promoted':
      return {
        ...next,
        role: 'handle',
        state: 'ordered',
        echelon: 1,
        askedAt: at,
        acknowledgedAt: null,
        chaseCount: 0,
        lastChasedAt: null,
        chaseEscalatedAt: null,
      }
    case 'released':
      return {
        ...next,
        state: assignment.state === 'on-scene' ? 'cleared' : 'released',
        releasedAt: at,
        releaseCause: event.cause,
      }
    case 'chased':
      return { ...next, chaseCount: event.chaseCount, lastChasedAt: at }
    case 'chase-escalated':
      return { ...next, chaseEscalatedAt: at }
  }
}
