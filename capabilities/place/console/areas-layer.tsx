import { useQuery } from '@tanstack/react-query'
import type { FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import { areasQuery } from './place-api.ts'

/** Which station each place belongs to. */
export function AreasLayer({ visible = true }: { visible?: boolean }) {
  const { palette } = useTheme()
  const areas = useQuery(areasQuery).data?.areas
  const data = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features: (areas ?? []).map(({ id, name, kind, ring }) => ({
        type: 'Feature',
        geometry: { type: 'Polygon', coordinates: [closed(ring)] },
        properties: { id, name, kind },
      })),
    }),
    [areas],
  )
  return (
    <GeoLayer
      id="areas"
      level="areas"
      data={data}
      visible={visible}
      layers={[
        {
          id: 'areas-edge',
          type: 'line',
          paint: {
            'line-color': palette.violet,
            'line-width': 1.6,
            'line-opacity': 0.7,
            'line-dasharray': [6, 3],
          },
        },
        {
          id: 'areas-name',
          type: 'symbol',
          layout: {
            'text-field': ['get', 'name'],
            'text-font': MAP_FONT,
            'text-size': 13,
            'text-letter-spacing': 0.1,
          },
          paint: {
            'text-color': palette.violet,
            'text-halo-color': palette.map.labelHalo,
            'text-halo-width': 1.5,
          },
        },
      ]}
    />
  )
}

function closed(ring: readonly (readonly [number, number])[]): [number, number][] {
  const points = ring.map(([lon, lat]): [number, number] => [lon, lat])
  const [first, last] = [points[0], points.at(-1)]
  return first && last && (first[0] !== last[0] || first[1] !== last[1]) ? [...points, first] : points
}
