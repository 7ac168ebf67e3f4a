import { seededChance } from '../../foundation/core/chance.ts'
import { distanceMetres, type Position } from '../../foundation/core/geo.ts'
import { isRefusal } from '../../foundation/core/outcome.ts'
import type { Instant } from '../../foundation/core/instant.ts'
import {
  createRouter,
  decodeRoadGraph,
  type RoadGraph,
  type Router,
} from '../../capabilities/place/core/index.ts'
import { answerActivation, answerAssignment, type Answering } from './answers.ts'
import { isRefused, openApi, sendFixes, type Api, type Refused, type SentFix } from './api.ts'
import { openCaller, type Caller } from './caller.ts'
import { openCommander } from './commander.ts'
import {
  assign,
  carryOn,
  isThere,
  placeOf,
  reportFixes,
  startCrew,
  type Crew,
  type Task,
  type World,
} from './crew.ts'
import { openDiary } from './diary.ts'
import type {
  ActivationSeen,
  AreaSeen,
  AssignmentSeen,
  CallToPlay,
  IncidentSeen,
  KeyPlaceSeen,
  OrganisationSeen,
  PositionSeen,
  UnitSeen,
} from './shapes.ts'

/** How simulated people prove who they are. The secrets live in memory only and are made anew at each start. */
export interface PlayCredentials {
  readonly accountId: string
  readonly token: string
  readonly gateway: { readonly code: string; readonly secret: string }
  /** The device that speaks for each unit. */
  readonly devices: readonly { readonly unitId: string; readonly code: string }[]
}

export interface PlayOptions {
  readonly baseUrl: string
  readonly credentials: PlayCredentials
  /** The stored road network, encoded; null drives straight lines. */
  readonly roads: Uint8Array | null
  /** In the order of their time; empty: nobody calls. */
  readonly calls: readonly CallToPlay[]
  /** When a call of that time arrives on the clock of `now`. */
  readonly dueAt: (occurredAt: Instant) => Instant
  readonly seed: number
  /** How much faster than the clock people live and drive. */
  readonly speed: number
  readonly commander: boolean
  readonly now: () => Instant
  /** Of the machine's own time. */
  readonly tickMilliseconds?: number
  readonly lookMilliseconds?: number
  readonly fixSeconds?: readonly [number, number]
  readonly onFault?: (fault: unknown) => void
}

export interface Play {
  readonly counts: PlayCounts
  /** Resolves once every call has been placed. */
  readonly finished: Promise<void>
  stop(): Promise<void>
}

export interface PlayCounts {
  fixesSent: number
  callsPlaced: number
  callsRefused: number
  units: number
}

const TICK_MILLISECONDS = 500
const LOOK_MILLISECONDS = 2_000
const FIX_SECONDS = [5, 10] as const
/** Fixes that the server could not take yet; beyond these the oldest are dropped, as a full phone does. */
const HELD_FIXES = 200_000
const FIXES_A_REQUEST = 20_000

/** Plays through the public API until it is stopped: crews move and answer, calls arrive, the robot commands. */
export async function play(options: PlayOptions): Promise<Play> {
  const { credentials, now, speed } = options
  const chance = seededChance(options.seed)
  const api = openApi(options.baseUrl, credentials.token)
  const onFault = options.onFault ?? (() => {})
  const graph = options.roads === null ? null : readGraph(options.roads)
  const world = await lookAround(api, graph, speed, options.fixSeconds ?? FIX_SECONDS)
  const diary = openDiary(onFault)
  const counts: PlayCounts = { fixesSent: 0, callsPlaced: 0, callsRefused: 0, units: 0 }
  const crews = new Map<string, Crew>()
  const held: SentFix[] = []
  let units: readonly UnitSeen[] = []
  let isStopped = false

  const answering: Answering = {
    api,
    diary,
    chance,
    speed,
    now,
    isThere: (unitId, to) => {
      const crew = crews.get(unitId)
      return crew !== undefined && isThere(crew, to, now())
    },
  }
  const commander = options.commander
    ? openCommander({ ...answering, accountId: credentials.accountId })
    : null
  const caller = openCaller(api, options.calls, {
    run: now().toString(36),
    dueAt: (call) => options.dueAt(call.occurredAt),
    unitNear: (place) => nearestPatrol(crews, units, place, now()),
    nameOf: (place) => streetAt(world.router, graph, place),
    onRefused: () => counts.callsRefused++,
  })
  await enlist()

  async function enlist(): Promise<void> {
    const answer = await demand(api.get<{ units: readonly UnitSeen[] }>('/api/units'))
    units = answer.units
    const known = await demand(api.get<{ positions: readonly PositionSeen[] }>('/api/positions'))
    const codeOf = new Map(credentials.devices.map(({ unitId, code }) => [unitId, code]))
    for (const { id, organisationId, kind, status } of units) {
      const deviceCode = codeOf.get(id)
      if (deviceCode === undefined || crews.has(id)) continue
      const last = known.positions.find(({ unitId }) => unitId === id)
      const station = world.stations.get(organisationId)
      const at = last ?? (isOffStreet(status) ? (station ?? null) : null)
      crews.set(id, startCrew({ unitId: id, deviceCode, organisationId, kind }, at, world, chance, now()))
    }
    counts.units = crews.size
  }

  /** Sees what the command room wants and tells each crew; plans answers. */
  async function look(): Promise<void> {
    const [unitAnswer, assignmentAnswer, activationAnswer, incidentAnswer] = [
      await demand(api.get<{ units: readonly UnitSeen[] }>('/api/units')),
      await demand(api.get<{ assignments: readonly AssignmentSeen[] }>('/api/assignments?open=true')),
      await demand(api.get<{ activation: ActivationSeen | null }>('/api/activations/open')),
      await demand(api.get<{ incidents: readonly IncidentSeen[] }>('/api/incidents?status=open&limit=500')),
    ]
    units = unitAnswer.units
    const incidents = new Map(incidentAnswer.incidents.map((incident) => [incident.id, incident]))
    const orderOf = new Map(assignmentAnswer.assignments.map((assignment) => [assignment.unitId, assignment]))
    for (const unit of units) {
      const crew = crews.get(unit.id)
      if (!crew) continue
      const order = orderOf.get(unit.id)
      crews.set(
        unit.id,
        assign(crew, taskOf(unit, order, order && incidents.get(order.incidentId)), world, now()),
      )
    }
    for (const assignment of assignmentAnswer.assignments)
      answerAssignment(assignment, incidents.get(assignment.incidentId), answering)
    if (activationAnswer.activation) answerActivation(activationAnswer.activation, answering)
    commander?.look(incidentAnswer.incidents, assignmentAnswer.assignments)
  }

  async function tick(): Promise<void> {
    const moment = now()
    for (const [unitId, crew] of crews) {
      const reported = reportFixes(carryOn(crew, world, chance, moment), world, chance, moment)
      crews.set(unitId, reported.crew)
      for (const fix of reported.fixes) held.push(fix)
    }
    if (held.length > HELD_FIXES) held.splice(0, held.length - HELD_FIXES)
    while (held.length > 0) {
      const batch = held.slice(0, FIXES_A_REQUEST)
      if (!(await sendFixes(options.baseUrl, credentials.gateway, batch))) break
      held.splice(0, batch.length)
      counts.fixesSent += batch.length
    }
  }

  const loops = [
    every(options.tickMilliseconds ?? TICK_MILLISECONDS, tick),
    every(options.lookMilliseconds ?? LOOK_MILLISECONDS, look),
    every(options.tickMilliseconds ?? TICK_MILLISECONDS, () => diary.doDue(now())),
  ]
  const finished = ringUntilDone(caller)

  async function ringUntilDone(telephone: Caller): Promise<void> {
    while (!isStopped && !telephone.isDone) {
      await telephone.ring(now()).catch(onFault)
      counts.callsPlaced = telephone.placed
      await pause(options.tickMilliseconds ?? TICK_MILLISECONDS)
    }
  }

  /** Runs again and again, never twice at once; a fault is told and the next round tries again. */
  async function every(milliseconds: number, work: () => Promise<void>): Promise<void> {
    while (!isStopped) {
      const began = performance.now()
      await work().catch((fault: unknown) => !isStopped && onFault(fault))
      await pause(Math.max(1, milliseconds - (performance.now() - began)))
    }
  }

  return {
    counts,
    finished,
    async stop() {
      isStopped = true
      await Promise.all([...loops, finished])
    },
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

async function demand<T>(asked: Promise<T | Refused>): Promise<T> {
  const answer = await asked
  if (isRefused(answer)) throw new Error(`the API refused the simulator: ${answer.refused}`)
  return answer as T
}

function readGraph(roads: Uint8Array): RoadGraph {
  const graph = decodeRoadGraph(roads)
  if (isRefusal(graph)) throw new Error(`road network: ${graph.refused}`)
  return graph
}

async function lookAround(
  api: Api,
  graph: RoadGraph | null,
  speed: number,
  fixSeconds: readonly [number, number],
): Promise<World> {
  const { areas } = await demand(api.get<{ areas: readonly AreaSeen[] }>('/api/areas'))
  const { organisations } = await demand(
    api.get<{ organisations: readonly OrganisationSeen[] }>('/api/organisations'),
  )
  const { keyPlaces } = await demand(api.get<{ keyPlaces: readonly KeyPlaceSeen[] }>('/api/key-places'))
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
    keyPlaces,
    speed,
    fixSeconds,
  }
}

const isOffStreet = (status: string): boolean =>
  ['off-duty', 'briefing', 'break', 'out-of-service'].includes(status)

/** What a unit's status and order ask of its crew. */
function taskOf(unit: UnitSeen, order: AssignmentSeen | undefined, incident: IncidentSeen | undefined): Task {
  if (order?.role === 'handle' && incident && (order.state === 'en-route' || order.state === 'on-scene'))
    return { kind: 'go-to', key: order.id, to: incident.position }
  if (order?.state === 'ordered' || order?.state === 'acknowledged') return { kind: 'stay' }
  if (isOffStreet(unit.status)) return { kind: 'rest' }
  return unit.status === 'patrolling' ? { kind: 'patrol' } : { kind: 'stay' }
}

function nearestPatrol(
  crews: ReadonlyMap<string, Crew>,
  units: readonly UnitSeen[],
  place: Position,
  now: Instant,
): string | null {
  let best: string | null = null
  let nearest = Infinity
  for (const { id, status } of units) {
    const crew = status === 'patrolling' ? crews.get(id) : undefined
    if (!crew) continue
    const metres = distanceMetres(placeOf(crew, now), place)
    if (metres >= nearest) continue
    nearest = metres
    best = id
  }
  return best
}

/** The name of the street at a place; empty where no named street is near. */
function streetAt(router: Router, graph: RoadGraph | null, place: Position): string {
  const snap = graph && router.snap(place)
  return snap ? (graph.names[graph.edgeName[snap.edge]!] ?? '') : ''
}
