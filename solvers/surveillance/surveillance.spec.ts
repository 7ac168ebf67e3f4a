import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededChance } from '../../foundation/core/chance.ts'
import { alarmCount, logGamma, probabilityOf, upperMidP, upperTail } from './count-tail.ts'
import { drawCounts, type CountTruth } from './drawn-counts.ts'
import { earsSignals } from './ears.ts'
import { falseDiscoveryRates } from './false-discovery.ts'
import { expectNext, SEASONAL_SETTINGS, seasonalDesign } from './seasonal-counts.ts'

describe('tails of counts', () => {
  it('know the factorials', () => {
    expect(logGamma(1)).toBeCloseTo(0, 12)
    expect(Math.exp(logGamma(6))).toBeCloseTo(120, 8)
    expect(Math.exp(2 * logGamma(0.5))).toBeCloseTo(Math.PI, 10)
  })

  it('are sums of probabilities, whatever the mean and dispersion', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 60, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.nat(80),
        (mean, dispersion, count) => {
          const expected = { mean, dispersion }
          let below = 0
          for (let n = 0; n < count; n++) below += probabilityOf(n, expected)
          expect(upperTail(count, expected)).toBeCloseTo(1 - below, 7)
          expect(upperMidP(count, expected)).toBeCloseTo(1 - below - probabilityOf(count, expected) / 2, 7)
        },
      ),
    )
  })

  it('keep their digits far out, and at large means', () => {
    expect(upperTail(100, { mean: 10, dispersion: 0 })).toBeGreaterThan(0)
    expect(upperTail(100, { mean: 10, dispersion: 0 })).toBeLessThan(1e-60)
    expect(upperTail(5000, { mean: 5000, dispersion: 0 })).toBeCloseTo(0.5, 1)
  })

  it('alarm from the first count that is rare enough', () => {
    for (const mean of [0.1, 1, 7.5, 200])
      for (const dispersion of [0, 0.1]) {
        const from = alarmCount({ mean, dispersion }, 0.01)
        expect(upperMidP(from, { mean, dispersion })).toBeLessThanOrEqual(0.01)
        expect(upperMidP(from - 1, { mean, dispersion })).toBeGreaterThan(0.01)
      }
  })
})

describe('EARS', () => {
  const quiet = [5, 4, 5, 6, 5, 4, 6, 5, 5, 4, 6, 5]

  it('is silent without twelve counts', () => {
    expect(earsSignals(quiet.slice(1))).toBeNull()
    expect(earsSignals(quiet)).not.toBeNull()
  })

  it('counts deviations of the seven before, with a gap of two for C2 and three periods for C3', () => {
    const signals = earsSignals([7, 3, 5, 4, 6, 5, 4, 6, 5, 5, 9, 12])!
    // The seven before the last are 6 5 4 6 5 5 9; with a gap of two 5 4 6 5 4 6 5.
    const mean = 40 / 7
    const deviation = Math.sqrt([6, 5, 4, 6, 5, 5, 9].reduce((sum, each) => sum + (each - mean) ** 2, 0) / 6)
    expect(signals.c1.statistic).toBeCloseTo((12 - mean) / deviation, 10)
    expect(signals.c2.statistic).toBeCloseTo((12 - 5) / Math.sqrt(4 / 6), 10)
    expect(signals.c2.alarms).toBe(true)
    expect(signals.c3.statistic).toBeGreaterThan(signals.c2.statistic - 1)
    expect(signals.c3.alarms).toBe(true)
  })

  it('does not alarm at a count like the others, nor divide by nothing where all are equal', () => {
    expect(earsSignals(quiet)!.c1.alarms).toBe(false)
    expect(earsSignals(Array.from({ length: 12 }, () => 3))!.c2).toEqual({ statistic: 0, alarms: false })
  })
})

describe('false discoveries', () => {
  it('are those of the example of Benjamini and Hochberg (1995)', () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ]
    expect(falseDiscoveryRates(p).filter((q) => q <= 0.05)).toHaveLength(4)
  })

  it('keep the order of p, and are never less than it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 50 }), (p) => {
        const q = falseDiscoveryRates(p)
        p.forEach((each, n) => {
          expect(q[n]!).toBeGreaterThanOrEqual(each * (1 - 1e-12))
          expect(q[n]!).toBeLessThanOrEqual(1)
          p.forEach((other, m) => {
            if (each < other) expect(q[n]!).toBeLessThanOrEqual(q[m]! * (1 + 1e-12))
          })
        })
      }),
    )
  })
})

const LAST_DAY = 17_600
const PLAIN: CountTruth = { mean: 4, dispersion: 0.05, trendPerYear: 0, seasonSwing: 0.3, weekendSwing: 0.4 }
const judge = (counts: Float64Array, periodDays: number, surge = 0) => {
  const design = seasonalDesign(counts.length - 1, periodDays, LAST_DAY, SEASONAL_SETTINGS)
  return upperMidP(counts.at(-1)! + surge, expectNext(counts, design, SEASONAL_SETTINGS))
}

describe('seasonal counts', () => {
  it('expects what season, trend and weekday make of a history', () => {
    const truth: CountTruth = { ...PLAIN, mean: 40, dispersion: 0.01, trendPerYear: 0.1 }
    for (const lastDay of [17_600, 17_700, 17_800, 17_805]) {
      const counts = drawCounts(truth, 1461, 1, lastDay, seededChance(lastDay))
      const { mean } = expectNext(
        counts,
        seasonalDesign(1460, 1, lastDay, SEASONAL_SETTINGS),
        SEASONAL_SETTINGS,
      )
      const weekday = (lastDay + 4) % 7
      const exact =
        40 *
        Math.exp(
          (0.1 * 1460) / 365.25 + 0.3 * Math.sin((2 * Math.PI * lastDay) / 365.25) + (weekday >= 5 ? 0.4 : 0),
        )
      expect(Math.abs(mean / exact - 1)).toBeLessThan(0.12)
    }
  })

  it.each([
    ['weeks', 7, 208, [0.5, 2, 8]],
    ['days', 1, 730, [0.5, 3]],
  ] as const)('alarms about as often as its rate says, by %s', (_, periodDays, periods, means) => {
    const chance = seededChance(11)
    const runs = periodDays === 7 ? 1500 : 400
    let [at1, at5, tests] = [0, 0, 0]
    for (const mean of means)
      for (let run = 0; run < runs; run++) {
        const truth = {
          ...PLAIN,
          mean: mean * (0.7 + 0.6 * chance.next()),
          dispersion: 0.1 * chance.next(),
          trendPerYear: 0.2 * chance.next() - 0.1,
        }
        const p = judge(drawCounts(truth, periods + 1, periodDays, LAST_DAY, chance), periodDays)
        tests++
        if (p <= 0.01) at1++
        if (p <= 0.05) at5++
      }
    // Four standard errors of the draw on top of the quarter that is promised; the bench measures it on many more.
    const allowed = (rate: number) => 0.25 * rate + 4 * Math.sqrt(rate / tests)
    expect(Math.abs(at1 / tests - 0.01)).toBeLessThan(allowed(0.01))
    expect(Math.abs(at5 / tests - 0.05)).toBeLessThan(allowed(0.05))
  })

  it('sees a surge the better the larger it is', () => {
    const chance = seededChance(5)
    const histories = Array.from({ length: 150 }, () => drawCounts(PLAIN, 157, 7, LAST_DAY, chance))
    const power = [0, 4, 8, 12].map(
      (surge) => histories.filter((counts) => judge(counts, 7, surge) <= 0.01).length / histories.length,
    )
    expect(power).toEqual(power.toSorted((a, b) => a - b))
    expect(power[0]).toBeLessThan(0.06)
    expect(power[3]).toBeGreaterThan(0.9)
  })

  it('is not blunted by an outbreak of the past', () => {
    const expectedAfter = (past: number) => {
      const counts = drawCounts(PLAIN, 157, 7, LAST_DAY, seededChance(9))
      for (let k = 100; k < 104; k++) counts[k]! += past
      return expectNext(counts, seasonalDesign(156, 7, LAST_DAY, SEASONAL_SETTINGS), SEASONAL_SETTINGS)
    }
    const [quiet, after] = [expectedAfter(0), expectedAfter(40)]
    expect(after.mean / quiet.mean).toBeLessThan(1.15)
    expect(alarmCount(after, 0.01) - alarmCount(quiet, 0.01)).toBeLessThanOrEqual(3)
  })

  it('gives finite answers for any history at all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(500), { minLength: 1, maxLength: 60 }),
        fc.constantFrom(1, 7),
        (counts, periodDays) => {
          const design = seasonalDesign(counts.length - 1, periodDays, LAST_DAY, SEASONAL_SETTINGS)
          const { mean, dispersion } = expectNext(counts, design, SEASONAL_SETTINGS)
          expect(Number.isFinite(mean) && mean > 0).toBe(true)
          expect(Number.isFinite(dispersion) && dispersion >= 0).toBe(true)
        },
      ),
    )
  })
})
