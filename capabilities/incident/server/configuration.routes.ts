import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { checkIncidentTypes, INCIDENT_CLASSES } from '../core/index.ts'
import {
  changeIncidentSetting,
  readIncidentSetting,
  readIncidentTypes,
  replaceIncidentTypes,
  SETTINGS,
  type SettingKey,
} from './configuration.ts'
import { Level } from './schemas.ts'
import { CONFIGURATION_SCHEMAS } from './setting-schemas.ts'

const TypeRow = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 20 }),
    nameZh: Type.String({ maxLength: 100 }),
    nameEn: Type.String({ maxLength: 100 }),
    baseLevel: Level,
    urgent: Type.Boolean(),
  },
  { additionalProperties: false },
)
const KEYS = Object.keys(SETTINGS) as [SettingKey, ...SettingKey[]]
const SettingShown = Type.Object({ key: Type.String(), value: Type.Unknown(), version: Type.Integer() })

export function registerIncidentConfigurationRoutes(app: FastifyInstance): void {
  route(app, {
    method: 'GET',
    url: '/api/incident-types',
    summary: 'The dictionary of incident types in force, with their classes',
    permission: 'incident.read-settings',
    schema: {
      response: Type.Object({
        types: Type.Array(TypeRow),
        classes: Type.Array(
          Type.Object({ code: Type.String(), nameZh: Type.String(), nameEn: Type.String() }),
        ),
      }),
    },
    handle: async () => ({
      body: { types: [...(await readIncidentTypes(app.db))], classes: [...INCIDENT_CLASSES] },
    }),
  })

  commandRoute(app, {
    method: 'PUT',
    url: '/api/incident-types',
    summary: 'Imports a dictionary of incident types in place of the one in force',
    permission: 'incident.configure',
    schema: {
      body: Type.Object({ types: Type.Array(TypeRow, { maxItems: 5000 }) }, { additionalProperties: false }),
      response: Type.Object({ count: Type.Integer() }),
    },
    async handle(tx, actor, { body }) {
      const wrong = checkIncidentTypes(body.types)
      if (wrong) return wrong
      await replaceIncidentTypes(tx, body.types)
      await writeAudit(tx, actor, {
        action: 'incident.import-types',
        subjectKind: 'incident-type',
        subjectId: null,
        detail: { count: body.types.length },
      })
      return { body: { count: body.types.length } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/incident-settings',
    summary: 'Grading rules, response plan, dispositions and policies in force; version 0 is the default',
    permission: 'incident.read-settings',
    schema: { response: Type.Object({ settings: Type.Array(SettingShown) }) },
    async handle() {
      const settings = []
      for (const key of KEYS) settings.push({ key, ...(await readIncidentSetting(app.db, key)) })
      return { body: { settings } }
    },
  })

  for (const key of KEYS) {
    commandRoute(app, {
      method: 'PUT',
      url: `/api/incident-settings/${key}`,
      summary: `Puts another ${key.replaceAll('-', ' ')} into force; If-Match carries the version that was read`,
      permission: 'incident.configure',
      schema: {
        body: Type.Object({ value: CONFIGURATION_SCHEMAS[key] }, { additionalProperties: false }),
        response: SettingShown,
      },
      async handle(tx, actor, { body, ifMatch }) {
        if (ifMatch === null) return refuse('precondition-required', { field: 'If-Match' })
        const { value } = body as { value: unknown }
        const before = await readIncidentSetting(tx, key)
        const after = await changeIncidentSetting(tx, key, value, ifMatch, actor.now)
        if (isRefusal(after)) return after
        await writeAudit(tx, actor, {
          action: 'incident.configure',
          subjectKind: 'setting',
          subjectId: key,
          detail: { before: before.value, after: after.value },
        })
        return { etag: after.version, body: { key, ...after } }
      },
    })
  }
}
