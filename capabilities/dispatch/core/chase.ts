import type { Instant } from '../../../foundation/core/instant.ts'
import type { Assignment } from './assignment.ts'

/** Setting `chase-policy`. */
export interface ChasePolicy {
  readonly firstAfterSeconds: number
  readonly againAfterSeconds: number
  /** After that many chases without an answer the organisation's leader is told. */
  readonly chasesBeforeEscalation: number
}

export const DEFAULT_CHASE_POLICY: ChasePolicy = {
  firstAfterSeconds: 60,
  againAfterSeconds: 45,
  chasesBeforeEscalation: 3,
}

/** What an unanswered order is due now; null for nothing. The leader is told once; then it is theirs. */
export function chaseDue(
  assignment: Pick<Assignment, 'state' | 'askedAt' | 'chaseCount' | 'lastChasedAt' | 'chaseEscalatedAt'>,
  policy: ChasePolicy,
  now: Instant,
): 'chase' | 'escalate-chase' | null {
  if (assignment.state !== 'ordered' || assignment.chaseEscalatedAt !== null) return null
  const wait = assignment.chaseCount === 0 ? policy.firstAfterSeconds : policy.againAfterSeconds
  const since = Math.max(assignment.askedAt, assignment.lastChasedAt ?? assignment.askedAt)
  if (now - since < wait * 1000) return null
  return assignment.chaseCount < policy.chasesBeforeEscalation ? 'chase' : 'escalate-chase'
}
