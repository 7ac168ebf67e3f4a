import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../../../foundation/ui/api/client.ts'
import type { CostRates, PatternPreview } from '../../core/index.ts'

export interface PreviewAsked {
  readonly organisationIds: readonly string[]
  readonly left: { readonly patternCode: string }
  readonly right: { readonly patternCode: string }
  readonly fromDate: string
  readonly days: number
}

/** Two patterns on the same officers. */
export interface PreviewAnswer {
  readonly fromDate: string
  readonly days: number
  readonly officers: readonly { readonly id: string; readonly organisationId: string }[]
  readonly rates: CostRates
  readonly left: PatternPreview
  readonly right: PatternPreview
}

export const previewQuery = (asked: PreviewAsked) =>
  queryOptions({
    queryKey: ['roster-previews', asked],
    queryFn: () => api.post<PreviewAnswer>('/api/roster-previews', asked),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  })
