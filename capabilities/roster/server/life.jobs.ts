import { addDays } from '../../../foundation/core/day.ts'
import { localDate } from '../../../foundation/core/instant.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { inTransaction, type Db } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import type { LifeNeeds } from './life.needs.ts'
import { readLifeRules } from './published.ts'
import { forgetLife } from './retention.store.ts'
import { lapseSwaps } from './swaps.ts'

export function rosterLifeTimers(db: Db, needs: LifeNeeds): Timer[] {
  return [
    {
      name: 'roster: lapse swaps',
      everySeconds: 60,
      run: async (now) =>
        void (await inTransaction(db, (tx) => lapseSwaps(tx, systemContext('roster swaps', now), needs))),
    },
    {
      name: 'roster: forget absences, swaps and attendance',
      everySeconds: 3_600,
      run: async (now) => void (await forgetOldLife(db, needs, now)),
    },
  ]
}

/** Deletes what has been kept long enough and writes down how much went. Gives how many rows. */
export async function forgetOldLife(db: Db, needs: LifeNeeds, now: number): Promise<number> {
  return inTransaction(db, async (tx) => {
    const today = localDate(now, needs.timeZone())
    const { swapRetentionDays } = await readLifeRules(tx)
    const gone = await forgetLife(tx, today, addDays(today, -swapRetentionDays))
    const rows = Object.values(gone).reduce((sum, count) => sum + count, 0)
    if (rows > 0)
      await writeAudit(tx, systemContext('roster retention', now), {
        action: 'roster.forget',
        subjectKind: 'roster',
        subjectId: null,
        detail: gone,
      })
    return rows
  })
}
