import { addDays, daysBetween } from '../../../../foundation/core/day.ts'
import { findOption, openCheck, type RosterGround } from '../../core/index.ts'
import type { Cells } from '../grid/desk.ts'
import { isFixed } from '../grid/moves.ts'

export interface SwapPartner {
  readonly officerId: string
  /** What they have on the day asked for. */
  readonly key: string
  /** How many rules the exchange would newly break. */
  readonly breaks: number
}

const option = (key: string) => findOption(key) ?? { kind: 'off' as const }

/**
 * Colleagues of the same organisation with a duty on a date, for which a day could be exchanged: those with whom no
 * rule breaks first. On both days each works what the other would have; the pattern does not bind days that two have
 * agreed to exchange.
 */
export function swapPartners(
  ground: RosterGround,
  cells: Cells,
  mine: { readonly officerId: string; readonly date: string },
  date: string,
): readonly SwapPartner[] {
  const { officers, fromDate } = ground
  const me = officers.findIndex(({ id }) => id === mine.officerId)
  const [myDay, theirDay] = [daysBetween(fromDate, mine.date), daysBetween(fromDate, date)]
  if (me < 0 || cells[0]?.[myDay] === undefined || cells[0][theirDay] === undefined) return []
  const days = myDay === theirDay ? [myDay] : [myDay, theirDay]
  const colleagues = officers.flatMap(({ organisationId }, officer) => {
    const isAway = days.some((day) => isFixed(cells[officer]![day]!) || isFixed(cells[me]![day]!))
    const theirs = cells[officer]![theirDay]!
    const isSame = days.every((day) => cells[officer]![day] === cells[me]![day])
    return officer !== me &&
      organisationId === officers[me]!.organisationId &&
      theirs.includes('/') &&
      !isAway &&
      !isSame
      ? [officer]
      : []
  })
  const at = (officer: number, day: number) => ({
    officerId: officers[officer]!.id,
    date: addDays(fromDate, day),
  })
  const check = openCheck(
    {
      ...ground,
      waivers: [
        ...ground.waivers,
        ...days.flatMap((day) => [me, ...colleagues].map((officer) => at(officer, day))),
      ],
    },
    cells.map((row) => row.map(option)),
  )
  return colleagues
    .map((officer): SwapPartner => {
      const { added } = check.try(
        days.flatMap((day) => [
          { ...at(me, day), option: option(cells[officer]![day]!) },
          { ...at(officer, day), option: option(cells[me]![day]!) },
        ]),
      )
      return { officerId: officers[officer]!.id, key: cells[officer]![theirDay]!, breaks: added.length }
    })
    .toSorted((a, b) => a.breaks - b.breaks || (a.officerId < b.officerId ? -1 : 1))
}
