/** A lattice of square cells in metres, rows from south to north. */
export interface Lattice {
  readonly west: number
  readonly south: number
  readonly columns: number
  readonly rows: number
  readonly cellMetres: number
}

/** The lattice that holds all points with a margin around them, its lines at multiples of the cell from the origin. */
export function latticeOver(
  east: Float64Array,
  north: Float64Array,
  cellMetres: number,
  marginMetres: number,
): Lattice {
  let west = Infinity
  let eastMost = -Infinity
  let south = Infinity
  let northMost = -Infinity
  for (let p = 0; p < east.length; p++) {
    west = Math.min(west, east[p]!)
    eastMost = Math.max(eastMost, east[p]!)
    south = Math.min(south, north[p]!)
    northMost = Math.max(northMost, north[p]!)
  }
  if (east.length === 0) west = eastMost = south = northMost = 0
  const first = (least: number) => Math.floor((least - marginMetres) / cellMetres)
  const last = (most: number) => Math.floor((most + marginMetres) / cellMetres)
  return {
    west: first(west) * cellMetres,
    south: first(south) * cellMetres,
    columns: last(eastMost) - first(west) + 1,
    rows: last(northMost) - first(south) + 1,
    cellMetres,
  }
}

export function cellOf(lattice: Lattice, east: number, north: number): number {
  return (
    Math.floor((north - lattice.south) / lattice.cellMetres) * lattice.columns +
    Math.floor((east - lattice.west) / lattice.cellMetres)
  )
}

/** Kernels end at three standard deviations. */
const KERNEL_REACH = 3

/**
 * Spreads values over neighbouring cells by a Gaussian of the given standard deviation, sampled at cell centres and
 * scaled to sum to 1; what passes the edge is lost. A deviation of 0 gives a copy.
 */
export function blur(lattice: Lattice, values: Float64Array, deviationMetres: number): Float64Array {
  if (deviationMetres === 0) return values.slice()
  const { columns, rows, cellMetres } = lattice
  const reach = Math.max(1, Math.ceil((KERNEL_REACH * deviationMetres) / cellMetres))
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => {
    const steps = ((k - reach) * cellMetres) / deviationMetres
    return Math.exp(-0.5 * steps * steps)
  })
  const total = kernel.reduce((sum, each) => sum + each, 0)
  for (let k = 0; k < kernel.length; k++) kernel[k]! /= total
  const across = new Float64Array(values.length)
  /** Where a row holds anything; a town fills half of the square around it at most. */
  const firstOf = new Int32Array(rows).fill(columns)
  const lastOf = new Int32Array(rows).fill(-1)
  for (let row = 0; row < rows; row++) {
    const begin = row * columns
    for (let column = 0; column < columns; column++) {
      const value = values[begin + column]!
      if (value === 0) continue
      const from = Math.max(0, column - reach)
      const to = Math.min(columns - 1, column + reach)
      firstOf[row] = Math.min(firstOf[row]!, from)
      lastOf[row] = to
      for (let c = from; c <= to; c++) across[begin + c]! += value * kernel[c - column + reach]!
    }
  }
  const out = new Float64Array(values.length)
  for (let row = 0; row < rows; row++) {
    const to = Math.min(rows - 1, row + reach)
    for (let r = Math.max(0, row - reach); r <= to; r++) {
      const weight = kernel[r - row + reach]!
      const shift = (row - r) * columns
      const end = r * columns + lastOf[r]!
      for (let at = r * columns + firstOf[r]!; at <= end; at++) out[at + shift]! += across[at]! * weight
    }
  }
  return out
}

/** The `count` greatest of the eligible cells, the greatest first; the lower cell first among equals. Zeros are left out. */
export function greatestCells(
  values: Float64Array,
  count: number,
  isEligible: (cell: number) => boolean,
): number[] {
  const candidates = new Float64Array(values.length)
  let found = 0
  for (let cell = 0; cell < values.length; cell++)
    if (values[cell]! > 0 && isEligible(cell)) candidates[found++] = values[cell]!
  // Numbers alone sort ten times as fast as cells by their numbers: find the limit first.
  const limit = found > count ? candidates.subarray(0, found).sort()[found - count]! : 0
  const cells: number[] = []
  for (let cell = 0; cell < values.length; cell++)
    if (values[cell]! > 0 && values[cell]! >= limit && isEligible(cell)) cells.push(cell)
  cells.sort((a, b) => values[b]! - values[a]! || a - b)
  return cells.slice(0, count)
}
