import type { Bounds } from '../../foundation/core/geo.ts'
import { boundsOf } from '../../foundation/core/geo.ts'
import { stronglyConnected } from './components.ts'

/**
 * What a graph is made of and all that is stored of it: nodes where roads meet, edges between them with their
 * shape, and the turns that are not allowed. An edge e is driven in two directions, numbered 2e (as drawn) and
 * 2e + 1 (against it); a direction that is closed takes Infinity seconds.
 */
export interface RoadEdges {
  /** Degrees × 10⁷, the precision of OpenStreetMap (11 mm). */
  readonly nodeLon: Int32Array
  readonly nodeLat: Int32Array
  readonly edgeFrom: Uint32Array
  readonly edgeTo: Uint32Array
  readonly edgeMetres: Float32Array
  /** By direction: 2 a edge. */
  readonly directionSeconds: Float32Array
  /** Code in ROAD_CLASSES. */
  readonly edgeClass: Uint8Array
  /** Index into `names`; names[0] is ''. */
  readonly edgeName: Uint32Array
  readonly names: readonly string[]
  /** Shape of edge e: points shapeStart[e] … shapeStart[e + 1] − 1, both ends included. */
  readonly shapeStart: Uint32Array
  readonly shapeLon: Int32Array
  readonly shapeLat: Int32Array
  /** Who arrives by this direction may leave by these directions only. */
  readonly turns: readonly TurnRule[]
}

export interface TurnRule {
  readonly arriving: number
  readonly leaving: readonly number[]
}

/**
 * A road graph ready to search. A junction with turn rules has one more node for each restricted arrival: whoever
 * comes by that direction reaches that node and finds only the allowed ways out. So restrictions hold exactly and
 * cost the search nothing.
 */
export interface RoadGraph extends RoadEdges {
  readonly nodeCount: number
  /** Node that a direction reaches. */
  readonly headOf: Uint32Array
  /** Arcs that leave node n: firstOut[n] … firstOut[n + 1] − 1. */
  readonly firstOut: Uint32Array
  readonly outHead: Uint32Array
  readonly outDirection: Uint32Array
  readonly outSeconds: Float32Array
  readonly outMetres: Float32Array
  /** Arcs that reach node n: firstIn[n] … firstIn[n + 1] − 1. */
  readonly firstIn: Uint32Array
  readonly inTail: Uint32Array
  readonly inDirection: Uint32Array
  readonly inSeconds: Float32Array
  readonly inMetres: Float32Array
  /** 1 where the edge belongs to the largest part in which every place reaches every other. */
  readonly edgeIsConnected: Uint8Array
  readonly bounds: Bounds | null
}

export const DEGREE = 1e7

/** Lays out the adjacency of edges both ways and finds the connected part. Takes some milliseconds for a city. */
export function assembleGraph(edges: RoadEdges): RoadGraph {
  const junctionCount = edges.nodeLon.length
  const edgeCount = edges.edgeFrom.length
  const headOf = new Uint32Array(2 * edgeCount)
  for (let e = 0; e < edgeCount; e++) {
    headOf[2 * e] = edges.edgeTo[e]!
    headOf[2 * e + 1] = edges.edgeFrom[e]!
  }
  let nodeCount = junctionCount
  for (const turn of edges.turns) headOf[turn.arriving] = nodeCount++

  const arcs = collectArcs(edges, headOf, junctionCount)
  const out = layOut(nodeCount, arcs.tail, arcs.head, arcs.direction, edges)
  const into = layOut(nodeCount, arcs.head, arcs.tail, arcs.direction, edges)
  const component = stronglyConnected(nodeCount, out.first, out.other)
  return {
    ...edges,
    nodeCount,
    headOf,
    firstOut: out.first,
    outHead: out.other,
    outDirection: out.direction,
    outSeconds: out.seconds,
    outMetres: out.metres,
    firstIn: into.first,
    inTail: into.other,
    inDirection: into.direction,
    inSeconds: into.seconds,
    inMetres: into.metres,
    edgeIsConnected: markLongest(edges, arcs, component),
    bounds: shapeBounds(edges),
  }
}

interface Arcs {
  readonly tail: Uint32Array
  readonly head: Uint32Array
  readonly direction: Uint32Array
}

function collectArcs(edges: RoadEdges, headOf: Uint32Array, junctionCount: number): Arcs {
  const tail: number[] = []
  const head: number[] = []
  const direction: number[] = []
  const add = (from: number, by: number) => {
    if (edges.directionSeconds[by] === Infinity) return
    tail.push(from)
    head.push(headOf[by]!)
    direction.push(by)
  }
  for (let e = 0; e < edges.edgeFrom.length; e++) {
    add(edges.edgeFrom[e]!, 2 * e)
    add(edges.edgeTo[e]!, 2 * e + 1)
  }
  edges.turns.forEach((turn, index) => {
    for (const leaving of turn.leaving) add(junctionCount + index, leaving)
  })
  return {
    tail: Uint32Array.from(tail),
    head: Uint32Array.from(head),
    direction: Uint32Array.from(direction),
  }
}

/** Marks the edges of the component with the most metres of road: by nodes, a ring road would count as one. */
function markLongest(edges: RoadEdges, arcs: Arcs, component: Uint32Array): Uint8Array {
  const metres = new Map<number, number>()
  const inside = (arc: number) => {
    const of = component[arcs.tail[arc]!]!
    return of === component[arcs.head[arc]!] ? of : 0
  }
  for (let arc = 0; arc < arcs.tail.length; arc++) {
    const of = inside(arc)
    if (of > 0) metres.set(of, (metres.get(of) ?? 0) + edges.edgeMetres[arcs.direction[arc]! >> 1]!)
  }
  let longest = 0
  for (const [of, length] of metres) if (length > (metres.get(longest) ?? 0)) longest = of
  const edgeIsConnected = new Uint8Array(edges.edgeFrom.length)
  for (let arc = 0; arc < arcs.tail.length; arc++) {
    if (longest > 0 && inside(arc) === longest) edgeIsConnected[arcs.direction[arc]! >> 1] = 1
  }
  return edgeIsConnected
}

/** Compressed rows by counting sort: the arcs of node n lie together, and in a fixed order. */
function layOut(nodeCount: number, key: Uint32Array, other: Uint32Array, by: Uint32Array, edges: RoadEdges) {
  const first = new Uint32Array(nodeCount + 1)
  for (const node of key) first[node + 1]!++
  for (let n = 0; n < nodeCount; n++) first[n + 1]! += first[n]!
  const next = first.slice()
  const rowOther = new Uint32Array(key.length)
  const direction = new Uint32Array(key.length)
  const seconds = new Float32Array(key.length)
  const metres = new Float32Array(key.length)
  for (let arc = 0; arc < key.length; arc++) {
    const at = next[key[arc]!]!++
    rowOther[at] = other[arc]!
    direction[at] = by[arc]!
    seconds[at] = edges.directionSeconds[by[arc]!]!
    metres[at] = edges.edgeMetres[by[arc]! >> 1]!
  }
  return { first, other: rowOther, direction, seconds, metres }
}

function shapeBounds(edges: RoadEdges): Bounds | null {
  return boundsOf(shapePoints(edges))
}

function* shapePoints({ shapeLon, shapeLat }: RoadEdges) {
  for (let i = 0; i < shapeLon.length; i++) yield { lon: shapeLon[i]! / DEGREE, lat: shapeLat[i]! / DEGREE }
}
