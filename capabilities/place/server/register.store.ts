import type { Db, Tx } from '../../../foundation/server/db.ts'
import { newId } from '../../../foundation/server/ids.ts'
import type { Area, AreaId, KeyPlace, KeyPlaceId, Site, SiteContact, SiteId } from '../core/register.ts'
import { searchText } from '../core/place-query.ts'
import { placesOn } from './tables.ts'

type Draft<T> = Omit<T, 'id' | 'version'>
/** A contact that is left out stays as it is; a new site then has none. */
export type SiteDraft = Draft<Site> & { readonly [Name in keyof SiteContact]?: SiteContact[Name] | undefined }
export type AreaDraft = Draft<Area>
export type KeyPlaceDraft = Draft<KeyPlace>

const SITE_COLUMNS = ['id', 'name', 'class', 'trade', 'address', 'lon', 'lat', 'version'] as const

export async function listSites(db: Db | Tx): Promise<Site[]> {
  return placesOn(db)
    .selectFrom('site')
    .select(SITE_COLUMNS)
    .select('organisation_id as organisationId')
    .orderBy('name')
    .orderBy('id')
    .execute()
}

export async function findSite(db: Db | Tx, id: string): Promise<(Site & SiteContact) | null> {
  const row = await placesOn(db)
    .selectFrom('site')
    .select(SITE_COLUMNS)
    .select([
      'organisation_id as organisationId',
      'contact_name as contactName',
      'contact_phone as contactPhone',
    ])
    .where('id', '=', id as SiteId)
    .executeTakeFirst()
  return row ?? null
}

const siteColumns = (site: SiteDraft) => ({
  name: site.name,
  class: site.class,
  trade: site.trade,
  organisation_id: site.organisationId,
  address: site.address,
  lon: site.lon,
  lat: site.lat,
  contact_name: site.contactName,
  contact_phone: site.contactPhone,
  search_text: searchText(`${site.name} ${site.address}`),
})

export async function insertSite(tx: Tx, site: SiteDraft): Promise<SiteId> {
  const id = newId<SiteId>()
  await placesOn(tx)
    .insertInto('site')
    .values({
      id,
      ...siteColumns(site),
      contact_name: site.contactName ?? '',
      contact_phone: site.contactPhone ?? '',
    })
    .execute()
  return id
}

/** Gives the new version, or null when the stored one is no longer `version`. The same for areas and key places. */
export async function updateSite(
  tx: Tx,
  id: string,
  version: number,
  site: SiteDraft,
): Promise<number | null> {
  const row = await placesOn(tx)
    .updateTable('site')
    .set({ ...siteColumns(site), version: version + 1 })
    .where('id', '=', id as SiteId)
    .where('version', '=', version)
    .returning('version')
    .executeTakeFirst()
  return row?.version ?? null
}

/** Gives false when the stored version is no longer `version`. The same for areas and key places. */
export async function deleteSite(tx: Tx, id: string, version: number): Promise<boolean> {
  const { numDeletedRows } = await placesOn(tx)
    .deleteFrom('site')
    .where('id', '=', id as SiteId)
    .where('version', '=', version)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** Adds sites and brings those known by name and address up to date: the same file twice changes nothing. */
export async function upsertSites(
  tx: Tx,
  sites: readonly SiteDraft[],
): Promise<{ added: number; changed: number }> {
  let added = 0
  let changed = 0
  for (const site of sites) {
    const known = await placesOn(tx)
      .selectFrom('site')
      .selectAll()
      .where('name', '=', site.name)
      .where('address', '=', site.address)
      .executeTakeFirst()
    if (known === undefined) {
      await insertSite(tx, site)
      added++
      continue
    }
    const columns = siteColumns(site)
    const isSame = Object.entries(columns).every(
      ([column, value]) => value === undefined || known[column as keyof typeof known] === value,
    )
    if (isSame) continue
    await updateSite(tx, known.id, known.version, site)
    changed++
  }
  return { added, changed }
}

export async function listAreas(db: Db | Tx): Promise<Area[]> {
  return placesOn(db)
    .selectFrom('area')
    .select(['id', 'kind', 'name', 'organisation_id as organisationId', 'ring', 'version'])
    .orderBy('kind')
    .orderBy('name')
    .execute()
}

export async function findArea(db: Db | Tx, id: string): Promise<Area | null> {
  const row = await placesOn(db)
    .selectFrom('area')
    .select(['id', 'kind', 'name', 'organisation_id as organisationId', 'ring', 'version'])
    .where('id', '=', id as AreaId)
    .executeTakeFirst()
  return row ?? null
}

const areaColumns = (area: AreaDraft) => ({
  kind: area.kind,
  name: area.name,
  organisation_id: area.organisationId,
  ring: JSON.stringify(area.ring),
})

export async function insertArea(tx: Tx, area: AreaDraft): Promise<AreaId> {
  const id = newId<AreaId>()
  await placesOn(tx)
    .insertInto('area')
    .values({ id, ...areaColumns(area) })
    .execute()
  return id
}

export async function updateArea(
  tx: Tx,
  id: string,
  version: number,
  area: AreaDraft,
): Promise<number | null> {
  const row = await placesOn(tx)
    .updateTable('area')
    .set({ ...areaColumns(area), version: version + 1 })
    .where('id', '=', id as AreaId)
    .where('version', '=', version)
    .returning('version')
    .executeTakeFirst()
  return row?.version ?? null
}

export async function deleteArea(tx: Tx, id: string, version: number): Promise<boolean> {
  const { numDeletedRows } = await placesOn(tx)
    .deleteFrom('area')
    .where('id', '=', id as AreaId)
    .where('version', '=', version)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** Adds areas and brings those known by kind and name up to date. */
export async function upsertAreas(
  tx: Tx,
  areas: readonly AreaDraft[],
): Promise<{ added: number; changed: number }> {
  const known = new Map((await listAreas(tx)).map((area) => [`${area.kind}\n${area.name}`, area]))
  let added = 0
  let changed = 0
  for (const area of areas) {
    const before = known.get(`${area.kind}\n${area.name}`)
    if (before === undefined) {
      await insertArea(tx, area)
      added++
    } else if (
      before.organisationId !== area.organisationId ||
      JSON.stringify(before.ring) !== JSON.stringify(area.ring)
    ) {
      await updateArea(tx, before.id, before.version, area)
      changed++
    }
  }
  return { added, changed }
}

const KEY_PLACE_COLUMNS = [
  'id',
  'name',
  'lon',
  'lat',
  'radius_metres as radiusMetres',
  'required_units as requiredUnits',
  'limit_seconds as limitSeconds',
  'active_hours as activeHours',
  'version',
] as const

export async function listKeyPlaces(db: Db | Tx): Promise<KeyPlace[]> {
  return placesOn(db).selectFrom('key_place').select(KEY_PLACE_COLUMNS).orderBy('name').execute()
}

export async function findKeyPlace(db: Db | Tx, id: string): Promise<KeyPlace | null> {
  const row = await placesOn(db)
    .selectFrom('key_place')
    .select(KEY_PLACE_COLUMNS)
    .where('id', '=', id as KeyPlaceId)
    .executeTakeFirst()
  return row ?? null
}

const keyPlaceColumns = (place: KeyPlaceDraft) => ({
  name: place.name,
  lon: place.lon,
  lat: place.lat,
  radius_metres: place.radiusMetres,
  required_units: place.requiredUnits,
  limit_seconds: place.limitSeconds,
  active_hours: JSON.stringify(place.activeHours),
})

export async function insertKeyPlace(tx: Tx, place: KeyPlaceDraft): Promise<KeyPlaceId> {
  const id = newId<KeyPlaceId>()
  await placesOn(tx)
    .insertInto('key_place')
    .values({ id, ...keyPlaceColumns(place) })
    .execute()
  return id
}

export async function updateKeyPlace(
  tx: Tx,
  id: string,
  version: number,
  place: KeyPlaceDraft,
): Promise<number | null> {
  const row = await placesOn(tx)
    .updateTable('key_place')
    .set({ ...keyPlaceColumns(place), version: version + 1 })
    .where('id', '=', id as KeyPlaceId)
    .where('version', '=', version)
    .returning('version')
    .executeTakeFirst()
  return row?.version ?? null
}

export async function deleteKeyPlace(tx: Tx, id: string, version: number): Promise<boolean> {
  const { numDeletedRows } = await placesOn(tx)
    .deleteFrom('key_place')
    .where('id', '=', id as KeyPlaceId)
    .where('version', '=', version)
    .executeTakeFirst()
  return numDeletedRows === 1n
}
