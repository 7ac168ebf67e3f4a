import { describe, expect, it } from 'vitest'
import { areaSquareKilometres, moveCorner, openRing, withCornerInEdge, type Corner } from './ring.ts'

const square: readonly Corner[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]

describe('a ring that is drawn', () => {
  it('has no point twice', () => {
    expect(openRing([...square, [0, 0]])).toEqual(square)
    expect(openRing(square)).toEqual(square)
  })

  it('takes a corner into the edge that it lies nearest to', () => {
    expect(withCornerInEdge(square, [0.5, -0.1])).toEqual([
      [0, 0],
      [0.5, -0.1],
      [1, 0],
      [1, 1],
      [0, 1],
    ])
    expect(withCornerInEdge(square, [-0.1, 0.5]).at(-1)).toEqual([-0.1, 0.5])
  })

  it('takes its first corners in the order of the clicks', () => {
    expect(withCornerInEdge([[0, 0]], [5, 5])).toEqual([
      [0, 0],
      [5, 5],
    ])
  })

  it('has one corner moved and the others stay', () => {
    expect(moveCorner(square, 2, [2, 2])).toEqual([
      [0, 0],
      [1, 0],
      [2, 2],
      [0, 1],
    ])
  })

  it('encloses what its degrees are long there', () => {
    const narrow = square.map(([lon, lat]): Corner => [lon * 0.01, 60 + lat * 0.01])
    expect(areaSquareKilometres(narrow)).toBeCloseTo(1.112 * 1.112 * 0.5, 2)
    expect(areaSquareKilometres(square.slice(0, 2))).toBe(0)
  })
})
