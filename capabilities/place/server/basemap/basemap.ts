import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import GeoJSONVT from 'geojson-vt'
import type { LegacyFeature, LegacyTile, TileCoord } from 'geojson-vt'
import type { Bounds } from '../../../../foundation/core/geo.ts'
import type { BasemapFeature, BasemapLayer, Geometry } from '../../core/features.ts'
import { BASEMAP_LAYERS } from '../../core/features.ts'
import type { ArchiveTile } from './pmtiles.ts'
import { writePmtiles } from './pmtiles.ts'

/** The package is CommonJS and brings no types. */
const vtPbf = createRequire(import.meta.url)('vt-pbf') as {
  /** Encodes layers of tiles that geojson-vt cut as one Mapbox vector tile. */
  fromGeojsonVt(
    layers: Readonly<Record<string, LegacyTile>>,
    options: { version: 2; extent: number },
  ): Uint8Array
}

export interface BasemapAbout {
  readonly name: string
  /** What the map shows first. Tiles are cut wherever there is something to draw. */
  readonly bounds: Bounds
  /** Shown in the corner of the map. */
  readonly attribution: string
  /** Told the share done, 0 to 1, after each tile. */
  readonly onProgress?: (share: number) => void
}

const MIN_ZOOM = 5
const MAX_ZOOM = 14
const EXTENT = 4096

/**
 * Cuts features into vector tiles of zoom 5 to 14 (the map enlarges the last for closer views) and packs them as one
 * PMTiles archive. Layers: `landuse` (kind), `water` (kind, name), `buildings`, `railways` (kind),
 * `roads` (class, name, oneway), `places` (kind, name). Takes features of an extract and generated ones alike.
 */
export function buildBasemap(features: Iterable<BasemapFeature>, about: BasemapAbout): Uint8Array {
  const indexes = indexByLayerAndZoom(features)
  const tiles: ArchiveTile[] = []
  const places = tilesWithContent(indexes)
  places.forEach(({ z, x, y }, done) => {
    const layers = cutTile(indexes, z, x, y)
    if (Object.keys(layers).length > 0) {
      tiles.push({ z, x, y, data: gzipSync(vtPbf.fromGeojsonVt(layers, { version: 2, extent: EXTENT })) })
    }
    about.onProgress?.((done + 1) / places.length)
  })
  return writePmtiles(tiles, {
    bounds: about.bounds,
    minZoom: MIN_ZOOM,
    maxZoom: MAX_ZOOM,
    metadata: {
      name: about.name,
      attribution: about.attribution,
      type: 'baselayer',
      vector_layers: BASEMAP_LAYERS.map((id) => ({ id, fields: FIELDS[id] })),
    },
  })
}

const FIELDS: Readonly<Record<BasemapLayer, Readonly<Record<string, string>>>> = {
  landuse: { kind: 'String' },
  water: { kind: 'String', name: 'String' },
  buildings: { kind: 'String' },
  railways: { kind: 'String' },
  roads: { class: 'String', name: 'String', oneway: 'Boolean' },
  places: { kind: 'String', name: 'String' },
}

/** From which zoom a thing is drawn: what is far too small to see only makes tiles heavy. */
const FIRST_ZOOM: Readonly<Record<BasemapLayer, (kind: string) => number>> = {
  landuse: (kind) => (kind === 'forest' || kind === 'park' ? 8 : 10),
  water: (kind) => (kind === 'stream' ? 12 : kind === 'canal' ? 10 : 5),
  buildings: () => 13,
  railways: (kind) => (kind === 'rail' ? 9 : 11),
  roads: (kind) => ROAD_FIRST_ZOOM[kind] ?? 12,
  places: (kind) => (NOT_DRAWN.has(kind) ? Infinity : (PLACE_FIRST_ZOOM[kind] ?? 14)),
}
/** Places one can search for but of which there are too many to draw. */
const NOT_DRAWN = new Set([
  'building',
  'parking',
  'restaurant',
  'cafe',
  'fast_food',
  'bar',
  'pub',
  'bank',
  'convenience',
  'clinic',
  'playground',
  'guest_house',
  'gallery',
  'stop',
])
const ROAD_FIRST_ZOOM: Readonly<Record<string, number>> = {
  motorway: 5,
  motorway_link: 10,
  trunk: 5,
  trunk_link: 10,
  primary: 7,
  primary_link: 11,
  secondary: 9,
  secondary_link: 11,
  tertiary: 10,
  tertiary_link: 12,
  service: 13,
  path: 13,
}
const PLACE_FIRST_ZOOM: Readonly<Record<string, number>> = {
  city: 5,
  town: 7,
  borough: 9,
  suburb: 10,
  quarter: 11,
  village: 9,
  hamlet: 11,
  neighbourhood: 12,
  locality: 12,
  station: 11,
  aerodrome: 9,
  hospital: 12,
  police: 12,
  university: 12,
}

interface LayerIndex {
  readonly layer: BasemapLayer
  readonly fromZoom: number
  readonly index: GeoJSONVT
}

function indexByLayerAndZoom(features: Iterable<BasemapFeature>): LayerIndex[] {
  const groups = new Map<string, { layer: BasemapLayer; fromZoom: number; members: BasemapFeature[] }>()
  for (const feature of features) {
    const fromZoom = FIRST_ZOOM[feature.layer](feature.kind)
    if (fromZoom === Infinity || (feature.layer === 'places' && feature.name === '')) continue
    const key = `${feature.layer} ${fromZoom}`
    const group = groups.get(key)
    if (group) group.members.push(feature)
    else groups.set(key, { layer: feature.layer, fromZoom, members: [feature] })
  }
  return [...groups.values()].map(({ layer, fromZoom, members }) => ({
    layer,
    fromZoom,
    index: new GeoJSONVT(
      { type: 'FeatureCollection', features: members.map(toGeoJson) },
      {
        maxZoom: MAX_ZOOM,
        indexMaxZoom: MAX_ZOOM,
        indexMaxPoints: 0,
        extent: EXTENT,
        buffer: 64,
        tolerance: 3,
      },
    ),
  }))
}

function toGeoJson({ layer, kind, name, oneWay, geometry }: BasemapFeature): GeoJSON.Feature {
  const properties: Record<string, string | boolean> = layer === 'roads' ? { class: kind } : { kind }
  if (name !== '' && layer !== 'landuse' && layer !== 'buildings') properties['name'] = name
  if (layer === 'roads') properties['oneway'] = oneWay ?? false
  return { type: 'Feature', properties, geometry: geoJsonGeometry(geometry) }
}

function geoJsonGeometry(geometry: Geometry): GeoJSON.Geometry {
  switch (geometry.type) {
    case 'Point':
      return { type: 'Point', coordinates: [...geometry.point] }
    case 'LineString':
      return { type: 'LineString', coordinates: geometry.line as unknown as GeoJSON.Position[] }
    case 'Polygon':
      return { type: 'Polygon', coordinates: geometry.rings as unknown as GeoJSON.Position[][] }
  }
}

function cutTile(
  indexes: readonly LayerIndex[],
  z: number,
  x: number,
  y: number,
): Record<string, LegacyTile> {
  const found = new Map<BasemapLayer, LegacyFeature[]>()
  for (const { layer, fromZoom, index } of indexes) {
    if (z < fromZoom) continue
    const tile = index.getTile(z, x, y)
    if (tile === null || tile.features.length === 0) continue
    const before = found.get(layer)
    if (before) before.push(...tile.features)
    else found.set(layer, [...tile.features])
  }
  const layers: Record<string, LegacyTile> = {}
  for (const layer of BASEMAP_LAYERS) {
    const features = found.get(layer)
    if (features) layers[layer] = { features }
  }
  return layers
}

function tilesWithContent(indexes: readonly LayerIndex[]): TileCoord[] {
  const found = new Map<string, TileCoord>()
  for (const { fromZoom, index } of indexes) {
    for (const { z, x, y } of index.tileCoords) {
      if (z >= Math.max(MIN_ZOOM, fromZoom) && z <= MAX_ZOOM) found.set(`${z}/${x}/${y}`, { z, x, y })
    }
  }
  return [...found.values()]
}
