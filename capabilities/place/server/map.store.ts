import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Bounds } from '../../../foundation/core/geo.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import type { Refusal } from '../../../foundation/core/outcome.ts'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import { toTimestamp } from '../../../foundation/server/db.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { decodeRoadGraph } from '../../../solvers/routing/codec.ts'
import type { RoadGraph } from '../../../solvers/routing/graph.ts'
import { createRouter, type Router } from '../../../solvers/routing/router.ts'
import type { ByteRange } from '../core/byte-range.ts'
import type { MapPackage } from './map-package.ts'
import { placesOn } from './tables.ts'

/** The stored map without its bytes. */
export interface StoredMap {
  readonly name: string
  readonly attribution: string
  readonly bounds: Bounds
  readonly viewBounds: Bounds
  readonly counts: MapPackage['counts']
  readonly notes: MapPackage['notes']
  readonly importedAt: Instant
}

const NAMES_A_STATEMENT = 5_000

/** Replaces road network, base map and names by those of the package. */
export async function replaceMap(tx: Tx, map: MapPackage, now: Instant): Promise<void> {
  const db = placesOn(tx)
  await db.deleteFrom('road_network').execute()
  await db.deleteFrom('basemap').execute()
  await db.deleteFrom('place_name').execute()
  await db.deleteFrom('place_word').execute()
  await db
    .insertInto('road_network')
    .values({
      id: newId(now),
      name: map.name,
      attribution: map.attribution,
      graph: Buffer.from(map.graph),
      west: map.bounds.west,
      south: map.bounds.south,
      east: map.bounds.east,
      north: map.bounds.north,
      view_west: map.viewBounds.west,
      view_south: map.viewBounds.south,
      view_east: map.viewBounds.east,
      view_north: map.viewBounds.north,
      counts: JSON.stringify(map.counts),
      notes: JSON.stringify(map.notes),
      imported_at: toTimestamp(now),
    })
    .execute()
  await db
    .insertInto('basemap')
    .values({
      id: newId(now),
      name: map.name,
      attribution: map.attribution,
      archive: Buffer.from(map.basemap),
      size_bytes: map.basemap.length,
      etag: createHash('sha256').update(map.basemap).digest('base64url').slice(0, 22),
      imported_at: toTimestamp(now),
    })
    .execute()
  for (let from = 0; from < map.placeNames.length; from += NAMES_A_STATEMENT) {
    const batch = map.placeNames.slice(from, from + NAMES_A_STATEMENT)
    await sql`
      insert into place_name (name, kind, lon, lat, search_text)
      select * from unnest(
        ${batch.map((place) => place.name)}::text[],
        ${batch.map((place) => place.kind)}::text[],
        ${batch.map((place) => place.lon)}::float8[],
        ${batch.map((place) => place.lat)}::float8[],
        ${batch.map((place) => place.searchText)}::text[])`.execute(tx)
  }
  await sql`
    insert into place_word
    select distinct unnest(string_to_array(search_text, ' ')) from place_name`.execute(tx)
}

export async function findStoredMap(db: Db | Tx): Promise<StoredMap | null> {
  const row = await placesOn(db)
    .selectFrom('road_network')
    .select(['name', 'attribution', 'west', 'south', 'east', 'north'])
    .select(['view_west', 'view_south', 'view_east', 'view_north', 'counts', 'notes', 'imported_at'])
    .executeTakeFirst()
  if (row === undefined) return null
  return {
    name: row.name,
    attribution: row.attribution,
    bounds: { west: row.west, south: row.south, east: row.east, north: row.north },
    viewBounds: { west: row.view_west, south: row.view_south, east: row.view_east, north: row.view_north },
    counts: row.counts,
    notes: row.notes,
    importedAt: row.imported_at,
  }
}

/** The road graph ready to search; null where none has been imported. Refuses one it cannot read. */
export async function loadRoadNetwork(db: Db | Tx): Promise<RoadGraph | null | Refusal> {
  const row = await placesOn(db).selectFrom('road_network').select('graph').executeTakeFirst()
  return row === undefined ? null : decodeRoadGraph(row.graph)
}

/** A router over the stored road network; over straight lines where there is none. Throws for a damaged one. */
export async function loadRouter(db: Db | Tx): Promise<Router> {
  const graph = await loadRoadNetwork(db)
  if (graph !== null && isRefusal(graph)) {
    throw new Error(`the stored road network cannot be read: ${JSON.stringify(graph.detail)}`)
  }
  return createRouter(graph)
}

export interface StoredBasemap {
  readonly etag: string
  readonly sizeBytes: number
}

export async function findBasemap(db: Db | Tx): Promise<StoredBasemap | null> {
  const row = await placesOn(db).selectFrom('basemap').select(['etag', 'size_bytes']).executeTakeFirst()
  return row === undefined ? null : { etag: row.etag, sizeBytes: row.size_bytes }
}

/** Bytes of the archive with that etag; null when it has been replaced meanwhile. */
export async function readBasemap(db: Db, etag: string, range: ByteRange): Promise<Buffer | null> {
  const length = range.last - range.first + 1
  const found = await sql<{ bytes: Buffer }>`
    select substring(archive from ${range.first + 1}::int for ${length}::int) as bytes
    from basemap where etag = ${etag}`.execute(db)
  return found.rows[0]?.bytes ?? null
}
