/**
 * A binary min-heap of the numbers 0…capacity−1 with keys that may fall. Everything lies in typed arrays, so a
 * search over a city allocates nothing.
 */
export class MinHeap {
  private readonly items: Uint32Array
  private readonly keys: Float64Array
  /** Place in `items` plus one; 0 when not in the heap. */
  private readonly places: Uint32Array
  private count = 0

  constructor(capacity: number) {
    this.items = new Uint32Array(capacity)
    this.keys = new Float64Array(capacity)
    this.places = new Uint32Array(capacity)
  }

  get size(): number {
    return this.count
  }

  /** Adds an item or lowers its key; a key that is not lower changes nothing. */
  push(item: number, key: number): void {
    let place = this.places[item]!
    if (place === 0) place = ++this.count
    else if (key >= this.keys[place - 1]!) return
    this.siftUp(place - 1, item, key)
  }

  /** Key of the item that `pop` would give; NaN when empty. */
  peekKey(): number {
    return this.count === 0 ? NaN : this.keys[0]!
  }

  /** Takes the item with the lowest key. Only when `size` > 0. */
  pop(): number {
    const { items, keys, places } = this
    const top = items[0]!
    places[top] = 0
    const last = --this.count
    if (last > 0) this.siftDown(items[last]!, keys[last]!)
    return top
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.places[this.items[i]!] = 0
    this.count = 0
  }

  private siftUp(start: number, item: number, key: number): void {
    const { items, keys, places } = this
    let at = start
    while (at > 0) {
      const parent = (at - 1) >> 1
      const parentKey = keys[parent]!
      if (parentKey <= key) break
      const moved = items[parent]!
      items[at] = moved
      keys[at] = parentKey
      places[moved] = at + 1
      at = parent
    }
    items[at] = item
    keys[at] = key
    places[item] = at + 1
  }

  private siftDown(item: number, key: number): void {
    const { items, keys, places, count } = this
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= count) break
      if (child + 1 < count && keys[child + 1]! < keys[child]!) child++
      const childKey = keys[child]!
      if (childKey >= key) break
      const moved = items[child]!
      items[at] = moved
      keys[at] = childKey
      places[moved] = at + 1
      at = child
    }
    items[at] = item
    keys[at] = key
    places[item] = at + 1
  }
}
