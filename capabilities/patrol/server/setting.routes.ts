import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { readSetting, writeSetting } from '../../../foundation/server/settings.ts'
import {
  DEFAULT_SYNC,
  ORDER_RULES,
  ORDER_RULES_SETTING,
  orderRulesFault,
  SYNC_SETTING,
  type OrderRules,
  type SyncSetting,
} from '../core/index.ts'
import { registerSyncSettingRoute } from './sync-setting.routes.ts'

const whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })
const Rules = Type.Object(
  {
    longestDays: whole(1, 90),
    shortestReasonLength: whole(1, 100),
    minutesPerVisit: whole(5, 60),
    visitEveryMinutes: whole(15, 1440),
    visitFromMinutes: whole(1, 60),
    breakSeconds: whole(0, 1800),
    silenceSeconds: whole(30, 3600),
    poorAccuracyMetres: whole(10, 1000),
    borderMetres: whole(0, 200),
    enoughShare: Type.Number({ minimum: 0.1, maximum: 1 }),
    visitRetentionDays: whole(7, 1000),
  },
  { additionalProperties: false },
)
const SettingShown = Type.Object({ key: Type.String(), value: Type.Unknown(), version: Type.Integer() })

/** The numbers of directed patrol. */
export function registerPatrolSettingRoutes(app: FastifyInstance): void {
  registerSyncSettingRoute(app)

  route(app, {
    method: 'GET',
    url: '/api/patrol-settings',
    summary: 'The numbers of directed patrol; version 0 is the default',
    permission: 'patrol.read-settings',
    schema: { response: Type.Object({ settings: Type.Array(SettingShown) }) },
    async handle() {
      const { value, version } = await readSetting<Partial<OrderRules>>(app.db, ORDER_RULES_SETTING, {})
      const sync = await readSetting<Partial<SyncSetting>>(app.db, SYNC_SETTING, {})
      return {
        body: {
          settings: [
            { key: ORDER_RULES_SETTING, value: { ...ORDER_RULES, ...value }, version },
            { key: SYNC_SETTING, value: { ...DEFAULT_SYNC, ...sync.value }, version: sync.version },
          ],
        },
      }
    },
  })

  commandRoute(app, {
    method: 'PUT',
    url: `/api/patrol-settings/${ORDER_RULES_SETTING}`,
    summary:
      'Changes what orders may be and what counts as a visit; If-Match carries the version that was read',
    permission: 'patrol.configure',
    schema: { body: Type.Object({ value: Rules }), response: SettingShown },
    async handle(tx, actor, { body, ifMatch }) {
      if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
      const fault = orderRulesFault(body.value)
      if (fault) return fault
      const before = await readSetting<Partial<OrderRules>>(tx, ORDER_RULES_SETTING, {})
      const after = await writeSetting<OrderRules>(tx, ORDER_RULES_SETTING, body.value, ifMatch, actor.now)
      if (isRefusal(after)) return after
      await writeAudit(tx, actor, {
        action: 'patrol.configure',
        subjectKind: 'setting',
        subjectId: ORDER_RULES_SETTING,
        detail: { before: { ...ORDER_RULES, ...before.value }, after: after.value },
      })
      return { etag: after.version, body: { key: ORDER_RULES_SETTING, ...after } }
    },
  })
}
