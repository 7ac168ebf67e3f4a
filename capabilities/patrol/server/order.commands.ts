import type { Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce, type Announcement } from '../../../foundation/server/outbox/outbox.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import { unconfirmed, type SensitiveNote } from '../../incident/core/index.ts'
import {
  contentFault,
  decideOrder,
  draftOrder,
  evolveOrder,
  ORDER_RULES,
  ORDER_RULES_SETTING,
  wasIssued,
  type OrderBooks,
  type OrderCommand,
  type OrderContent,
  type OrderEvent,
  type OrderRules,
  type PatrolOrder,
  type PatrolOrderId,
} from '../core/index.ts'
import type { OrderNeeds, OrderUnit } from './order.needs.ts'
import { appendOrderEvent, insertOrder, takeOrderNumber, updateOrder } from './order.store.ts'

export type OrderPermission = 'patrol.propose-order' | 'patrol.approve-order'

export async function readOrderRules(db: Db | Tx): Promise<OrderRules> {
  return { ...ORDER_RULES, ...(await readSetting<Partial<OrderRules>>(db, ORDER_RULES_SETTING, {})).value }
}

interface Books extends OrderBooks {
  readonly unitsNow: readonly OrderUnit[]
}

/** What a decision looks into, for the units that it may be about. */
async function openBooks(
  tx: Tx,
  actor: ActorContext,
  needs: OrderNeeds,
  permission: OrderPermission,
  unitIds: readonly string[],
): Promise<Books> {
  const unitsNow = unitIds.length === 0 ? [] : await needs.listUnits(tx, actor.now, unitIds)
  return {
    rules: await readOrderRules(tx),
    timeZone: needs.timeZone(),
    bounds: await needs.districtBounds(tx),
    unitsNow,
    units: new Map(
      unitsNow.map(({ unitId, callSign, organisationId }) => [
        unitId,
        { callSign, inScope: actor.mayFor(permission, organisationId) },
      ]),
    ),
  }
}

/** Drafts an order. Refuses `out-of-scope`, `sensitive-reason-required` and what `contentFault` refuses. */
export async function draft(
  tx: Tx,
  actor: ActorContext,
  needs: OrderNeeds,
  content: OrderContent,
  sensitive: SensitiveNote | null,
): Promise<PatrolOrder | Refusal> {
  if (!actor.mayFor('patrol.propose-order', content.organisationId))
    return refuse('out-of-scope', { field: 'place' })
  const books = await openBooks(tx, actor, needs, 'patrol.propose-order', content.unitIds)
  const fault = unconfirmed(sensitive) ?? contentFault(content, books)
  if (fault) return fault
  const { accountId, name, now } = actor
  const order = draftOrder(newId<PatrolOrderId>(now), content, { accountId, name, at: now })
  await insertOrder(tx, order, books.unitsNow)
  await record(tx, actor, order, 'draft', [{ type: 'drafted', content }], { sensitive })
  return order
}

export interface CommandOptions {
  readonly permission: OrderPermission
  /** Gives a refusal where the order is not as the caller has seen it. */
  readonly before?: (order: PatrolOrder) => Refusal | null
  readonly sensitive?: SensitiveNote | null
}

/**
 * Carries a command out on an order that the transaction has locked: state, timeline, audit entry and announcement.
 * Refuses `not-found`, `out-of-scope`, `version-conflict`, `sensitive-reason-required` and what `decideOrder` refuses.
 */
export async function carryOutOrder(
  tx: Tx,
  actor: ActorContext,
  needs: OrderNeeds,
  order: PatrolOrder | null,
  command: OrderCommand | { readonly do: 'approve' },
  { permission, before, sensitive = null }: CommandOptions,
): Promise<PatrolOrder | Refusal> {
  if (!order) return refuse('not-found')
  const { organisationId } = order.content
  if (!actor.mayFor(permission, organisationId))
    return refuse('out-of-scope', { detail: { orderId: order.id } })
  const fault = before?.(order) ?? unconfirmed(sensitive)
  if (fault) return aboutOrder(fault, order)
  const changes = command.do === 'change' ? command.changes : {}
  if (changes.organisationId !== undefined && !actor.mayFor(permission, changes.organisationId))
    return refuse('out-of-scope', { field: 'place' })
  const unitIds = changes.unitIds ?? order.content.unitIds
  const books = await openBooks(tx, actor, needs, permission, unitIds)
  const events = decideOrder(
    order,
    await numbered(tx, order, command, books, actor.now),
    books,
    actor,
    actor.now,
  )
  if (isRefusal(events)) return aboutOrder(events, order)
  if (events.length === 0) return order
  const after = events.reduce((state, event) => evolveOrder(state, event, actor, actor.now), order)
  // Units are written anew with an approval too: their call signs and whom they serve are those of that moment.
  const isUnitsNew = changes.unitIds !== undefined || command.do === 'approve'
  await updateOrder(tx, after, isUnitsNew ? books.unitsNow : null)
  const reason = 'reason' in command ? { reason: command.reason } : {}
  await record(tx, actor, after, command.do, events, { sensitive, ...reason })
  return after
}

/** Draws the number of an approval. What is refused rolls back, and the number is the next one's. */
async function numbered(
  tx: Tx,
  { state }: PatrolOrder,
  command: OrderCommand | { readonly do: 'approve' },
  { timeZone }: Books,
  now: Instant,
): Promise<OrderCommand> {
  if (command.do !== 'approve') return command
  return { do: 'approve', number: state.kind === 'proposed' ? await takeOrderNumber(tx, now, timeZone) : '' }
}

/** In a command about many, the refusal says about which. */
function aboutOrder(refusal: Refusal, { id, content }: PatrolOrder): Refusal {
  return { ...refusal, detail: { ...refusal.detail, orderId: id, label: content.place.label } }
}

async function record(
  tx: Tx,
  actor: ActorContext,
  order: PatrolOrder,
  verb: string,
  events: readonly OrderEvent[],
  { sensitive, reason }: { sensitive: SensitiveNote | null; reason?: string },
): Promise<void> {
  for (const event of events) await appendOrderEvent(tx, order, event, actor)
  const number = wasIssued(order.state) ? order.state.issue.number : null
  await writeAudit(tx, actor, {
    action: `patrol.${verb}-order`,
    subjectKind: 'patrol-order',
    subjectId: order.id,
    ...(reason ? { reason } : {}),
    detail: {
      number,
      state: order.state.kind,
      version: order.version,
      events,
      ...(sensitive ? { sensitive } : {}),
    },
  })
  await announce(tx, ...events.map((event) => announcementOf(order, event, actor.now)))
}

const TOPICS: Record<OrderEvent['type'], string> = {
  drafted: 'patrol-order.changed',
  changed: 'patrol-order.changed',
  proposed: 'patrol-order.changed',
  returned: 'patrol-order.changed',
  discarded: 'patrol-order.changed',
  approved: 'patrol-order.issued',
  withdrawn: 'patrol-order.withdrawn',
  expired: 'patrol-order.expired',
}

/** Without place and reason: a subscriber reads those under its own rights. */
function announcementOf(order: PatrolOrder, event: OrderEvent, at: Instant): Announcement {
  const { id, state, version, content } = order
  return {
    topic: TOPICS[event.type],
    subjectId: id,
    organisationId: content.organisationId,
    permission: 'patrol.read-orders',
    at,
    data: {
      change: event.type,
      state: state.kind,
      number: wasIssued(state) ? state.issue.number : null,
      version,
    },
  }
}
