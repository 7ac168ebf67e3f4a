import { Type } from 'typebox'

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])
const Day = Type.String({ description: 'YYYY-MM-DD' })
const Percent = Type.Number({ description: '−20 is a fall by a fifth' })

export const ResultQuery = {
  period: Type.Union([
    Type.Literal('week'),
    Type.Literal('month'),
    Type.Literal('quarter'),
    Type.Literal('custom'),
  ]),
  from: Type.String({
    minLength: 10,
    maxLength: 10,
    description: 'Any day of the week, month or quarter; of a custom period the first: YYYY-MM-DD',
  }),
  until: Type.Optional(
    Type.String({ minLength: 10, maxLength: 10, description: 'The last day of a custom period' }),
  ),
  by: Type.Optional(
    Type.Union([Type.Literal('place'), Type.Literal('category'), Type.Literal('both')], {
      description: 'What the rows are; left out, places',
    }),
  ),
  place: Type.Optional(
    Type.String({ maxLength: 80, description: '`district`, `area:<id>` or `key-place:<id>`' }),
  ),
  category: Type.Optional(Type.String({ maxLength: 100, description: 'Left out: all incidents together' })),
  chosen: Type.Optional(
    Type.Boolean({
      description: 'The places were chosen for their high counts: their natural fall is told apart',
    }),
  ),
}

const SpanShown = Type.Object({ from: Day, last: Day, days: Type.Integer() })

export const ChangeShown = Type.Object({
  changePercent: Nullable(Percent),
  lowPercent: Percent,
  highPercent: Nullable(Percent),
  p: Type.Number(),
})

export const DisplacementShown = Type.Object({
  quotient: Nullable(Type.Number()),
  low: Nullable(Type.Number()),
  high: Nullable(Type.Number()),
  prevented: Type.Object({ value: Type.Number(), low: Type.Number(), high: Type.Number() }),
})

export const JudgedShown = Type.Object({
  expected: Type.Number({ description: 'What the count would be if nothing had happened here' }),
  change: ChangeShown,
  falseShare: Type.Number({ description: 'Benjamini–Hochberg over all tests of the table' }),
  naive: ChangeShown,
  comparedWith: Type.Integer(),
  comparedMetres: Nullable(Type.Number()),
  quietPercent: Type.Number({
    description: 'How far quiet places like these change beyond chance, one deviation',
  }),
  quietPairs: Type.Integer(),
  caution: Nullable(Type.Object({ expectedFallPercent: Type.Number(), expectedByChance: Type.Number() })),
  displacement: Nullable(DisplacementShown),
})

export const ResultRowShown = Type.Object({
  placeId: Type.String(),
  category: Nullable(Type.String()),
  count: Type.Integer(),
  perDay: Type.Number(),
  compared: Type.Array(
    Type.Object({
      comparison: Type.Union([Type.Literal('year-on-year'), Type.Literal('period-on-period')]),
      span: SpanShown,
      before: Nullable(Type.Integer()),
      verdict: Type.String({ description: 'A key of analysis:verdict' }),
      judged: Nullable(JudgedShown),
    }),
  ),
})

export const ResultsShown = Type.Object({
  period: Type.Union([
    Type.Literal('week'),
    Type.Literal('month'),
    Type.Literal('quarter'),
    Type.Literal('custom'),
  ]),
  asked: SpanShown,
  counted: SpanShown,
  notes: Type.Array(
    Type.Object({
      note: Type.String({ description: 'A key of analysis:results.note' }),
      values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    }),
  ),
  tests: Type.Integer(),
  categories: Type.Array(Type.String()),
  places: Type.Array(Type.Object({ id: Type.String(), kind: Type.String(), name: Type.String() })),
  rows: Type.Array(ResultRowShown),
})

export const ResultDetailShown = Type.Object({
  row: ResultRowShown,
  ringMetres: Type.Number(),
  months: Type.Array(
    Type.Object({
      month: Type.String({ description: 'YYYY-MM' }),
      days: Type.Integer(),
      count: Nullable(Type.Integer()),
      beside: Nullable(Type.Number({ description: 'The comparison places, on the level of this one' })),
    }),
  ),
  comparedWith: Type.Array(
    Type.Object({
      comparison: Type.String(),
      squares: Type.Array(
        Type.Object({
          ring: Type.Array(Type.Array(Type.Number())),
          before: Type.Integer(),
          after: Type.Integer(),
        }),
      ),
    }),
  ),
})
