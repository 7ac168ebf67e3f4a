import { openCheck } from './check.ts'
import { countsAs, fairnessOf } from './fairness.ts'
import { openGround, type OpenGround } from './options.ts'
import type { ShiftTime } from './pattern.ts'
import type { Duty, DutyOption, RosterBreach, RosterGrid, RosterGround } from './roster.ts'

export const REPLACEMENT_REASONS = [
  /** Has the same shift at a post that can spare them: nobody is called in. */
  'already-in-shift',
  /** Works that day, at another time. */
  'works-that-day',
  'has-the-day-off',
  'same-platoon',
  'rest-before',
  'rest-after',
  'hours-in-seven-days',
  'nights-below-share',
  'nights-above-share',
  'wished-off',
  'leads',
] as const

export interface Replacement {
  readonly officerId: string
  /** What the officer would have had otherwise. */
  readonly instead: DutyOption
  readonly reasons: readonly {
    readonly code: (typeof REPLACEMENT_REASONS)[number]
    readonly detail: Readonly<Record<string, number>>
  }[]
  /** Rules that this would break and that stand unbroken now; none for one who can simply come. */
  readonly breaches: readonly RosterBreach[]
  /** What it costs, to compare by: smaller is better. */
  readonly cost: number
}

export interface Replacements {
  /** The duty that falls empty; null: the officer has none that day. */
  readonly duty: Duty | null
  /** What the roster breaks once the officer is away and nobody comes; none: the post can do without. */
  readonly gap: readonly RosterBreach[]
  /** Best first, at most `count`; those who break nothing always before those who would. */
  readonly best: readonly Replacement[]
}

const PRICES = {
  breach: 10_000,
  /** Somebody at home is called in; more so on a day that is meant for rest. */
  callIn: 40,
  otherTime: 25,
  otherPlatoon: 4,
  wishedOff: 15,
  hourOfWork: 0.5,
  nightAboveShare: 3,
}

/**
 * Who can take the duty of an officer who cannot come, best first, and why. The pattern does not bind whoever covers;
 * every other rule does. An officer on duty elsewhere is only taken from there where the post can spare them.
 * Throws RangeError where the officer or the date is not on the roster.
 */
export function rankReplacements(
  ground: RosterGround,
  grid: RosterGrid,
  missing: { readonly officerId: string; readonly date: string },
  count = 3,
): Replacements {
  const { officerId, date } = missing
  const without: RosterGround = {
    ...ground,
    absences: [...ground.absences, { officerId, kind: 'leave', fromDate: date, untilDate: date }],
    waivers: [...ground.waivers, ...ground.officers.map(({ id }) => ({ officerId: id, date }))],
  }
  const open = openGround(without)
  const day = open.dates.indexOf(date)
  const officer = open.officerIndex.get(officerId)
  if (day < 0 || officer === undefined) throw new RangeError(`no cell for ${officerId} on ${date}`)
  const duty = grid[officer]![day]!
  if (duty.kind !== 'duty') return { duty: null, gap: [], best: [] }

  const check = openCheck(without, grid)
  const gone = { officerId, date, option: { kind: 'leave' } as const }
  const gap = check.apply([gone]).added
  const fair = fairnessOf(open, grid)
  const candidates = without.officers.flatMap((who, at) => {
    const instead = grid[at]![day]!
    const isThere = who.organisationId === duty.organisationId && who.platoon !== null
    const isAway = instead.kind === 'leave' || instead.kind === 'training'
    const hasIt = instead.kind === 'duty' && instead.shift === duty.shift && instead.postId === duty.postId
    return at !== officer && isThere && !isAway && !hasIt ? [at] : []
  })
  const best = candidates
    .map((at): Replacement => {
      const who = without.officers[at]!
      const instead = grid[at]![day]!
      const breaches = check.try([{ officerId: who.id, date, option: duty }]).added
      const total = fair.officers.find((one) => one.officerId === who.id)?.total.nights ?? 0
      return weigh(open, grid, { officer: at, day, duty, instead }, breaches, {
        isSamePlatoon: who.platoon === without.officers[officer]!.platoon,
        nightsAboveShare: countsAs(open, 'nights', duty, day) ? total - fair.spread.nights.mean : 0,
      })
    })
    .sort((a, b) => a.cost - b.cost || (a.officerId < b.officerId ? -1 : 1))
    .slice(0, count)
  return { duty, gap, best }
}

function weigh(
  open: OpenGround,
  grid: RosterGrid,
  cover: { officer: number; day: number; duty: Duty; instead: DutyOption },
  breaches: readonly RosterBreach[],
  about: { isSamePlatoon: boolean; nightsAboveShare: number },
): Replacement {
  const { officer, day, duty, instead } = cover
  const who = open.ground.officers[officer]!
  const reasons: { code: (typeof REPLACEMENT_REASONS)[number]; detail: Record<string, number> }[] = []
  let cost = breaches.length * PRICES.breach
  const say = (
    code: (typeof REPLACEMENT_REASONS)[number],
    detail: Record<string, number> = {},
    price = 0,
  ) => {
    reasons.push({ code, detail })
    cost += price
  }
  if (instead.kind !== 'duty') say('has-the-day-off', {}, PRICES.callIn)
  else if (instead.shift === duty.shift) say('already-in-shift')
  else say('works-that-day', {}, PRICES.otherTime)
  if (about.isSamePlatoon) say('same-platoon')
  else cost += PRICES.otherPlatoon
  if (who.sworn) say('leads')
  const { restBeforeMinutes, restAfterMinutes } = restAround(open, grid, officer, day, open.findShift(duty)!)
  if (restBeforeMinutes !== null) say('rest-before', { minutes: restBeforeMinutes })
  if (restAfterMinutes !== null) say('rest-after', { minutes: restAfterMinutes })
  const minutes = sevenDaysOf(open, grid, officer, day, duty)
  say('hours-in-seven-days', { minutes }, (minutes / 60) * PRICES.hourOfWork)
  const { nightsAboveShare } = about
  if (nightsAboveShare >= 0.5)
    say('nights-above-share', { nights: nightsAboveShare }, nightsAboveShare * PRICES.nightAboveShare)
  if (nightsAboveShare <= -0.5)
    say('nights-below-share', { nights: -nightsAboveShare }, nightsAboveShare * PRICES.nightAboveShare)
  const wish = open.ground.wishes.find(
    (one) =>
      one.officerId === who.id &&
      one.date === open.dates[day] &&
      (one.shift === null ? one.isWanted : one.shift === duty.shift && !one.isWanted),
  )
  if (wish) say('wished-off', { weight: wish.weight }, PRICES.wishedOff * wish.weight)
  return { officerId: who.id, instead, reasons, breaches, cost }
}

/** Minutes of rest before and after the duty, to the nearest other; null: none is known on that side. */
function restAround(open: OpenGround, grid: RosterGrid, officer: number, day: number, shift: ShiftTime) {
  const { before } = open.ground.officers[officer]!
  const row = [...before, ...grid[officer]!]
  const start = day * 1440 + shift.startMinute
  const end = start + shift.lengthMinutes
  let restBeforeMinutes: number | null = null
  let restAfterMinutes: number | null = null
  row.forEach((option, index) => {
    const other = option.kind === 'duty' ? open.findShift(option) : null
    const on = index - before.length
    if (!other || on === day) return
    const from = on * 1440 + other.startMinute
    if (on < day) restBeforeMinutes = start - (from + other.lengthMinutes)
    else restAfterMinutes ??= from - end
  })
  return { restBeforeMinutes, restAfterMinutes }
}

/** The most that any seven days with this duty hold. */
function sevenDaysOf(open: OpenGround, grid: RosterGrid, officer: number, day: number, duty: Duty): number {
  const { before } = open.ground.officers[officer]!
  const row = [...before, ...grid[officer]!]
  const at = before.length + day
  const minutesOn = (index: number) => {
    const option = index === at ? duty : row[index]
    if (option?.kind === 'training') return open.ground.rules.trainingMinutes
    return option?.kind === 'duty' ? (open.findShift(option)?.workMinutes ?? 0) : 0
  }
  let most = 0
  for (let first = at - 6; first <= at; first++) {
    let sum = 0
    for (let index = first; index < first + 7; index++) sum += minutesOn(index)
    most = Math.max(most, sum)
  }
  return most
}
