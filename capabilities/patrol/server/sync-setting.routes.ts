import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute } from '../../../foundation/server/http/route.ts'
import { readSetting, writeSetting } from '../../../foundation/server/settings.ts'
import { DEFAULT_SYNC, SYNC_SETTING, type SyncSetting } from '../core/index.ts'

const Sync = Type.Object(
  {
    visitMinutes: Type.Integer({ minimum: 5, maximum: 60 }),
    leastUnits: Type.Integer({ minimum: 1, maximum: 20 }),
  },
  { additionalProperties: false },
)

/** How the sync index of days to come is reckoned. */
export function registerSyncSettingRoute(app: FastifyInstance): void {
  commandRoute(app, {
    method: 'PUT',
    url: `/api/patrol-settings/${SYNC_SETTING}`,
    summary:
      'Changes how long a visit of the better allocation is, and from how many units on places are shown; If-Match carries the version that was read',
    permission: 'patrol.configure',
    schema: {
      body: Type.Object({ value: Sync }),
      response: Type.Object({ key: Type.String(), value: Type.Unknown(), version: Type.Integer() }),
    },
    async handle(tx, actor, { body, ifMatch }) {
      if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
      const before = await readSetting<Partial<SyncSetting>>(tx, SYNC_SETTING, {})
      const after = await writeSetting<SyncSetting>(tx, SYNC_SETTING, body.value, ifMatch, actor.now)
      if (isRefusal(after)) return after
      await writeAudit(tx, actor, {
        action: 'patrol.configure',
        subjectKind: 'setting',
        subjectId: SYNC_SETTING,
        detail: { before: { ...DEFAULT_SYNC, ...before.value }, after: after.value },
      })
      return { etag: after.version, body: { key: SYNC_SETTING, ...after } }
    },
  })
}
