import type { FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import type { Position } from '../../../foundation/core/geo.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'

/** The place that is being chosen. */
export function PickedLayer({ position }: { position: Position | null }) {
  const { palette } = useTheme()
  const data = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features:
        position === null
          ? []
          : [
              {
                type: 'Feature',
                geometry: { type: 'Point', coordinates: [position.lon, position.lat] },
                properties: {},
              },
            ],
    }),
    [position],
  )
  return (
    <GeoLayer
      id="picked"
      level="selection"
      data={data}
      layers={[
        {
          id: 'picked-ring',
          type: 'circle',
          paint: {
            'circle-radius': 13,
            'circle-opacity': 0.15,
            'circle-color': palette.accent,
            'circle-stroke-color': palette.accent,
            'circle-stroke-width': 2.5,
          },
        },
        { id: 'picked-dot', type: 'circle', paint: { 'circle-radius': 3.5, 'circle-color': palette.accent } },
      ]}
    />
  )
}
