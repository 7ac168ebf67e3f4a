import type { Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce, type Announcement } from '../../../foundation/server/outbox/outbox.ts'
import { rootOf, withDescendants, type ForceBoard, type OrganisationId } from '../../force/core/index.ts'
import {
  coveredOfficers,
  decide,
  findLevel,
  isOpenOrder,
  planCallOut,
  replay,
  situationOf,
  standingsOf,
  strengthLine,
  type Activation,
  type ActivationCommand,
  type ActivationEvent,
  type ActivationId,
  type CallOut,
  type OrderId,
  type PatrolLevel,
  type Situation,
} from '../core/index.ts'
import { readPatrolLevels } from './levels.ts'
import type { BoardNeeds } from './needs.ts'
import {
  appendEvents,
  findActivation,
  findActivationOfOrder,
  findOpenActivationId,
  lockDistrict,
  orderIdOf,
  writeStrength,
  type StoredActivation,
} from './store.ts'

const nextOrderId = () => newId<OrderId>()

/** The force of one district: its organisations only, so that nobody beyond them is counted or called. */
export function ofDistrict(force: ForceBoard, districtId: OrganisationId): ForceBoard {
  const inside = withDescendants(force.organisations, districtId)
  return { ...force, organisations: force.organisations.filter(({ id }) => inside.has(id)) }
}

export async function readSituation(
  db: Db | Tx,
  needs: BoardNeeds,
  districtId: OrganisationId,
  at: Instant,
): Promise<Situation> {
  const { countingStatuses } = (await readPatrolLevels(db)).value
  const force = ofDistrict(await needs.readForce(db, at), districtId)
  return situationOf(
    force,
    countingStatuses,
    await needs.listCommittedUnits(db),
    await needs.readRostered(db, at),
  )
}

/** The district asked for, or the only one there is. Refuses `district-required` and `organisation-unknown`. */
export async function chooseDistrict(
  db: Db | Tx,
  needs: BoardNeeds,
  asked: string | undefined,
  at: Instant,
): Promise<OrganisationId | Refusal> {
  const { organisations } = await needs.readForce(db, at)
  if (asked !== undefined) {
    const known = organisations.find(({ id }) => id === asked)
    return known
      ? rootOf(organisations, known.id)
      : refuse('organisation-unknown', { field: 'districtId', detail: { organisationId: asked } })
  }
  const roots = [...new Set(organisations.map(({ id }) => rootOf(organisations, id)))]
  return roots.length === 1
    ? roots[0]!
    : refuse('district-required', { field: 'districtId', detail: { districtIds: roots } })
}

export async function chooseLevel(db: Db | Tx, level: number): Promise<PatrolLevel | Refusal> {
  const levels = (await readPatrolLevels(db)).value
  return (
    findLevel(levels, level) ??
    refuse('level-unknown', {
      field: 'level',
      detail: { level, known: levels.levels.map((one) => one.level) },
    })
  )
}

/** Whom a level would call now, before anybody is called. On an open activation: whom raising it would call besides. */
export async function previewCallOut(
  db: Db | Tx,
  needs: BoardNeeds,
  districtId: OrganisationId,
  level: PatrolLevel,
  now: Instant,
): Promise<CallOut> {
  const situation = await readSituation(db, needs, districtId, now)
  const openId = await findOpenActivationId(db, districtId)
  const open = openId && (await findActivation(db, openId))
  const standings = open ? standingsOf(open.activation, situation) : new Map()
  const { force, countingStatuses, rostered } = situation
  return planCallOut(force, level, countingStatuses, now, standings, rostered)
}

/** Starts a level or raises the open activation to it. Refuses what `decide` refuses. */
export async function activate(
  tx: Tx,
  actor: ActorContext,
  needs: BoardNeeds,
  command: { districtId: OrganisationId; level: PatrolLevel; reason: string },
): Promise<StoredActivation | Refusal> {
  const { districtId, level, reason } = command
  await lockDistrict(tx, districtId)
  const openId = await findOpenActivationId(tx, districtId)
  const before = openId === null ? null : await findActivation(tx, openId)
  const situation = await readSituation(tx, needs, districtId, actor.now)
  return carryOut(tx, actor, needs, before, situation, {
    kind: 'activate',
    id: newId<ActivationId>(),
    districtId,
    terms: level,
    reason,
    situation,
    nextOrderId,
  })
}

export type OrderAnswer =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'decline'; readonly reason: string }
  | { readonly kind: 'arrive' }

/** Who may answer an order: the command room within scope, else the officer called or one of the crew. */
function mayAnswer(
  actor: ActorContext,
  activation: Activation,
  orderId: OrderId,
  situation: Situation,
): boolean {
  const order = activation.orders.get(orderId)
  if (!order) return true
  if (actor.mayFor('board.answer-any-order', order.organisationId)) return true
  return situation.officersOf(order.subject).some((officerId) => officerId === actor.officerId)
}

/** Acknowledges, declines or arrives. Refuses `not-found`, `out-of-scope` and what `decide` refuses. */
export async function answerOrder(
  tx: Tx,
  actor: ActorContext,
  needs: BoardNeeds,
  id: string,
  answer: OrderAnswer,
): Promise<StoredActivation | Refusal> {
  const orderId = id as OrderId
  const summary = await findActivationOfOrder(tx, orderId)
  if (!summary) return refuse('not-found', { detail: { orderId } })
  await lockDistrict(tx, summary.districtId)
  const stored = (await findActivation(tx, summary.id))!
  if (answer.kind === 'arrive') await lockSubjects(tx, needs, stored.activation, [orderId])
  const situation = await readSituation(tx, needs, summary.districtId, actor.now)
  if (!mayAnswer(actor, stored.activation, orderId, situation))
    return refuse('out-of-scope', { detail: { orderId } })
  const command: ActivationCommand =
    answer.kind === 'arrive' ? { ...answer, orderId, situation } : { ...answer, orderId }
  return carryOut(tx, actor, needs, stored, situation, command)
}

/** Ends an activation: everybody goes back to where the order found them. */
export async function standDown(
  tx: Tx,
  actor: ActorContext,
  needs: BoardNeeds,
  id: string,
  reason: string,
): Promise<StoredActivation | Refusal> {
  const found = await findActivation(tx, id)
  if (!found) return refuse('not-found', { detail: { activationId: id } })
  const { districtId } = found.activation
  if (!actor.mayFor('board.activate', districtId))
    return refuse('out-of-scope', { detail: { organisationId: districtId } })
  await lockDistrict(tx, districtId)
  const stored = (await findActivation(tx, id))!
  await lockSubjects(tx, needs, stored.activation, [...stored.activation.orders.keys()])
  const situation = await readSituation(tx, needs, districtId, actor.now)
  return carryOut(tx, actor, needs, stored, situation, { kind: 'stand-down', reason, situation })
}

/** Lets the district's open activation take note of what the force has done, or chase what is due. Nothing is open: nothing. */
export async function followForce(
  tx: Tx,
  actor: ActorContext,
  needs: BoardNeeds,
  districtId: OrganisationId,
  kind: 'reconcile' | 'chase',
): Promise<void> {
  await lockDistrict(tx, districtId)
  const openId = await findOpenActivationId(tx, districtId)
  if (openId === null) return
  const stored = (await findActivation(tx, openId))!
  const situation = await readSituation(tx, needs, districtId, actor.now)
  const command: ActivationCommand = kind === 'chase' ? { kind } : { kind, situation, nextOrderId }
  const outcome = await carryOut(tx, actor, needs, stored, situation, command)
  if (isRefusal(outcome)) throw new Error(`activation ${openId}: ${kind} refused: ${outcome.refused}`)
}

/** A point of the rising line for an open activation. */
export async function noteStrength(
  tx: Tx,
  needs: BoardNeeds,
  districtId: OrganisationId,
  now: Instant,
): Promise<void> {
  const openId = await findOpenActivationId(tx, districtId)
  const stored = openId && (await findActivation(tx, openId))
  if (!stored) return
  const situation = await readSituation(tx, needs, districtId, now)
  await writeStrength(tx, stored.activation.id, coveredStrength(stored.activation, situation, now), now)
}

function coveredStrength(
  { terms }: Activation,
  { force, countingStatuses, rostered }: Situation,
  now: Instant,
) {
  const covered = coveredOfficers(force, terms, countingStatuses, now, rostered)
  return strengthLine(covered.filter((officer) => officer.onStreet).length, covered.length, terms.target)
}

async function lockSubjects(tx: Tx, needs: BoardNeeds, activation: Activation, orderIds: readonly OrderId[]) {
  const subjects = orderIds
    .flatMap((id) => activation.orders.get(id) ?? [])
    .filter(isOpenOrder)
    .map((order) => order.subject)
  await needs.lockSubjects(tx, {
    unitIds: subjects.flatMap((subject) => (subject.kind === 'unit' ? [subject.unitId] : [])),
    officerIds: subjects.flatMap((subject) => (subject.kind === 'officer' ? [subject.officerId] : [])),
  })
}

/** Decides, then does: timeline, projections, the force's part, audit and announcements in the one transaction. */
async function carryOut(
  tx: Tx,
  actor: ActorContext,
  needs: BoardNeeds,
  before: StoredActivation | null,
  situation: Situation,
  command: ActivationCommand,
): Promise<StoredActivation | Refusal> {
  const events = decide(before?.activation ?? null, command, actor.now)
  if (isRefusal(events)) return events
  if (events.length === 0) return before!
  const happened = events.map((event) => ({ event, at: actor.now }))
  const activation = replay(happened, before?.activation)!
  await appendEvents(tx, actor, activation, before?.sequence ?? 0, events)
  // Read before anybody moves: at stand-down the line ends with those who were out, not with those gone in again.
  await writeStrength(tx, activation.id, coveredStrength(activation, situation, actor.now), actor.now)
  for (const event of events) {
    const refused = await move(tx, actor, needs, activation, event, situation)
    if (refused) return refused
  }
  await writeAudit(tx, actor, {
    action: `board.${command.kind}`,
    subjectKind: 'activation',
    subjectId: activation.id,
    ...('reason' in command ? { reason: command.reason } : {}),
    detail: { events: countByType(events), ...('orderId' in command ? { orderId: command.orderId } : {}) },
  })
  const news = events.flatMap((event) => announcementOf(activation, event, situation.force, actor.now))
  // A statement has room for some ten thousand values; a city's call-out has more.
  for (let from = 0; from < news.length; from += 1000) await announce(tx, ...news.slice(from, from + 1000))
  return { activation, sequence: (before?.sequence ?? 0) + events.length }
}

/** What an event changes in the force: who arrives goes out, who is stood down goes back. */
async function move(
  tx: Tx,
  actor: ActorContext,
  needs: BoardNeeds,
  activation: Activation,
  event: ActivationEvent,
  situation: Situation,
): Promise<Refusal | null> {
  const to =
    event.type === 'order-arrived' ? event.moves : event.type === 'order-closed' ? event.returns : null
  if (to === null || ('kind' in to && to.kind === 'left')) return null
  const { subject } = activation.orders.get(orderIdOf(event)!)!
  const cause = `activation ${activation.id}`
  let outcome: unknown = null
  if (subject.kind === 'unit' && 'status' in to)
    outcome = await needs.changeUnitStatus(tx, actor, {
      unitId: subject.unitId,
      status: to.status,
      source: 'system',
      cause,
    })
  if (subject.kind === 'officer' && 'post' in to)
    outcome = await needs.changePost(
      tx,
      actor,
      { officerId: subject.officerId, post: to.post, cause },
      (status) => situation.countingStatuses.includes(status),
    )
  return isRefusal(outcome) ? outcome : null
}

function countByType(events: readonly ActivationEvent[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

/** Closed orders are told by the one stand-down; all else by itself, orders to those of their organisation. */
function announcementOf(
  activation: Activation,
  event: ActivationEvent,
  force: ForceBoard,
  at: Instant,
): Announcement[] {
  const permission = 'board.read'
  const { id, districtId, terms } = activation
  const orderId = orderIdOf(event)
  if (event.type === 'order-closed') return []
  if (orderId !== null) {
    const { organisationId, subject, state, chasedCount } = activation.orders.get(orderId)!
    const commander = force.organisations.find((one) => one.id === organisationId)?.dutyCommanderOfficerId
    return [
      {
        topic: 'activation.order-changed',
        subjectId: orderId,
        organisationId,
        permission,
        at,
        data: {
          activationId: id,
          change: event.type,
          subject,
          state: state.kind,
          chasedCount,
          ...(event.type === 'order-escalated' ? { dutyCommanderOfficerId: commander ?? null } : {}),
        },
      },
    ]
  }
  return [
    {
      topic: `activation.${event.type}`,
      subjectId: id,
      organisationId: null,
      permission,
      at,
      data: { activationId: id, districtId, level: terms.level },
    },
  ]
}
