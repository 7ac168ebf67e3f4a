import type { Chance } from '../../foundation/core/chance.ts'
import { boundsOf, distanceMetres, isInsideRing, type Position } from '../../foundation/core/geo.ts'
import type { Instant } from '../../foundation/core/instant.ts'
import { placeOnRoute, type LonLat, type Route, type Router } from '../../capabilities/place/core/index.ts'
import type { SentFix } from './api.ts'

/** What the crew is told to do; it follows from its status and its order. */
export type Task =
  | { readonly kind: 'patrol' }
  | { readonly kind: 'go-to'; readonly key: string; readonly to: Position }
  | { readonly kind: 'stay' }
  /** Off the street: at the station, or on the way there. */
  | { readonly kind: 'rest' }

type Errand =
  | { readonly kind: 'drive'; readonly route: Route; readonly departedAt: Instant; readonly pace: number }
  | { readonly kind: 'stand'; readonly at: Position; readonly until: Instant }

/** One simulated crew. The functions below give the next one; nothing else moves it. */
export interface Crew {
  readonly unitId: string
  readonly deviceCode: string
  readonly organisationId: string
  readonly kind: string
  readonly task: Task
  readonly errand: Errand
  readonly nextFixAt: Instant
  readonly batteryPercent: number
}

/** What crews know of the world. */
export interface World {
  readonly router: Router
  /** Station and beat rings by organisation. */
  readonly beats: ReadonlyMap<string, readonly (readonly LonLat[])[]>
  readonly allBeats: readonly (readonly LonLat[])[]
  readonly stations: ReadonlyMap<string, Position>
  readonly keyPlaces: readonly (Position & { readonly name: string; readonly isUncovered: boolean })[]
  /** Where directed patrol orders want each unit now, by unit. */
  readonly directed: ReadonlyMap<string, readonly Position[]>
  /** How much faster than the clock crews live: 1 as people do. */
  readonly speed: number
  readonly fixSeconds: readonly [shortest: number, longest: number]
}

/** To an incident a crew drives briskly; on foot nobody keeps up with a car. */
const PACE: Readonly<Record<string, { patrol: number; respond: number }>> = {
  foot: { patrol: 0.16, respond: 0.28 },
  bicycle: { patrol: 0.3, respond: 0.5 },
  motorcycle: { patrol: 0.7, respond: 1.2 },
}
const CAR_PACE = { patrol: 0.6, respond: 1.1 }
/** A share of stops is at key places, most of them where one is uncovered, and long enough to be a visit (Koper: 10 to 16 minutes). */
const KEY_PLACE_SHARE = 0.3
const UNCOVERED_SHARE = 0.8
/** Of its stops on patrol a crew makes so many where it is directed to; the rest of its beat is seen too. */
const DIRECTED_SHARE = 0.5
const KEY_PLACE_STOP_SECONDS = [600, 960] as const
const STOP_SECONDS = [20, 120] as const
const ARRIVED_METRES = 60
const ATTEMPTS = 12

export function startCrew(
  unit: Pick<Crew, 'unitId' | 'deviceCode' | 'organisationId' | 'kind'>,
  at: Position | null,
  world: World,
  chance: Chance,
  now: Instant,
): Crew {
  const start = at ??
    placeInBeat(unit.organisationId, world, chance) ??
    world.stations.get(unit.organisationId) ?? { lon: 0, lat: 0 }
  return {
    ...unit,
    task: { kind: 'stay' },
    errand: { kind: 'stand', at: start, until: now },
    nextFixAt: now + chance.next() * 1000 * world.fixSeconds[0],
    batteryPercent: 60 + chance.below(40),
  }
}

export function placeOf(
  crew: Crew,
  now: Instant,
): Position & { speedMetresPerSecond: number; bearingDegrees: number } {
  const { errand } = crew
  if (errand.kind === 'stand') return { ...errand.at, speedMetresPerSecond: 0, bearingDegrees: 0 }
  const { lon, lat, speedMetresPerSecond, bearingDegrees } = placeOnRoute(
    errand.route,
    ((now - errand.departedAt) / 1000) * errand.pace,
  )
  return { lon, lat, bearingDegrees, speedMetresPerSecond: speedMetresPerSecond * errand.pace }
}

export function isThere(crew: Crew, to: Position, now: Instant): boolean {
  return isDone(crew.errand, now) && distanceMetres(placeOf(crew, now), to) < ARRIVED_METRES
}

function isDone(errand: Errand, now: Instant): boolean {
  return errand.kind === 'stand'
    ? now >= errand.until
    : ((now - errand.departedAt) / 1000) * errand.pace >= errand.route.seconds
}

/** Gives the crew a task; the same task again changes nothing. */
export function assign(crew: Crew, task: Task, world: World, now: Instant): Crew {
  if (crew.task.kind === task.kind && (task.kind !== 'go-to' || (crew.task as typeof task).key === task.key))
    return crew
  const here = placeOf(crew, now)
  switch (task.kind) {
    case 'go-to':
      return { ...crew, task, errand: drive(crew, here, task.to, 'respond', world, now) }
    case 'rest': {
      const station = world.stations.get(crew.organisationId)
      return {
        ...crew,
        task,
        errand: station ? drive(crew, here, station, 'patrol', world, now) : stand(here, now),
      }
    }
    case 'stay':
    case 'patrol':
      return { ...crew, task, errand: stand(here, now) }
  }
}

/** What the crew does next where it has done what it did: patrol goes on to the next stop. */
export function carryOn(crew: Crew, world: World, chance: Chance, now: Instant): Crew {
  if (crew.task.kind !== 'patrol' || !isDone(crew.errand, now)) return crew
  const here = placeOf(crew, now)
  if (crew.errand.kind === 'drive') {
    const wanted = [...world.keyPlaces, ...(world.directed.get(crew.unitId) ?? [])]
    const isWanted = wanted.some((place) => distanceMetres(place, here) < ARRIVED_METRES)
    const [shortest, longest] = isWanted ? KEY_PLACE_STOP_SECONDS : STOP_SECONDS
    const seconds = shortest + chance.next() * (longest - shortest)
    return { ...crew, errand: stand(here, now + (seconds * 1000) / world.speed) }
  }
  return { ...crew, errand: drive(crew, here, nextStop(crew, world, chance) ?? here, 'patrol', world, now) }
}

/** The crew's fixes up to now, as its device would have sent them, and the crew after them. */
export function reportFixes(
  crew: Crew,
  world: World,
  chance: Chance,
  now: Instant,
): { crew: Crew; fixes: SentFix[] } {
  const fixes: SentFix[] = []
  let { nextFixAt, batteryPercent } = crew
  while (nextFixAt <= now) {
    const { lon, lat, speedMetresPerSecond, bearingDegrees } = placeOf(crew, nextFixAt)
    const wobble = speedMetresPerSecond > 0 ? 3 : 1.5
    const accuracyMetres = 4 + chance.below(8)
    fixes.push({
      deviceId: crew.deviceCode,
      fixedAt: Math.round(nextFixAt),
      lon: round6(lon + metresToDegrees((chance.next() - 0.5) * wobble)),
      lat: round6(lat + metresToDegrees((chance.next() - 0.5) * wobble)),
      accuracyMetres,
      speedMetresPerSecond: Math.round(speedMetresPerSecond * 10) / 10,
      bearingDegrees: Math.round(bearingDegrees),
      batteryPercent: Math.round(batteryPercent),
    })
    // A phone in a car is charged again when it runs low.
    batteryPercent = batteryPercent < 25 ? 95 : batteryPercent - 0.004
    const [shortest, longest] = world.fixSeconds
    nextFixAt += ((shortest + chance.next() * (longest - shortest)) * 1000) / world.speed
  }
  return { crew: { ...crew, nextFixAt, batteryPercent }, fixes }
}

function drive(
  crew: Crew,
  from: Position,
  to: Position,
  manner: 'patrol' | 'respond',
  world: World,
  now: Instant,
): Errand {
  const pace = (PACE[crew.kind] ?? CAR_PACE)[manner]
  return { kind: 'drive', route: world.router.route(from, to), departedAt: now, pace: pace * world.speed }
}

function stand({ lon, lat }: Position, until: Instant): Errand {
  return { kind: 'stand', at: { lon, lat }, until }
}

function nextStop(crew: Crew, world: World, chance: Chance): Position | null {
  const beats = world.beats.get(crew.organisationId) ?? world.allBeats
  const directed = world.directed.get(crew.unitId)
  if (directed && chance.next() < DIRECTED_SHARE) return chance.pick(directed)
  const mine = world.keyPlaces.filter((place) => beats.some((ring) => isInsideRing(ring, place)))
  const uncovered = mine.filter(({ isUncovered }) => isUncovered)
  if (uncovered.length > 0 && chance.next() < UNCOVERED_SHARE) return chance.pick(uncovered)
  if (mine.length > 0 && chance.next() < KEY_PLACE_SHARE) return chance.pick(mine)
  return placeInBeat(crew.organisationId, world, chance)
}

/** A place on a road of the organisation's beats; of the whole district for those who have none. */
function placeInBeat(organisationId: string, world: World, chance: Chance): Position | null {
  const beats = world.beats.get(organisationId) ?? world.allBeats
  if (beats.length === 0) return null
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const ring = chance.pick(beats)
    const box = boundsOf(ring.map(([lon, lat]) => ({ lon, lat })))!
    const drawn = {
      lon: box.west + chance.next() * (box.east - box.west),
      lat: box.south + chance.next() * (box.north - box.south),
    }
    const snap = world.router.snap(drawn)
    if (snap?.isConnected && isInsideRing(ring, snap)) return { lon: snap.lon, lat: snap.lat }
  }
  return null
}

const round6 = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
const metresToDegrees = (metres: number): number => metres / 111_195
