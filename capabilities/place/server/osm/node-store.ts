/**
 * Where the wanted nodes are. Ids are gathered first, then positions are filled in whatever order the file has them:
 * sorted columns instead of a map, so that an extract of tens of millions of nodes fits in memory.
 */
export class NodeStore {
  private readonly ids: Float64Array
  private readonly lons: Float64Array
  private readonly lats: Float64Array

  constructor(wanted: readonly (readonly number[])[]) {
    const all = new Float64Array(wanted.reduce((sum, list) => sum + list.length, 0))
    let at = 0
    for (const list of wanted) {
      all.set(list, at)
      at += list.length
    }
    all.sort()
    let unique = 0
    for (let i = 0; i < all.length; i++) {
      if (i === 0 || all[i] !== all[i - 1]) all[unique++] = all[i]!
    }
    this.ids = all.slice(0, unique)
    this.lons = new Float64Array(unique).fill(NaN)
    this.lats = new Float64Array(unique)
  }

  get size(): number {
    return this.ids.length
  }

  /** Keeps the position of a wanted node. Gives false when it already had one: the later stands. */
  place(id: number, lon: number, lat: number): boolean {
    const at = this.find(id)
    if (at < 0) return true
    const isNew = Number.isNaN(this.lons[at]!)
    this.lons[at] = lon
    this.lats[at] = lat
    return isNew
  }

  /** Null for a node that the file does not hold. */
  at(id: number): { id: number; lon: number; lat: number } | null {
    const at = this.find(id)
    if (at < 0 || Number.isNaN(this.lons[at]!)) return null
    return { id, lon: this.lons[at]!, lat: this.lats[at]! }
  }

  countMissing(): number {
    return this.lons.reduce((sum, lon) => sum + (Number.isNaN(lon) ? 1 : 0), 0)
  }

  private find(id: number): number {
    let low = 0
    let high = this.ids.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const here = this.ids[middle]!
      if (here === id) return middle
      if (here < id) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}
