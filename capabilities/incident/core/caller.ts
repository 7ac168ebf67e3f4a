import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Instant } from '../../../foundation/core/instant.ts'

/** Grounds on which a caller's name and number may be kept; their text is in the language files. */
export const CALLER_LEGAL_BASES = ['110-rules', 'police-law', 'criminal-procedure', 'consent'] as const
/** What they are kept for. Use for anything else is refused where it is asked for. */
export const CALLER_PURPOSES = ['call-back', 'handling', 'evidence'] as const

/** A caller's personal data: never without basis, purpose and the moment at which it is deleted. */
export interface Caller {
  readonly name: string | null
  readonly phone: string | null
  readonly legalBasis: (typeof CALLER_LEGAL_BASES)[number]
  readonly purpose: (typeof CALLER_PURPOSES)[number]
  readonly retainUntil: Instant
}

/** Setting `caller-retention`: days by purpose. */
export type CallerRetention = Readonly<Record<Caller['purpose'], number>>
export const DEFAULT_CALLER_RETENTION: CallerRetention = { 'call-back': 30, handling: 180, evidence: 730 }

const DAY_MILLISECONDS = 86_400_000

/** The caller as it may be stored. Refuses `invalid-caller` where neither name nor number is given. */
export function callerOf(
  given: Omit<Caller, 'retainUntil'>,
  retention: CallerRetention,
  now: Instant,
): Caller | Refusal {
  if (!given.name?.trim() && !given.phone?.trim()) return refuse('invalid-caller', { field: 'caller' })
  return { ...given, retainUntil: now + retention[given.purpose] * DAY_MILLISECONDS }
}
