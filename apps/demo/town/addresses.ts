import type { Chance } from '../../../foundation/core/chance.ts'
import { between, lineDistanceMetres, segmentDistanceMetres, spanMetres, type Point } from './frame.ts'
import { RAILWAY, RIVER } from './plan.ts'
import type { Highway, Sketch } from './sketch.ts'

/** A place on the edge of a street, with the street's name and the house number there. */
export interface Frontage {
  readonly at: Point
  readonly road: string
  readonly address: string
}

export interface AddressBook {
  /** The named street nearest to a place, with the house number there. */
  nearest(at: Point): string
  /** A place on the edge of a street, drawn in proportion to `weight` of the street's class and place. */
  frontage(chance: Chance, weight: (highway: Highway, at: Point) => number): Frontage
}

const CELL_METRES = 150
/** One house number for each 6 m of a side. */
const METRES_A_NUMBER = 6

interface Stretch {
  readonly a: Point
  readonly b: Point
  readonly road: number
  readonly lengthMetres: number
}

export function keepAddressBook(sketch: Sketch): AddressBook {
  const stretches: Stretch[] = sketch.segments
    .filter(({ road }) => sketch.roads[road]!.name !== null)
    .map(({ from, to, road }) => {
      const a = sketch.nodes[from]!
      const b = sketch.nodes[to]!
      return { a, b, road, lengthMetres: spanMetres(a, b) }
    })
  const starts = new Map<number, { isEastWest: boolean; low: number }>()
  for (const [road, own] of groupByRoad(stretches)) {
    const xs = own.flatMap(({ a, b }) => [a.x, b.x])
    const ys = own.flatMap(({ a, b }) => [a.y, b.y])
    const isEastWest = Math.max(...xs) - Math.min(...xs) > Math.max(...ys) - Math.min(...ys)
    starts.set(road, { isEastWest, low: Math.min(...(isEastWest ? xs : ys)) })
  }
  const grid = new Map<string, Stretch[]>()
  for (const stretch of stretches) {
    const steps = Math.ceil(stretch.lengthMetres / CELL_METRES) + 1
    const seen = new Set<string>()
    for (let i = 0; i <= steps; i++) {
      const p = between(stretch.a, stretch.b, i / steps)
      seen.add(cellKey(p))
    }
    for (const key of seen) {
      if (!grid.has(key)) grid.set(key, [])
      grid.get(key)!.push(stretch)
    }
  }

  const addressOn = (stretch: Stretch, at: Point): string => {
    const { isEastWest, low } = starts.get(stretch.road)!
    const along = (isEastWest ? at.x : at.y) - low
    const cross =
      (stretch.b.x - stretch.a.x) * (at.y - stretch.a.y) - (stretch.b.y - stretch.a.y) * (at.x - stretch.a.x)
    const number = 2 * Math.max(0, Math.floor(along / METRES_A_NUMBER)) + (cross > 0 ? 1 : 2)
    return `${sketch.roads[stretch.road]!.name}${number}号`
  }

  const weights = new Map<(highway: Highway, at: Point) => number, number[]>()
  const frontable = stretches.filter(({ a, b, lengthMetres }) => {
    const middle = between(a, b, 0.5)
    return (
      lengthMetres > 30 && lineDistanceMetres(middle, RIVER) > 75 && lineDistanceMetres(middle, RAILWAY) > 60
    )
  })

  return {
    nearest(at) {
      let best: Stretch | null = null
      let bestMetres = Infinity
      for (let reach = 1; reach <= 12 && best === null; reach += 2) {
        for (let i = -reach; i <= reach; i++) {
          for (let j = -reach; j <= reach; j++) {
            for (const stretch of grid.get(
              cellKey({ x: at.x + i * CELL_METRES, y: at.y + j * CELL_METRES }),
            ) ?? []) {
              const metres = segmentDistanceMetres(at, stretch.a, stretch.b)
              if (metres >= bestMetres) continue
              bestMetres = metres
              best = stretch
            }
          }
        }
      }
      return best ? addressOn(best, at) : '城郊'
    },
    frontage(chance, weight) {
      let own = weights.get(weight)
      if (!own) {
        own = frontable.map(
          ({ a, b, road, lengthMetres }) =>
            lengthMetres * weight(sketch.roads[road]!.highway, between(a, b, 0.5)),
        )
        weights.set(weight, own)
      }
      const stretch = frontable[chance.weighted(own)]!
      const on = between(stretch.a, stretch.b, 0.1 + 0.8 * chance.next())
      const side = chance.next() < 0.5 ? 1 : -1
      const setback = 16 / stretch.lengthMetres
      const at = {
        x: on.x - (stretch.b.y - stretch.a.y) * setback * side,
        y: on.y + (stretch.b.x - stretch.a.x) * setback * side,
      }
      return { at, road: sketch.roads[stretch.road]!.name!, address: addressOn(stretch, at) }
    },
  }
}

function cellKey({ x, y }: Point): string {
  return `${Math.floor(x / CELL_METRES)},${Math.floor(y / CELL_METRES)}`
}

function groupByRoad(stretches: readonly Stretch[]): Map<number, Stretch[]> {
  const groups = new Map<number, Stretch[]>()
  for (const stretch of stretches) {
    if (!groups.has(stretch.road)) groups.set(stretch.road, [])
    groups.get(stretch.road)!.push(stretch)
  }
  return groups
}
