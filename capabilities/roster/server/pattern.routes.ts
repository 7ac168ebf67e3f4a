import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { checkPattern } from '../core/index.ts'
import { findPattern, listPatterns, writePattern, type KeptPattern } from './pattern.store.ts'
import { AnyObject, closed, Code } from './schemas.ts'

/** A pattern is checked by `checkPattern`, which points at every fault; a schema would stop at the first. */
const PatternShown = Type.Object(
  { code: Type.String(), isShipped: Type.Boolean(), version: Type.Integer() },
  { additionalProperties: true },
)
const Fault = Type.Object({
  path: Type.String({ description: 'roles[1].shifts[0]' }),
  code: Type.String(),
  detail: AnyObject,
})

const shownPattern = ({ pattern, isShipped, version }: KeptPattern) => ({ ...pattern, isShipped, version })

/** Duty patterns: shipped, changed, the district's own. */
export function registerPatternRoutes(app: FastifyInstance): void {
  route(app, {
    method: 'GET',
    url: '/api/duty-patterns',
    summary: 'Duty patterns: shipped ones as the district has them, then its own; version 0 is as shipped',
    permission: 'roster.read-settings',
    schema: { response: Type.Object({ patterns: Type.Array(PatternShown) }) },
    async handle() {
      return { body: { patterns: (await listPatterns(app.db)).map(shownPattern) } }
    },
  })

  commandRoute(app, {
    method: 'PUT',
    url: '/api/duty-patterns/:code',
    summary:
      'Writes a pattern over the version that was read (0: a new one); every fault is named with its place',
    permission: 'roster.configure',
    schema: {
      params: Type.Object({ code: Code }),
      body: Type.Object({}, { additionalProperties: true }),
      response: PatternShown,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const checked = checkPattern(body)
      if ('faults' in checked)
        return refuse('invalid-duty-pattern', {
          field: checked.faults[0]!.path,
          detail: { faults: checked.faults },
        })
      const { pattern } = checked
      if (pattern.code !== params.code) return refuse('pattern-code-differs', { field: 'code' })
      const before = await findPattern(tx, params.code)
      const fault = matchVersion(ifMatch, before?.version ?? 0)
      if (fault) return fault
      const version = before?.version ?? 0
      if (!(await writePattern(tx, pattern, version, actor.now))) return refuse('version-conflict')
      await writeAudit(tx, actor, {
        action: 'roster.change-pattern',
        subjectKind: 'duty-pattern',
        subjectId: params.code,
        detail: { before: before?.pattern ?? null, after: pattern },
      })
      await announce(tx, {
        topic: 'duty-pattern.changed',
        subjectId: params.code,
        organisationId: null,
        permission: 'roster.read-settings',
        at: actor.now,
        data: { version: version + 1 },
      })
      return {
        status: before ? 200 : 201,
        etag: version + 1,
        body: { ...pattern, isShipped: before?.isShipped ?? false, version: version + 1 },
      }
    },
  })

  route(app, {
    method: 'POST',
    url: '/api/duty-patterns/check',
    summary: 'Every fault of a pattern with its place, without writing anything',
    permission: 'roster.read-settings',
    schema: {
      body: Type.Object({ pattern: Type.Unknown() }, closed),
      response: Type.Object({ faults: Type.Array(Fault) }),
    },
    async handle(_actor, { body }) {
      const checked = checkPattern(body.pattern)
      return { body: { faults: 'faults' in checked ? checked.faults : [] } }
    },
  })
}
