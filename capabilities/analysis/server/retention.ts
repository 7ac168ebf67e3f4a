import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { inTransaction, type Db } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import { ANALYSIS_RETENTION_SETTING, DEFAULT_ANALYSIS_RETENTION, keptSince } from '../core/index.ts'
import type { AnalysisNeeds } from './needs.ts'
import { dropResultsBefore } from './findings.store.ts'

/** What runs made lapses by itself when its term is over; that they were made stays in the log. */
export function lapseResultsTimer(db: Db, needs: Pick<AnalysisNeeds, 'timeZone'>): Timer {
  return {
    name: 'analysis: lapse results',
    everySeconds: 3_600,
    run: (now) =>
      inTransaction(db, async (tx) => {
        const { value } = await readSetting(tx, ANALYSIS_RETENTION_SETTING, DEFAULT_ANALYSIS_RETENTION)
        const since = keptSince(now, needs.timeZone(), value)
        const runIds = await dropResultsBefore(tx, since)
        if (runIds.length === 0) return
        await writeAudit(tx, systemContext('analysis-retention', now), {
          action: 'analysis.lapse-results',
          subjectKind: 'analysis-run',
          subjectId: null,
          detail: { runIds, keptSince: since },
        })
      }),
  }
}
