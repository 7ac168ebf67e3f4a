import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import type { LiveEvent } from '../../../foundation/ui/live/channel.ts'
import type {
  Dosage,
  Evidence,
  OrderPlace,
  OrderRules,
  OrderStateKind,
  Outcome,
  TimeBand,
} from '../core/index.ts'

/** What the one who drafts decides, as the API takes and gives it. */
export interface ContentRow {
  readonly place: OrderPlace
  readonly category: string | null
  readonly startsAt: string
  readonly expiresAt: string
  readonly band: TimeBand
  readonly dosage: Dosage
  readonly reason: string
  readonly evidence: readonly Evidence[]
  readonly unitIds: readonly string[]
}

export interface OccurrenceRow {
  readonly startsAt: string
  readonly endsAt: string
  readonly askedVisits: number
  readonly askedSeconds: number
  readonly visits: number
  readonly seconds: number
  readonly otherVisits: number
  readonly unknownSeconds: number
  readonly outcome: Outcome
}

export interface OrderRow extends ContentRow {
  readonly id: string
  readonly number: string | null
  readonly state: OrderStateKind
  readonly version: number
  readonly organisationId: string | null
  readonly draftedAt: string
  readonly draftedBy: string
  readonly proposedAt: string | null
  readonly proposedBy: string | null
  readonly issuedAt: string | null
  readonly approvedBy: string | null
  readonly isOwnProposal: boolean
  readonly returnReason: string | null
  readonly endedAt: string | null
  readonly endReason: string | null
  readonly units: readonly {
    readonly unitId: string
    readonly callSign: string
    readonly organisationId: string
    readonly sentAt: string | null
    readonly readAt: string | null
  }[]
  readonly progress: {
    readonly occurrences: number
    readonly done: number
    readonly visits: number
    readonly seconds: number
    readonly askedVisits: number
    readonly askedSeconds: number
    readonly current: OccurrenceRow | null
  } | null
}

export type OrderWithOccurrences = OrderRow & { readonly occurrences: readonly OccurrenceRow[] }

export const OPEN_STATES: readonly OrderStateKind[] = ['draft', 'proposed', 'returned', 'issued']
export const ENDED_STATES: readonly OrderStateKind[] = ['withdrawn', 'expired', 'discarded']

const ofStates = (states: readonly OrderStateKind[], limit: number) =>
  queryOptions({
    queryKey: ['patrol-orders', ...states],
    queryFn: ({ signal }) =>
      api.get<{ orders: readonly OrderRow[]; nextCursor: string | null }>(
        '/api/patrol-orders',
        { state: states, limit },
        signal,
      ),
    // Visits are counted each minute; what people do comes by the live channel.
    refetchInterval: 60_000,
  })

export const openOrdersQuery = ofStates(OPEN_STATES, 500)
export const endedOrdersQuery = ofStates(ENDED_STATES, 100)
export const ordersInForceQuery = ofStates(['issued'], 500)

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['patrol-orders', 'one', id],
    queryFn: ({ signal }) => api.get<OrderWithOccurrences>(`/api/patrol-orders/${id}`, {}, signal),
    refetchInterval: 60_000,
  })

export interface TimelineRow {
  readonly timeline: readonly {
    readonly sequence: number
    readonly at: string
    readonly accountName: string
    readonly type: string
    readonly data: Readonly<Record<string, unknown>>
  }[]
  readonly receipts: readonly {
    readonly unitId: string
    readonly callSign: string
    readonly accountName: string
    readonly readAt: string
  }[]
}

export const orderTimelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['patrol-orders', 'one', id, 'timeline'],
    queryFn: ({ signal }) => api.get<TimelineRow>(`/api/patrol-orders/${id}/timeline`, {}, signal),
  })

export interface VisitRow {
  readonly unitId: string
  readonly callSign: string
  readonly occurrenceStartsAt: string
  readonly arrivedAt: string
  readonly leftAt: string
  readonly seconds: number
  readonly isAddressed: boolean
  readonly counts: boolean
}

/** Which unit was there when: each reading is in the audit log, so it is read when somebody asks, and not again by itself. */
export const orderVisitsQuery = (id: string) =>
  queryOptions({
    queryKey: ['patrol-visits', id],
    queryFn: ({ signal }) =>
      api.get<{ visits: readonly VisitRow[] }>(`/api/patrol-orders/${id}/visits`, {}, signal),
    staleTime: Infinity,
  })

export const orderRulesQuery = queryOptions({
  queryKey: ['patrol-settings'],
  queryFn: async ({ signal }) => {
    const { settings } = await api.get<{ settings: { key: string; value: OrderRules; version: number }[] }>(
      '/api/patrol-settings',
      {},
      signal,
    )
    return settings[0]!.value
  },
  staleTime: 10 * 60_000,
})

export type MyOrderRow = Omit<ContentRow, 'unitIds'> & {
  readonly id: string
  readonly number: string
  readonly issuedAt: string
  readonly readAt: string | null
  readonly occurrences: readonly (OccurrenceRow & {
    readonly ownVisits: number
    readonly ownSeconds: number
  })[]
}

export interface MyOrders {
  readonly at: string
  readonly unit: {
    readonly unitId: string
    readonly callSign: string
    readonly organisationId: string
  } | null
  readonly position: { readonly lon: number; readonly lat: number; readonly fixedAt: string } | null
  readonly orders: readonly MyOrderRow[]
}

export const myOrdersQuery = queryOptions({
  queryKey: ['my-patrol-orders'],
  queryFn: ({ signal }) => api.get<MyOrders>('/api/my-patrol-orders', {}, signal),
  refetchInterval: 20_000,
})

/** Which reads an event about orders makes out of date. */
export const ORDER_REFRESH = {
  topic: 'patrol-order.',
  keys: (_event: LiveEvent) => [['patrol-orders'], ['my-patrol-orders']],
} as const
