import type { Instant } from '../../../foundation/core/instant.ts'
import type { HourSource } from '../../place/core/index.ts'
import type { DailySetting, RiskSurfaceSetting, RunCause, RunFigures, RunNote } from '../core/index.ts'

export type RunState = 'running' | 'done' | 'failed'

/** What a run was asked for. */
export type RunParameters = Omit<DailySetting, 'hour'> & {
  readonly timeZone: string
  /** The source of the district's incidents has dates only: hours were drawn, and shifts rest on no observed hour. */
  readonly hoursDrawn: boolean
  readonly hours: HourSource | null
  /** Left out by runs from before surfaces were kept. */
  readonly surface?: RiskSurfaceSetting
}

export interface RunFailure {
  readonly code: 'no-history' | 'out-of-memory' | 'took-too-long' | 'broken-off' | 'fault'
  /** What the machine said, for whoever looks after it. */
  readonly message: string | null
}

/** A row of the log. */
export interface Run {
  readonly id: string
  readonly day: string
  readonly cause: RunCause
  readonly accountId: string | null
  readonly accountName: string
  readonly state: RunState
  readonly attempts: number
  readonly startedAt: Instant
  readonly endedAt: Instant | null
  readonly parameters: RunParameters
  readonly quality: readonly RunNote[]
  readonly figures: RunFigures | null
  readonly failure: RunFailure | null
}
