import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededChance } from '../../foundation/core/chance.ts'
import { knoxCellOf, knoxTest, pairsByDays, pairsByDistance, type KnoxBands } from './knox.ts'
import type { PlacedEvents } from './near-pairs.ts'

const BANDS: KnoxBands = { distanceMetres: [0.1, 100, 200, 300, 400], days: [7, 14, 21, 28] }
const REFERENCE = join(import.meta.dirname, '../../../shared/data/chicago-burglary')
/** The reference data is not part of the project. */
const isReferenceHere = existsSync(join(REFERENCE, 'knox_oracle.json'))

interface Oracle {
  readonly n: number
  readonly observed: number[][]
  readonly expected_analytic: number[][]
  readonly p_99perm_seed0: number[][]
}

function readReference(): PlacedEvents {
  const [, ...lines] = gunzipSync(readFileSync(join(REFERENCE, 'chicago_be.csv.gz')))
    .toString()
    .trim()
    .split('\n')
  const rows = lines
    .map((line) => line.split(','))
    .filter(([x, y, date]) => x !== 'NA' && y !== 'NA' && date !== 'NA')
  return {
    east: Float64Array.from(rows, ([x]) => Number(x)),
    north: Float64Array.from(rows, ([, y]) => Number(y)),
    day: Int32Array.from(rows, ([, , date]) => Date.parse(date!) / 86_400_000),
  }
}

/** Events over a square; a share of them is followed by another within 60 m and a week. */
function generated(count: number, repeatShare: number, seed: number): PlacedEvents {
  const chance = seededChance(seed)
  const rows: [east: number, north: number, day: number][] = []
  while (rows.length < count) {
    // A lattice of 25 m, so that places repeat and distances fall on the limits of the bands.
    const [east, north, day] = [chance.below(120) * 25, chance.below(120) * 25, chance.below(365)]
    rows.push([east, north, day])
    if (chance.next() < repeatShare) rows.push([east + 50, north, day + chance.below(7)])
  }
  return {
    east: Float64Array.from(rows, ([east]) => east),
    north: Float64Array.from(rows, ([, north]) => north),
    day: Int32Array.from(rows, ([, , day]) => day),
  }
}

function countPlainly({ east, north, day }: PlacedEvents, { distanceMetres, days }: KnoxBands): number[][] {
  const counts = distanceMetres.map(() => days.map(() => 0))
  for (let a = 0; a < day.length; a++)
    for (let b = 0; b < a; b++) {
      const apart = Math.sqrt((east[a]! - east[b]!) ** 2 + (north[a]! - north[b]!) ** 2)
      const d = distanceMetres.findIndex((limit) => apart <= limit)
      const t = days.findIndex((limit) => Math.abs(day[a]! - day[b]!) < limit)
      if (d >= 0 && t >= 0) counts[d]![t]!++
    }
  return counts
}

const observedOf = (events: PlacedEvents, bands = BANDS) =>
  knoxTest(events, bands, { permutations: 0, chance: seededChance(1) }).cells.map((row) =>
    row.map(({ observed }) => observed),
  )

describe("Knox's test", () => {
  it.each([1, 2, 3])('counts pairs as looking at each of them does (seed %i)', (seed) => {
    const events = generated(800, 0.2, seed)
    expect(observedOf(events)).toEqual(countPlainly(events, BANDS))
  })

  it('counts them so for any few events, far slips of the geocoder among them', () => {
    const coordinate = fc.oneof(fc.integer({ min: -500, max: 500 }), fc.constantFrom(-9e6, 9e6))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(coordinate, coordinate, fc.integer({ min: -40, max: 40 })), { maxLength: 40 }),
        (rows) => {
          const events = {
            east: Float64Array.from(rows, ([east]) => east),
            north: Float64Array.from(rows, ([, north]) => north),
            day: Int32Array.from(rows, ([, , day]) => day),
          }
          expect(observedOf(events)).toEqual(countPlainly(events, BANDS))
        },
      ),
    )
  })

  it('expects what the margins say, all pairs being in some band when the bands are wide enough', () => {
    const events = generated(300, 0.1, 4)
    const pairs = (events.day.length * (events.day.length - 1)) / 2
    const near = pairsByDistance(events, [100, 1000, 10_000])
    const close = pairsByDays(events.day.slice().sort(), [7, 1000])
    expect(near.reduce((sum, each) => sum + each)).toBe(pairs)
    expect(close.reduce((sum, each) => sum + each)).toBe(pairs)
    const { cells } = knoxTest(
      events,
      { distanceMetres: [100, 1000, 10_000], days: [7, 1000] },
      { permutations: 0, chance: seededChance(1) },
    )
    const sum = (of: 'observed' | 'expected') => cells.flat().reduce((total, cell) => total + cell[of], 0)
    expect(sum('observed')).toBe(pairs)
    expect(sum('expected')).toBeCloseTo(pairs, 6)
  })

  it('finds planted repeats, and where they were planted', () => {
    const map = knoxTest(generated(1500, 0.2, 5), BANDS, { permutations: 199, chance: seededChance(1) })
    const planted = knoxCellOf(map, 50, 3)!
    expect(planted.p).toBe(1 / 200)
    expect(planted.ratio).toBeGreaterThan(2)
    expect(knoxCellOf(map, 350, 24)!.ratio).toBeLessThan(1.2)
    expect(knoxCellOf(map, 401, 3)).toBeNull()
    expect(knoxCellOf(map, 50, 28)).toBeNull()
  })

  it('calls one cell in twenty significant at 5 % where nothing is linked', () => {
    let significant = 0
    const runs = 40
    for (let seed = 0; seed < runs; seed++) {
      const map = knoxTest(generated(400, 0, 100 + seed), BANDS, {
        permutations: 39,
        chance: seededChance(seed),
      })
      significant += map.cells.flat().filter(({ p }) => p <= 0.05).length
    }
    const share = significant / (runs * 20)
    expect(share).toBeGreaterThan(0.02)
    expect(share).toBeLessThan(0.08)
  })

  it('gives the same map from the same seed, whatever the order of the events', () => {
    const events = generated(300, 0.1, 7)
    const map = (of: PlacedEvents) => knoxTest(of, BANDS, { permutations: 19, chance: seededChance(3) })
    expect(map(events)).toEqual(map(events))
    const reversed = {
      east: events.east.toReversed(),
      north: events.north.toReversed(),
      day: events.day.toReversed(),
    }
    expect(observedOf(reversed)).toEqual(observedOf(events))
  })

  it('has nothing to say of no events', () => {
    const none = { east: new Float64Array(), north: new Float64Array(), day: new Int32Array() }
    const { cells } = knoxTest(none, BANDS, { permutations: 9, chance: seededChance(1) })
    expect(cells.flat().every(({ observed, ratio, p }) => observed === 0 && ratio === null && p === 1)).toBe(
      true,
    )
  })

  it.skipIf(!isReferenceHere)(
    'counts the reference burglaries exactly (skipped where ../shared/data is not)',
    () => {
      const oracle = JSON.parse(readFileSync(join(REFERENCE, 'knox_oracle.json'), 'utf8')) as Oracle
      const map = knoxTest(readReference(), BANDS, { permutations: 99, chance: seededChance(0) })
      expect(map.events).toBe(oracle.n)
      expect(map.cells.map((row) => row.map(({ observed }) => observed))).toEqual(oracle.observed)
      expect(map.cells.map((row) => row.map(({ expected }) => Math.round(expected * 1000) / 1000))).toEqual(
        oracle.expected_analytic,
      )
      const unlike = map.cells
        .flat()
        .filter(({ p }, cell) => Math.abs(p - oracle.p_99perm_seed0.flat()[cell]!) > 0.1)
      expect(unlike).toEqual([])
    },
  )
})
