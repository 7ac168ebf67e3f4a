import type { FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import { useTheme } from '../theme/theme.tsx'
import { GeoLayer } from './geo-layer.tsx'

/** Lines on the map, each a list of positions. */
export function LinesLayer({
  id,
  lines,
  tone = 'accent',
  visible = true,
}: {
  id: string
  lines: readonly (readonly { readonly lon: number; readonly lat: number }[])[]
  tone?: 'accent' | 'warn'
  visible?: boolean
}) {
  const { palette } = useTheme()
  const data = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features: lines
        .filter((line) => line.length > 1)
        .map((line) => ({
          type: 'Feature',
          geometry: { type: 'LineString', coordinates: line.map(({ lon, lat }) => [lon, lat]) },
          properties: {},
        })),
    }),
    [lines],
  )
  return (
    <GeoLayer
      id={id}
      level="tracks"
      data={data}
      visible={visible}
      layers={[
        {
          id: `${id}-line`,
          type: 'line',
          layout: { 'line-cap': 'round', 'line-join': 'round' },
          paint: { 'line-color': palette[tone], 'line-width': 3, 'line-opacity': 0.75 },
        },
      ]}
    />
  )
}
