import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { addDays, daysBetween, findDayNumber } from '../../../foundation/core/day.ts'
import { localDate, toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { findOption, optionKey, SICK_CALL_STATES, type CellChange, type SickCall } from '../core/index.ts'
import type { LifeNeeds } from './life.needs.ts'
import { BreachShown, closed, Day, Id, IdParams, Nullable, oneOf, OptionKey } from './schemas.ts'
import { findSickCall, listSickCalls } from './sick-call.store.ts'
import type { Solving } from './solving.ts'
import { adviseOn, callInSick, coverSickCall, planMending, type SickCallAdvice } from './sick-calls.ts'

const AT_ONCE = 200
const LONGEST_DAYS = 62

const CallShown = Type.Object({
  id: Id,
  rosterId: Id,
  officerId: Id,
  organisationId: Id,
  date: Type.String(),
  duty: Type.String(),
  endsAt: Type.String(),
  calledAt: Type.String(),
  state: oneOf(SICK_CALL_STATES),
  replacementOfficerId: Nullable(Id),
  decidedAt: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  version: Type.Integer(),
})
const AdviceShown = Type.Object({
  sickCall: CallShown,
  gap: Type.Array(BreachShown),
  replacements: Type.Array(
    Type.Object({
      officerId: Id,
      instead: Type.String(),
      reasons: Type.Array(
        Type.Object({ code: Type.String(), detail: Type.Record(Type.String(), Type.Number()) }),
      ),
      breaches: Type.Array(BreachShown),
      cost: Type.Number(),
    }),
  ),
})

const MendingShown = Type.Object({
  plan: Nullable(
    Type.Object({
      officerId: Nullable(Id),
      changes: Type.Array(
        Type.Object({ officerId: Id, date: Type.String(), was: Type.String(), becomes: Type.String() }),
      ),
      breaches: Type.Array(BreachShown),
    }),
  ),
})

const shownCall = ({ called, decided, endsAt, ...call }: SickCall) => ({
  ...call,
  endsAt: toIso(endsAt),
  calledAt: toIso(called.at),
  decidedAt: decided && toIso(decided.at),
})
const shownAdvice = ({ call, gap, best }: SickCallAdvice) => ({
  sickCall: shownCall(call),
  gap,
  replacements: best.map(({ instead, ...one }) => ({ ...one, instead: optionKey(instead) })),
})

/** Somebody rings at six: the gap, the three best replacements and why, and who fills it. */
export function registerSickCallRoutes(
  app: FastifyInstance,
  needs: LifeNeeds,
  solving: Pick<Solving, 'mend'>,
): void {
  route(app, {
    method: 'GET',
    url: '/api/sick-calls',
    summary:
      'Calls of the days asked for, today and tomorrow by default: open, covered, or left open for a reason',
    permission: 'roster.cover',
    personal: { subjectKind: 'sick-call', againAfterSeconds: 600 },
    schema: {
      querystring: Type.Object({ from: Type.Optional(Day), until: Type.Optional(Day) }),
      response: Type.Object({ sickCalls: Type.Array(CallShown) }),
    },
    async handle(actor, { query }) {
      const today = localDate(actor.now, needs.timeZone())
      const fromDate = query.from ?? today
      if (findDayNumber(fromDate) === null) return refuse('invalid-date', { field: 'from' })
      const untilDate = query.until ?? addDays(fromDate, 1)
      if (findDayNumber(untilDate) === null) return refuse('invalid-date', { field: 'until' })
      if (Math.abs(daysBetween(fromDate, untilDate)) > LONGEST_DAYS)
        return refuse('absence-too-long', { field: 'until', detail: { days: LONGEST_DAYS } })
      const calls = await listSickCalls(app.db, {
        ...{ fromDate, untilDate, scope: actor.scopeOf('roster.cover'), limit: AT_ONCE },
      })
      return { body: { sickCalls: calls.map(shownCall) } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/sick-calls',
    summary:
      'An officer, oneself by default, cannot come today or on another date: three who could, and why; nobody asks why not',
    permission: 'roster.ask',
    schema: {
      body: Type.Object({ officerId: Type.Optional(Id), date: Type.Optional(Day) }, closed),
      response: AdviceShown,
    },
    async handle(tx, actor, { body }) {
      const date = body.date ?? localDate(actor.now, needs.timeZone())
      if (findDayNumber(date) === null) return refuse('invalid-date', { field: 'date' })
      const advice = await callInSick(tx, actor, needs, { officerId: body.officerId, date })
      if (isRefusal(advice)) return advice
      const { call } = advice
      // Who could come is for whoever fills the place, not for the one who rings.
      const mayFill = actor.mayFor('roster.cover', call.organisationId)
      const shown = mayFill ? advice : { ...advice, best: [] }
      return { status: 201, etag: call.version, body: shownAdvice(shown) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/sick-calls/:id',
    summary: 'A call with the gap and who could come, by the roster as it is now',
    permission: 'roster.cover',
    personal: { subjectKind: 'sick-call', subjectId: ({ params }) => params.id, againAfterSeconds: 600 },
    schema: { params: IdParams, response: AdviceShown },
    async handle(actor, { params }) {
      const call = await findSickCall(app.db, params.id)
      if (!call) return refuse('not-found')
      if (!actor.mayFor('roster.cover', call.organisationId))
        return refuse('out-of-scope', { detail: { organisationId: call.organisationId } })
      return { etag: call.version, body: shownAdvice(await adviseOn(app.db, needs, call)) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/sick-calls/:id/mending',
    summary:
      'The roster without the one who rang, with the fewest days of others changed: whose, from what to what; solved when asked, some seconds',
    permission: 'roster.cover',
    personal: { subjectKind: 'sick-call', subjectId: ({ params }) => params.id, againAfterSeconds: 600 },
    schema: { params: IdParams, response: MendingShown },
    async handle(actor, { params }) {
      const call = await findSickCall(app.db, params.id)
      if (!call) return refuse('not-found')
      if (!actor.mayFor('roster.cover', call.organisationId))
        return refuse('out-of-scope', { detail: { organisationId: call.organisationId } })
      const plan = await planMending(app.db, needs, solving, call)
      const shown = plan && {
        ...plan,
        changes: plan.changes.map(({ was, becomes, ...cell }) => ({
          ...cell,
          was: optionKey(was),
          becomes: optionKey(becomes),
        })),
      }
      return { body: { plan: shown } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/sick-calls/:id/cover',
    summary: 'Puts an officer in the place, or nobody with the reason: then the gap stays and says why',
    permission: 'roster.cover',
    schema: {
      params: IdParams,
      body: Type.Object(
        {
          officerId: Nullable(Id),
          reason: Type.Optional(Type.String({ maxLength: 500 })),
          acceptBreaches: Type.Optional(Type.Boolean()),
          alongside: Type.Optional(
            Type.Array(Type.Object({ officerId: Id, date: Day, option: OptionKey }, closed), {
              maxItems: 40,
            }),
          ),
        },
        closed,
      ),
      response: CallShown,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const { officerId, reason = '', acceptBreaches = false } = body
      const alongside: CellChange[] = []
      for (const { option: key, ...cell } of body.alongside ?? []) {
        const option = findOption(key)
        if (!option || findDayNumber(cell.date) === null)
          return refuse('cover-day-unknown', { field: 'alongside', detail: { date: cell.date } })
        alongside.push({ ...cell, option })
      }
      const call = await coverSickCall(
        tx,
        actor,
        needs,
        params.id,
        officerId === null ? { officerId, reason } : { officerId, reason, acceptBreaches, alongside },
        ifMatch,
      )
      return isRefusal(call) ? call : { etag: call.version, body: shownCall(call) }
    },
  })
}
