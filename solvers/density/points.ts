/** Points in metres, sorted into square buckets so that those near a place are found without looking at the others. */
export interface PointIndex {
  readonly east: Float64Array
  readonly north: Float64Array
  readonly bucketMetres: number
  readonly west: number
  readonly south: number
  readonly columns: number
  readonly rows: number
  /** Where each bucket's members begin in `members`; one more than there are buckets. */
  readonly start: Int32Array
  readonly members: Int32Array
}

export function indexPoints(east: Float64Array, north: Float64Array, bucketMetres: number): PointIndex {
  let west = Infinity
  let south = Infinity
  let eastMost = -Infinity
  let northMost = -Infinity
  for (let p = 0; p < east.length; p++) {
    west = Math.min(west, east[p]!)
    eastMost = Math.max(eastMost, east[p]!)
    south = Math.min(south, north[p]!)
    northMost = Math.max(northMost, north[p]!)
  }
  if (east.length === 0) west = south = eastMost = northMost = 0
  const columns = Math.floor((eastMost - west) / bucketMetres) + 1
  const rows = Math.floor((northMost - south) / bucketMetres) + 1
  const start = new Int32Array(columns * rows + 1)
  const bucket = new Int32Array(east.length)
  for (let p = 0; p < east.length; p++) {
    bucket[p] =
      Math.floor((north[p]! - south) / bucketMetres) * columns + Math.floor((east[p]! - west) / bucketMetres)
    start[bucket[p]! + 1]!++
  }
  for (let b = 1; b < start.length; b++) start[b]! += start[b - 1]!
  const next = start.slice()
  const members = new Int32Array(east.length)
  for (let p = 0; p < east.length; p++) members[next[bucket[p]!]!++] = p
  return { east, north, bucketMetres, west, south, columns, rows, start, members }
}

/** Writes the points within `radius` of a place into `found`, in the order of their buckets; gives how many. */
export function pointsWithin(
  index: PointIndex,
  east: number,
  north: number,
  radius: number,
  found: Int32Array,
): number {
  const { bucketMetres, columns, rows, start, members } = index
  const fromColumn = Math.max(0, Math.floor((east - radius - index.west) / bucketMetres))
  const toColumn = Math.min(columns - 1, Math.floor((east + radius - index.west) / bucketMetres))
  const fromRow = Math.max(0, Math.floor((north - radius - index.south) / bucketMetres))
  const toRow = Math.min(rows - 1, Math.floor((north + radius - index.south) / bucketMetres))
  if (fromColumn > toColumn) return 0
  let count = 0
  for (let row = fromRow; row <= toRow; row++) {
    const end = start[row * columns + toColumn + 1]!
    for (let m = start[row * columns + fromColumn]!; m < end; m++) {
      const p = members[m]!
      const de = index.east[p]! - east
      const dn = index.north[p]! - north
      if (de * de + dn * dn <= radius * radius) found[count++] = p
    }
  }
  return count
}
