import { Type, type TSchema } from 'typebox'

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const State = Type.Enum(['done', 'no-track', 'no-plan'])
const Share = Type.Number({ minimum: 0, maximum: 1.000001 })

const Minutes = Type.Object({
  patrolMinutes: Type.Integer({ description: 'On patrol and heard: what the index is made of' }),
  untrackedMinutes: Type.Integer({ description: 'On patrol by its status, but not heard: counted nowhere' }),
  incidentMinutes: Type.Integer({ description: 'En route, on scene or on stand-by: not patrol' }),
  inspectionMinutes: Type.Integer(),
  units: Type.Integer(),
})
const Place = Type.Object({ lon: Type.Number(), lat: Type.Number(), name: Nullable(Type.String()) })
const Spot = Type.Object({ place: Place, hour: Type.Integer() })
const Misfit = Type.Object({ place: Place, hour: Type.Integer(), share: Type.Number() })
const Move = Type.Object({ from: Spot, to: Spot, visits: Type.Integer(), gain: Type.Number() })

const FIGURES = {
  overlap: Type.Number({ minimum: 0, maximum: 1, description: 'The sync index' }),
  byPlace: Share,
  byHour: Share,
  even: Type.Number({ description: 'Of the same minutes spread evenly over all places with risk' }),
  random: Type.Number({ description: 'Of the same minutes in visits to places drawn at random, on average' }),
  bestPlaces: Type.Number({ description: 'Of the same hours in whole visits at better places' }),
  bestHours: Type.Number({ description: 'The same at better hours too' }),
}
export const Figures = Type.Object({
  ...FIGURES,
  expectedIncidents: Type.Number(),
  hours: Type.Array(
    Type.Object({
      hour: Type.Integer(),
      risk: Type.Number(),
      presence: Type.Number(),
      overlap: Type.Number(),
    }),
  ),
  tooLittle: Type.Array(Misfit),
  tooMuch: Type.Array(Misfit),
  placeMoves: Type.Array(Move),
  hourMoves: Type.Array(Move),
})

export const Outcome = Type.Object({
  state: State,
  minutes: Nullable(Minutes),
  figures: Nullable(Figures),
})

const Plan = Nullable(Type.Object({ runId: Type.String(), day: Type.String(), madeAt: Type.String() }))

export const IndexShown = Type.Object({
  today: Type.String(),
  timeZone: Type.String(),
  setting: Type.Object({ visitMinutes: Type.Number(), leastUnits: Type.Integer() }),
  live: Nullable(
    Type.Object({
      day: Type.String(),
      computedAt: Type.String(),
      heardAt: Nullable(Type.String()),
      plan: Plan,
      sinceMidnight: Outcome,
      lastHour: Outcome,
    }),
  ),
  days: Type.Array(
    Type.Object({
      day: Type.String(),
      state: State,
      computedAt: Type.String(),
      isFinal: Type.Boolean({ description: 'Late fixes can change it no more' }),
      minutes: Nullable(Minutes),
      figures: Nullable(Type.Object(FIGURES)),
    }),
  ),
})

const Hours = Type.Array(Type.Integer())
const Surface = Type.Object({
  cellMetres: Type.Number(),
  hiddenHours: Type.Array(Type.Integer(), {
    description: 'Hours in which too few units were on patrol to say where they were',
  }),
  cells: Type.Array(
    Type.Object({
      lon: Type.Number(),
      lat: Type.Number(),
      risk: Hours,
      presence: Hours,
      better: Hours,
    }),
    { description: 'By hour, in hundred-thousandths of the whole; `better` in minutes' },
  ),
  rest: Type.Object({ cells: Type.Integer(), risk: Type.Integer(), presence: Type.Integer() }),
})

export const DayShown = Type.Object({
  day: Type.String(),
  isRunning: Type.Boolean(),
  isFinal: Type.Boolean(),
  computedAt: Type.String(),
  ...Outcome.properties,
  surface: Nullable(Surface),
})

export const DayParams = Type.Object({
  day: Type.String({ minLength: 10, maxLength: 10, description: 'YYYY-MM-DD' }),
})
