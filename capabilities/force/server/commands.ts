import type { Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  decideDuty,
  decidePost,
  decideStatus,
  type Officer,
  type OfficerId,
  type Post,
  type StatusSource,
  type StatusTransition,
  type Unit,
  type UnitId,
  type UnitStatus,
} from '../core/index.ts'
import {
  endPostsOfCrew,
  findUnit,
  listUnitsOfOfficers,
  lockOfficer,
  lockOfficers,
  lockUnit,
  writeDuty,
  writePost,
  writeStatus,
} from './store.ts'

/** One board for all: news of the force carries no personal data and no person's words, and goes to everyone who may read the force. */
const EVERYONE = { organisationId: null, permission: 'force.read' } as const

export interface StatusCommand {
  readonly unitId: UnitId
  readonly status: UnitStatus
  readonly source: StatusSource
  /** What led to it (an assignment, an activation, a person's words); kept with the step. */
  readonly cause?: string | null
}

/**
 * Takes a unit one step along the status chain and keeps when, by whom and from where. Going on patrol ends the
 * foot posts of the crew: from then on they are where the unit is.
 * Refuses `not-found` and what the chain refuses (core/status-chain.ts). Used by the route, by flows and by timers.
 */
export async function changeUnitStatus(
  tx: Tx,
  actor: ActorContext,
  { unitId, status, source, cause = null }: StatusCommand,
): Promise<StatusTransition | Refusal> {
  const unit = await lockUnit(tx, unitId)
  if (!unit) return refuse('not-found', { detail: { unitId } })
  const step = decideStatus(unit.status, status, source)
  if (isRefusal(step)) return step
  const at = actor.now
  const by = { source, at, accountId: actor.accountId, accountName: actor.name, ip: actor.ip }
  await writeStatus(tx, unit.id, step, { ...by, cause })
  if (status === 'patrolling') await endPostsOfCrew(tx, unit.id, at)
  await writeAudit(tx, actor, {
    action: 'force.set-status',
    subjectKind: 'unit',
    subjectId: unit.id,
    detail: { rule: step.id, from: step.from, to: step.to, source, cause },
  })
  await announce(tx, {
    ...EVERYONE,
    topic: 'unit.status-changed',
    subjectId: unit.id,
    at,
    data: {
      unitId: unit.id,
      callSign: unit.callSign,
      organisationId: unit.organisationId,
      rule: step.id,
      from: step.from,
      to: step.to,
      source,
      sinceAt: new Date(at).toISOString(),
    },
  })
  return step
}

export interface DutyOutcome {
  readonly changedOfficerIds: readonly OfficerId[]
  readonly unchangedOfficerIds: readonly OfficerId[]
}

/**
 * Calls officers on or off duty, one or many at once (roll call). All or none: refuses `officer-unknown` and
 * `out-of-scope` with the ids at fault. Announced once an organisation.
 */
export async function callDuty(
  tx: Tx,
  actor: ActorContext,
  officerIds: readonly string[],
  duty: 'on' | 'off',
): Promise<DutyOutcome | Refusal> {
  const asked = [...new Set(officerIds)]
  const officers = await lockOfficers(tx, asked)
  const known = new Set<string>(officers.map((officer) => officer.id))
  const unknown = asked.filter((id) => !known.has(id))
  if (unknown.length > 0)
    return refuse('officer-unknown', { field: 'officerIds', detail: { officerIds: unknown } })
  const foreign = officers.filter((officer) => !actor.mayFor('force.call-duty', officer.organisationId))
  if (foreign.length > 0)
    return refuse('out-of-scope', {
      field: 'officerIds',
      detail: { officerIds: foreign.map((officer) => officer.id) },
    })
  const changing = officers.filter((officer) => decideDuty(officer, duty) !== null)
  const changedOfficerIds = changing.map((officer) => officer.id)
  if (changing.length > 0) {
    await writeDuty(tx, changedOfficerIds, duty, actor.now)
    await writeAudit(tx, actor, {
      action: 'force.call-duty',
      subjectKind: 'officer',
      subjectId: changedOfficerIds.length === 1 ? changedOfficerIds[0]! : null,
      detail: { duty, officerIds: changedOfficerIds },
    })
    await announceOfficers(tx, changing, actor.now, { duty })
  }
  return {
    changedOfficerIds,
    unchangedOfficerIds: officers
      .map((officer) => officer.id)
      .filter((id) => !changedOfficerIds.includes(id)),
  }
}

/**
 * Puts an officer on a foot post or takes them off it; gives whether anything changed. `isOut` says which statuses
 * of a unit count as being on the street (the board's configuration).
 */
export async function changePost(
  tx: Tx,
  actor: ActorContext,
  command: { officerId: OfficerId; post: Post; cause?: string | null },
  isOut: (status: Unit['status']) => boolean,
): Promise<boolean | Refusal> {
  const officer = await lockOfficer(tx, command.officerId)
  if (!officer) return refuse('not-found', { detail: { officerId: command.officerId } })
  const unitId = (await listUnitsOfOfficers(tx, [officer.id])).get(officer.id)
  const unit = unitId === undefined ? null : await findUnit(tx, unitId)
  const change = decidePost(officer, command.post, unit, isOut)
  if (change === null) return false
  if (isRefusal(change)) return change
  await writePost(tx, officer.id, change.post, actor.now)
  await writeAudit(tx, actor, {
    action: 'force.set-post',
    subjectKind: 'officer',
    subjectId: officer.id,
    detail: { post: change.post, cause: command.cause ?? null },
  })
  await announceOfficers(tx, [officer], actor.now, { post: change.post })
  return true
}

/** One announcement for one officer, or one an organisation for many: a roll call is one event, not a hundred. */
async function announceOfficers(
  tx: Tx,
  officers: readonly Officer[],
  at: Instant,
  change: { duty?: 'on' | 'off'; post?: Post },
): Promise<void> {
  const byOrganisation = new Map<string, Officer[]>()
  for (const officer of officers)
    byOrganisation.set(officer.organisationId, [
      ...(byOrganisation.get(officer.organisationId) ?? []),
      officer,
    ])
  await announce(
    tx,
    ...[...byOrganisation].map(([organisationId, some]) => ({
      ...EVERYONE,
      topic: 'officer.duty-changed',
      subjectId: some.length === 1 ? some[0]!.id : organisationId,
      at,
      data: { organisationId, officerIds: some.map((officer) => officer.id), ...change },
    })),
  )
}

/** Tells that what a unit is made of has changed: crew, vehicle, call sign, organisation, or that it is gone. */
export async function announceUnit(
  tx: Tx,
  at: Instant,
  unit: Pick<Unit, 'id' | 'callSign' | 'organisationId'>,
  change: 'added' | 'changed' | 'removed',
): Promise<void> {
  await announce(tx, {
    ...EVERYONE,
    topic: 'unit.changed',
    subjectId: unit.id,
    at,
    data: { unitId: unit.id, callSign: unit.callSign, organisationId: unit.organisationId, change },
  })
}
