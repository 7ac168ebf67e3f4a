import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../../foundation/ui/api/client.ts'
import type { AbsenceKind, AbsenceState, SwapState } from '../../core/index.ts'

interface Named {
  readonly nameZh: string
  readonly nameEn: string
}

export interface MyDay {
  readonly date: string
  readonly rosterId: string
  readonly option: string
  readonly kind: 'duty' | 'training' | 'leave'
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly shift: (Named & { readonly code: string }) | null
  readonly post: (Named & { readonly id: string; readonly kind: string }) | null
  readonly draw: (Named & { readonly code: string }) | null
}

export interface MyRosterRead {
  readonly rosterId: string
  readonly number: string
  readonly title: string
  readonly fromDate: string
  readonly days: number
  readonly version: number
  readonly acknowledgedAt: string | null
  /** The own days are still as they were acknowledged. */
  readonly isCurrent: boolean
}

export interface MyRoster {
  readonly officerId: string | null
  readonly today: string
  readonly days: readonly MyDay[]
  readonly rosters: readonly MyRosterRead[]
  readonly calendarMadeAt: string | null
}

export interface AbsenceRow {
  readonly id: string
  readonly officerId: string
  readonly organisationId: string
  readonly kind: AbsenceKind
  readonly fromDate: string
  readonly untilDate: string
  readonly state: AbsenceState
  readonly note: string | null
  readonly requestedAt: string
  readonly decisionReason: string | null
  readonly version: number
}

export interface WishRow {
  readonly officerId: string
  readonly date: string
  readonly shift: string | null
  readonly isWanted: boolean
  readonly weight: number
}

interface SwapSide {
  readonly officerId: string
  readonly date: string
  readonly gives: string
}

export interface SwapRow {
  readonly id: string
  readonly rosterId: string
  readonly state: SwapState
  readonly from: SwapSide
  readonly with: SwapSide
  readonly offeredAt: string
  readonly reason: string | null
  readonly version: number
}

/** Shown days: what a phone holds for a month and a bit. */
const DAYS = 35

export const myRosterQuery = queryOptions({
  queryKey: ['my-roster'],
  queryFn: ({ signal }) => api.get<MyRoster>('/api/my-roster', { days: DAYS }, signal),
  refetchInterval: 5 * 60_000,
})

export const absencesQuery = queryOptions({
  queryKey: ['absences'],
  queryFn: async ({ signal }) =>
    (await api.get<{ absences: readonly AbsenceRow[] }>('/api/absences', {}, signal)).absences,
})

export const wishesQuery = queryOptions({
  queryKey: ['roster-wishes'],
  queryFn: async ({ signal }) =>
    (await api.get<{ wishes: readonly WishRow[] }>('/api/roster-wishes', {}, signal)).wishes,
})

export const swapsQuery = queryOptions({
  queryKey: ['roster-swaps'],
  queryFn: async ({ signal }) =>
    (await api.get<{ swaps: readonly SwapRow[] }>('/api/roster-swaps', {}, signal)).swaps,
})
