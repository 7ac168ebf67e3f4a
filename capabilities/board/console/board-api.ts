import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import type {
  CallOutReason,
  PatrolLevel,
  PatrolLevels,
  StrengthLine,
  TargetForecast,
  Whereabouts,
} from '../core/index.ts'

export interface StrengthRow {
  readonly at: string
  readonly total: StrengthLine
  readonly byOrganisation: readonly (StrengthLine & { readonly organisationId: string })[]
  readonly officers: readonly {
    readonly officerId: string
    readonly organisationId: string
    readonly homeOrganisationId: string
    readonly where: Whereabouts
    readonly onStreet: boolean
  }[]
  readonly uncounted: readonly {
    readonly officerId: string
    readonly where: Whereabouts
    readonly because: 'off-duty' | 'not-patrol-capable'
  }[]
}

export const strengthQuery = queryOptions({
  queryKey: ['street-strength'],
  queryFn: ({ signal }) => api.get<StrengthRow>('/api/street-strength', {}, signal),
  refetchInterval: 60_000,
})

export const patrolLevelsQuery = queryOptions({
  queryKey: ['patrol-levels'],
  queryFn: ({ signal }) => api.get<PatrolLevels>('/api/patrol-levels', {}, signal),
  staleTime: 10 * 60_000,
})

export interface ActivationOrderRow {
  readonly id: string
  readonly organisationId: string
  readonly subject:
    | { readonly kind: 'unit'; readonly unitId: string; readonly officerIds: readonly string[] }
    | { readonly kind: 'officer'; readonly officerId: string }
  readonly reasons: readonly CallOutReason[]
  readonly orderedAt: string
  readonly state: 'ordered' | 'acknowledged' | 'declined' | 'arrived' | 'withdrawn' | 'closed'
  readonly acknowledgedAt: string | null
  readonly arrivedAt: string | null
  readonly declineReason: string | null
  readonly chasedCount: number
  readonly escalatedAt: string | null
}

export interface ActivationRow {
  readonly id: string
  readonly terms: PatrolLevel
  readonly reason: string
  readonly startedAt: string
  readonly targetReachedAt: string | null
  readonly stoodDownAt: string | null
  readonly orders: readonly ActivationOrderRow[]
  readonly forecast: TargetForecast | null
}

export const openActivationQuery = queryOptions({
  queryKey: ['activations', 'open'],
  queryFn: ({ signal }) => api.get<{ activation: ActivationRow | null }>('/api/activations/open', {}, signal),
  refetchInterval: 30_000,
})
