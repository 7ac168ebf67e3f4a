import type { Brand } from '../../../foundation/core/brand.ts'
import { addDays, daysBetween, findDayNumber } from '../../../foundation/core/day.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { LifeRules } from './life-rules.ts'
import type { DutyOption, RosterAbsence } from './roster.ts'

export type AbsenceId = Brand<string, 'AbsenceId'>
/** Leave 休假, training 训练, not fit for duty 不能到岗: why is not asked and not kept. */
export const ABSENCE_KINDS = ['leave', 'training', 'unfit'] as const
export type AbsenceKind = (typeof ABSENCE_KINDS)[number]
export const ABSENCE_STATES = ['requested', 'approved', 'refused', 'withdrawn'] as const
export type AbsenceState = (typeof ABSENCE_STATES)[number]

/** Who did something, and when. */
export interface Signed {
  readonly accountId: string | null
  readonly name: string
  readonly at: Instant
}

export interface AbsencePeriod {
  readonly officerId: string
  readonly kind: AbsenceKind
  readonly fromDate: string
  /** The last day, inclusive. */
  readonly untilDate: string
}

export interface Absence extends AbsencePeriod {
  readonly id: AbsenceId
  /** Where the officer served when it was asked for. */
  readonly organisationId: string
  readonly state: AbsenceState
  readonly note: string | null
  readonly requested: Signed
  readonly decided: Signed | null
  readonly decisionReason: string | null
  readonly version: number
}

/** Still counts: asked for, or granted. */
export const isStanding = ({ state }: Pick<Absence, 'state'>): boolean =>
  state === 'requested' || state === 'approved'

/**
 * Whether an absence may be asked for, beside those that the officer has; null where it may.
 * Refuses `invalid-date`, `absence-backwards`, `absence-too-long`, `absence-too-early`, `absence-too-far`,
 * `absence-overlaps` (with which days) and `absence-note-not-taken`: who is not fit for duty says no more than that.
 */
export function absenceFault(
  asked: AbsencePeriod & { readonly note: string | null },
  others: readonly Absence[],
  rules: LifeRules,
  today: string,
): Refusal | null {
  const { fromDate, untilDate, kind, note } = asked
  for (const field of ['fromDate', 'untilDate'] as const)
    if (findDayNumber(asked[field]) === null) return refuse('invalid-date', { field })
  if (untilDate < fromDate) return refuse('absence-backwards', { field: 'untilDate' })
  if (daysBetween(fromDate, untilDate) + 1 > rules.longestAbsenceDays)
    return refuse('absence-too-long', { field: 'untilDate', detail: { days: rules.longestAbsenceDays } })
  const earliest = addDays(today, -rules.absenceBackDays)
  if (fromDate < earliest) return refuse('absence-too-early', { field: 'fromDate', detail: { earliest } })
  const latest = addDays(today, rules.absenceAheadDays)
  if (untilDate > latest) return refuse('absence-too-far', { field: 'untilDate', detail: { latest } })
  if (kind === 'unfit' && note !== null) return refuse('absence-note-not-taken', { field: 'note' })
  const other = others.find((one) => isStanding(one) && overlaps(one, asked))
  return other
    ? refuse('absence-overlaps', {
        field: 'fromDate',
        detail: { absenceId: other.id, fromDate: other.fromDate, untilDate: other.untilDate },
      })
    : null
}

const overlaps = (a: AbsencePeriod, b: AbsencePeriod) =>
  a.officerId === b.officerId && a.fromDate <= b.untilDate && b.fromDate <= a.untilDate

export type AbsenceCommand =
  | {
      readonly do: 'approve'
      /** Days of the published roster on which the officer has a duty; from then on there is a gap. */
      readonly rosteredDates: readonly string[]
      /** What the officer has been granted besides. */
      readonly granted: readonly AbsencePeriod[]
      /** The gaps have been seen and are accepted. */
      readonly acceptGaps: boolean
    }
  | { readonly do: 'refuse'; readonly reason: string }
  | { readonly do: 'withdraw' }

/** Who decides: with the officer that the account belongs to, so that nobody grants their own leave. */
export interface Decider {
  readonly officerId: string | null
  /** Holds the right to decide for the officer's organisation. */
  readonly mayDecide: boolean
}

/**
 * What a command makes of an absence. Refuses `absence-not-requested` (approving or refusing what is decided),
 * `absence-own` (nobody decides about themselves), `absence-overlaps` what was granted meanwhile, `absence-leaves-gaps` (with the dates) until they are accepted,
 * `reason-too-short`, `absence-over` (withdrawing what has ended or was never granted) and `out-of-scope`.
 */
export function decideAbsence(
  absence: Absence,
  command: AbsenceCommand,
  by: Decider,
  rules: LifeRules,
  today: string,
): { readonly state: AbsenceState; readonly reason: string | null } | Refusal {
  const { state } = absence
  const isOwn = by.officerId !== null && by.officerId === absence.officerId
  if (command.do === 'withdraw') {
    if (!isOwn && !by.mayDecide) return refuse('out-of-scope', { detail: { absenceId: absence.id } })
    if (!isStanding(absence) || (state === 'approved' && absence.untilDate < today))
      return refuse('absence-over', { detail: { state } })
    return { state: 'withdrawn', reason: null }
  }
  if (!by.mayDecide) return refuse('out-of-scope', { detail: { absenceId: absence.id } })
  if (isOwn) return refuse('absence-own')
  if (state !== 'requested') return refuse('absence-not-requested', { detail: { state } })
  if (command.do === 'refuse') {
    const reason = command.reason.trim()
    return [...reason].length < rules.shortestReasonLength
      ? refuse('reason-too-short', { field: 'reason', detail: { least: rules.shortestReasonLength } })
      : { state: 'refused', reason }
  }
  const other = command.granted.find((one) => overlaps(one, absence))
  if (other)
    return refuse('absence-overlaps', { detail: { fromDate: other.fromDate, untilDate: other.untilDate } })
  if (command.rosteredDates.length > 0 && !command.acceptGaps)
    return refuse('absence-leaves-gaps', { field: 'acceptGaps', detail: { dates: command.rosteredDates } })
  return { state: 'approved', reason: null }
}

/** As rosters see it: away or training, never why. */
export const rosterAbsence = ({ officerId, kind, fromDate, untilDate }: AbsencePeriod): RosterAbsence => ({
  officerId,
  kind: kind === 'training' ? 'training' : 'leave',
  fromDate,
  untilDate,
})

/** What a day of it is in a roster. */
export const absenceOption = (kind: AbsenceKind): DutyOption =>
  kind === 'training' ? { kind: 'training' } : { kind: 'leave' }

/** The days of it from a date on, earliest first. */
export function absenceDates({ fromDate, untilDate }: AbsencePeriod, from: string): readonly string[] {
  const first = fromDate > from ? fromDate : from
  const days = daysBetween(first, untilDate) + 1
  return Array.from({ length: Math.max(0, days) }, (_, day) => addDays(first, day))
}
