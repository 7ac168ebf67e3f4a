import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Bounds } from '../../../foundation/core/geo.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { readSetting, writeSetting } from '../../../foundation/server/settings.ts'
import { byteRange } from '../core/byte-range.ts'
import {
  DEFAULT_DISTRICT,
  DISTRICT_SETTING,
  districtFault,
  HOURS_SETTING,
  type DistrictSettings,
  type HourSource,
} from '../core/district.ts'
import { findBasemap, findStoredMap, readBasemap } from './map.store.ts'
import { searchPlaces } from './search.store.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'

const Degrees = Type.Number()
const BoundsSchema = Type.Object({ west: Degrees, south: Degrees, east: Degrees, north: Degrees })
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

const DistrictSchema = Type.Object({
  name: Type.String({ description: 'The Chinese name' }),
  nameEn: Type.String(),
  timeZone: Type.String({ description: 'IANA name' }),
  hourDrawn: Type.Boolean({
    description: 'Times of day are drawn from a profile: the source has dates only',
  }),
  hours: Nullable(
    Type.Union(
      [
        Type.Object({
          from: Type.Literal('file'),
          file: Type.String(),
          source: Type.String({ description: 'The name that the mapping gives these calls' }),
          seed: Type.Integer(),
        }),
        Type.Object({ from: Type.Literal('generated-profile'), seed: Type.Integer() }),
      ],
      { description: 'Where drawn hours come from; null where none are drawn' },
    ),
  ),
  generated: Type.Boolean({ description: 'Everything in it is invented' }),
  version: Type.Integer(),
  bounds: Nullable(BoundsSchema),
  viewBounds: Nullable(BoundsSchema),
  centre: Nullable(Type.Object({ lon: Degrees, lat: Degrees })),
  attribution: Nullable(Type.String()),
  hasRoads: Type.Boolean(),
  basemapEtag: Nullable(Type.String()),
  map: Nullable(
    Type.Object({
      importedAt: Type.String(),
      counts: Type.Record(Type.String(), Type.Integer()),
      notes: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer() })),
    }),
  ),
})

const DistrictChange = Type.Object({
  nameZh: Type.String({ minLength: 1, maxLength: 100 }),
  nameEn: Type.String({ minLength: 1, maxLength: 100 }),
  timeZone: Type.String({ minLength: 1, maxLength: 60 }),
})

/** The district itself, the map under everything and the search for places. */
export function registerMapRoutes(app: FastifyInstance): void {
  route(app, {
    method: 'GET',
    url: '/api/district',
    summary: 'The district: names, time zone, bounds, its map and where that comes from',
    permission: 'signed-in',
    schema: { response: DistrictSchema },
    async handle() {
      const district = await districtJson(app.db)
      return { etag: `${district.version}-${district.basemapEtag ?? ''}`, body: district }
    },
  })

  commandRoute(app, {
    method: 'PUT',
    url: '/api/district',
    summary: 'Changes the names and the time zone of the district',
    permission: 'place.edit-district',
    schema: { body: DistrictChange, response: DistrictSchema },
    async handle(tx, actor, { body, ifMatch }) {
      const before = await readSetting<DistrictSettings>(tx, DISTRICT_SETTING, DEFAULT_DISTRICT)
      const stale = matchVersion(ifMatch, before.version)
      if (stale) return stale
      const settings = { ...before.value, ...body }
      const fault = districtFault(settings)
      if (fault) return fault
      const written = await writeSetting(tx, DISTRICT_SETTING, settings, before.version, actor.now)
      if (isRefusal(written)) return written
      await writeAudit(tx, actor, {
        action: 'place.change-district',
        subjectKind: 'setting',
        subjectId: DISTRICT_SETTING,
        detail: { before: before.value, after: settings },
      })
      await announce(tx, {
        topic: 'district.changed',
        subjectId: DISTRICT_SETTING,
        organisationId: null,
        permission: 'place.read',
        at: actor.now,
        data: {},
      })
      return { etag: written.version, body: await districtJson(tx) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/basemap.pmtiles',
    summary: 'The base map as one PMTiles archive; readers fetch the byte ranges they need',
    permission: 'signed-in',
    schema: { response: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) },
    handle: (_actor, { request }, reply) =>
      sendBasemap(app.db, reply, {
        range: request.headers.range,
        ifRange: request.headers['if-range'] as string | undefined,
        ifNoneMatch: request.headers['if-none-match'],
      }),
  })

  route(app, {
    method: 'GET',
    url: '/api/place-search',
    summary: 'Streets, crossings, sites and places whose name holds every word of `q`, best first',
    permission: 'place.read',
    schema: {
      querystring: Type.Object({
        q: Type.String({ maxLength: 100 }),
        limit: Type.Integer({ minimum: 1, maximum: 20, default: 10 }),
      }),
      response: Type.Object({
        places: Type.Array(
          Type.Object({
            id: Nullable(Type.String()),
            name: Type.String(),
            kind: Type.String(),
            lon: Degrees,
            lat: Degrees,
          }),
        ),
      }),
    },
    handle: async (_actor, { query }) => ({
      body: { places: await searchPlaces(app.db, query.q, query.limit) },
    }),
  })
}

async function districtJson(db: Db | Tx) {
  const { value, version } = await readSetting<DistrictSettings>(db, DISTRICT_SETTING, DEFAULT_DISTRICT)
  const hours = value.hourDrawn ? await readSetting<HourSource | null>(db, HOURS_SETTING, null) : null
  const map = await findStoredMap(db)
  const basemap = await findBasemap(db)
  return {
    name: value.nameZh,
    nameEn: value.nameEn,
    timeZone: value.timeZone,
    hourDrawn: value.hourDrawn,
    hours: hours?.value ?? null,
    generated: value.generated,
    version,
    bounds: map?.bounds ?? null,
    viewBounds: map?.viewBounds ?? null,
    centre: map ? centreOf(map.viewBounds) : null,
    attribution: map?.attribution ?? null,
    hasRoads: map !== null && map.counts.edges > 0,
    basemapEtag: basemap?.etag ?? null,
    map: map && {
      importedAt: new Date(map.importedAt).toISOString(),
      counts: { ...map.counts },
      notes: [...map.notes],
    },
  }
}

const centreOf = ({ west, south, east, north }: Bounds) => ({
  lon: (west + east) / 2,
  lat: (south + north) / 2,
})

interface Conditions {
  readonly range: string | undefined
  readonly ifRange: string | undefined
  readonly ifNoneMatch: string | undefined
}

/** RFC 9110: 200 with the whole, 206 with a range, 304 when the reader has it, 416 for a range behind the end. */
async function sendBasemap(db: Db, reply: FastifyReply, asked: Conditions): Promise<FastifyReply | Refusal> {
  const stored = await findBasemap(db)
  if (stored === null) return refuse('not-found', { detail: { what: 'basemap' } })
  const etag = `"${stored.etag}"`
  void reply
    .header('etag', etag)
    .header('accept-ranges', 'bytes')
    .header('cache-control', 'private, no-cache')
    .type('application/vnd.pmtiles')
  if (asked.ifNoneMatch === etag) return reply.code(304).send()
  // If-Range with another etag: the reader holds parts of an older archive and must not mix them with this one.
  const wanted = asked.ifRange === undefined || asked.ifRange === etag ? asked.range : undefined
  const range = byteRange(wanted, stored.sizeBytes)
  if (range === 'unsatisfiable') {
    return reply.code(416).header('content-range', `bytes */${stored.sizeBytes}`).send()
  }
  const part = range === 'whole' ? { first: 0, last: stored.sizeBytes - 1 } : range
  const bytes = await readBasemap(db, stored.etag, part)
  if (bytes === null) return refuse('basemap-replaced')
  if (range !== 'whole') {
    void reply.code(206).header('content-range', `bytes ${part.first}-${part.last}/${stored.sizeBytes}`)
  }
  return reply.send(bytes)
}
