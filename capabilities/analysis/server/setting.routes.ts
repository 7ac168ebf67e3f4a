import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { readSetting, writeSetting } from '../../../foundation/server/settings.ts'
import {
  ANALYSIS_RETENTION_SETTING,
  DAILY_SETTING,
  dailyFault,
  DEFAULT_ANALYSIS_RETENTION,
  DEFAULT_DAILY,
  DEFAULT_RISK_SURFACE,
  RISK_SURFACE_SETTING,
  type DailySetting,
} from '../core/index.ts'
import { Daily } from './schemas.ts'
import { registerAnalysisRetentionRoute } from './retention.ts'
import { registerSurfaceSettingRoute } from './surface-setting.routes.ts'

const SettingShown = Type.Object({ key: Type.String(), value: Type.Unknown(), version: Type.Integer() })

/** How each day is planned. */
export function registerAnalysisSettingRoutes(app: FastifyInstance): void {
  registerSurfaceSettingRoute(app)
  registerAnalysisRetentionRoute(app)

  route(app, {
    method: 'GET',
    url: '/api/analysis-settings',
    summary: 'How each day is planned; version 0 is the default',
    permission: 'analysis.read-settings',
    schema: { response: Type.Object({ settings: Type.Array(SettingShown) }) },
    async handle() {
      return {
        body: {
          settings: [
            { key: DAILY_SETTING, ...(await readSetting(app.db, DAILY_SETTING, DEFAULT_DAILY)) },
            {
              key: ANALYSIS_RETENTION_SETTING,
              ...(await readSetting(app.db, ANALYSIS_RETENTION_SETTING, DEFAULT_ANALYSIS_RETENTION)),
            },
            {
              key: RISK_SURFACE_SETTING,
              ...(await readSetting(app.db, RISK_SURFACE_SETTING, DEFAULT_RISK_SURFACE)),
            },
          ],
        },
      }
    },
  })

  commandRoute(app, {
    method: 'PUT',
    url: `/api/analysis-settings/${DAILY_SETTING}`,
    summary: 'Plans each day otherwise; If-Match carries the version that was read',
    permission: 'analysis.configure',
    schema: { body: Type.Object({ value: Daily }), response: SettingShown },
    async handle(tx, actor, { body, ifMatch }) {
      if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
      const fault = dailyFault(body.value)
      if (fault) return fault
      const before = await readSetting(tx, DAILY_SETTING, DEFAULT_DAILY)
      const after = await writeSetting<DailySetting>(tx, DAILY_SETTING, body.value, ifMatch, actor.now)
      if (isRefusal(after)) return after
      await writeAudit(tx, actor, {
        action: 'analysis.configure',
        subjectKind: 'setting',
        subjectId: DAILY_SETTING,
        detail: { before: before.value, after: after.value },
      })
      return { etag: after.version, body: { key: DAILY_SETTING, ...after } }
    },
  })
}
