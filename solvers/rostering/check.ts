import type { Assignment, Breach, RosteringProblem, SolverEmployee } from './problem.ts'

/** What a roster costs and what it breaks. `objective` counts costs alone; a roster is valid when `breaches` is empty. */
export interface Audit {
  readonly objective: number
  readonly breaches: readonly Breach[]
}

/** Sums of coefficients that are not whole may miss by this. */
const ROUNDING = 1e-9

/**
 * Audits a roster against its problem by reading each rule as it is written, day by day. It shares no code with the
 * search, the rows or the model, and is slow on purpose: it is what they are held against.
 */
export function checkRoster(problem: RosteringProblem, assignment: Assignment): Audit {
  const { employees, days, constant } = problem
  if (assignment.length !== employees.length * days)
    throw new Error(
      `a roster of ${employees.length * days} cells is wanted, this one has ${assignment.length}`,
    )
  const breaches: Breach[] = []
  let objective = constant
  employees.forEach((employee, e) => {
    const row = Array.from(assignment.subarray(e * days, (e + 1) * days))
    objective += costOfRow(employee, row)
    for (const { rule, day, id, amount } of breachesOfRow(problem, employee, row))
      breaches.push({ rule, employee: e, day, id, amount })
  })
  for (const demand of problem.demands) {
    const sum = demand.terms.reduce(
      (total, term) => total + term.coefficient * headCount(problem, assignment, term),
      0,
    )
    for (const [missing, price] of [
      [demand.low - sum, demand.underCost],
      [sum - demand.high, demand.overCost],
    ] as const) {
      if (missing <= ROUNDING) continue
      if (price === Infinity)
        breaches.push({
          rule: 'demand',
          employee: null,
          day: demand.terms[0]?.day ?? null,
          id: demand.id,
          amount: missing,
        })
      else objective += missing * price
    }
  }
  return { objective, breaches }
}

function headCount(
  { employees, groups, days }: RosteringProblem,
  assignment: Assignment,
  { day, shift, group }: { readonly day: number; readonly shift: number; readonly group: number | null },
): number {
  const members = group === null ? employees.map((_, e) => e) : groups[group]!
  return members.filter((e) => assignment[e * days + day] === shift).length
}

function costOfRow(employee: SolverEmployee, row: readonly number[]): number {
  let cost = 0
  for (const cell of employee.cellCosts) if (row[cell.day] === cell.shift) cost += cell.cost
  for (const count of employee.counts) {
    if (count.cost === null || count.cost.length === 0) continue
    cost += count.cost[Math.min(timesOf(count, row), count.cost.length - 1)]!
  }
  return cost
}

const timesOf = (
  { shifts, days }: { readonly shifts: readonly number[]; readonly days: readonly number[] | null },
  row: readonly number[],
): number => (days ?? [...row.keys()]).filter((day) => shifts.includes(row[day]!)).length

type RowBreach = Omit<Breach, 'employee'>

function breachesOfRow(
  problem: RosteringProblem,
  employee: SolverEmployee,
  row: readonly number[],
): RowBreach[] {
  const { shifts, weekends } = problem
  const found: RowBreach[] = []
  const add = (rule: Breach['rule'], day: number | null, amount: number, id: string | null = null) => {
    if (amount > 0) found.push({ rule, day, id, amount })
  }
  row.forEach((shift, day) => {
    if (!employee.domain[day]!.includes(shift)) add('domain', day, 1)
  })

  const known = [...employee.before, ...row]
  const first = employee.before.length
  known.forEach((shift, at) => {
    const day = at - first
    if (day < 0) return
    const yesterday = known[at - 1]
    const twoDaysAgo = known[at - 2]
    if (yesterday !== undefined && shifts[yesterday]!.cannotPrecede.includes(shift)) add('succession', day, 1)
    if (twoDaysAgo !== undefined && shifts[twoDaysAgo]!.cannotPrecedeByTwo.includes(shift))
      add('succession', day, 1)
  })

  for (const { fromDay, untilDay, minMinutes, maxMinutes } of employee.windows) {
    const minutes = row
      .slice(fromDay, untilDay)
      .reduce((total, shift) => total + shifts[shift]!.workMinutes, 0)
    add('window', fromDay, minMinutes - minutes)
    add('window', fromDay, minutes - maxMinutes)
  }

  const worked = known.map((shift) => shifts[shift]!.isWork)
  for (const { from, until, isWork } of runsOf(worked)) {
    const length = until - from
    const touchesHorizon = until > first
    const endsOpen = from === 0 || until === known.length
    // A run that day 0 ends was ended by this roster, though all its days lie before.
    const isEndedHere = until >= first && !endsOpen
    const day = Math.max(0, from - first)
    if (isWork && touchesHorizon && employee.maxConsecutiveWork !== null)
      add('max-consecutive', day, length - Math.max(employee.maxConsecutiveWork, first - from))
    if (isWork && isEndedHere && employee.minConsecutiveWork !== null)
      add('min-consecutive', day, employee.minConsecutiveWork - length)
    if (!isWork && isEndedHere && employee.minConsecutiveOff !== null)
      add('min-consecutive-off', day, employee.minConsecutiveOff - length)
  }

  if (employee.maxWeekends !== null) {
    const lost = weekends.filter((days) => days.some((day) => shifts[row[day]!]!.isWork)).length
    add('weekends', null, lost - employee.maxWeekends)
  }
  for (const count of employee.counts) {
    const times = timesOf(count, row)
    add('count', count.days?.[0] ?? null, count.min - times, count.id)
    add('count', count.days?.[0] ?? null, times - count.max, count.id)
  }
  return found
}

/** Longest stretches of days of one kind. */
function runsOf(worked: readonly boolean[]): { from: number; until: number; isWork: boolean }[] {
  const runs: { from: number; until: number; isWork: boolean }[] = []
  worked.forEach((isWork, at) => {
    const last = runs.at(-1)
    if (last && last.isWork === isWork) last.until = at + 1
    else runs.push({ from: at, until: at + 1, isWork })
  })
  return runs
}
