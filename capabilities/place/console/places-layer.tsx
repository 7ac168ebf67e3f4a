import type { FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import type { Position } from '../../../foundation/core/geo.ts'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'

/** Named points, and the one that is being chosen. */
export function PlacesLayer({
  places,
  picked,
}: {
  places: readonly { id: string; name: string; lon: number; lat: number }[]
  picked: Position | null
}) {
  const { palette } = useTheme()
  const data = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features: [
        ...places.map(({ name, lon, lat }) => ({
          type: 'Feature' as const,
          geometry: { type: 'Point' as const, coordinates: [lon, lat] },
          properties: { name, picked: false },
        })),
        ...(picked === null
          ? []
          : [
              {
                type: 'Feature' as const,
                geometry: { type: 'Point' as const, coordinates: [picked.lon, picked.lat] },
                properties: { name: '', picked: true },
              },
            ]),
      ],
    }),
    [places, picked],
  )
  return (
    <GeoLayer
      id="places"
      level="key-places"
      data={data}
      layers={[
        {
          id: 'places-point',
          type: 'circle',
          paint: {
            'circle-radius': ['case', ['get', 'picked'], 11, 6],
            'circle-color': ['case', ['get', 'picked'], palette.accent, palette.violet],
            'circle-opacity': 0.8,
            'circle-stroke-color': palette.text,
            'circle-stroke-width': 1.5,
          },
        },
        {
          id: 'places-point-name',
          type: 'symbol',
          layout: {
            'text-field': ['get', 'name'],
            'text-font': MAP_FONT,
            'text-size': 12,
            'text-anchor': 'left',
            'text-offset': [0.9, 0],
          },
          paint: {
            'text-color': palette.text,
            'text-halo-color': palette.map.labelHalo,
            'text-halo-width': 1.5,
          },
        },
      ]}
    />
  )
}
