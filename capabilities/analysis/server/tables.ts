import type { ColumnType, Generated } from 'kysely'
import type { Json, Timestamp } from '../../../foundation/server/tables.ts'
import type { KeptStop, RunCause, RunFigures, RunNote } from '../core/index.ts'
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
}
