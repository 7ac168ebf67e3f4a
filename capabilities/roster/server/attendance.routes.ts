import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { findDayNumber } from '../../../foundation/core/day.ts'
import { fromIso, localDate, toIso } from '../../../foundation/core/instant.ts'
import { refuse } from '../../../foundation/core/outcome.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { ATTENDANCE_DIFFERENCES, ATTENDANCE_STATES, optionKey } from '../core/index.ts'
import { readAttendance, recordAttendance, type AttendanceSheet } from './attendance.ts'
import type { LifeNeeds } from './life.needs.ts'
import { closed, Day, Id, Nullable, oneOf } from './schemas.ts'

const SheetShown = Type.Object({
  date: Type.String(),
  rosterId: Nullable(Id),
  lines: Type.Array(
    Type.Object({
      officerId: Id,
      organisationId: Id,
      rostered: Nullable(
        Type.Object({
          kind: oneOf(['duty', 'training', 'leave'] as const),
          option: Type.String(),
          startsAt: Type.String(),
          endsAt: Type.String(),
        }),
      ),
      state: Nullable(oneOf(ATTENDANCE_STATES)),
      at: Nullable(Type.String()),
      source: Nullable(oneOf(['attendance', 'roll-call'] as const)),
    }),
  ),
  differences: Type.Array(
    Type.Object({
      officerId: Id,
      code: oneOf(ATTENDANCE_DIFFERENCES),
      detail: Type.Record(Type.String(), Type.Number()),
    }),
  ),
})

const shownSheet = ({ date, rosterId, rows, differences }: AttendanceSheet) => ({
  date,
  rosterId,
  lines: rows.map(({ officerId, organisationId, rostered, line }) => ({
    officerId,
    organisationId,
    rostered: rostered && {
      kind: rostered.kind,
      option: optionKey(rostered.option),
      startsAt: toIso(rostered.startsAt),
      endsAt: toIso(rostered.endsAt),
    },
    state: line?.state ?? null,
    at: line ? toIso(line.at) : null,
    source: line?.source ?? null,
  })),
  differences,
})

/** Roll call against roster: who was there, and where the two differ. */
export function registerAttendanceRoutes(app: FastifyInstance, needs: LifeNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/roster-attendance',
    summary: 'An organisation’s day: roster, roll call, and the differences for a person to judge',
    permission: 'roster.read-attendance',
    personal: {
      subjectKind: 'organisation',
      subjectId: ({ query }) => query.organisationId,
      againAfterSeconds: 600,
    },
    schema: {
      querystring: Type.Object({ organisationId: Id, date: Type.Optional(Day) }),
      response: SheetShown,
    },
    async handle(actor, { query }) {
      const { organisationId } = query
      const date = query.date ?? localDate(actor.now, needs.timeZone())
      if (findDayNumber(date) === null) return refuse('invalid-date', { field: 'date' })
      if (!actor.mayFor('roster.read-attendance', organisationId))
        return refuse('out-of-scope', { field: 'organisationId', detail: { organisationId } })
      return { body: shownSheet(await readAttendance(app.db, needs, date, organisationId, actor.now)) }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/roster-attendance',
    summary: 'Writes a roll call down; lines of before are corrected, and who is there goes on duty',
    permission: 'roster.call-roll',
    schema: {
      body: Type.Object(
        {
          date: Day,
          organisationId: Id,
          lines: Type.Array(
            Type.Object(
              {
                officerId: Id,
                state: oneOf(ATTENDANCE_STATES),
                at: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
              },
              closed,
            ),
            { minItems: 1, maxItems: 500 },
          ),
        },
        closed,
      ),
      response: SheetShown,
    },
    async handle(tx, actor, { body }) {
      const { date, organisationId } = body
      if (findDayNumber(date) === null) return refuse('invalid-date', { field: 'date' })
      const lines = []
      for (const { officerId, state, at } of body.lines) {
        const moment = at === undefined ? actor.now : fromIso(at)
        if (moment === null) return refuse('invalid-time', { field: 'lines', detail: { officerId } })
        lines.push({ officerId, state, at: moment })
      }
      const fault = await recordAttendance(tx, actor, needs, { date, organisationId, lines })
      if (fault) return fault
      return { body: shownSheet(await readAttendance(tx, needs, date, organisationId, actor.now)) }
    },
  })
}
