import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { addDays, findDayNumber } from '../../../foundation/core/day.ts'
import { localDate, toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { ABSENCE_KINDS, ABSENCE_STATES, type Absence } from '../core/index.ts'
import { listAbsences, listRosterWishes, putWish, removeWish } from './absence.store.ts'
import { answerAbsence, askAbsence } from './absences.ts'
import type { LifeNeeds } from './life.needs.ts'
import { officerActedFor } from './published.ts'
import { closed, Code, Day, Id, IdParams, Nullable, oneOf } from './schemas.ts'

const AT_ONCE = 500
const WISH_AHEAD_DAYS = 120
const Note = Type.String({ maxLength: 500 })

const AbsenceShown = Type.Object({
  id: Id,
  officerId: Id,
  organisationId: Id,
  kind: oneOf(ABSENCE_KINDS),
  fromDate: Type.String(),
  untilDate: Type.String(),
  state: oneOf(ABSENCE_STATES),
  note: Nullable(Type.String()),
  requestedAt: Type.String(),
  decidedAt: Nullable(Type.String()),
  decisionReason: Nullable(Type.String()),
  version: Type.Integer(),
})

export const shownAbsence = ({ requested, decided, ...absence }: Absence) => ({
  ...absence,
  requestedAt: toIso(requested.at),
  decidedAt: decided && toIso(decided.at),
})

const WishShown = Type.Object({
  officerId: Id,
  date: Type.String(),
  shift: Nullable(Type.String()),
  isWanted: Type.Boolean(),
  weight: Type.Integer(),
})

/** Leave, training, not fit for duty; and what officers wish. */
export function registerAbsenceRoutes(app: FastifyInstance, needs: LifeNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/absences',
    summary: 'One’s own absences, and all of the organisations that one may decide for',
    permission: 'roster.ask',
    personal: { subjectKind: 'absence', againAfterSeconds: 600 },
    schema: {
      querystring: Type.Object({
        from: Type.Optional(Day),
        until: Type.Optional(Day),
        state: Type.Optional(oneOf(ABSENCE_STATES)),
      }),
      response: Type.Object({ absences: Type.Array(AbsenceShown) }),
    },
    async handle(actor, { query }) {
      const absences = await listAbsences(app.db, {
        ...(query.from === undefined ? {} : { fromDate: query.from }),
        ...(query.until === undefined ? {} : { untilDate: query.until }),
        ...(query.state === undefined ? {} : { states: [query.state] }),
        scope: actor.scopeOf('roster.read-absences'),
        officerId: actor.officerId,
        limit: AT_ONCE,
      })
      return { body: { absences: absences.map(shownAbsence) } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/absences',
    summary: 'Asks to be away: for oneself, or as a chief for an officer; `approve` grants it at once',
    permission: 'roster.ask',
    schema: {
      body: Type.Object(
        {
          officerId: Type.Optional(Id),
          kind: oneOf(ABSENCE_KINDS),
          fromDate: Day,
          untilDate: Day,
          note: Type.Optional(Nullable(Note)),
          approve: Type.Optional(Type.Boolean()),
          acceptGaps: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
      response: AbsenceShown,
    },
    async handle(tx, actor, { body }) {
      const { officerId, kind, fromDate, untilDate, note = null } = body
      const asked = await askAbsence(tx, actor, needs, { officerId, kind, fromDate, untilDate, note })
      if (isRefusal(asked)) return asked
      const absence = body.approve
        ? await answerAbsence(tx, actor, needs, asked.id, {
            do: 'approve',
            acceptGaps: body.acceptGaps ?? false,
          })
        : asked
      return isRefusal(absence)
        ? absence
        : { status: 201, etag: absence.version, body: shownAbsence(absence) }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/absences/:id/approve',
    summary:
      'Grants an absence; duties of the published roster that it empties are named before they are accepted',
    permission: 'roster.decide',
    schema: {
      params: IdParams,
      body: Type.Object({ acceptGaps: Type.Optional(Type.Boolean()) }, closed),
      response: AbsenceShown,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const acceptGaps = body.acceptGaps ?? false
      const command = { do: 'approve', acceptGaps } as const
      const absence = await answerAbsence(tx, actor, needs, params.id, command, ifMatch)
      return isRefusal(absence) ? absence : { etag: absence.version, body: shownAbsence(absence) }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/absences/:id/refuse',
    summary: 'Does not grant an absence, with the reason',
    permission: 'roster.decide',
    schema: { params: IdParams, body: Type.Object({ reason: Note }, closed), response: AbsenceShown },
    async handle(tx, actor, { params, body, ifMatch }) {
      const command = { do: 'refuse', reason: body.reason } as const
      const absence = await answerAbsence(tx, actor, needs, params.id, command, ifMatch)
      return isRefusal(absence) ? absence : { etag: absence.version, body: shownAbsence(absence) }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/absences/:id/withdraw',
    summary: 'Takes an absence back, by whoever asked for it or decides; days to come are off again',
    permission: 'roster.ask',
    schema: { params: IdParams, response: AbsenceShown },
    async handle(tx, actor, { params, ifMatch }) {
      const absence = await answerAbsence(tx, actor, needs, params.id, { do: 'withdraw' }, ifMatch)
      return isRefusal(absence) ? absence : { etag: absence.version, body: shownAbsence(absence) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/roster-wishes',
    summary: 'One’s own wishes for days to come',
    permission: 'roster.ask',
    schema: { response: Type.Object({ wishes: Type.Array(WishShown) }) },
    async handle(actor) {
      const today = localDate(actor.now, needs.timeZone())
      const wishes =
        actor.officerId === null
          ? []
          : await listRosterWishes(app.db, today, addDays(today, WISH_AHEAD_DAYS), actor.officerId)
      return { body: { wishes } }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/roster-wishes',
    summary: 'Wishes a shift or a day off for a date, or rather not; in the place of an earlier wish for it',
    permission: 'roster.ask',
    schema: {
      body: Type.Object(
        {
          officerId: Type.Optional(Id),
          date: Day,
          shift: Nullable(Code),
          isWanted: Type.Boolean(),
          weight: Type.Integer({ minimum: 1, maximum: 3 }),
        },
        closed,
      ),
      response: WishShown,
    },
    async handle(tx, actor, { body }) {
      const officer = await officerActedFor(tx, actor, needs, body.officerId, 'roster.decide')
      if (isRefusal(officer)) return officer
      const { date, shift, isWanted, weight } = body
      if (findDayNumber(date) === null) return refuse('invalid-date', { field: 'date' })
      const today = localDate(actor.now, needs.timeZone())
      if (date <= today) return refuse('wish-day-passed', { field: 'date' })
      const latest = addDays(today, WISH_AHEAD_DAYS)
      if (date > latest) return refuse('wish-too-far', { field: 'date', detail: { latest } })
      // Not to have a day off is no wish that anybody can plan by.
      if (shift === null && !isWanted) return refuse('wish-for-nothing', { field: 'shift' })
      const wish = { officerId: officer.id as string, date, shift, isWanted, weight }
      await putWish(tx, wish, actor.now)
      await writeAudit(tx, actor, {
        action: 'roster.wish',
        subjectKind: 'officer',
        subjectId: officer.id,
        detail: wish,
      })
      return { status: 201, body: wish }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/roster-wishes/:date',
    summary: 'Takes one’s wish for a date back',
    permission: 'roster.ask',
    schema: {
      params: Type.Object({ date: Day }),
      querystring: Type.Object({ officerId: Type.Optional(Id) }),
      response: Type.Null(),
    },
    async handle(tx, actor, { params, query }) {
      const officer = await officerActedFor(tx, actor, needs, query.officerId, 'roster.decide')
      if (isRefusal(officer)) return officer
      if (findDayNumber(params.date) === null) return refuse('invalid-date', { field: 'date' })
      if (!(await removeWish(tx, officer.id, params.date))) return refuse('not-found')
      await writeAudit(tx, actor, {
        action: 'roster.drop-wish',
        subjectKind: 'officer',
        subjectId: officer.id,
        detail: { date: params.date },
      })
      return {}
    },
  })
}
