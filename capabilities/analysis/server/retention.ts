import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { inTransaction, type Db } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import { commandRoute } from '../../../foundation/server/http/route.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { readSetting, writeSetting } from '../../../foundation/server/settings.ts'
import {
  ANALYSIS_RETENTION_SETTING,
  DEFAULT_ANALYSIS_RETENTION,
  keptSince,
  type AnalysisRetention,
} from '../core/index.ts'
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

export function registerAnalysisRetentionRoute(app: FastifyInstance): void {
  commandRoute(app, {
    method: 'PUT',
    url: `/api/analysis-settings/${ANALYSIS_RETENTION_SETTING}`,
    summary: 'Keeps what runs made for another time; If-Match carries the version that was read',
    permission: 'analysis.configure',
    schema: {
      body: Type.Object({
        value: Type.Object(
          { days: Type.Integer({ minimum: 30, maximum: 3_650 }) },
          { additionalProperties: false },
        ),
      }),
      response: Type.Object({ key: Type.String(), value: Type.Unknown(), version: Type.Integer() }),
    },
    async handle(tx, actor, { body, ifMatch }) {
      if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
      const before = await readSetting(tx, ANALYSIS_RETENTION_SETTING, DEFAULT_ANALYSIS_RETENTION)
      const after = await writeSetting<AnalysisRetention>(
        tx,
        ANALYSIS_RETENTION_SETTING,
        body.value,
        ifMatch,
        actor.now,
      )
      if (isRefusal(after)) return after
      await writeAudit(tx, actor, {
        action: 'analysis.configure',
        subjectKind: 'setting',
        subjectId: ANALYSIS_RETENTION_SETTING,
        detail: { before: before.value, after: after.value },
      })
      return { etag: after.version, body: { key: ANALYSIS_RETENTION_SETTING, ...after } }
    },
  })
}
