import type { FastifyInstance } from 'fastify'
import { Type, type Static, type TObject } from 'typebox'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import type { LonLat } from '../core/features.ts'
import { AREA_KINDS, closedRing, SITE_CLASSES } from '../core/register.ts'
import {
  deleteArea,
  deleteKeyPlace,
  deleteSite,
  findArea,
  findKeyPlace,
  findSite,
  insertArea,
  insertKeyPlace,
  insertSite,
  listAreas,
  listKeyPlaces,
  listSites,
  updateArea,
  updateKeyPlace,
  updateSite,
  type AreaDraft,
  type KeyPlaceDraft,
  type SiteDraft,
} from './register.store.ts'

/** What the register of places needs from rooms that it does not know. */
export interface RegisterDeps {
  /** Whether there is such an organisation: places belong to one. */
  organisationExists(tx: Tx, organisationId: string): Promise<boolean>
}

const Id = Type.Object({ id: Type.String({ maxLength: 60 }) })
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
const Lon = Type.Number({ minimum: -180, maximum: 180 })
const Lat = Type.Number({ minimum: -90, maximum: 90 })
const OrganisationId = Type.Union([Type.String({ maxLength: 60 }), Type.Null()])
const literals = <T extends string>(values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)))

const SiteFields = {
  name: Name,
  class: literals(SITE_CLASSES),
  trade: Type.String({ maxLength: 60 }),
  organisationId: OrganisationId,
  address: Type.String({ maxLength: 300 }),
  lon: Lon,
  lat: Lat,
}
const ContactFields = {
  contactName: Type.String({ maxLength: 60 }),
  contactPhone: Type.String({ maxLength: 40 }),
}
const Stored = { id: Type.String(), version: Type.Integer() }
/** Who keeps a site may not be one who reads whom to ask there: what is left out stays as it is. */
const SiteBody = Type.Object({
  ...SiteFields,
  contactName: Type.Optional(ContactFields.contactName),
  contactPhone: Type.Optional(ContactFields.contactPhone),
})
const SiteSchema = Type.Object({ ...Stored, ...SiteFields })
const SiteWithContact = Type.Object({ ...Stored, ...SiteFields, ...ContactFields })

const AreaFields = {
  kind: literals(AREA_KINDS),
  name: Name,
  organisationId: OrganisationId,
  ring: Type.Array(Type.Tuple([Lon, Lat]), { minItems: 3, maxItems: 5_000 }),
}
const AreaBody = Type.Object(AreaFields)
const AreaSchema = Type.Object({ ...Stored, ...AreaFields })

const MINUTES_OF_DAY = 1_440
const KeyPlaceFields = {
  name: Name,
  lon: Lon,
  lat: Lat,
  radiusMetres: Type.Number({ minimum: 5, maximum: 5_000 }),
  requiredUnits: Type.Integer({ minimum: 1, maximum: 100 }),
  limitSeconds: Type.Integer({ minimum: 10, maximum: 86_400 }),
  activeHours: Type.Array(
    Type.Object({
      weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7, uniqueItems: true }),
      fromMinute: Type.Integer({ minimum: 0, maximum: MINUTES_OF_DAY }),
      untilMinute: Type.Integer({ minimum: 0, maximum: MINUTES_OF_DAY }),
    }),
    { maxItems: 50 },
  ),
}
const KeyPlaceBody = Type.Object(KeyPlaceFields)
const KeyPlaceSchema = Type.Object({ ...Stored, ...KeyPlaceFields })

/** Sites, areas and key places: read by everybody on duty, kept by those whose task it is. */
export function registerRegisterRoutes(app: FastifyInstance, deps: RegisterDeps): void {
  route(app, {
    method: 'GET',
    url: '/api/sites',
    summary: 'All must-inspect sites, without the persons to ask there',
    permission: 'place.read',
    schema: { response: Type.Object({ sites: Type.Array(SiteSchema) }) },
    handle: async () => ({ body: { sites: await listSites(app.db) } }),
  })
  route(app, {
    method: 'GET',
    url: '/api/sites/:id',
    summary: 'One site with the person to ask there; each reading is recorded',
    permission: 'place.read-contacts',
    personal: { subjectKind: 'site', subjectId: ({ params }) => params.id },
    schema: { params: Id, response: SiteWithContact },
    async handle(actor, { params }) {
      const site = await findSite(app.db, params.id)
      if (site === null) return notFound('site', params.id)
      return actor.mayFor('place.read-contacts', site.organisationId)
        ? { etag: site.version, body: site }
        : refuse('out-of-scope', { detail: { organisationId: site.organisationId } })
    },
  })
  route(app, {
    method: 'GET',
    url: '/api/areas',
    summary: 'All areas: station districts, beats, key areas',
    permission: 'place.read',
    schema: { response: Type.Object({ areas: Type.Array(AreaSchema) }) },
    handle: async () => ({ body: { areas: await listAreas(app.db) } }),
  })
  route(app, {
    method: 'GET',
    url: '/api/key-places',
    summary: 'All key places with the presence they require',
    permission: 'place.read',
    schema: { response: Type.Object({ keyPlaces: Type.Array(KeyPlaceSchema) }) },
    handle: async () => ({ body: { keyPlaces: await listKeyPlaces(app.db) } }),
  })

  registerKeeping(app, deps, {
    kind: 'site',
    url: '/api/sites',
    permission: 'place.edit-sites',
    body: SiteBody,
    stored: SiteSchema,
    draft: (body): SiteDraft => body,
    find: async (db, id) => {
      const site = await findSite(db, id)
      if (site === null) return null
      const { contactName: _name, contactPhone: _phone, ...rest } = site
      return rest
    },
    insert: insertSite,
    update: updateSite,
    remove: deleteSite,
  })
  registerKeeping(app, deps, {
    kind: 'area',
    url: '/api/areas',
    permission: 'place.edit-areas',
    body: AreaBody,
    stored: AreaSchema,
    draft(body): AreaDraft | Refusal {
      const ring = closedRing(body.ring as readonly LonLat[])
      return isRefusal(ring) ? ring : { ...body, ring }
    },
    find: findArea,
    insert: insertArea,
    update: updateArea,
    remove: deleteArea,
  })
  registerKeeping(app, deps, {
    kind: 'key-place',
    url: '/api/key-places',
    permission: 'place.edit-key-places',
    body: KeyPlaceBody,
    stored: KeyPlaceSchema,
    draft: (body): KeyPlaceDraft => body,
    find: findKeyPlace,
    insert: insertKeyPlace,
    update: updateKeyPlace,
    remove: deleteKeyPlace,
  })
}

const notFound = (what: string, id: string) => refuse('not-found', { detail: { what, id } })

interface Kept {
  readonly id: string
  readonly version: number
}

/** Whose a place is; key places are the whole district's. */
const ownerOf = (place: object): string | null =>
  'organisationId' in place && typeof place.organisationId === 'string' ? place.organisationId : null

interface Keeping<Body extends TObject, Draft extends object> {
  readonly kind: 'site' | 'area' | 'key-place'
  readonly url: string
  readonly permission: string
  readonly body: Body
  readonly stored: TObject
  draft(body: Static<Body>): Draft | Refusal
  find(db: Db | Tx, id: string): Promise<Kept | null>
  insert(tx: Tx, draft: Draft): Promise<string>
  update(tx: Tx, id: string, version: number, draft: Draft): Promise<number | null>
  remove(tx: Tx, id: string, version: number): Promise<boolean>
}

/** Adding, changing and removing, which go the same way for each kind of place. */
function registerKeeping<Body extends TObject, Draft extends object>(
  app: FastifyInstance,
  deps: RegisterDeps,
  keeping: Keeping<Body, Draft>,
): void {
  const { kind, permission } = keeping

  commandRoute(app, {
    method: 'POST',
    url: keeping.url,
    summary: `Adds a ${kind}`,
    permission,
    schema: { body: keeping.body, response: keeping.stored },
    async handle(tx, actor, { body }) {
      const draft = keeping.draft(body as Static<Body>)
      if (isRefusal(draft)) return draft
      const fault = await ownerFault(tx, actor, ownerOf(draft))
      if (fault) return fault
      const id = await keeping.insert(tx, draft)
      await record(tx, actor, 'add', id, ownerOf(draft))
      return { status: 201, etag: 1, body: await keeping.find(tx, id) }
    },
  })

  commandRoute(app, {
    method: 'PUT',
    url: `${keeping.url}/:id`,
    summary: `Changes a ${kind}`,
    permission,
    schema: { params: Id, body: keeping.body, response: keeping.stored },
    async handle(tx, actor, { params, body, ifMatch }) {
      const before = await keeping.find(tx, params.id)
      if (before === null) return notFound(kind, params.id)
      const stale = matchVersion(ifMatch, before.version)
      if (stale) return stale
      const draft = keeping.draft(body as Static<Body>)
      if (isRefusal(draft)) return draft
      const fault = scopeFault(actor, ownerOf(before)) ?? (await ownerFault(tx, actor, ownerOf(draft)))
      if (fault) return fault
      const version = await keeping.update(tx, params.id, before.version, draft)
      if (version === null) return refuse('version-conflict', { detail: { sent: before.version } })
      await record(tx, actor, 'change', params.id, ownerOf(draft))
      return { etag: version, body: await keeping.find(tx, params.id) }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: `${keeping.url}/:id`,
    summary: `Removes a ${kind}`,
    permission,
    schema: { params: Id, response: Type.Null() },
    async handle(tx, actor, { params, ifMatch }) {
      const before = await keeping.find(tx, params.id)
      if (before === null) return notFound(kind, params.id)
      const fault = matchVersion(ifMatch, before.version) ?? scopeFault(actor, ownerOf(before))
      if (fault) return fault
      if (!(await keeping.remove(tx, params.id, before.version))) {
        return refuse('version-conflict', { detail: { sent: before.version } })
      }
      await record(tx, actor, 'remove', params.id, ownerOf(before))
      return {}
    },
  })

  function scopeFault(actor: ActorContext, organisationId: string | null): Refusal | null {
    // What belongs to no organisation is the district's to change.
    const isTheirs =
      organisationId === null ? actor.mayForDistrict(permission) : actor.mayFor(permission, organisationId)
    return isTheirs ? null : refuse('out-of-scope', { field: 'organisationId', detail: { organisationId } })
  }

  async function ownerFault(
    tx: Tx,
    actor: ActorContext,
    organisationId: string | null,
  ): Promise<Refusal | null> {
    if (organisationId !== null && !(await deps.organisationExists(tx, organisationId))) {
      return refuse('invalid-organisation', { field: 'organisationId', detail: { organisationId } })
    }
    return scopeFault(actor, organisationId)
  }

  async function record(
    tx: Tx,
    actor: ActorContext,
    verb: 'add' | 'change' | 'remove',
    id: string,
    organisationId: string | null,
  ): Promise<void> {
    await writeAudit(tx, actor, { action: `place.${verb}-${kind}`, subjectKind: kind, subjectId: id })
    await announce(tx, {
      topic: `${kind}.changed`,
      subjectId: id,
      organisationId,
      permission: 'place.read',
      at: actor.now,
      data: { change: verb },
    })
  }
}
