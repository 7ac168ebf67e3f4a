import type { Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { CellHours } from '../../../solvers/density/cell-hours.ts'
import type { CarriedPeriod } from '../../location/core/index.ts'
import type { StatusPeriod } from '../core/index.ts'

/** Which run's risk stands for a day. */
export interface PlannedDay {
  readonly runId: string
  readonly day: string
  readonly madeAt: Instant
}

/** What the sync index needs of the other rooms; apps/server wires it. */
export interface SyncNeeds {
  timeZone(): string
  /** Days from `since` until `until` for which a run says what is expected where and when. */
  listPlannedDays(since: string, until: string): Promise<readonly PlannedDay[]>
  findRisk(runId: string): Promise<CellHours | null>
  /** Which device spoke for which unit. */
  listCarried(fromAt: Instant, untilAt: Instant): Promise<readonly CarriedPeriod[]>
  /** Every believable fix of a stretch of time, in one pass and no order. */
  readFixes(
    fromAt: Instant,
    untilAt: Instant,
    tell: (device: number, at: Instant, lon: number, lat: number) => void,
  ): Promise<void>
  /** Silence up to so long does not break a track. */
  gapSeconds(): number
  listStatusPeriods(fromAt: Instant, untilAt: Instant): Promise<readonly StatusPeriod[]>
  /** What is near each position, where anything is. */
  namesNear(positions: readonly Position[]): Promise<readonly (string | null)[]>
}
