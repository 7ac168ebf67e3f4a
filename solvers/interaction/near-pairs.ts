/** Events on a flat map, one entry an event, in any order. `day` is a whole number of days. */
export interface PlacedEvents {
  readonly east: Float64Array
  readonly north: Float64Array
  readonly day: Int32Array
}

/** Squares of a side, numbered in the order in which events first fall into them, so that far slips cost nothing. */
export interface Squares {
  /** The square of each point. */
  readonly of: Int32Array
  readonly count: number
  /** Nine numbers a square: itself and those around it; -1 where nothing lies. */
  readonly around: Int32Array
}

/** A district has fewer than this many squares from side to side. */
const WIDEST = 2 ** 25

export function squaresOf(east: Float64Array, north: Float64Array, sideMetres: number): Squares {
  const numberOf = new Map<number, number>()
  const column = (p: number) => Math.floor(east[p]! / sideMetres)
  const row = (p: number) => Math.floor(north[p]! / sideMetres)
  const keyOf = (c: number, r: number) => (c + WIDEST / 2) * WIDEST + (r + WIDEST / 2)
  const firsts: number[] = []
  const of = new Int32Array(east.length)
  for (let p = 0; p < east.length; p++) {
    const key = keyOf(column(p), row(p))
    let number = numberOf.get(key)
    if (number === undefined) {
      number = firsts.length
      numberOf.set(key, number)
      firsts.push(p)
    }
    of[p] = number
  }
  const around = new Int32Array(firsts.length * 9)
  firsts.forEach((p, square) => {
    for (let n = 0; n < 9; n++)
      around[square * 9 + n] =
        numberOf.get(keyOf(column(p) + (n % 3) - 1, row(p) + Math.floor(n / 3) - 1)) ?? -1
  })
  return { of, count: firsts.length, around }
}

/**
 * Visits each pair of events at most `reachMetres` and fewer than `reachDays` apart once: the earlier, the later, the
 * square of their distance and the days between. `days[k]` ascends and is the day of event `order[k]`; passing other
 * orders with the same days deals the days out anew, which is what a permutation test does.
 *
 * A window slides through the days and keeps what is in it in squares as wide as the reach, so the cost is events ×
 * events in nine squares within the window, whatever the length of the history.
 */
export function visitNearPairs(
  { east, north }: Pick<PlacedEvents, 'east' | 'north'>,
  squares: Squares,
  order: Int32Array,
  days: Int32Array,
  reachMetres: number,
  reachDays: number,
  visit: (earlier: number, later: number, squareMetres: number, daysBetween: number) => void,
): void {
  // Within a square the first in is the first out: a queue as a linked list.
  const first = new Int32Array(squares.count).fill(-1)
  const last = new Int32Array(squares.count).fill(-1)
  const next = new Int32Array(order.length).fill(-1)
  const reach = reachMetres * reachMetres
  let oldest = 0
  for (let k = 0; k < order.length; k++) {
    for (; days[k]! - days[oldest]! >= reachDays; oldest++) {
      const square = squares.of[order[oldest]!]!
      first[square] = next[first[square]!]!
      if (first[square] === -1) last[square] = -1
    }
    const later = order[k]!
    const own = squares.of[later]!
    for (let n = own * 9; n < own * 9 + 9; n++) {
      const square = squares.around[n]!
      if (square < 0) continue
      for (let m = first[square]!; m !== -1; m = next[m]!) {
        const earlier = order[m]!
        const de = east[later]! - east[earlier]!
        const dn = north[later]! - north[earlier]!
        const apart = de * de + dn * dn
        if (apart <= reach) visit(earlier, later, apart, days[k]! - days[m]!)
      }
    }
    if (last[own] === -1) first[own] = k
    else next[last[own]!] = k
    last[own] = k
  }
}

/** The events in order of their days, and these; equal days in the order of the events. */
export function inOrderOfDays(day: Int32Array): { order: Int32Array; days: Int32Array } {
  const order = Int32Array.from(day.keys()).sort((a, b) => day[a]! - day[b]! || a - b)
  return { order, days: order.map((e) => day[e]!) }
}
