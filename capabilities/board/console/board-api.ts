import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import type {
  CallOutReason,
  NotYetOnDuty,
  PatrolLevel,
  PatrolLevels,
  RosteredAway,
  StrengthLine,
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

export interface SubjectRow {
  readonly kind: 'unit' | 'officer'
  readonly unitId?: string
  readonly officerId?: string
  readonly officerIds?: readonly string[]
  readonly before: string
}

export interface CallOutRow {
  readonly strength: StrengthLine
  readonly lines: readonly {
    readonly subject: SubjectRow
    readonly organisationId: string
    readonly officerIds: readonly string[]
    readonly reasons: readonly CallOutReason[]
  }[]
  readonly notCalled: readonly {
    readonly officerId: string
    readonly organisationId: string
    readonly because: string
  }[]
  readonly rosteredAway: readonly RosteredAway[]
  readonly notYetOnDuty: readonly NotYetOnDuty[]
}

export type OrderStateName = 'ordered' | 'acknowledged' | 'declined' | 'arrived' | 'withdrawn' | 'closed'

export interface ActivationOrderRow {
  readonly id: string
  readonly organisationId: string
  readonly subject: SubjectRow
  readonly reasons: readonly CallOutReason[]
  readonly orderedAt: string
  readonly state: OrderStateName
  readonly acknowledgedAt: string | null
  readonly declinedAt: string | null
  readonly declineReason: string | null
  readonly arrivedAt: string | null
  readonly endedAt: string | null
  readonly chasedCount: number
  readonly lastChasedAt: string | null
  readonly escalatedAt: string | null
}

export type ForecastRow =
  | { readonly kind: 'met'; readonly strength: StrengthLine }
  | {
      readonly kind: 'expected'
      readonly strength: StrengthLine
      readonly minutesToTarget: number
      readonly expectedAt: string
    }
  | {
      readonly kind: 'not-reachable'
      readonly strength: StrengthLine
      readonly short: number
      readonly lacking: readonly { readonly officerId: string; readonly because: string }[]
    }

export interface ActivationSummaryRow {
  readonly id: string
  readonly level: number
  readonly reason: string
  readonly startedAt: string
  readonly targetReachedAt: string | null
  readonly stoodDownAt: string | null
}

export interface ActivationRow extends ActivationSummaryRow {
  readonly terms: PatrolLevel
  readonly orders: readonly ActivationOrderRow[]
  readonly forecast: ForecastRow | null
}

export interface StrengthPointRow {
  readonly at: string
  readonly onStreet: number
  readonly available: number
  readonly needed: number
}

export const strengthQuery = queryOptions({
  queryKey: ['street-strength'],
  queryFn: ({ signal }) => api.get<StrengthRow>('/api/street-strength', {}, signal),
  refetchInterval: 60_000,
})

export const patrolLevelsQuery = queryOptions({
  queryKey: ['patrol-levels'],
  queryFn: ({ signal }) =>
    api.get<PatrolLevels & { readonly version: number }>('/api/patrol-levels', {}, signal),
  staleTime: 10 * 60_000,
})

export const openActivationQuery = queryOptions({
  queryKey: ['activations', 'open'],
  queryFn: ({ signal }) => api.get<{ activation: ActivationRow | null }>('/api/activations/open', {}, signal),
  refetchInterval: 30_000,
})

export const activationsQuery = queryOptions({
  queryKey: ['activations', 'list'],
  queryFn: ({ signal }) =>
    api.get<{ activations: readonly ActivationSummaryRow[] }>('/api/activations', { limit: 20 }, signal),
})

export const callOutQuery = (level: number | null) =>
  queryOptions({
    queryKey: ['activations', 'preview', level],
    queryFn: ({ signal }) => api.get<CallOutRow>('/api/activations/preview', { level }, signal),
    enabled: level !== null,
    staleTime: 0,
  })

export const strengthCurveQuery = (activationId: string) =>
  queryOptions({
    queryKey: ['activations', activationId, 'strength'],
    queryFn: ({ signal }) =>
      api.get<{ points: readonly StrengthPointRow[] }>(
        `/api/activations/${activationId}/strength`,
        {},
        signal,
      ),
    refetchInterval: 30_000,
  })
