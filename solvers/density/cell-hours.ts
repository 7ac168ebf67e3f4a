import type { Position } from '../../foundation/core/geo.ts'
import { eastMetres, northMetres, planeAt, positionOn, type Plane } from './plane.ts'

/** An amount for each square cell of a fixed lattice and each hour of a day: expected events, minutes of presence. */
export interface CellHours {
  /** A corner of the lattice; its lines lie at multiples of the cell's side from here. */
  readonly origin: Position
  readonly cellMetres: number
  /** From the local midnight at which the day begins; over 24 the next morning. */
  readonly hours: number
  /** Which cell, counted from the origin to the east and to the north; cells in rows from the south, each from the west. */
  readonly column: Int32Array
  readonly row: Int32Array
  /** `hours` values a cell. */
  readonly value: Float64Array
}

export interface CellHoursBuilder {
  readonly plane: Plane
  readonly hours: number
  /** Adds an amount at a place and hour. */
  add(east: number, north: number, hour: number, amount: number): void
  /** Adds `hours` amounts at a place. */
  addDay(east: number, north: number, amounts: Float64Array): void
  /** Cells where anything was added, in their order. */
  finish(): CellHours
}

/**
 * Gathers amounts by cell and hour. Each is spread evenly over a square of a cell's side around its place, which
 * meets four cells in proportion to the overlap (bilinear): where the lattice's lines happen to lie then decides
 * little, and nothing is lost. With cells of 250 m the square has the area of a disc of 141 m.
 */
export function gatherCellHours(origin: Position, cellMetres: number, hours: number): CellHoursBuilder {
  const numberOf = new Map<number, number>()
  const columns: number[] = []
  const rows: number[] = []
  let value = new Float64Array(64 * hours)
  const at = new Int32Array(4)
  const part = new Float64Array(4)
  let shownColumn = NaN
  let shownRow = NaN

  function cellAt(column: number, row: number): number {
    const key = (row + 2 ** 25) * 2 ** 26 + (column + 2 ** 25)
    let number = numberOf.get(key)
    if (number === undefined) {
      number = columns.length
      numberOf.set(key, number)
      columns.push(column)
      rows.push(row)
      if ((number + 1) * hours > value.length) {
        const larger = new Float64Array(value.length * 2)
        larger.set(value)
        value = larger
      }
    }
    return number
  }

  function spread(east: number, north: number): void {
    const x = east / cellMetres - 0.5
    const y = north / cellMetres - 0.5
    const column = Math.floor(x)
    const row = Math.floor(y)
    const [fx, fy] = [x - column, y - row]
    part[0] = (1 - fx) * (1 - fy)
    part[1] = fx * (1 - fy)
    part[2] = (1 - fx) * fy
    part[3] = fx * fy
    // Whoever stands or drives on is mostly still between the same four.
    if (column === shownColumn && row === shownRow) return
    shownColumn = column
    shownRow = row
    at[0] = cellAt(column, row)
    at[1] = cellAt(column + 1, row)
    at[2] = cellAt(column, row + 1)
    at[3] = cellAt(column + 1, row + 1)
  }

  return {
    plane: planeAt(origin),
    hours,
    add(east, north, hour, amount) {
      spread(east, north)
      for (let k = 0; k < 4; k++) value[at[k]! * hours + hour]! += part[k]! * amount
    },
    addDay(east, north, amounts) {
      spread(east, north)
      for (let k = 0; k < 4; k++) {
        const from = at[k]! * hours
        for (let hour = 0; hour < hours; hour++) value[from + hour]! += part[k]! * amounts[hour]!
      }
    },
    finish() {
      const order = columns
        .map((_, cell) => cell)
        .filter((cell) => value.subarray(cell * hours, (cell + 1) * hours).some((each) => each > 0))
        .sort((a, b) => rows[a]! - rows[b]! || columns[a]! - columns[b]!)
      const inOrder = new Float64Array(order.length * hours)
      order.forEach((cell, n) => inOrder.set(value.subarray(cell * hours, (cell + 1) * hours), n * hours))
      return {
        origin,
        cellMetres,
        hours,
        column: Int32Array.from(order, (cell) => columns[cell]!),
        row: Int32Array.from(order, (cell) => rows[cell]!),
        value: inOrder,
      }
    },
  }
}

/** The middle of a cell. */
export function middleOfCell({ origin, cellMetres }: CellHours, column: number, row: number): Position {
  return positionOn(planeAt(origin), (column + 0.5) * cellMetres, (row + 0.5) * cellMetres)
}

/** In which cell of the lattice a place lies. */
export function cellHolding(
  { origin, cellMetres }: Pick<CellHours, 'origin' | 'cellMetres'>,
  { lon, lat }: Position,
): { column: number; row: number } {
  const plane = planeAt(origin)
  return {
    column: Math.floor(eastMetres(plane, lon) / cellMetres),
    row: Math.floor(northMetres(plane, lat) / cellMetres),
  }
}

export function totalOf({ value }: CellHours): number {
  let total = 0
  for (let v = 0; v < value.length; v++) total += value[v]!
  return total
}

/**
 * Cells and values as bytes: values in whole `grain`s, seven bits a byte, most in one or two. What rounding takes from
 * one value it gives to the next, so the total is right to a grain. Cells of which no grain is left fall away.
 */
export function packCellHours({ hours, column, row, value }: CellHours, grain: number): Uint8Array {
  let bytes = new Uint8Array(1024)
  let length = 0
  const write = (number: number) => {
    if (length + 10 > bytes.length) {
      const larger = new Uint8Array(bytes.length * 2)
      larger.set(bytes)
      bytes = larger
    }
    let rest = number
    while (rest >= 128) {
      bytes[length++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    bytes[length++] = rest
  }
  const writeSigned = (number: number) => write(number < 0 ? -2 * number - 1 : 2 * number)
  const grains = new Float64Array(hours)
  let carried = 0
  let [lastColumn, lastRow] = [0, 0]
  for (let cell = 0; cell < column.length; cell++) {
    let most = 0
    for (let hour = 0; hour < hours; hour++) {
      const exact = value[cell * hours + hour]! / grain + carried
      grains[hour] = Math.max(0, Math.round(exact))
      carried = exact - grains[hour]!
      most = Math.max(most, grains[hour]!)
    }
    if (most === 0) continue
    writeSigned(column[cell]! - lastColumn)
    writeSigned(row[cell]! - lastRow)
    lastColumn = column[cell]!
    lastRow = row[cell]!
    for (let hour = 0; hour < hours; hour++) write(grains[hour]!)
  }
  return bytes.slice(0, length)
}

/** What `packCellHours` packed. */
export function unpackCellHours(
  lattice: Pick<CellHours, 'origin' | 'cellMetres' | 'hours'>,
  bytes: Uint8Array,
  grain: number,
): CellHours {
  const column: number[] = []
  const row: number[] = []
  const value: number[] = []
  let at = 0
  const read = () => {
    let number = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!
      number += (byte % 128) * scale
      if (byte < 128) return number
    }
  }
  const readSigned = () => {
    const number = read()
    return number % 2 === 1 ? -(number + 1) / 2 : number / 2
  }
  let [lastColumn, lastRow] = [0, 0]
  while (at < bytes.length) {
    lastColumn += readSigned()
    lastRow += readSigned()
    column.push(lastColumn)
    row.push(lastRow)
    for (let hour = 0; hour < lattice.hours; hour++) value.push(read() * grain)
  }
  const { origin, cellMetres, hours } = lattice
  return {
    origin,
    cellMetres,
    hours,
    column: Int32Array.from(column),
    row: Int32Array.from(row),
    value: Float64Array.from(value),
  }
}
