import { addDays } from '../../../foundation/core/day.ts'
import type { RosterHead, RosterState } from './roster-api.ts'

/** `2026-12` of a date. */
export const monthOf = (date: string): string => date.slice(0, 7)

/** So many months later, or earlier. */
export function monthAfter(month: string, months: number): string {
  const whole = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months
  return `${String(Math.floor(whole / 12)).padStart(4, '0')}-${String((whole % 12) + 1).padStart(2, '0')}`
}

const ORDER: readonly RosterState[] = ['published', 'draft', 'replaced', 'withdrawn']

/** The rosters that have a day of a month, those that count first, the latest of each first. */
export function rostersOf(rosters: readonly RosterHead[], month: string): readonly RosterHead[] {
  return rosters
    .filter(
      ({ fromDate, days }) => monthOf(fromDate) <= month && monthOf(addDays(fromDate, days - 1)) >= month,
    )
    .toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (a.madeAt < b.madeAt ? 1 : -1))
}

/** What is shown of a month without being asked: the published roster, else the draft that was begun last. */
export const chooseRoster = (ofMonth: readonly RosterHead[]): RosterHead | undefined => ofMonth[0]

/** The month that opens first: this one, or where it has none the latest that has one. */
export function firstMonth(rosters: readonly RosterHead[], today: string): string {
  const month = monthOf(today)
  const standing = rosters.filter(({ state }) => state === 'published' || state === 'draft')
  if (standing.length === 0 || rostersOf(standing, month).length > 0) return month
  return standing
    .map(({ fromDate }) => monthOf(fromDate))
    .toSorted()
    .at(-1)!
}
