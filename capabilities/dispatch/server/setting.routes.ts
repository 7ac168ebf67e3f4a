import type { FastifyInstance } from 'fastify'
import { Type, type TSchema } from 'typebox'
import { settingRoutes } from '../../../foundation/server/http/setting-routes.ts'
import { DEFAULT_CHASE_POLICY, DEFAULT_NOTICE_POLICY, DEFAULT_RECOMMENDATION_POLICY } from '../core/index.ts'

const Seconds = Type.Integer({ minimum: 0, maximum: 86_400 })
const some = { minimum: 1, maximum: 86_400 }
const closed = { additionalProperties: false }

const SETTINGS: Record<string, { otherwise: object; schema: TSchema }> = {
  'recommendation-policy': {
    otherwise: DEFAULT_RECOMMENDATION_POLICY,
    schema: Type.Object(
      {
        staleAfterSeconds: Seconds,
        expiredAfterSeconds: Seconds,
        stalePenaltySeconds: Seconds,
        interruptPenaltySeconds: Seconds,
        standByBonusSeconds: Seconds,
      },
      closed,
    ),
  },
  'chase-policy': {
    otherwise: DEFAULT_CHASE_POLICY,
    schema: Type.Object(
      {
        firstAfterSeconds: Type.Integer(some),
        againAfterSeconds: Type.Integer(some),
        chasesBeforeEscalation: Type.Integer({ minimum: 0, maximum: 100 }),
      },
      closed,
    ),
  },
  'notice-policy': {
    otherwise: DEFAULT_NOTICE_POLICY,
    schema: Type.Object(
      {
        nearestUnits: Type.Integer({ minimum: 0, maximum: 1000 }),
        withinSeconds: Type.Integer(some),
        groupChannelDelaySeconds: Seconds,
      },
      closed,
    ),
  },
}
/** How recommendation ranks, when an order is chased, who is told first. */
export function registerDispatchSettingRoutes(app: FastifyInstance): void {
  settingRoutes(app, {
    url: '/api/dispatch-settings',
    summary: 'Policies of recommendation, chasing and notices in force; version 0 is the default',
    readPermission: 'dispatch.read-settings',
    configurePermission: 'dispatch.configure',
    settings: Object.entries(SETTINGS).map(([key, { otherwise, schema }]) => ({
      key,
      schema,
      defaults: otherwise,
      summary: `Puts another ${key.replaceAll('-', ' ')} into force`,
    })),
  })
}
