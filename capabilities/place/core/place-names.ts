import type { Bounds, Position } from '../../../foundation/core/geo.ts'
import { boundsOf, distanceMetres, EARTH_RADIUS_METRES } from '../../../foundation/core/geo.ts'
import type { RoadWay } from '../../../solvers/routing/build.ts'
import type { BasemapFeature } from './features.ts'
import { labelPosition } from './features.ts'
import { searchText } from './place-query.ts'

/**
 * A name that a caller may give for where they are. `kind`: `street`, `intersection`, a settlement (`suburb` …) or a
 * point of interest (`station`, `hospital` …).
 */
export interface PlaceName {
  readonly name: string
  readonly kind: string
  readonly lon: number
  readonly lat: number
  /** What a query is compared with: see place-query.ts. */
  readonly searchText: string
}

/** Streets of one name farther apart than this are two streets: Landstrasse in one village and in the next. */
const SAME_STREET_METRES = 800
const METRES_PER_DEGREE = (EARTH_RADIUS_METRES * Math.PI) / 180
/** Crossings of the same two streets nearer than this are one: a dual carriageway crosses twice or four times. */
const SAME_CROSSING_METRES = 200

/** All names of a district for the type-ahead: its streets, where they cross, its settlements and its places. */
export function placeNamesOf(ways: readonly RoadWay[], features: Iterable<BasemapFeature>): PlaceName[] {
  return [...streetNames(ways), ...intersectionNames(ways), ...namedPlaces(features)]
}

const place = (name: string, kind: string, { lon, lat }: Position): PlaceName => ({
  name,
  kind,
  lon,
  lat,
  searchText: searchText(name),
})

function streetNames(ways: readonly RoadWay[]): PlaceName[] {
  const byName = new Map<string, RoadWay[]>()
  for (const way of ways) {
    if (way.name === '' || way.nodes.length === 0) continue
    const list = byName.get(way.name)
    if (list) list.push(way)
    else byName.set(way.name, [way])
  }
  return [...byName].flatMap(([name, ofName]) =>
    groupWays(ofName).map((ways) => place(name, 'street', mostCentral(ways.flatMap((way) => way.nodes)))),
  )
}

/** Ways of one name as streets: what lies within reach of each other's outline is one, however it was drawn. */
function groupWays(ways: readonly RoadWay[]): RoadWay[][] {
  const boxes = ways.map((way) => boundsOf(way.nodes)!)
  const left = new Set(ways.keys())
  const groups: RoadWay[][] = []
  for (const start of left) {
    left.delete(start)
    const group = [start]
    for (const member of group) {
      for (const other of left) {
        if (!areNear(boxes[member]!, boxes[other]!)) continue
        left.delete(other)
        group.push(other)
      }
    }
    groups.push(group.map((index) => ways[index]!))
  }
  return groups
}

function areNear(a: Bounds, b: Bounds): boolean {
  const lat = SAME_STREET_METRES / METRES_PER_DEGREE
  const lon = lat / Math.cos((a.south * Math.PI) / 180)
  return (
    a.west - lon <= b.east && b.west - lon <= a.east && a.south - lat <= b.north && b.south - lat <= a.north
  )
}

/** `人民路与解放路` where either name is Chinese, `Main Street & 1st Avenue` otherwise. */
export function intersectionName(a: string, b: string): string {
  const [first, second] = a.localeCompare(b, 'en') <= 0 ? [a, b] : [b, a]
  return isChinese(first) || isChinese(second) ? `${first}与${second}` : `${first} & ${second}`
}

const isChinese = (text: string) => /\p{Script=Han}/u.test(text)

function intersectionNames(ways: readonly RoadWay[]): PlaceName[] {
  const namesAt = new Map<number, { node: Position; names: Set<string> }>()
  for (const way of ways) {
    if (way.name === '') continue
    for (const node of way.nodes) {
      const here = namesAt.get(node.id)
      if (here) here.names.add(way.name)
      else namesAt.set(node.id, { node, names: new Set([way.name]) })
    }
  }
  const crossings = new Map<string, Position[]>()
  for (const { node, names } of namesAt.values()) {
    if (names.size < 2) continue
    const list = [...names]
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        const name = intersectionName(list[i]!, list[j]!)
        const positions = crossings.get(name)
        if (positions) positions.push(node)
        else crossings.set(name, [node])
      }
    }
  }
  return [...crossings].flatMap(([name, positions]) =>
    clusters(positions, SAME_CROSSING_METRES).map((members) =>
      place(name, 'intersection', mostCentral(members)),
    ),
  )
}

function* namedPlaces(features: Iterable<BasemapFeature>): Generator<PlaceName> {
  const seen = new Map<string, Position[]>()
  for (const feature of features) {
    if (feature.name === '' || !isNamedPlace(feature)) continue
    const position = labelPosition(feature.geometry)
    const known = seen.get(`${feature.kind}\n${feature.name}`) ?? []
    if (known.some((other) => distanceMetres(other, position) < SAME_CROSSING_METRES)) continue
    seen.set(`${feature.kind}\n${feature.name}`, [...known, position])
    yield place(feature.name, feature.kind, position)
  }
}

const isNamedPlace = ({ layer, kind }: BasemapFeature) =>
  layer === 'places' || (layer === 'landuse' && kind === 'park') || (layer === 'water' && kind === 'water')

/** Groups positions so that each lies within the distance of another of its group. */
function clusters(positions: readonly Position[], metres: number): Position[][] {
  const left = new Set(positions)
  const groups: Position[][] = []
  for (const start of left) {
    left.delete(start)
    const group = [start]
    for (let i = 0; i < group.length; i++) {
      for (const other of left) {
        if (distanceMetres(group[i]!, other) > metres) continue
        left.delete(other)
        group.push(other)
      }
    }
    groups.push(group)
  }
  return groups
}

/** The member nearest to the middle of all: always a point on the street, never one beside it. */
function mostCentral(members: readonly Position[]): Position {
  const middle = {
    lon: members.reduce((sum, member) => sum + member.lon, 0) / members.length,
    lat: members.reduce((sum, member) => sum + member.lat, 0) / members.length,
  }
  return members.reduce((best, member) =>
    distanceMetres(member, middle) < distanceMetres(best, middle) ? member : best,
  )
}
