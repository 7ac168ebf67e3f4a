import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute } from '../../../foundation/server/http/route.ts'
import { readSetting, writeSetting } from '../../../foundation/server/settings.ts'
import { DEFAULT_RISK_SURFACE, RISK_SURFACE_SETTING, type RiskSurfaceSetting } from '../core/index.ts'

/** How finely the next runs lay out expected incidents; days kept stay as they are. */
export function registerSurfaceSettingRoute(app: FastifyInstance): void {
  commandRoute(app, {
    method: 'PUT',
    url: `/api/analysis-settings/${RISK_SURFACE_SETTING}`,
    summary:
      'Lays out expected incidents in cells of another size; If-Match carries the version that was read',
    permission: 'analysis.configure',
    schema: {
      body: Type.Object({
        value: Type.Object(
          { cellMetres: Type.Number({ minimum: 100, maximum: 2_000 }) },
          { additionalProperties: false },
        ),
      }),
      response: Type.Object({ key: Type.String(), value: Type.Unknown(), version: Type.Integer() }),
    },
    async handle(tx, actor, { body, ifMatch }) {
      if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
      const before = await readSetting(tx, RISK_SURFACE_SETTING, DEFAULT_RISK_SURFACE)
      const after = await writeSetting<RiskSurfaceSetting>(
        tx,
        RISK_SURFACE_SETTING,
        body.value,
        ifMatch,
        actor.now,
      )
      if (isRefusal(after)) return after
      await writeAudit(tx, actor, {
        action: 'analysis.configure',
        subjectKind: 'setting',
        subjectId: RISK_SURFACE_SETTING,
        detail: { before: before.value, after: after.value },
      })
      return { etag: after.version, body: { key: RISK_SURFACE_SETTING, ...after } }
    },
  })
}
