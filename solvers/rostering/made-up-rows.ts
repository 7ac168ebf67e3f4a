import type { Chance } from '../../foundation/core/chance.ts'
import type { RosteringProblem, SolverEmployee, SolverShift } from './problem.ts'

/** A small problem with every kind of rule, drawn at random: for specs against brute force. */
export function madeUpRows(
  chance: Chance,
  size: { days: number; shifts: number; employees: number },
): RosteringProblem {
  const { days } = size
  const some = (probability: number) => chance.next() < probability
  const every = Array.from({ length: size.shifts }, (_, s) => s)
  const shifts = every.map((s): SolverShift => ({
    id: `s${s}`,
    workMinutes: s === 0 ? 0 : chance.pick([480, 480, 600, 720]),
    isWork: s !== 0,
    cannotPrecede: s === 0 ? [] : every.filter((other) => other > 0 && other < s && some(0.6)),
    cannotPrecedeByTwo: s === 0 ? [] : every.filter((other) => other > 0 && some(0.1)),
  }))
  const subset = (probability: number) =>
    Array.from({ length: days }, (_, day) => day).filter(() => some(probability))
  const employees = Array.from({ length: size.employees }, (_, e): SolverEmployee => {
    const least = chance.below(3)
    const convex = [chance.below(4), 0, 1, 3, 6, 10, 15].map((price) => price * chance.below(3))
    return {
      id: `e${e}`,
      domain: Array.from({ length: days }, () => (some(0.15) ? [chance.below(size.shifts)] : every)),
      cellCosts: subset(0.6).map((day) => ({
        day,
        shift: chance.below(size.shifts),
        cost: chance.below(9) - 3,
      })),
      windows: some(0.7)
        ? [
            { fromDay: 0, untilDay: days, minMinutes: least * 480, maxMinutes: (least + 2) * 540 },
            ...(some(0.4) ? [{ fromDay: 1, untilDay: days - 1, minMinutes: 0, maxMinutes: 1920 }] : []),
          ]
        : [],
      maxConsecutiveWork: some(0.7) ? 1 + chance.below(4) : null,
      minConsecutiveWork: some(0.5) ? 1 + chance.below(2) : null,
      minConsecutiveOff: some(0.5) ? 1 + chance.below(3) : null,
      maxWeekends: some(0.6) ? chance.below(3) : null,
      counts: [
        { id: 'a', shifts: [1], days: null, min: 0, max: chance.below(4), cost: null },
        {
          id: 'b',
          shifts: every.slice(1),
          days: subset(0.5),
          min: chance.below(2),
          max: Infinity,
          cost: convex,
        },
        ...(some(0.4)
          ? [{ id: 'c', shifts: every.slice(-1), days: null, min: 0, max: 3, cost: [2, 0, 5] }]
          : []),
      ],
      before: Array.from({ length: chance.below(5) }, () => chance.below(size.shifts)),
    }
  })
  const weekends = some(0.5)
    ? [
        [1, 2],
        [4, 5],
      ]
    : [
        [0, 1, 2],
        [3, 5],
      ]
  return {
    days,
    shifts,
    employees,
    groups: [],
    demands: [],
    weekends: weekends.map((set) => set.filter((day) => day < days)).filter((set) => set.length > 0),
    constant: 0,
  }
}
