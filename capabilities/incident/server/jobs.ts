import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { inTransaction, type Db } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { deleteLapsedCallers } from './report-store.ts'

/** Callers' personal data lapses by itself when its retention is over. */
export function lapseCallersTimer(db: Db): Timer {
  return {
    name: 'incident: lapse callers',
    everySeconds: 600,
    run: (now) =>
      inTransaction(db, async (tx) => {
        const reportIds = await deleteLapsedCallers(tx, now)
        if (reportIds.length === 0) return
        await writeAudit(tx, systemContext('caller-retention', now), {
          action: 'incident.lapse-callers',
          subjectKind: 'report',
          subjectId: null,
          detail: { reportIds },
        })
      }),
  }
}
