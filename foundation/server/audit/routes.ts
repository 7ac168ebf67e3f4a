import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { toIso } from '../../core/instant.ts'
import { route } from '../http/route.ts'
import { proveAudit } from './seal.ts'

const Entry = Type.Object({
  id: Type.Integer(),
  at: Type.String(),
  accountId: Type.Union([Type.String(), Type.Null()]),
  accountName: Type.String(),
  action: Type.String(),
  subjectKind: Type.String(),
  subjectId: Type.Union([Type.String(), Type.Null()]),
  reason: Type.Union([Type.String(), Type.Null()]),
  ip: Type.String(),
  requestId: Type.String(),
  detail: Type.Unsafe<unknown>({}),
})

/** Who read or changed what, and the proof that nothing was altered. Reading the log is itself read and logged. */
export function registerAuditRoutes(app: FastifyInstance): void {
  route(app, {
    method: 'GET',
    url: '/api/audit',
    summary: 'Audit entries, newest first',
    permission: 'audit.read',
    personal: { subjectKind: 'audit' },
    schema: {
      querystring: Type.Object({
        accountId: Type.Optional(Type.String({ maxLength: 60 })),
        subjectKind: Type.Optional(Type.String({ maxLength: 60 })),
        subjectId: Type.Optional(Type.String({ maxLength: 60 })),
        action: Type.Optional(Type.String({ maxLength: 60 })),
        before: Type.Optional(Type.Integer({ minimum: 1 })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      }),
      response: Type.Object({ entries: Type.Array(Entry), next: Type.Union([Type.Integer(), Type.Null()]) }),
    },
    async handle(_actor, { query }) {
      const limit = query.limit ?? 100
      let entries = app.db.selectFrom('audit_entry').selectAll().orderBy('id', 'desc').limit(limit)
      if (query.accountId) entries = entries.where('account_id', '=', query.accountId)
      if (query.subjectKind) entries = entries.where('subject_kind', '=', query.subjectKind)
      if (query.subjectId) entries = entries.where('subject_id', '=', query.subjectId)
      if (query.action)
        entries = entries.where('action', 'like', `${query.action.replace(/[\\%_]/g, '\\$&')}%`)
      if (query.before) entries = entries.where('id', '<', query.before)
      const rows = await entries.execute()
      return {
        body: {
          entries: rows.map((row) => ({
            id: row.id,
            at: toIso(row.at),
            accountId: row.account_id,
            accountName: row.account_name,
            action: row.action,
            subjectKind: row.subject_kind,
            subjectId: row.subject_id,
            reason: row.reason,
            ip: row.ip,
            requestId: row.request_id,
            detail: row.detail,
          })),
          next: rows.length === limit ? rows.at(-1)!.id : null,
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/audit/proof',
    summary: 'Computes the chain of seals again and tells the first that does not hold',
    permission: 'audit.read',
    schema: {
      response: Type.Object({
        seals: Type.Integer(),
        entriesSealed: Type.Integer(),
        broken: Type.Union([
          Type.Null(),
          Type.Object({ sealId: Type.Integer(), firstEntry: Type.Integer(), lastEntry: Type.Integer() }),
        ]),
      }),
    },
    handle: async () => ({ body: await proveAudit(app.db) }),
  })
}
