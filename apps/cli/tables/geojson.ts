import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { LonLat } from '../../../capabilities/place/core/index.ts'
import type { Table, TableRow } from './table.ts'

/**
 * Reads a FeatureCollection: properties become cells, a point gives `lon` and `lat`, a polygon its outline (the
 * largest part of a MultiPolygon). Features are numbered from 1. Refuses `geojson-invalid`.
 */
export function readGeoJson(text: string, path: string): Table | Refusal {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (fault) {
    return refuse('geojson-invalid', { field: 'file', detail: { path, message: (fault as Error).message } })
  }
  const features = (json as { features?: unknown } | null)?.features
  if (!Array.isArray(features))
    return refuse('geojson-invalid', { field: 'file', detail: { path, message: 'no FeatureCollection' } })
  return { rows: features.map((feature, i) => rowOf(feature, i + 1)), faults: [] }
}

function rowOf(feature: unknown, row: number): TableRow {
  const { properties, geometry } = (feature ?? {}) as {
    properties?: Record<string, unknown> | null
    geometry?: { type?: string; coordinates?: unknown } | null
  }
  const cells: Record<string, string> = {}
  for (const [name, value] of Object.entries(properties ?? {}))
    cells[name] = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (geometry?.type === 'Point' && isLonLat(geometry.coordinates)) {
    cells['lon'] ??= String(geometry.coordinates[0])
    cells['lat'] ??= String(geometry.coordinates[1])
  }
  return { row, cells, ring: ringOf(geometry) }
}

function ringOf(
  geometry: { type?: string; coordinates?: unknown } | null | undefined,
): readonly LonLat[] | null {
  if (geometry?.type === 'Polygon') return outline((geometry.coordinates as unknown[] | undefined)?.[0])
  if (geometry?.type !== 'MultiPolygon' || !Array.isArray(geometry.coordinates)) return null
  const outlines = geometry.coordinates
    .map((part) => outline((part as unknown[] | undefined)?.[0]))
    .filter((ring) => ring !== null)
  return outlines.sort((a, b) => b.length - a.length)[0] ?? null
}

function outline(ring: unknown): LonLat[] | null {
  return Array.isArray(ring) && ring.every(isLonLat) ? ring.map(([lon, lat]): LonLat => [lon, lat]) : null
}

function isLonLat(value: unknown): value is LonLat {
  return (
    Array.isArray(value) && value.length >= 2 && typeof value[0] === 'number' && typeof value[1] === 'number'
  )
}
