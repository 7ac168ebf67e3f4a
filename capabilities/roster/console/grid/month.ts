import { addDays, getDayNumber, weekdayOfDay } from '../../../../foundation/core/day.ts'
import type { RosterGround } from '../../core/index.ts'
import type { Cells } from './desk.ts'
import type { Looks } from './looks.ts'

/** One day of the month as its column heads it. */
export interface MonthDay {
  readonly date: string
  readonly dayOfMonth: number
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number
  readonly isWeekend: boolean
  readonly isHoliday: boolean
  readonly isToday: boolean
}

export function monthDays(
  { fromDate, days, holidays }: Pick<RosterGround, 'fromDate' | 'days' | 'holidays'>,
  today: string | null,
): readonly MonthDay[] {
  return Array.from({ length: days }, (_, day) => {
    const date = addDays(fromDate, day)
    const weekday = weekdayOfDay(getDayNumber(date))
    return {
      date,
      dayOfMonth: Number(date.slice(8)),
      weekday,
      isWeekend: weekday > 5,
      isHoliday: holidays.includes(date),
      isToday: date === today,
    }
  })
}

/** A line of the grid: an organisation with its counts, or one of its officers. */
export type MonthLine =
  | { readonly kind: 'group'; readonly organisationId: string; readonly shown: number; readonly all: number }
  | { readonly kind: 'officer'; readonly officer: number }

export interface MonthFilter {
  readonly organisationIds: readonly string[]
  readonly platoon: number | null
  readonly sworn: boolean | null
  readonly skill: string | null
  readonly onlyBreaches: boolean
  readonly words: string
}

export const NO_FILTER: MonthFilter = {
  organisationIds: [],
  platoon: null,
  sworn: null,
  skill: null,
  onlyBreaches: false,
  words: '',
}

export const isFiltered = (filter: MonthFilter): boolean =>
  JSON.stringify({ ...filter, words: filter.words.trim() }) !== JSON.stringify(NO_FILTER)

/** The lines that a filter leaves: organisations in the order of the schemes, in each the platoons one by one. */
export function monthLines(
  ground: Pick<RosterGround, 'officers' | 'schemes'>,
  filter: MonthFilter,
  about: { wordsOf(officer: number): string; hasBreach(officer: number): boolean },
): readonly MonthLine[] {
  const words = filter.words.trim().toLowerCase()
  const isShown = (officer: number) => {
    const { platoon, sworn, skills } = ground.officers[officer]!
    return (
      (filter.platoon === null || platoon === filter.platoon) &&
      (filter.sworn === null || sworn === filter.sworn) &&
      (filter.skill === null || skills.includes(filter.skill)) &&
      (words === '' || about.wordsOf(officer).toLowerCase().includes(words)) &&
      (!filter.onlyBreaches || about.hasBreach(officer))
    )
  }
  const members = new Map<string, number[]>(ground.schemes.map(({ organisationId }) => [organisationId, []]))
  ground.officers.forEach(({ organisationId }, officer) => {
    const known = members.get(organisationId)
    if (known) known.push(officer)
    else members.set(organisationId, [officer])
  })
  return [...members].flatMap(([organisationId, all]): MonthLine[] => {
    if (filter.organisationIds.length > 0 && !filter.organisationIds.includes(organisationId)) return []
    const shown = all.filter(isShown)
    if (shown.length === 0) return []
    const platoonOf = (officer: number) => ground.officers[officer]!.platoon ?? Infinity
    return [
      { kind: 'group', organisationId, shown: shown.length, all: all.length },
      ...shown
        .toSorted((a, b) => platoonOf(a) - platoonOf(b) || a - b)
        .map((officer): MonthLine => ({ kind: 'officer', officer })),
    ]
  })
}

/** People of a day: how many have a duty, and how many of those who can patrol are on the street. */
export interface DayCount {
  readonly onDuty: number
  readonly capable: number
  readonly onStreet: number
}

/** Counts by organisation and day; under '' those of all. Duties count where they are worked. */
export function countDays(
  ground: Pick<RosterGround, 'officers' | 'days' | 'schemes'>,
  cells: Cells,
  looks: Looks,
): ReadonlyMap<string, readonly DayCount[]> {
  const counts = new Map<string, { onDuty: number; capable: number; onStreet: number }[]>()
  const rowOf = (organisationId: string) => {
    const known = counts.get(organisationId)
    if (known) return known
    const made = Array.from({ length: ground.days }, () => ({ onDuty: 0, capable: 0, onStreet: 0 }))
    counts.set(organisationId, made)
    return made
  }
  const all = rowOf('')
  for (const { organisationId } of ground.schemes) rowOf(organisationId)
  cells.forEach((row, officer) => {
    const { patrolCapable } = ground.officers[officer]!
    row.forEach((key, day) => {
      const { organisationId, post, tone } = looks.of(key)
      if (organisationId === null) return
      const isStreet = tone === 'draw' || (post?.isStreet ?? false)
      for (const count of [all[day]!, rowOf(organisationId)[day]!]) {
        count.onDuty++
        if (patrolCapable) count.capable++
        if (patrolCapable && isStreet) count.onStreet++
      }
    })
  })
  return counts
}

export const streetShareOf = ({ capable, onStreet }: DayCount): number | null =>
  capable === 0 ? null : onStreet / capable
