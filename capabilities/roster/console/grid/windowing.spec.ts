import { describe, expect, it } from 'vitest'
import { layLines, lineAt, scrollInto, windowLines, windowOf } from './windowing.ts'

const tops = layLines([40, ...new Array<number>(500).fill(28)])

describe('the window over the month', () => {
  it('finds the line at any height, and the nearest one outside', () => {
    expect([0, 39, 40, 67, 68, 1e9, -5].map((y) => lineAt(tops, y))).toEqual([0, 0, 1, 1, 2, 500, 0])
    expect(lineAt([0], 10)).toBe(-1)
  })

  it('holds what is seen wherever it is scrolled, with lines ready on both sides, and always as many', () => {
    const height = 600
    const lines = windowLines(height, 28)
    for (let top = 0; top <= tops.at(-1)! - height; top += 37) {
      const { first, until } = windowOf(tops, top, lines)
      expect(until - first).toBe(lines)
      expect(tops[first]!).toBeLessThanOrEqual(Math.max(0, top - 28 * 8))
      expect(tops[until]!).toBeGreaterThanOrEqual(Math.min(tops.at(-1)!, top + height + 28 * 8))
    }
  })

  it('holds all of a short month, and nothing of an empty one', () => {
    expect(windowOf(layLines([40, 28, 28]), 0, 40)).toEqual({ first: 0, until: 3 })
    expect(windowOf([0], 0, 40)).toEqual({ first: 0, until: 0 })
  })

  it('scrolls no further than brings a cell into view', () => {
    const view = { from: 100, until: 400 }
    expect(scrollInto(view, { from: 150, until: 178 })).toBe(0)
    expect(scrollInto(view, { from: 80, until: 108 })).toBe(-20)
    expect(scrollInto(view, { from: 390, until: 418 })).toBe(18)
  })
})
