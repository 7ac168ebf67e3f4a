import type { Instant } from '../foundation/core/instant.ts'
import { isRefusal, type Refusal } from '../foundation/core/outcome.ts'
import type { Db, Tx } from '../foundation/server/db.ts'
import { systemContext, type ActorContext } from '../foundation/server/http/context.ts'
import type { FlowRow } from '../foundation/server/outbox/runner.ts'
import type { UnitStatus } from '../capabilities/force/core/index.ts'
import {
  beginHandling,
  project,
  propose,
  type IncidentNeeds,
} from '../capabilities/incident/server/commands.ts'
import { adviseFor } from '../capabilities/dispatch/server/candidates.ts'
import { releaseAll, standByForLevel, transfer } from '../capabilities/dispatch/server/cascade.ts'
import { followUnit, statusWanted, type StatusSaid } from '../capabilities/dispatch/server/following.ts'
import type { DispatchNeeds } from '../capabilities/dispatch/server/needs.ts'
import { dropUnsent } from '../capabilities/dispatch/server/notice-store.ts'
import { tellNearby } from '../capabilities/dispatch/server/telling.ts'

/** What the story needs of the other rooms; apps/server/compose.ts wires it. */
export interface IncidentFlowDeps {
  now(): Instant
  readonly incident: IncidentNeeds
  readonly dispatch: DispatchNeeds
  /** The status of a unit now; null where there is no such unit. */
  unitStatus(db: Db | Tx, unitId: string): Promise<UnitStatus | null>
  /** Takes a unit one step along the status chain on behalf of the system. */
  setUnitStatus(
    tx: Tx,
    actor: ActorContext,
    unitId: string,
    status: UnitStatus,
    cause: string,
  ): Promise<unknown | Refusal>
}

type Step = FlowRow<IncidentFlowDeps>['run']

/** Grades the incident by the table in force; a person confirms or overrides. */
const grade: Step = async (tx, { subjectId }, deps) => {
  await propose(tx, acting('grading', deps), subjectId, deps.incident)
}

/** The units that are near hear of it first; the group hears after them. */
const tellNearbyFirst: Step = (tx, { subjectId }, deps) =>
  tellNearby(tx, acting('notices', deps), subjectId, deps.dispatch)

/** Keeps in the timeline whom the system would have sent when the level was proposed, and what was missing. */
const recommendUnits: Step = async (tx, { subjectId }, deps) => {
  const incident = await deps.dispatch.lockIncident(tx, subjectId)
  if (incident?.status !== 'open') return
  const { level, handle, shortfall } = await adviseFor(tx, incident, deps.dispatch, deps.now())
  const units = handle.map(({ unitId, callSign, travelSeconds, isStale, isStraightLine }) => ({
    unitId,
    callSign,
    travelSeconds,
    isStale,
    isStraightLine,
  }))
  await deps.dispatch.appendAdvice(
    tx,
    incident.id,
    { level, units, shortfall },
    acting('recommendation', deps),
  )
}

/** A person has set a level: stand-by goes out by echelon, or is let go. */
const standBy: Step = (tx, { subjectId }, deps) =>
  standByForLevel(tx, acting('response plan', deps), subjectId, deps.dispatch)

/** The status of a unit follows its assignment; without one it patrols (有警处警、无警巡逻). */
const alignUnit: Step = async (tx, event, deps) => {
  const unitId = String(event.data['unitId'])
  const now = await deps.unitStatus(tx, unitId)
  if (now === null) return
  const actor = acting('dispatch', deps)
  for (const status of await statusWanted(tx, unitId, now)) {
    const outcome = await deps.setUnitStatus(tx, actor, unitId, status, `${event.topic} ${event.subjectId}`)
    // A unit that people have taken off the board meanwhile stays off it.
    if (typeof outcome === 'object' && outcome !== null && isRefusal(outcome)) return
  }
}

/** What a crew says with its status is what it says of its order: on the way, there, done, out of service. */
const followStatus: Step = async (tx, event, deps) => {
  // The system's own steps come from assignments and would only come back to them.
  if (event.data['source'] === 'system') return
  const { unitId, from, to } = event.data as unknown as StatusSaid
  await followUnit(tx, acting('unit status', deps), { unitId, from, to }, deps.dispatch)
}

const handlingBegins: Step = (tx, { data }, deps) =>
  beginHandling(tx, acting('arrival', deps), String(data['incidentId']))

/** Merged: the units go over to the other incident. */
const unitsGoOver: Step = (tx, { subjectId, data }, deps) =>
  transfer(tx, acting('merge', deps), subjectId, String(data['intoId']), deps.dispatch)

/** Ended: everyone is free, and the group need not be told any more. */
const everyoneIsFree: Step = async (tx, { subjectId }, deps) => {
  await releaseAll(tx, acting('closing', deps), subjectId, 'incident-closed', deps.dispatch)
  await dropUnsent(tx, subjectId)
}

/** Statistics are read off the timeline, never kept beside it. */
const count: Step = (tx, { subjectId }) => project(tx, subjectId)
const countIncidentOf: Step = (tx, { data }) => project(tx, String(data['incidentId']))

/** A row with the topics that its step may lead to. */
export interface IncidentFlowRow extends FlowRow<IncidentFlowDeps> {
  readonly leadsTo: readonly string[]
}

/** What people cause by themselves: intake, commands of the command room, taps of a crew. */
export const CAUSED_BY_PEOPLE = [
  'incident.opened',
  'incident.changed',
  'incident.level-set',
  'incident.merged',
  'incident.closed',
  'incident.reopened',
  'unit.status-changed',
] as const

const STEPS = [
  'assignment.acknowledged',
  'assignment.departed',
  'assignment.arrived',
  'assignment.released',
] as const

/**
 * The story of an incident, read from top to bottom. Each row waits for an event that a person or a row above it
 * has caused, runs once in a transaction of its own, and a restart goes on at the same row.
 * Ids are what «has already run» is remembered by: never rename one.
 */
export const INCIDENT_FLOW: readonly IncidentFlowRow[] = [
  { id: 'incident/grade', on: 'incident.opened', run: grade, leadsTo: ['incident.level-proposed'] },
  { id: 'incident/tell-nearby-first', on: 'incident.opened', run: tellNearbyFirst, leadsTo: ['notice.sent'] },
  { id: 'incident/grade-again', on: 'incident.changed', run: grade, leadsTo: ['incident.level-proposed'] },
  { id: 'incident/recommend', on: 'incident.level-proposed', run: recommendUnits, leadsTo: [] },
  {
    id: 'incident/stand-by',
    on: 'incident.level-set',
    run: standBy,
    leadsTo: ['assignment.ordered', 'assignment.released'],
  },
  {
    id: 'incident/align-ordered',
    on: 'assignment.ordered',
    run: alignUnit,
    leadsTo: ['unit.status-changed'],
  },
  { id: 'incident/follow-status', on: 'unit.status-changed', run: followStatus, leadsTo: STEPS },
  {
    id: 'incident/align-departed',
    on: 'assignment.departed',
    run: alignUnit,
    leadsTo: ['unit.status-changed'],
  },
  {
    id: 'incident/align-arrived',
    on: 'assignment.arrived',
    run: alignUnit,
    leadsTo: ['unit.status-changed'],
  },
  {
    id: 'incident/handling-begins',
    on: 'assignment.arrived',
    run: handlingBegins,
    leadsTo: ['incident.stage-changed'],
  },
  {
    id: 'incident/units-go-over',
    on: 'incident.merged',
    run: unitsGoOver,
    leadsTo: ['assignment.transferred', 'assignment.released'],
  },
  {
    id: 'incident/everyone-is-free',
    on: 'incident.closed',
    run: everyoneIsFree,
    leadsTo: ['assignment.released'],
  },
  {
    id: 'incident/back-to-patrol',
    on: 'assignment.released',
    run: alignUnit,
    leadsTo: ['unit.status-changed'],
  },
  { id: 'incident/count-opened', on: 'incident.opened', run: count, leadsTo: [] },
  { id: 'incident/count-level', on: 'incident.level-set', run: count, leadsTo: [] },
  { id: 'incident/count-arrived', on: 'assignment.arrived', run: countIncidentOf, leadsTo: [] },
  { id: 'incident/count-closed', on: 'incident.closed', run: count, leadsTo: [] },
  { id: 'incident/count-merged', on: 'incident.merged', run: count, leadsTo: [] },
  { id: 'incident/count-reopened', on: 'incident.reopened', run: count, leadsTo: [] },
]

function acting(name: string, deps: IncidentFlowDeps): ActorContext {
  return systemContext(name, deps.now())
}
