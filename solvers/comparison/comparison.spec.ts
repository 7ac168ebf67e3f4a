import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededChance } from '../../foundation/core/chance.ts'
import { drawCount, drawPoisson } from '../surveillance/drawn-counts.ts'
import { measureDisplacement } from './displacement.ts'
import { matchPlaces, placesOfLevel, quietPairs, steadied } from './matched-places.ts'
import { logProbability, tailsOf } from './paired-share.ts'
import { learnQuietChange, meanVariance, type Pair } from './quiet-change.ts'
import { compareRates } from './rate-ratio.ts'
import { expectAgain, fitMeans, judgeAgain } from './regression-to-mean.ts'

const pairOf = (before: number, after: number, expectedRatio = 1): Pair => ({
  before,
  after,
  expectedRatio,
  ratioVariance: 0,
})

describe('shares of a pair', () => {
  it('have probabilities that sum to 1, and tails that are their sums', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(60),
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        fc.constantFrom(0, 0.01, 0.2, 1),
        (total, count, share, variance) => {
          const after = Math.min(count, total)
          const paired = { total, share, variance }
          const p = Array.from({ length: total + 1 }, (_, k) => Math.exp(logProbability(k, paired)))
          const below = p.slice(0, after).reduce((sum, each) => sum + each, 0)
          expect(p.reduce((sum, each) => sum + each)).toBeCloseTo(1, 8)
          expect(tailsOf(after, paired, 'mid-p').lower).toBeCloseTo(below + p[after]! / 2, 7)
          expect(tailsOf(after, paired, 'exact').upper).toBeCloseTo(1 - below, 7)
        },
      ),
    )
  })
})

describe('the ratio of two counts', () => {
  it('has the exact interval of Clopper and Pearson', () => {
    // 10 of 20: 0.27196 to 0.72804 as a share, by any table.
    const { low, high } = compareRates(pairOf(10, 10), undefined, 'exact')
    expect(low).toBeCloseTo(0.27196 / 0.72804, 3)
    expect(high).toBeCloseTo(0.72804 / 0.27196, 3)
  })

  it('has an interval that holds 1 exactly when the test says nothing, both ways round alike', () => {
    fc.assert(
      fc.property(fc.nat(80), fc.nat(80), fc.double({ min: 0.2, max: 5, noNaN: true }), (a, b, expected) => {
        const result = compareRates(pairOf(a, b, expected))
        if (a + b > 0 && Math.abs(result.p - 0.05) > 1e-6)
          expect(result.low <= 1 && result.high >= 1).toBe(result.p > 0.05)
        const turned = compareRates(pairOf(b, a, 1 / expected))
        expect(turned.p).toBeCloseTo(result.p, 8)
        if (a > 0 && b > 0) expect(turned.low).toBeCloseTo(1 / result.high, 6)
      }),
      { numRuns: 60 },
    )
  })

  it('is wider where quiet places change more', () => {
    const narrow = compareRates(pairOf(100, 60))
    const wide = compareRates(pairOf(100, 60), [{ variance: 0.1, belief: 1 }])
    expect(narrow.p).toBeLessThan(0.01)
    expect(wide.p).toBeGreaterThan(0.05)
    expect(wide.high).toBeGreaterThan(narrow.high)
  })

  it('says nothing of nothing', () => {
    expect(compareRates(pairOf(0, 0))).toEqual({ ratio: null, low: 0, high: Infinity, p: 1 })
    expect(compareRates(pairOf(0, 5))).toMatchObject({ ratio: null, high: Infinity })
  })
})

describe('quiet change', () => {
  it.each([0, 0.03, 0.3])('learns from pairs by how much they vary (%f)', (variance) => {
    const chance = seededChance(4)
    const pairs = Array.from({ length: 400 }, () =>
      // Each count has half of the variance of the logarithm of their ratio.
      pairOf(drawCount(60, variance / 2, chance), drawCount(60, variance / 2, chance)),
    )
    const learned = meanVariance(learnQuietChange(pairs))
    expect(learned).toBeGreaterThanOrEqual(variance * 0.6)
    expect(learned).toBeLessThanOrEqual(variance * 1.6 + 0.004)
  })

  it('believes in several variances while it knows little', () => {
    expect(learnQuietChange([]).length).toBeGreaterThan(5)
  })
})

describe('matching', () => {
  it('chooses places of like level and trend, and none that is excluded', () => {
    const grow = (from: number, by: number) => Array.from({ length: 12 }, (_, t) => from + by * t)
    const panel = [grow(10, 2), grow(10, 2), grow(11, 2), grow(32, -2), grow(90, 0), grow(10, 2)]
    expect(matchPlaces(steadied(panel), 0, 11, 2, [0, 1, 2, 3, 4])).toEqual([1, 2])
  })

  it('chooses from places of like level, whatever comes after', () => {
    const panel = [
      [10, 10, 99],
      [11, 10, 10],
      [10, 12, 0],
      [10, 10, 10],
      [0, 1, 99],
    ]
    expect(placesOfLevel(panel, 0, 1, 2, new Set([3]))).toEqual([1, 2])
  })

  it('does not look at what comes after', () => {
    const panel = [
      [5, 5, 5, 99],
      [5, 5, 5, 0],
      [9, 9, 9, 99],
    ]
    expect(matchPlaces(steadied(panel), 0, 2, 1, [0, 1, 2])).toEqual([1])
  })
})

describe('quiet pairs', () => {
  const panel = [
    [1, 2, 3, 4, 99],
    [2, 4, 6, 8, 0],
  ]

  it('are the latest before the question, each beside what it would have been matched with then', () => {
    const asked: number[] = []
    const pairs = quietPairs(panel, [0], { before: 3, after: 4, most: 2 }, (_, before) => {
      asked.push(before)
      return [1]
    })
    expect(pairs.map(({ before, after }) => [before, after])).toEqual([
      [3, 4],
      [2, 3],
    ])
    expect(asked).toEqual([2, 1])
    expect(pairs[0]!.expectedRatio).toBeCloseTo(8.5 / 6.5)
  })

  it('go by the length of the periods where nothing stands beside', () => {
    const [pair] = quietPairs(panel, [0], { before: 1, after: 2, most: 9, days: [28, 31, 30] }, () => [])
    expect(pair).toMatchObject({ before: 1, after: 2, ratioVariance: 0 })
    expect(pair!.expectedRatio).toBeCloseTo(31 / 28)
  })
})

describe('displacement', () => {
  const comparison = { before: 1000, after: 1000 }

  it('counts a ring that rose by half of what the target lost as minus one half', () => {
    const { quotient } = measureDisplacement(
      { target: { before: 400, after: 200 }, ring: { before: 300, after: 400 }, comparison },
      0,
    )
    expect(quotient).toBeCloseTo(-0.5, 6)
  })

  it('has no quotient without a fall, and no interval where the fall may be chance', () => {
    const rose = { target: { before: 50, after: 60 }, ring: { before: 50, after: 50 }, comparison }
    expect(measureDisplacement(rose, 0)).toMatchObject({ quotient: null, interval: null })
    const hardly = { target: { before: 50, after: 48 }, ring: { before: 50, after: 50 }, comparison }
    expect(measureDisplacement(hardly, 0).interval).toBeNull()
  })

  it('holds the true quotient and the true number prevented in 95 % of its intervals', () => {
    const chance = seededChance(6)
    let [quotients, prevented, runs] = [0, 0, 0]
    for (let run = 0; run < 1500; run++) {
      const result = measureDisplacement(
        {
          target: { before: drawPoisson(300, chance), after: drawPoisson(180, chance) },
          ring: { before: drawPoisson(250, chance), after: drawPoisson(286, chance) },
          comparison: { before: drawPoisson(2000, chance), after: drawPoisson(2000, chance) },
        },
        0,
      )
      runs++
      if (result.interval && result.interval.low <= -0.3 && result.interval.high >= -0.3) quotients++
      if (result.prevented.low <= 84 && result.prevented.high >= 84) prevented++
    }
    for (const held of [quotients, prevented]) {
      expect(held / runs).toBeGreaterThan(0.93)
      expect(held / runs).toBeLessThan(0.97)
    }
  })
})

describe('regression to the mean', () => {
  const chance = seededChance(7)
  const truth = Array.from({ length: 4000 }, () => 0.5 / (0.02 + chance.next()) ** 0.8)
  const first = truth.map((mean) => drawPoisson(mean, chance))
  const second = truth.map((mean) => drawPoisson(mean, chance))
  const mixture = fitMeans(first)
  const hottest = Array.from(first.keys())
    .sort((a, b) => first[b]! - first[a]!)
    .slice(0, 200)
  const sumOf = (counts: readonly number[]) => hottest.reduce((sum, p) => sum + counts[p]!, 0)

  it('foresees by how much the hottest places fall with nothing done', () => {
    const again = hottest.reduce((sum, p) => sum + expectAgain(first[p]!, mixture), 0)
    expect(sumOf(second)).toBeLessThan(0.9 * sumOf(first))
    expect(Math.abs(again / sumOf(second) - 1)).toBeLessThan(0.05)
  })

  it('calls about one in twenty of them significant, not all', () => {
    const called = hottest.filter((p) => judgeAgain(first[p]!, second[p]!, mixture, 1, 0) <= 0.05).length
    expect(called / hottest.length).toBeLessThan(0.09)
  })

  it('still sees a fall that is more than that', () => {
    // No place has a mean above 11.5; one that counted 18 has about 10.
    expect(judgeAgain(18, 1, mixture, 1, 0)).toBeLessThan(0.01)
  })

  it('expects places of a kind to stay as they are', () => {
    const alike = fitMeans(Array.from({ length: 500 }, () => drawPoisson(5, chance)))
    expect(expectAgain(12, alike)).toBeLessThan(7)
    expect(expectAgain(0, fitMeans([0, 0, 0]))).toBeLessThan(0.2)
  })
})
