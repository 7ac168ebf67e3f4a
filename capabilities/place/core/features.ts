import type { Position } from '../../../foundation/core/geo.ts'

/** Longitude, latitude in WGS-84 degrees, as GeoJSON writes them. */
export type LonLat = readonly [number, number]

export type Geometry =
  | { readonly type: 'Point'; readonly point: LonLat }
  | { readonly type: 'LineString'; readonly line: readonly LonLat[] }
  /** Closed rings; the first is the outline, the others are holes. */
  | { readonly type: 'Polygon'; readonly rings: readonly (readonly LonLat[])[] }

/** The layers of the map under everything, by the names that the map style uses. */
export const BASEMAP_LAYERS = ['landuse', 'water', 'buildings', 'railways', 'roads', 'places'] as const
export type BasemapLayer = (typeof BASEMAP_LAYERS)[number]

/**
 * One thing drawn on the base map. `kind` says what it is within its layer:
 * roads a road class or `path`; water `river`, `stream`, `canal` or `water`; landuse `park`, `forest`, `residential` …;
 * places a settlement (`city` … `neighbourhood`) or a point of interest (`station`, `hospital`, `school` …).
 */
export interface BasemapFeature {
  readonly layer: BasemapLayer
  readonly kind: string
  readonly name: string
  readonly oneWay?: boolean
  readonly geometry: Geometry
}

/** A middle that lies on a line, near enough to the inside of an outline, to put a name or a pin at. */
export function labelPosition(geometry: Geometry): Position {
  switch (geometry.type) {
    case 'Point':
      return { lon: geometry.point[0], lat: geometry.point[1] }
    case 'LineString': {
      const [lon, lat] = geometry.line[geometry.line.length >> 1]!
      return { lon, lat }
    }
    case 'Polygon':
      return centreOfRing(geometry.rings[0]!)
  }
}

/** Centre of gravity of a ring; the mean of its corners where it has no area. */
export function centreOfRing(ring: readonly LonLat[]): Position {
  const [originLon, originLat] = ring[0]!
  let area = 0
  let lon = 0
  let lat = 0
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = [ring[i]![0] - originLon, ring[i]![1] - originLat]
    const [xj, yj] = [ring[j]![0] - originLon, ring[j]![1] - originLat]
    const cross = xj * yi - xi * yj
    area += cross
    lon += (xi + xj) * cross
    lat += (yi + yj) * cross
  }
  if (Math.abs(area) > 1e-14) return { lon: originLon + lon / (3 * area), lat: originLat + lat / (3 * area) }
  const mean = (axis: 0 | 1) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length
  return { lon: mean(0), lat: mean(1) }
}
