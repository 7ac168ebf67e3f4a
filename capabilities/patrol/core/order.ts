import type { Brand } from '../../../foundation/core/brand.ts'
import type { Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'

export type PatrolOrderId = Brand<string, 'PatrolOrderId'>

/** Where patrol is to be. One order is one place. */
export interface OrderPlace extends Position {
  readonly radiusMetres: number
  readonly label: string
}

/** When in a day, in minutes of the district's clock: over 1440 is past midnight. No weekdays: every day. */
export interface TimeBand {
  readonly fromMinute: number
  readonly untilMinute: number
  /** Of the day on which the band begins: 1 Monday to 7 Sunday. */
  readonly weekdays: readonly number[]
}

/** What is asked each time the band comes round. */
export interface Dosage {
  readonly visits: number
  readonly minutesPerVisit: number
}

/** Why there and then. Counts of a stop are the run's own, never the caller's. */
export type Evidence =
  | {
      readonly kind: 'stop'
      readonly runId: string
      readonly shift: number
      readonly rank: number
      readonly expected: number
      readonly low: number
      readonly high: number
    }
  | { readonly kind: 'series'; readonly runId: string; readonly seriesId: string; readonly summary: string }
  | { readonly kind: 'warning'; readonly runId: string; readonly warningId: string; readonly summary: string }
  | { readonly kind: 'written'; readonly text: string }

/** All that the one who drafts an order decides. */
export interface OrderContent {
  /** Whose order it is; null where the place lies in no station's area. */
  readonly organisationId: string | null
  readonly place: OrderPlace
  readonly category: string | null
  readonly startsAt: Instant
  readonly expiresAt: Instant
  readonly band: TimeBand
  readonly dosage: Dosage
  readonly reason: string
  readonly evidence: readonly Evidence[]
  readonly unitIds: readonly string[]
}

export interface Signature {
  readonly accountId: string | null
  readonly name: string
}

/** A signature with its moment. */
export interface Signed extends Signature {
  readonly at: Instant
}

/** Approved, numbered, in the hands of units. */
export interface Issue extends Signed {
  readonly number: string
  /** The one who approved had proposed it too. */
  readonly isOwnProposal: boolean
}

export type OrderState =
  | { readonly kind: 'draft' }
  | { readonly kind: 'proposed'; readonly proposed: Signed }
  | { readonly kind: 'returned'; readonly proposed: Signed; readonly returned: Signed & { reason: string } }
  | { readonly kind: 'discarded'; readonly discarded: Signed }
  | { readonly kind: 'issued'; readonly proposed: Signed; readonly issue: Issue }
  | {
      readonly kind: 'withdrawn'
      readonly proposed: Signed
      readonly issue: Issue
      readonly withdrawn: Signed & { reason: string }
    }
  | {
      readonly kind: 'expired'
      readonly proposed: Signed
      readonly issue: Issue
      readonly expiredAt: Instant
    }

export const ORDER_STATES = [
  'draft',
  'proposed',
  'returned',
  'discarded',
  'issued',
  'withdrawn',
  'expired',
] as const satisfies readonly OrderState['kind'][]
export type OrderStateKind = (typeof ORDER_STATES)[number]

export interface PatrolOrder {
  readonly id: PatrolOrderId
  readonly content: OrderContent
  readonly drafted: Signed
  readonly state: OrderState
  readonly version: number
}

export type OrderEvent =
  | { readonly type: 'drafted'; readonly content: OrderContent }
  /** What was changed, as it is now. */
  | { readonly type: 'changed'; readonly changes: Partial<OrderContent> }
  | { readonly type: 'proposed' }
  | { readonly type: 'approved'; readonly number: string; readonly isOwnProposal: boolean }
  | { readonly type: 'returned'; readonly reason: string }
  | { readonly type: 'withdrawn'; readonly reason: string }
  | { readonly type: 'discarded' }
  | { readonly type: 'expired' }

/** Approved at some time, whatever became of it. */
export type IssuedState = Extract<OrderState, { issue: Issue }>

export function wasIssued(state: OrderState): state is IssuedState {
  return 'issue' in state
}

/** Units are bound by it now. */
export function isInForce({ state, content }: Pick<PatrolOrder, 'state' | 'content'>, now: Instant): boolean {
  return state.kind === 'issued' && now < content.expiresAt
}

/** From when until when units were, or will be, bound by an order; null where it was never issued. */
export function forcePeriod({
  state,
  content,
}: Pick<PatrolOrder, 'state' | 'content'>): { readonly fromAt: Instant; readonly untilAt: Instant } | null {
  if (!wasIssued(state)) return null
  const endedAt =
    state.kind === 'withdrawn' ? Math.min(state.withdrawn.at, content.expiresAt) : content.expiresAt
  const fromAt = Math.max(content.startsAt, state.issue.at)
  return { fromAt, untilAt: Math.max(fromAt, endedAt) }
}

export function draftOrder(id: PatrolOrderId, content: OrderContent, drafted: Signed): PatrolOrder {
  return { id, content, drafted, state: { kind: 'draft' }, version: 1 }
}

/** What an event makes of an order. `drafted` is its beginning and changes nothing. */
export function evolveOrder(order: PatrolOrder, event: OrderEvent, by: Signature, at: Instant): PatrolOrder {
  const signed: Signed = { accountId: by.accountId, name: by.name, at }
  const { state } = order
  const next = (after: OrderState, content = order.content): PatrolOrder => ({
    ...order,
    content,
    state: after,
    version: order.version + 1,
  })
  const proposed = 'proposed' in state ? state.proposed : signed
  switch (event.type) {
    case 'drafted':
      return order
    case 'changed':
      return next(state, { ...order.content, ...event.changes })
    case 'proposed':
      return next({ kind: 'proposed', proposed: signed })
    case 'approved': {
      const { number, isOwnProposal } = event
      return next({ kind: 'issued', proposed, issue: { ...signed, number, isOwnProposal } })
    }
    case 'returned':
      return next({ kind: 'returned', proposed, returned: { ...signed, reason: event.reason } })
    case 'discarded':
      return next({ kind: 'discarded', discarded: signed })
    case 'withdrawn':
    case 'expired': {
      if (!wasIssued(state)) return order
      const { issue } = state
      return event.type === 'expired'
        ? next({ kind: 'expired', proposed, issue, expiredAt: at })
        : next({ kind: 'withdrawn', proposed, issue, withdrawn: { ...signed, reason: event.reason } })
    }
  }
}

/** The number people say: year of the district's clock and count within it, `XD-2026-0012`. Above 9999 it grows wider. */
export function orderNumber(localYear: number, countOfYear: number): string {
  return `XD-${localYear}-${String(countOfYear).padStart(4, '0')}`
}
