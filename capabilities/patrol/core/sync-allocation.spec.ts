import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherCellHours, type CellHours } from '../../../solvers/density/cell-hours.ts'
import { bestMoves, betterAllocations } from './sync-allocation.ts'
import { meet, overlapOf, overlapsOf, type Met } from './sync-index.ts'
import { hourOfSpot, openVisitGrid, standAt } from './sync-visits.ts'
import { yardsticksOf } from './sync-yardsticks.ts'

const ORIGIN = { lon: 113.6, lat: 34.1 }
const WHOLE_DAY = new Array<number>(24).fill(1)
const RULES = { visitMinutes: 12 }

type Amount = readonly [east: number, hour: number, amount: number]

/** Amounts in a row from west to east; whole numbers are middles of cells. */
function cells(amounts: readonly Amount[]): CellHours {
  const gathered = gatherCellHours(ORIGIN, 250, 24)
  for (const [east, hour, amount] of amounts) gathered.add(east * 250 + 125, 125, hour, amount)
  return gathered.finish()
}
const met = (risk: readonly Amount[], presence: readonly Amount[]): Met =>
  meet(cells(risk), cells(presence), WHOLE_DAY)

const amounts = (last: number, hours: readonly [number, number], most: number, length: number) =>
  fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: last }),
      fc.integer({ min: hours[0], max: hours[1] }),
      fc.integer({ min: 1, max: most }),
    ),
    { minLength: 1, maxLength: length },
  ) as fc.Arbitrary<Amount[]>
const many = amounts(6, [0, 23], 60, 40)

/** Every way to put so many whole visits anywhere, tried one after the other. */
function bruteForce(of: Met, mostInHour: readonly number[], most: number): number {
  const grid = openVisitGrid(of)
  const share = RULES.visitMinutes / of.presenceMinutes
  const left = [...mostInHour]
  let best = 0
  const go = (from: number, more: number, presence: Float64Array) => {
    best = Math.max(best, overlapOf(presence, of.risk))
    if (more === 0) return
    for (let spot = from; spot < grid.spots; spot++) {
      const hour = hourOfSpot(spot)
      if (left[hour] === 0) continue
      const with1 = Float64Array.from(presence)
      standAt(grid, with1, spot, share)
      left[hour]!--
      go(spot, more - 1, with1)
      left[hour]!++
    }
  }
  go(0, most, new Float64Array(of.risk.length))
  return best
}

describe('a better allocation of the same hours', () => {
  it('is near the best that there is: beside every way tried, hours kept and hours free', () => {
    const few = amounts(2, [20, 21], 30, 4)
    const ratios: number[] = []
    fc.assert(
      fc.property(few, amounts(2, [20, 21], 18, 2), (risk, presence) => {
        const together = met(risk, presence)
        const now = overlapsOf(together).overlap
        const kept = Array.from({ length: 24 }, (_, hour) =>
          Math.floor(presence.reduce((total, [, at, amount]) => total + (at === hour ? amount : 0), 0) / 12),
        )
        const all = Math.floor(together.presenceMinutes / 12 + 1e-6)
        const { places, hours } = betterAllocations(together, 1, RULES)
        const capable = kept.map((visits) => Math.max(visits, 5))
        for (const [found, best] of [
          [
            places.overlap,
            bruteForce(
              together,
              kept,
              kept.reduce((total, each) => total + each, 0),
            ),
          ],
          [hours.overlap, bruteForce(together, capable, all)],
        ] as const) {
          expect(found).toBeLessThanOrEqual(Math.max(best, now) + 1e-9)
          expect(found).toBeGreaterThanOrEqual(0.9 * best)
          ratios.push(best > 0 ? (Math.max(best, now) > now ? found / best : 1) : 1)
        }
      }),
      { numRuns: 150, seed: 11 },
    )
    const average = ratios.reduce((total, each) => total + each, 0) / ratios.length
    expect(average).toBeGreaterThan(0.99)
  })

  it('never scores less than what there is, nor less with hours free than with hours kept', () => {
    fc.assert(
      fc.property(many, many, fc.integer({ min: 1, max: 9 }), (risk, presence, units) => {
        const together = met(risk, presence)
        const { places, hours } = betterAllocations(together, units, RULES)
        expect(places.overlap).toBeGreaterThanOrEqual(overlapsOf(together).overlap - 1e-12)
        expect(hours.overlap).toBeGreaterThanOrEqual(places.overlap - 1e-9)
        expect(hours.overlap).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('hands out no more than the hour’s minutes, and what it hands out scores what it says', () => {
    fc.assert(
      fc.property(many, many, (risk, presence) => {
        const together = met(risk, presence)
        const { presence: found, overlap } = betterAllocations(together, 3, RULES).places
        if (found.length === 0) return
        for (let hour = 0; hour < 24; hour++) {
          let [given, had] = [0, 0]
          for (let v = hour; v < found.length; v += 24) {
            given += found[v]!
            had += together.presence[v]!
          }
          expect(given).toBeLessThanOrEqual(had + 1e-9)
        }
        expect(overlapOf(found, together.risk)).toBeCloseTo(overlap, 9)
      }),
    )
  })

  it('lets no hour take more than its units can work', () => {
    // All risk in one hour; two units patrolled five hours each.
    const risk: Amount[] = Array.from({ length: 20 }, (_, n) => [n, 22, 1])
    const presence: Amount[] = Array.from({ length: 5 }, (_, n) => [n, 9 + n, 120])
    const { presence: found, overlap } = betterAllocations(met(risk, presence), 2, RULES).hours
    expect(found.reduce((total, each) => total + each, 0) * 600).toBeCloseTo(120, 6)
    expect(overlap).toBeCloseTo(10 * (12 / 600), 9)
  })

  it('stands between places where that covers both', () => {
    const risk: Amount[] = [
      [0, 22, 1],
      [1, 22, 1],
    ]
    const { overlap } = betterAllocations(met(risk, [[5, 22, 12]]), 1, RULES).places
    expect(overlap).toBeCloseTo(1, 9)
  })
})

describe('the moves that gain most', () => {
  const every = { count: 10, mayTakeFrom: () => true }

  it('raise the index by what they say in all, the first most of those of its size', () => {
    fc.assert(
      fc.property(many, many, fc.boolean(), (risk, presence, sameHour) => {
        const together = met(risk, presence)
        let index = overlapsOf(together).overlap
        for (const { from, to, gain, visits } of bestMoves(together, RULES, { ...every, sameHour })) {
          if (sameHour) expect(from.hour).toBe(to.hour)
          expect(gain).toBeGreaterThan(0)
          expect(gain).toBeLessThanOrEqual((visits * 12) / together.presenceMinutes + 1e-9)
          index += gain
        }
        expect(index).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  it('really raise it: moved by hand, the index is what they said', () => {
    fc.assert(
      fc.property(many, many, (risk, presence) => {
        const together = met(risk, presence)
        const [move] = bestMoves(together, RULES, { ...every, count: 1, sameHour: false })
        if (!move) return
        const minutes = move.visits * 12
        const by = (spot: { east: number; north: number; hour: number }, amount: number) =>
          [spot.east * 250, spot.north * 250, spot.hour, amount] as const
        const gathered = gatherCellHours(ORIGIN, 250, 24)
        for (const [east, hour, amount] of presence) gathered.add(east * 250 + 125, 125, hour, amount)
        for (const [east, north, hour, amount] of [by(move.from, -minutes), by(move.to, minutes)])
          gathered.add(east, north, hour, amount)
        const after = overlapsOf(meet(cells(risk), gathered.finish(), WHOLE_DAY)).overlap
        expect(after - overlapsOf(together).overlap).toBeCloseTo(move.gain, 6)
      }),
    )
  })

  it('say from where and when to where and when', () => {
    const together = met(
      [
        [0, 22, 3],
        [4, 14, 1],
      ],
      [
        [0, 22, 120],
        [4, 14, 360],
      ],
    )
    const [first] = bestMoves(together, RULES, { ...every, sameHour: false })
    expect(first).toMatchObject({
      from: { east: 4.5, north: 0.5, hour: 14 },
      to: { east: 0.5, north: 0.5, hour: 22 },
    })
    const all = bestMoves(together, RULES, { ...every, sameHour: false })
    expect(all.reduce((total, { gain }) => total + gain, 0)).toBeCloseTo(0.5, 9)
    expect(bestMoves(together, RULES, { ...every, sameHour: true })).toEqual([])
    const spared = { ...every, sameHour: false, mayTakeFrom: (hour: number) => hour !== 14 }
    expect(bestMoves(together, RULES, spared)).toEqual([])
  })

  it('are none where nothing would gain', () => {
    expect(bestMoves(met([[0, 3, 1]], [[0, 3, 60]]), RULES, { ...every, sameHour: false })).toEqual([])
    expect(bestMoves(met([[0, 3, 1]], []), RULES, { ...every, sameHour: false })).toEqual([])
  })
})

describe('what patrol that knows nothing would score', () => {
  it('is no more than all, and the more the coarser the cells', () => {
    const risk: Amount[] = Array.from({ length: 20 }, (_, n) => [n, 8 + (n % 4), 1 + ((n * 7) % 5)])
    const presence: Amount[] = Array.from({ length: 20 }, (_, n) => [n, 8 + (n % 4), 24])
    const fine = yardsticksOf(met(risk, presence), 12)
    const coarser = (of: readonly Amount[]): Amount[] =>
      of.map(([east, ...rest]) => [Math.floor(east / 10), ...rest])
    const coarse = yardsticksOf(met(coarser(risk), coarser(presence)), 12)
    for (const each of [fine, coarse])
      for (const score of [each.even, each.random]) {
        expect(score).toBeGreaterThan(0)
        expect(score).toBeLessThanOrEqual(1)
      }
    expect(coarse.even).toBeGreaterThan(fine.even)
    expect(coarse.random).toBeGreaterThan(fine.random)
    expect(fine.random).toBeLessThan(fine.even)
  })

  it('is near even where visits are many', () => {
    const risk: Amount[] = Array.from({ length: 6 }, (_, n) => [n, 9, 1])
    const { even, random } = yardsticksOf(met(risk, [[0, 9, 24_000]]), 12)
    expect(even).toBeCloseTo(1, 9)
    // In a single row half of each visit lies beside it, on average a quarter of its minutes.
    expect(random).toBeGreaterThan(0.6)
  })

  it('is nothing where there is no patrol or no risk', () => {
    expect(yardsticksOf(met([], [[0, 1, 5]]), 12)).toEqual({ even: 0, random: 0 })
    expect(yardsticksOf(met([[0, 1, 5]], []), 12)).toEqual({ even: 0, random: 0 })
  })
})
