import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { LifeRules } from './life-rules.ts'

/** 出勤: in place, come late, not come, or excused by whoever called the roll. */
export const ATTENDANCE_STATES = ['present', 'late', 'absent', 'excused'] as const
export type AttendanceState = (typeof ATTENDANCE_STATES)[number]

export interface AttendanceLine {
  readonly officerId: string
  readonly state: AttendanceState
  readonly at: Instant
}

/** What the published roster has for an officer on the date. */
export interface RosteredDay {
  readonly officerId: string
  readonly kind: 'duty' | 'training' | 'leave'
  readonly startsAt: Instant
  readonly endsAt: Instant
}

/** What the force says of an officer: of which organisation, and called on duty or not. */
export interface CalledOfficer {
  readonly officerId: string
  readonly organisationId: string
  readonly duty: 'on' | 'off'
}

export const ATTENDANCE_DIFFERENCES = [
  'not-called',
  'rostered-absent',
  'came-late',
  'late-by-the-clock',
  'present-without-duty',
  'present-on-leave',
  'on-duty-though-absent',
  'on-duty-without-roster',
] as const
/** Where roster, roll call and duty say different things: listed for a person to judge, never judged here. */
export interface AttendanceDifference {
  readonly officerId: string
  readonly code: (typeof ATTENDANCE_DIFFERENCES)[number]
  readonly detail: Readonly<Record<string, number>>
}

export const isThere = (state: AttendanceState): boolean => state === 'present' || state === 'late'

/**
 * Whether a roll call may be written down; null where it may. Refuses `no-published-roster`, `attendance-ahead` (a
 * date that has not come), `officer-unknown` and `attendance-twice`, each with the officers at fault.
 */
export function attendanceFault(
  asked: { readonly date: string; readonly lines: readonly Pick<AttendanceLine, 'officerId'>[] },
  knowledge: {
    readonly hasRoster: boolean
    readonly today: string
    readonly officers: ReadonlyMap<string, CalledOfficer>
  },
): Refusal | null {
  if (!knowledge.hasRoster) return refuse('no-published-roster', { field: 'date' })
  if (asked.date > knowledge.today)
    return refuse('attendance-ahead', { field: 'date', detail: { today: knowledge.today } })
  const ids = asked.lines.map(({ officerId }) => officerId)
  const unknown = ids.filter((id) => !knowledge.officers.has(id))
  if (unknown.length > 0)
    return refuse('officer-unknown', { field: 'lines', detail: { officerIds: unknown } })
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
  return twice.length > 0
    ? refuse('attendance-twice', { field: 'lines', detail: { officerIds: twice } })
    : null
}

/**
 * Roster, roll call and duty of an organisation's day side by side. Not called is told once the shift has begun;
 * who is on duty without a place in the roster only while that day lasts (`isToday`), and not of those whose duty of
 * the day before runs still (`stillOn`).
 */
export function compareAttendance(
  rostered: readonly RosteredDay[],
  lines: readonly AttendanceLine[],
  officers: readonly CalledOfficer[],
  rules: LifeRules,
  now: Instant,
  isToday: boolean,
  stillOn: ReadonlySet<string> = new Set(),
): readonly AttendanceDifference[] {
  const dayOf = new Map(rostered.map((day) => [day.officerId, day]))
  const lineOf = new Map(lines.map((line) => [line.officerId, line]))
  const dutyOf = new Map(officers.map(({ officerId, duty }) => [officerId, duty]))
  const differences: AttendanceDifference[] = []
  const tell = (officerId: string, code: AttendanceDifference['code'], detail: Record<string, number> = {}) =>
    differences.push({ officerId, code, detail })

  for (const { officerId, kind, startsAt } of rostered)
    if (kind === 'duty' && startsAt <= now && !lineOf.has(officerId)) tell(officerId, 'not-called')

  for (const { officerId, state, at } of lines) {
    const day = dayOf.get(officerId)
    const minutes = day ? Math.floor((at - day.startsAt) / 60_000) : 0
    if (isThere(state) && day?.kind === 'leave') tell(officerId, 'present-on-leave')
    else if (isThere(state) && !day) tell(officerId, 'present-without-duty')
    else if (state === 'late') tell(officerId, 'came-late', { minutes: Math.max(0, minutes) })
    else if (state === 'present' && day?.kind === 'duty' && minutes > rules.lateAfterMinutes)
      tell(officerId, 'late-by-the-clock', { minutes })
    if (state === 'absent' && day?.kind === 'duty') tell(officerId, 'rostered-absent')
    if (!isThere(state) && isToday && dutyOf.get(officerId) === 'on') tell(officerId, 'on-duty-though-absent')
  }

  if (isToday)
    for (const { officerId, duty } of officers)
      if (
        duty === 'on' &&
        dayOf.get(officerId)?.kind !== 'duty' &&
        !lineOf.has(officerId) &&
        !stillOn.has(officerId)
      )
        tell(officerId, 'on-duty-without-roster')
  return differences
}

/** Those that a roll call of the force at a moment counts for: their shift has begun, or begins within the time set. */
export const calledFor = (
  rostered: readonly RosteredDay[],
  rules: LifeRules,
  at: Instant,
): readonly RosteredDay[] =>
  rostered.filter(
    ({ kind, startsAt, endsAt }) =>
      kind === 'duty' && startsAt - rules.rollCallBeforeMinutes * 60_000 <= at && at < endsAt,
  )
