import { addDays } from '../../../foundation/core/day.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { RosterId } from './roster.ts'

/** A roster is made as a draft, holds once published, and ends replaced by another or withdrawn. */
export const ROSTER_STATES = ['draft', 'published', 'replaced', 'withdrawn'] as const
export type RosterState = (typeof ROSTER_STATES)[number]

/** Which days a roster is about and what has become of it. */
export interface RosterCourse {
  readonly id: RosterId
  readonly number: string
  readonly fromDate: string
  readonly days: number
  readonly state: RosterState
}

/** The first day after a roster. */
export const endDate = ({ fromDate, days }: Pick<RosterCourse, 'fromDate' | 'days'>): string =>
  addDays(fromDate, days)

export const MOST_ROSTER_DAYS = 62

/** The number under which a roster is spoken of: PB-2026-0001. */
export const rosterNumber = (year: number, count: number): string =>
  `PB-${year}-${String(count).padStart(4, '0')}`

/** What publishing a roster does to those that hold now. */
export interface Succession {
  /** All of their days are the new one's. */
  readonly replaced: readonly RosterCourse[]
  /** The new one takes over in its midst: it ends the day before. */
  readonly shortened: RosterCourse | null
}

/**
 * What becomes of published rosters when a draft is published. Refuses `roster-not-draft`, `roster-breaks-rules` where
 * it has breaches that nobody answers for, `breach-reason-required`, and `roster-splits-published` where it would leave
 * the last days of a published roster without any.
 */
export function decidePublish(
  roster: RosterCourse,
  published: readonly RosterCourse[],
  { breaches, acceptBreaches, reason }: { breaches: number; acceptBreaches: boolean; reason: string },
): Succession | Refusal {
  if (roster.state !== 'draft') return refuse('roster-not-draft', { detail: { state: roster.state } })
  if (breaches > 0 && !acceptBreaches) return refuse('roster-breaks-rules', { detail: { breaches } })
  if (breaches > 0 && reason.trim() === '') return refuse('breach-reason-required', { field: 'reason' })
  const touched = published.filter(
    (one) => one.fromDate < endDate(roster) && roster.fromDate < endDate(one) && one.id !== roster.id,
  )
  const split = touched.find((one) => endDate(one) > endDate(roster))
  if (split)
    return refuse('roster-splits-published', {
      detail: { number: split.number, untilDate: addDays(endDate(split), -1) },
    })
  return {
    replaced: touched.filter((one) => one.fromDate >= roster.fromDate),
    shortened: touched.find((one) => one.fromDate < roster.fromDate) ?? null,
  }
}

/** Null where a roster may be withdrawn: a draft, or what holds now. Refuses `roster-ended`. */
export function decideWithdraw({ state }: RosterCourse): Refusal | null {
  return state === 'draft' || state === 'published' ? null : refuse('roster-ended', { detail: { state } })
}

/**
 * Null where cells of a roster may be changed by hand: drafts, and with a reason what is published.
 * Refuses `roster-ended`, `change-reason-required`.
 */
export function decideCellChange({ state }: RosterCourse, reason: string | null): Refusal | null {
  if (state === 'draft') return null
  if (state !== 'published') return refuse('roster-ended', { detail: { state } })
  return reason?.trim() ? null : refuse('change-reason-required', { field: 'reason' })
}
