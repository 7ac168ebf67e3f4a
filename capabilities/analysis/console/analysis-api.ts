import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../../foundation/ui/api/client.ts'
import type { HourSource } from '../../place/core/index.ts'
import type {
  DailySetting,
  DayChanges,
  KeptFindings,
  RunCause,
  RunFigures,
  RunNote,
  PlanStretch,
  ShiftPlan,
} from '../core/index.ts'

/** A row of the log. */
export interface RunRow {
  readonly id: string
  readonly day: string
  readonly cause: RunCause
  readonly accountName: string
  readonly state: 'running' | 'done' | 'failed'
  readonly startedAt: string
  readonly endedAt: string | null
  readonly parameters: Omit<DailySetting, 'hour'> & {
    readonly timeZone: string
    readonly hoursDrawn: boolean
    readonly hours: HourSource | null
  }
  readonly quality: readonly RunNote[]
  readonly figures: RunFigures | null
  readonly failure: { readonly code: string; readonly message: string | null } | null
}

export interface RunLog {
  readonly runs: readonly RunRow[]
  readonly dayInForce: string
  readonly plannedRunId: string | null
  readonly hasHistory: boolean
}

export type ShiftShown = Omit<ShiftPlan, 'fromAt' | 'untilAt'> & {
  readonly fromAt: string
  readonly untilAt: string
}

export interface PlanShown {
  readonly run: RunRow
  readonly shifts: readonly ShiftShown[]
  /** Those with plans of their own. */
  readonly categories: readonly string[]
}

/** One of the plans that a run made. */
export interface AskedPlan {
  /** Null for all together. */
  readonly category: string | null
  readonly stretch: PlanStretch
}

/** The day's own: of all, shift by shift. */
export const OWN_PLAN: AskedPlan = { category: null, stretch: 'shift' }

export const isOwnPlan = ({ category, stretch }: AskedPlan): boolean =>
  category === null && stretch === 'shift'

const SOON_MILLISECONDS = 1_500
const USUALLY_MILLISECONDS = 60_000

/** The log, read often while a run is under way or about to begin by itself. */
export const runsQuery = queryOptions({
  queryKey: ['analysis-runs'],
  queryFn: ({ signal }) => api.get<RunLog>('/api/analysis-runs', { limit: 30 }, signal),
  refetchInterval: ({ state: { data } }) =>
    data && changesSoon(data) ? SOON_MILLISECONDS : USUALLY_MILLISECONDS,
})

function changesSoon({ runs, hasHistory, dayInForce }: RunLog): boolean {
  return (
    runs.some(({ state }) => state === 'running') ||
    (hasHistory && runs.every(({ day }) => day !== dayInForce))
  )
}

/** What a run made never changes. */
export const planQuery = (runId: string, { category, stretch }: AskedPlan = OWN_PLAN) =>
  queryOptions({
    queryKey: ['analysis-runs', runId, 'plan', category, stretch],
    queryFn: ({ signal }) =>
      api.get<PlanShown>(
        `/api/analysis-runs/${runId}`,
        { ...(category === null ? {} : { category }), stretch },
        signal,
      ),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  })

export interface FindingsShown {
  /** Null for a run from before series were looked for, or whose results are past their term. */
  readonly findings: KeptFindings | null
  readonly changes: DayChanges | null
}

export const findingsQuery = (runId: string) =>
  queryOptions({
    queryKey: ['analysis-runs', runId, 'findings'],
    queryFn: ({ signal }) => api.get<FindingsShown>(`/api/analysis-runs/${runId}/findings`, {}, signal),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  })
