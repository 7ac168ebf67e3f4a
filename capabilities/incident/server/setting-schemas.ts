import { Type, type TSchema } from 'typebox'
import { CIRCUMSTANCES, FORCE_SCOPES } from '../core/index.ts'
import type { SettingKey } from './configuration.ts'
import { Id, Level, oneOf } from './schemas.ts'

const closed = { additionalProperties: false }
const is = (word: string, more: Record<string, TSchema> = {}) =>
  Type.Object({ is: Type.Literal(word), ...more }, closed)
const Hour = Type.Integer({ minimum: 0, maximum: 23 })

const GradingRule = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 40 }),
    axis: oneOf(['urgency', 'difficulty']),
    level: Level,
    all: Type.Array(
      Type.Union([
        is('always'),
        is('type-level', { level: Level }),
        is('type-urgent'),
        is('type', {
          codes: Type.Array(Type.String({ minLength: 1, maxLength: 20 }), { minItems: 1, maxItems: 200 }),
        }),
        is('people', { atLeast: Type.Integer({ minimum: 1, maximum: 1_000_000 }) }),
        is('circumstance', {
          any: Type.Array(oneOf(CIRCUMSTANCES), { minItems: 1, maxItems: CIRCUMSTANCES.length }),
        }),
        is('key-place'),
        is('hours', { fromHour: Hour, untilHour: Hour }),
      ]),
      { minItems: 1, maxItems: 10 },
    ),
    labelZh: Type.Optional(Type.String({ maxLength: 200 })),
    labelEn: Type.Optional(Type.String({ maxLength: 200 })),
  },
  closed,
)

const Demand = Type.Object(
  {
    from: oneOf(FORCE_SCOPES),
    organisationIds: Type.Optional(Type.Array(Id, { maxItems: 200 })),
    units: Type.Union([Type.Integer({ minimum: 1, maximum: 1000 }), Type.Literal('all')]),
    per: oneOf(['total', 'organisation']),
    skills: Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 20 }),
  },
  closed,
)

const LevelPlan = Type.Object(
  {
    level: Level,
    handle: Type.Array(Demand, { maxItems: 20 }),
    standBy: Type.Array(Demand, { maxItems: 20 }),
    lead: Type.Array(oneOf(FORCE_SCOPES), { maxItems: 6 }),
  },
  closed,
)

const Disposition = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 40 }),
    nameZh: Type.String({ minLength: 1, maxLength: 100 }),
    nameEn: Type.String({ minLength: 1, maxLength: 100 }),
    needsScene: Type.Boolean(),
  },
  closed,
)

/** Ten years at most: what is kept for ever is not retention. */
const Days = Type.Integer({ minimum: 1, maximum: 3_650 })

/** The shape of each setting; what the shape cannot say is checked by the rule in core. */
export const CONFIGURATION_SCHEMAS: Record<SettingKey, TSchema> = {
  'grading-rules': Type.Array(GradingRule, { maxItems: 500 }),
  'response-plan': Type.Array(LevelPlan, { maxItems: 10 }),
  dispositions: Type.Array(Disposition, { maxItems: 200 }),
  'duplicate-policy': Type.Object(
    {
      withinMetres: Type.Integer({ minimum: 1, maximum: 20_000 }),
      withinSeconds: Type.Integer({ minimum: 1, maximum: 604_800 }),
      leastScore: Type.Number({ minimum: 0, maximum: 1 }),
    },
    closed,
  ),
  'caller-retention': Type.Object({ 'call-back': Days, handling: Days, evidence: Days }, closed),
}
