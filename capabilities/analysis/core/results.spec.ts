import { describe, expect, it } from 'vitest'
import { seededChance } from '../../../foundation/core/chance.ts'
import { drawCount } from '../../../solvers/surveillance/drawn-counts.ts'
import { judgePlace, type Panel } from './results.ts'

const PERIODS = 30
const [BEFORE, AFTER] = [28, 29]

/** Places of many sizes, none of which anything was done to. */
function quietTown(places: number, seed: number, dispersion = 0.02): number[][] {
  const chance = seededChance(seed)
  return Array.from({ length: places }, () => {
    const mean = 8 * 8 ** chance.next()
    return Array.from({ length: PERIODS }, () => drawCount(mean, dispersion, chance))
  })
}
const judge = (panel: Panel, place: number, more: { ring?: number[]; chosenOnBaseline?: boolean } = {}) =>
  judgePlace({ panel, place, before: BEFORE, after: AFTER, ring: [], chosenOnBaseline: false, ...more })

describe('results', () => {
  it('call one quiet place in twenty changed, where a plain comparison calls more', () => {
    let [ours, naive, tests] = [0, 0, 0]
    for (let seed = 1; seed <= 20; seed++) {
      const panel = quietTown(40, seed, 0.05)
      panel.forEach((_, place) => {
        const { verdict, naive: plain } = judge(panel, place)
        if (verdict.key === 'result-too-few') return
        tests++
        if (verdict.key !== 'result-cannot-be-told') ours++
        if (plain.p <= 0.05) naive++
      })
    }
    expect(tests).toBeGreaterThan(700)
    expect(ours / tests).toBeGreaterThan(0.025)
    expect(ours / tests).toBeLessThan(0.075)
    expect(naive / tests).toBeGreaterThan(0.1)
  })

  it('see a fall to a third, and say what was expected', () => {
    const panel = quietTown(40, 3)
    panel[5]![BEFORE] = 60
    panel[5]![AFTER] = 20
    const { verdict, adjusted } = judge(panel, 5)
    expect(verdict.key).toBe('result-fell')
    expect(verdict.figures).toMatchObject({ incidents: 80, before: 60, after: 20 })
    expect(verdict.figures.highPercent).toBeLessThan(0)
    expect(adjusted.high).toBeLessThan(1)
  })

  it('see a rise, and call a small change what it is', () => {
    const panel = quietTown(40, 4)
    panel[5]![BEFORE] = 20
    panel[5]![AFTER] = 60
    expect(judge(panel, 5).verdict.key).toBe('result-rose')
    panel[5]![AFTER] = 24
    expect(judge(panel, 5).verdict.key).toBe('result-cannot-be-told')
    panel[5]![BEFORE] = 3
    panel[5]![AFTER] = 1
    expect(judge(panel, 5).verdict.key).toBe('result-too-few')
  })

  it('do not take a fall of the whole district for a result', () => {
    const panel = quietTown(40, 5).map((counts) =>
      counts.map((n, t) => (t === AFTER ? Math.round(n / 3) : n)),
    )
    panel[5]![BEFORE] = 60
    panel[5]![AFTER] = 20
    const { verdict, naive } = judge(panel, 5)
    expect(naive.p).toBeLessThan(0.001)
    expect(verdict.key).toBe('result-cannot-be-told')
  })

  it('warn of a place that was chosen for its high count, and explain its fall by that', () => {
    const towns = 60
    let [fell, cautioned, naive] = [0, 0, 0]
    for (let seed = 1; seed <= towns; seed++) {
      const chance = seededChance(seed)
      // All alike: the highest is the highest by chance.
      const panel = Array.from({ length: 200 }, () =>
        Array.from({ length: PERIODS }, () => drawCount(10, 0, chance)),
      )
      const highest = panel.reduce((best, each, p) => (each[BEFORE]! > panel[best]![BEFORE]! ? p : best), 0)
      const { verdict, caution, naive: plain } = judge(panel, highest, { chosenOnBaseline: true })
      if (verdict.key === 'result-fell') fell++
      if (plain.p <= 0.05) naive++
      if (caution && caution.expectedFallPercent > 25) cautioned++
    }
    expect(cautioned).toBe(towns)
    expect(naive / towns).toBeGreaterThan(0.3)
    expect(fell / towns).toBeLessThan(0.1)
  })

  it('take more places beside a large one, so that it is not held against the chance of a handful', () => {
    const chance = seededChance(8)
    const drawn = (mean: number) => Array.from({ length: PERIODS }, () => drawCount(mean, 0, chance))
    const panel = [drawn(80), ...Array.from({ length: 60 }, () => drawn(5))]
    const { comparison, verdict } = judge(panel, 0)
    expect(comparison.length).toBeGreaterThan(25)
    expect(verdict.figures.expected / verdict.figures.before).toBeGreaterThan(0.7)
    expect(verdict.figures.expected / verdict.figures.before).toBeLessThan(1.4)
    expect(judge(panel, 5).comparison).toHaveLength(10)
  })

  it('keep the caution away where the place was not chosen so', () => {
    expect(judge(quietTown(40, 6), 5).caution).toBeNull()
  })

  it('measure displacement where there is a ring, which is never its own comparison', () => {
    const panel = quietTown(40, 7)
    panel[5]![BEFORE] = 120
    panel[5]![AFTER] = 40
    panel[6]![BEFORE] = 50
    panel[6]![AFTER] = 90
    const { displacement, comparison } = judge(panel, 5, { ring: [6] })
    expect(comparison).not.toContain(5)
    expect(comparison).not.toContain(6)
    expect(displacement!.quotient).toBeLessThan(-0.2)
    expect(judge(panel, 5).displacement).toBeNull()
  })
})
