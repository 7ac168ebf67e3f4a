import { between, segmentDistanceMetres, spanMetres, type Point } from './frame.ts'

export type Highway =
  | 'trunk'
  | 'primary'
  | 'secondary'
  | 'tertiary'
  | 'unclassified'
  | 'residential'
  | 'living_street'
  | 'service'

/** Posted limits. */
export const SPEED_KILOMETRES_PER_HOUR: Readonly<Record<Highway, number>> = {
  trunk: 60,
  primary: 60,
  secondary: 50,
  tertiary: 40,
  unclassified: 40,
  residential: 30,
  living_street: 15,
  service: 15,
}

/** A road as a person names it; its ways follow from its segments. */
export interface Road {
  readonly name: string | null
  readonly highway: Highway
  readonly oneway: boolean
  readonly speedKilometresPerHour: number
}

export interface Segment {
  readonly from: number
  readonly to: number
  readonly road: number
  readonly bridge: boolean
}

/** A drawing of streets as nodes and straight segments, where roads meet only in nodes. */
export interface Sketch {
  readonly nodes: readonly Point[]
  readonly roads: readonly Road[]
  readonly segments: readonly Segment[]
  addRoad(road: Road): number
  addNode(at: Point): number
  addSegment(from: number, to: number, road: number, bridge?: boolean): void
  /** Draws a line across what is there: joins every street it crosses, and ends near a node in that node. */
  draw(line: readonly Point[], road: number): void
  /** The node in the middle of a segment, which is split there. */
  split(segment: number, share: number): number
  keep(wanted: (segment: Segment) => boolean): void
}

/** Ends and crossings closer than this become one node: no junction has legs of a few metres. */
const SNAP_METRES = 14

export function startSketch(): Sketch {
  const nodes: Point[] = []
  const roads: Road[] = []
  let segments: Segment[] = []

  const nearestNode = (at: Point): number | null => {
    let best: number | null = null
    let bestMetres = SNAP_METRES
    for (let i = 0; i < nodes.length; i++) {
      const metres = spanMetres(nodes[i]!, at)
      if (metres < bestMetres) {
        bestMetres = metres
        best = i
      }
    }
    return best
  }

  const sketch: Sketch = {
    nodes,
    roads,
    get segments() {
      return segments
    },
    addRoad: (road) => roads.push(road) - 1,
    addNode: (at) => nodes.push(at) - 1,
    addSegment(from, to, road, bridge = false) {
      if (from !== to) segments.push({ from, to, road, bridge })
    },
    split(index, share) {
      const segment = segments[index]!
      const middle = sketch.addNode(between(nodes[segment.from]!, nodes[segment.to]!, share))
      segments[index] = { ...segment, to: middle }
      segments.push({ ...segment, from: middle })
      return middle
    },
    draw(line, road) {
      let last: number | null = null
      for (let i = 0; i < line.length; i++) {
        const here = joinAt(line[i]!)
        if (last !== null) drawStraight(last, here, road)
        last = here
      }
    },
    keep(wanted) {
      segments = segments.filter(wanted)
    },
  }

  /** The node for a line's vertex: an old one close by, a split of a street close by, or a new one. */
  function joinAt(at: Point): number {
    const old = nearestNode(at)
    if (old !== null) return old
    const near = segments.findIndex(
      ({ from, to }) => segmentDistanceMetres(at, nodes[from]!, nodes[to]!) < SNAP_METRES / 2,
    )
    if (near < 0) return sketch.addNode(at)
    const a = nodes[segments[near]!.from]!
    const b = nodes[segments[near]!.to]!
    const share = ((at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y)) / spanMetres(a, b) ** 2
    return sketch.split(near, Math.max(0.05, Math.min(0.95, share)))
  }

  function drawStraight(from: number, to: number, road: number): void {
    if (from === to) return
    const a = nodes[from]!
    const b = nodes[to]!
    const stops: { share: number; node: number }[] = []
    const count = segments.length
    for (let i = 0; i < count; i++) {
      const segment = segments[i]!
      if (segment.from === from || segment.to === from || segment.from === to || segment.to === to) continue
      const crossing = crossingOf(a, b, nodes[segment.from]!, nodes[segment.to]!)
      if (!crossing) continue
      const length = spanMetres(nodes[segment.from]!, nodes[segment.to]!)
      const near =
        crossing.other * length < SNAP_METRES
          ? segment.from
          : (1 - crossing.other) * length < SNAP_METRES
            ? segment.to
            : sketch.split(i, crossing.other)
      stops.push({ share: crossing.own, node: near })
    }
    stops.sort((one, two) => one.share - two.share)
    let last = from
    for (const { node } of stops) {
      if (node === last) continue
      sketch.addSegment(last, node, road)
      last = node
    }
    sketch.addSegment(last, to, road)
  }

  return sketch
}

/** Where ab and cd cross, as shares along each; null when they do not. */
export function crossingOf(a: Point, b: Point, c: Point, d: Point): { own: number; other: number } | null {
  const rx = b.x - a.x
  const ry = b.y - a.y
  const sx = d.x - c.x
  const sy = d.y - c.y
  const cross = rx * sy - ry * sx
  if (Math.abs(cross) < 1e-9) return null
  const own = ((c.x - a.x) * sy - (c.y - a.y) * sx) / cross
  const other = ((c.x - a.x) * ry - (c.y - a.y) * rx) / cross
  return own > 0 && own < 1 && other > 0 && other < 1 ? { own, other } : null
}

/** Keeps the largest connected part: every street can be reached from every other (streets are two-way here unless a ring says otherwise). */
export function keepLargestPart(sketch: Sketch): void {
  const part = new Int32Array(sketch.nodes.length).map((_, i) => i)
  const root = (i: number): number => {
    while (part[i] !== i) {
      part[i] = part[part[i]!]!
      i = part[i]!
    }
    return i
  }
  for (const { from, to } of sketch.segments) part[root(from)] = root(to)
  const size = new Map<number, number>()
  for (const { from } of sketch.segments) size.set(root(from), (size.get(root(from)) ?? 0) + 1)
  let largest = -1
  for (const [id, count] of size) if (largest < 0 || count > size.get(largest)!) largest = id
  sketch.keep(({ from }) => root(from) === largest)
}
