import type { Generated } from 'kysely'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { Json, Timestamp } from '../../../foundation/server/tables.ts'
import type { LonLat } from '../core/features.ts'
import type { ActiveHours, AreaId, AreaKind, KeyPlaceId, SiteClass, SiteId } from '../core/register.ts'
import type { MapPackage } from './map-package.ts'
import type { ImportNote } from './osm/read-osm.ts'

export type PlaceTables = {
  road_network: {
    id: string
    single: Generated<boolean>
    name: string
    attribution: string
    graph: Buffer
    west: number
    south: number
    east: number
    north: number
    view_west: number
    view_south: number
    view_east: number
    view_north: number
    counts: Json<MapPackage['counts']>
    notes: Json<readonly ImportNote[]>
    imported_at: Timestamp
  }
  basemap: {
    id: string
    single: Generated<boolean>
    name: string
    attribution: string
    archive: Buffer
    size_bytes: number
    etag: string
    imported_at: Timestamp
  }
  place_name: {
    id: Generated<number>
    name: string
    kind: string
    lon: number
    lat: number
    search_text: string
  }
  place_word: { word: string }
  site: {
    id: SiteId
    name: string
    class: SiteClass
    trade: string
    organisation_id: string | null
    address: string
    lon: number
    lat: number
    contact_name: string
    contact_phone: string
    search_text: string
    version: Generated<number>
  }
  area: {
    id: AreaId
    kind: AreaKind
    name: string
    organisation_id: string | null
    ring: Json<readonly LonLat[]>
    version: Generated<number>
  }
  key_place: {
    id: KeyPlaceId
    name: string
    lon: number
    lat: number
    radius_metres: number
    required_units: number
    limit_seconds: number
    active_hours: Json<readonly ActiveHours[]>
    version: Generated<number>
  }
}

/** The handle with the tables of places on it. */
export const placesOn = (db: Db | Tx) => (db as Db).withTables<PlaceTables>()
