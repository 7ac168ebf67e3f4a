import { isNight, type DayRole, type DutyPattern } from '../../core/index.ts'

/** The role of each platoon on each day of one cycle; null where the sequence names a role that is not there. */
export function cyclePicture({
  sequence,
  platoons,
  roles,
}: Pick<DutyPattern, 'sequence' | 'platoons' | 'roles'>): readonly (readonly (DayRole | null)[])[] {
  const byCode = new Map(roles.map((role) => [role.code, role]))
  const length = sequence.length
  return platoons.map(({ ahead }) =>
    sequence.map((_, day) => byCode.get(sequence[(((day + ahead) % length) + length) % length]!) ?? null),
  )
}

export interface PatternFigures {
  /** Minutes of work a week of one officer, over whole cycles; draws not counted. */
  readonly minutesPerWeek: number
  readonly dutyDaysShare: number
  /** Nights of one officer in four weeks. */
  readonly nightsPer28Days: number
  /** The longest run of days without a duty within the cycle, over its end too. */
  readonly longestRest: number
}

/** What a pattern means for one officer in numbers. Where a role has several shifts, their mean counts. */
export function patternFigures(pattern: DutyPattern): PatternFigures {
  const shifts = new Map(pattern.shifts.map((shift) => [shift.code, shift]))
  const roles = new Map(pattern.roles.map((role) => [role.code, role]))
  const days = pattern.sequence.map((code) =>
    (roles.get(code)?.shifts ?? []).flatMap((shift) => shifts.get(shift) ?? []),
  )
  const mean = (values: readonly number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
  const total = (of: (day: (typeof days)[number]) => number) => days.reduce((sum, day) => sum + of(day), 0)
  const length = Math.max(1, days.length)
  let run = 0
  let longest = 0
  for (const day of [...days, ...days]) {
    run = day.length === 0 ? run + 1 : 0
    longest = Math.max(longest, Math.min(run, days.length))
  }
  return {
    minutesPerWeek: (total((day) => mean(day.map(({ workMinutes }) => workMinutes))) / length) * 7,
    dutyDaysShare: total((day) => (day.length > 0 ? 1 : 0)) / length,
    nightsPer28Days: (total((day) => mean(day.map((shift) => (isNight(shift) ? 1 : 0)))) / length) * 28,
    longestRest: longest,
  }
}

/** Which of the palette's tones a role has in pictures: the n-th that works; rest has none. */
export function roleTone(pattern: Pick<DutyPattern, 'roles'>, code: string): number | null {
  const working = pattern.roles.filter(({ shifts }) => shifts.length > 0)
  const index = working.findIndex((role) => role.code === code)
  return index < 0 ? null : index % ROLE_TONES
}
export const ROLE_TONES = 5
