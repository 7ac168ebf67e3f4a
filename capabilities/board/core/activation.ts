import type { Brand } from '../../../foundation/core/brand.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { OrganisationId, Post, UnitStatus } from '../../force/core/index.ts'
import type { CallOutReason, OrderSubject } from './call-out.ts'
import type { PatrolLevel } from './patrol-levels.ts'

export type ActivationId = Brand<string, 'ActivationId'>
export type OrderId = Brand<string, 'OrderId'>

/** One call to one unit or officer. */
export interface ActivationOrder {
  readonly id: OrderId
  readonly organisationId: OrganisationId
  readonly subject: OrderSubject
  readonly reasons: readonly CallOutReason[]
  readonly orderedAt: Instant
  readonly state: OrderState
  readonly chasedCount: number
  readonly lastChasedAt: Instant | null
  readonly escalatedAt: Instant | null
}

export type OpenOrderState =
  | { readonly kind: 'ordered' }
  | { readonly kind: 'acknowledged'; readonly acknowledgedAt: Instant }
  | { readonly kind: 'declined'; readonly declinedAt: Instant; readonly reason: string }
  | { readonly kind: 'arrived'; readonly acknowledgedAt: Instant | null; readonly arrivedAt: Instant }
export type OpenOrderKind = OpenOrderState['kind']

/** An order that is over keeps what it had come to. */
export type OrderState =
  | OpenOrderState
  | {
      readonly kind: 'withdrawn'
      readonly withdrawnAt: Instant
      readonly because: WithdrawalCause
      readonly from: OpenOrderState
    }
  | { readonly kind: 'closed'; readonly closedAt: Instant; readonly from: OpenOrderState }

/** Nobody of it is on duty any more; its unit cannot go out; or a new order at a higher level takes its place. */
export type WithdrawalCause = 'off-duty' | 'unit-out-of-service' | 'asked-again'

/** What stand-down does with one who had come: back to where the order found them, or left, and why. */
export type Return =
  | { readonly kind: 'unit'; readonly status: UnitStatus }
  | { readonly kind: 'officer'; readonly post: Post }
  | {
      readonly kind: 'left'
      readonly because: 'had-not-come' | 'as-before' | 'bound-to-incident' | 'gone-on'
    }

export interface Activation {
  readonly id: ActivationId
  /** The top of the organisation tree: a district has one open activation at most. */
  readonly districtId: OrganisationId
  /** The level as it was configured when it was activated; a later change does not move a running one. */
  readonly terms: PatrolLevel
  readonly startedAt: Instant
  readonly reason: string
  readonly orders: ReadonlyMap<OrderId, ActivationOrder>
  readonly targetReachedAt: Instant | null
  readonly stoodDownAt: Instant | null
}

export interface NewOrder {
  readonly id: OrderId
  readonly organisationId: OrganisationId
  readonly subject: OrderSubject
  readonly reasons: readonly CallOutReason[]
}

/** What happened, in the words of the timeline. Each is stored with its time, its number and who caused it. */
export type ActivationEvent =
  | {
      readonly type: 'started'
      readonly id: ActivationId
      readonly districtId: OrganisationId
      readonly terms: PatrolLevel
      readonly reason: string
    }
  | {
      readonly type: 'raised'
      readonly fromLevel: number
      readonly terms: PatrolLevel
      readonly reason: string
    }
  | { readonly type: 'order-made'; readonly order: NewOrder }
  | { readonly type: 'order-acknowledged'; readonly orderId: OrderId }
  | { readonly type: 'order-declined'; readonly orderId: OrderId; readonly reason: string }
  | {
      readonly type: 'order-arrived'
      readonly orderId: OrderId
      readonly tookSeconds: number
      /** What the arrival changes in the force; null where the subject is on the street already. */
      readonly moves: { readonly status: UnitStatus } | { readonly post: Post } | null
    }
  | { readonly type: 'order-chased'; readonly orderId: OrderId; readonly count: number }
  | { readonly type: 'order-escalated'; readonly orderId: OrderId; readonly organisationId: OrganisationId }
  | { readonly type: 'order-withdrawn'; readonly orderId: OrderId; readonly because: WithdrawalCause }
  | { readonly type: 'target-reached'; readonly onStreet: number; readonly available: number }
  | {
      readonly type: 'order-closed'
      readonly orderId: OrderId
      readonly was: OpenOrderKind
      readonly returns: Return
    }
  | { readonly type: 'stood-down'; readonly reason: string }

export const isOpen = (activation: Activation | null): activation is Activation =>
  activation !== null && activation.stoodDownAt === null

const OUTSTANDING: readonly OrderState['kind'][] = ['ordered', 'acknowledged']

/** Ordered, and neither here yet nor refused: expected to come. */
export const isOutstanding = (order: ActivationOrder): boolean => OUTSTANDING.includes(order.state.kind)

export function isOpenOrder(
  order: ActivationOrder,
): order is ActivationOrder & { readonly state: OpenOrderState } {
  return order.state.kind !== 'withdrawn' && order.state.kind !== 'closed'
}

export function isSameSubject(a: OrderSubject, b: OrderSubject): boolean {
  return a.kind === 'unit'
    ? b.kind === 'unit' && a.unitId === b.unitId
    : b.kind === 'officer' && a.officerId === b.officerId
}

/** One event with the moment at which it happened. */
export interface Happened {
  readonly event: ActivationEvent
  readonly at: Instant
}

/** The next state after an event that happened at `at`. Only `started` is understood without a state. */
export function evolve(state: Activation | null, event: ActivationEvent, at: Instant): Activation {
  return replay([{ event, at }], state)!
}

/** Plays a timeline, from its beginning or on from `state`. Null for an empty one from the beginning. */
export function replay(timeline: readonly Happened[], state: Activation | null = null): Activation | null {
  // One copy for the whole timeline: a city's has thousands of orders and tens of thousands of events.
  const orders = new Map(state?.orders)
  let head = state
  for (const { event, at } of timeline) head = next(head, orders, event, at)
  return head && { ...head, orders }
}

/** Gives the next head; changes `orders`, which is the caller's own copy. */
function next(
  head: Activation | null,
  orders: Map<OrderId, ActivationOrder>,
  event: ActivationEvent,
  at: Instant,
): Activation {
  if (event.type === 'started')
    return {
      id: event.id,
      districtId: event.districtId,
      terms: event.terms,
      startedAt: at,
      reason: event.reason,
      orders,
      targetReachedAt: null,
      stoodDownAt: null,
    }
  if (head === null) throw new Error(`activation event «${event.type}» before «started»`)
  switch (event.type) {
    case 'raised':
      return { ...head, terms: event.terms, targetReachedAt: null }
    case 'target-reached':
      return { ...head, targetReachedAt: at }
    case 'stood-down':
      return { ...head, stoodDownAt: at }
    case 'order-made':
      orders.set(event.order.id, {
        ...event.order,
        orderedAt: at,
        state: { kind: 'ordered' },
        chasedCount: 0,
        lastChasedAt: null,
        escalatedAt: null,
      })
      return head
    default: {
      const order = orders.get(event.orderId)
      if (!order) throw new Error(`activation ${head.id} has no order ${event.orderId}`)
      orders.set(order.id, { ...order, ...change(order, event, at) })
      return head
    }
  }
}

type OrderEvent = Exclude<Extract<ActivationEvent, { orderId: OrderId }>, { type: 'order-made' }>

function change({ state }: ActivationOrder, event: OrderEvent, at: Instant): Partial<ActivationOrder> {
  switch (event.type) {
    case 'order-acknowledged':
      return { state: { kind: 'acknowledged', acknowledgedAt: at } }
    case 'order-declined':
      return { state: { kind: 'declined', declinedAt: at, reason: event.reason } }
    case 'order-arrived': {
      const acknowledgedAt = state.kind === 'acknowledged' ? state.acknowledgedAt : null
      return { state: { kind: 'arrived', acknowledgedAt, arrivedAt: at } }
    }
    case 'order-chased':
      return { chasedCount: event.count, lastChasedAt: at }
    case 'order-escalated':
      return { escalatedAt: at }
    case 'order-withdrawn':
      return {
        state: { kind: 'withdrawn', withdrawnAt: at, because: event.because, from: openState(state) },
      }
    case 'order-closed':
      return { state: { kind: 'closed', closedAt: at, from: openState(state) } }
  }
}

/** What an order had come to before it was over. */
export const openState = (state: OrderState): OpenOrderState =>
  state.kind === 'withdrawn' || state.kind === 'closed' ? state.from : state
