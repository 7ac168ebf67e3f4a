import type { Bounds, Position } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { TrackFix } from '../core/index.ts'

/** A unit as the force knows it; `organisationId` is the one it serves now, loans counted. */
export interface OrderUnit {
  readonly unitId: string
  readonly callSign: string
  readonly organisationId: string
}

/** What directed patrol needs of the other rooms; apps/server wires it. */
export interface OrderNeeds {
  readonly timeZone: () => string
  /** Of the district's map; null where none is loaded. */
  districtBounds(db: Db | Tx): Promise<Bounds | null>
  /** The station in whose area a place lies, or null. */
  organisationAt(db: Db | Tx, position: Position): Promise<string | null>
  /** What is nearest to a place and has a name; null where nothing near has. */
  nameNear(db: Db | Tx, position: Position): Promise<string | null>
  /** The units of the ids. */
  listUnits(db: Db | Tx, now: Instant, ids: readonly string[]): Promise<readonly OrderUnit[]>
  /** The officers in a unit now. */
  crewOf(db: Db | Tx, unitId: string): Promise<readonly string[]>
  /** The unit that an officer is in now. */
  unitOfOfficer(db: Db | Tx, officerId: string): Promise<string | null>
  /** Latest positions, read from memory. */
  positionOf(unitId: string): { readonly position: Position; readonly fixedAt: Instant } | null
  /** A stop of a run: its counts, and null where there is no such stop. */
  findStop(
    db: Db | Tx,
    stop: { readonly runId: string; readonly shift: number; readonly rank: number },
  ): Promise<{ readonly expected: number; readonly low: number; readonly high: number } | null>
  /** The believable fixes of every unit in [fromAt, untilAt), in order of time, by unit id. */
  readUnitTracks(fromAt: Instant, untilAt: Instant): Promise<ReadonlyMap<string, readonly TrackFix[]>>
  /** Whether a fix of [fromAt, untilAt) arrived after a moment: a phone that was offline has told where it was. */
  hasLateFixes(fromAt: Instant, untilAt: Instant, receivedAfter: Instant): Promise<boolean>
}
