import { addDays, daysBetween } from '../../../foundation/core/day.ts'
import { roleOn, type DayRole, type DutyPattern, type DutyScheme, type ShiftTime } from './pattern.ts'
import type { Duty, DutyOption, Post, RosterAbsence, RosterGround, RosterOfficer } from './roster.ts'

/** The ground looked up: what rules and model ask of it again and again. */
export interface OpenGround {
  readonly ground: RosterGround
  readonly dates: readonly string[]
  readonly officerIndex: ReadonlyMap<string, number>
  /** By officer and day, row by row; null: follows no pattern. */
  role(officer: number, day: number): DayRole | null
  absence(officer: number, day: number): RosterAbsence['kind'] | null
  isWaived(officer: number, day: number): boolean
  schemeOf(organisationId: string): { readonly scheme: DutyScheme; readonly pattern: DutyPattern } | null
  /** The shift of a duty. Null where its organisation's pattern has none of that code. */
  findShift(duty: Duty): ShiftTime | null
  readonly posts: ReadonlyMap<string, Post>
  postsOf(organisationId: string): readonly Post[]
  /** Each shift and post of an organisation's pattern, and its draws, in the order of pattern and posts. */
  dutiesOf(organisationId: string): readonly Duty[]
}

/** Looks a ground up once. Throws RangeError where schemes name patterns or platoons that are not there. */
export function openGround(ground: RosterGround): OpenGround {
  const { days, fromDate, officers } = ground
  const dates = Array.from({ length: days }, (_, day) => addDays(fromDate, day))
  const patterns = new Map(ground.patterns.map((pattern) => [pattern.code, pattern]))
  const schemes = new Map(
    ground.schemes.map((scheme) => {
      const pattern = patterns.get(scheme.patternCode)
      if (!pattern) throw new RangeError(`no pattern ${scheme.patternCode}`)
      const shifts = new Map(pattern.shifts.map((shift) => [shift.code, shift]))
      return [scheme.organisationId, { scheme, pattern, shifts }]
    }),
  )
  const officerIndex = new Map(officers.map(({ id }, index) => [id, index]))
  const roles = officers.map(({ organisationId, platoon }) => {
    const followed = schemes.get(organisationId)
    if (!followed || platoon === null) return dates.map(() => null)
    return dates.map((date) => roleOn(followed.pattern, followed.scheme.anchorDate, platoon, date))
  })
  const absences = officers.map(() => new Array<RosterAbsence['kind'] | null>(days).fill(null))
  for (const { officerId, kind, fromDate: from, untilDate } of ground.absences) {
    const row = absences[officerIndex.get(officerId) ?? -1]
    if (!row) continue
    const first = Math.max(0, daysBetween(fromDate, from))
    const last = Math.min(days - 1, daysBetween(fromDate, untilDate))
    for (let day = first; day <= last; day++) if (row[day] !== 'leave') row[day] = kind
  }
  const waived = new Set<number>()
  for (const { officerId, date } of ground.waivers) {
    const officer = officerIndex.get(officerId)
    const day = daysBetween(fromDate, date)
    if (officer !== undefined && day >= 0 && day < days) waived.add(officer * days + day)
  }
  const posts = new Map<string, Post>(ground.posts.map((post) => [post.id, post]))
  const postsByOrganisation = new Map<string, Post[]>()
  for (const post of ground.posts) {
    const known = postsByOrganisation.get(post.organisationId)
    if (known) known.push(post)
    else postsByOrganisation.set(post.organisationId, [post])
  }
  const postsOf = (organisationId: string) => postsByOrganisation.get(organisationId) ?? []
  const duties = new Map(
    [...schemes].map(([id, { pattern }]) => [id, listDuties(id, pattern, postsOf(id))] as const),
  )
  return {
    ground,
    dates,
    officerIndex,
    role: (officer, day) => roles[officer]![day]!,
    absence: (officer, day) => absences[officer]![day]!,
    isWaived: (officer, day) => waived.has(officer * days + day),
    schemeOf: (organisationId) => schemes.get(organisationId) ?? null,
    findShift: ({ organisationId, shift }) => schemes.get(organisationId)?.shifts.get(shift) ?? null,
    posts,
    postsOf,
    dutiesOf: (organisationId) => duties.get(organisationId) ?? [],
  }
}

export const isStaffed = (post: Post, shift: string): boolean =>
  post.shifts.length === 0 || post.shifts.includes(shift)

/** Who stands on the street must be able to patrol. */
export function isFitFor(officer: Pick<RosterOfficer, 'patrolCapable'>, isStreet: boolean): boolean {
  return officer.patrolCapable || !isStreet
}

function listDuties(organisationId: string, pattern: DutyPattern, posts: readonly Post[]): readonly Duty[] {
  return [
    ...pattern.shifts.flatMap(({ code: shift }) =>
      posts
        .filter((post) => isStaffed(post, shift))
        .map((post): Duty => ({ kind: 'duty', organisationId, shift, postId: post.id, draw: null })),
    ),
    ...pattern.draws.map(({ code, shift }): Duty => ({
      kind: 'duty',
      organisationId,
      shift,
      postId: null,
      draw: code,
    })),
  ]
}

/** All that a cell of this ground can hold: off first, then leave, training, and each organisation's duties. */
export function listOptions(open: OpenGround): readonly DutyOption[] {
  return [
    { kind: 'off' },
    { kind: 'leave' },
    { kind: 'training' },
    ...open.ground.schemes.flatMap(({ organisationId }) => open.dutiesOf(organisationId)),
  ]
}

/** Does a role ask for this duty: one of its shifts, or a draw from it? */
export function isOfRole(pattern: DutyPattern, role: DayRole, duty: Duty): boolean {
  return duty.draw === null
    ? role.shifts.includes(duty.shift)
    : pattern.draws.some(
        ({ code, fromRole, shift }) => code === duty.draw && fromRole === role.code && shift === duty.shift,
      )
}

/** What the pattern, absences and fitness leave an officer on a day; never empty. */
export function allowedOptions(open: OpenGround, officer: number, day: number): readonly DutyOption[] {
  const absence = open.absence(officer, day)
  if (absence) return [{ kind: absence }]
  const who = open.ground.officers[officer]!
  const role = open.role(officer, day)
  const followed = open.schemeOf(who.organisationId)
  if (!role || !followed) return [{ kind: 'off' }]
  const fit = open.dutiesOf(who.organisationId).filter((duty) => isFitFor(who, isOnStreet(open, duty)))
  const ofRole = fit.filter((duty) => isOfRole(followed.pattern, role, duty))
  const isFree = open.isWaived(officer, day) || open.ground.rules.offPatternDuty === 'when-needed'
  const off: readonly DutyOption[] = ofRole.length === 0 || isFree ? [{ kind: 'off' }] : []
  // A draw is of its platoon alone, so nobody is called to one from outside it.
  return [
    ...off,
    ...(isFree ? [...ofRole, ...fit.filter((duty) => duty.draw === null && !ofRole.includes(duty))] : ofRole),
  ]
}

/** A draw is for the street; a post says it of itself. */
export function isOnStreet(open: OpenGround, { postId, draw }: Duty): boolean {
  return draw !== null || (open.posts.get(postId ?? '')?.isStreet ?? false)
}
