import { seededChance } from '../../foundation/core/chance.ts'
import type { Instant } from '../../foundation/core/instant.ts'
import { answerActivation, answerAssignment, answerPatrolOrder, type Answering } from './answers.ts'
import { openApi, sendFixes, type Api, type SentFix } from './api.ts'
import { openCaller } from './caller.ts'
import { openCommander } from './commander.ts'
import { assign, carryOn, isThere, reportFixes, startCrew, type Crew } from './crew.ts'
import { openDiary } from './diary.ts'
import { openEyes } from './eyes.ts'
import type { AssignmentSeen, CallToPlay, PositionSeen } from './shapes.ts'
import {
  demand,
  directedPlaces,
  isOffStreet,
  lookAround,
  keyPlacesOf,
  nearestPatrol,
  readGraph,
  streetAt,
  taskOf,
} from './world.ts'

/** How simulated people prove who they are. The secrets live in memory only and are made anew at each start. */
export interface PlayCredentials {
  readonly accountId: string
  readonly token: string
  readonly gateway: { readonly code: string; readonly secret: string }
  /** The device that speaks for each unit. */
  readonly devices: readonly { readonly unitId: string; readonly code: string }[]
}

export interface PlayersOptions {
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
  readonly fixSeconds?: readonly [number, number]
  readonly onFault?: (fault: unknown) => void
}

export interface PlayCounts {
  /** POSTs to the API, positions left out. */
  commandsSent: number
  fixesSent: number
  callsPlaced: number
  callsRefused: number
  units: number
}

const FIX_SECONDS = [5, 10] as const
/** Fixes that the server could not take yet; beyond these the oldest are dropped, as a full phone does. */
const HELD_FIXES = 200_000
const FIXES_A_REQUEST = 20_000
const WAITING_FIXES = 25_000

/** Everybody who plays, waiting to be driven: by the clock in play.ts, step by step in a measurement. */
export interface Players {
  readonly counts: PlayCounts
  /** Moves every crew up to now and sends its fixes. */
  move(): Promise<void>
  /** Sees what the command room wants, tells each crew, and plans answers. */
  look(): Promise<void>
  /** Says and does what people had planned up to now. */
  speak(): Promise<void>
  /** Places the calls that are due. */
  ring(): Promise<void>
  allCallsPlaced(): boolean
  /** Resolves when the fixes on their way have been acknowledged. */
  sent(): Promise<void>
  /** The place in the live stream up to which they have seen. */
  seenUpTo(): number
  leave(): void
}

/** Assembles crews, callers and the robot from what the API shows. */
export async function assemble(options: PlayersOptions): Promise<Players> {
  const { credentials, now, speed } = options
  const chance = seededChance(options.seed)
  const plain = openApi(options.baseUrl, credentials.token)
  const api: Api = {
    get: plain.get,
    post: (path, body) => {
      counts.commandsSent++
      return plain.post(path, body)
    },
  }
  const onFault = options.onFault ?? (() => {})
  const graph = options.roads === null ? null : readGraph(options.roads)
  const eyes = openEyes(api, options.baseUrl, credentials.token)
  let world = await lookAround(api, graph, speed, options.fixSeconds ?? FIX_SECONDS)
  const diary = openDiary(onFault)
  const counts: PlayCounts = { commandsSent: 0, fixesSent: 0, callsPlaced: 0, callsRefused: 0, units: 0 }
  const crews = new Map<string, Crew>()
  const held: SentFix[] = []
  let sending: Promise<void> | null = null

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
    unitNear: (place) => nearestPatrol(crews, eyes.units, place, now()),
    nameOf: (place) => streetAt(world.router, graph, place),
    onRefused: () => counts.callsRefused++,
  })
  await enlist()

  async function enlist(): Promise<void> {
    await eyes.refresh()
    const known = await demand(api.get<{ positions: readonly PositionSeen[] }>('/api/positions'))
    const lastOf = new Map(known.positions.map((position) => [position.unitId, position]))
    for (const { unitId, code } of credentials.devices) {
      const unit = eyes.units.get(unitId)
      if (!unit) continue
      const { organisationId, kind, status } = unit
      const station = isOffStreet(status) ? (world.stations.get(organisationId) ?? null) : null
      const at = lastOf.get(unitId) ?? station
      crews.set(
        unitId,
        startCrew({ unitId, deviceCode: code, organisationId, kind }, at, world, chance, now()),
      )
    }
    counts.units = crews.size
  }

  async function look(): Promise<void> {
    await eyes.refresh()
    const directed = directedPlaces(eyes.patrolOrders(), now())
    world = { ...world, keyPlaces: keyPlacesOf(eyes.keyPlaces()), directed }
    const orderOf = new Map<string, AssignmentSeen>()
    for (const assignment of eyes.assignments.values()) {
      orderOf.set(assignment.unitId, assignment)
      answerAssignment(assignment, eyes.incidents.get(assignment.incidentId), answering)
    }
    for (const [unitId, crew] of crews) {
      const unit = eyes.units.get(unitId)
      const order = orderOf.get(unitId)
      if (unit)
        crews.set(
          unitId,
          assign(crew, taskOf(unit, order, order && eyes.incidents.get(order.incidentId)), world, now()),
        )
    }
    for (const order of eyes.patrolOrders())
      answerPatrolOrder(order, (unitId) => crews.has(unitId), answering)
    const activation = eyes.activation()
    if (activation) answerActivation(activation, answering)
    commander?.look([...eyes.incidents.values()], [...eyes.assignments.values()])
  }

  async function move(): Promise<void> {
    const moment = now()
    for (const [unitId, crew] of crews) {
      const reported = reportFixes(carryOn(crew, world, chance, moment), world, chance, moment)
      crews.set(unitId, reported.crew)
      for (const fix of reported.fixes) held.push(fix)
    }
    if (held.length > HELD_FIXES) held.splice(0, held.length - HELD_FIXES)
    sending ??= send().finally(() => (sending = null))
    // The next moves are made while these are on their way, until too many wait.
    if (held.length > WAITING_FIXES) await sending
    else sending.catch(onFault)
  }

  async function send(): Promise<void> {
    while (held.length > 0) {
      const batch = held.slice(0, FIXES_A_REQUEST)
      if (!(await sendFixes(options.baseUrl, credentials.gateway, batch))) return
      held.splice(0, batch.length)
      counts.fixesSent += batch.length
    }
  }

  return {
    counts,
    move,
    look,
    speak: () => diary.doDue(now()),
    async ring() {
      await caller.ring(now()).finally(() => (counts.callsPlaced = caller.placed))
    },
    allCallsPlaced: () => caller.isDone,
    sent: async () => void (await sending),
    seenUpTo: eyes.seq,
    leave: eyes.close,
  }
}
