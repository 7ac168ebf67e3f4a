import { Type, type TSchema } from 'typebox'

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const oneOf = <Value extends string>(values: readonly Value[]) =>
  Type.Enum([...values] as [Value, ...Value[]])
const Anything = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })
const Position = Type.Object({ lon: Type.Number(), lat: Type.Number() })

export const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 60 }) })

export const Shift = Type.Object(
  {
    fromHour: Type.Integer({ minimum: 0, maximum: 47, description: 'After midnight; over 24 the next day' }),
    untilHour: Type.Integer({ minimum: 1, maximum: 48 }),
  },
  { additionalProperties: false },
)
export const Daily = Type.Object(
  {
    hour: Type.Integer({ minimum: 0, maximum: 23 }),
    stopsPerShift: Type.Integer({ minimum: 1, maximum: 200 }),
    discRadiusMetres: Type.Number({ minimum: 20, maximum: 1_000 }),
    categoryPlans: Type.Optional(Type.Integer({ minimum: 0, maximum: 12 })),
    shifts: Type.Array(Shift, { minItems: 1, maxItems: 12 }),
  },
  { additionalProperties: false },
)

const Note = Type.Object({
  finding: Type.String(),
  count: Type.Number(),
  share: Type.Number(),
  at: Type.Optional(Anything),
})

export const RunShown = Type.Object({
  id: Type.String(),
  day: Type.String(),
  cause: oneOf(['daily', 'catch-up', 'manual']),
  accountId: Nullable(Type.String()),
  accountName: Type.String(),
  state: oneOf(['running', 'done', 'failed']),
  startedAt: Type.String(),
  endedAt: Nullable(Type.String()),
  parameters: Anything,
  quality: Type.Array(Note),
  figures: Nullable(Anything),
  failure: Nullable(Type.Object({ code: Type.String(), message: Nullable(Type.String()) })),
})

export const RunsShown = Type.Object({
  runs: Type.Array(RunShown),
  nextCursor: Nullable(Type.String()),
  dayInForce: Type.String(),
  plannedRunId: Nullable(Type.String()),
  hasHistory: Type.Boolean(),
})

const Stop = Type.Object({
  rank: Type.Integer(),
  position: Position,
  expected: Type.Number({ description: 'Incidents in the shift that no stop before it holds' }),
  low: Type.Number(),
  high: Type.Number({ description: 'Nine counts in ten lie from low to high' }),
  memory: Type.Array(Anything),
  incidents: Type.Array(Anything),
  rhythm: Anything,
  busyPlace: Nullable(Position),
})

export const PlanShown = Type.Object({
  run: RunShown,
  shifts: Type.Array(
    Type.Object({
      fromAt: Type.String(),
      untilAt: Type.String(),
      expected: Type.Number(),
      low: Type.Number(),
      high: Type.Number(),
      stops: Type.Array(Stop),
    }),
  ),
  categories: Type.Array(Type.String(), { description: 'Categories that have plans of their own' }),
})

const FoundSeries = Type.Object({
  id: Type.String({ description: 'The same on other days while it shares incidents with them' }),
  since: Type.String({ description: 'The day that first showed it' }),
  category: Type.String(),
  state: oneOf(['open', 'growing', 'closed']),
  members: Type.Array(Anything),
  middle: Position,
  radiusMetres: Type.Number(),
  firstDate: Type.String(),
  lastDate: Type.String(),
  usual: Type.Number({ description: 'Incidents that its surroundings have in as many days' }),
  chance: Type.Number({ description: 'That chance gives as many as it has' }),
  closesInDays: Type.Number(),
  next: Nullable(Anything),
})

const FoundWarning = Type.Object({
  id: Type.String(),
  category: Type.String(),
  areaId: Type.String(),
  areaKind: oneOf(['district', 'station', 'key-area']),
  areaName: Nullable(Type.String()),
  outcome: oneOf(['warning', 'noted']),
  fromDate: Type.String(),
  lastDate: Type.String(),
  observed: Type.Number(),
  judged: Anything,
  low: Type.Number(),
  high: Type.Number({ description: 'Nine weeks in ten lie from low to high' }),
  weeks: Type.Array(Type.Number(), { description: 'Counts up to the judged week, which is the last' }),
  densest: Anything,
  positions: Type.Array(Position),
})

export const FindingsShown = Type.Object({
  findings: Nullable(
    Type.Object({
      atDate: Type.String({ description: 'As of the beginning of this day' }),
      series: Type.Array(FoundSeries),
      seriesLeftOut: Type.Integer(),
      knox: Type.Array(Anything),
      warnings: Type.Array(FoundWarning),
      watched: Anything,
    }),
  ),
  changes: Nullable(Anything),
})
