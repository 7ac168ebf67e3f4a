import type { FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import type { Position } from '../../core/geo.ts'
import { GeoLayer } from '../map/geo-layer.tsx'
import { MapView } from '../map/map-view.tsx'
import { useTheme } from '../theme/theme.tsx'

/** A map on which one place is picked. The default export, because it is loaded when first opened. */
export default function PickMap({
  label,
  value,
  onPick,
  onCancel,
}: {
  label: string
  value: Position | null
  onPick: (position: Position) => void
  onCancel: () => void
}) {
  const { palette } = useTheme()
  const data = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features:
        value === null
          ? []
          : [
              {
                type: 'Feature',
                geometry: { type: 'Point', coordinates: [value.lon, value.lat] },
                properties: {},
              },
            ],
    }),
    [value],
  )
  return (
    <MapView
      label={label}
      onPick={onPick}
      onCancelPick={onCancel}
      {...(value === null ? {} : { initial: { centre: value, zoom: 14 } })}
    >
      <GeoLayer
        id="picked"
        level="key-places"
        data={data}
        layers={[
          {
            id: 'picked-point',
            type: 'circle',
            paint: {
              'circle-radius': 9,
              'circle-color': palette.accent,
              'circle-stroke-color': palette.text,
              'circle-stroke-width': 2,
            },
          },
        ]}
      />
    </MapView>
  )
}
