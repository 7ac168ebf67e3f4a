import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { settingRoutes } from '../../../foundation/server/http/setting-routes.ts'
import {
  DEFAULT_SYNC,
  ORDER_RULES,
  ORDER_RULES_SETTING,
  orderRulesFault,
  SYNC_SETTING,
} from '../core/index.ts'

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
const Sync = Type.Object(
  { visitMinutes: whole(5, 60), leastUnits: whole(1, 20) },
  { additionalProperties: false },
)

/** The numbers of directed patrol, and of the sync index of days to come. */
export function registerPatrolSettingRoutes(app: FastifyInstance): void {
  settingRoutes(app, {
    url: '/api/patrol-settings',
    summary: 'The numbers of directed patrol; version 0 is the default',
    readPermission: 'patrol.read-settings',
    configurePermission: 'patrol.configure',
    settings: [
      {
        key: ORDER_RULES_SETTING,
        schema: Rules,
        defaults: ORDER_RULES,
        summary: 'Changes what orders may be and what counts as a visit',
        fault: orderRulesFault,
      },
      {
        key: SYNC_SETTING,
        schema: Sync,
        defaults: DEFAULT_SYNC,
        summary:
          'Changes how long a visit of the better allocation is, and from how many units on places are shown',
      },
    ],
  })
}
