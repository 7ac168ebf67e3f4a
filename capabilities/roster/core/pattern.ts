import { getDayNumber } from '../../../foundation/core/day.ts'

/**
 * A duty pattern 勤务模式 as data: a cycle of day roles through which platoons 班组 pass, one behind the other; what
 * each role works; whom the patrol draws; and who must be there at the least.
 */
export interface DutyPattern {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  /** Where the pattern is described, for whoever wants to read on. */
  readonly sources: readonly string[]
  /** The day role of a platoon on each day of the cycle: its length is the cycle's. */
  readonly sequence: readonly string[]
  /** One entry a platoon: by how many days of the cycle it is ahead of the sequence. */
  readonly platoons: readonly Platoon[]
  readonly roles: readonly DayRole[]
  readonly shifts: readonly ShiftTime[]
  readonly draws: readonly PatrolDraw[]
  readonly minimums: readonly PatternMinimum[]
}

export interface Platoon {
  readonly nameZh: string
  readonly nameEn: string
  readonly ahead: number
}

/** What a day is to a platoon: primary 值班, secondary 副班, rest 休班, or a name of its own. */
export interface DayRole {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  /** One or two characters for the month grid. */
  readonly markZh: string
  readonly markEn: string
  /** Which shifts its people may have, one each; none: the day is off. */
  readonly shifts: readonly string[]
}

/** A shift 班次 of the wall clock; it may pass midnight and last 24 hours. */
export interface ShiftTime {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  readonly startMinute: number
  readonly lengthMinutes: number
  /** What counts as hours of work; less than the length where part of a long duty is rest at the post. */
  readonly workMinutes: number
}

/** The «+1» of 4+1: so many officers of the platoon in a role are drawn for patrol 抽调巡防, in each organisation. */
export interface PatrolDraw {
  readonly code: string
  readonly nameZh: string
  readonly nameEn: string
  readonly fromRole: string
  readonly officers: number
  readonly shift: string
}

export const POST_KINDS = ['desk', 'patrol', 'reserve', 'other'] as const
export type PostKind = (typeof POST_KINDS)[number]

/** At least so many of a skill at posts of a kind in a shift, in each organisation. */
export interface PatternMinimum {
  readonly shift: string
  readonly post: PostKind
  /** `sworn`, a skill, or null for anybody. */
  readonly skill: string | null
  readonly officers: number
}

/** Which pattern an organisation follows from a date on, and on which date its first platoon begins the cycle. */
export interface DutyScheme {
  readonly organisationId: string
  readonly patternCode: string
  readonly anchorDate: string
}

export const cycleDays = (pattern: Pick<DutyPattern, 'sequence'>): number => pattern.sequence.length

/** The day role of a platoon (0 is the first) on a date. Throws RangeError for a platoon that the pattern has not. */
export function roleOn(pattern: DutyPattern, anchorDate: string, platoon: number, date: string): DayRole {
  const member = pattern.platoons[platoon]
  if (!member) throw new RangeError(`pattern ${pattern.code} has no platoon ${platoon}`)
  const cycle = cycleDays(pattern)
  const day = getDayNumber(date) - getDayNumber(anchorDate) + member.ahead
  const code = pattern.sequence[((day % cycle) + cycle) % cycle]!
  const role = pattern.roles.find((one) => one.code === code)
  if (!role) throw new RangeError(`pattern ${pattern.code} has no role ${code}`)
  return role
}

/** A shift that is at work at some time between midnight and five. */
export function isNight({ startMinute, lengthMinutes }: ShiftTime): boolean {
  const end = startMinute + lengthMinutes
  return startMinute < NIGHT_UNTIL_MINUTE || end > 1440
}

/** Until when it is night 夜间, counted from midnight; who works before it has had a night duty. */
export const NIGHT_UNTIL_MINUTE = 5 * 60
