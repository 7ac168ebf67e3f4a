import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherCellHours, type CellHours } from '../../../solvers/density/cell-hours.ts'
import { bestMoves, betterAllocations } from './sync-allocation.ts'
import { meet, overlapOf, overlapsOf, yardsticksOf, type Met } from './sync-index.ts'

const ORIGIN = { lon: 113.6, lat: 34.1 }
const WHOLE_DAY = new Array<number>(24).fill(1)
const RULES = { visitMinutes: 12 }

type Amount = readonly [cell: number, hour: number, amount: number]

/** Amounts in the middle of cells in a row, so that each stays in its cell. */
function cells(amounts: readonly Amount[]): CellHours {
  const gathered = gatherCellHours(ORIGIN, 250, 24)
  for (const [cell, hour, amount] of amounts) gathered.add(cell * 250 + 125, 125, hour, amount)
  return gathered.finish()
}
const met = (risk: readonly Amount[], presence: readonly Amount[]): Met =>
  meet(cells(risk), cells(presence), WHOLE_DAY)
const indexOf = (risk: readonly Amount[], presence: readonly Amount[]) =>
  overlapsOf(met(risk, presence)).overlap

const amounts = (most: number) =>
  fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: most }),
    ),
    { minLength: 1, maxLength: 40 },
  ) as fc.Arbitrary<Amount[]>

describe('the sync index', () => {
  it('lies between none and all, and is 1 where patrol is spread as risk is', () => {
    fc.assert(
      fc.property(amounts(90), amounts(60), (risk, presence) => {
        const { overlap, byPlace, byHour, hours } = overlapsOf(met(risk, presence))
        expect(overlap).toBeGreaterThanOrEqual(0)
        expect(overlap).toBeLessThanOrEqual(1)
        expect(byPlace).toBeGreaterThanOrEqual(overlap - 1e-12)
        expect(byHour).toBeGreaterThanOrEqual(overlap - 1e-12)
        expect(hours.reduce((sum, each) => sum + each.overlap, 0)).toBeCloseTo(overlap, 9)
        expect(
          indexOf(
            risk,
            risk.map(([cell, hour, amount]) => [cell, hour, amount * 7] as const),
          ),
        ).toBeCloseTo(1, 9)
      }),
    )
  })

  it('is nought where patrol is at other places or in other hours only', () => {
    expect(indexOf([[0, 3, 1]], [[4, 3, 60]])).toBe(0)
    expect(indexOf([[0, 3, 1]], [[0, 4, 60]])).toBe(0)
    expect(overlapsOf(met([[0, 3, 1]], [[0, 4, 60]]))).toMatchObject({ byPlace: 1, byHour: 0 })
    expect(overlapsOf(met([[0, 3, 1]], [[4, 3, 60]]))).toMatchObject({ byPlace: 0, byHour: 1 })
  })

  it('is worked out by hand: three quarters of risk at night, a quarter of patrol', () => {
    // Cell 0: 3 of 4 of the risk at 22; cell 1: the rest at 10. Patrol: 15 of 60 minutes at 22, the rest at 10.
    const { overlap, tooLittle, tooMuch } = overlapsOf(
      met(
        [
          [0, 22, 3],
          [1, 10, 1],
        ],
        [
          [0, 22, 15],
          [1, 10, 45],
        ],
      ),
    )
    expect(overlap).toBe(0.5)
    expect(tooLittle).toEqual([{ column: 0, row: 0, hour: 22, share: 0.5 }])
    expect(tooMuch).toEqual([{ column: 1, row: 0, hour: 10, share: 0.5 }])
  })

  it('counts of a day that is not over only the hours that are', () => {
    const risk = cells([
      [0, 9, 1],
      [1, 22, 9],
    ])
    const presence = cells([[0, 9, 30]])
    const untilTen = WHOLE_DAY.map((share, hour) => (hour < 10 ? share : 0))
    expect(overlapsOf(meet(risk, presence, WHOLE_DAY)).overlap).toBeCloseTo(0.1, 9)
    expect(overlapsOf(meet(risk, presence, untilTen)).overlap).toBe(1)
  })

  it('takes the night before the day’s own run from the run of the day before', () => {
    const gathered = gatherCellHours(ORIGIN, 250, 32)
    gathered.add(125, 125, 26, 2)
    const night = meet(gathered.finish(), cells([[0, 2, 20]]), WHOLE_DAY, 24)
    expect(overlapsOf(night).overlap).toBe(1)
  })
})

describe('what patrol that knows nothing would score', () => {
  it('is no more than all, and the more the coarser the cells', () => {
    const risk: Amount[] = Array.from({ length: 20 }, (_, n) => [n, 8 + (n % 4), 1 + ((n * 7) % 5)])
    const presence: Amount[] = Array.from({ length: 20 }, (_, n) => [n, 8 + (n % 4), 24])
    const fine = yardsticksOf(met(risk, presence), 12)
    const coarse = yardsticksOf(
      met(
        risk.map(([cell, ...rest]) => [Math.floor(cell / 10), ...rest]),
        presence.map(([cell, ...rest]) => [Math.floor(cell / 10), ...rest]),
      ),
      12,
    )
    for (const each of [fine, coarse])
      for (const score of [each.even, each.random]) {
        expect(score).toBeGreaterThan(0)
        expect(score).toBeLessThanOrEqual(1)
      }
    expect(coarse.even).toBeGreaterThan(fine.even)
    expect(fine.random).toBeLessThan(fine.even)
  })

  it('agrees with visits really drawn', () => {
    const risk: Amount[] = [
      [0, 10, 5],
      [1, 10, 3],
      [2, 10, 1],
      [3, 11, 1],
    ]
    const together = met(risk, [
      [0, 10, 60],
      [3, 11, 24],
    ])
    let [sum, seed] = [0, 1]
    const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const rounds = 20_000
    for (let round = 0; round < rounds; round++) {
      const drawn: Amount[] = []
      for (let visit = 0; visit < 7; visit++) drawn.push([Math.floor(chance() * 4), visit < 5 ? 10 : 11, 12])
      sum += indexOf(risk, drawn)
    }
    expect(yardsticksOf(together, 12).random).toBeCloseTo(sum / rounds, 2)
  })

  it('is nothing where there is no patrol or no risk', () => {
    expect(yardsticksOf(met([], [[0, 1, 5]]), 12)).toEqual({ even: 0, random: 0 })
    expect(yardsticksOf(met([[0, 1, 5]], []), 12)).toEqual({ even: 0, random: 0 })
  })
})

/** Every way to put whole visits into cells and hours, tried one after the other. */
function bruteForce(of: Met, mostInHour: readonly number[], most: number): number {
  const share = RULES.visitMinutes / of.presenceMinutes
  const left = [...mostInHour]
  const put = new Array<number>(of.risk.length).fill(0)
  const risky = [...of.risk.keys()].filter((v) => of.risk[v]! > 0)
  let best = 0
  const go = (at: number, more: number) => {
    if (at === risky.length || more === 0) {
      best = Math.max(
        best,
        overlapOf(
          put.map((visits) => visits * share),
          of.risk,
        ),
      )
      return
    }
    const v = risky[at]!
    for (let visits = 0; visits <= Math.min(more, left[v % 24]!); visits++) {
      put[v] = visits
      left[v % 24]! -= visits
      go(at + 1, more - visits)
      left[v % 24]! += visits
    }
    put[v] = 0
  }
  go(0, most)
  return best
}

describe('a better allocation of the same hours', () => {
  const few = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 20, max: 21 }),
      fc.integer({ min: 1, max: 30 }),
    ),
    { minLength: 1, maxLength: 6 },
  ) as fc.Arbitrary<Amount[]>

  it('is the best that there is: no way of whole visits reaches more', () => {
    fc.assert(
      fc.property(few, few, fc.integer({ min: 1, max: 2 }), (risk, presence, units) => {
        const together = met(risk, presence)
        const now = overlapsOf(together).overlap
        const minutes = Array.from({ length: 24 }, (_, hour) =>
          presence.reduce((sum, [, at, amount]) => sum + (at === hour ? amount : 0), 0),
        )
        const kept = minutes.map((each) => Math.floor(each / 12))
        const all = Math.floor(together.presenceMinutes / 12 + 1e-6)
        const capable = kept.map((visits) => Math.max(visits, 5 * units))
        const { places, hours } = betterAllocations(together, units, RULES)
        const bestPlaces = bruteForce(
          together,
          kept,
          kept.reduce((sum, each) => sum + each, 0),
        )
        expect(places.overlap).toBeCloseTo(Math.max(now, bestPlaces), 9)
        expect(hours.overlap).toBeCloseTo(Math.max(now, bruteForce(together, capable, all)), 9)
      }),
      { numRuns: 150 },
    )
  })

  it('never scores less than what there is, nor less with hours free than with hours kept', () => {
    fc.assert(
      fc.property(amounts(60), amounts(60), fc.integer({ min: 1, max: 9 }), (risk, presence, units) => {
        const together = met(risk, presence)
        const { places, hours } = betterAllocations(together, units, RULES)
        expect(places.overlap).toBeGreaterThanOrEqual(overlapsOf(together).overlap - 1e-12)
        expect(hours.overlap).toBeGreaterThanOrEqual(places.overlap - 1e-9)
        expect(hours.overlap).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('hands out whole visits: no more than the hour’s minutes, and what they score is what it says', () => {
    fc.assert(
      fc.property(amounts(60), amounts(60), (risk, presence) => {
        const together = met(risk, presence)
        const { visits, overlap } = betterAllocations(together, 3, RULES).places
        if (visits.length === 0) return
        for (let hour = 0; hour < 24; hour++) {
          let [given, had] = [0, 0]
          for (let v = hour; v < visits.length; v += 24) {
            given += visits[v]! * 12
            had += together.presence[v]! * together.presenceMinutes
          }
          expect(given).toBeLessThanOrEqual(had + 1e-6)
        }
        const shares = Array.from(visits, (each) => (each * 12) / together.presenceMinutes)
        expect(overlapOf(shares, together.risk)).toBeCloseTo(overlap, 9)
      }),
    )
  })

  it('lets no hour take more than its units can work', () => {
    // All risk in one hour; two units patrolled five hours each.
    const risk: Amount[] = Array.from({ length: 20 }, (_, n) => [n, 22, 1])
    const presence: Amount[] = Array.from({ length: 5 }, (_, n) => [n, 9 + n, 120])
    const { visits, overlap } = betterAllocations(met(risk, presence), 2, RULES).hours
    expect(visits.reduce((sum, each) => sum + each, 0)).toBe(10)
    expect(overlap).toBeCloseTo(10 * (12 / 600), 9)
  })
})

describe('the moves that gain most', () => {
  const every = { count: 10, mayTakeFrom: () => true }

  it('each raise the index by what they say, the first most', () => {
    fc.assert(
      fc.property(amounts(60), amounts(60), fc.boolean(), (risk, presence, sameHour) => {
        const together = met(risk, presence)
        const share = 12 / together.presenceMinutes
        const moved = Float64Array.from(together.presence)
        const at = (spot: { column: number; hour: number }) =>
          together.column.indexOf(spot.column) * 24 + spot.hour
        let before = overlapOf(moved, together.risk)
        for (const { from, to, visits, gain } of bestMoves(together, RULES, { ...every, sameHour })) {
          if (sameHour) expect(from.hour).toBe(to.hour)
          moved[at(from)]! -= visits * share
          moved[at(to)]! += visits * share
          expect(moved[at(from)]!).toBeGreaterThanOrEqual(-1e-9)
          const after = overlapOf(moved, together.risk)
          expect(after - before).toBeCloseTo(gain, 9)
          expect(gain).toBeGreaterThan(0)
          before = after
        }
        expect(before).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  it('say from where and when to where and when', () => {
    const together = met(
      [
        [0, 22, 3],
        [1, 14, 1],
      ],
      [
        [0, 22, 120],
        [1, 14, 360],
      ],
    )
    expect(bestMoves(together, RULES, { ...every, count: 1, sameHour: false })).toEqual([
      {
        from: { column: 1, row: 0, hour: 14 },
        to: { column: 0, row: 0, hour: 22 },
        visits: 20,
        gain: expect.closeTo(0.5, 9) as number,
      },
    ])
    expect(bestMoves(together, RULES, { ...every, sameHour: true })).toEqual([])
    expect(
      bestMoves(together, RULES, { ...every, sameHour: false, mayTakeFrom: (hour) => hour !== 14 }),
    ).toEqual([])
  })

  it('are none where nothing would gain', () => {
    expect(bestMoves(met([[0, 3, 1]], [[0, 3, 60]]), RULES, { ...every, sameHour: false })).toEqual([])
    expect(bestMoves(met([[0, 3, 1]], []), RULES, { ...every, sameHour: false })).toEqual([])
  })
})
