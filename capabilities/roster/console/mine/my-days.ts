import { addDays } from '../../../../foundation/core/day.ts'
import type { AbsenceRow, MyDay, MyRosterRead, SwapRow } from './mine-api.ts'

/** The duty that is on, or the next one to come; null where none is known. */
export function nextDuty(days: readonly MyDay[], now: number): { day: MyDay; isOn: boolean } | null {
  const next = days
    .filter(({ kind, endsAt }) => kind === 'duty' && endsAt !== null && Date.parse(endsAt) > now)
    .toSorted((a, b) => Date.parse(a.startsAt!) - Date.parse(b.startsAt!))[0]
  return next ? { day: next, isOn: Date.parse(next.startsAt!) <= now } : null
}

/** A line of the list: what a date has; null: a day off of a published roster. */
export interface MyLine {
  readonly date: string
  readonly day: MyDay | null
}

/** Every date that a published roster covers, from today on; dates of which nothing is known are no days off. */
export function myLines(
  { days, rosters, today }: { days: readonly MyDay[]; rosters: readonly MyRosterRead[]; today: string },
  most: number,
): readonly MyLine[] {
  const dayOf = new Map(days.map((day) => [day.date, day]))
  return Array.from({ length: most }, (_, offset) => addDays(today, offset)).flatMap((date) => {
    const day = dayOf.get(date) ?? null
    const isKnown = rosters.some(
      ({ fromDate, days: length }) => fromDate <= date && date < addDays(fromDate, length),
    )
    return day || isKnown ? [{ date, day }] : []
  })
}

/** Rosters that the officer has not read as they are now. */
export const unread = (rosters: readonly MyRosterRead[]): readonly MyRosterRead[] =>
  rosters.filter(({ isCurrent }) => !isCurrent)

/** Swaps that wait for this officer's answer. */
export const swapsToAnswer = (swaps: readonly SwapRow[], officerId: string): readonly SwapRow[] =>
  swaps.filter((swap) => swap.state === 'offered' && swap.with.officerId === officerId)

/** What the officer has asked for and what became of it: what is not over, and what was decided of late. */
export function myRequests(
  absences: readonly AbsenceRow[],
  swaps: readonly SwapRow[],
  officerId: string,
  today: string,
): { readonly absences: readonly AbsenceRow[]; readonly swaps: readonly SwapRow[] } {
  return {
    absences: absences.filter((one) => one.officerId === officerId && one.untilDate >= today),
    swaps: swaps.filter(
      (one) =>
        (one.from.officerId === officerId || (one.with.officerId === officerId && one.state !== 'offered')) &&
        (one.from.date >= today || one.with.date >= today),
    ),
  }
}
