import type { FastifyInstance } from 'fastify'
import { Type, type TSchema } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { readSetting, writeSetting } from '../../../foundation/server/settings.ts'
import { DEFAULT_CHASE_POLICY, DEFAULT_NOTICE_POLICY, DEFAULT_RECOMMENDATION_POLICY } from '../core/index.ts'

const Seconds = Type.Integer({ minimum: 0, maximum: 86_400 })
const some = { minimum: 1, maximum: 86_400 }
const closed = { additionalProperties: false }

const SETTINGS: Record<string, { otherwise: unknown; schema: TSchema }> = {
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
const SettingShown = Type.Object({ key: Type.String(), value: Type.Unknown(), version: Type.Integer() })

/** How recommendation ranks, when an order is chased, who is told first. */
export function registerDispatchSettingRoutes(app: FastifyInstance): void {
  route(app, {
    method: 'GET',
    url: '/api/dispatch-settings',
    summary: 'Policies of recommendation, chasing and notices in force; version 0 is the default',
    permission: 'dispatch.read-settings',
    schema: { response: Type.Object({ settings: Type.Array(SettingShown) }) },
    async handle() {
      const settings = []
      for (const [key, { otherwise }] of Object.entries(SETTINGS))
        settings.push({ key, ...(await readSetting(app.db, key, otherwise)) })
      return { body: { settings } }
    },
  })

  for (const [key, { otherwise, schema }] of Object.entries(SETTINGS)) {
    commandRoute(app, {
      method: 'PUT',
      url: `/api/dispatch-settings/${key}`,
      summary: `Puts another ${key.replaceAll('-', ' ')} into force; If-Match carries the version that was read`,
      permission: 'dispatch.configure',
      schema: { body: Type.Object({ value: schema }, closed), response: SettingShown },
      async handle(tx, actor, { body, ifMatch }) {
        if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
        const before = await readSetting(tx, key, otherwise)
        const { value } = body as { value: unknown }
        const after = await writeSetting<unknown>(tx, key, value, ifMatch, actor.now)
        if (isRefusal(after)) return after
        await writeAudit(tx, actor, {
          action: 'dispatch.configure',
          subjectKind: 'setting',
          subjectId: key,
          detail: { before: before.value, after: after.value },
        })
        return { etag: after.version, body: { key, ...after } }
      },
    })
  }
}
