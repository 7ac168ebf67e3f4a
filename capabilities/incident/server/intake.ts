import type { Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  callerOf,
  checkDetails,
  noteSensitive,
  type Caller,
  type Incident,
  type IncidentDetails,
  type IncidentId,
  type Origin,
  type ReportId,
} from '../core/index.ts'
import { announcementOf } from './announcements.ts'
import { carryOut, isTheirs, type IncidentNeeds } from './commands.ts'
import { readBooks, readCallerRetention } from './configuration.ts'
import { findExternal, insertReport, type Report } from './report-store.ts'
import { findIncident, insertIncident, takeNumber } from './store.ts'

/** What intake takes down. */
export interface ReportGiven extends IncidentDetails {
  readonly origin: Origin
  readonly receivedAt: Instant
  readonly occurredAt: Instant | null
  readonly foundByUnitId: string | null
  readonly isHourDrawn: boolean
  readonly external: { readonly source: string; readonly id: string } | null
  readonly caller: Omit<Caller, 'retainUntil'> | null
  /** An incident that this report also tells of; null opens a new one. */
  readonly incidentId: string | null
  /** Why words that should not be there are. A call is taken down without it too: no call may be lost. */
  readonly sensitiveReason: string | null
}

export interface ReportTaken {
  readonly report: Report
  readonly incident: Incident
  /** False where the other system's id had already been taken down: nothing was written then. */
  readonly isNew: boolean
}

/** A clock may be a little ahead of ours; farther in the future is a mistake. */
const CLOCK_TOLERANCE_MILLISECONDS = 60_000

/**
 * Takes a report down and opens an incident for it, or adds it to the one named. Whoever may report may report
 * anywhere: patrols find things outside their own area too.
 * The same external id twice is one report. Refuses `invalid-type`, `invalid-people-count`, `invalid-received-at`,
 * `invalid-caller`, `found-by-unit-required` (what patrol discovers names the finder), `invalid-unit`, `not-found`, `out-of-scope`, `incident-merged`.
 */
export async function takeReport(
  tx: Tx,
  actor: ActorContext,
  given: ReportGiven,
  needs: IncidentNeeds,
): Promise<ReportTaken | Refusal> {
  if (given.external) {
    const known = await findExternal(tx, given.external.source, given.external.id)
    if (known) {
      const incident = (await findIncident(tx, known.incidentId))!
      // Another system's number must not be a way into an incident that is not the asker's.
      return (await isTheirs(tx, actor, 'incident.report', incident, needs))
        ? { report: known, incident, isNew: false }
        : refuse('out-of-scope', { field: 'external' })
    }
  }
  const wrong =
    checkDetails(given, await readBooks(tx)) ??
    checkReport(given, actor) ??
    (await checkFinder(tx, actor, given.foundByUnitId, needs))
  if (wrong) return wrong
  const caller = given.caller && callerOf(given.caller, await readCallerRetention(tx), actor.now)
  if (caller && isRefusal(caller)) return caller
  const reportId = newId<ReportId>(actor.now)
  const incident = await incidentFor(tx, actor, given, reportId, needs)
  if (isRefusal(incident)) return incident
  const report = reportOf(given, reportId, incident.id, actor)
  await insertReport(tx, report, caller)
  const sensitive = noteSensitive({ summary: given.summary }, given.sensitiveReason)
  await writeAudit(tx, actor, {
    action: 'incident.report',
    subjectKind: 'report',
    subjectId: reportId,
    detail: {
      incidentId: incident.id,
      number: incident.number,
      typeCode: given.typeCode,
      origin: given.origin,
      hasCaller: caller !== null,
      ...(sensitive ? { sensitive } : {}),
    },
  })
  await announce(tx, {
    topic: 'report.received',
    subjectId: reportId,
    organisationId: incident.organisationId,
    permission: 'incident.read',
    at: actor.now,
    data: {
      incidentId: incident.id,
      number: incident.number,
      origin: given.origin,
      typeCode: given.typeCode,
      position: given.position,
    },
  })
  return { report, incident, isNew: true }
}

function checkReport(given: ReportGiven, actor: ActorContext): Refusal | null {
  if (given.receivedAt > actor.now + CLOCK_TOLERANCE_MILLISECONDS)
    return refuse('invalid-received-at', { field: 'receivedAt' })
  if (given.occurredAt !== null && given.occurredAt > actor.now + CLOCK_TOLERANCE_MILLISECONDS) {
    return refuse('invalid-received-at', { field: 'occurredAt' })
  }
  if (given.origin === 'patrol' && !given.foundByUnitId && actor.officerId === null) {
    return refuse('found-by-unit-required', { field: 'foundByUnitId' })
  }
  return null
}

/** Whoever found it is a unit that there is, and one for which the reporter may speak. */
async function checkFinder(
  tx: Tx,
  actor: ActorContext,
  unitId: string | null,
  needs: IncidentNeeds,
): Promise<Refusal | null> {
  if (unitId === null) return null
  const organisationId = await needs.organisationOfUnit(tx, unitId)
  if (organisationId === null) return refuse('invalid-unit', { field: 'foundByUnitId', detail: { unitId } })
  return actor.mayFor('incident.report', organisationId)
    ? null
    : refuse('out-of-scope', { field: 'foundByUnitId', detail: { unitId } })
}

async function incidentFor(
  tx: Tx,
  actor: ActorContext,
  given: ReportGiven,
  reportId: ReportId,
  needs: IncidentNeeds,
): Promise<Incident | Refusal> {
  if (given.incidentId !== null) {
    const permission = 'incident.report'
    const named = await findIncident(tx, given.incidentId)
    if (named?.status === 'merged')
      return refuse('incident-merged', { field: 'incidentId', detail: { intoId: named.mergedIntoId } })
    return carryOut(
      tx,
      actor,
      given.incidentId,
      { do: 'attach-report', reportId },
      { permission, alsoTheirs: needs },
    )
  }
  const finding = await needs.findPlace(tx, given.position)
  const id = newId<IncidentId>(actor.now)
  const number = await takeNumber(tx, actor.now, needs.timeZone())
  const { typeCode, summary, address, position, peopleCount, circumstances, origin, isHourDrawn } = given
  const data = {
    typeCode,
    summary,
    address,
    position,
    peopleCount,
    circumstances,
    origin,
    isHourDrawn,
    ...finding,
    number,
    reportId,
  }
  const incident = await insertIncident(tx, id, data, actor.now, actor)
  await announce(tx, announcementOf(incident, { type: 'opened', data }, actor.now)!)
  return incident
}

function reportOf(given: ReportGiven, id: ReportId, incidentId: IncidentId, actor: ActorContext): Report {
  return {
    id,
    incidentId,
    origin: given.origin,
    typeCode: given.typeCode,
    summary: given.summary,
    address: given.address,
    position: given.position,
    peopleCount: given.peopleCount,
    circumstances: given.circumstances,
    receivedAt: given.receivedAt,
    occurredAt: given.occurredAt,
    receivedBy: actor.accountId,
    foundByUnitId: given.foundByUnitId,
    external: given.external,
  }
}
