import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { fromIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { lend, returnLoan } from './loans.ts'
import { ById, OrganisationIdSchema, LoanSchema, LoanSubjectSchema, loanJson } from './schemas.ts'
import { listOpenLoans } from './loan.store.ts'

const At = Type.String({ format: 'date-time' })

/** Loans of officers and units between departments. */
export function registerLoanRoutes(app: FastifyInstance): void {
  route(app, {
    method: 'GET',
    url: '/api/loans',
    summary: 'Loans that are not over, those that have not begun among them',
    permission: 'force.read',
    schema: { response: Type.Object({ loans: Type.Array(LoanSchema) }) },
    async handle(actor) {
      const loans = await listOpenLoans(app.db, actor.now)
      return { body: { loans: loans.map((loan) => loanJson(loan, actor.now)) } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/loans',
    summary: 'Lends an officer or a unit to another organisation',
    permission: 'force.lend',
    schema: {
      body: Type.Object({
        subject: LoanSubjectSchema,
        toOrganisationId: OrganisationIdSchema,
        /** Left out: now. */
        startsAt: Type.Optional(At),
        /** Left out or null: until returned. */
        endsAt: Type.Optional(Type.Union([At, Type.Null()])),
        reason: Type.String({ maxLength: 500 }),
      }),
      response: LoanSchema,
    },
    async handle(tx, actor, { body }) {
      const startsAt = body.startsAt === undefined ? actor.now : fromIso(body.startsAt)
      const endsAt = body.endsAt == null ? null : fromIso(body.endsAt)
      if (startsAt === null) return refuse('invalid-time', { field: 'startsAt' })
      if (endsAt === null && body.endsAt != null) return refuse('invalid-time', { field: 'endsAt' })
      const loan = await lend(tx, actor, {
        subject: body.subject,
        toOrganisationId: body.toOrganisationId,
        startsAt,
        endsAt,
        reason: body.reason,
      })
      return isRefusal(loan) ? loan : { status: 201, body: loanJson(loan, actor.now) }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/loans/:id/return',
    summary: 'Returns what was lent, now',
    permission: 'force.lend',
    schema: { params: ById, response: LoanSchema },
    async handle(tx, actor, { params }) {
      const loan = await returnLoan(tx, actor, params.id)
      return isRefusal(loan) ? loan : { body: loanJson(loan, actor.now) }
    },
  })
}
