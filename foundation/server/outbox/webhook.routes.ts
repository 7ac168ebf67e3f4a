import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { Type } from 'typebox'
import { refuse } from '../../core/outcome.ts'
import { writeAudit } from '../audit/audit.ts'
import { toTimestamp } from '../db.ts'
import { commandRoute, matchVersion, route } from '../http/route.ts'
import { newId } from '../ids.ts'
import { newSecret, type SecretBox } from '../identity/secrets.ts'
import { isReceiver } from './webhooks.ts'

const Topics = Type.Array(Type.String({ pattern: '^(\\*|[a-z-]+\\.(\\*|[a-z-]+))$' }), {
  minItems: 1,
  maxItems: 50,
})
const Hook = Type.Object({
  id: Type.String(),
  url: Type.String(),
  topics: Type.Array(Type.String()),
  active: Type.Boolean(),
  failures: Type.Integer(),
  lastStatus: Type.Union([Type.String(), Type.Null()]),
  version: Type.Integer(),
})
const Id = Type.Object({ id: Type.String({ maxLength: 60 }) })
const Url = Type.String({ maxLength: 500, pattern: '^https?://[^\\s]+$' })

interface HookRow {
  id: string
  url: string
  topics: string[]
  active: boolean
  failures: number
  last_status: string | null
  version: number
}

function shown(row: HookRow) {
  const { last_status, id, url, topics, active, failures, version } = row
  return { id, url, topics, active, failures, lastStatus: last_status, version }
}

export function registerWebhookRoutes(app: FastifyInstance, secrets: SecretBox): void {
  route(app, {
    method: 'GET',
    url: '/api/webhooks',
    summary: 'Webhooks with their state',
    permission: 'webhook.manage',
    schema: { response: Type.Object({ webhooks: Type.Array(Hook) }) },
    handle: async () => ({
      body: {
        webhooks: (await app.db.selectFrom('webhook').selectAll().orderBy('created_at').execute()).map(shown),
      },
    }),
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/webhooks',
    summary:
      'Adds a webhook; it hears of what happens from now on. The secret that signs is shown in this answer only',
    permission: 'webhook.manage',
    secret: true,
    schema: {
      body: Type.Object({ url: Url, topics: Topics }),
      response: Type.Object({ webhook: Hook, secret: Type.String() }),
    },
    async handle(tx, actor, { body }) {
      if (!isReceiver(body.url)) return refuse('invalid-webhook-url', { field: 'url' })
      const secret = newSecret()
      const { seq } = await tx.selectFrom('stream_head').select('seq').executeTakeFirstOrThrow()
      const row = await tx
        .insertInto('webhook')
        .values({
          id: newId(),
          url: body.url,
          secret: secrets.seal(secret),
          topics: body.topics,
          active: true,
          created_at: toTimestamp(actor.now),
          cursor: seq,
          next_attempt_at: toTimestamp(actor.now),
          last_status: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      await writeAudit(tx, actor, {
        action: 'webhook.add',
        subjectKind: 'webhook',
        subjectId: row.id,
        detail: { url: body.url, topics: body.topics },
      })
      return {
        status: 201,
        etag: 1,
        headers: { 'cache-control': 'no-store' },
        body: { webhook: shown(row), secret },
      }
    },
  })

  commandRoute(app, {
    method: 'PATCH',
    url: '/api/webhooks/:id',
    summary: 'Changes topics or state of a webhook; switching it on again starts a new attempt at once',
    permission: 'webhook.manage',
    schema: {
      params: Id,
      body: Type.Object({ topics: Type.Optional(Topics), active: Type.Optional(Type.Boolean()) }),
      response: Hook,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const before = await tx
        .selectFrom('webhook')
        .selectAll()
        .where('id', '=', params.id)
        .forUpdate()
        .executeTakeFirst()
      if (!before) return refuse('not-found', { detail: { webhookId: params.id } })
      const stale = matchVersion(ifMatch, before.version)
      if (stale) return stale
      const row = await tx
        .updateTable('webhook')
        .set({
          topics: body.topics ?? before.topics,
          active: body.active ?? before.active,
          failures: 0,
          next_attempt_at: toTimestamp(actor.now),
          version: sql<number>`version + 1`,
        })
        .where('id', '=', params.id)
        .returningAll()
        .executeTakeFirstOrThrow()
      await writeAudit(tx, actor, {
        action: 'webhook.change',
        subjectKind: 'webhook',
        subjectId: row.id,
        detail: { topics: body.topics, active: body.active },
      })
      return { etag: row.version, body: shown(row) }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/webhooks/:id',
    summary: 'Removes a webhook',
    permission: 'webhook.manage',
    schema: { params: Id, response: Type.Null() },
    async handle(tx, actor, { params }) {
      const gone = await tx
        .deleteFrom('webhook')
        .where('id', '=', params.id)
        .returning('url')
        .executeTakeFirst()
      if (!gone) return refuse('not-found', { detail: { webhookId: params.id } })
      await writeAudit(tx, actor, {
        action: 'webhook.remove',
        subjectKind: 'webhook',
        subjectId: params.id,
        detail: { url: gone.url },
      })
      return { status: 204 }
    },
  })
}
