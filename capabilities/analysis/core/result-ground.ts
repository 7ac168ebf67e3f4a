import { eastMetres, northMetres, positionOn, type Plane } from '../../../solvers/density/plane.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import type { IncidentHistory } from './history.ts'

/** Where results are asked for: all of the district, an area, or a disc around a place. */
export type Shape =
  | { readonly of: 'district' }
  | { readonly of: 'ring'; readonly ring: readonly (readonly [number, number])[] }
  | { readonly of: 'disc'; readonly centre: Position; readonly radiusMetres: number }

/** How a known place lies to a shape. */
export const OUTSIDE = 0
export const INSIDE = 1
/** In the ring around it, which an effect may reach. */
export const AROUND = 2

const RING_OF_AREA = { share: 0.25, least: 100, most: 500 } as const
const LEAST_RING_OF_DISC_METRES = 100
const GRID_STEP = Math.SQRT2
const LEAST_CELL_METRES = 100
/** Two times as many as are compared with, so that there is a choice. */
const CANDIDATES_WANTED = 20
/** A candidate had an incident a month in a year. */
const LEAST_INCIDENTS_OF_CANDIDATE = 12

/** For each known place of a history how it lies to a shape. */
export function layOut({ plane, places }: IncidentHistory, shape: Shape): Uint8Array {
  const { length } = places.east
  if (shape.of === 'district') return new Uint8Array(length).fill(INSIDE)
  const reach = ringMetres(shape, plane)
  const laid = new Uint8Array(length)
  if (shape.of === 'disc') {
    const [east, north] = [eastMetres(plane, shape.centre.lon), northMetres(plane, shape.centre.lat)]
    for (let p = 0; p < length; p++) {
      const distance = Math.hypot(places.east[p]! - east, places.north[p]! - north)
      if (distance <= shape.radiusMetres + reach) laid[p] = distance <= shape.radiusMetres ? INSIDE : AROUND
    }
    return laid
  }
  const corners = flat(shape.ring, plane)
  const [west, south, east, north] = boundsOf(corners, reach)
  for (let p = 0; p < length; p++) {
    const [x, y] = [places.east[p]!, places.north[p]!]
    if (x < west || x > east || y < south || y > north) continue
    if (isInside(corners, x, y)) laid[p] = INSIDE
    else if (distanceToEdge(corners, x, y) <= reach) laid[p] = AROUND
  }
  return laid
}

/** How wide the ring around a shape is. */
export function ringMetres(shape: Shape, plane: Plane): number {
  if (shape.of === 'district') return 0
  if (shape.of === 'disc') return Math.max(shape.radiusMetres, LEAST_RING_OF_DISC_METRES)
  const { share, least, most } = RING_OF_AREA
  return Math.min(most, Math.max(least, share * sideMetres(shape, plane)))
}

/** The side of a square as large as the shape. */
export function sideMetres(shape: Exclude<Shape, { of: 'district' }>, plane: Plane): number {
  if (shape.of === 'disc') return Math.sqrt(Math.PI) * shape.radiusMetres
  const corners = flat(shape.ring, plane)
  const doubleArea = corners.reduce((sum, [x, y], n) => {
    const [nextX, nextY] = corners[(n + 1) % corners.length]!
    return sum + x * nextY - nextX * y
  }, 0)
  return Math.sqrt(Math.abs(doubleArea) / 2)
}

/** A district cut into squares, those numbered that ever held an incident. */
export interface Squares {
  readonly metres: number
  /** The square of each known place. */
  readonly of: Int32Array
  readonly count: number
  /** South-west corners. */
  readonly east: Float64Array
  readonly north: Float64Array
  /** Incidents of all categories and times. */
  readonly incidents: Int32Array
}

/** Squares in sizes a half apart, so that places of like size share them. */
export function squaresLike(metres: number): number {
  const size = Math.max(LEAST_CELL_METRES, metres)
  return LEAST_CELL_METRES * GRID_STEP ** Math.round(Math.log(size / LEAST_CELL_METRES) / Math.log(GRID_STEP))
}

export const smallerSquares = (metres: number): number | null =>
  metres / GRID_STEP < LEAST_CELL_METRES * 0.99 ? null : metres / GRID_STEP

export function cutIntoSquares({ places, place }: IncidentHistory, metres: number): Squares {
  const numbers = new Map<number, number>()
  const [east, north]: [number[], number[]] = [[], []]
  const of = new Int32Array(places.east.length)
  for (let p = 0; p < of.length; p++) {
    const [column, row] = [Math.floor(places.east[p]! / metres), Math.floor(places.north[p]! / metres)]
    const key = (column + 2 ** 20) * 2 ** 21 + (row + 2 ** 20)
    let number = numbers.get(key)
    if (number === undefined) {
      number = numbers.size
      numbers.set(key, number)
      east.push(column * metres)
      north.push(row * metres)
    }
    of[p] = number
  }
  const incidents = new Int32Array(numbers.size)
  for (const p of place) incidents[of[p]!]!++
  return {
    metres,
    of,
    count: numbers.size,
    east: Float64Array.from(east),
    north: Float64Array.from(north),
    incidents,
  }
}

/** Squares that a shape and its ring leave untouched and where enough happens to compare with. */
export function candidatesBeside(squares: Squares, laid: Uint8Array): Int32Array {
  const isTouched = new Uint8Array(squares.count)
  laid.forEach((how, p) => {
    if (how !== OUTSIDE) isTouched[squares.of[p]!] = 1
  })
  const kept: number[] = []
  for (let s = 0; s < squares.count; s++)
    if (isTouched[s] === 0 && squares.incidents[s]! >= LEAST_INCIDENTS_OF_CANDIDATE) kept.push(s)
  return Int32Array.from(kept)
}

/** Squares as large as the shape, or as much smaller as it takes to find enough of them beside it. */
export function squaresBeside(
  shape: Exclude<Shape, { of: 'district' }>,
  laid: Uint8Array,
  plane: Plane,
  squaresOf: (metres: number) => Squares,
): { squares: Squares; candidates: Int32Array } {
  for (let metres = squaresLike(sideMetres(shape, plane)); ;) {
    const squares = squaresOf(metres)
    const candidates = candidatesBeside(squares, laid)
    const smaller = smallerSquares(metres)
    if (candidates.length >= CANDIDATES_WANTED || smaller === null) return { squares, candidates }
    metres = smaller
  }
}

/** The corners of a square as a closed ring in degrees. */
export function ringOfSquare({ metres, east, north }: Squares, square: number, plane: Plane) {
  const [x, y] = [east[square]!, north[square]!]
  return [
    [x, y],
    [x + metres, y],
    [x + metres, y + metres],
    [x, y + metres],
    [x, y],
  ].map(([e, n]) => {
    const { lon, lat } = positionOn(plane, e!, n!)
    return [lon, lat] as const
  })
}

type Corner = readonly [east: number, north: number]

const flat = (ring: readonly (readonly [number, number])[], plane: Plane): readonly Corner[] =>
  ring.map(([lon, lat]) => [eastMetres(plane, lon), northMetres(plane, lat)] as const)

function boundsOf(corners: readonly Corner[], beyond: number): [number, number, number, number] {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  return [
    Math.min(...xs) - beyond,
    Math.min(...ys) - beyond,
    Math.max(...xs) + beyond,
    Math.max(...ys) + beyond,
  ]
}

/** Even–odd rule. */
function isInside(corners: readonly Corner[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [xi, yi] = corners[i]!
    const [xj, yj] = corners[j]!
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

function distanceToEdge(corners: readonly Corner[], x: number, y: number): number {
  let least = Infinity
  for (let n = 0; n < corners.length; n++) {
    const [fromX, fromY] = corners[n]!
    const [toX, toY] = corners[(n + 1) % corners.length]!
    const [alongX, alongY] = [toX - fromX, toY - fromY]
    const length = alongX * alongX + alongY * alongY
    const at =
      length > 0 ? Math.min(1, Math.max(0, ((x - fromX) * alongX + (y - fromY) * alongY) / length)) : 0
    least = Math.min(least, Math.hypot(fromX + at * alongX - x, fromY + at * alongY - y))
  }
  return least
}
