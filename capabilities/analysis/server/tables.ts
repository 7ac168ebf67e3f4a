import type { ColumnType, Generated } from 'kysely'
import type { Json, Timestamp } from '../../../foundation/server/tables.ts'
import type {
  CategoryKnox,
  FoundWarning,
  KeptSeries,
  KeptStop,
  PlanStretch,
  RunCause,
  RunFigures,
  RunNote,
  WatchedFigures,
} from '../core/index.ts'
import type { RunFailure, RunParameters, RunState } from './run.ts'

/** A type, not an interface: Kysely's `withTables` wants an index signature. */
export type AnalysisTables = {
  analysis_run: {
    id: string
    day: string
    cause: RunCause
    account_id: string | null
    account_name: string
    state: RunState
    attempts: Generated<number>
    started_at: Timestamp
    ended_at: ColumnType<number | null, Date | null, Date | null>
    parameters: Json<RunParameters>
    quality: ColumnType<readonly RunNote[], string | undefined, string>
    figures: ColumnType<RunFigures | null, string | null | undefined, string | null>
    failure: ColumnType<RunFailure | null, string | null | undefined, string | null>
  }
  analysis_plan: {
    run_id: string
    category: ColumnType<string, string | undefined, never>
    stretch: ColumnType<PlanStretch, PlanStretch | undefined, never>
    shift: number
    from_at: Timestamp
    until_at: Timestamp
    expected: number
    low: number
    high: number
    stops: Json<readonly KeptStop[]>
  }
  analysis_surface: {
    run_id: string
    origin_lon: number
    origin_lat: number
    cell_metres: number
    hours: number
    total: number
    packed: Buffer
  }
  analysis_finding: {
    run_id: string
    at_date: string
    knox: Json<readonly CategoryKnox[]>
    watched: Json<WatchedFigures>
    series_left_out: number
  }
  analysis_series: {
    run_id: string
    series_id: string
    since: string
    rank: number
    category: string
    state: KeptSeries['state']
    found: Json<Omit<KeptSeries, 'id' | 'since' | 'category' | 'state'>>
  }
  analysis_warning: {
    run_id: string
    warning_id: string
    rank: number
    outcome: FoundWarning['outcome']
    found: Json<Omit<FoundWarning, 'id' | 'outcome'>>
  }
}
