import { Type, type TSchema } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import { ROSTER_STATES } from '../core/index.ts'
import { DUTY_ORIGINS } from './tables.ts'
import type { KeptRoster } from './roster.store.ts'

export const closed = { additionalProperties: false }
export const Id = Type.String({ minLength: 1, maxLength: 60 })
export const IdParams = Type.Object({ id: Id })
export const Day = Type.String({ format: 'date', description: 'YYYY-MM-DD' })
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const oneOf = <const Value extends string>(values: readonly Value[]) =>
  Type.Enum([...values] as [Value, ...Value[]])
export const Reason = Type.String({ maxLength: 1000 })
/** Codes of patterns, shifts, posts, draws: they stand in option keys, so no slash. */
export const Code = Type.String({ minLength: 1, maxLength: 40, pattern: '^[a-z0-9][a-z0-9-]*$' })
export const OptionKey = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'off, leave, training, or organisation/shift/post and organisation/shift/draw:code',
})

export const RosterHead = Type.Object({
  id: Id,
  number: Type.String(),
  fromDate: Type.String(),
  days: Type.Integer(),
  state: oneOf(ROSTER_STATES),
  basedOnId: Nullable(Id),
  title: Type.String(),
  objective: Nullable(Type.Number()),
  bound: Nullable(Type.Number()),
  solveSeconds: Nullable(Type.Number()),
  madeBy: Type.String(),
  madeAt: Type.String(),
  publishedBy: Nullable(Type.String()),
  publishedAt: Nullable(Type.String()),
  endedAt: Nullable(Type.String()),
  version: Type.Integer(),
})

export const shownHead = (roster: KeptRoster) => ({
  id: roster.id,
  number: roster.number,
  fromDate: roster.fromDate,
  days: roster.days,
  state: roster.state,
  basedOnId: roster.basedOn,
  title: roster.title,
  objective: roster.objective,
  bound: roster.bound,
  solveSeconds: roster.solveSeconds,
  madeBy: roster.madeBy,
  madeAt: toIso(roster.madeAt),
  publishedBy: roster.publishedBy,
  publishedAt: roster.publishedAt === null ? null : toIso(roster.publishedAt),
  endedAt: roster.endedAt === null ? null : toIso(roster.endedAt),
  version: roster.version,
})

export const OptionShown = Type.Object({
  key: OptionKey,
  kind: oneOf(['off', 'leave', 'training', 'duty']),
  organisationId: Nullable(Id),
  shift: Nullable(Type.String()),
  postId: Nullable(Id),
  draw: Nullable(Type.String()),
})

export const OfficerShown = Type.Object({
  id: Id,
  organisationId: Id,
  platoon: Nullable(Type.Integer()),
  sworn: Type.Boolean(),
  patrolCapable: Type.Boolean(),
  skills: Type.Array(Type.String()),
  roles: Type.Array(Nullable(Type.String()), {
    description: 'The day role of each day; null: follows no pattern',
  }),
})

export const BreachShown = Type.Object({
  rule: Type.String({ description: 'R01 to R15' }),
  officerId: Nullable(Id),
  organisationId: Nullable(Id),
  date: Type.String(),
  detail: Type.Unsafe<Record<string, string | number>>({
    type: 'object',
    additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  }),
})

export const PostShown = Type.Object({
  id: Id,
  organisationId: Id,
  code: Type.String(),
  nameZh: Type.String(),
  nameEn: Type.String(),
  kind: oneOf(['desk', 'patrol', 'reserve', 'other']),
  isStreet: Type.Boolean(),
  unitId: Nullable(Id),
  shifts: Type.Array(Type.String()),
  minOfficers: Type.Integer(),
  maxOfficers: Nullable(Type.Integer()),
  needsLeader: Type.Boolean(),
  skills: Type.Array(Type.Object({ skill: Type.String(), officers: Type.Integer() })),
})

export const OriginShown = oneOf(DUTY_ORIGINS)
/** Data whose shape another file of core says, passed on as it is. */
export const AnyObject = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })
