import type { Met } from './sync-index.ts'
import { HOURS } from './sync-minutes.ts'

/**
 * Where a visit may stand, numbered: for each cell and hour in the middle of the cell, on its eastern or northern edge,
 * or on its north-eastern corner. What stands on an edge or corner is spread over two or four cells alike, as presence
 * is. Finer places would be spread in other parts of the same cells.
 */
export interface VisitGrid {
  readonly met: Met
  readonly spots: number
  /** For each cell those that a visit may reach: itself, east, north and north-east of it; -1 where none is known. */
  readonly reach: Int32Array
}

const SHAPES = 4
const REACH = 4
/** How a visit is spread over the cells that it reaches. */
const PARTS = [
  [1, 0, 0, 0],
  [0.5, 0.5, 0, 0],
  [0.5, 0, 0.5, 0],
  [0.25, 0.25, 0.25, 0.25],
] as const

export function openVisitGrid(met: Met): VisitGrid {
  const { column, row } = met
  const key = (east: number, north: number) => (north + 2 ** 25) * 2 ** 26 + (east + 2 ** 25)
  const numberOf = new Map<number, number>()
  column.forEach((each, cell) => numberOf.set(key(each, row[cell]!), cell))
  const reach = new Int32Array(column.length * REACH)
  column.forEach((each, cell) => {
    const at = (east: number, north: number) => numberOf.get(key(each + east, row[cell]! + north)) ?? -1
    reach.set([cell, at(1, 0), at(0, 1), at(1, 1)], cell * REACH)
  })
  return { met, spots: column.length * HOURS * SHAPES, reach }
}

export const hourOfSpot = (spot: number): number => Math.floor(spot / SHAPES) % HOURS

/** Where a spot lies, in cells from the lattice's origin: its middle at whole numbers and a half. */
export function placeOfSpot({ met }: VisitGrid, spot: number): { east: number; north: number } {
  const shape = spot % SHAPES
  const cell = Math.floor(spot / SHAPES / HOURS)
  return {
    east: met.column[cell]! + (shape === 1 || shape === 3 ? 1 : 0.5),
    north: met.row[cell]! + (shape >= 2 ? 1 : 0.5),
  }
}

/** What so much more presence at a spot adds to Σ min(presence, risk); what less takes from it, below zero. */
export function changeAt(grid: VisitGrid, presence: Float64Array, spot: number, share: number): number {
  const { reach, met } = grid
  const parts = PARTS[spot % SHAPES]!
  const at = Math.floor(spot / SHAPES)
  const cell = Math.floor(at / HOURS)
  const hour = at % HOURS
  let change = 0
  for (let k = 0; k < REACH; k++) {
    if (parts[k] === 0 || reach[cell * REACH + k]! < 0) continue
    const v = reach[cell * REACH + k]! * HOURS + hour
    const risk = met.risk[v]!
    change += Math.min(presence[v]! + parts[k]! * share, risk) - Math.min(presence[v]!, risk)
  }
  return change
}

export function standAt(grid: VisitGrid, presence: Float64Array, spot: number, share: number): void {
  const { reach } = grid
  const parts = PARTS[spot % SHAPES]!
  const at = Math.floor(spot / SHAPES)
  const cell = Math.floor(at / HOURS)
  for (let k = 0; k < REACH; k++)
    if (parts[k] !== 0 && reach[cell * REACH + k]! >= 0)
      presence[reach[cell * REACH + k]! * HOURS + (at % HOURS)]! += parts[k]! * share
}

/** Whether so much presence is there to be taken away. */
export function canLeave(grid: VisitGrid, presence: Float64Array, spot: number, share: number): boolean {
  const { reach } = grid
  const parts = PARTS[spot % SHAPES]!
  const at = Math.floor(spot / SHAPES)
  const cell = Math.floor(at / HOURS)
  for (let k = 0; k < REACH; k++) {
    if (parts[k] === 0) continue
    const other = reach[cell * REACH + k]!
    if (other < 0 || presence[other * HOURS + (at % HOURS)]! < parts[k]! * share - 1e-12) return false
  }
  return true
}
