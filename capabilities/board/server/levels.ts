import { isRefusal, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { readSetting, writeSetting, type Setting } from '../../../foundation/server/settings.ts'
import type { Organisation, UnitStatus } from '../../force/core/index.ts'
import {
  DEFAULT_PATROL_LEVELS,
  PATROL_LEVELS_KEY,
  refuseFaultyLevels,
  type PatrolLevels,
} from '../core/index.ts'

/** The patrol levels as configured, or those of the reference district. */
export const readPatrolLevels = (db: Db | Tx): Promise<Setting<PatrolLevels>> =>
  readSetting(db, PATROL_LEVELS_KEY, DEFAULT_PATROL_LEVELS)

/** Which statuses of a unit count as being on the street, as configured now. For the force's foot posts. */
export async function readIsOut(db: Db | Tx): Promise<(status: UnitStatus) => boolean> {
  const { countingStatuses } = (await readPatrolLevels(db)).value
  return (status) => countingStatuses.includes(status)
}

/** Writes new levels over the version that was read. Refuses `invalid-patrol-levels` with every fault, and `version-conflict`. */
export async function changePatrolLevels(
  tx: Tx,
  actor: ActorContext,
  proposed: PatrolLevels,
  expectedVersion: number,
  organisations: readonly Organisation[],
): Promise<Setting<PatrolLevels> | Refusal> {
  const faulty = refuseFaultyLevels(proposed, organisations)
  if (faulty) return faulty
  const before = await readPatrolLevels(tx)
  const written = await writeSetting(tx, PATROL_LEVELS_KEY, proposed, expectedVersion, actor.now)
  if (isRefusal(written)) return written
  await writeAudit(tx, actor, {
    action: 'board.configure',
    subjectKind: 'setting',
    subjectId: PATROL_LEVELS_KEY,
    detail: { before: before.value, after: proposed },
  })
  await announce(tx, {
    topic: 'patrol-levels.changed',
    subjectId: PATROL_LEVELS_KEY,
    organisationId: null,
    permission: 'board.read',
    at: actor.now,
    data: { version: written.version },
  })
  return written
}
