import { seededChance, type Chance } from '../../../foundation/core/chance.ts'

const MINUTES = 480
const MOST_RUN = 5
const LEAST_RUN = 2
const LEAST_OFF = 2

/**
 * The text of an instance in the format of the public set, made up around a hidden roster so that there always is one.
 * Shifts run from early to late; an earlier one may not follow a later one.
 */
export function makeUpInstance(size: {
  readonly employees: number
  readonly days: number
  readonly shifts: number
  readonly seed: number
}): string {
  const chance = seededChance(size.seed)
  const shiftIds = Array.from({ length: size.shifts }, (_, i) => `S${i + 1}`)
  const staff = Array.from({ length: size.employees }, (_, e) => hideRoster(`P${e + 1}`, size, chance))
  const pick = (share: number, least: number, most: number) =>
    staff.flatMap(({ id }) =>
      Array.from({ length: size.days }, (_, day) => day)
        .filter(() => chance.next() < share)
        .map((day) => `${id},${day},${chance.pick(shiftIds)},${least + chance.below(most - least + 1)}`),
    )
  const cover = Array.from({ length: size.days }, (_, day) => day).flatMap((day) =>
    shiftIds.map((shift, s) => {
      const present = staff.filter(({ row }) => row[day] === s).length
      return `${day},${shift},${Math.max(0, present + chance.below(3) - 1)},100,1`
    }),
  )
  return [
    '# Made up; no instance of the public set',
    'SECTION_HORIZON',
    String(size.days),
    '',
    'SECTION_SHIFTS',
    ...shiftIds.map((id, s) => `${id},${MINUTES},${shiftIds.slice(0, s).join('|')}`),
    '',
    'SECTION_STAFF',
    ...staff.map(({ id, row, weekends }) => {
      const minutes = MINUTES * row.filter((shift) => shift !== null).length
      const most = shiftIds.map((shift) => `${shift}=${size.days}`).join('|')
      return [
        ...[id, most, minutes + MINUTES, Math.max(0, minutes - MINUTES)],
        ...[MOST_RUN, LEAST_RUN, LEAST_OFF, weekends],
      ].join(',')
    }),
    '',
    'SECTION_DAYS_OFF',
    ...staff.map(({ id, dayOff }) => (dayOff === null ? `${id}` : `${id},${dayOff}`)),
    '',
    'SECTION_SHIFT_ON_REQUESTS',
    ...pick(0.15, 1, 3),
    '',
    'SECTION_SHIFT_OFF_REQUESTS',
    ...pick(0.05, 1, 3),
    '',
    'SECTION_COVER',
    ...cover,
    '',
  ].join('\n')
}

interface Hidden {
  readonly id: string
  /** A shift a day, null: off. */
  readonly row: readonly (number | null)[]
  readonly dayOff: number | null
  readonly weekends: number
}

function hideRoster(id: string, { days, shifts }: { days: number; shifts: number }, chance: Chance): Hidden {
  const row: (number | null)[] = []
  while (row.length < days) {
    const run = LEAST_RUN + chance.below(MOST_RUN - LEAST_RUN + 1)
    const shift = chance.below(shifts)
    for (let i = 0; i < run; i++) row.push(shift)
    for (let i = 0; i < LEAST_OFF + chance.below(2); i++) row.push(null)
  }
  row.length = days
  const off = row.flatMap((shift, day) => (shift === null ? [day] : []))
  return {
    id,
    row,
    dayOff: off.length > 0 ? chance.pick(off) : null,
    weekends: row.filter((shift, day) => day % 7 === 5 && (shift !== null || (row[day + 1] ?? null) !== null))
      .length,
  }
}
