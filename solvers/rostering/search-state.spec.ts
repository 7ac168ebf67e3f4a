import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededChance } from '../../foundation/core/chance.ts'
import { firstRoster } from './first-roster.ts'
import { madeUpRoster } from './made-up-roster.ts'
import { madeUpRows } from './made-up-rows.ts'
import { MOVES } from './moves.ts'
import type { RosteringProblem } from './problem.ts'
import { rowCost } from './row-cost.ts'
import { RosterState } from './search-state.ts'
import { searchTables } from './search-tables.ts'

const HARD_WEIGHT = 30

/** Energy and missed hard demands from the definition. */
function fromScratch(
  problem: RosteringProblem,
  rows: Int16Array,
): { energy: number; missed: number; broken: number } {
  let energy = problem.constant
  let broken = 0
  for (let e = 0; e < problem.employees.length; e++) {
    const row = rowCost(problem, e, rows.subarray(e * problem.days, (e + 1) * problem.days))
    energy += row.cost
    broken += row.broken
  }
  let missed = 0
  for (const demand of problem.demands) {
    let sum = 0
    for (const { day, shift, group, coefficient } of demand.terms)
      problem.employees.forEach((_, e) => {
        if (group !== null && !problem.groups[group]!.includes(e)) return
        if (rows[e * problem.days + day] === shift) sum += coefficient
      })
    const under = Math.max(0, demand.low - sum)
    const over = Math.max(0, sum - demand.high)
    if (under > 1e-9) energy += under * Math.min(demand.underCost, HARD_WEIGHT)
    if (over > 1e-9) energy += over * Math.min(demand.overCost, HARD_WEIGHT)
    if ((under > 1e-9 && demand.underCost === Infinity) || (over > 1e-9 && demand.overCost === Infinity))
      missed++
  }
  return { energy, missed, broken }
}

function startOf(problem: RosteringProblem): RosterState | null {
  const tables = searchTables(problem)
  const first = firstRoster(problem, tables, HARD_WEIGHT, new Map(), undefined, () => false)
  return first.rows === null ? null : new RosterState(tables, first.rows, HARD_WEIGHT)
}

function withDemands(problem: RosteringProblem, seed: number): RosteringProblem {
  const chance = seededChance(seed)
  return {
    ...problem,
    groups: [[0, 1]],
    constant: 5,
    demands: Array.from({ length: 2 * problem.days }, (_, i) => ({
      id: `d${i}`,
      terms: Array.from({ length: 1 + chance.below(4) }, () => ({
        day: chance.below(problem.days),
        shift: chance.below(problem.shifts.length),
        group: chance.pick([null, 0]),
        coefficient: chance.pick([1, 1, -0.4, 0.6]),
      })),
      low: chance.pick([-Infinity, 0, 1, 2]),
      high: chance.pick([2, 3, Infinity]),
      underCost: chance.pick([4, Infinity]),
      overCost: chance.pick([1, Infinity]),
    })),
  }
}

describe('roster state', () => {
  it('weighs any change as counting anew would, and drops what breaks a row', () => {
    let taken = 0
    let lost = 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (seed) => {
        const chance = seededChance(seed)
        const problem = withDemands(madeUpRows(chance, { days: 8, shifts: 4, employees: 3 }), seed)
        const state = startOf(problem)
        if (state === null) return
        for (let step = 0; step < 60; step++) {
          const before = fromScratch(problem, state.rows)
          expect(before.broken).toBe(0)
          expect(state.energy).toBeCloseTo(before.energy, 6)
          expect(state.missed).toBe(before.missed)
          const held = state.rows.slice()
          const isProposed = chance.pick(MOVES)(state, chance)
          const delta = isProposed ? state.weigh() : Infinity
          const after = fromScratch(problem, state.rows)
          if (isProposed && delta < Infinity) {
            expect(delta).toBeCloseTo(after.energy - before.energy, 6)
            state.take()
            taken++
          } else {
            if (isProposed) {
              expect(after.broken).toBeGreaterThan(0)
              lost++
            }
            state.drop()
            expect(state.rows).toEqual(held)
          }
        }
      }),
      { numRuns: 100, seed: 4 },
    )
    expect(taken).toBeGreaterThan(120)
    expect(lost).toBeGreaterThan(120)
  })

  it('tells what each shift would add at demands', () => {
    const problem = madeUpRoster(1, { employees: 48, days: 14, sites: 2 })
    const state = startOf(problem)!
    const { days, shifts, placeStart, cellShift } = state.tables
    const prices = new Float64Array(days * shifts)
    const chance = seededChance(2)
    for (let draw = 0; draw < 40; draw++) {
      const e = chance.below(problem.employees.length)
      const day = chance.below(days)
      const place = e * days + day
      state.marginalPrices(e, prices)
      const cells = Array.from(cellShift.subarray(placeStart[place], placeStart[place + 1]))
      const shift = chance.pick(cells)
      const before = state.rows[place]!
      const rows = state.rows.slice()
      rows[place] = shift
      const own = (line: Int16Array) => rowCost(problem, e, line.subarray(e * days, (e + 1) * days)).cost
      const expected =
        fromScratch(problem, rows).energy -
        own(rows) -
        (fromScratch(problem, state.rows).energy - own(state.rows))
      expect(prices[day * shifts + shift]! - prices[day * shifts + before]!).toBeCloseTo(expected, 6)
    }
  })
})
