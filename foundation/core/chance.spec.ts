import { describe, expect, it } from 'vitest'
import { seededChance } from './chance.ts'

const draw = (seed: number, count: number) => {
  const chance = seededChance(seed)
  return Array.from({ length: count }, () => chance.next())
}

describe('chance', () => {
  it('draws the same from the same seed and other numbers from another', () => {
    expect(draw(7, 50)).toEqual(draw(7, 50))
    expect(draw(7, 50)).not.toEqual(draw(8, 50))
  })
  it('is even: 100,000 draws in ten bins pass a chi-square test at 0.1 %', () => {
    const bins = new Array<number>(10).fill(0)
    for (const value of draw(20261124, 100_000)) bins[Math.floor(value * 10)]!++
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    expect(chiSquare).toBeLessThan(27.88)
  })
  it('draws in proportion to weights and never one of weight 0', () => {
    const chance = seededChance(3)
    const counts = [0, 0, 0]
    for (let i = 0; i < 10_000; i++) counts[chance.weighted([1, 0, 3])]!++
    expect(counts[1]).toBe(0)
    expect(counts[2]! / counts[0]!).toBeCloseTo(3, 0)
  })
  it('cannot pick from nothing', () => {
    expect(() => seededChance(1).pick([])).toThrow(RangeError)
  })
})
