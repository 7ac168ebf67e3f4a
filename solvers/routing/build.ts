import { distanceMetres } from '../../foundation/core/geo.ts'
import type { RoadEdges, RoadGraph, TurnRule } from './graph.ts'
import { assembleGraph, DEGREE } from './graph.ts'
import type { RoadClass } from './profile.ts'
import { DEFAULT_SPEED_KILOMETRES_PER_HOUR, ROAD_CLASSES } from './profile.ts'

/** A point of a road. Roads that carry the same id meet there. */
export interface RoadNode {
  readonly id: number
  readonly lon: number
  readonly lat: number
}

/** A road as it is drawn: any length, crossing any number of others at shared nodes. */
export interface RoadWay {
  readonly id: number
  readonly class: RoadClass
  readonly name: string
  readonly nodes: readonly RoadNode[]
  /** `forward`: as drawn only. `backward`: against it only. */
  readonly oneWay: 'no' | 'forward' | 'backward'
  /** Where it differs from the typical speed of the class. */
  readonly speedKilometresPerHour?: number
}

/** OpenStreetMap's simple restriction: from a way over a node to a way. */
export interface TurnRestriction {
  readonly kind: 'no' | 'only'
  readonly fromWay: number
  readonly viaNode: number
  readonly toWay: number
}

export interface BuiltRoadGraph {
  readonly graph: RoadGraph
  readonly restrictionsApplied: number
  /** Restrictions that name a road that is not here, or that do not say which of two arms they mean. */
  readonly restrictionsIgnored: number
}

/** Builds the road graph of ways, cut where they meet. Ways with fewer than two distinct points are left out. */
export function buildRoadGraph(
  ways: Iterable<RoadWay>,
  restrictions: readonly TurnRestriction[] = [],
): BuiltRoadGraph {
  const drawn = [...ways].map(withoutRepeatedPoints).filter((way) => way.nodes.length > 1)
  const junctions = findJunctions(drawn, restrictions)
  const laid = layEdges(drawn, junctions)
  const { turns, applied, ignored } = turnRules(laid, restrictions)
  return {
    graph: assembleGraph({ ...laid.edges, turns }),
    restrictionsApplied: applied,
    restrictionsIgnored: ignored,
  }
}

function withoutRepeatedPoints(way: RoadWay): RoadWay {
  const nodes = way.nodes.filter((node, i) => {
    const before = way.nodes[i - 1]
    return before === undefined || before.id !== node.id
  })
  return nodes.length === way.nodes.length ? way : { ...way, nodes }
}

/** Ends, crossings and the nodes that a restriction names. */
function findJunctions(
  ways: readonly RoadWay[],
  restrictions: readonly TurnRestriction[],
): ReadonlySet<number> {
  const seen = new Set<number>()
  const junctions = new Set<number>(restrictions.map((restriction) => restriction.viaNode))
  for (const { nodes } of ways) {
    for (const { id } of nodes) {
      if (seen.has(id)) junctions.add(id)
      else seen.add(id)
    }
    junctions.add(nodes[0]!.id)
    junctions.add(nodes[nodes.length - 1]!.id)
  }
  return junctions
}

interface LaidEdges {
  readonly edges: Omit<RoadEdges, 'turns'>
  readonly nodeIndex: ReadonlyMap<number, number>
  readonly edgesOfWay: ReadonlyMap<number, readonly number[]>
}

function layEdges(ways: readonly RoadWay[], junctions: ReadonlySet<number>): LaidEdges {
  const nodeIndex = new Map<number, number>()
  const nodeLon: number[] = []
  const nodeLat: number[] = []
  const nodeOf = (node: RoadNode) => {
    let index = nodeIndex.get(node.id)
    if (index === undefined) {
      index = nodeIndex.size
      nodeIndex.set(node.id, index)
      nodeLon.push(Math.round(node.lon * DEGREE))
      nodeLat.push(Math.round(node.lat * DEGREE))
    }
    return index
  }
  const nameIndex = new Map<string, number>([['', 0]])
  const nameOf = (name: string) => {
    const known = nameIndex.get(name)
    if (known !== undefined) return known
    nameIndex.set(name, nameIndex.size)
    return nameIndex.size - 1
  }
  const from: number[] = []
  const to: number[] = []
  const metres: number[] = []
  const seconds: number[] = []
  const edgeClass: number[] = []
  const edgeName: number[] = []
  const shapeStart: number[] = [0]
  const shapeLon: number[] = []
  const shapeLat: number[] = []
  const edgesOfWay = new Map<number, number[]>()

  for (const way of ways) {
    const speed = way.speedKilometresPerHour ?? DEFAULT_SPEED_KILOMETRES_PER_HOUR[way.class]
    const ofWay = edgesOfWay.get(way.id) ?? []
    edgesOfWay.set(way.id, ofWay)
    let start = 0
    for (let i = 1; i < way.nodes.length; i++) {
      if (!junctions.has(way.nodes[i]!.id)) continue
      let length = 0
      for (let p = start; p <= i; p++) {
        const node = way.nodes[p]!
        if (p > start) length += distanceMetres(way.nodes[p - 1]!, node)
        shapeLon.push(Math.round(node.lon * DEGREE))
        shapeLat.push(Math.round(node.lat * DEGREE))
      }
      const drive = length / (speed / 3.6)
      ofWay.push(from.length)
      from.push(nodeOf(way.nodes[start]!))
      to.push(nodeOf(way.nodes[i]!))
      metres.push(length)
      seconds.push(way.oneWay === 'backward' ? Infinity : drive, way.oneWay === 'forward' ? Infinity : drive)
      edgeClass.push(ROAD_CLASSES.indexOf(way.class))
      edgeName.push(nameOf(way.name))
      shapeStart.push(shapeLon.length)
      start = i
    }
  }
  return {
    nodeIndex,
    edgesOfWay,
    edges: {
      nodeLon: Int32Array.from(nodeLon),
      nodeLat: Int32Array.from(nodeLat),
      edgeFrom: Uint32Array.from(from),
      edgeTo: Uint32Array.from(to),
      edgeMetres: Float32Array.from(metres),
      directionSeconds: Float32Array.from(seconds),
      edgeClass: Uint8Array.from(edgeClass),
      edgeName: Uint32Array.from(edgeName),
      names: [...nameIndex.keys()],
      shapeStart: Uint32Array.from(shapeStart),
      shapeLon: Int32Array.from(shapeLon),
      shapeLat: Int32Array.from(shapeLat),
    },
  }
}

/**
 * Turns restrictions into allowed ways out. A restriction is taken only where it is beyond doubt: exactly one
 * drivable direction of `fromWay` arrives at the node, and `toWay` leaves it (exactly once for `only`).
 */
function turnRules(laid: LaidEdges, restrictions: readonly TurnRestriction[]) {
  const { edges, nodeIndex, edgesOfWay } = laid
  const leavingFrom = directionsByTail(edges)
  const allowed = new Map<number, number[]>()
  let applied = 0
  for (const { kind, fromWay, viaNode, toWay } of restrictions) {
    const via = nodeIndex.get(viaNode)
    if (via === undefined) continue
    const arriving = directionsOf(edgesOfWay.get(fromWay)).filter(
      (by) => headOfDirection(edges, by) === via && isOpen(edges, by),
    )
    const leaving = directionsOf(edgesOfWay.get(toWay)).filter(
      (by) => tailOfDirection(edges, by) === via && isOpen(edges, by),
    )
    if (arriving.length !== 1 || leaving.length === 0 || (leaving.length > 1 && kind === 'only')) continue
    const waysOut = allowed.get(arriving[0]!) ?? leavingFrom.get(via) ?? []
    const remaining = waysOut.filter((by) => leaving.includes(by) === (kind === 'only'))
    allowed.set(arriving[0]!, remaining)
    applied++
  }
  const turns: TurnRule[] = [...allowed]
    .map(([arriving, leaving]) => ({ arriving, leaving }))
    .sort((a, b) => a.arriving - b.arriving)
  return { turns, applied, ignored: restrictions.length - applied }
}

type Edges = Omit<RoadEdges, 'turns'>

const isOpen = (edges: Edges, by: number) => edges.directionSeconds[by] !== Infinity
const headOfDirection = (edges: Edges, by: number) => (by & 1 ? edges.edgeFrom : edges.edgeTo)[by >> 1]
const tailOfDirection = (edges: Edges, by: number) => (by & 1 ? edges.edgeTo : edges.edgeFrom)[by >> 1]
const directionsOf = (edges: readonly number[] = []) => edges.flatMap((edge) => [2 * edge, 2 * edge + 1])

function directionsByTail(edges: Edges): ReadonlyMap<number, readonly number[]> {
  const byTail = new Map<number, number[]>()
  for (let by = 0; by < edges.directionSeconds.length; by++) {
    if (!isOpen(edges, by)) continue
    const tail = tailOfDirection(edges, by)!
    const list = byTail.get(tail)
    if (list) list.push(by)
    else byTail.set(tail, [by])
  }
  return byTail
}
