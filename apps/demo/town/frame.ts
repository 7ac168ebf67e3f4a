import { seededChance, type Chance } from '../../../foundation/core/chance.ts'
import { EARTH_RADIUS_METRES, type Position } from '../../../foundation/core/geo.ts'

/** Metres east and north of the town's centre. The town is drawn in this flat frame and laid on the globe at the end. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Farmland in the middle of China: no town stands here, so none is taken for it. */
export const TOWN_CENTRE: Position = { lon: 113.6, lat: 34.1 }

const METRES_PER_DEGREE_LAT = (EARTH_RADIUS_METRES * Math.PI) / 180
const METRES_PER_DEGREE_LON = METRES_PER_DEGREE_LAT * Math.cos((TOWN_CENTRE.lat * Math.PI) / 180)

/** Six decimals: a step of 0.1 m, and the same bytes on every machine. */
export function toPosition({ x, y }: Point): Position {
  return {
    lon: Math.round((TOWN_CENTRE.lon + x / METRES_PER_DEGREE_LON) * 1e6) / 1e6,
    lat: Math.round((TOWN_CENTRE.lat + y / METRES_PER_DEGREE_LAT) * 1e6) / 1e6,
  }
}

export function toPoint({ lon, lat }: Position): Point {
  return {
    x: (lon - TOWN_CENTRE.lon) * METRES_PER_DEGREE_LON,
    y: (lat - TOWN_CENTRE.lat) * METRES_PER_DEGREE_LAT,
  }
}

export function spanMetres(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** The point that lies `share` of the way from a to b. */
export function between(a: Point, b: Point, share: number): Point {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }
}

/** Distance from p to the segment ab in metres. */
export function segmentDistanceMetres(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const length2 = dx * dx + dy * dy
  const share = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2))
  return Math.hypot(p.x - a.x - share * dx, p.y - a.y - share * dy)
}

/** Distance from p to an open line in metres. */
export function lineDistanceMetres(p: Point, line: readonly Point[]): number {
  let nearest = Infinity
  for (let i = 1; i < line.length; i++)
    nearest = Math.min(nearest, segmentDistanceMetres(p, line[i - 1]!, line[i]!))
  return nearest
}

/** Even–odd rule; the ring may be closed or open. */
export function isInside(ring: readonly Point[], p: Point): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[i]!
    const b = ring[j]!
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  }
  return inside
}

/** Signed area in square metres, positive for a ring that turns left. */
export function signedArea(ring: readonly Point[]): number {
  let twice = 0
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    twice += ring[j]!.x * ring[i]!.y - ring[i]!.x * ring[j]!.y
  }
  return twice / 2
}

export function centroid(ring: readonly Point[]): Point {
  let x = 0
  let y = 0
  let twice = 0
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const cross = ring[j]!.x * ring[i]!.y - ring[i]!.x * ring[j]!.y
    twice += cross
    x += (ring[j]!.x + ring[i]!.x) * cross
    y += (ring[j]!.y + ring[i]!.y) * cross
  }
  return { x: x / (3 * twice), y: y / (3 * twice) }
}

/** The line moved to its left by `metres` (to its right when negative). */
export function offsetLine(line: readonly Point[], metres: number): Point[] {
  return line.map((p, i) => {
    const before = line[Math.max(0, i - 1)]!
    const after = line[Math.min(line.length - 1, i + 1)]!
    const length = spanMetres(before, after)
    return {
      x: p.x - ((after.y - before.y) / length) * metres,
      y: p.y + ((after.x - before.x) / length) * metres,
    }
  })
}

/**
 * A source of chance of its own for each part of the town, so that a change in one part leaves the others as they were.
 * FNV-1a over the part's name, mixed with the seed.
 */
export function chanceFor(seed: number, part: string): Chance {
  let hash = 0x811c9dc5 ^ seed
  for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193)
  return seededChance(hash >>> 0)
}

/** Uniform in [low, high). */
export function drawBetween(chance: Chance, low: number, high: number): number {
  return low + chance.next() * (high - low)
}

/** The items in random order (Fisher–Yates). */
export function shuffled<T>(chance: Chance, items: readonly T[]): T[] {
  const mixed = [...items]
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = chance.below(i + 1)
    ;[mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!]
  }
  return mixed
}
