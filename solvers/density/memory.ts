import { createDecayedSums, type DecayedSums } from './decayed-sums.ts'
import { blur, cellOf, latticeOver, type Lattice } from './lattice.ts'

/** Events in order of time. Places are numbered in the order in which they first occur. */
export interface EventStream {
  /** Days since any fixed day, rising. */
  readonly day: Float64Array
  readonly place: Int32Array
  /** 1 for events of the kind that is counted; the others only tell that a place exists. */
  readonly isCounted: Uint8Array
}

export interface PlaceTable {
  readonly east: Float64Array
  readonly north: Float64Array
}

/** What a place remembers: its own events at several time scales, and those around it at several distances. */
export interface MemoryShape {
  readonly timeConstantsDays: readonly number[]
  /**
   * Time scales at which days with events are remembered: ten cars broken into in one night say less about next week
   * than ten nights with one.
   */
  readonly eventDayConstantsDays: readonly number[]
  /** `of` is the position of a sum in the two lists above, put one after the other. */
  readonly spreads: readonly { readonly metres: number; readonly of: number }[]
  readonly latticeMetres: number
}

export interface Memory {
  /** Inputs of a place: sums of its own, then spreads. */
  readonly width: number
  /** Takes in all events before a day. Days only rise. */
  learnUntil(day: number): void
  /** How many places are known; they are the first so many of the table. */
  known(): number
  /** How many events have been taken in. */
  learned(): number
  /** One array an input, one value a place, as of the day asked last. */
  readonly inputs: readonly Float64Array[]
  /** Brings the inputs of all known places to a day and gives them. */
  inputsAt(day: number): readonly Float64Array[]
}

/** A lattice over a whole province gets coarser cells instead of all memory. */
const MOST_CELLS = 4_000_000

/**
 * An event around a place reaches it as its share of what the lattice spreads: events are spread like the known places
 * are, and each place takes the ratio of the two, so a spread hands every event on to known places about once.
 */
export function createMemory(stream: EventStream, places: PlaceTable, shape: MemoryShape): Memory {
  const { timeConstantsDays, eventDayConstantsDays, spreads, latticeMetres } = shape
  const size = places.east.length
  const counted: DecayedSums[] = timeConstantsDays.map((days) => createDecayedSums(size, days))
  const eventDays: DecayedSums[] = eventDayConstantsDays.map((days) => createDecayedSums(size, days))
  const own = [...counted, ...eventDays]
  const inputs = Array.from({ length: own.length + spreads.length }, () => new Float64Array(size))
  const lastEventDay = new Float64Array(size).fill(-1)
  let next = 0
  let known = 0
  let lattice: Lattice | null = null
  let laidFor = 0
  const cells = new Int32Array(size)

  /** Laid over known places only, so that places yet to come cannot be felt in it. */
  function layLattice(): Lattice {
    if (lattice !== null && laidFor === known) return lattice
    const [east, north] = [places.east.subarray(0, known), places.north.subarray(0, known)]
    let cellMetres = latticeMetres
    do {
      lattice = latticeOver(east, north, cellMetres, cellMetres)
      cellMetres *= 2
    } while (lattice.columns * lattice.rows > MOST_CELLS)
    for (let p = 0; p < known; p++) cells[p] = cellOf(lattice, places.east[p]!, places.north[p]!)
    laidFor = known
    return lattice
  }

  function sumIntoCells(on: Lattice, valueOf: (place: number) => number): Float64Array {
    const sums = new Float64Array(on.columns * on.rows)
    for (let p = 0; p < known; p++) sums[cells[p]!]! += valueOf(p)
    return sums
  }

  return {
    width: inputs.length,
    inputs,
    learnUntil(day) {
      while (next < stream.day.length && stream.day[next]! < day) {
        const place = stream.place[next]!
        if (place >= known) known = place + 1
        if (stream.isCounted[next] === 1) {
          const on = stream.day[next]!
          for (const sums of counted) sums.add(place, on)
          if (lastEventDay[place] !== Math.floor(on)) for (const sums of eventDays) sums.add(place, on)
          lastEventDay[place] = Math.floor(on)
        }
        next++
      }
    },
    known: () => known,
    learned: () => next,
    inputsAt(day) {
      own.forEach((sums, k) => sums.readAt(day, inputs[k]!, known))
      if (spreads.length === 0) return inputs
      const on = layLattice()
      const placesAround = new Map<number, Float64Array>()
      spreads.forEach(({ metres, of }, s) => {
        let around = placesAround.get(metres)
        if (around === undefined) {
          around = blur(
            on,
            sumIntoCells(on, () => 1),
            metres,
          )
          placesAround.set(metres, around)
        }
        const from = inputs[of]!
        const spread = blur(
          on,
          sumIntoCells(on, (p) => from[p]!),
          metres,
        )
        const into = inputs[own.length + s]!
        for (let p = 0; p < known; p++) into[p] = spread[cells[p]!]! / around[cells[p]!]!
      })
      return inputs
    },
  }
}
