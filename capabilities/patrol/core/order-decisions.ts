import { isWithin, type Bounds } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { bandMinutes, occurrencesOf } from './occurrence.ts'
import type { OrderContent, OrderEvent, PatrolOrder, Signature } from './order.ts'
import { BAND_MINUTES_AT_MOST, RADIUS_METRES, VISITS_AT_MOST, type OrderRules } from './order-rules.ts'

export type OrderCommand =
  | { readonly do: 'change'; readonly changes: Partial<OrderContent> }
  | { readonly do: 'propose' }
  /** `number` is drawn in the same transaction; a refusal gives it back. */
  | { readonly do: 'approve'; readonly number: string }
  | { readonly do: 'return'; readonly reason: string }
  | { readonly do: 'withdraw'; readonly reason: string }
  | { readonly do: 'discard' }
  | { readonly do: 'expire' }

/** What decisions about orders look into. */
export interface OrderBooks {
  readonly rules: OrderRules
  readonly timeZone: string
  /** Of the district's map; null where none is loaded. */
  readonly bounds: Bounds | null
  /** The units that there are and that the actor may send. */
  readonly units: ReadonlyMap<string, { readonly callSign: string; readonly inScope: boolean }>
}

const DAY = 86_400_000

/**
 * What a command does to an order: events, none where it changes nothing, or the reason why not.
 * Refuses: `order-not-open` (changing, proposing or discarding what has been issued or has ended), `order-not-proposed`,
 * `order-not-in-force`, `order-over` (its time has passed before it was approved), `order-not-over`, `reason-too-short`,
 * and all that `contentFault` and `proposalFault` refuse.
 */
export function decideOrder(
  order: PatrolOrder,
  command: OrderCommand,
  books: OrderBooks,
  by: Signature,
  now: Instant,
): readonly OrderEvent[] | Refusal {
  const { content, state } = order
  const about = { orderId: order.id, state: state.kind }
  switch (command.do) {
    case 'change': {
      if (!isOpen(order)) return refuse('order-not-open', { detail: about })
      const changes = changed(content, command.changes)
      if (Object.keys(changes).length === 0) return []
      const after = { ...content, ...changes }
      const fault =
        contentFault(after, books) ?? (state.kind === 'proposed' ? proposalFault(after, books, now) : null)
      return fault ?? [{ type: 'changed', changes }]
    }
    case 'propose':
      if (state.kind === 'proposed') return []
      if (!isOpen(order)) return refuse('order-not-open', { detail: about })
      return proposalFault(content, books, now) ?? [{ type: 'proposed' }]
    case 'approve': {
      if (state.kind !== 'proposed') return refuse('order-not-proposed', { detail: about })
      const fault = proposalFault(content, books, now)
      const isOwnProposal = by.accountId !== null && by.accountId === state.proposed.accountId
      return fault ?? [{ type: 'approved', number: command.number, isOwnProposal }]
    }
    case 'return': {
      if (state.kind !== 'proposed') return refuse('order-not-proposed', { detail: about })
      const reason = reasonGiven(command.reason, books.rules)
      return isRefusal(reason) ? reason : [{ type: 'returned', ...reason }]
    }
    case 'withdraw': {
      if (state.kind !== 'issued') return refuse('order-not-in-force', { detail: about })
      const reason = reasonGiven(command.reason, books.rules)
      return isRefusal(reason) ? reason : [{ type: 'withdrawn', ...reason }]
    }
    case 'discard':
      if (state.kind === 'discarded') return []
      return isOpen(order) ? [{ type: 'discarded' }] : refuse('order-not-open', { detail: about })
    case 'expire':
      if (state.kind !== 'issued') return []
      return now >= content.expiresAt ? [{ type: 'expired' }] : refuse('order-not-over', { detail: about })
  }
}

/** Not yet issued and not thrown away: whoever drafts may still change it. */
export function isOpen({ state }: Pick<PatrolOrder, 'state'>): boolean {
  return state.kind === 'draft' || state.kind === 'proposed' || state.kind === 'returned'
}

/**
 * What no order may say, not even a draft.
 * Refuses: `invalid-radius`, `outside-district`, `period-backwards`, `period-too-long`, `band-empty`, `band-too-long`,
 * `dosage-too-short` (such a visit would not count), `dosage-does-not-fit`, `invalid-unit`, `out-of-scope`.
 */
export function contentFault(content: OrderContent, { rules, bounds, units }: OrderBooks): Refusal | null {
  const { place, band, dosage, startsAt, expiresAt, unitIds } = content
  const { least, most } = RADIUS_METRES
  if (place.radiusMetres < least || place.radiusMetres > most)
    return refuse('invalid-radius', { field: 'place', detail: { least, most } })
  if (bounds && !isWithin(bounds, place)) return refuse('outside-district', { field: 'place' })
  if (expiresAt <= startsAt) return refuse('period-backwards', { field: 'expiresAt' })
  if (expiresAt - startsAt > rules.longestDays * DAY)
    return refuse('period-too-long', { field: 'expiresAt', detail: { days: rules.longestDays } })
  const minutes = bandMinutes(band)
  if (minutes <= 0) return refuse('band-empty', { field: 'band' })
  if (minutes > BAND_MINUTES_AT_MOST) return refuse('band-too-long', { field: 'band' })
  if (dosage.minutesPerVisit < rules.visitFromMinutes)
    return refuse('dosage-too-short', { field: 'dosage', detail: { minutes: rules.visitFromMinutes } })
  const asked = dosage.visits * dosage.minutesPerVisit
  if (dosage.visits > VISITS_AT_MOST || asked > minutes)
    return refuse('dosage-does-not-fit', { field: 'dosage', detail: { asked, minutes } })
  for (const unitId of unitIds) {
    const unit = units.get(unitId)
    if (!unit) return refuse('invalid-unit', { field: 'unitIds', detail: { unitId } })
    if (!unit.inScope)
      return refuse('out-of-scope', { field: 'unitIds', detail: { callSign: unit.callSign } })
  }
  return null
}

/** What a proposal must have besides. Refuses: `order-over`, `unit-required`, `reason-too-short`, `band-never-comes`. */
export function proposalFault(content: OrderContent, books: OrderBooks, now: Instant): Refusal | null {
  const fault = contentFault(content, books)
  if (fault) return fault
  if (now >= content.expiresAt) return refuse('order-over', { field: 'expiresAt' })
  if (content.unitIds.length === 0) return refuse('unit-required', { field: 'unitIds' })
  const reason = reasonGiven(content.reason, books.rules)
  if (isRefusal(reason)) return reason
  const period = { fromAt: Math.max(now, content.startsAt), untilAt: content.expiresAt }
  return occurrencesOf(content, period, books.timeZone).length === 0
    ? refuse('band-never-comes', { field: 'band' })
    : null
}

function reasonGiven(
  text: string,
  { shortestReasonLength: least }: OrderRules,
): { reason: string } | Refusal {
  const reason = text.trim()
  return [...reason].length < least
    ? refuse('reason-too-short', { field: 'reason', detail: { least } })
    : { reason }
}

/** Of what was sent, that which is not so already. */
function changed(content: OrderContent, sent: Partial<OrderContent>): Partial<OrderContent> {
  const fields = (Object.keys(sent) as (keyof OrderContent)[]).filter(
    (field) => JSON.stringify(sent[field]) !== JSON.stringify(content[field]),
  )
  return Object.fromEntries(fields.map((field) => [field, sent[field]]))
}
