import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { fromIso, toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { route } from '../../../foundation/server/http/route.ts'
import {
  closeFrames,
  COUNTED,
  flagNames,
  openFrames,
  REPLAY_PRECISION,
  showFix,
  tellingSpans,
  trackOf,
  type Counted,
  type TrackPoint,
} from '../core/index.ts'
import { readTrackPoints, readWindow } from './fix.store.ts'
import { rounded, type UnitPlaced } from './live-board.ts'
import type { Location } from './room.ts'
import { countsByDevice, sumCounts } from './count.store.ts'
import { listCarried } from './store.ts'

const Id = Type.String({ minLength: 1, maxLength: 100 })
const Time = Type.String({ format: 'date-time', maxLength: 40 })
const MaybeNumber = Type.Union([Type.Number(), Type.Null()])
const Span = { from: Time, to: Time }

const PositionOf = Type.Object({
  unitId: Id,
  callSign: Type.String(),
  organisationId: Id,
  status: Type.String(),
  deviceId: Id,
  lon: Type.Number(),
  lat: Type.Number(),
  fixedAt: Type.String(),
  receivedAt: Type.String(),
  ageSeconds: Type.Integer(),
  isStale: Type.Boolean(),
  accuracyMetres: MaybeNumber,
  speedMetresPerSecond: MaybeNumber,
  bearingDegrees: MaybeNumber,
  batteryPercent: MaybeNumber,
  flags: Type.Array(Type.String()),
})

const PointOf = Type.Object({
  at: Type.String(),
  lon: Type.Number(),
  lat: Type.Number(),
  accuracyMetres: MaybeNumber,
  speedMetresPerSecond: MaybeNumber,
})

const TrackOf = Type.Object({
  unitId: Id,
  from: Type.String(),
  to: Type.String(),
  fixes: Type.Integer({ description: 'Fixes behind the track, before it was simplified.' }),
  distanceMetres: Type.Number(),
  segments: Type.Array(Type.Array(PointOf)),
  gaps: Type.Array(
    Type.Object({
      fromAt: Type.String(),
      untilAt: Type.String(),
      seconds: Type.Integer(),
      distanceMetres: Type.Number(),
    }),
  ),
})

const ColumnOf = Type.Array(Type.Union([Type.Integer(), Type.Null()]))
const ReplayPage = Type.Object({
  from: Type.String(),
  stepSeconds: Type.Integer(),
  frames: Type.Integer({ description: 'Frames in this page, `stepSeconds` apart, the first at `from`.' }),
  precision: Type.Integer({ description: 'Parts of a degree that a whole number counts.' }),
  units: Type.Array(Type.Object({ unitId: Id, callSign: Type.String(), lon: ColumnOf, lat: ColumnOf }), {
    description:
      'One number a frame: the first in full, each next as the difference to the one before; null where the unit was not heard of.',
  }),
  nextFrom: Type.Union([Type.String(), Type.Null()], {
    description: 'Where the next page begins; null after the last.',
  }),
})

const Counts = Type.Record(Type.String(), Type.Integer())
const Counters = Type.Object({
  from: Type.String(),
  to: Type.String(),
  totals: Counts,
  devices: Type.Array(
    Type.Object({
      deviceId: Type.Union([Id, Type.Null()]),
      code: Type.String(),
      name: Type.String(),
      counts: Counts,
    }),
  ),
  waiting: Type.Integer({ description: 'Fixes that wait for the database at this moment.' }),
})

/** A page of replay holds this many positions at most: a couple of megabytes. */
const PAGE_POSITIONS = 400_000
/** A track is made from this many fixes at most; a longer one is thinned by time. */
const TRACK_FIXES = 40_000
const DAY = 86_400_000

export function registerReadingRoutes(app: FastifyInstance, location: Location): void {
  const { board, registry, needs } = location

  route(app, {
    method: 'GET',
    url: '/api/positions',
    summary: 'Where every unit is, with age, accuracy and battery',
    permission: 'location.read',
    schema: {
      querystring: Type.Object({ unitId: Type.Optional(Id) }, { additionalProperties: false }),
      response: Type.Object({
        version: Type.Integer(),
        at: Type.String(),
        positions: Type.Array(PositionOf),
      }),
    },
    async handle(actor, { query }) {
      const positions = board
        .placedUnits()
        .filter(
          ({ unit }) =>
            actor.mayFor('location.read', unit.organisationId) &&
            (query.unitId === undefined || query.unitId === unit.unitId),
        )
        .map((placed) => positionOf(placed, actor.now))
      return { body: { version: board.version(), at: toIso(actor.now), positions } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/tracks',
    summary: 'The way a unit went, simplified, with its gaps',
    permission: 'location.read-tracks',
    personal: { subjectKind: 'unit', subjectId: ({ query }) => query.unitId },
    schema: {
      querystring: Type.Object(
        { unitId: Id, ...Span, limit: Type.Optional(Type.Integer({ minimum: 2, maximum: 20_000 })) },
        { additionalProperties: false },
      ),
      response: TrackOf,
    },
    async handle(actor, { query }) {
      const span = spanOf(query, 31 * DAY)
      if (isRefusal(span)) return span
      const unit = (await needs.units()).find((one) => one.unitId === query.unitId)
      if (!unit) return refuse('not-found', { field: 'unitId', detail: { unitId: query.unitId } })
      if (!actor.mayFor('location.read-tracks', unit.organisationId))
        return refuse('out-of-scope', { field: 'unitId' })
      const carried = await listCarried(app.db, span.fromAt, span.untilAt, query.unitId)
      const points = await readTrackPoints(needs.database.pool, tellingSpans(carried, span), TRACK_FIXES)
      const rules = location.rules()
      const track = trackOf(points, rules.trackGapSeconds, query.limit ?? rules.trackPointLimit)
      return {
        body: {
          unitId: query.unitId,
          from: toIso(span.fromAt),
          to: toIso(span.untilAt),
          fixes: track.fixes,
          distanceMetres: Math.round(track.distanceMetres),
          segments: track.segments.map((segment) => segment.map(pointOf)),
          gaps: track.gaps.map((gap) => ({
            fromAt: toIso(gap.fromAt),
            untilAt: toIso(gap.untilAt),
            seconds: Math.round((gap.untilAt - gap.fromAt) / 1000),
            distanceMetres: Math.round(gap.distanceMetres),
          })),
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/replay',
    summary: 'Where all units were, frame by frame, in pages',
    permission: 'location.read-tracks',
    personal: { subjectKind: 'replay', subjectId: ({ query }) => `${query.from}/${query.to}` },
    schema: {
      querystring: Type.Object(
        { ...Span, step: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600, default: 10 })) },
        { additionalProperties: false },
      ),
      response: ReplayPage,
    },
    async handle(actor, { query }) {
      const span = spanOf(query, 31 * DAY)
      if (isRefusal(span)) return span
      const units = new Map(
        (await needs.units())
          .filter((unit) => actor.mayFor('location.read-tracks', unit.organisationId))
          .map((unit) => [unit.unitId as string, unit]),
      )
      const stepSeconds = query.step ?? 10
      const wanted = Math.max(1, Math.ceil((span.untilAt - span.fromAt) / 1000 / stepSeconds))
      const frames = Math.min(wanted, Math.max(1, Math.floor(PAGE_POSITIONS / Math.max(1, units.size))))
      const holdSeconds = location.rules().trackGapSeconds
      const endAt = span.fromAt + (frames - 1) * stepSeconds * 1000
      const firstAt = span.fromAt - holdSeconds * 1000
      const carried = (await listCarried(app.db, firstAt, endAt + 1)).filter((period) =>
        units.has(period.unitId),
      )
      const replay = openFrames({ fromAt: span.fromAt, stepSeconds, frames, holdSeconds }, carried)
      await readWindow(needs.database.pool, firstAt, endAt + 1, (device, at, lon, lat) =>
        showFix(replay, device, at, lon, lat),
      )
      return {
        body: {
          from: toIso(span.fromAt),
          stepSeconds,
          frames,
          precision: REPLAY_PRECISION,
          units: closeFrames(replay).map((column) => ({
            ...column,
            callSign: units.get(column.unitId)!.callSign,
          })),
          nextFrom: frames < wanted ? toIso(span.fromAt + frames * stepSeconds * 1000) : null,
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/position-counters',
    summary: 'How many fixes were stored, flagged and dropped, by cause; in all and by device',
    permission: 'location.read-counters',
    schema: {
      querystring: Type.Object(
        { from: Type.Optional(Time), to: Type.Optional(Time), deviceId: Type.Optional(Id) },
        { additionalProperties: false },
      ),
      response: Counters,
    },
    async handle(actor, { query }) {
      const span = spanOf(
        { from: query.from ?? toIso(actor.now), to: query.to ?? toIso(actor.now) },
        400 * DAY,
      )
      if (isRefusal(span)) return span
      const [fromDay, untilDay] = [toIso(span.fromAt).slice(0, 10), toIso(span.untilAt).slice(0, 10)]
      const only = query.deviceId === undefined ? undefined : registry.byId(query.deviceId)
      if (query.deviceId !== undefined && !only) return refuse('not-found', { field: 'deviceId' })
      const isToday = untilDay === toIso(actor.now).slice(0, 10)
      const written = await sumCounts(app.db, fromDay, untilDay, only?.number)
      const pending = isToday ? location.counters.pending(only?.number) : {}
      const devices = only
        ? [{ device_number: only.number, counts: written as Record<string, number> }]
        : await countsByDevice(app.db, fromDay, untilDay, 200)
      return {
        body: {
          from: fromDay,
          to: untilDay,
          totals: allCauses((cause) => (written[cause] ?? 0) + (pending[cause] ?? 0)),
          devices: devices.map((row) => {
            const device = registry.byNumber(row.device_number)
            return {
              deviceId: device?.id ?? null,
              code: device?.code ?? '',
              name: device?.name ?? '',
              counts: allCauses((cause) => Number(row.counts[cause] ?? 0)),
            }
          }),
          waiting: location.writer.waiting(),
        },
      }
    },
  })

  function positionOf({ unit, position }: UnitPlaced, now: number): Static<typeof PositionOf> {
    return {
      unitId: unit.unitId,
      callSign: unit.callSign,
      organisationId: unit.organisationId,
      status: unit.status,
      deviceId: registry.byNumber(position.device)?.id ?? '',
      lon: position.lon,
      lat: position.lat,
      fixedAt: toIso(position.fixedAt),
      receivedAt: toIso(position.receivedAt),
      ageSeconds: Math.max(0, Math.round((now - position.fixedAt) / 1000)),
      isStale: now - position.fixedAt > location.rules().staleAfterSeconds * 1000,
      accuracyMetres: rounded(position.accuracyMetres, 10),
      speedMetresPerSecond: rounded(position.speedMetresPerSecond, 10),
      bearingDegrees: rounded(position.bearingDegrees, 1),
      batteryPercent: rounded(position.batteryPercent, 1),
      flags: flagNames(position.flags),
    }
  }
}

function pointOf(point: TrackPoint): Static<typeof PointOf> {
  return {
    at: toIso(point.at),
    lon: rounded(point.lon, 1e6)!,
    lat: rounded(point.lat, 1e6)!,
    accuracyMetres: rounded(point.accuracyMetres, 10),
    speedMetresPerSecond: rounded(point.speedMetresPerSecond, 10),
  }
}

function allCauses(count: (cause: Counted) => number): Record<string, number> {
  return Object.fromEntries(COUNTED.map((cause) => [cause, count(cause)]))
}

/** From and to as moments; refuses `invalid-time` without an offset or backwards, `invalid-span` when it is too long. */
export function spanOf(
  query: { from: string; to: string },
  longest: number,
): { fromAt: number; untilAt: number } | Refusal {
  const fromAt = fromIso(query.from)
  const untilAt = fromIso(query.to)
  if (fromAt === null) return refuse('invalid-time', { field: 'from' })
  if (untilAt === null || untilAt < fromAt) return refuse('invalid-time', { field: 'to' })
  if (untilAt - fromAt > longest)
    return refuse('invalid-span', { field: 'to', detail: { longestSeconds: longest / 1000 } })
  return { fromAt, untilAt }
}
