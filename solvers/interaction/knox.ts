import type { Chance } from '../../foundation/core/chance.ts'
import { inOrderOfDays, squaresOf, visitNearPairs, type PlacedEvents } from './near-pairs.ts'

/**
 * Bands of distance and time, by their upper limits in ascending order. A distance on a limit belongs to the nearer
 * band; a band of days ends before its limit: [7, 14] is 0 to 6 and 7 to 13.
 */
export interface KnoxBands {
  readonly distanceMetres: readonly number[]
  readonly days: readonly number[]
}

/** Pairs of one band of distance and time. */
export interface KnoxCell {
  readonly observed: number
  /** If where and when had nothing to do with each other: pairs so near × pairs so close in time ÷ all pairs. */
  readonly expected: number
  /** Observed ÷ expected; null where nothing is expected. */
  readonly ratio: number | null
  /** Share of permutations with as many pairs or more, the observed one among them. */
  readonly p: number
}

/** The significance map: cells by distance, then by days. */
export interface KnoxMap {
  readonly bands: KnoxBands
  readonly events: number
  readonly permutations: number
  readonly cells: readonly (readonly KnoxCell[])[]
}

/**
 * Knox's test for interaction of place and time (Knox 1964, The detection of space-time interactions, Applied
 * Statistics 13), with several bands as in near-repeat studies (Johnson et al. 2007) and significance by dealing the
 * days out anew among the events (Besag and Diggle 1977). The smallest p is 1 ÷ (permutations + 1).
 *
 * Over many years a ratio above 1 also says that busy places move (Kulldorff and Hjalmars 1999): ask about a year or two.
 */
export function knoxTest(
  events: PlacedEvents,
  bands: KnoxBands,
  { permutations, chance }: { readonly permutations: number; readonly chance: Chance },
): KnoxMap {
  const { order, days } = inOrderOfDays(events.day)
  const count = pairCounter(events, bands, days)
  const observed = count(order)
  const atLeast = new Uint32Array(observed.length)
  const shuffled = order.slice()
  for (let n = 0; n < permutations; n++) {
    shuffle(shuffled, chance)
    const drawn = count(shuffled)
    for (let cell = 0; cell < drawn.length; cell++) if (drawn[cell]! >= observed[cell]!) atLeast[cell]!++
  }
  const near = pairsByDistance(events, bands.distanceMetres)
  const close = pairsByDays(days, bands.days)
  const pairs = (days.length * (days.length - 1)) / 2
  return {
    bands,
    events: days.length,
    permutations,
    cells: bands.distanceMetres.map((_, d) =>
      bands.days.map((_, t) => {
        const cell = d * bands.days.length + t
        const expected = pairs > 0 ? (near[d]! * close[t]!) / pairs : 0
        return {
          observed: observed[cell]!,
          expected,
          ratio: expected > 0 ? observed[cell]! / expected : null,
          p: (1 + atLeast[cell]!) / (1 + permutations),
        }
      }),
    ),
  }
}

/** The squares around an event cost as much as some pairs. */
const SQUARES_AS_PAIRS = 10

/**
 * How much one pass over the events looks at, roughly, in pairs: events × those in the nine squares around, of which
 * the window of days holds its share, and the squares themselves. Some 25 ns each.
 */
export function looksOfOnePass(
  { east, north, day }: PlacedEvents,
  { distanceMetres, days }: KnoxBands,
): number {
  if (day.length === 0) return 0
  const squares = squaresOf(east, north, Math.max(distanceMetres.at(-1) ?? 0, 1))
  const held = new Float64Array(squares.count)
  for (const square of squares.of) held[square]!++
  let near = 0
  for (let square = 0; square < squares.count; square++)
    for (let n = square * 9; n < square * 9 + 9; n++)
      if (squares.around[n]! >= 0) near += held[square]! * held[squares.around[n]!]!
  const span = day.reduce((most, each) => Math.max(most, each), day[0]!) - day[0]! + 1
  return (near / 2) * Math.min(1, (days.at(-1) ?? 0) / span) + SQUARES_AS_PAIRS * day.length
}

/** The cell of a pair; null where it is beyond all bands. */
export function knoxCellOf(map: KnoxMap, distanceMetres: number, daysBetween: number): KnoxCell | null {
  const distance = map.bands.distanceMetres.findIndex((limit) => distanceMetres <= limit)
  const time = map.bands.days.findIndex((limit) => daysBetween < limit)
  return map.cells[distance]?.[time] ?? null
}

function pairCounter(events: PlacedEvents, bands: KnoxBands, days: Int32Array) {
  const limits = Float64Array.from(bands.distanceMetres, (limit) => limit * limit)
  const reachMetres = bands.distanceMetres.at(-1) ?? 0
  const reachDays = bands.days.at(-1) ?? 0
  const squares = squaresOf(events.east, events.north, Math.max(reachMetres, 1))
  const bandOfDays = Int32Array.from({ length: reachDays }, (_, d) =>
    bands.days.findIndex((limit) => d < limit),
  )
  return (order: Int32Array): Float64Array => {
    const counts = new Float64Array(limits.length * bands.days.length)
    visitNearPairs(events, squares, order, days, reachMetres, reachDays, (_, __, apart, between) => {
      let band = 0
      while (apart > limits[band]!) band++
      counts[band * bands.days.length + bandOfDays[between]!]!++
    })
    return counts
  }
}

/** All pairs of events by band of distance, whatever the time between: pairs of places, times their events. */
export function pairsByDistance(
  { east, north }: Pick<PlacedEvents, 'east' | 'north'>,
  distanceMetres: readonly number[],
): Float64Array {
  const reach = distanceMetres.at(-1) ?? 0
  const limits = distanceMetres.map((limit) => limit * limit)
  const places = groupByPlace(east, north)
  const squares = squaresOf(places.east, places.north, Math.max(reach, 1))
  const { start, members } = membersOf(squares.of, squares.count)
  const counts = new Float64Array(distanceMetres.length)
  if (limits.length === 0) return counts
  for (let p = 0; p < places.east.length; p++) {
    const own = places.events[p]!
    counts[0]! += (own * (own - 1)) / 2
    const square = squares.of[p]!
    for (let n = square * 9; n < square * 9 + 9; n++) {
      const other = squares.around[n]!
      if (other < 0) continue
      for (let m = start[other]!; m < start[other + 1]!; m++) {
        const q = members[m]!
        if (q <= p) continue
        const de = places.east[q]! - places.east[p]!
        const dn = places.north[q]! - places.north[p]!
        const apart = de * de + dn * dn
        if (apart > limits.at(-1)!) continue
        let band = 0
        while (apart > limits[band]!) band++
        counts[band]! += own * places.events[q]!
      }
    }
  }
  return counts
}

/** All pairs of events by band of days, wherever they are. `days` ascends. */
export function pairsByDays(days: Int32Array, limits: readonly number[]): Float64Array {
  const counts = new Float64Array(limits.length)
  if (days.length === 0) return counts
  const perDay = new Float64Array(days.at(-1)! - days[0]! + 1)
  for (const day of days) perDay[day - days[0]!]!++
  let from = 0
  limits.forEach((limit, band) => {
    for (let between = from; between < Math.min(limit, perDay.length); between++)
      for (let day = 0; day + between < perDay.length; day++) {
        const here = perDay[day]!
        counts[band]! += between === 0 ? (here * (here - 1)) / 2 : here * perDay[day + between]!
      }
    from = limit
  })
  return counts
}

function groupByPlace(east: Float64Array, north: Float64Array) {
  const byEast = new Map<number, Map<number, number>>()
  const [places, events]: [number[], number[]] = [[], []]
  for (let e = 0; e < east.length; e++) {
    let byNorth = byEast.get(east[e]!)
    if (byNorth === undefined) byEast.set(east[e]!, (byNorth = new Map()))
    const place = byNorth.get(north[e]!)
    if (place === undefined) {
      byNorth.set(north[e]!, places.length)
      places.push(e)
      events.push(1)
    } else events[place]!++
  }
  return {
    east: Float64Array.from(places, (e) => east[e]!),
    north: Float64Array.from(places, (e) => north[e]!),
    events: Float64Array.from(events),
  }
}

function membersOf(squareOf: Int32Array, count: number) {
  const start = new Int32Array(count + 1)
  for (const square of squareOf) start[square + 1]!++
  for (let square = 0; square < count; square++) start[square + 1]! += start[square]!
  const next = start.slice()
  const members = new Int32Array(squareOf.length)
  for (let p = 0; p < squareOf.length; p++) members[next[squareOf[p]!]!++] = p
  return { start, members }
}

/** Fisher and Yates. */
function shuffle(order: Int32Array, chance: Chance): void {
  for (let k = order.length - 1; k > 0; k--) {
    const other = chance.below(k + 1)
    const moved = order[k]!
    order[k] = order[other]!
    order[other] = moved
  }
}
