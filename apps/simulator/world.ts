import { isRefusal } from '../../foundation/core/outcome.ts'
import type { Instant } from '../../foundation/core/instant.ts'
import { distanceMetres, type Position } from '../../foundation/core/geo.ts'
import {
  createRouter,
  decodeRoadGraph,
  type RoadGraph,
  type Router,
} from '../../capabilities/place/core/index.ts'
import { isRefused, type Api, type Refused } from './api.ts'
import { placeOf, type Crew, type Task, type World } from './crew.ts'
import type {
  AreaSeen,
  AssignmentSeen,
  IncidentSeen,
  KeyPlaceSeen,
  OrganisationSeen,
  PatrolOrderSeen,
  UnitSeen,
} from './shapes.ts'

/** The answer; throws where the API refused, since the simulator asks only for what its account may have. */
export async function demand<T>(asked: Promise<T | Refused>): Promise<T> {
  const answer = await asked
  if (isRefused(answer)) throw new Error(`the API refused the simulator: ${answer.refused}`)
  return answer as T
}

export function readGraph(roads: Uint8Array): RoadGraph {
  const graph = decodeRoadGraph(roads)
  if (isRefusal(graph)) throw new Error(`road network: ${graph.refused}`)
  return graph
}

export async function lookAround(
  api: Api,
  graph: RoadGraph | null,
  speed: number,
  fixSeconds: readonly [number, number],
): Promise<World> {
  const { areas } = await demand(api.get<{ areas: readonly AreaSeen[] }>('/api/areas'))
  const { organisations } = await demand(
    api.get<{ organisations: readonly OrganisationSeen[] }>('/api/organisations'),
  )
  const beats = areas.filter(({ kind }) => kind === 'beat')
  const beatsOf = new Map<string, AreaSeen['ring'][]>()
  for (const { organisationId, ring } of beats) {
    if (organisationId === null) continue
    beatsOf.set(organisationId, [...(beatsOf.get(organisationId) ?? []), ring])
  }
  return {
    router: createRouter(graph),
    beats: beatsOf,
    allBeats: (beats.length > 0 ? beats : areas).map(({ ring }) => ring),
    stations: new Map(
      organisations.flatMap(({ id, position }) => (position ? [[id, position] as const] : [])),
    ),
    keyPlaces: [],
    directed: new Map(),
    speed,
    fixSeconds,
  }
}

export function keyPlacesOf(states: readonly KeyPlaceSeen[]): World['keyPlaces'] {
  return states.map(({ name, lon, lat, state }) => ({
    name,
    lon,
    lat,
    isUncovered: state === 'uncovered' || state === 'alarm',
  }))
}

/** Where each unit is wanted by orders whose band is now and that have not been done. */
export function directedPlaces(orders: readonly PatrolOrderSeen[], now: Instant): World['directed'] {
  const directed = new Map<string, Position[]>()
  for (const { place, units, progress } of orders) {
    const current = progress?.current
    if (!current || current.outcome === 'done' || Date.parse(current.startsAt) > now) continue
    for (const { unitId } of units) directed.set(unitId, [...(directed.get(unitId) ?? []), place])
  }
  return directed
}

export const isOffStreet = (status: string): boolean =>
  ['off-duty', 'briefing', 'break', 'out-of-service'].includes(status)

/** What a unit's status and order ask of its crew. */
export function taskOf(
  unit: UnitSeen,
  order: AssignmentSeen | undefined,
  incident: IncidentSeen | undefined,
): Task {
  if (order?.role === 'handle' && incident && (order.state === 'en-route' || order.state === 'on-scene'))
    return { kind: 'go-to', key: order.id, to: incident.position }
  if (order?.state === 'ordered' || order?.state === 'acknowledged') return { kind: 'stay' }
  if (isOffStreet(unit.status)) return { kind: 'rest' }
  return unit.status === 'patrolling' ? { kind: 'patrol' } : { kind: 'stay' }
}

export function nearestPatrol(
  crews: ReadonlyMap<string, Crew>,
  units: ReadonlyMap<string, UnitSeen>,
  place: Position,
  now: Instant,
): string | null {
  let best: string | null = null
  let nearest = Infinity
  for (const { id, status } of units.values()) {
    const crew = status === 'patrolling' ? crews.get(id) : undefined
    if (!crew) continue
    const metres = distanceMetres(placeOf(crew, now), place)
    if (metres >= nearest) continue
    nearest = metres
    best = id
  }
  return best
}

/** The name of the street at a place; its coordinates where no named street is near. */
export function streetAt(router: Router, graph: RoadGraph | null, place: Position): string {
  const snap = graph && router.snap(place)
  const name = snap ? graph.names[graph.edgeName[snap.edge]!] : ''
  return name || `${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`
}
