import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../foundation/core/outcome.ts'
import { destination, distanceMetres } from '../../foundation/core/geo.ts'
import type { RoadNode, RoadWay, TurnRestriction } from './build.ts'
import { buildRoadGraph } from './build.ts'
import { decodeRoadGraph, encodeRoadGraph } from './codec.ts'
import type { RoadGraph } from './graph.ts'
import { MinHeap } from './heap.ts'
import { createRouter } from './router.ts'
import { placeOnRoute } from './route.ts'
import { createSearch } from './search.ts'

/** Junctions 100 m apart on a drawn map: column right of the origin, row above it. */
const ORIGIN = { lon: 116.4, lat: 39.9 }
const at = (column: number, row: number) => destination(destination(ORIGIN, 90, column * 100), 0, row * 100)
const node = (column: number, row: number): RoadNode => ({ id: column + 1000 * row, ...at(column, row) })

let wayId = 1
const way = (nodes: readonly RoadNode[], more: Partial<RoadWay> = {}): RoadWay => ({
  id: wayId++,
  class: 'residential',
  name: '',
  oneWay: 'no',
  speedKilometresPerHour: 36,
  nodes,
  ...more,
})

const graphOf = (ways: readonly RoadWay[], restrictions: readonly TurnRestriction[] = []) =>
  buildRoadGraph(ways, restrictions).graph

/** Access by foot would hide what the roads say, so it is as good as free here. */
const routerOf = (ways: readonly RoadWay[], restrictions: readonly TurnRestriction[] = []) =>
  createRouter(graphOf(ways, restrictions), { accessKilometresPerHour: 1e9 })

/**
 * The plainest shortest path there is: relax every pair of consecutive pieces of road until nothing falls.
 * A state is «arrived at node n by way w from node m», so turn restrictions are looked up, not built in.
 */
function naiveSeconds(ways: readonly RoadWay[], restrictions: readonly TurnRestriction[], from: number) {
  const pieces: { way: RoadWay; from: number; to: number; seconds: number }[] = []
  for (const w of ways) {
    for (let i = 1; i < w.nodes.length; i++) {
      const [a, b] = [w.nodes[i - 1]!, w.nodes[i]!]
      if (a.id === b.id) continue
      const seconds = distanceMetres(a, b) / (w.speedKilometresPerHour! / 3.6)
      if (w.oneWay !== 'backward') pieces.push({ way: w, from: a.id, to: b.id, seconds })
      if (w.oneWay !== 'forward') pieces.push({ way: w, from: b.id, to: a.id, seconds })
    }
  }
  const mayTurn = (a: (typeof pieces)[number], b: (typeof pieces)[number]) => {
    const here = restrictions.filter((r) => r.fromWay === a.way.id && r.viaNode === a.to)
    return here.every((r) => (r.toWay === b.way.id) === (r.kind === 'only'))
  }
  const best = pieces.map((piece) => (piece.from === from ? piece.seconds : Infinity))
  for (let changed = true; changed;) {
    changed = false
    pieces.forEach((a, i) =>
      pieces.forEach((b, j) => {
        if (a.to !== b.from || !mayTurn(a, b) || best[i]! + b.seconds >= best[j]! - 1e-9) return
        best[j] = best[i]! + b.seconds
        changed = true
      }),
    )
  }
  return (to: number) =>
    to === from
      ? 0
      : pieces.reduce((least, p, i) => (p.to === to ? Math.min(least, best[i]!) : least), Infinity)
}

/** Roads of two points on a 4 × 4 map, so that every restriction says beyond doubt which arm it means. */
const randomWays = fc.array(
  fc.record({
    a: fc.tuple(fc.nat(3), fc.nat(3)),
    b: fc.tuple(fc.nat(3), fc.nat(3)),
    oneWay: fc.constantFrom('no' as const, 'forward' as const, 'backward' as const),
    speed: fc.integer({ min: 5, max: 120 }),
  }),
  { minLength: 1, maxLength: 30 },
)
const drawn = (
  raw: { a: [number, number]; b: [number, number]; oneWay: RoadWay['oneWay']; speed: number }[],
) =>
  raw
    .filter(({ a, b }) => a[0] !== b[0] || a[1] !== b[1])
    .map(({ a, b, oneWay, speed }, i) =>
      way([node(...a), node(...b)], { id: i + 1, oneWay, speedKilometresPerHour: speed }),
    )
const nodeIds = (ways: readonly RoadWay[]) => [...new Set(ways.flatMap((w) => w.nodes.map((n) => n.id)))]

/** Index that the graph gives to a node: junctions are numbered as they are met. */
function nodeNumbers(ways: readonly RoadWay[]): Map<number, number> {
  const numbers = new Map<number, number>()
  for (const id of ways.flatMap((w) => w.nodes.map((n) => n.id))) {
    if (!numbers.has(id)) numbers.set(id, numbers.size)
  }
  return numbers
}

/** Quickest time to a junction, by whichever of its arrivals. */
function quickest(graph: RoadGraph, seconds: Float64Array, junction: number): number {
  let least = seconds[junction]!
  graph.headOf.forEach((head, direction) => {
    const reached = direction & 1 ? graph.edgeFrom[direction >> 1] : graph.edgeTo[direction >> 1]
    if (reached === junction) least = Math.min(least, seconds[head]!)
  })
  return least
}

describe('shortest paths', () => {
  it('agree with a naive search on random maps, forwards, with turn restrictions', () => {
    const arbitrary = fc.tuple(
      randomWays,
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 6 }),
    )
    fc.assert(
      fc.property(arbitrary, ([raw, rawRestrictions]) => {
        const ways = drawn(raw)
        fc.pre(ways.length > 0)
        const restrictions = rawRestrictions.flatMap(([f, t, only]): TurnRestriction[] => {
          const from = ways[f % ways.length]!
          const via = from.nodes[from.oneWay === 'backward' ? 0 : 1]!
          const leaving = ways.filter(
            (w) =>
              (w.oneWay !== 'backward' && w.nodes[0]!.id === via.id) ||
              (w.oneWay !== 'forward' && w.nodes[1]!.id === via.id),
          )
          if (leaving.length === 0) return []
          const to = leaving[t % leaving.length]!
          return [{ kind: only ? 'only' : 'no', fromWay: from.id, viaNode: via.id, toWay: to.id }]
        })
        const built = buildRoadGraph(ways, restrictions)
        expect(built.restrictionsIgnored).toBe(0)
        const numbers = nodeNumbers(ways)
        const start = ways[0]!.nodes[0]!.id
        const naive = naiveSeconds(ways, restrictions, start)
        const reach = createSearch(built.graph).run('out', [
          { node: numbers.get(start)!, seconds: 0, metres: 0, direction: 0 },
        ])
        for (const id of nodeIds(ways)) {
          const ours = quickest(built.graph, reach.seconds, numbers.get(id)!)
          const theirs = naive(id)
          if (theirs === Infinity) expect(ours).toBe(Infinity)
          else expect(ours).toBeCloseTo(theirs, 2)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('are the same backwards as forwards', () => {
    fc.assert(
      fc.property(randomWays, (raw) => {
        const ways = drawn(raw)
        fc.pre(ways.length > 0)
        const graph = graphOf(ways)
        const forwards = createSearch(graph)
        const backwards = createSearch(graph)
        const target = 0
        const into = backwards.run('in', [{ node: target, seconds: 0, metres: 0, direction: 0 }])
        for (let source = 0; source < graph.nodeCount; source++) {
          const out = forwards.run('out', [{ node: source, seconds: 0, metres: 0, direction: 0 }], [target])
          if (out.seconds[target] === Infinity) expect(into.seconds[source]).toBe(Infinity)
          else expect(out.seconds[target]!).toBeCloseTo(into.seconds[source]!, 3)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('from many to one, one to many, the matrix and the route give one figure', () => {
    const places = fc.array(
      fc.tuple(
        fc.double({ min: -0.5, max: 3.5, noNaN: true }),
        fc.double({ min: -0.5, max: 3.5, noNaN: true }),
      ),
      {
        minLength: 2,
        maxLength: 5,
      },
    )
    fc.assert(
      fc.property(randomWays, places, (raw, spots) => {
        const ways = drawn(raw)
        fc.pre(ways.length > 0)
        const router = createRouter(graphOf(ways))
        const positions = spots.map(([column, row]) => at(column, row))
        const matrix = router.travelMatrix(positions, positions)
        positions.forEach((to, column) => {
          const toOne = router.travelToOne(to, positions)
          positions.forEach((from, row) => {
            const one = router.travelFromOne(from, [to])[0]!
            const route = router.route(from, to)
            expect(toOne[row]!.basis).toBe(one.basis)
            expect(toOne[row]!.seconds).toBeCloseTo(one.seconds, 3)
            expect(matrix.seconds[row * positions.length + column]).toBeCloseTo(one.seconds, 3)
            expect(route.basis).toBe(one.basis)
            expect(route.seconds).toBeCloseTo(one.seconds, 3)
            route.points.forEach((point, i) =>
              expect(point.atSeconds).toBeGreaterThanOrEqual(route.points[i - 1]?.atSeconds ?? 0),
            )
            expect(route.points[route.points.length - 1]!.atSeconds).toBeCloseTo(route.seconds, 6)
          })
        })
      }),
      { numRuns: 100 },
    )
  })
})

describe('a one-way street', () => {
  const ways = [
    way([node(0, 0), node(1, 0)], { oneWay: 'forward' }),
    way([node(1, 0), node(1, 1), node(0, 1), node(0, 0)]),
  ]
  it('is driven as drawn and gone round against it', () => {
    const router = routerOf(ways)
    expect(router.travel(at(0, 0), at(1, 0)).seconds).toBeCloseTo(10, 1)
    expect(router.travel(at(1, 0), at(0, 0)).seconds).toBeCloseTo(30, 1)
  })
  it('is gone round even between two points of itself', () => {
    const router = routerOf(ways)
    expect(router.travel(at(0.2, 0), at(0.8, 0)).seconds).toBeCloseTo(6, 1)
    expect(router.travel(at(0.8, 0), at(0.2, 0)).seconds).toBeCloseTo(34, 1)
  })
})

describe('a turn restriction', () => {
  /** A crossing at (1, 1) with a block round the south-east: straight on to (2, 1), right to (1, 0). */
  const west = way([node(0, 1), node(1, 1)], { id: 901 })
  const east = way([node(1, 1), node(2, 1)], { id: 902, oneWay: 'forward' })
  const south = way([node(1, 1), node(1, 0)], { id: 903 })
  const block = way([node(2, 1), node(2, 0), node(1, 0)], { id: 904 })
  const ways = [west, east, south, block]
  const noRight: TurnRestriction = { kind: 'no', fromWay: 901, viaNode: node(1, 1).id, toWay: 903 }

  it('is obeyed: the way goes round the block', () => {
    expect(routerOf(ways).travel(at(0.5, 1), at(1, 0.5)).seconds).toBeCloseTo(10, 1)
    expect(routerOf(ways, [noRight]).travel(at(0.5, 1), at(1, 0.5)).seconds).toBeCloseTo(40, 1)
  })
  it('binds only those who come from the named road', () => {
    expect(routerOf(ways, [noRight]).travel(at(1, 0.5), at(1, 0.2)).seconds).toBeCloseTo(3, 1)
    expect(routerOf(ways, [noRight]).travel(at(1.5, 1), at(0.5, 1)).seconds).toBeCloseTo(40, 1)
  })
  it('of the kind «only» forbids the rest', () => {
    const onlyStraight: TurnRestriction = { ...noRight, kind: 'only', toWay: 902 }
    expect(routerOf(ways, [onlyStraight]).travel(at(0.5, 1), at(1, 0.5)).seconds).toBeCloseTo(40, 1)
  })
  it('is counted as ignored when its road is not on the map', () => {
    const built = buildRoadGraph(ways, [{ ...noRight, toWay: 4711 }])
    expect([built.restrictionsApplied, built.restrictionsIgnored]).toEqual([0, 1])
  })
})

describe('snapping', () => {
  const main = way([node(0, 0), node(5, 0)], { name: '人民路' })
  it('finds the nearest point on a road, not the nearest junction', () => {
    const snap = routerOf([main]).snap(at(2, 0.3))!
    expect(snap.share).toBeCloseTo(0.4, 3)
    expect(snap.offRoadMetres).toBeCloseTo(30, 0)
    expect(distanceMetres(snap, at(2, 0))).toBeLessThan(0.5)
  })
  it('prefers the connected network to an island that is nearer', () => {
    const ring = way([node(0, 0), node(5, 0), node(5, 5), node(0, 0)])
    const island = way([node(2, 1), node(3, 1)])
    const graph = graphOf([ring, island])
    expect(createRouter(graph).snap(at(2.5, 0.9))!.isConnected).toBe(true)
    expect(createRouter(graph, { preferConnectedMetres: 10 }).snap(at(2.5, 0.9))!.isConnected).toBe(false)
  })
  it('does not strand a unit in a street that one cannot leave', () => {
    const ring = way([node(0, 0), node(5, 0), node(5, 5), node(0, 0)])
    const trap = way([node(2, 0), node(2, -1)], { oneWay: 'forward' })
    const joined = [way([node(0, 0), node(2, 0), node(5, 0)]), ring, trap]
    expect(routerOf(joined).travel(at(2.01, -0.9), at(5, 5)).basis).toBe('road')
  })
  it('gives nothing when no road is within reach', () => {
    expect(routerOf([main]).snap(at(2, 40))).toBeNull()
  })
})

describe('the straight line', () => {
  it('is used without roads and says so', () => {
    const router = createRouter(null)
    const travel = router.travel(at(0, 0), at(10, 0))
    expect(travel.basis).toBe('straight-line')
    expect(travel.metres).toBeCloseTo(1300, 0)
    expect(travel.seconds).toBeCloseTo(1300 / (30 / 3.6), 0)
    expect(router.route(at(0, 0), at(10, 0)).points).toHaveLength(2)
  })
  it('stands in where the roads do not join, and beyond the reach of any road', () => {
    const router = routerOf([way([node(0, 0), node(1, 0)]), way([node(40, 0), node(41, 0)])])
    expect(router.travel(at(0, 0), at(41, 0)).basis).toBe('straight-line')
    expect(router.travel(at(0, 0), at(0, 60)).basis).toBe('straight-line')
    expect(router.route(at(0, 0), at(41, 0)).basis).toBe('straight-line')
  })
})

describe('a route', () => {
  const router = routerOf([
    way([node(0, 0), node(1, 0), node(2, 0)], { name: '人民路' }),
    way([node(2, 0), node(2, 1), node(2, 2)], { name: '解放路' }),
  ])
  const route = router.route(at(0.5, 0), at(2, 1.5))
  it('passes the corners and names the streets', () => {
    expect(route.streets).toEqual(['人民路', '解放路'])
    expect(route.metres).toBeCloseTo(300, 0)
    expect(route.seconds).toBeCloseTo(30, 1)
    expect(route.points.some((point) => distanceMetres(point, at(2, 0)) < 0.1)).toBe(true)
  })
  it('tells where one is at each moment', () => {
    const place = placeOnRoute(route, 20)
    expect(distanceMetres(place, at(2, 0.5))).toBeLessThan(1)
    expect(place.bearingDegrees % 360).toBeCloseTo(0, 0)
    expect(place.speedMetresPerSecond).toBeCloseTo(10, 1)
    expect(distanceMetres(placeOnRoute(route, -5), at(0.5, 0))).toBeLessThan(0.1)
    expect(placeOnRoute(route, 999)).toMatchObject({ isArrived: true, speedMetresPerSecond: 0 })
  })
  it('from a place to itself has two points and takes no time', () => {
    const none = router.route(at(1, 0), at(1, 0))
    expect(none.points.length).toBeGreaterThanOrEqual(2)
    expect(none.seconds).toBeCloseTo(0, 6)
  })
})

describe('a stored graph', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(randomWays, (raw) => {
        const ways = drawn(raw).map((w, i) => ({ ...w, name: ['', '人民路', 'Main St', '𠮷野路'][i % 4]! }))
        const restriction: TurnRestriction[] =
          ways.length > 1 ? [{ kind: 'no', fromWay: 1, viaNode: ways[0]!.nodes[1]!.id, toWay: 1 }] : []
        const graph = graphOf(ways, restriction)
        expect(decodeRoadGraph(encodeRoadGraph(graph))).toEqual(graph)
      }),
      { numRuns: 50 },
    )
  })
  it('is refused when cut off, damaged or something else', () => {
    const bytes = encodeRoadGraph(graphOf([way([node(0, 0), node(1, 0)])]))
    for (let length = 0; length < bytes.length; length++) {
      expect(isRefusal(decodeRoadGraph(bytes.subarray(0, length)))).toBe(true)
    }
    expect(decodeRoadGraph(new TextEncoder().encode('PK\x03\x04 not a graph'))).toMatchObject({
      refused: 'road-graph-unreadable',
      detail: { reason: 'not-a-road-graph' },
    })
  })
  it('never throws, whatever the bytes', () => {
    const bytes = encodeRoadGraph(graphOf([way([node(0, 0), node(1, 0), node(1, 1)])]))
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (place, value) => {
        const damaged = bytes.slice()
        damaged[place] = value
        decodeRoadGraph(damaged)
      }),
    )
  })
})

describe('the heap', () => {
  it('gives items in the order of their lowest key', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.integer())), (pushes) => {
        const heap = new MinHeap(21)
        const lowest = new Map<number, number>()
        for (const [item, key] of pushes) {
          heap.push(item, key)
          lowest.set(item, Math.min(key, lowest.get(item) ?? Infinity))
        }
        const keys: number[] = []
        while (heap.size > 0) keys.push(lowest.get(heap.pop())!)
        expect(keys).toEqual([...lowest.values()].sort((a, b) => a - b))
      }),
    )
  })
})
