import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { settingRoutes } from '../../../foundation/server/http/setting-routes.ts'
import { LIFE_RULES, LIFE_RULES_SETTING } from '../core/index.ts'
import { registerAbsenceRoutes } from './absence.routes.ts'
import { registerAttendanceRoutes } from './attendance.routes.ts'
import { registerCalendarRoutes } from './calendar.routes.ts'
import type { LifeNeeds } from './life.needs.ts'
import { registerMyRosterRoutes } from './my-roster.routes.ts'
import { registerSickCallRoutes } from './sick-call.routes.ts'
import type { Solving } from './solving.ts'
import { registerSwapRoutes } from './swap.routes.ts'

const whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })
const Rules = Type.Object(
  {
    longestAbsenceDays: whole(1, 400),
    absenceBackDays: whole(0, 60),
    absenceAheadDays: whole(30, 800),
    shortestReasonLength: whole(1, 100),
    lateAfterMinutes: whole(0, 120),
    rollCallBeforeMinutes: whole(0, 240),
    absenceRetentionDays: whole(30, 3650),
    swapRetentionDays: whole(30, 3650),
    attendanceRetentionDays: whole(30, 3650),
  },
  { additionalProperties: false },
)

/** What happens to a published roster: read, asked, swapped, called in sick, called at the roll. */
export function registerAfterPublicationRoutes(
  app: FastifyInstance,
  needs: LifeNeeds,
  solving: Pick<Solving, 'mend'>,
): void {
  registerAbsenceRoutes(app, needs)
  registerSwapRoutes(app, needs)
  registerSickCallRoutes(app, needs, solving)
  registerAttendanceRoutes(app, needs)
  registerMyRosterRoutes(app, needs)
  registerCalendarRoutes(app, needs)
  settingRoutes(app, {
    url: '/api/roster-life',
    summary: 'The numbers by which a published roster lives; version 0 is the default',
    readPermission: 'roster.read-settings',
    configurePermission: 'roster.configure',
    settings: [
      {
        key: LIFE_RULES_SETTING,
        schema: Rules,
        defaults: LIFE_RULES,
        summary: 'Changes how absences, roll calls and their keeping are ruled',
      },
    ],
  })
}
