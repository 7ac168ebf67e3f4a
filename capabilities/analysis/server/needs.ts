import type { Instant } from '../../../foundation/core/instant.ts'
import type { Origin } from '../../incident/core/index.ts'

/** Where, when and what. Nothing of who called, and no text that a person wrote. */
export interface PastIncident {
  readonly at: Instant
  /** The source gave a date only, and the hour was drawn. */
  readonly isHourDrawn: boolean
  readonly lon: number
  readonly lat: number
  readonly category: string
  readonly origin: Origin
}

/** What analysis needs of the other rooms; apps/server wires it. */
export interface AnalysisNeeds {
  hasHistory(): Promise<boolean>
  /** Imported calls and the house's own incidents before a moment, in portions. */
  readHistory(until: Instant): AsyncIterable<readonly PastIncident[]>
  timeZone(): string
}
