import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import type { Comparison, PeriodKind } from '../core/periods.ts'
import type { TableVerdictKey } from '../core/result-table.ts'

export interface SpanShown {
  readonly from: string
  readonly last: string
  readonly days: number
}

export interface ChangeShown {
  readonly changePercent: number | null
  readonly lowPercent: number
  readonly highPercent: number | null
  readonly p: number
}

export interface DisplacementShown {
  readonly quotient: number | null
  readonly low: number | null
  readonly high: number | null
  readonly prevented: { readonly value: number; readonly low: number; readonly high: number }
}

export interface JudgedShown {
  readonly expected: number
  readonly change: ChangeShown
  readonly falseShare: number
  readonly naive: ChangeShown
  readonly comparedWith: number
  readonly comparedMetres: number | null
  readonly quietPercent: number
  readonly quietPairs: number
  readonly caution: { readonly expectedFallPercent: number; readonly expectedByChance: number } | null
  readonly displacement: DisplacementShown | null
}

export interface ComparedShown {
  readonly comparison: Comparison
  readonly span: SpanShown
  readonly before: number | null
  readonly verdict: TableVerdictKey
  readonly judged: JudgedShown | null
}

export interface ResultRowShown {
  readonly placeId: string
  readonly category: string | null
  readonly count: number
  readonly perDay: number
  readonly compared: readonly ComparedShown[]
}

export interface ResultPlaceShown {
  readonly id: string
  readonly kind: string
  readonly name: string
}

export interface ResultsShown {
  readonly period: PeriodKind
  readonly asked: SpanShown
  readonly counted: SpanShown
  readonly notes: readonly {
    readonly note: string
    readonly values: Readonly<Record<string, string | number>>
  }[]
  readonly tests: number
  readonly categories: readonly string[]
  readonly places: readonly ResultPlaceShown[]
  readonly rows: readonly ResultRowShown[]
}

export interface MonthShown {
  readonly month: string
  readonly days: number
  readonly count: number | null
  readonly beside: number | null
}

export interface ResultDetailShown {
  readonly row: ResultRowShown
  readonly ringMetres: number
  readonly months: readonly MonthShown[]
  readonly comparedWith: readonly {
    readonly comparison: Comparison
    readonly squares: readonly {
      readonly ring: readonly (readonly [number, number])[]
      readonly before: number
      readonly after: number
    }[]
  }[]
}

/** What the page asks: it stands in the address, so that a view can be sent to somebody. */
export interface ResultsAsked {
  readonly period: PeriodKind
  readonly from: string
  readonly until?: string
  readonly by?: 'place' | 'category'
  readonly place?: string
  readonly category?: string
  readonly chosen?: boolean
}

const MINUTES_FRESH = 10 * 60_000

export const resultsQuery = (asked: ResultsAsked) =>
  queryOptions({
    queryKey: ['results', asked],
    queryFn: ({ signal }) => api.get<ResultsShown>('/api/results', { ...asked }, signal),
    staleTime: MINUTES_FRESH,
    placeholderData: keepPreviousData,
  })

export const resultDetailQuery = (asked: ResultsAsked, row: ResultRowShown) =>
  queryOptions({
    queryKey: ['results', 'detail', asked, row.placeId, row.category],
    queryFn: ({ signal }) =>
      api.get<ResultDetailShown>(
        '/api/results/detail',
        { ...asked, by: undefined, place: row.placeId, category: row.category ?? undefined },
        signal,
      ),
    staleTime: MINUTES_FRESH,
  })

/** The address of the same answer in another form. */
export function resultsAddress(form: 'csv' | 'pdf', asked: ResultsAsked, language: string): string {
  const query = new URLSearchParams(
    Object.entries({ ...asked, language }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  )
  return `/api/results.${form}?${query}`
}
