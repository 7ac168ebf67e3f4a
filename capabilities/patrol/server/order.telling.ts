import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce, type Announcement } from '../../../foundation/server/outbox/outbox.ts'
import { forcePeriod, isInForce, occurrencesOf, wasIssued, type PatrolOrder } from '../core/index.ts'
import type { OrderNeeds } from './order.needs.ts'
import { listOrderUnits, lockOrder, type AddressedUnit } from './order.store.ts'
import { insertOrderReceipt, markRecalled, markSent } from './receipt.store.ts'
import { keepOccurrences } from './visit.store.ts'

/** Lays down when an order's band comes round, until it ends: at its issue, and again when it ends early. */
export async function layDownOccurrences(tx: Tx, orderId: string, needs: OrderNeeds): Promise<void> {
  const order = await lockOrder(tx, orderId)
  const period = order && forcePeriod(order)
  if (order && period)
    await keepOccurrences(tx, order.id, occurrencesOf(order.content, period, needs.timeZone()))
}

/** Tells the units that an order is theirs. Nothing where it has ended meanwhile, or where they have been told. */
export async function sendOrder(tx: Tx, actor: ActorContext, orderId: string): Promise<void> {
  const order = await lockOrder(tx, orderId)
  if (order && isInForce(order, actor.now))
    await tell(tx, actor, order, 'sent', await markSent(tx, orderId, actor.now))
}

/** Tells the units that have it that an order is theirs no more. */
export async function recallOrder(tx: Tx, actor: ActorContext, orderId: string): Promise<void> {
  const order = await lockOrder(tx, orderId)
  if (order && order.state.kind !== 'issued')
    await tell(tx, actor, order, 'recalled', await markRecalled(tx, orderId, actor.now))
}

async function tell(
  tx: Tx,
  actor: ActorContext,
  order: PatrolOrder,
  what: 'sent' | 'recalled',
  unitIds: readonly string[],
): Promise<void> {
  const units = (await listOrderUnits(tx, [order.id])).get(order.id)!
  await announce(
    tx,
    ...units
      .filter(({ unitId }) => unitIds.includes(unitId))
      .map((unit) => unitAnnouncement(`patrol-order.${what}`, order, unit, actor.now)),
  )
}

/** Goes to those who may see the unit: its crew, its station, the command room. */
function unitAnnouncement(topic: string, order: PatrolOrder, unit: AddressedUnit, at: number): Announcement {
  return {
    topic,
    subjectId: order.id,
    organisationId: unit.organisationId,
    permission: 'patrol.read-own-orders',
    at,
    data: {
      unitId: unit.unitId,
      callSign: unit.callSign,
      number: wasIssued(order.state) ? order.state.issue.number : null,
      state: order.state.kind,
    },
  }
}

/**
 * The caller has read an order that its unit was sent; the first reading of each is kept.
 * Refuses `not-found`, `unit-not-addressed`, `out-of-scope` (no member of the crew), `order-not-in-force`.
 */
export async function readOrder(
  tx: Tx,
  actor: ActorContext,
  needs: OrderNeeds,
  orderId: string,
  named: string | undefined,
): Promise<{ readonly unitId: string; readonly isFirst: boolean } | Refusal> {
  const order = await lockOrder(tx, orderId)
  if (!order || !wasIssued(order.state)) return refuse('not-found')
  const unitId = named ?? (actor.officerId && (await needs.unitOfOfficer(tx, actor.officerId)))
  const unit = (await listOrderUnits(tx, [orderId])).get(orderId)!.find((one) => one.unitId === unitId)
  if (!unit) return refuse('unit-not-addressed')
  if (!(await isOfUnit(tx, actor, unit, needs))) return refuse('out-of-scope')
  if (!isInForce(order, actor.now))
    return refuse('order-not-in-force', { detail: { orderId, state: order.state.kind } })
  const { accountId, name, now } = actor
  const receipt = { unitId: unit.unitId, accountId: accountId ?? '', accountName: name, readAt: now }
  const isFirst = await insertOrderReceipt(tx, orderId, receipt)
  if (isFirst) {
    await writeAudit(tx, actor, {
      action: 'patrol.read-order',
      subjectKind: 'patrol-order',
      subjectId: orderId,
      detail: { number: order.state.issue.number, unitId: unit.unitId, callSign: unit.callSign },
    })
    await announce(tx, unitAnnouncement('patrol-order.read', order, unit, now))
  }
  return { unitId: unit.unitId, isFirst }
}

/** What a unit is told is for its own crew, and for terminals within their scope. */
export async function isOfUnit(
  tx: Parameters<OrderNeeds['crewOf']>[0],
  actor: ActorContext,
  { unitId, organisationId }: { readonly unitId: string; readonly organisationId: string },
  needs: OrderNeeds,
): Promise<boolean> {
  if (actor.mayFor('patrol.answer-any-order', organisationId)) return true
  return actor.officerId !== null && (await needs.crewOf(tx, unitId)).includes(actor.officerId)
}
