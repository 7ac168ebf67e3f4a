import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import type { MinuteFigures, SyncFigures, SyncSetting, SyncSurface } from '../core/index.ts'

/** What is said of a stretch of time, or why nothing can be. */
export interface OutcomeShown<Figures = SyncFigures> {
  readonly state: 'done' | 'no-track' | 'no-plan'
  readonly minutes: MinuteFigures | null
  readonly figures: Figures | null
}

export type DayFigures = Pick<
  SyncFigures,
  'overlap' | 'byPlace' | 'byHour' | 'even' | 'random' | 'bestPlaces' | 'bestHours'
>

export interface LiveShown {
  readonly day: string
  readonly computedAt: string
  readonly heardAt: string | null
  readonly plan: { readonly runId: string; readonly day: string; readonly madeAt: string } | null
  readonly sinceMidnight: OutcomeShown
  readonly lastHour: OutcomeShown
}

export type DayRow = OutcomeShown<DayFigures> & {
  readonly day: string
  readonly computedAt: string
  readonly isFinal: boolean
}

export interface IndexShown {
  readonly today: string
  readonly timeZone: string
  readonly setting: SyncSetting
  readonly live: LiveShown | null
  readonly days: readonly DayRow[]
}

export type DayShown = OutcomeShown & {
  readonly day: string
  readonly isRunning: boolean
  readonly isFinal: boolean
  readonly computedAt: string
  readonly surface: SyncSurface | null
}

const SOON_MILLISECONDS = 3_000
const USUALLY_MILLISECONDS = 30_000

/** Asking is what keeps the running day up. */
export const indexQuery = queryOptions({
  queryKey: ['sync-index'],
  queryFn: ({ signal }) => api.get<IndexShown>('/api/sync-index', {}, signal),
  refetchInterval: ({ state: { data } }) => (data?.live?.plan ? USUALLY_MILLISECONDS : SOON_MILLISECONDS),
})

/** A day with its map; `computedAt` names which reckoning of it. */
export const dayQuery = (day: string, computedAt: string) =>
  queryOptions({
    queryKey: ['sync-index', day, computedAt],
    queryFn: ({ signal }) => api.get<DayShown>(`/api/sync-index/${day}`, {}, signal),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  })
