import type { Brand } from '../../../foundation/core/brand.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Signed } from './absence.ts'
import type { LifeRules } from './life-rules.ts'
import { findOption, optionKey, type Duty, type DutyOption, type RosterBreach } from './roster.ts'

export type SickCallId = Brand<string, 'SickCallId'>
export const SICK_CALL_STATES = ['open', 'covered', 'uncovered-accepted'] as const
export type SickCallState = (typeof SICK_CALL_STATES)[number]

/** Somebody rostered cannot come 临时不能到岗. What they have is not asked; the duty is what is left to be covered. */
export interface SickCall {
  readonly id: SickCallId
  readonly rosterId: string
  readonly officerId: string
  readonly organisationId: string
  readonly date: string
  /** The duty that fell vacant, as an option key. */
  readonly duty: string
  readonly endsAt: Instant
  readonly called: Signed
  readonly state: SickCallState
  readonly replacementOfficerId: string | null
  readonly decided: Signed | null
  /** Why nobody covers it, or why somebody does against the rules. */
  readonly reason: string | null
  readonly version: number
}

/** The duty that a sick call is about. Throws where the row says something else: nothing else is ever stored. */
export function dutyOf({ id, duty }: Pick<SickCall, 'id' | 'duty'>): Duty {
  const option = findOption(duty)
  if (option?.kind !== 'duty') throw new Error(`sick call ${id} is about no duty: ${duty}`)
  return option
}

/**
 * Whether somebody may call in sick for a duty; gives the duty that falls vacant. Refuses `sick-call-made` (it is known
 * already), `not-rostered` (no duty in a published roster that day) and `duty-over`.
 */
export function decideSickCall(
  rostered: { readonly option: DutyOption; readonly endsAt: Instant } | null,
  earlier: Pick<SickCall, 'id' | 'state'> | null,
  now: Instant,
): { readonly duty: string } | Refusal {
  if (earlier && rostered?.option.kind !== 'duty')
    return refuse('sick-call-made', {
      field: 'date',
      detail: { sickCallId: earlier.id, state: earlier.state },
    })
  if (rostered?.option.kind !== 'duty') return refuse('not-rostered', { field: 'date' })
  if (rostered.endsAt <= now) return refuse('duty-over', { field: 'date' })
  return { duty: optionKey(rostered.option) }
}

export type CoverCommand =
  | {
      readonly officerId: string
      /** What the replacement has that day now. */
      readonly has: DutyOption
      /** What this would make worse; the pattern does not bind who covers for a colleague. */
      readonly worse: readonly RosterBreach[]
      readonly acceptBreaches: boolean
      readonly reason: string
    }
  | { readonly officerId: null; readonly reason: string }

/**
 * Covers the duty, or says for which reason it stays open; what was left open may be covered later after all.
 * Who has another duty that day leaves it; where that post cannot spare them, that is a rule it breaks.
 * Refuses `sick-call-covered`, `duty-over`, `cover-by-oneself`, `cover-on-leave`, `cover-breaks-rules` with the breaches until they are accepted with a reason, and
 * `reason-too-short`.
 */
export function decideCover(
  call: SickCall,
  command: CoverCommand,
  rules: LifeRules,
  now: Instant,
): { readonly state: SickCallState; readonly reason: string | null } | Refusal {
  if (call.state === 'covered')
    return refuse('sick-call-covered', { detail: { officerId: call.replacementOfficerId } })
  if (call.endsAt <= now) return refuse('duty-over')
  const reason = command.reason.trim()
  const tooShort = [...reason].length < rules.shortestReasonLength
  const shortFault = refuse('reason-too-short', {
    field: 'reason',
    detail: { least: rules.shortestReasonLength },
  })
  if (command.officerId === null) return tooShort ? shortFault : { state: 'uncovered-accepted', reason }
  if (command.officerId === call.officerId) return refuse('cover-by-oneself', { field: 'officerId' })
  const { kind } = command.has
  if (kind === 'leave' || kind === 'training') return refuse('cover-on-leave', { field: 'officerId' })
  if (command.worse.length === 0) return { state: 'covered', reason: reason || null }
  if (!command.acceptBreaches) return refuse('cover-breaks-rules', { detail: { breaches: command.worse } })
  return tooShort ? shortFault : { state: 'covered', reason }
}
