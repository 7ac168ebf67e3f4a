import type {
  Assignment,
  DemandTerm,
  RosteringProblem,
  SolverCount,
  SolverDemand,
  SolverEmployee,
  SolverShift,
} from '../../../solvers/rostering/problem.ts'
import { platoonsInRole, workedShifts } from './check.ts'
import { countsAs, isWeekend } from './fairness.ts'
import { allowedOptions, isOfRole, isOnStreet, isStaffed, listOptions, type OpenGround } from './options.ts'
import { NIGHT_UNTIL_MINUTE, isNight, type ShiftTime } from './pattern.ts'
import {
  FAIRNESS_KINDS,
  optionKey,
  type Duty,
  type DutyOption,
  type FairnessKind,
  type RosterGrid,
} from './roster.ts'

/** A ground as a problem for the solver, and the way back. Shift `s` of the problem is `options[s]`. */
export interface RosterModel {
  readonly problem: RosteringProblem
  readonly options: readonly DutyOption[]
  toGrid(assignment: Assignment): RosterGrid
  /** What the options do not hold becomes a day off. */
  toAssignment(grid: RosterGrid): Assignment
}

/**
 * States a roster's hard and soft rules as a problem: an option of a cell is a shift; posts, leaders, skills, draws
 * and street shares are demands; rest, hours and runs are limits of the employee; fairness, wishes and stability are
 * costs. Demand ids begin with the rule's id. What the pattern decides by itself is not priced. Rows that are `held`
 * stand as they are and are neither judged nor priced.
 */
export function modelRoster(open: OpenGround, held: HeldRows = NOTHING_HELD): RosterModel {
  const { ground } = open
  const options = listOptions(open)
  const index = new Map(options.map((option, at) => [optionKey(option), at]))
  const groups = new Groups()
  const demands = [...organisationDemands(open, index, groups), ...streetDemands(open, options, groups)]
  const shifts = shiftsOf(open, options)
  const shares = fairShares(open)
  let constant = 0
  const employees = ground.officers.map(({ id }, officer): SolverEmployee => {
    const row = held(officer)
    if (row) return heldEmployee(id, row, index)
    const { employee, constant: own } = employeeOf(open, officer, options, index, shifts, shares)
    constant += own
    return employee
  })
  const { days } = ground
  return {
    problem: { days, shifts, employees, groups: groups.list, demands, weekends: weekendsOf(open), constant },
    options,
    toGrid: (assignment) =>
      ground.officers.map((__, officer) =>
        Array.from({ length: days }, (___, day) => options[assignment[officer * days + day]!]!),
      ),
    toAssignment(grid) {
      const assignment = new Int16Array(ground.officers.length * days)
      grid.forEach((row, officer) => {
        row.forEach((option, day) => {
          assignment[officer * days + day] = index.get(optionKey(option)) ?? 0
        })
      })
      return assignment
    },
  }
}

/** The row of an officer that is to stay as it stands; null: to be found. */
export type HeldRows = (officer: number) => RosterGrid[number] | null
const NOTHING_HELD: HeldRows = () => null

function heldEmployee(
  id: string,
  row: RosterGrid[number],
  index: ReadonlyMap<string, number>,
): SolverEmployee {
  return {
    id,
    domain: row.map((option) => [index.get(optionKey(option)) ?? 0]),
    cellCosts: [],
    windows: [],
    maxConsecutiveWork: null,
    minConsecutiveWork: null,
    minConsecutiveOff: null,
    maxWeekends: null,
    counts: [],
    before: [],
  }
}

/** Sets of officers by name, each listed once. */
class Groups {
  readonly list: number[][] = []
  readonly #known = new Map<string, number>()

  of(name: string, members: () => number[]): number {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    this.list.push(members())
    this.#known.set(name, this.list.length - 1)
    return this.list.length - 1
  }
}

/** The time that an option takes; null: none. */
function timeOf(open: OpenGround, option: DutyOption): ShiftTime | null {
  if (option.kind === 'duty') return open.findShift(option)
  if (option.kind !== 'training') return null
  const minutes = open.ground.rules.trainingMinutes
  return {
    code: 'training',
    nameZh: '培训',
    nameEn: 'Training',
    startMinute: TRAINING_STARTS,
    lengthMinutes: minutes,
    workMinutes: minutes,
  }
}
const TRAINING_STARTS = 9 * 60
const NOON = 12 * 60

/** R03, R04 and R13 as what may not follow what. */
function shiftsOf(open: OpenGround, options: readonly DutyOption[]): readonly SolverShift[] {
  const { minimumRestMinutes, forbidNightThenDay } = open.ground.rules
  const times = options.map((option) => timeOf(open, option))
  const after = (first: ShiftTime | null, daysLater: number): readonly number[] => {
    if (!first) return []
    const free = first.startMinute + first.lengthMinutes + minimumRestMinutes - daysLater * 1440
    return times.flatMap((second, at) => {
      if (!second) return []
      const isTooSoon = second.startMinute < free
      const isDayAfterNight =
        forbidNightThenDay &&
        daysLater === 1 &&
        isNight(first) &&
        second.startMinute >= NIGHT_UNTIL_MINUTE &&
        second.startMinute < NOON
      return isTooSoon || isDayAfterNight ? [at] : []
    })
  }
  return options.map((option, at) => ({
    id: optionKey(option),
    workMinutes: times[at]?.workMinutes ?? 0,
    isWork: times[at] !== null,
    cannotPrecede: after(times[at]!, 1),
    cannotPrecedeByTwo: after(times[at]!, 2),
  }))
}

function employeeOf(
  open: OpenGround,
  officer: number,
  options: readonly DutyOption[],
  index: ReadonlyMap<string, number>,
  shifts: readonly SolverShift[],
  shares: FairShares,
): { employee: SolverEmployee; constant: number } {
  const { ground } = open
  const who = ground.officers[officer]!
  const { days } = ground
  const { weights, rules } = ground
  const domain = Array.from({ length: days }, (_, day) =>
    allowedOptions(open, officer, day).map((option) => index.get(optionKey(option))!),
  )
  const costs = new CellCosts()
  let constant = 0
  const published = ground.published?.[officer]
  domain.forEach((allowed, day) => {
    const role = open.role(officer, day)
    const pattern = open.schemeOf(who.organisationId)?.pattern
    for (const shift of allowed) {
      const option = options[shift]!
      if (option.kind === 'duty' && pattern && (!role || !isOfRole(pattern, role, option)))
        costs.add(day, shift, weights.offPatternDuty)
    }
    // A day off that the pattern had as work is a gap: dearer than any call from outside the pattern.
    if (role && role.shifts.length > 0 && allowed.length > 1 && allowed.includes(0))
      costs.add(day, 0, weights.offPatternDuty)
    const stood = published?.[day] ? index.get(optionKey(published[day])) : undefined
    if (stood !== undefined && allowed.includes(stood) && allowed.length > 1) {
      constant += weights.stability
      costs.add(day, stood, -weights.stability)
    }
  })
  for (const { officerId, date, shift, isWanted, weight } of ground.wishes) {
    if (officerId !== who.id) continue
    const day = open.dates.indexOf(date)
    if (day < 0) continue
    const price = weights.wishes * weight
    const meant = domain[day]!.filter((at) => {
      const option = options[at]!
      return shift === null ? option.kind !== 'duty' : option.kind === 'duty' && option.shift === shift
    })
    if (isWanted) constant += price
    for (const at of meant) costs.add(day, at, isWanted ? -price : price)
  }
  const counts = FAIRNESS_KINDS.flatMap((kind) => {
    const count = fairCount(open, officer, kind, domain, options, shares)
    return count ? [count] : []
  })
  const before = who.before.map((option) => index.get(optionKey(option)) ?? sameTime(open, option, options))
  return {
    constant,
    employee: {
      id: who.id,
      domain,
      cellCosts: costs.list(),
      windows: windowsOf(days, before, shifts, rules.maxMinutesPer7Days),
      maxConsecutiveWork: rules.maxConsecutiveDays,
      minConsecutiveWork: null,
      minConsecutiveOff: null,
      maxWeekends: null,
      counts,
      before,
    },
  }
}

class CellCosts {
  readonly #costs = new Map<string, { day: number; shift: number; cost: number }>()

  add(day: number, shift: number, cost: number): void {
    const key = `${day}/${shift}`
    const known = this.#costs.get(key)
    this.#costs.set(key, { day, shift, cost: (known?.cost ?? 0) + cost })
  }

  list() {
    return [...this.#costs.values()].filter(({ cost }) => cost !== 0)
  }
}

/** A duty of a post that is gone was worked all the same: any option of that shift stands for it. */
function sameTime(open: OpenGround, option: DutyOption, options: readonly DutyOption[]): number {
  const time = timeOf(open, option)
  if (!time) return 0
  const at = options.findIndex((one) => {
    const other = timeOf(open, one)
    return other?.startMinute === time.startMinute && other.lengthMinutes === time.lengthMinutes
  })
  return Math.max(0, at)
}

/** R05: every seven days, those that begin before the roster with what was worked in them. */
function windowsOf(
  days: number,
  before: readonly number[],
  shifts: readonly SolverShift[],
  limitMinutes: number,
): SolverEmployee['windows'] {
  return Array.from({ length: days + 6 }, (_, at) => at - 6).flatMap((fromDay) => {
    const untilDay = Math.min(days, fromDay + 7)
    if (untilDay <= 0 || (fromDay > 0 && fromDay + 7 > days)) return []
    let worked = 0
    for (let day = fromDay; day < 0; day++) {
      const shift = before[before.length + day]
      if (shift !== undefined) worked += shifts[shift]!.workMinutes
    }
    return [{ fromDay: Math.max(0, fromDay), untilDay, minMinutes: 0, maxMinutes: limitMinutes - worked }]
  })
}

/** By organisation and kind: how much one of its officers would have, were all shared out alike. */
type FairShares = ReadonlyMap<string, Readonly<Record<FairnessKind, number>>>

function fairShares(open: OpenGround): FairShares {
  const { officers, days } = open.ground
  const sums = new Map<string, { people: number } & Record<FairnessKind, number>>()
  officers.forEach((who, officer) => {
    const followed = open.schemeOf(who.organisationId)
    if (who.platoon === null || !followed) return
    const sum = sums.get(who.organisationId) ?? { people: 0, draws: 0, nights: 0, weekends: 0, holidays: 0 }
    sums.set(who.organisationId, sum)
    sum.people++
    for (const kind of FAIRNESS_KINDS) sum[kind] += who.carried[kind]
    for (let day = 0; day < days; day++) {
      const role = open.role(officer, day)
      if (!role || role.shifts.length === 0 || open.absence(officer, day)) continue
      const duty = usualDuty(who.organisationId, role.shifts[0]!)
      for (const kind of ['nights', 'weekends', 'holidays'] as const)
        if (countsAs(open, kind, duty, day)) sum[kind]++
    }
  })
  for (const { organisationId } of open.ground.schemes) {
    const sum = sums.get(organisationId)
    const members = officers.flatMap((who, officer) =>
      who.organisationId === organisationId ? [officer] : [],
    )
    if (!sum) continue
    for (const draw of open.schemeOf(organisationId)!.pattern.draws)
      for (let day = 0; day < days; day++)
        sum.draws += draw.officers * platoonsInRole(open, day, draw.fromRole, members).size
  }
  return new Map(
    [...sums].map(([organisationId, { people, draws, nights, weekends, holidays }]) => [
      organisationId,
      {
        draws: draws / people,
        nights: nights / people,
        weekends: weekends / people,
        holidays: holidays / people,
      },
    ]),
  )
}

const usualDuty = (organisationId: string, shift: string): Duty => ({
  kind: 'duty',
  organisationId,
  shift,
  postId: null,
  draw: null,
})

/** The square of the distance from an equal share, priced; null where the pattern leaves nothing to choose. */
function fairCount(
  open: OpenGround,
  officer: number,
  kind: FairnessKind,
  domain: readonly (readonly number[])[],
  options: readonly DutyOption[],
  shares: FairShares,
): SolverCount | null {
  const who = open.ground.officers[officer]!
  const share = shares.get(who.organisationId)?.[kind]
  const weight = open.ground.weights[kind]
  if (share === undefined || weight === 0) return null
  const counted = (shift: number, day: number) => {
    const option = options[shift]!
    return option.kind === 'duty' && countsAs(open, kind, option, day)
  }
  const isOpen = domain.some(
    (allowed, day) =>
      allowed.some((shift) => counted(shift, day)) && !allowed.every((shift) => counted(shift, day)),
  )
  if (!isOpen) return null
  const days = kind === 'weekends' || kind === 'holidays' ? daysOfKind(open, kind) : null
  const shifts = options.flatMap((option, at) => {
    if (option.kind !== 'duty') return []
    return days !== null || countsAs(open, kind, option, 0) ? [at] : []
  })
  return {
    id: kind,
    shifts,
    days,
    min: 0,
    max: Infinity,
    cost: Array.from(
      { length: (days?.length ?? open.ground.days) + 1 },
      (_, count) => weight * (who.carried[kind] + count - share) ** 2,
    ),
  }
}

function daysOfKind(open: OpenGround, kind: 'weekends' | 'holidays'): readonly number[] {
  return open.dates.flatMap((date, day) =>
    (kind === 'weekends' ? isWeekend(date) : open.ground.holidays.includes(date)) ? [day] : [],
  )
}

/** Saturday with the Sunday after it. */
function weekendsOf(open: OpenGround): readonly (readonly number[])[] {
  const days = daysOfKind(open, 'weekends')
  const pairs: number[][] = []
  for (const day of days) {
    const pair = pairs.at(-1)
    if (pair?.at(-1) === day - 1) pair.push(day)
    else pairs.push([day])
  }
  return pairs
}

/** R07 to R11 and R15. */
function organisationDemands(
  open: OpenGround,
  index: ReadonlyMap<string, number>,
  groups: Groups,
): readonly SolverDemand[] {
  const { ground } = open
  const { officers } = ground
  const able = (skill: string) =>
    groups.of(`skill ${skill}`, () =>
      officers.flatMap((who, at) =>
        (skill === 'sworn' ? who.sworn : who.skills.includes(skill)) ? [at] : [],
      ),
    )
  return ground.schemes.flatMap(({ organisationId }) => {
    const { pattern } = open.schemeOf(organisationId)!
    const members = officers.flatMap((who, at) => (who.organisationId === organisationId ? [at] : []))
    const optionOf = (duty: Omit<Duty, 'kind' | 'organisationId'>) =>
      index.get(optionKey({ kind: 'duty', organisationId, ...duty }))!
    return open.dates.flatMap((date, day): readonly SolverDemand[] => {
      const at = (...words: readonly (string | number)[]) => [...words, organisationId, date].join('|')
      const worked = workedShifts(open, organisationId, day, members)
      const term = (shift: number, group: number | null, coefficient = 1): DemandTerm => ({
        day,
        shift,
        group,
        coefficient,
      })
      const posts = pattern.shifts.flatMap(({ code: shift }) =>
        open
          .postsOf(organisationId)
          .filter((post) => isStaffed(post, shift))
          .flatMap((post): readonly SolverDemand[] => {
            const option = optionOf({ shift, postId: post.id, draw: null })
            const low = worked.has(shift) ? post.minOfficers : 0
            const high = post.maxOfficers ?? Infinity
            const crowd = post.maxOfficers ?? members.length
            return [
              ...(low > 0 || high < Infinity
                ? [hard(at(low > 0 ? 'R07' : 'R08', shift, post.id), [term(option, null)], low, high)]
                : []),
              ...(post.needsLeader
                ? [
                    hard(
                      at('R09', shift, post.id),
                      [term(option, able('sworn'), crowd), term(option, null, -1)],
                      0,
                      Infinity,
                    ),
                  ]
                : []),
              ...post.skills.map(({ skill, officers: needed }) =>
                low > 0
                  ? hard(at('R10', shift, post.id, skill), [term(option, able(skill))], needed, Infinity)
                  : hard(
                      at('R10', shift, post.id, skill),
                      [term(option, able(skill), crowd), term(option, null, -needed)],
                      0,
                      Infinity,
                    ),
              ),
            ]
          }),
      )
      const minimums = pattern.minimums
        .filter(({ shift }) => worked.has(shift))
        .map(({ shift, post: kind, skill, officers: needed }, number) =>
          hard(
            at('R15', shift, kind, number),
            open
              .postsOf(organisationId)
              .filter((post) => post.kind === kind && isStaffed(post, shift))
              .map((post) =>
                term(optionOf({ shift, postId: post.id, draw: null }), skill === null ? null : able(skill)),
              ),
            needed,
            Infinity,
          ),
        )
      const draws = pattern.draws.flatMap(({ code, fromRole, shift, officers: wanted }) =>
        [...platoonsInRole(open, day, fromRole, members)].map((platoon) =>
          hard(
            at('R11', code, platoon),
            [
              term(
                optionOf({ shift, postId: null, draw: code }),
                groups.of(`platoon ${organisationId} ${platoon}`, () =>
                  members.filter((officer) => officers[officer]!.platoon === platoon),
                ),
              ),
            ],
            wanted,
            wanted,
          ),
        ),
      )
      return [...posts, ...minimums, ...draws]
    })
  })
}

const hard = (id: string, terms: readonly DemandTerm[], low: number, high: number): SolverDemand => ({
  id,
  terms,
  low,
  high,
  underCost: Infinity,
  overCost: Infinity,
})

/** R12: at every time of a day when somebody comes or goes, those on the street outnumber the share. */
function streetDemands(
  open: OpenGround,
  options: readonly DutyOption[],
  groups: Groups,
): readonly SolverDemand[] {
  const { rules, officers } = open.ground
  if (rules.streetShares.length === 0) return []
  const duties = options.flatMap((option, shift) => {
    const time = option.kind === 'duty' ? open.findShift(option) : null
    return option.kind === 'duty' && time
      ? [
          {
            shift,
            from: time.startMinute,
            until: time.startMinute + time.lengthMinutes,
            isStreet: isOnStreet(open, option),
          },
        ]
      : []
  })
  const capable = groups.of('patrol-capable', () =>
    officers.flatMap((who, at) => (who.patrolCapable ? [at] : [])),
  )
  const changes = [...new Set(duties.flatMap(({ from, until }) => [from % 1440, until % 1440]))]
  return open.dates.flatMap((date, day) =>
    rules.streetShares.flatMap(({ fromMinute, untilMinute, share }) => {
      const seen = new Set<string>()
      const minutes = [...new Set([fromMinute, ...changes])]
        .filter((minute) => minute >= fromMinute && minute < untilMinute)
        .sort((a, b) => a - b)
      return minutes.flatMap((minute): readonly SolverDemand[] => {
        const worth = (isStreet: boolean) => (isStreet ? 1 - share : -share)
        const today = duties.filter(({ from, until }) => from <= minute && minute < until)
        const yesterday = duties.filter(({ from, until }) => from <= minute + 1440 && minute + 1440 < until)
        const key = [...today, { shift: -1 }, ...yesterday].map(({ shift }) => shift).join()
        if (seen.has(key)) return []
        seen.add(key)
        const terms = (list: typeof duties, on: number): readonly DemandTerm[] =>
          list.map(({ shift, isStreet }) => ({
            day: on,
            shift,
            group: capable,
            coefficient: worth(isStreet),
          }))
        const carried = day > 0 ? 0 : carriedIn(open, minute, worth)
        return [
          {
            ...hard(
              ['R12', `${fromMinute}-${untilMinute}`, minute, date].join('|'),
              [...terms(today, day), ...(day > 0 ? terms(yesterday, day - 1) : [])],
              // Thirds do not add up to nothing in binary.
              -carried - 1e-6,
              Infinity,
            ),
          },
        ]
      })
    }),
  )
}

/** What those still on duty from before the roster add to its first day. */
function carriedIn(open: OpenGround, minute: number, worth: (isStreet: boolean) => number): number {
  return open.ground.officers.reduce((sum, { patrolCapable, before }) => {
    const last = before.at(-1)
    const time = last?.kind === 'duty' ? open.findShift(last) : null
    if (!patrolCapable || last?.kind !== 'duty' || !time) return sum
    const isThere = minute + 1440 < time.startMinute + time.lengthMinutes
    return isThere ? sum + worth(isOnStreet(open, last)) : sum
  }, 0)
}
