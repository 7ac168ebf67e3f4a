import { findDayNumber } from '../../../foundation/core/day.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { RosterRules } from './roster.ts'

/** A day that counts as a holiday when duties are shared out. */
export interface Holiday {
  readonly date: string
  readonly nameZh: string
  readonly nameEn: string
}

export const HOLIDAYS_SETTING = 'roster.holidays'
/** No dates ship: the State Council announces them each year. */
export const DEFAULT_HOLIDAYS: { readonly holidays: readonly Holiday[] } = { holidays: [] }

/** How far back rosters look, and for how long who did what is kept. */
export interface RosterKeeping {
  /** Draws, nights, weekends and holidays of so many days before a roster count towards its fairness. */
  readonly carriedDays: number
  /**
   * Rows of officers are kept so long after a roster's last day. Two years: so long records of working time must be
   * held in China (工资支付暂行规定 article 6).
   */
  readonly dutyRetentionDays: number
}

export const ROSTER_KEEPING_SETTING = 'roster.keeping'
export const DEFAULT_ROSTER_KEEPING: RosterKeeping = { carriedDays: 182, dutyRetentionDays: 730 }

/** Refuses `street-share-odd`: a band that ends before it begins. */
export function rosterRulesFault({ streetShares }: RosterRules): Refusal | null {
  const odd = streetShares.findIndex(({ fromMinute, untilMinute }) => untilMinute <= fromMinute)
  return odd < 0 ? null : refuse('street-share-odd', { field: `streetShares[${odd}]` })
}

/** Refuses `holiday-odd`: no date of the calendar, or one twice. */
export function holidaysFault({ holidays }: { readonly holidays: readonly Holiday[] }): Refusal | null {
  const seen = new Set<string>()
  for (const [index, { date }] of holidays.entries()) {
    if (findDayNumber(date) === null || seen.has(date))
      return refuse('holiday-odd', { field: `holidays[${index}]`, detail: { date } })
    seen.add(date)
  }
  return null
}
