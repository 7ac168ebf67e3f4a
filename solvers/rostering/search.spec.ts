import { describe, expect, it } from 'vitest'
import { madeUpRoster } from './made-up-roster.ts'
import type { Assignment, RosteringProblem, RosterProgress } from './problem.ts'
import { rowCost } from './row-cost.ts'
import { searchRoster, type SearchOptions } from './search.ts'

/** A clock that tells a hundredth of a second more at each look: time by work done, the same on any machine. */
function lookClock(): () => number {
  let now = 0
  return () => (now += 10)
}

const options = (more: Partial<SearchOptions> = {}): SearchOptions => ({
  seconds: 8,
  seed: 1,
  clock: lookClock(),
  shouldStop: () => false,
  onProgress: () => {},
  ...more,
})

/** Objective by the definition; Infinity where a hard rule is broken. */
function objectiveOf(problem: RosteringProblem, assignment: Assignment): number {
  const { days } = problem
  let sum = problem.constant
  problem.employees.forEach((_, e) => {
    const { cost, broken } = rowCost(problem, e, assignment.subarray(e * days, (e + 1) * days))
    sum += broken > 0 ? Infinity : cost
  })
  for (const demand of problem.demands) {
    let given = 0
    for (const { day, shift, group, coefficient } of demand.terms)
      for (const e of group === null ? problem.employees.keys() : problem.groups[group]!)
        if (assignment[e * days + day] === shift) given += coefficient
    if (given < demand.low - 1e-9) sum += (demand.low - given) * demand.underCost
    if (given > demand.high + 1e-9) sum += (given - demand.high) * demand.overCost
  }
  return sum
}

const problem = madeUpRoster(3, { employees: 64, days: 14, sites: 2 })

describe('search of a roster', () => {
  it('finds a roster that breaks no hard rule, and tells its objective truly', () => {
    const found = searchRoster(problem, options())
    expect(found.assignment).not.toBeNull()
    expect(objectiveOf(problem, found.assignment!)).toBeCloseTo(found.objective!, 6)
  })

  it('gives the same roster for the same seed and the same clock', () => {
    const once = searchRoster(problem, options({ seconds: 4 }))
    const again = searchRoster(problem, options({ seconds: 4 }))
    const other = searchRoster(problem, options({ seconds: 4, seed: 2 }))
    expect(again.assignment).toEqual(once.assignment)
    expect(other.assignment).not.toEqual(once.assignment)
  })

  it('tells its progress, never a worse objective, and stops when asked', () => {
    const told: RosterProgress[] = []
    let looks = 0
    const found = searchRoster(
      problem,
      options({
        seconds: 1e6,
        onProgress: (progress) => told.push(progress),
        shouldStop: () => told.length >= 12 || ++looks > 100_000,
      }),
    )
    expect(told.length).toBeGreaterThanOrEqual(12)
    expect(found.assignment).not.toBeNull()
    const objectives = told.flatMap(({ objective }) => (objective === null ? [] : [objective]))
    objectives.forEach((objective, i) => expect(objective).toBeLessThanOrEqual(objectives[i - 1] ?? Infinity))
  })

  it('changes few cells when one person falls out of a published roster', () => {
    const { days } = problem
    const published = searchRoster(problem, options()).assignment!
    const sick = 5
    const stable: RosteringProblem = {
      ...problem,
      employees: problem.employees.map((employee, e) => ({
        ...employee,
        domain: employee.domain.map((list, day) => (e === sick && day >= 3 && day < 8 ? [0] : list)),
        cellCosts: [
          ...employee.cellCosts,
          ...Array.from({ length: days }, (_, day) => ({
            day,
            shift: published[e * days + day]!,
            cost: -60,
          })),
        ],
      })),
    }
    const found = searchRoster(stable, options({ start: published, seconds: 4 }))
    expect(found.assignment).not.toBeNull()
    const changed = new Set<number>()
    found.assignment!.forEach((shift, place) => {
      if (shift !== published[place]) changed.add(Math.floor(place / days))
    })
    changed.delete(sick)
    expect(changed.size).toBeLessThanOrEqual(3)
  })

  it('says that there is none where someone has no row at all', () => {
    const [first, ...others] = problem.employees
    const impossible: RosteringProblem = {
      ...problem,
      employees: [
        { ...first!, windows: [{ fromDay: 0, untilDay: 7, minMinutes: 6000, maxMinutes: 9000 }] },
        ...others,
      ],
    }
    const found = searchRoster(impossible, options())
    expect(found).toMatchObject({ assignment: null, objective: null, isInfeasible: true })
  })
})
