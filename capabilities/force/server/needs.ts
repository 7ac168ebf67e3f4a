import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { UnitId, UnitStatus } from '../core/index.ts'

/** What the force needs from rooms that it does not know. */
export interface ForceNeeds {
  /** What the unit is bound to, so that it is freed there and not by a tap; null where it is free. */
  commitmentOf(tx: Tx, unitId: UnitId): Promise<Readonly<Record<string, unknown>> | null>
  /** Which statuses count as being on the street, as configured now. */
  isOut(db: Db | Tx): Promise<(status: UnitStatus) => boolean>
}
