import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { findNotice, insertReceipt, listNotices } from './notice-store.ts'
import { Cursor, Id, IdParams, Limit, NoticeShown, Nullable, oneOf, shownNotice } from './schemas.ts'

export function registerNoticeRoutes(app: FastifyInstance): void {
  route(app, {
    method: 'GET',
    url: '/api/notices',
    summary: 'Notices with who has read them, latest first, by pages',
    permission: 'dispatch.read',
    // Who has read them is on it, by name; a page looks every few seconds.
    personal: {
      subjectKind: 'notice',
      subjectId: ({ query }) => query.incidentId ?? query.unitId ?? null,
      againAfterSeconds: 600,
    },
    schema: {
      querystring: Type.Object({
        incidentId: Type.Optional(Id),
        unitId: Type.Optional(Id),
        kind: Type.Optional(oneOf(['nearby', 'group', 'chase', 'leader'])),
        limit: Limit,
        cursor: Cursor,
      }),
      response: Type.Object({ notices: Type.Array(NoticeShown), nextCursor: Nullable(Type.String()) }),
    },
    async handle(_actor, { query }) {
      const { cursor, limit = 200, ...filter } = query
      const rows = await listNotices(app.db, { ...filter, before: cursor ?? null, limit: limit + 1 })
      const page = rows.slice(0, limit)
      return {
        body: {
          notices: page.map(shownNotice),
          nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
        },
      }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/notices/:id/read',
    summary: 'The caller has read a notice; the first reading is kept',
    permission: 'dispatch.answer',
    schema: { params: IdParams, response: Type.Object({ noticeId: Type.String(), isFirst: Type.Boolean() }) },
    async handle(tx, actor, { params }) {
      const notice = await findNotice(tx, params.id)
      if (!notice || notice.sentAt === null || actor.accountId === null) return refuse('not-found')
      const receipt = { accountId: actor.accountId, accountName: actor.name, readAt: actor.now }
      const isFirst = await insertReceipt(tx, notice.id, receipt)
      if (isFirst) {
        await writeAudit(tx, actor, {
          action: 'dispatch.read-notice',
          subjectKind: 'notice',
          subjectId: notice.id,
        })
        await announce(tx, {
          topic: 'notice.read',
          subjectId: notice.id,
          organisationId: null,
          permission: 'dispatch.read',
          at: actor.now,
          data: {
            incidentId: notice.incidentId,
            kind: notice.kind,
            recipientId: notice.recipientId,
            accountId: actor.accountId,
          },
        })
      }
      return { body: { noticeId: notice.id, isFirst } }
    },
  })
}
