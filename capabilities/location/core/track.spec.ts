import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destination, distanceMetres } from '../../../foundation/core/geo.ts'
import { simplify, trackOf, type TrackPoint } from './track.ts'

const NOW = Date.UTC(2026, 4, 1, 8)
const HOME = { lon: 121.5, lat: 31.2 }
const point = (seconds: number, metresEast: number, metresNorth = 0): TrackPoint => ({
  at: NOW + seconds * 1000,
  ...destination(destination(HOME, 90, metresEast), 0, metresNorth),
  accuracyMetres: 5,
  speedMetresPerSecond: NaN,
})
const straight = Array.from({ length: 100 }, (_, i) => point(i * 10, i * 50))

describe('a track', () => {
  it('is cut where nothing was heard for longer than the gap, and says so', () => {
    const track = trackOf([point(0, 0), point(10, 50), point(400, 3000), point(410, 3050)], 180, 100)
    expect(track.segments.map((segment) => segment.length)).toEqual([2, 2])
    expect(track.gaps).toEqual([
      { fromAt: NOW + 10_000, untilAt: NOW + 400_000, distanceMetres: expect.closeTo(2950, 0) },
    ])
    expect(track.distanceMetres).toBeCloseTo(100, 0)
  })
  it('is empty for nothing', () =>
    expect(trackOf([], 180, 100)).toEqual({ segments: [], gaps: [], fixes: 0, distanceMetres: 0 }))
  it('keeps every point while there are few', () => expect(simplify([straight], 100)).toEqual([straight]))
  it('keeps the corner and the halt, not the points between', () => {
    const corner = [
      ...straight,
      ...Array.from({ length: 50 }, (_, i) => point(1000 + i * 10, 99 * 50, (i + 1) * 50)),
    ]
    const halt = Array.from({ length: 60 }, (_, i) => point(1500 + i * 10, 99 * 50, 2500))
    const [kept] = simplify([[...corner, ...halt]], 6)
    expect(kept).toContainEqual(straight[99])
    expect(kept!.some((one) => Math.abs(one.at - (NOW + 1_490_000)) <= 20_000)).toBe(true)
  })
  it('never has more points than allowed, keeps their order and its ends', () => {
    const moves = fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: -100, max: 100 }),
        fc.integer({ min: -100, max: 100 }),
      ),
      { minLength: 2 },
    )
    fc.assert(
      fc.property(moves, fc.integer({ min: 2, max: 50 }), (steps, limit) => {
        let [at, east, north] = [0, 0, 0]
        const points = steps.map(([wait, dx, dy]) => point((at += wait), (east += dx), (north += dy)))
        const [kept] = simplify([points], limit)
        expect(kept!.length).toBeLessThanOrEqual(limit)
        expect(kept![0]).toBe(points[0])
        expect(kept!.at(-1)).toBe(points.at(-1))
        for (let i = 1; i < kept!.length; i++) expect(kept![i]!.at).toBeGreaterThan(kept![i - 1]!.at)
      }),
    )
  })
  it('stays within metres of the way driven when a tenth of it is kept', () => {
    const wavy = Array.from({ length: 1000 }, (_, i) => point(i * 10, i * 40, 300 * Math.sin(i / 60)))
    const [kept] = simplify([wavy], 100)
    let worst = 0
    for (const one of wavy) {
      const after = kept!.findIndex((k) => k.at >= one.at)
      const b = kept![after]!
      const a = kept![Math.max(0, after - 1)]!
      const share = b.at === a.at ? 0 : (one.at - a.at) / (b.at - a.at)
      worst = Math.max(
        worst,
        distanceMetres(one, { lon: a.lon + (b.lon - a.lon) * share, lat: a.lat + (b.lat - a.lat) * share }),
      )
    }
    expect(worst).toBeLessThan(10)
  })
})
