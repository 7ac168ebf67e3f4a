import type { Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { decideStatus, isBoundToIncident, type OrganisationId } from '../../force/core/index.ts'
import {
  isOpen,
  isOpenOrder,
  isOutstanding,
  isSameSubject,
  type Activation,
  type ActivationEvent,
  type ActivationId,
  type ActivationOrder,
  type OrderId,
  type Return,
  type WithdrawalCause,
} from './activation.ts'
import { coveredOfficers, planCallOut, type CallOutLine, type OrderSubject } from './call-out.ts'
import type { PatrolLevel } from './patrol-levels.ts'
import { standings, type Situation } from './situation.ts'
import { strengthLine } from './street-strength.ts'

export type ActivationCommand =
  | {
      /** Starts a level, or raises an open activation of a lower level to it. */
      readonly kind: 'activate'
      readonly id: ActivationId
      readonly districtId: OrganisationId
      readonly terms: PatrolLevel
      readonly reason: string
      readonly situation: Situation
      readonly nextOrderId: () => OrderId
    }
  | {
      /** Takes note of what the force did by itself: who is out, who left, who has come on duty, is the target met. */
      readonly kind: 'reconcile'
      readonly situation: Situation
      readonly nextOrderId: () => OrderId
    }
  | { readonly kind: 'acknowledge'; readonly orderId: OrderId }
  | { readonly kind: 'decline'; readonly orderId: OrderId; readonly reason: string }
  | { readonly kind: 'arrive'; readonly orderId: OrderId; readonly situation: Situation }
  | { readonly kind: 'chase' }
  | { readonly kind: 'stand-down'; readonly reason: string; readonly situation: Situation }

type Command<Kind extends ActivationCommand['kind']> = Extract<ActivationCommand, { kind: Kind }>
type Decision = readonly ActivationEvent[] | Refusal

/**
 * Decides a command on an activation (null: none is open). Gives the events, none where nothing changes, or refuses:
 * `activation-already-open`, `no-open-activation`, `order-not-found`, `order-closed`, `order-already-arrived`,
 * `order-already-acknowledged`, `order-already-declined`, `decline-reason-required`, `unit-cannot-patrol`.
 */
export function decide(state: Activation | null, command: ActivationCommand, now: Instant): Decision {
  if (command.kind === 'activate') return activate(state, command, now)
  if (!isOpen(state)) return refuse('no-open-activation')
  switch (command.kind) {
    case 'reconcile':
      return reconcile(state, command, now)
    case 'acknowledge':
      return acknowledge(state, command)
    case 'decline':
      return decline(state, command)
    case 'arrive':
      return arrive(state, command, now)
    case 'chase':
      return chase(state, now)
    case 'stand-down':
      return standDown(state, command)
  }
}

function activate(state: Activation | null, command: Command<'activate'>, now: Instant): Decision {
  const { id, districtId, terms, reason, situation, nextOrderId } = command
  const { force, countingStatuses, rostered } = situation
  if (!isOpen(state)) {
    const { lines } = planCallOut(force, terms, countingStatuses, now, new Map(), rostered)
    return [{ type: 'started', id, districtId, terms, reason }, ...ordersTo(lines, nextOrderId)]
  }
  if (state.terms.level <= terms.level)
    return refuse('activation-already-open', {
      field: 'level',
      detail: { activationId: state.id, level: state.terms.level, asked: terms.level },
    })
  // Who had declined the lower level is asked again at the higher one; the old order ends first.
  const declined = [...state.orders.values()].filter((order) => order.state.kind === 'declined')
  const others = [...state.orders.values()].filter((order) => order.state.kind !== 'declined')
  const { lines } = planCallOut(force, terms, countingStatuses, now, standings(others, situation), rostered)
  const askedAgain = declined.filter((order) =>
    lines.some((line) => isSameSubject(line.subject, order.subject)),
  )
  return [
    { type: 'raised', fromLevel: state.terms.level, terms, reason },
    ...askedAgain.map((order) => withdrawal(order, 'asked-again')),
    ...ordersTo(lines, nextOrderId),
  ]
}

const ordersTo = (lines: readonly CallOutLine[], nextOrderId: () => OrderId): ActivationEvent[] =>
  lines.map(({ subject, organisationId, reasons }) => ({
    type: 'order-made',
    order: { id: nextOrderId(), organisationId, subject, reasons },
  }))

const withdrawal = (order: ActivationOrder, because: WithdrawalCause): ActivationEvent => ({
  type: 'order-withdrawn',
  orderId: order.id,
  because,
})

function openOrder(state: Activation, orderId: OrderId): ActivationOrder | Refusal {
  const order = state.orders.get(orderId)
  if (!order) return refuse('order-not-found', { field: 'orderId', detail: { orderId } })
  if (!isOpenOrder(order)) return refuse('order-closed', { detail: { orderId, state: order.state.kind } })
  if (order.state.kind === 'arrived')
    return refuse('order-already-arrived', { detail: { orderId, arrivedAt: order.state.arrivedAt } })
  return order
}

/** An order once declined may still be taken after all. */
function acknowledge(state: Activation, { orderId }: Command<'acknowledge'>): Decision {
  const order = openOrder(state, orderId)
  if (isRefusal(order)) return order
  if (order.state.kind === 'acknowledged')
    return refuse('order-already-acknowledged', {
      detail: { orderId, acknowledgedAt: order.state.acknowledgedAt },
    })
  return [{ type: 'order-acknowledged', orderId }]
}

function decline(state: Activation, { orderId, reason }: Command<'decline'>): Decision {
  const order = openOrder(state, orderId)
  if (isRefusal(order)) return order
  if (reason.trim() === '') return refuse('decline-reason-required', { field: 'reason' })
  if (order.state.kind === 'declined')
    return refuse('order-already-declined', { detail: { orderId, reason: order.state.reason } })
  return [{ type: 'order-declined', orderId, reason }]
}

/** Arriving puts a unit on patrol and an officer on a foot post, unless they are on the street already. */
function arrive(state: Activation, { orderId, situation }: Command<'arrive'>, now: Instant): Decision {
  const order = openOrder(state, orderId)
  if (isRefusal(order)) return order
  const { subject } = order
  if (situation.isOut(subject)) return [arrival(order, null, now)]
  if (subject.kind === 'officer') {
    if (situation.officer(subject.officerId)?.duty !== 'on')
      return refuse('officer-off-duty', { detail: { officerId: subject.officerId } })
    return [arrival(order, { post: 'street' }, now)]
  }
  const status = situation.unit(subject.unitId)?.status
  if (status === undefined || isRefusal(decideStatus(status, 'patrolling', 'system')))
    return refuse('unit-cannot-patrol', { detail: { unitId: subject.unitId, status } })
  return [arrival(order, { status: 'patrolling' }, now)]
}

type Arrival = Extract<ActivationEvent, { type: 'order-arrived' }>
const arrival = (order: ActivationOrder, moves: Arrival['moves'], now: Instant): Arrival => ({
  type: 'order-arrived',
  orderId: order.id,
  tookSeconds: Math.round((now - order.orderedAt) / 1000),
  moves,
})

function reconcile(state: Activation, command: Command<'reconcile'>, now: Instant): Decision {
  const { situation, nextOrderId } = command
  const { force, countingStatuses, rostered } = situation
  const events: ActivationEvent[] = []
  const ended = new Set<OrderId>()
  for (const order of state.orders.values()) {
    if (!isOutstanding(order)) continue
    const because = whyWithdrawn(order.subject, situation)
    if (situation.isOut(order.subject)) events.push(arrival(order, null, now))
    else if (because) {
      events.push(withdrawal(order, because))
      ended.add(order.id)
    }
  }
  const remaining = [...state.orders.values()].filter((order) => !ended.has(order.id))
  const { lines } = planCallOut(
    force,
    state.terms,
    countingStatuses,
    now,
    standings(remaining, situation),
    rostered,
  )
  events.push(...ordersTo(lines, nextOrderId))

  const covered = coveredOfficers(force, state.terms, countingStatuses, now, rostered)
  const onStreet = covered.filter((officer) => officer.onStreet).length
  const { gap, available } = strengthLine(onStreet, covered.length, state.terms.target)
  if (state.targetReachedAt === null && gap === 0 && available > 0)
    events.push({ type: 'target-reached', onStreet, available })
  return events
}

/** Why an order that is still out leads to nobody any more; null while it does. */
function whyWithdrawn(subject: OrderSubject, situation: Situation): WithdrawalCause | null {
  if (subject.kind === 'unit' && situation.unit(subject.unitId)?.status === 'out-of-service')
    return 'unit-out-of-service'
  const anyoneOnDuty = situation
    .officersOf(subject)
    .some((officerId) => situation.officer(officerId)?.duty === 'on')
  return anyoneOnDuty ? null : 'off-duty'
}

/** When an order is next due to be chased: for its answer first, then, once answered, for the arrival. */
export function chaseDueAt(order: ActivationOrder, terms: PatrolLevel): Instant | null {
  const everyMilliseconds = terms.chaseAfterSeconds * 1000
  if (order.state.kind === 'ordered') return (order.lastChasedAt ?? order.orderedAt) + everyMilliseconds
  if (order.state.kind === 'acknowledged') {
    const expectedAt = order.orderedAt + terms.defaultArrivalMinutes * 60_000
    return Math.max(expectedAt, (order.lastChasedAt ?? order.state.acknowledgedAt) + everyMilliseconds)
  }
  return null
}

function chase(state: Activation, now: Instant): Decision {
  return [...state.orders.values()].flatMap((order): ActivationEvent[] => {
    const dueAt = chaseDueAt(order, state.terms)
    if (dueAt === null || now < dueAt) return []
    const count = order.chasedCount + 1
    const chased: ActivationEvent = { type: 'order-chased', orderId: order.id, count }
    if (count < state.terms.escalateAfterChases || order.escalatedAt !== null) return [chased]
    return [chased, { type: 'order-escalated', orderId: order.id, organisationId: order.organisationId }]
  })
}

function standDown(state: Activation, { reason, situation }: Command<'stand-down'>): Decision {
  const closing = [...state.orders.values()].filter(isOpenOrder).map((order): ActivationEvent => ({
    type: 'order-closed',
    orderId: order.id,
    was: order.state.kind,
    returns: returnOf(order, situation),
  }))
  return [...closing, { type: 'stood-down', reason }]
}

/**
 * Back to where the order found them. A unit that serves an incident, or has just been
 * ordered to one, is left to it, and one that has gone where no
 * step of the status chain leads back from stays there: both are written down, not forced.
 */
function returnOf(order: ActivationOrder, situation: Situation): Return {
  if (order.state.kind !== 'arrived') return { kind: 'left', because: 'had-not-come' }
  const { subject } = order
  if (subject.kind === 'officer') {
    const post = situation.officer(subject.officerId)?.post
    if (post === undefined) return { kind: 'left', because: 'gone-on' }
    return post === subject.before
      ? { kind: 'left', because: 'as-before' }
      : { kind: 'officer', post: subject.before }
  }
  const status = situation.unit(subject.unitId)?.status
  if (status === undefined) return { kind: 'left', because: 'gone-on' }
  if (status === subject.before) return { kind: 'left', because: 'as-before' }
  if (isBoundToIncident(status) || situation.isCommitted(subject.unitId))
    return { kind: 'left', because: 'bound-to-incident' }
  return isRefusal(decideStatus(status, subject.before, 'system'))
    ? { kind: 'left', because: 'gone-on' }
    : { kind: 'unit', status: subject.before }
}
