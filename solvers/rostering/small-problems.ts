import { seededChance, type Chance } from '../../foundation/core/chance.ts'
import { checkRoster } from './check.ts'
import type { Assignment, RosteringProblem, SolverCount, SolverDemand, SolverEmployee } from './problem.ts'

/** A problem with some of every rule, small enough to try each of its rosters. Not every one can be solved. */
export function drawSmallProblem(seed: number, employees = 2, days = 4): RosteringProblem {
  const chance = seededChance(seed)
  const sometimes = <T>(share: number, value: () => T): T | null => (chance.next() < share ? value() : null)
  return {
    days,
    constant: chance.below(10),
    shifts: [
      { id: 'off', workMinutes: 0, isWork: false, cannotPrecede: [], cannotPrecedeByTwo: [] },
      {
        id: 'day',
        workMinutes: 480,
        isWork: true,
        cannotPrecede: [],
        cannotPrecedeByTwo: sometimes(0.2, () => [2]) ?? [],
      },
      {
        id: 'night',
        workMinutes: 600,
        isWork: true,
        cannotPrecede: sometimes(0.7, () => [1]) ?? [],
        cannotPrecedeByTwo: sometimes(0.3, () => [1]) ?? [],
      },
    ],
    employees: Array.from({ length: employees }, (_, e) => drawEmployee(`E${e}`, days, chance, sometimes)),
    groups: [[0], [...Array(employees).keys()].slice(1)],
    demands: Array.from({ length: days }, (_, day) => drawDemand(day, days, chance)),
    weekends: [[0, 1], [days - 2, days - 1]], // prettier-ignore
  }
}

function drawEmployee(
  id: string,
  days: number,
  chance: Chance,
  sometimes: <T>(share: number, value: () => T) => T | null,
): SolverEmployee {
  return {
    id,
    domain: Array.from(
      { length: days },
      () => sometimes(0.2, () => chance.pick([[0], [1], [1, 2], [0, 2]])) ?? [0, 1, 2],
    ),
    cellCosts: Array.from({ length: 4 }, () => ({
      day: chance.below(days),
      shift: chance.below(3),
      cost: chance.below(9) - 4,
    })),
    windows:
      sometimes(0.5, () => [
        { fromDay: 0, untilDay: days, minMinutes: 480 * chance.below(3), maxMinutes: 480 * days - 400 },
        { fromDay: 1, untilDay: days - 1, minMinutes: 0, maxMinutes: 1_000 },
      ]) ?? [],
    maxConsecutiveWork: sometimes(0.5, () => 1 + chance.below(3)),
    minConsecutiveWork: sometimes(0.5, () => 1 + chance.below(3)),
    minConsecutiveOff: sometimes(0.5, () => 1 + chance.below(3)),
    maxWeekends: sometimes(0.4, () => chance.below(3)),
    counts: Array.from({ length: chance.below(3) }, (_, i) => drawCount(`C${i}`, days, chance)),
    before: Array.from({ length: chance.below(4) }, () => chance.below(3)),
  }
}

const drawCount = (id: string, days: number, chance: Chance): SolverCount => ({
  id,
  shifts: chance.pick([[1], [2], [1, 2], [0]]),
  days: chance.pick([null, [0, days - 1], [1, 2]]),
  min: chance.pick([0, 0, 0, 1]),
  max: chance.pick([Infinity, 3, 2]),
  cost: chance.pick([null, [0, 1, 3, 7], [4, 0, 2], [0, 5], [3]]),
})

const drawDemand = (day: number, days: number, chance: Chance): SolverDemand => {
  const low = chance.below(3)
  const isHard = chance.next() < 0.2
  return {
    id: `D${day}`,
    terms: [
      { day, shift: 1 + chance.below(2), group: chance.pick([null, 0, 1]), coefficient: 1 },
      { day: chance.below(days), shift: chance.below(3), group: null, coefficient: chance.pick([1, 2, -1]) },
    ],
    low: chance.pick([low, -Infinity]),
    high: chance.pick([low, low + 1, Infinity]),
    underCost: isHard ? Infinity : 10,
    overCost: chance.pick([2, 0, isHard ? Infinity : 3]),
  }
}

/** The best of all rosters there are, one by one. Null: none is valid. */
export function tryEveryRoster(problem: RosteringProblem): { roster: Assignment; objective: number } | null {
  const cells = problem.employees.length * problem.days
  const roster = new Int16Array(cells)
  let best: { roster: Assignment; objective: number } | null = null
  for (;;) {
    const { objective, breaches } = checkRoster(problem, roster)
    if (breaches.length === 0 && (best === null || objective < best.objective))
      best = { roster: roster.slice(), objective }
    let at = 0
    while (at < cells && roster[at] === problem.shifts.length - 1) roster[at++] = 0
    if (at === cells) return best
    roster[at]!++
  }
}
