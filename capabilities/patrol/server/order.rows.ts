import type { Insertable, Selectable } from 'kysely'
import { toTimestamp } from '../../../foundation/server/db.ts'
import {
  wasIssued,
  type Issue,
  type OrderContent,
  type OrderState,
  type PatrolOrder,
  type PatrolOrderId,
  type Signed,
} from '../core/index.ts'
import type { OrderTables } from './order.tables.ts'

type Row = Selectable<OrderTables['patrol_order']>

/** The row of an order; its units have rows of their own. */
export function rowOf({
  id,
  content,
  drafted,
  state,
  version,
}: PatrolOrder): Insertable<OrderTables['patrol_order']> {
  const { place, band, dosage } = content
  const issue = wasIssued(state) ? state.issue : null
  const returned = state.kind === 'returned' ? state.returned : null
  const ended = endOf(state)
  const proposed = 'proposed' in state ? state.proposed : null
  return {
    id,
    number: issue?.number ?? null,
    state: state.kind,
    organisation_id: content.organisationId,
    lon: place.lon,
    lat: place.lat,
    radius_metres: place.radiusMetres,
    label: place.label,
    category: content.category,
    starts_at: toTimestamp(content.startsAt),
    expires_at: toTimestamp(content.expiresAt),
    from_minute: band.fromMinute,
    until_minute: band.untilMinute,
    weekdays: [...band.weekdays],
    visits: dosage.visits,
    minutes_per_visit: dosage.minutesPerVisit,
    reason: content.reason,
    evidence: JSON.stringify(content.evidence),
    drafted_at: toTimestamp(drafted.at),
    drafted_by_id: drafted.accountId,
    drafted_by: drafted.name,
    proposed_at: proposed && toTimestamp(proposed.at),
    proposed_by_id: proposed?.accountId ?? null,
    proposed_by: proposed?.name ?? null,
    returned_at: returned && toTimestamp(returned.at),
    returned_by_id: returned?.accountId ?? null,
    returned_by: returned?.name ?? null,
    return_reason: returned?.reason ?? null,
    issued_at: issue && toTimestamp(issue.at),
    approved_by_id: issue?.accountId ?? null,
    approved_by: issue?.name ?? null,
    is_own_proposal: issue?.isOwnProposal ?? null,
    ended_at: ended && toTimestamp(ended.at),
    ended_by_id: ended?.accountId ?? null,
    ended_by: ended?.name ?? null,
    end_reason: ended?.reason ?? null,
    version,
  }
}

/** How an order ended, where it has. */
export function endOf(state: OrderState): (Signed & { readonly reason: string | null }) | null {
  switch (state.kind) {
    case 'discarded':
      return { ...state.discarded, reason: null }
    case 'withdrawn':
      return state.withdrawn
    case 'expired':
      return { accountId: null, name: '', at: state.expiredAt, reason: null }
    default:
      return null
  }
}

export function orderOf(row: Row, unitIds: readonly string[]): PatrolOrder {
  return {
    id: row.id as PatrolOrderId,
    content: contentOf(row, unitIds),
    drafted: { accountId: row.drafted_by_id, name: row.drafted_by, at: row.drafted_at },
    state: stateOf(row),
    version: row.version,
  }
}

function contentOf(row: Row, unitIds: readonly string[]): OrderContent {
  return {
    organisationId: row.organisation_id,
    place: { lon: row.lon, lat: row.lat, radiusMetres: row.radius_metres, label: row.label },
    category: row.category,
    startsAt: row.starts_at,
    expiresAt: row.expires_at,
    band: { fromMinute: row.from_minute, untilMinute: row.until_minute, weekdays: row.weekdays },
    dosage: { visits: row.visits, minutesPerVisit: row.minutes_per_visit },
    reason: row.reason,
    evidence: row.evidence,
    unitIds,
  }
}

function stateOf(row: Row): OrderState {
  const signed = (at: number | null, accountId: string | null, name: string | null): Signed => ({
    accountId,
    name: name ?? '',
    at: at ?? 0,
  })
  const proposed = signed(row.proposed_at, row.proposed_by_id, row.proposed_by)
  const ended = signed(row.ended_at, row.ended_by_id, row.ended_by)
  const issue: Issue = {
    ...signed(row.issued_at, row.approved_by_id, row.approved_by),
    number: row.number ?? '',
    isOwnProposal: row.is_own_proposal ?? false,
  }
  switch (row.state) {
    case 'draft':
      return { kind: 'draft' }
    case 'proposed':
      return { kind: 'proposed', proposed }
    case 'returned': {
      const returned = signed(row.returned_at, row.returned_by_id, row.returned_by)
      return { kind: 'returned', proposed, returned: { ...returned, reason: row.return_reason ?? '' } }
    }
    case 'discarded':
      return { kind: 'discarded', discarded: ended }
    case 'issued':
      return { kind: 'issued', proposed, issue }
    case 'withdrawn':
      return { kind: 'withdrawn', proposed, issue, withdrawn: { ...ended, reason: row.end_reason ?? '' } }
    case 'expired':
      return { kind: 'expired', proposed, issue, expiredAt: ended.at }
  }
}
