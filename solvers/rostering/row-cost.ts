import type { RosteringProblem } from './problem.ts'

/** What one row costs by itself and by how much it breaks its own rules, from the definition, without any memory. */
export interface RowCost {
  readonly cost: number
  /** 0: the row may be. Days, shifts, weekends; minutes in hours. */
  readonly broken: number
}

export function rowCost(problem: RosteringProblem, employee: number, row: ArrayLike<number>): RowCost {
  const person = problem.employees[employee]!
  const { shifts, days } = problem
  let cost = 0
  let broken = 0
  for (const cell of person.cellCosts) if (row[cell.day] === cell.shift) cost += cell.cost
  for (let day = 0; day < days; day++) if (!person.domain[day]!.includes(row[day]!)) broken++

  const line = [...person.before, ...Array.from({ length: days }, (_, day) => row[day]!)]
  const horizon = person.before.length
  for (let i = horizon; i < line.length; i++) {
    if (i >= 1 && shifts[line[i - 1]!]!.cannotPrecede.includes(line[i]!)) broken++
    if (i >= 2 && shifts[line[i - 2]!]!.cannotPrecedeByTwo.includes(line[i]!)) broken++
  }
  for (let from = 0; from < line.length;) {
    const isWork = shifts[line[from]!]!.isWork
    let until = from + 1
    while (until < line.length && shifts[line[until]!]!.isWork === isWork) until++
    const length = until - from
    if (isWork && person.maxConsecutiveWork !== null && until > horizon)
      // days beyond the limit that lie within the horizon
      broken += Math.max(0, Math.min(length - person.maxConsecutiveWork, until - Math.max(from, horizon)))
    const least = isWork ? person.minConsecutiveWork : person.minConsecutiveOff
    if (least !== null && from > 0 && until < line.length && until >= horizon && until > 0)
      broken += Math.max(0, least - length)
    from = until
  }
  for (const window of person.windows) {
    let minutes = 0
    for (let day = window.fromDay; day < window.untilDay; day++) minutes += shifts[row[day]!]!.workMinutes
    broken += (Math.max(0, minutes - window.maxMinutes) + Math.max(0, window.minMinutes - minutes)) / 60
  }
  for (const count of person.counts) {
    let n = 0
    for (let day = 0; day < days; day++)
      if (count.shifts.includes(row[day]!) && (count.days === null || count.days.includes(day))) n++
    broken += Math.max(0, n - count.max) + Math.max(0, count.min - n)
    if (count.cost !== null) cost += count.cost[Math.min(n, count.cost.length - 1)]!
  }
  if (person.maxWeekends !== null) {
    const worked = problem.weekends.filter((set) => set.some((day) => shifts[row[day]!]!.isWork)).length
    broken += Math.max(0, worked - person.maxWeekends)
  }
  return { cost, broken }
}
