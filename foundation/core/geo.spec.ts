import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bearingDegrees, boundsOf, destination, distanceMetres, isInsideRing, isWithin } from './geo.ts'

const position = fc.record({
  lon: fc.double({ min: -179, max: 179, noNaN: true }),
  lat: fc.double({ min: -80, max: 80, noNaN: true }),
})

describe('geo', () => {
  it('measures what the great circle from Paris to London is', () => {
    expect(distanceMetres({ lon: 2.3522, lat: 48.8566 }, { lon: -0.1276, lat: 51.5072 })).toBeCloseTo(
      343_500,
      -3,
    )
  })
  it('arrives where it set out for', () => {
    fc.assert(
      fc.property(
        position,
        fc.double({ min: 0, max: 359.9, noNaN: true }),
        fc.double({ min: 1, max: 50_000, noNaN: true }),
        (from, bearing, metres) => {
          const to = destination(from, bearing, metres)
          expect(distanceMetres(from, to)).toBeCloseTo(metres, 2)
          const turn = Math.abs(bearingDegrees(from, to) - bearing)
          expect(Math.min(turn, 360 - turn)).toBeLessThan(0.01)
        },
      ),
    )
  })
  it('is the same distance both ways, and none to itself', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        expect(distanceMetres(a, b)).toBeCloseTo(distanceMetres(b, a), 6)
        expect(distanceMetres(a, a)).toBe(0)
      }),
    )
  })
  it('bounds hold every position they were made of', () => {
    fc.assert(
      fc.property(fc.array(position, { minLength: 1 }), (positions) => {
        const bounds = boundsOf(positions)!
        return positions.every((one) => isWithin(bounds, one))
      }),
    )
    expect(boundsOf([])).toBeNull()
  })
  it('tells inside from outside of a ring with a bay', () => {
    const ring = [
      [0, 0],
      [4, 0],
      [4, 4],
      [2, 1],
      [0, 4],
    ] as const
    expect(isInsideRing(ring, { lon: 1, lat: 1 })).toBe(true)
    expect(isInsideRing(ring, { lon: 2, lat: 3 })).toBe(false)
    expect(isInsideRing(ring, { lon: 5, lat: 1 })).toBe(false)
  })
})
