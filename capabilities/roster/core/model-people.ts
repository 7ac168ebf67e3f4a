import type { SolverEmployee, SolverShift } from '../../../solvers/rostering/problem.ts'
import { fairCount, type FairShares } from './model-shares.ts'
import { timeOf } from './model-times.ts'
import { allowedOptions, isOfRole, type OpenGround } from './options.ts'
import { FAIRNESS_KINDS, optionKey, type DutyOption, type RosterGrid } from './roster.ts'

/** An officer's cells, limits and prices; `constant` is what wishes and stability cost at the worst. */
export function employeeOf(
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

/** A row that stands as it is. */
export function heldEmployee(
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
