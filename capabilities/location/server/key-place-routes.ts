import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { spanOf } from './reading-routes.ts'
import type { Location } from './room.ts'
import { listAlarms, listStays } from './key-place.store.ts'

const Id = Type.String({ minLength: 1, maxLength: 100 })
const Time = Type.String({ format: 'date-time', maxLength: 40 })
const Moment = Type.Union([Type.String(), Type.Null()])
const DAY = 86_400_000

const Standing = Type.Object({
  placeId: Id,
  name: Type.String(),
  lon: Type.Number(),
  lat: Type.Number(),
  radiusMetres: Type.Number(),
  requiredUnits: Type.Integer(),
  limitSeconds: Type.Number(),
  state: Type.Union(
    (['not-required', 'covered', 'uncovered', 'alarm'] as const).map((state) => Type.Literal(state)),
  ),
  sinceAt: Moment,
  raisedAt: Moment,
  units: Type.Array(Type.Object({ unitId: Id, sinceAt: Type.String() })),
})

/** How the key places stand, who kept them, and when they were left alone. */
export function registerKeyPlaceRoutes(app: FastifyInstance, location: Location): void {
  route(app, {
    method: 'GET',
    url: '/api/key-place-states',
    summary: 'How every key place stands: covered, uncovered since when, alarm',
    permission: 'location.read',
    schema: { response: Type.Object({ at: Type.String(), states: Type.Array(Standing) }) },
    handle: async (actor) => ({
      body: {
        at: toIso(actor.now),
        // Whether a place is kept is everybody's to know; who keeps it, those of the scope.
        states: location.keyPlaces.standings().map(({ place, coverage, present }) => ({
          placeId: place.id,
          name: place.name,
          lon: place.lon,
          lat: place.lat,
          radiusMetres: place.radiusMetres,
          requiredUnits: place.requiredUnits,
          limitSeconds: place.limitSeconds,
          state: coverage.state,
          sinceAt: 'sinceAt' in coverage ? toIso(coverage.sinceAt) : null,
          raisedAt: 'raisedAt' in coverage ? toIso(coverage.raisedAt) : null,
          units: present
            .filter(({ unitId }) =>
              actor.mayFor('location.read', location.board.placedUnit(unitId)?.unit.organisationId ?? null),
            )
            .map(({ unitId, sinceAt }) => ({ unitId, sinceAt: toIso(sinceAt) })),
        })),
      },
    }),
  })

  route(app, {
    method: 'GET',
    url: '/api/key-place-stays',
    summary: 'Which unit was at which key place from when to when; at most 5,000',
    permission: 'location.read',
    schema: {
      querystring: Type.Object(
        { from: Time, to: Time, keyPlaceId: Type.Optional(Id) },
        { additionalProperties: false },
      ),
      response: Type.Object({
        stays: Type.Array(
          Type.Object({ keyPlaceId: Id, unitId: Id, enteredAt: Type.String(), leftAt: Moment }),
        ),
      }),
    },
    async handle(actor, { query }) {
      const span = spanOf(query, 400 * DAY)
      if (isRefusal(span)) return span
      const units =
        actor.scopeOf('location.read') === null
          ? null
          : (await location.needs.units())
              .filter((unit) => actor.mayFor('location.read', unit.organisationId))
              .map((unit) => unit.unitId)
      const stays = await listStays(app.db, { ...span, keyPlaceId: query.keyPlaceId ?? null, units }, 5_000)
      return {
        body: {
          stays: stays.map((stay) => ({
            ...stay,
            enteredAt: toIso(stay.enteredAt),
            leftAt: stay.leftAt === null ? null : toIso(stay.leftAt),
          })),
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/key-place-alarms',
    summary: 'When key places were left alone for longer than their limit, newest first; at most 1,000',
    permission: 'location.read',
    schema: {
      querystring: Type.Object({ from: Time, to: Time }, { additionalProperties: false }),
      response: Type.Object({
        alarms: Type.Array(
          Type.Object({
            id: Id,
            keyPlaceId: Id,
            requiredUnits: Type.Integer(),
            presentUnits: Type.Integer(),
            uncoveredSinceAt: Type.String(),
            raisedAt: Type.String(),
            coveredAt: Moment,
          }),
        ),
      }),
    },
    async handle(_actor, { query }) {
      const span = spanOf(query, 400 * DAY)
      if (isRefusal(span)) return span
      const alarms = await listAlarms(app.db, span.fromAt, span.untilAt, 1_000)
      return {
        body: {
          alarms: alarms.map((alarm) => ({
            ...alarm,
            uncoveredSinceAt: toIso(alarm.uncoveredSinceAt),
            raisedAt: toIso(alarm.raisedAt),
            coveredAt: alarm.coveredAt === null ? null : toIso(alarm.coveredAt),
          })),
        },
      }
    },
  })
}
