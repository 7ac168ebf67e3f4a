import type { Assignment, RosteringProblem } from '../../../solvers/rostering/problem.ts'
import type { Instance } from './read-instance.ts'

/** One line of a roster as it is written to JSON. Days off have none. */
export interface WrittenShift {
  readonly employee: string
  readonly day: number
  readonly shift: string
}

/** The instance as a rostering problem: shift 0 is the day off, shift `i + 1` the instance's shift `i`. */
export function problemOfInstance(instance: Instance): RosteringProblem {
  const { days, shifts, staff, onRequests, offRequests, cover } = instance
  const shiftOf = new Map(shifts.map(({ id }, i) => [id, i + 1]))
  const wishes = new Map<string, Map<string, { day: number; shift: number; cost: number }>>()
  let constant = 0
  const wish = (employee: string, day: number, shift: string, cost: number) => {
    const ofEmployee = wishes.get(employee) ?? new Map()
    wishes.set(employee, ofEmployee)
    const key = `${day} ${shift}`
    ofEmployee.set(key, { day, shift: shiftOf.get(shift)!, cost: cost + (ofEmployee.get(key)?.cost ?? 0) })
  }
  // A shift asked for costs its weight unless it is given: the weight always, and back where it is.
  for (const { employee, day, shift, weight } of onRequests) {
    constant += weight
    wish(employee, day, shift, -weight)
  }
  for (const { employee, day, shift, weight } of offRequests) wish(employee, day, shift, weight)

  return {
    days,
    constant,
    shifts: [
      { id: '', workMinutes: 0, isWork: false, cannotPrecede: [], cannotPrecedeByTwo: [] },
      ...shifts.map(({ id, minutes, cannotPrecede }) => ({
        id,
        workMinutes: minutes,
        isWork: true,
        cannotPrecede: cannotPrecede.map((next) => shiftOf.get(next)!),
        cannotPrecedeByTwo: [],
      })),
    ],
    employees: staff.map((employee) => {
      const allowed = [0, ...shifts.keys()].map((_, shift) => shift)
      const open = allowed.filter(
        (shift) => shift === 0 || employee.maxShifts.get(shifts[shift - 1]!.id) !== 0,
      )
      const off = new Set(employee.daysOff)
      return {
        id: employee.id,
        domain: Array.from({ length: days }, (_, day) => (off.has(day) ? [0] : open)),
        cellCosts: [...(wishes.get(employee.id)?.values() ?? [])],
        windows: [
          {
            fromDay: 0,
            untilDay: days,
            minMinutes: employee.minTotalMinutes,
            maxMinutes: employee.maxTotalMinutes,
          },
        ],
        maxConsecutiveWork: employee.maxConsecutiveShifts,
        minConsecutiveWork: employee.minConsecutiveShifts,
        minConsecutiveOff: employee.minConsecutiveDaysOff,
        maxWeekends: employee.maxWeekends,
        counts: [...employee.maxShifts]
          .filter(([, max]) => max > 0 && max < days)
          .map(([id, max]) => ({ id, shifts: [shiftOf.get(id)!], days: null, min: 0, max, cost: null })),
        before: [],
      }
    }),
    groups: [],
    demands: cover.map(({ day, shift, requirement, underWeight, overWeight }) => ({
      id: `${day} ${shift}`,
      terms: [{ day, shift: shiftOf.get(shift)!, group: null, coefficient: 1 }],
      low: requirement,
      high: requirement,
      underCost: underWeight,
      overCost: overWeight,
    })),
    weekends: weekendsOf(days),
  }
}

/** Saturday and Sunday of each week that starts within the days; the last may have lost its Sunday. */
function weekendsOf(days: number): number[][] {
  const weekends: number[][] = []
  for (let saturday = 5; saturday < days; saturday += 7)
    weekends.push([saturday, saturday + 1].filter((day) => day < days))
  return weekends
}

/** A roster in the instance's own names, by employee and day. */
export function writtenRoster(problem: RosteringProblem, assignment: Assignment): WrittenShift[] {
  return problem.employees.flatMap((employee, e) =>
    Array.from({ length: problem.days }, (_, day) => ({
      employee: employee.id,
      day,
      shift: problem.shifts[assignment[e * problem.days + day]!]!.id,
    })).filter(({ shift }) => shift !== ''),
  )
}
