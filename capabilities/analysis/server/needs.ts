import type { Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { CallFacts, Origin } from '../../incident/core/index.ts'
import type { CategoryNames } from './report/words.ts'
import type { IncidentName, WatchedArea } from '../core/index.ts'

/** Where, when, what and in which circumstances. Nothing of who called, and no text that a person wrote. */
export interface PastIncident {
  readonly key: PastKey
  readonly at: Instant
  /** The source gave a date only, and the hour was drawn. */
  readonly isHourDrawn: boolean
  readonly lon: number
  readonly lat: number
  readonly category: string
  readonly origin: Origin
  /** Codes of target, entry and object, where an import maps them. */
  readonly facts: CallFacts | null
  /** The circumstances of danger that were told, joined. */
  readonly dangers: string | null
}

/** Tells an incident from all others; the same in every run. */
export type PastKey = number | string

/** What analysis needs of the other rooms; apps/server wires it. */
export interface AnalysisNeeds {
  hasHistory(): Promise<boolean>
  /** Imported calls and the house's own incidents before a moment, in portions. */
  readHistory(until: Instant): AsyncIterable<readonly PastIncident[]>
  /** What people know these incidents by. */
  nameIncidents(db: Db | Tx, keys: readonly PastKey[]): Promise<ReadonlyMap<PastKey, IncidentName>>
  /** Areas whose counts are watched: those of the stations, and key areas. */
  listWatchedAreas(): Promise<readonly WatchedArea[]>
  /** Where the police's own houses stand. */
  listOwnAddresses(): Promise<readonly Position[]>
  /** What the dictionary calls categories; an import's own are not in it. */
  listCategoryNames(): Promise<CategoryNames>
  timeZone(): string
}
