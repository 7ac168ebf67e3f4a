import { describe, expect, it } from 'vitest'
import { seededChance } from '../../foundation/core/chance.ts'
import { fitAdditivePoisson } from './additive-poisson.ts'
import { placeDiscs } from './cover.ts'
import { createDecayedSums } from './decayed-sums.ts'
import { fitIntensity } from './intensity.ts'
import { blur, cellOf, greatestCells, latticeOver } from './lattice.ts'
import { createMemory, type EventStream } from './memory.ts'
import { countRange } from './negative-binomial.ts'
import { eastMetres, northMetres, planeAt, positionOn } from './plane.ts'
import { indexPoints, pointsWithin } from './points.ts'
import { cellsNear, rankCells } from './ranked-cells.ts'
import { createRhythm, fitRhythm, slotOfWeek, slotWeights } from './rhythm.ts'
import { distanceMetres } from '../../foundation/core/geo.ts'

const scattered = (count: number, metres: number, seed: number) => {
  const chance = seededChance(seed)
  return {
    east: Float64Array.from({ length: count }, () => chance.next() * metres),
    north: Float64Array.from({ length: count }, () => chance.next() * metres),
    weight: Float64Array.from({ length: count }, () => chance.next() ** 3),
  }
}
const heldBy = (
  { east, north, weight }: ReturnType<typeof scattered>,
  discs: readonly { east: number; north: number }[],
  radius: number,
) =>
  weight.reduce(
    (sum, each, p) =>
      discs.some((disc) => Math.hypot(disc.east - east[p]!, disc.north - north[p]!) <= radius + 1e-5)
        ? sum + each
        : sum,
    0,
  )

describe('points', () => {
  it('are found by their buckets as by looking at each', () => {
    const { east, north } = scattered(400, 1000, 1)
    const index = indexPoints(east, north, 85)
    const found = new Int32Array(400)
    for (let p = 0; p < 400; p += 7) {
      const near = pointsWithin(index, east[p]! + 11, north[p]! - 40, 120, found)
      const plain = Array.from(east.keys()).filter(
        (q) => Math.hypot(east[q]! - east[p]! - 11, north[q]! - north[p]! + 40) <= 120,
      )
      expect(Array.from(found.subarray(0, near)).sort((a, b) => a - b)).toEqual(plain)
    }
  })

  it('may be none at all', () => {
    expect(
      pointsWithin(indexPoints(new Float64Array(), new Float64Array(), 85), 0, 0, 100, new Int32Array(1)),
    ).toBe(0)
  })
})

describe('placing discs', () => {
  it.each([2, 3, 4, 5])('finds a first disc that no disc of a fine search beats (seed %i)', (seed) => {
    const points = scattered(150, 700, seed)
    const index = indexPoints(points.east, points.north, 85)
    const [first] = placeDiscs(index, points.weight, 1, 85)
    let best = 0
    for (let east = 0; east <= 700; east += 6)
      for (let north = 0; north <= 700; north += 6)
        best = Math.max(best, heldBy(points, [{ east, north }], 85 - 1e-4))
    expect(first!.gain).toBeGreaterThanOrEqual(best - 1e-9)
    expect(heldBy(points, [first!], 85)).toBeCloseTo(first!.gain, 9)
  })

  it('counts a point once however many discs hold it', () => {
    const points = scattered(300, 600, 6)
    const discs = placeDiscs(indexPoints(points.east, points.north, 85), points.weight, 40, 85)
    const together = discs.reduce((sum, { gain }) => sum + gain, 0)
    expect(heldBy(points, discs, 85)).toBeCloseTo(together, 6)
    expect(together).toBeLessThanOrEqual(points.weight.reduce((sum, each) => sum + each, 0) + 1e-9)
  })

  it('takes gains that never rise, and as many discs as there is something for', () => {
    const points = scattered(60, 3000, 7)
    const discs = placeDiscs(indexPoints(points.east, points.north, 85), points.weight, 500, 85)
    expect(discs.length).toBeLessThanOrEqual(60)
    discs.slice(1).forEach(({ gain }, d) => expect(gain).toBeLessThanOrEqual(discs[d]!.gain + 1e-12))
  })

  it('holds four street corners that no cell of a grid holds together', () => {
    const east = Float64Array.from([100, 200, 150, 150])
    const north = Float64Array.from([150, 150, 100, 200])
    const [disc] = placeDiscs(indexPoints(east, north, 85), new Float64Array(4).fill(1), 1, 85)
    expect(disc!.gain).toBe(4)
  })

  it('gives the same discs for the same points, bit for bit, and leaves the weights alone', () => {
    const points = scattered(500, 900, 8)
    const before = points.weight.slice()
    const place = () => placeDiscs(indexPoints(points.east, points.north, 85), points.weight, 30, 85)
    expect(place()).toEqual(place())
    expect(points.weight).toEqual(before)
  })

  it('gives none where nothing weighs anything', () => {
    const { east, north } = scattered(20, 100, 9)
    expect(placeDiscs(indexPoints(east, north, 85), new Float64Array(20), 5, 85)).toEqual([])
  })
})

describe('decayed sums', () => {
  it('are the sum of what is left of each event, over centuries too', () => {
    const sums = createDecayedSums(2, 10)
    const into = new Float64Array(2)
    for (let day = 0; day <= 9000; day += 3) sums.add(day % 2, day)
    sums.readAt(9001, into, 2)
    let direct = 0
    for (let day = 0; day <= 9000; day += 6) direct += Math.exp(-(9001 - day) / 10)
    expect(into[0]).toBeCloseTo(direct, 9)
    expect(into.every(Number.isFinite)).toBe(true)
  })
})

describe('a lattice', () => {
  it('keeps what it spreads, but for what passes the edge', () => {
    const lattice = latticeOver(Float64Array.of(0, 3000), Float64Array.of(0, 3000), 50, 500)
    const values = new Float64Array(lattice.columns * lattice.rows)
    values[cellOf(lattice, 1500, 1500)] = 3
    const spread = blur(lattice, values, 120)
    expect(spread.reduce((sum, each) => sum + each, 0)).toBeCloseTo(3, 9)
    expect(greatestCells(spread, 1, () => true)).toEqual([cellOf(lattice, 1500, 1500)])
    expect(blur(lattice, values, 0)).toEqual(values)
  })

  it('ranks cells by what fades and by what was counted', () => {
    const places = { east: Float64Array.of(10, 400), north: Float64Array.of(10, 400) }
    const stream = {
      day: Float64Array.of(1, 2, 3, 380, 390),
      place: Int32Array.of(0, 0, 0, 1, 1),
      isCounted: new Uint8Array(5).fill(1),
    }
    const lattice = latticeOver(places.east, places.north, 150, 300)
    const ranked = rankCells(stream, places, lattice, [30, 3000], () => true)
    ranked.learnUntil(400)
    const [old, recent] = [ranked.cellOfPlace[0]!, ranked.cellOfPlace[1]!]
    expect(ranked.byDensity({ deviationMetres: 0, timeConstantDays: 30 }, 400, 1)).toEqual([recent])
    expect(ranked.byDensity({ deviationMetres: 0, timeConstantDays: 3000 }, 400, 1)).toEqual([old])
    expect(ranked.byCount(365, 400, 5)).toEqual([recent])
    expect(() => ranked.byDensity({ deviationMetres: 0, timeConstantDays: 31 }, 400, 1)).toThrow(RangeError)
    expect(cellsNear(lattice, places.east, places.north, 1)).not.toContain(2)
  })
})

describe('an additive Poisson rate', () => {
  it('is found again from counts that were drawn from it', () => {
    const chance = seededChance(11)
    const inputs: number[] = []
    const counts: number[] = []
    const exposure = new Float64Array(2)
    for (let row = 0; row < 40_000; row++) {
      const [a, b] = [chance.next(), chance.next() ** 4 * 3]
      exposure[0]! += a
      exposure[1]! += b
      let count = 0
      for (
        let left = Math.exp(-(0.2 * a + 0.7 * b)), drawn = chance.next();
        drawn > left;
        drawn *= chance.next()
      )
        count++
      if (count === 0) continue
      inputs.push(a, b)
      counts.push(count)
    }
    const weights = fitAdditivePoisson(
      { width: 2, inputs: Float64Array.from(inputs), counts: Float64Array.from(counts) },
      exposure,
      { prior: Float64Array.of(0.5, 0.5), pseudoEvents: 1, rounds: 300 },
    )
    expect(weights[0]).toBeCloseTo(0.2, 1)
    expect(weights[1]).toBeCloseTo(0.7, 1)
  })

  it('stays zero and finite without events or without exposure', () => {
    const nothing = { width: 1, inputs: new Float64Array(), counts: new Float64Array() }
    const options = { prior: Float64Array.of(1), pseudoEvents: 5, rounds: 10 }
    expect(fitAdditivePoisson(nothing, Float64Array.of(10), options)).toEqual(Float64Array.of(0))
    expect(fitAdditivePoisson(nothing, Float64Array.of(0), options)).toEqual(Float64Array.of(0))
  })
})

const SHAPE = {
  timeConstantsDays: [5, 300],
  eventDayConstantsDays: [300],
  spreads: [{ metres: 100, of: 1 }],
  latticeMetres: 50,
}

describe('what a place remembers', () => {
  const places = { east: Float64Array.of(0, 60, 5000), north: Float64Array.of(0, 0, 0) }
  const stream: EventStream = {
    day: Float64Array.of(0, 0.5, 0.6, 3, 9),
    place: Int32Array.of(0, 0, 1, 0, 2),
    isCounted: Uint8Array.of(1, 1, 0, 1, 1),
  }

  it('is its counted events, days with events once, and its share of those around', () => {
    const memory = createMemory(stream, places, SHAPE)
    memory.learnUntil(4)
    expect(memory.known()).toBe(2)
    const [short, long, days, around] = memory.inputsAt(4)
    const left = (constant: number) => [4, 3.5, 1].map((age) => Math.exp(-age / constant))
    expect(short![0]).toBeCloseTo(left(5)[0]! + left(5)[1]! + left(5)[2]!, 9)
    expect(short![1]).toBe(0)
    expect(days![0]).toBeCloseTo(left(300)[0]! + left(300)[2]!, 9)
    expect(around![0]! + around![1]!).toBeCloseTo(long![0]!, 1)
    expect(around![1]).toBeGreaterThan(0.3 * around![0]!)
  })

  it('does not feel places that are yet to come', () => {
    const short = createMemory(
      stream,
      { east: places.east.subarray(0, 2), north: places.north.subarray(0, 2) },
      SHAPE,
    )
    const long = createMemory(stream, places, SHAPE)
    for (const memory of [short, long]) memory.learnUntil(9)
    const known = (inputs: readonly Float64Array[]) => inputs.map((input) => Array.from(input.subarray(0, 2)))
    expect(known(long.inputsAt(9))).toEqual(known(short.inputsAt(9)))
  })
})

describe('an intensity', () => {
  it('learns that steady places go on and that bursts fade', () => {
    const chance = seededChance(12)
    const events: [day: number, place: number][] = []
    for (let day = 0; day < 1500; day++) {
      for (let place = 0; place < 20; place++)
        if (chance.next() < 0.1) events.push([day + chance.next(), place])
      if (chance.next() < 0.3) {
        const place = 20 + chance.below(200)
        for (let n = 0; n < 3; n++) events.push([day + chance.next() * 4, place])
      }
    }
    events.sort((a, b) => a[0] - b[0])
    const order = new Map<number, number>()
    for (const [, place] of events) if (!order.has(place)) order.set(place, order.size)
    const stream = {
      day: Float64Array.from(events, ([day]) => day),
      place: Int32Array.from(events, ([, place]) => order.get(place)!),
      isCounted: new Uint8Array(events.length).fill(1),
    }
    const far = Float64Array.from({ length: order.size }, (_, p) => p * 300)
    const windowStarts = Array.from({ length: 40 }, (_, n) => 1100 + n * 7)
    const model = fitIntensity(
      stream,
      { east: far, north: far },
      { shape: SHAPE, stratumInput: 1, stratumShares: [], windowStarts, windowDays: 7, lagDays: 0 },
    )
    const [weights] = model.weights
    // A place with one event every ten days has a long memory of 30 and a short one of 0.5.
    const steady = weights![0]! * 0.5 + (weights![1]! + weights![2]! + weights![3]!) * 30
    expect(steady).toBeGreaterThan(0.06)
    expect(steady).toBeLessThan(0.13)
    expect(model.events).toBeGreaterThan(400)
    expect(model.dispersion).toBeGreaterThanOrEqual(0)
  })
})

describe('the rhythm of the week', () => {
  const shape = { slots: 21, aroundMetres: 300 }

  it('knows Monday from Sunday', () => {
    const monday = 4
    expect(slotOfWeek(monday, 21)).toBe(0)
    expect(slotOfWeek(monday + 0.99, 21)).toBe(2)
    expect(slotOfWeek(monday + 6.99, 21)).toBe(20)
    expect(slotOfWeek(-3, 21)).toBe(0)
  })

  it('weighs the slots of a stretch by how much of each lies in it', () => {
    expect(Array.from(slotWeights(4, 5, 21), (weight) => Math.round(weight * 1e6) / 1e6).slice(0, 4)).toEqual(
      [1, 1, 1, 0],
    )
    expect(slotWeights(4 + 1 / 6, 4 + 1 / 3, 21)[0]).toBeCloseTo(0.5, 9)
    expect(slotWeights(10.5, 11.5, 7).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9)
    expect(slotWeights(0, 7, 21).every((weight) => Math.abs(weight - 1) < 1e-9)).toBe(true)
  })

  it('is a place’s own where it is known, its surroundings’ where not, and sums to 1', () => {
    const places = { east: Float64Array.of(10, 50, 9000), north: Float64Array.of(10, 50, 9000) }
    const day = Float64Array.from({ length: 300 }, (_, n) => n + 0.9)
    const stream = {
      day,
      place: new Int32Array(300),
      isCounted: new Uint8Array(300).fill(1),
      hasHour: new Uint8Array(300).fill(1),
    }
    const rhythm = createRhythm(stream, places, shape, fitRhythm(stream, places, shape, 100, 300))
    rhythm.learnUntil(300)
    const evenings = slotWeights(4 + 2 / 3, 5, 21)
    const share = new Float64Array(3)
    rhythm.sharesIn(evenings, 3, share)
    expect(share[0]).toBeGreaterThan(0.12)
    expect(share[1]).toBeGreaterThan(share[2]! * 0.9)
    expect(rhythm.profileOf(0).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9)
    expect(rhythm.profileOf(2).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9)
  })
})

describe('the range of a count', () => {
  it('is that of Poisson without dispersion', () => {
    expect(countRange(4, 0, 0.05)).toEqual({ low: 1, high: 8 })
    expect(countRange(0, 1, 0.05)).toEqual({ low: 0, high: 0 })
  })

  it('widens with dispersion', () => {
    const { low, high } = countRange(20, 0.5, 0.05)
    expect(low).toBeLessThan(8)
    expect(high).toBeGreaterThan(40)
  })
})

describe('a plane', () => {
  it('agrees with the sphere to a fifth of a percent, and finds back', () => {
    const plane = planeAt({ lon: 113.6, lat: 34.1 })
    const there = positionOn(plane, 3000, -4000)
    expect(distanceMetres(plane.origin, there) / 5000).toBeCloseTo(1, 2)
    expect(eastMetres(plane, there.lon)).toBeCloseTo(3000, 1)
    expect(northMetres(plane, there.lat)).toBeCloseTo(-4000, 1)
  })
})
