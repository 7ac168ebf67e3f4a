import type { Instant } from '../../../foundation/core/instant.ts'
import type { Database } from '../../../foundation/server/db.ts'
import { tellingSpans, type TrackPoint } from '../core/index.ts'
import { hasFixesReceivedAfter, readPointsOfUnits } from './fix.store.ts'
import { listCarried } from './store.ts'

/** The believable fixes of every unit in [fromAt, untilAt), each in order of time, by unit id. */
export async function readUnitTracks(
  { db, pool }: Database,
  fromAt: Instant,
  untilAt: Instant,
): Promise<ReadonlyMap<string, readonly TrackPoint[]>> {
  const carried = await listCarried(db, fromAt, untilAt)
  const unitIds = [...new Set(carried.map(({ unitId }) => unitId))]
  const spans = unitIds.flatMap((unitId) =>
    tellingSpans(
      carried.filter((period) => period.unitId === unitId),
      { fromAt, untilAt },
    ),
  )
  const tracks = new Map<string, TrackPoint[]>(unitIds.map((unitId) => [unitId, []]))
  await readPointsOfUnits(pool, spans, (unitId, point) => tracks.get(unitId)!.push(point))
  return tracks
}

/** Whether a fix of [fromAt, untilAt) was received after a moment. */
export function hasLateFixes(
  { pool }: Database,
  fromAt: Instant,
  untilAt: Instant,
  receivedAfter: Instant,
): Promise<boolean> {
  return hasFixesReceivedAfter(pool, fromAt, untilAt, receivedAfter)
}
