import type { RoadGraph } from './graph.ts'
import { MinHeap } from './heap.ts'
import type { Snap } from './snap.ts'

/** Where a search starts: a node, and what it has cost to get there. */
export interface Seed {
  readonly node: number
  readonly seconds: number
  readonly metres: number
  /** The direction of travel that the first piece lies on. */
  readonly direction: number
}

/**
 * The costs of the quickest way between the seeds and each node. The arrays belong to the search and are
 * overwritten by its next run: read them at once.
 */
export interface Reach {
  /** Infinity where there is no way. */
  readonly seconds: Float64Array
  readonly metres: Float64Array
  /** Node before this one as seen from the seeds; −1 at a seed. */
  readonly previous: Int32Array
  /** Direction driven between `previous` and this node; at a seed, the seed's own. */
  readonly direction: Int32Array
}

export interface Search {
  /** Quickest ways from the seeds (`out`), or to the seeds (`in`). Stops early once all of `until` are settled. */
  run(way: 'out' | 'in', seeds: readonly Seed[], until?: readonly number[]): Reach
}

/** Dijkstra (1959) over one graph, with its own workspace: one search at a time. */
export function createSearch(graph: RoadGraph): Search {
  const { nodeCount } = graph
  const seconds = new Float64Array(nodeCount)
  const metres = new Float64Array(nodeCount)
  const previous = new Int32Array(nodeCount)
  const direction = new Int32Array(nodeCount)
  const heap = new MinHeap(nodeCount)
  const wanted = new Uint8Array(nodeCount)

  return {
    run(way, seeds, until = []) {
      const first = way === 'out' ? graph.firstOut : graph.firstIn
      const other = way === 'out' ? graph.outHead : graph.inTail
      const by = way === 'out' ? graph.outDirection : graph.inDirection
      const cost = way === 'out' ? graph.outSeconds : graph.inSeconds
      const length = way === 'out' ? graph.outMetres : graph.inMetres
      seconds.fill(Infinity)
      heap.clear()
      for (const seed of seeds) {
        if (seed.seconds >= seconds[seed.node]!) continue
        seconds[seed.node] = seed.seconds
        metres[seed.node] = seed.metres
        previous[seed.node] = -1
        direction[seed.node] = seed.direction
        heap.push(seed.node, seed.seconds)
      }
      let missing = 0
      for (const node of until) {
        if (wanted[node] === 0) missing++
        wanted[node] = 1
      }
      const stopsEarly = missing > 0
      while (heap.size > 0) {
        const node = heap.pop()
        if (stopsEarly && wanted[node] === 1 && --missing === 0) break
        const soFar = seconds[node]!
        const soFarMetres = metres[node]!
        for (let arc = first[node]!, end = first[node + 1]!; arc < end; arc++) {
          const next = other[arc]!
          const total = soFar + cost[arc]!
          if (total >= seconds[next]!) continue
          seconds[next] = total
          metres[next] = soFarMetres + length[arc]!
          previous[next] = node
          direction[next] = by[arc]!
          heap.push(next, total)
        }
      }
      for (const node of until) wanted[node] = 0
      return { seconds, metres, previous, direction }
    },
  }
}

/** The nodes a traveller reaches first from a point on an edge, in each direction that is open. */
export function seedsFrom(graph: RoadGraph, snap: Snap): Seed[] {
  const seeds: Seed[] = []
  for (const direction of [2 * snap.edge, 2 * snap.edge + 1]) {
    const whole = graph.directionSeconds[direction]!
    if (whole === Infinity) continue
    const left = shareLeft(snap, direction)
    seeds.push({
      node: graph.headOf[direction]!,
      seconds: whole * left,
      metres: graph.edgeMetres[snap.edge]! * left,
      direction,
    })
  }
  return seeds
}

/** The nodes from which a traveller enters the edge to a point on it: the last ones before the target. */
export function seedsTo(graph: RoadGraph, snap: Snap): Seed[] {
  const seeds: Seed[] = []
  for (const direction of [2 * snap.edge, 2 * snap.edge + 1]) {
    const whole = graph.directionSeconds[direction]!
    if (whole === Infinity) continue
    const driven = 1 - shareLeft(snap, direction)
    const head = graph.headOf[direction]!
    // A junction with turn rules has several nodes from which the edge is entered: those of its arcs.
    for (let arc = graph.firstIn[head]!; arc < graph.firstIn[head + 1]!; arc++) {
      if (graph.inDirection[arc] !== direction) continue
      seeds.push({
        node: graph.inTail[arc]!,
        seconds: whole * driven,
        metres: graph.edgeMetres[snap.edge]! * driven,
        direction,
      })
    }
  }
  return seeds
}

/** Share of the edge that lies before a traveller at the snap who drives in the direction. */
export function shareLeft(snap: Snap, direction: number): number {
  return direction & 1 ? snap.share : 1 - snap.share
}

/** The direction in which one drives from one point to another of the same edge without leaving it, or null. */
export function directOnEdge(graph: RoadGraph, from: Snap, to: Snap): number | null {
  if (from.edge !== to.edge) return null
  const direction = to.share >= from.share ? 2 * from.edge : 2 * from.edge + 1
  return graph.directionSeconds[direction] === Infinity ? null : direction
}
