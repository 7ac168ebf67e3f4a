import type { FastifyInstance } from 'fastify'
import { Type, type TSchema } from 'typebox'
import { settingRoutes } from '../../../foundation/server/http/setting-routes.ts'
import {
  DEFAULT_HOLIDAYS,
  DEFAULT_ROSTER_KEEPING,
  DEFAULT_ROSTER_RULES,
  DEFAULT_ROSTER_WEIGHTS,
  HOLIDAYS_SETTING,
  holidaysFault,
  ROSTER_KEEPING_SETTING,
  ROSTER_RULES_SETTING,
  ROSTER_WEIGHTS_SETTING,
  rosterRulesFault,
  type RosterKeeping,
  type RosterRules,
  type RosterWeights,
} from '../core/index.ts'
import { closed, Day, oneOf } from './schemas.ts'

const whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })
const price = Type.Number({ minimum: 0, maximum: 10_000 })

const Rules = Type.Object(
  {
    minimumRestMinutes: whole(0, 2_880),
    maxMinutesPer7Days: whole(60, 10_080),
    maxConsecutiveDays: whole(1, 31),
    forbidNightThenDay: Type.Boolean(),
    trainingMinutes: whole(0, 1_440),
    streetShares: Type.Array(
      Type.Object(
        {
          fromMinute: whole(0, 1_439),
          untilMinute: whole(1, 1_440),
          share: Type.Number({ minimum: 0, maximum: 1 }),
        },
        closed,
      ),
      { maxItems: 24 },
    ),
    offPatternDuty: oneOf(['never', 'when-needed']),
  } satisfies Record<keyof RosterRules, TSchema>,
  closed,
)
const Weights = Type.Object(
  {
    draws: price,
    nights: price,
    weekends: price,
    holidays: price,
    wishes: price,
    stability: price,
    offPatternDuty: price,
  } satisfies Record<keyof RosterWeights, TSchema>,
  closed,
)
const Name = Type.String({ minLength: 1, maxLength: 60 })
const Holidays = Type.Object(
  {
    holidays: Type.Array(Type.Object({ date: Day, nameZh: Name, nameEn: Name }, closed), { maxItems: 400 }),
  },
  closed,
)
const Keeping = Type.Object(
  {
    carriedDays: whole(0, 1_000),
    dutyRetentionDays: whole(90, 3_650),
  } satisfies Record<keyof RosterKeeping, TSchema>,
  closed,
)

/** The numbers of rosters. */
export function registerRosterSettingRoutes(app: FastifyInstance): void {
  settingRoutes(app, {
    url: '/api/roster-settings',
    summary: 'Rules, weights, holidays and terms of rosters; version 0 is the default',
    readPermission: 'roster.read-settings',
    configurePermission: 'roster.configure',
    settings: [
      {
        ...{ key: ROSTER_RULES_SETTING, schema: Rules, defaults: DEFAULT_ROSTER_RULES },
        summary: 'Changes the hard rules of rosters to come; what is published is judged by what held then',
        fault: rosterRulesFault,
      },
      {
        ...{ key: ROSTER_WEIGHTS_SETTING, schema: Weights, defaults: DEFAULT_ROSTER_WEIGHTS },
        summary: 'Changes what unfairness, unmet wishes and changes cost a roster',
      },
      {
        ...{ key: HOLIDAYS_SETTING, schema: Holidays, defaults: DEFAULT_HOLIDAYS },
        summary: 'Changes which days are holidays when duties are shared out',
        fault: holidaysFault,
      },
      {
        ...{ key: ROSTER_KEEPING_SETTING, schema: Keeping, defaults: DEFAULT_ROSTER_KEEPING },
        summary: 'Changes how far back fairness looks, and how long rows of officers are kept',
      },
    ],
  })
}
