import { describe, expect, it } from 'vitest'
import { seededChance, type Chance } from '../../foundation/core/chance.ts'
import { madeUpRows } from './made-up-rows.ts'
import type { RosteringProblem } from './problem.ts'
import { rowCost } from './row-cost.ts'
import { bestRow } from './row-path.ts'
import type { RowMemory } from './row-relaxation.ts'

const drawPrices = (chance: Chance, problem: RosteringProblem) =>
  Float64Array.from({ length: problem.days * problem.shifts.length }, () => chance.below(21) - 10)

function price(problem: RosteringProblem, prices: Float64Array, row: ArrayLike<number>): number {
  let sum = 0
  for (let day = 0; day < problem.days; day++) sum += prices[day * problem.shifts.length + row[day]!]!
  return sum
}

/** The least cost over all rows there are; Infinity if none may be. */
function byTryingAll(
  problem: RosteringProblem,
  prices: Float64Array,
  fixed: (day: number) => number | null,
): number {
  let best = Infinity
  const row = new Int16Array(problem.days)
  const go = (day: number): void => {
    if (day === problem.days) {
      const { cost, broken } = rowCost(problem, 0, row)
      if (broken === 0) best = Math.min(best, cost + price(problem, prices, row))
      return
    }
    for (const shift of problem.employees[0]!.domain[day]!) {
      if (fixed(day) !== null && fixed(day) !== shift) continue
      row[day] = shift
      go(day + 1)
    }
  }
  go(0)
  return best
}

describe('best row', () => {
  it('is the row that trying all finds, with every kind of rule', () => {
    let solvable = 0
    for (let seed = 1; seed <= 250; seed++) {
      const chance = seededChance(seed)
      const problem = madeUpRows(chance, { days: 7, shifts: 3, employees: 1 })
      const prices = drawPrices(chance, problem)
      const expected = byTryingAll(problem, prices, () => null)
      const found = bestRow(problem, 0, prices)
      expect(found.isExact, `seed ${seed}`).toBe(true)
      expect(found.cost, `seed ${seed}`).toBe(expected)
      if (found.row === null) continue
      solvable++
      const own = rowCost(problem, 0, found.row)
      expect(own.broken, `seed ${seed}`).toBe(0)
      expect(own.cost + price(problem, prices, found.row), `seed ${seed}`).toBeCloseTo(found.cost, 9)
      expect(found.lowerBound).toBeCloseTo(found.cost, 6)
    }
    expect(solvable).toBeGreaterThan(100)
  })

  it('counts weekends against minutes over weeks', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const chance = seededChance(seed)
      const base = madeUpRows(chance, { days: 16, shifts: 2, employees: 1 })
      const problem: RosteringProblem = {
        ...base,
        weekends: [
          [1, 2],
          [5, 6],
          [9, 10],
          [13, 14],
        ],
        employees: base.employees.map((employee) => ({
          ...employee,
          windows: [{ fromDay: 0, untilDay: 16, minMinutes: 8 * 480, maxMinutes: 9 * 480 }],
          counts: [],
          maxWeekends: 2,
        })),
        shifts: base.shifts.map((shift) => ({ ...shift, workMinutes: shift.isWork ? 480 : 0 })),
      }
      const prices = drawPrices(chance, problem)
      const found = bestRow(problem, 0, prices)
      expect(found.cost, `seed ${seed}`).toBe(byTryingAll(problem, prices, () => null))
    }
  })

  it('bounds from below and keeps to the rules where few labels are kept', () => {
    for (let seed = 1; seed <= 80; seed++) {
      const chance = seededChance(seed)
      const problem = madeUpRows(chance, { days: 8, shifts: 3, employees: 1 })
      const prices = drawPrices(chance, problem)
      const exact = bestRow(problem, 0, prices)
      const quick = bestRow(problem, 0, prices, { width: 2, steps: 1 })
      expect(quick.lowerBound, `seed ${seed}`).toBeLessThanOrEqual(exact.cost + 1e-6)
      if (quick.row === null) continue
      expect(rowCost(problem, 0, quick.row).broken).toBe(0)
      expect(quick.cost).toBeGreaterThanOrEqual(exact.cost - 1e-6)
    }
  })

  it('keeps days outside a part of the row as they are', () => {
    let kept = 0
    for (let seed = 1; seed <= 80; seed++) {
      const chance = seededChance(seed)
      const problem = madeUpRows(chance, { days: 7, shifts: 3, employees: 1 })
      const { row } = bestRow(problem, 0, drawPrices(chance, problem))
      if (row === null) continue
      kept++
      const prices = drawPrices(chance, problem)
      const found = bestRow(problem, 0, prices, { keep: { row, fromDay: 2, untilDay: 5 } })
      const fixed = (day: number) => (day < 2 || day >= 5 ? row[day]! : null)
      expect(found.cost, `seed ${seed}`).toBe(byTryingAll(problem, prices, fixed))
    }
    expect(kept).toBeGreaterThan(30)
  })

  it('finds nothing at or above the cutoff and learns from call to call without changing answers', () => {
    const memory: RowMemory = new Map()
    const chance = seededChance(7)
    const problem = madeUpRows(seededChance(3), { days: 7, shifts: 3, employees: 1 })
    for (let call = 0; call < 30; call++) {
      const prices = drawPrices(chance, problem)
      const plain = bestRow(problem, 0, prices)
      const learnt = bestRow(problem, 0, prices, { memory })
      expect(learnt.cost).toBeCloseTo(plain.cost, 6)
      const none = bestRow(problem, 0, prices, { memory, cutoff: plain.cost })
      expect(none.row === null || none.cost <= plain.cost).toBe(true)
      const some = bestRow(problem, 0, prices, { memory, cutoff: plain.cost + 1 })
      expect(some.cost).toBeCloseTo(plain.cost, 6)
    }
  })
})
