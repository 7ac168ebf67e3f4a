import type { EventStream, PlaceTable } from './memory.ts'

/** When in the week events happen at each place, in equal slots. */
export interface Rhythm {
  learnUntil(day: number): void
  /**
   * Writes for each of the first `count` places the share of a week's events that falls in a set of slots;
   * `slotWeights` says how much of each slot belongs to it, 0 to 1. Where nothing is known all slots are alike.
   */
  sharesIn(slotWeights: Float64Array, count: number, into: Float64Array): void
  /** Share of each slot of the week at one place. */
  profileOf(place: number): Float64Array
}

/** How many events a place borrows from its surroundings, and these from everywhere. */
export interface RhythmShrinkage {
  readonly fromAround: number
  readonly fromEverywhere: number
}

export interface RhythmShape {
  readonly slots: number
  readonly aroundMetres: number
}

/** Days since a fixed Thursday (1970-01-01) to a slot of the week; weeks begin on Monday. */
export function slotOfWeek(day: number, slots: number): number {
  const ofWeek = (((day + 3) % 7) + 7) % 7
  return Math.min(slots - 1, Math.floor((ofWeek / 7) * slots))
}

/** How much of each slot lies in [from, to), for a stretch of a week at most. */
export function slotWeights(from: number, to: number, slots: number): Float64Array {
  const weights = new Float64Array(slots)
  const length = 7 / slots
  const begin = Math.floor((from + 3) / length)
  for (let n = begin; n * length - 3 < to - 1e-9; n++) {
    const overlap = Math.min(to, (n + 1) * length - 3) - Math.max(from, n * length - 3)
    const slot = ((n % slots) + slots) % slots
    if (overlap > 1e-9) weights[slot] = Math.min(1, weights[slot]! + overlap / length)
  }
  return weights
}

/** Events whose time of day is unknown (`hasHour` 0) are left out: their slot would be midnight's. */
export function createRhythm(
  stream: EventStream & { readonly hasHour: Uint8Array },
  places: PlaceTable,
  shape: RhythmShape,
  shrinkage: RhythmShrinkage,
): Rhythm {
  const counts = createCounts(stream, places, shape)
  const shareOf = (place: number, weights: Float64Array, everywhere: number): number => {
    const { fromAround, fromEverywhere } = shrinkage
    const around = counts.around(place, weights)
    const aroundShare = (around.inSlots + fromEverywhere * everywhere) / (around.total + fromEverywhere)
    const own = counts.own(place, weights)
    return (own.inSlots + fromAround * aroundShare) / (own.total + fromAround)
  }
  return {
    learnUntil: counts.learnUntil,
    sharesIn(weights, count, into) {
      const everywhere = counts.everywhere(weights)
      for (let p = 0; p < count; p++) into[p] = shareOf(p, weights, everywhere)
    },
    profileOf(place) {
      return Float64Array.from({ length: shape.slots }, (_, slot) => {
        const weights = new Float64Array(shape.slots)
        weights[slot] = 1
        return shareOf(place, weights, counts.everywhere(weights))
      })
    },
  }
}

const AROUND_CHOICES = [5, 20, 80, 320]
const EVERYWHERE_CHOICES = [20, 200, 2000]

/** The shrinkage under which each event of [from, until) was most likely, given those before it. */
export function fitRhythm(
  stream: EventStream & { readonly hasHour: Uint8Array },
  places: PlaceTable,
  shape: RhythmShape,
  from: number,
  until: number,
): RhythmShrinkage {
  const counts = createCounts(stream, places, shape)
  const choices = AROUND_CHOICES.flatMap((fromAround) =>
    EVERYWHERE_CHOICES.map((fromEverywhere) => ({ fromAround, fromEverywhere })),
  )
  const likelihood = choices.map(() => 0)
  const weights = new Float64Array(shape.slots)
  for (let e = 0; e < stream.day.length && stream.day[e]! < until; e++) {
    if (stream.day[e]! < from || stream.isCounted[e] !== 1 || stream.hasHour[e] !== 1) continue
    counts.learnUntil(stream.day[e]!)
    weights.fill(0)
    weights[slotOfWeek(stream.day[e]!, shape.slots)] = 1
    const everywhere = counts.everywhere(weights)
    const around = counts.around(stream.place[e]!, weights)
    const own = counts.own(stream.place[e]!, weights)
    choices.forEach(({ fromAround, fromEverywhere }, c) => {
      const aroundShare = (around.inSlots + fromEverywhere * everywhere) / (around.total + fromEverywhere)
      likelihood[c]! += Math.log((own.inSlots + fromAround * aroundShare) / (own.total + fromAround))
    })
  }
  return choices[likelihood.indexOf(Math.max(...likelihood))]!
}

interface Tally {
  readonly inSlots: number
  readonly total: number
}

function createCounts(
  stream: EventStream & { readonly hasHour: Uint8Array },
  places: PlaceTable,
  { slots, aroundMetres }: RhythmShape,
) {
  const size = places.east.length
  const own = new Uint32Array(size * slots)
  const ownTotal = new Uint32Array(size)
  const squareOf = new Map<number, number>()
  const square = Int32Array.from(places.east, (east, p) => {
    const key =
      (Math.floor(east / aroundMetres) + 2 ** 20) * 2 ** 21 +
      (Math.floor(places.north[p]! / aroundMetres) + 2 ** 20)
    let number = squareOf.get(key)
    if (number === undefined) squareOf.set(key, (number = squareOf.size))
    return number
  })
  const around = new Uint32Array(squareOf.size * slots)
  const aroundTotal = new Uint32Array(squareOf.size)
  const all = new Uint32Array(slots)
  let allTotal = 0
  let next = 0
  const tally = (counts: Uint32Array, total: number, at: number, weights: Float64Array): Tally => {
    let inSlots = 0
    for (let slot = 0; slot < slots; slot++)
      if (weights[slot]! > 0) inSlots += weights[slot]! * counts[at * slots + slot]!
    return { inSlots, total }
  }
  return {
    learnUntil(day: number): void {
      for (; next < stream.day.length && stream.day[next]! < day; next++) {
        if (stream.isCounted[next] !== 1 || stream.hasHour[next] !== 1) continue
        const slot = slotOfWeek(stream.day[next]!, slots)
        const place = stream.place[next]!
        own[place * slots + slot]!++
        ownTotal[place]!++
        around[square[place]! * slots + slot]!++
        aroundTotal[square[place]!]!++
        all[slot]!++
        allTotal++
      }
    },
    own: (place: number, weights: Float64Array): Tally => tally(own, ownTotal[place]!, place, weights),
    around: (place: number, weights: Float64Array): Tally =>
      tally(around, aroundTotal[square[place]!]!, square[place]!, weights),
    /** One event in each slot beforehand, so that no slot is impossible. */
    everywhere: (weights: Float64Array): number =>
      (tally(all, 0, 0, weights).inSlots + weights.reduce((sum, each) => sum + each, 0)) / (allTotal + slots),
  }
}
