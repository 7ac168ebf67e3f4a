import type { FastifyInstance } from 'fastify'
import { Type, type TSchema } from 'typebox'
import { isRefusal, refuse, type Refusal } from '../../core/outcome.ts'
import { writeAudit } from '../audit/audit.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { commandRoute, route } from './route.ts'

/** A setting of a capability: one object under one key. */
export interface KeptSetting {
  readonly key: string
  /** Of the whole value, closed. */
  readonly schema: TSchema
  /** In force until somebody sets it, field by field: a value from before a field was there has the default's. */
  readonly defaults: object
  readonly summary: string
  /** What the schema cannot say. */
  fault?(value: never): Refusal | null
}

export interface SettingRoutes {
  /** `/api/analysis-settings` */
  readonly url: string
  readonly summary: string
  readonly readPermission: string
  readonly configurePermission: string
  readonly settings: readonly KeptSetting[]
}

const SettingShown = Type.Object({ key: Type.String(), value: Type.Unknown(), version: Type.Integer() })

/**
 * Reads all settings of a capability at once and sets each by itself: under the version that was read (If-Match), with
 * what it was before in the audit log.
 */
export function settingRoutes(app: FastifyInstance, of: SettingRoutes): void {
  route(app, {
    method: 'GET',
    url: of.url,
    summary: of.summary,
    permission: of.readPermission,
    schema: { response: Type.Object({ settings: Type.Array(SettingShown) }) },
    async handle() {
      const settings = []
      for (const { key, defaults } of of.settings) {
        const { value, version } = await readSetting<object>(app.db, key, {})
        settings.push({ key, value: { ...defaults, ...value }, version })
      }
      return { body: { settings } }
    },
  })

  for (const { key, schema, defaults, summary, fault } of of.settings)
    commandRoute(app, {
      method: 'PUT',
      url: `${of.url}/${key}`,
      summary: `${summary}; If-Match carries the version that was read`,
      permission: of.configurePermission,
      schema: {
        body: Type.Object({ value: schema }, { additionalProperties: false }),
        response: SettingShown,
      },
      async handle(tx, actor, { body, ifMatch }) {
        if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
        const { value } = body as { value: object }
        const wrong = fault?.(value as never)
        if (wrong) return wrong
        const before = await readSetting<object>(tx, key, {})
        const after = await writeSetting(tx, key, value, ifMatch, actor.now)
        if (isRefusal(after)) return after
        await writeAudit(tx, actor, {
          action: of.configurePermission,
          subjectKind: 'setting',
          subjectId: key,
          detail: { before: { ...defaults, ...before.value }, after: after.value },
        })
        return { etag: after.version, body: { key, ...after } }
      },
    })
}
