import { createDecayedSums, type DecayedSums } from './decayed-sums.ts'
import type { EventStream, PlaceTable } from './memory.ts'
import { blur, cellOf, greatestCells, type Lattice } from './lattice.ts'

/** Events on the cells of a lattice, ranked by an exponentially decayed kernel density or by a plain count. */
export interface RankedCells {
  learnUntil(day: number): void
  /** Cells by decayed density as of a day, at the centre of each. */
  byDensity(setting: DensitySetting, day: number, count: number): number[]
  /** Cells by events in the `days` before a day. */
  byCount(days: number, day: number, count: number): number[]
  readonly cellOfPlace: Int32Array
}

export interface DensitySetting {
  readonly deviationMetres: number
  readonly timeConstantDays: number
}

/** `isEligible` says which cells may be ranked. Time constants are named beforehand: each is kept up as time passes. */
export function rankCells(
  stream: EventStream,
  places: PlaceTable,
  lattice: Lattice,
  timeConstantsDays: readonly number[],
  isEligible: (cell: number) => boolean,
): RankedCells {
  const size = lattice.columns * lattice.rows
  const cellOfPlace = Int32Array.from(places.east, (east, p) => {
    const column = Math.floor((east - lattice.west) / lattice.cellMetres)
    const row = Math.floor((places.north[p]! - lattice.south) / lattice.cellMetres)
    const isOn = column >= 0 && column < lattice.columns && row >= 0 && row < lattice.rows
    return isOn ? cellOf(lattice, east, places.north[p]!) : -1
  })
  const sums = new Map<number, DecayedSums>(
    timeConstantsDays.map((days) => [days, createDecayedSums(size, days)]),
  )
  const values = new Float64Array(size)
  let next = 0
  return {
    cellOfPlace,
    learnUntil(day) {
      for (; next < stream.day.length && stream.day[next]! < day; next++) {
        const cell = cellOfPlace[stream.place[next]!]!
        if (stream.isCounted[next] !== 1 || cell < 0) continue
        for (const each of sums.values()) each.add(cell, stream.day[next]!)
      }
    },
    byDensity({ deviationMetres, timeConstantDays }, day, count) {
      const own = sums.get(timeConstantDays)
      if (own === undefined) throw new RangeError(`time constant ${timeConstantDays} was not named`)
      own.readAt(day, values, size)
      return greatestCells(blur(lattice, values, deviationMetres), count, isEligible)
    },
    byCount(days, day, count) {
      values.fill(0)
      for (let e = next - 1; e >= 0 && stream.day[e]! >= day - days; e--) {
        const cell = cellOfPlace[stream.place[e]!]!
        if (stream.isCounted[e] === 1 && cell >= 0) values[cell]!++
      }
      return greatestCells(values, count, isEligible)
    },
  }
}

/** The cells whose centres lie within `metres` of any of the points. */
export function cellsNear(
  lattice: Lattice,
  east: Float64Array,
  north: Float64Array,
  metres: number,
): Uint8Array {
  const near = new Uint8Array(lattice.columns * lattice.rows)
  const reach = Math.ceil(metres / lattice.cellMetres) + 1
  for (let p = 0; p < east.length; p++) {
    const column = Math.floor((east[p]! - lattice.west) / lattice.cellMetres)
    const row = Math.floor((north[p]! - lattice.south) / lattice.cellMetres)
    for (let r = Math.max(0, row - reach); r <= Math.min(lattice.rows - 1, row + reach); r++) {
      const dn = lattice.south + (r + 0.5) * lattice.cellMetres - north[p]!
      for (let c = Math.max(0, column - reach); c <= Math.min(lattice.columns - 1, column + reach); c++) {
        const de = lattice.west + (c + 0.5) * lattice.cellMetres - east[p]!
        if (de * de + dn * dn <= metres * metres) near[r * lattice.columns + c] = 1
      }
    }
  }
  return near
}
