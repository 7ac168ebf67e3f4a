import { isFitFor, isOfRole, isOnStreet, isStaffed, openGround, type OpenGround } from './options.ts'
import { NIGHT_UNTIL_MINUTE, isNight, type ShiftTime } from './pattern.ts'
import {
  optionKey,
  type Duty,
  type DutyOption,
  type RosterBreach,
  type RosterGrid,
  type RosterGround,
  type RosterRuleId,
} from './roster.ts'

export interface CellChange {
  readonly officerId: string
  readonly date: string
  readonly option: DutyOption
}

/** A roster under check: what it breaks, and what a change would break or mend, before it is made. */
export interface RosterCheck {
  breaches(): readonly RosterBreach[]
  /** What changes among the breaches if these cells became so. Nothing is kept. */
  try(changes: readonly CellChange[]): CheckDifference
  /** The same, and keeps it. */
  apply(changes: readonly CellChange[]): CheckDifference
  /** What stands in a cell now. */
  option(officer: number, day: number): DutyOption
}

export interface CheckDifference {
  readonly added: readonly RosterBreach[]
  readonly removed: readonly RosterBreach[]
}

/** Every hard rule that a roster breaks; none: it is lawful. Rows as the ground's officers, columns as its days. */
export function checkRoster(ground: RosterGround, grid: RosterGrid): readonly RosterBreach[] {
  return openCheck(ground, grid).breaches()
}

/**
 * Opens a roster for checking. Rules are read here as they are said, apart from the model that rosters are solved by,
 * so that this can judge it. A change looks again only at the officers, organisations and days it touches.
 * Throws RangeError where the grid's size is not the ground's.
 */
export function openCheck(ground: RosterGround, grid: RosterGrid): RosterCheck {
  const open = openGround(ground)
  const { officers, days } = ground
  if (grid.length !== officers.length || grid.some((row) => row.length !== days))
    throw new RangeError(`roster of ${grid.length} rows for ${officers.length} officers × ${days} days`)
  const cells = grid.map((row) => [...row])
  const byOrganisation = new Map<string, number[]>()
  officers.forEach(({ organisationId }, index) => {
    const members = byOrganisation.get(organisationId)
    if (members) members.push(index)
    else byOrganisation.set(organisationId, [index])
  })
  const sheet: Sheet = { open, cells, byOrganisation }
  const organisationIds = ground.schemes.map(({ organisationId }) => organisationId)

  const all = (): RosterBreach[] => [
    ...officers.flatMap((_, officer) => officerBreaches(sheet, officer)),
    ...open.dates.flatMap((_, day) => [
      ...organisationIds.flatMap((organisationId) => organisationBreaches(sheet, organisationId, day)),
      ...streetBreaches(sheet, day),
    ]),
  ]

  /** The breaches of all that these changes can touch. */
  const around = (changes: readonly LocatedChange[]): RosterBreach[] => {
    const touchedOfficers = new Set(changes.map(({ officer }) => officer))
    const touchedDays = new Set(changes.flatMap(({ day }) => (day + 1 < days ? [day, day + 1] : [day])))
    const touched = new Map<string, Set<number>>()
    const touch = (organisationId: string, day: number) => {
      const known = touched.get(organisationId)
      if (known) known.add(day)
      else touched.set(organisationId, new Set([day]))
    }
    for (const { officer, day, option } of changes) {
      touch(officers[officer]!.organisationId, day)
      for (const one of [option, cells[officer]![day]!])
        if (one.kind === 'duty') touch(one.organisationId, day)
    }
    return [
      ...[...touchedOfficers].flatMap((officer) => officerBreaches(sheet, officer)),
      ...[...touched].flatMap(([organisationId, on]) =>
        [...on].flatMap((day) => organisationBreaches(sheet, organisationId, day)),
      ),
      ...[...touchedDays].flatMap((day) => streetBreaches(sheet, day)),
    ]
  }

  const change = (changes: readonly CellChange[], isKept: boolean): CheckDifference => {
    const located = changes.map((one) => locate(open, one))
    const before = around(located)
    const former = located.map(({ officer, day }) => cells[officer]![day]!)
    located.forEach(({ officer, day, option }) => (cells[officer]![day] = option))
    // Seen from both sides, or a duty taken from an organisation would leave its gap unseen.
    const after = around(located.map((one, index) => ({ ...one, option: former[index]! })))
    if (!isKept)
      for (let i = located.length - 1; i >= 0; i--) cells[located[i]!.officer]![located[i]!.day] = former[i]!
    return differenceOf(before, after)
  }

  return {
    breaches: all,
    try: (changes) => change(changes, false),
    apply: (changes) => change(changes, true),
    option: (officer, day) => cells[officer]![day]!,
  }
}

interface Sheet {
  readonly open: OpenGround
  readonly cells: readonly (readonly DutyOption[])[]
  readonly byOrganisation: ReadonlyMap<string, readonly number[]>
}

interface LocatedChange {
  readonly officer: number
  readonly day: number
  readonly option: DutyOption
}

function locate(open: OpenGround, { officerId, date, option }: CellChange): LocatedChange {
  const officer = open.officerIndex.get(officerId)
  const day = open.dates.indexOf(date)
  if (officer === undefined || day < 0) throw new RangeError(`no cell for ${officerId} on ${date}`)
  return { officer, day, option }
}

function differenceOf(before: readonly RosterBreach[], after: readonly RosterBreach[]): CheckDifference {
  const key = (breach: RosterBreach) => JSON.stringify(breach)
  const had = new Set(before.map(key))
  const has = new Set(after.map(key))
  return {
    added: after.filter((breach) => !had.has(key(breach))),
    removed: before.filter((breach) => !has.has(key(breach))),
  }
}

/** A duty as a stretch of minutes since midnight of the roster's first day. */
interface Stretch {
  readonly day: number
  readonly startMinute: number
  readonly endMinute: number
  readonly workMinutes: number
  readonly shift: ShiftTime
}

/** What an officer's days are at work, those before the roster with negative day numbers, and training with them. */
function stretchesOf({ open, cells }: Sheet, officer: number): readonly Stretch[] {
  const { before } = open.ground.officers[officer]!
  const row = [...before, ...cells[officer]!]
  return row.flatMap((option, index) => {
    const shift = timeOf(open, option)
    if (!shift) return []
    const day = index - before.length
    const startMinute = day * 1440 + shift.startMinute
    return [
      {
        day,
        startMinute,
        endMinute: startMinute + shift.lengthMinutes,
        workMinutes: shift.workMinutes,
        shift,
      },
    ]
  })
}

/** Training 培训 takes the day as an office shift would. */
function timeOf(open: OpenGround, option: DutyOption): ShiftTime | null {
  if (option.kind === 'duty') return open.findShift(option)
  if (option.kind !== 'training') return null
  const { trainingMinutes } = open.ground.rules
  return {
    code: 'training',
    nameZh: '培训',
    nameEn: 'Training',
    startMinute: 9 * 60,
    lengthMinutes: trainingMinutes,
    workMinutes: trainingMinutes,
  }
}

function officerBreaches(sheet: Sheet, officer: number): readonly RosterBreach[] {
  const { open } = sheet
  const who = open.ground.officers[officer]!
  const found: RosterBreach[] = []
  const say = (rule: RosterRuleId, day: number, detail: RosterBreach['detail'] = {}) =>
    found.push({
      rule,
      officerId: who.id,
      organisationId: who.organisationId,
      date: open.dates[day]!,
      detail,
    })
  sheet.cells[officer]!.forEach((option, day) => {
    checkDay(open, officer, day, option, say)
  })
  checkStretches(open, stretchesOf(sheet, officer), say)
  return found
}

type Say = (rule: RosterRuleId, day: number, detail?: RosterBreach['detail']) => void

/** R01, R02, R13, R14: what one cell says by itself. */
function checkDay(open: OpenGround, officer: number, day: number, option: DutyOption, say: Say): void {
  const who = open.ground.officers[officer]!
  const absence = open.absence(officer, day)
  const held = option.kind === 'leave' || option.kind === 'training' ? option.kind : null
  if (absence !== held) say('R02', day, { absence: absence ?? 'none', cell: option.kind })
  const role = open.role(officer, day)
  if (role && absence === null && !open.isWaived(officer, day)) {
    const followed = open.schemeOf(who.organisationId)!
    const isAsked = role.shifts.length > 0
    if (option.kind === 'off' && isAsked) say('R01', day, { role: role.code, cell: 'off' })
    if (
      option.kind === 'duty' &&
      !isOfRole(followed.pattern, role, option) &&
      (option.draw !== null || open.ground.rules.offPatternDuty === 'never')
    )
      say('R01', day, { role: role.code, cell: optionKey(option) })
  }
  if (option.kind !== 'duty') return
  const isKnown =
    open.findShift(option) !== null &&
    (option.draw === null
      ? isPostOf(open, option)
      : (open.schemeOf(option.organisationId)?.pattern.draws ?? []).some(({ code }) => code === option.draw))
  if (option.organisationId !== who.organisationId || !isKnown)
    say('R13', day, { cell: optionKey(option), serves: who.organisationId })
  if (!isFitFor(who, isOnStreet(open, option))) say('R14', day, { cell: optionKey(option) })
}

function isPostOf(open: OpenGround, { organisationId, shift, postId }: Duty): boolean {
  const post = open.posts.get(postId ?? '')
  return post !== undefined && post.organisationId === organisationId && isStaffed(post, shift)
}

/** R03 to R06 and R13: what one duty means for the next. A breach stands on the later day. */
function checkStretches(open: OpenGround, stretches: readonly Stretch[], say: Say): void {
  const { minimumRestMinutes, maxMinutesPer7Days, maxConsecutiveDays, forbidNightThenDay } = open.ground.rules
  let run = 0
  stretches.forEach((stretch, index) => {
    const former = stretches[index - 1]
    run = former && former.day === stretch.day - 1 ? run + 1 : 1
    if (stretch.day < 0) return
    if (run > maxConsecutiveDays) say('R06', stretch.day, { days: run, limit: maxConsecutiveDays })
    if (former) {
      const restMinutes = stretch.startMinute - former.endMinute
      if (restMinutes < 0) say('R13', stretch.day, { overlapMinutes: -restMinutes })
      else if (restMinutes < minimumRestMinutes)
        say('R03', stretch.day, { restMinutes, minimumMinutes: minimumRestMinutes })
      if (
        forbidNightThenDay &&
        former.day === stretch.day - 1 &&
        isNight(former.shift) &&
        stretch.shift.startMinute >= NIGHT_UNTIL_MINUTE &&
        stretch.shift.startMinute < NOON
      )
        say('R04', stretch.day, { restMinutes: Math.max(0, restMinutes) })
    }
    let minutes = 0
    for (let back = index; back >= 0 && stretches[back]!.day > stretch.day - 7; back--)
      minutes += stretches[back]!.workMinutes
    if (minutes > maxMinutesPer7Days) say('R05', stretch.day, { minutes, limitMinutes: maxMinutesPer7Days })
  })
}
const NOON = 12 * 60

/** R07 to R11 and R15: what an organisation needs on a day. */
function organisationBreaches(sheet: Sheet, organisationId: string, day: number): readonly RosterBreach[] {
  const { open, cells, byOrganisation } = sheet
  const followed = open.schemeOf(organisationId)
  if (!followed) return []
  const { pattern } = followed
  const { officers } = open.ground
  const found: RosterBreach[] = []
  const say = (rule: RosterRuleId, detail: RosterBreach['detail']) =>
    found.push({ rule, officerId: null, organisationId, date: open.dates[day]!, detail })
  const members = byOrganisation.get(organisationId) ?? []
  const onDuty = members.flatMap((officer) => {
    const option = cells[officer]![day]!
    return option.kind === 'duty' && option.organisationId === organisationId ? [{ officer, option }] : []
  })
  const has = (officer: number, skill: string | null) =>
    skill === null ||
    (skill === 'sworn' ? officers[officer]!.sworn : officers[officer]!.skills.includes(skill))

  for (const shift of workedShifts(open, organisationId, day, members)) {
    const inShift = onDuty.filter(({ option }) => option.shift === shift)
    for (const post of open.postsOf(organisationId)) {
      if (!isStaffed(post, shift)) continue
      const there = inShift.filter(({ option }) => option.postId === post.id)
      const where = { shift, postId: post.id, officers: there.length }
      if (there.length < post.minOfficers) say('R07', { ...where, minimum: post.minOfficers })
      if (post.maxOfficers !== null && there.length > post.maxOfficers)
        say('R08', { ...where, maximum: post.maxOfficers })
      if (there.length === 0) continue
      if (post.needsLeader && !there.some(({ officer }) => officers[officer]!.sworn)) say('R09', where)
      for (const { skill, officers: needed } of post.skills) {
        const able = there.filter(({ officer }) => has(officer, skill)).length
        if (able < needed) say('R10', { ...where, skill, able, minimum: needed })
      }
    }
    for (const minimum of pattern.minimums) {
      if (minimum.shift !== shift) continue
      const able = inShift.filter(
        ({ officer, option }) =>
          option.draw === null &&
          open.posts.get(option.postId ?? '')?.kind === minimum.post &&
          has(officer, minimum.skill),
      ).length
      if (able < minimum.officers)
        say('R15', {
          shift,
          post: minimum.post,
          skill: minimum.skill ?? 'anybody',
          officers: able,
          minimum: minimum.officers,
        })
    }
  }

  for (const draw of pattern.draws)
    for (const platoon of platoonsInRole(open, day, draw.fromRole, members)) {
      const drawn = onDuty.filter(
        ({ officer, option }) => option.draw === draw.code && officers[officer]!.platoon === platoon,
      ).length
      if (drawn !== draw.officers)
        say('R11', { draw: draw.code, platoon, officers: drawn, wanted: draw.officers })
    }
  return found
}

/** The shifts that the pattern asks of an organisation's platoons on a day, whoever of them is away. */
export function workedShifts(
  open: OpenGround,
  organisationId: string,
  day: number,
  members: readonly number[],
): ReadonlySet<string> {
  const { pattern } = open.schemeOf(organisationId)!
  const shifts = new Set<string>()
  const seen = new Set<string>()
  for (const officer of members) {
    const role = open.role(officer, day)
    if (!role || seen.has(role.code)) continue
    seen.add(role.code)
    for (const shift of role.shifts) shifts.add(shift)
  }
  return new Set(pattern.shifts.map(({ code }) => code).filter((code) => shifts.has(code)))
}

/** Which platoons have a role on a day, of those that `members` belong to. */
export function platoonsInRole(
  open: OpenGround,
  day: number,
  role: string,
  members: readonly number[],
): ReadonlySet<number> {
  const platoons = new Set<number>()
  for (const officer of members) {
    const { platoon } = open.ground.officers[officer]!
    if (platoon !== null && open.role(officer, day)?.code === role) platoons.add(platoon)
  }
  return platoons
}

/** R12: of those on duty and patrol-capable, the share on the street, at every time of a day when it changes. */
function streetBreaches(sheet: Sheet, day: number): readonly RosterBreach[] {
  const { open } = sheet
  const present = presencesOn(sheet, day)
  return open.ground.rules.streetShares.flatMap(({ fromMinute, untilMinute, share }): RosterBreach[] => {
    let worst: { minute: number; onStreet: number; onDuty: number } | null = null
    for (const minute of changesWithin(present, fromMinute, untilMinute)) {
      const there = present.filter(({ from, until }) => from <= minute && minute < until)
      const onStreet = there.filter(({ isStreet }) => isStreet).length
      const onDuty = there.length
      if (onStreet + 1e-9 >= share * onDuty) continue
      if (!worst || onStreet * worst.onDuty < worst.onStreet * onDuty) worst = { minute, onStreet, onDuty }
    }
    return worst
      ? [
          {
            rule: 'R12',
            officerId: null,
            organisationId: null,
            date: open.dates[day]!,
            detail: { ...worst, share, fromMinute, untilMinute },
          },
        ]
      : []
  })
}

interface Presence {
  /** Minutes of the day, from midnight. */
  readonly from: number
  readonly until: number
  readonly isStreet: boolean
}

/** Who of the patrol-capable is on duty on a day, those still there from the day before among them. */
function presencesOn({ open, cells }: Sheet, day: number): readonly Presence[] {
  return open.ground.officers.flatMap((who, officer) => {
    if (!who.patrolCapable) return []
    const yesterday = day > 0 ? cells[officer]![day - 1]! : who.before.at(-1)
    return [
      { option: cells[officer]![day]!, shiftBy: 0 },
      ...(yesterday ? [{ option: yesterday, shiftBy: -1440 }] : []),
    ].flatMap(({ option, shiftBy }) => {
      if (option.kind !== 'duty') return []
      const shift = open.findShift(option)
      if (!shift) return []
      const from = Math.max(0, shift.startMinute + shiftBy)
      const until = Math.min(1440, shift.startMinute + shift.lengthMinutes + shiftBy)
      return until > from ? [{ from, until, isStreet: isOnStreet(open, option) }] : []
    })
  })
}

function changesWithin(
  present: readonly Presence[],
  fromMinute: number,
  untilMinute: number,
): readonly number[] {
  const at = new Set([fromMinute])
  for (const { from, until } of present) {
    at.add(from)
    at.add(until)
  }
  return [...at].filter((minute) => minute >= fromMinute && minute < untilMinute)
}
