import type { Chance } from '../../../foundation/core/chance.ts'
import { drawBetween, type Point } from './frame.ts'
import { bend, characterOf, COLUMNS, latticeX, latticeY, ROWS, type Character } from './plan.ts'

/** One superblock: where its inner streets run, as shares of its width and height. */
export interface Cell {
  readonly column: number
  readonly row: number
  readonly character: Character
  /** Shares from west to east; the streets run north and south. */
  readonly across: readonly number[]
  /** Shares from south to north; the streets run west and east. */
  readonly along: readonly number[]
  /** Nodes of the inner lattice, borders included: [0 … across.length + 1][0 … along.length + 1]. */
  readonly nodes: number[][]
  /** The nodes on its four sides, each under the share of the street that ends there. */
  readonly border: Readonly<Record<Side, Map<number, number>>>
}

export type Side = 'east' | 'west' | 'north' | 'south'

const INNER_STREETS: Readonly<Record<Character, readonly [number, number]>> = {
  old: [4, 4],
  centre: [3, 3],
  residential: [3, 2],
  industry: [1, 2],
  park: [1, 1],
  campus: [1, 2],
  station: [2, 2],
}

export function planCells(chance: Chance): Cell[][] {
  const rows: Cell[][] = []
  for (let row = 0; row < ROWS; row++) {
    rows.push([])
    for (let column = 0; column < COLUMNS; column++) {
      const character = characterOf(column, row) as Character
      const [acrossCount, alongCount] = INNER_STREETS[character]
      const across = evenShares(chance, acrossCount, rows[row - 1]?.[column]?.across ?? [])
      const along = evenShares(chance, alongCount, rows[row]?.[column - 1]?.along ?? [])
      rows[row]!.push({
        column,
        row,
        character,
        across,
        along,
        nodes: [],
        border: { east: new Map(), west: new Map(), north: new Map(), south: new Map() },
      })
    }
  }
  return rows
}

/** Roughly even, and often in line with the neighbour's streets, so that some crossings are crossroads and some are T. */
function evenShares(chance: Chance, count: number, neighbour: readonly number[]): number[] {
  const shares: number[] = []
  for (let i = 0; i < count; i++) {
    const share = (i + 1 + drawBetween(chance, -0.22, 0.22)) / (count + 1)
    const close = neighbour.find((other) => Math.abs(other - share) < 0.09)
    const isInLine = close !== undefined && (Math.abs(close - share) < 0.045 || chance.next() < 0.6)
    const own = isInLine ? close : share
    if (own - (shares.at(-1) ?? 0) > 0.07) shares.push(own)
  }
  return shares
}

/** A place in a superblock, from shares of its width and height. */
export function inCell(column: number, row: number, across: number, along: number): Point {
  return bend({
    x: latticeX(column) + across * (latticeX(column + 1) - latticeX(column)),
    y: latticeY(row) + along * (latticeY(row + 1) - latticeY(row)),
  })
}
