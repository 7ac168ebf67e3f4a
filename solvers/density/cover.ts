import { pointsWithin, type PointIndex } from './points.ts'

export interface Disc {
  readonly east: number
  readonly north: number
  /** What it adds to those before it. */
  readonly gain: number
}

/**
 * Only the heaviest points carry the edge of a disc; all are counted in it. With so many a disc the weight held was
 * within 0.1 % of that with all points as anchors (docs/decisions/0009), in a tenth of the time.
 */
const ANCHORS_A_DISC = 25
const LEAST_ANCHORS = 4_000
const TURN = 2 * Math.PI

/**
 * Places up to `count` discs of one radius anywhere so that together they hold much weight; a point counts once however
 * many discs hold it. Each disc is the best that is left (greedy maximum coverage: at least 1 − 1/e of the best set,
 * Nemhauser, Wolsey and Fisher 1978; in practice within a few percent). The best single disc is found exactly: some best
 * disc has a heavy point on its edge, so for each anchor the disc is swung around it and the weight counted as points
 * come and go (Chazelle and Lee 1986). Gains only shrink, so an anchor is swung again only when its old gain leads
 * (Minoux 1978). Ties go to the lower point number: the same input gives the same discs.
 *
 * Every point that a disc counts lies within `radius` of its centre, some exactly on the edge: give a radius a little
 * smaller than the one that is scored. `weight` is read only. Fewer discs come back where nothing is left to cover.
 */
export function placeDiscs(index: PointIndex, weight: Float64Array, count: number, radius: number): Disc[] {
  const left = Float64Array.from(weight)
  const sweep = createSweep(index, left, radius)
  const bound = createBound(index, left, radius)
  const found = new Int32Array(index.members.length)
  const anchors = createAnchorHeap(index.members.length)
  const heavy = heaviestPoints(left, Math.max(LEAST_ANCHORS, ANCHORS_A_DISC * count))
  const heaviest = heavy.length > 0 ? left[heavy[0]!]! : 0
  for (const p of heavy) {
    const near = pointsWithin(index, index.east[p]!, index.north[p]!, 2 * radius, found)
    let all = 0
    for (let n = 0; n < near; n++) all += left[found[n]!]!
    anchors.push(p, all)
  }
  const discs: Disc[] = []
  /** How many discs stood when the anchor's gain was found; below zero while it is only bounded. */
  const swungAt = new Int32Array(left.length).fill(FAR_BOUND)
  const centreEast = new Float64Array(left.length)
  const centreNorth = new Float64Array(left.length)
  /** A disc farther than this from an anchor shares no point with any disc that the anchor carries. */
  const reach = 3 * radius + EDGE_METRES
  const isStale = (anchor: number): boolean => {
    for (let d = swungAt[anchor]!; d < discs.length; d++) {
      const de = discs[d]!.east - index.east[anchor]!
      const dn = discs[d]!.north - index.north[anchor]!
      if (de * de + dn * dn <= reach * reach) return true
    }
    return false
  }
  const least = heaviest * 1e-9
  while (discs.length < count && anchors.size() > 0) {
    const { anchor, gain } = anchors.pop()
    if (swungAt[anchor] === FAR_BOUND) {
      swungAt[anchor] = NEAR_BOUND
      const closer = bound(anchor)
      if (closer > least) anchors.push(anchor, Math.min(gain, closer))
      continue
    }
    if (swungAt[anchor]! < 0 || isStale(anchor)) {
      const best = sweep(anchor)
      swungAt[anchor] = discs.length
      centreEast[anchor] = best.east
      centreNorth[anchor] = best.north
      if (best.gain > least) anchors.push(anchor, best.gain)
      continue
    }
    const east = centreEast[anchor]!
    const north = centreNorth[anchor]!
    const held = pointsWithin(index, east, north, radius + EDGE_METRES, found)
    for (let n = 0; n < held; n++) left[found[n]!] = 0
    discs.push({ east, north, gain })
    anchors.push(anchor, gain)
  }
  return discs
}

function heaviestPoints(weight: Float64Array, count: number): number[] {
  const points: number[] = []
  for (let p = 0; p < weight.length; p++) if (weight[p]! > 0) points.push(p)
  return points.sort((a, b) => weight[b]! - weight[a]! || a - b).slice(0, count)
}

const FAR_BOUND = -2
const NEAR_BOUND = -1
/** Directions in which a disc is looked at before it is swung; between two of them it lies in a disc a fifth larger. */
const DIRECTIONS = 16

/** More than any disc with this anchor on its edge can hold: the best of 16 enlarged discs that together contain them all. */
export function createBound(index: PointIndex, weight: Float64Array, radius: number) {
  const near = new Int32Array(index.members.length)
  const enlarged = radius * (1 + 2 * Math.sin(TURN / DIRECTIONS / 4)) + EDGE_METRES
  const east = Float64Array.from({ length: DIRECTIONS }, (_, k) => radius * Math.cos((TURN * k) / DIRECTIONS))
  const north = Float64Array.from(
    { length: DIRECTIONS },
    (_, k) => radius * Math.sin((TURN * k) / DIRECTIONS),
  )
  const sums = new Float64Array(DIRECTIONS)
  return (anchor: number): number => {
    sums.fill(0)
    const count = pointsWithin(index, index.east[anchor]!, index.north[anchor]!, 2 * radius, near)
    for (let n = 0; n < count; n++) {
      const adds = weight[near[n]!]!
      if (adds <= 0) continue
      const de = index.east[near[n]!]! - index.east[anchor]!
      const dn = index.north[near[n]!]! - index.north[anchor]!
      for (let k = 0; k < DIRECTIONS; k++) {
        const ce = de - east[k]!
        const cn = dn - north[k]!
        if (ce * ce + cn * cn <= enlarged * enlarged) sums[k]! += adds
      }
    }
    let most = 0
    for (let k = 0; k < DIRECTIONS; k++) if (sums[k]! > most) most = sums[k]!
    return most * (1 + 1e-12)
  }
}

/** Rounding of a centre that has points on its edge. */
export const EDGE_METRES = 1e-6

/**
 * Swings a disc around a point on its edge and gives the best place. Where a stretch of the swing is equally good the
 * middle of it is taken, so that as few points as can be lie on the edge.
 */
export function createSweep(index: PointIndex, weight: Float64Array, radius: number) {
  const near = new Int32Array(index.members.length)
  let keys = new Float64Array(512)
  let changes = new Float64Array(512)

  return (anchor: number): Disc => {
    const atEast = index.east[anchor]!
    const atNorth = index.north[anchor]!
    const count = pointsWithin(index, atEast, atNorth, 2 * radius - EDGE_METRES, near)
    if (2 * count > keys.length) {
      keys = new Float64Array(4 * count)
      changes = new Float64Array(4 * count)
    }
    let held = 0
    let events = 0
    for (let n = 0; n < count; n++) {
      const p = near[n]!
      const adds = weight[p]!
      if (adds <= 0) continue
      const de = index.east[p]! - atEast
      const dn = index.north[p]! - atNorth
      const apart = Math.sqrt(de * de + dn * dn)
      if (apart < EDGE_METRES) {
        held += adds
        continue
      }
      const towards = Math.atan2(dn, de)
      const half = Math.acos(apart / (2 * radius))
      const enters = towards - half
      const leaves = towards + half
      if (enters < -Math.PI || leaves > Math.PI) held += adds
      // Comings have the lower numbers and so stand before goings at the same angle.
      keys[events] = eventKey(enters < -Math.PI ? enters + TURN : enters, n)
      changes[n] = adds
      keys[events + 1] = eventKey(leaves > Math.PI ? leaves - TURN : leaves, count + n)
      changes[count + n] = -adds
      events += 2
    }
    const inOrder = keys.subarray(0, events).sort()
    let best = held
    let from = -Math.PI
    let to = events > 0 ? angleOf(inOrder[0]!) : Math.PI
    for (let e = 0; e < events; e++) {
      held += changes[inOrder[e]! % EVENTS]!
      // Sums that differ by rounding only are equal: the first stays.
      if (held <= best * (1 + 1e-12)) continue
      best = held
      from = angleOf(inOrder[e]!)
      to = e + 1 < events ? angleOf(inOrder[e + 1]!) : Math.PI
    }
    const middle = (from + to) / 2
    return {
      east: atEast + radius * Math.cos(middle),
      north: atNorth + radius * Math.sin(middle),
      gain: best,
    }
  }
}

/** Angle and event in one number that sorts by angle: 2^34 steps of a turn (a micrometre at the edge of a stop), 2^18 events. */
const EVENTS = 2 ** 18
const STEPS = 2 ** 34
const eventKey = (angle: number, event: number): number =>
  Math.floor(((angle + Math.PI) / TURN) * STEPS) * EVENTS + event
const angleOf = (key: number): number => (Math.floor(key / EVENTS) / STEPS) * TURN - Math.PI

/** Anchors by gain, the greatest first, the lower number first among equals. */
function createAnchorHeap(capacity: number) {
  const items = new Int32Array(capacity + 1)
  const gains = new Float64Array(capacity + 1)
  let size = 0
  const leads = (gainA: number, a: number, gainB: number, b: number) =>
    gainA > gainB || (gainA === gainB && a < b)
  return {
    size: () => size,
    push(anchor: number, gain: number): void {
      let at = size++
      while (at > 0) {
        const above = (at - 1) >> 1
        if (!leads(gain, anchor, gains[above]!, items[above]!)) break
        items[at] = items[above]!
        gains[at] = gains[above]!
        at = above
      }
      items[at] = anchor
      gains[at] = gain
    },
    pop(): { anchor: number; gain: number } {
      const top = { anchor: items[0]!, gain: gains[0]! }
      const anchor = items[--size]!
      const gain = gains[size]!
      let at = 0
      for (;;) {
        let below = 2 * at + 1
        if (below >= size) break
        if (below + 1 < size && leads(gains[below + 1]!, items[below + 1]!, gains[below]!, items[below]!))
          below++
        if (!leads(gains[below]!, items[below]!, gain, anchor)) break
        items[at] = items[below]!
        gains[at] = gains[below]!
        at = below
      }
      items[at] = anchor
      gains[at] = gain
      return top
    },
  }
}
