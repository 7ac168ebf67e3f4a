import loadHighs from 'highs'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkRoster } from './check.ts'
import { solveMip, type Highs, type MipOptions } from './highs.ts'
import { buildModel } from './model.ts'
import { drawSmallProblem, tryEveryRoster } from './small-problems.ts'

let highs: Highs
beforeAll(async () => {
  highs = await loadHighs()
})
const FOREVER: MipOptions = { clock: () => 0, untilMilliseconds: 1e9, shouldStop: () => false }

describe('the compact model', () => {
  it('has the optimum that trying every roster has, and none where there is none', () => {
    let solved = 0
    let impossible = 0
    for (let seed = 1; seed <= 60; seed++) {
      const problem = drawSmallProblem(seed)
      const best = tryEveryRoster(problem)
      const model = buildModel(problem)
      const result = model && solveMip(highs, model.data, FOREVER)
      if (best === null) {
        impossible++
        expect(result?.status ?? 'infeasible', `seed ${seed}`).toBe('infeasible')
        continue
      }
      solved++
      expect(result?.status, `seed ${seed}`).toBe('optimal')
      expect(result!.objective, `seed ${seed}`).toBeCloseTo(best.objective, 5)
      const { objective, breaches } = checkRoster(problem, model!.rosterOf(result!.values!))
      expect(breaches, `seed ${seed}`).toEqual([])
      expect(objective, `seed ${seed}`).toBeCloseTo(best.objective, 5)
    }
    expect(Math.min(solved, impossible)).toBeGreaterThan(5)
  })

  it('starts from a roster that is at hand', () => {
    const problem = drawSmallProblem(seedWithRoster())
    const model = buildModel(problem)!
    const { roster, objective } = tryEveryRoster(problem)!
    let first: number | null = null
    const { status } = solveMip(highs, model.data, {
      ...FOREVER,
      start: model.startOf(roster),
      onBetter: (_, found) => {
        first ??= found
      },
    })
    expect(status).toBe('optimal')
    expect(first ?? objective).toBeCloseTo(objective, 6)
  })

  it('ends when it is told to', () => {
    const drawn = drawSmallProblem(1, 30, 28)
    const employees = drawn.employees.map((employee) => ({
      ...employee,
      ...{ domain: employee.domain.map(() => [0, 1, 2]), windows: [], maxWeekends: null, before: [] },
      ...{ maxConsecutiveWork: 4, minConsecutiveWork: 2, minConsecutiveOff: 2, counts: [] },
    }))
    const demands = drawn.demands.map((demand) => ({
      ...demand,
      low: 11,
      high: 12,
      underCost: 9,
      overCost: 4,
    }))
    const model = buildModel({ ...drawn, employees, demands })!
    const { status } = solveMip(highs, model.data, { ...FOREVER, shouldStop: () => true })
    expect(status).toBe('stopped')
  })
})

function seedWithRoster(): number {
  for (let seed = 1; ; seed++) if (tryEveryRoster(drawSmallProblem(seed)) !== null) return seed
}
