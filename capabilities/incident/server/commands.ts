import { wallClock } from '../../../foundation/core/instant.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  decide,
  findType,
  proposeLevel,
  summarise,
  unconfirmed,
  type Incident,
  type IncidentCommand,
  type LevelProposal,
  type PlaceFinding,
  type SensitiveNote,
} from '../core/index.ts'
import { announcementOf } from './announcements.ts'
import { readBooks, readGradingRules } from './configuration.ts'
import { keepSummary } from './report-store.ts'
import { append, findForUpdate, findIncident, listTimeline } from './store.ts'

/** What incident needs of the house; apps/server wires it. */
export interface IncidentNeeds {
  /** The district's time zone, an IANA name. */
  timeZone(): string
  /** The station whose area holds the position, and the key place there, where there are any. */
  findPlace(db: Db | Tx, position: Position): Promise<PlaceFinding>
  /** The organisation that a unit serves; null where there is no such unit. */
  organisationOfUnit(db: Db | Tx, unitId: string): Promise<string | null>
  /** Organisations whose units are or were sent to the incident: it is theirs to read and to record as well. */
  organisationsAt?(db: Db | Tx, incidentId: string): Promise<readonly string[]>
}

export interface CommandOptions {
  /** The permission that the actor must hold for the incident's organisation. */
  readonly permission: string
  readonly reason?: string | null
  /** Given where those whose units were sent may do it too, not only the station of the place. */
  readonly alsoTheirs?: IncidentNeeds
  /** What is written down says something that should not be there; the audit log keeps why it stays. */
  readonly sensitive?: SensitiveNote | null
  /** Says no before the rule is asked: a stale version, for one. */
  readonly before?: (incident: Incident) => Refusal | null
}

/**
 * Loads, decides, stores one command in the transaction: state, timeline, audit entry, announcements.
 * Refuses `not-found`, `out-of-scope` and whatever the rule refuses.
 */
export async function carryOut(
  tx: Tx,
  actor: ActorContext,
  incidentId: string,
  command: IncidentCommand,
  options: CommandOptions,
): Promise<Incident | Refusal> {
  const incident = await findForUpdate(tx, incidentId)
  if (!incident) return refuse('not-found', { detail: { incidentId } })
  if (!(await isTheirs(tx, actor, options.permission, incident, options.alsoTheirs)))
    return refuse('out-of-scope')
  const stopped = options.before?.(incident) ?? unconfirmed(options.sensitive ?? null)
  if (stopped) return stopped
  const events = decide(incident, command, await readBooks(tx))
  if (isRefusal(events)) return events
  const after = await append(tx, incident, events, actor)
  if (events.length > 0) {
    await writeAudit(tx, actor, {
      action: `incident.${command.do}`,
      subjectKind: 'incident',
      subjectId: incident.id,
      ...(options.reason ? { reason: options.reason } : {}),
      detail: {
        number: incident.number,
        events,
        ...(options.sensitive ? { sensitive: options.sensitive } : {}),
      },
    })
    await announce(tx, ...events.flatMap((event) => announcementOf(after, event, actor.now) ?? []))
  }
  return after
}

/** Whether the permission holds for the station of the place or, with `needs`, for anyone whose unit was sent. */
export async function isTheirs(
  db: Db | Tx,
  actor: ActorContext,
  permission: string,
  incident: Incident,
  needs: IncidentNeeds | undefined,
): Promise<boolean> {
  if (actor.mayFor(permission, incident.organisationId)) return true
  if (!needs?.organisationsAt || !actor.may(permission)) return false
  const sent = await needs.organisationsAt(db, incident.id)
  return sent.some((organisationId) => actor.mayFor(permission, organisationId))
}

/** Merges one incident into another: both rows are locked in the order of their ids, so that two merges cannot block each other. */
export async function merge(
  tx: Tx,
  actor: ActorContext,
  id: string,
  intoId: string,
  options: CommandOptions & { reason: string },
): Promise<Incident | Refusal> {
  for (const each of [id, intoId].toSorted()) {
    if (!(await findForUpdate(tx, each))) return refuse('not-found', { detail: { incidentId: each } })
  }
  const into = (await findIncident(tx, intoId))!
  const merged = await carryOut(tx, actor, id, { do: 'merge', into, reason: options.reason }, options)
  if (isRefusal(merged)) return merged
  const absorbed = await carryOut(
    tx,
    actor,
    intoId,
    { do: 'absorb', incidentId: merged.id, number: merged.number, reason: options.reason },
    options,
  )
  return isRefusal(absorbed) ? absorbed : merged
}

/** Grades an incident by the table in force and keeps the proposal where it has changed. */
export async function propose(
  tx: Tx,
  actor: ActorContext,
  incidentId: string,
  needs: IncidentNeeds,
): Promise<Incident | Refusal> {
  const incident = await findForUpdate(tx, incidentId)
  if (!incident) return refuse('not-found', { detail: { incidentId } })
  if (incident.status !== 'open') return incident
  const proposal = await gradeNow(tx, incident, needs)
  return carryOut(tx, actor, incidentId, { do: 'propose-level', proposal }, { permission: 'incident.grade' })
}

async function gradeNow(tx: Tx, incident: Incident, needs: IncidentNeeds): Promise<LevelProposal> {
  const { types } = await readBooks(tx)
  // A dictionary may have been replaced since: a type that is gone grades as a routine one.
  const type = findType(types, incident.typeCode) ?? {
    code: incident.typeCode,
    nameZh: incident.typeCode,
    nameEn: incident.typeCode,
    baseLevel: 'general',
    urgent: false,
  }
  const { hour } = wallClock(incident.openedAt, needs.timeZone())
  return proposeLevel(
    {
      type,
      peopleCount: incident.peopleCount,
      circumstances: incident.circumstances,
      keyPlaceId: incident.keyPlaceId,
      localHour: hour,
    },
    await readGradingRules(tx),
  )
}

/** The first unit is there: response or reinforcement ends and handling begins. Does nothing otherwise. */
export async function beginHandling(tx: Tx, actor: ActorContext, incidentId: string): Promise<void> {
  const incident = await findIncident(tx, incidentId)
  if (incident?.status !== 'open') return
  await carryOut(tx, actor, incidentId, { do: 'unit-arrived' }, { permission: 'incident.command' })
}

/** Reads the timeline again into the figures that statistics count. */
export async function project(tx: Tx, incidentId: string): Promise<void> {
  const incident = await findIncident(tx, incidentId)
  if (incident) await keepSummary(tx, summarise(incident, await listTimeline(tx, incidentId)))
}
