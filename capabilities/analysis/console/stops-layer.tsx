import type { FeatureCollection } from 'geojson'
import { useEffect, useMemo } from 'react'
import { circleRing } from '../../../foundation/core/geo.ts'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useMap } from '../../../foundation/ui/map/map-view.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import type { KeptStop } from '../core/index.ts'

const CORNERS = 40

/** Each stop as the area that it covers, the fuller the more is expected, with its rank. */
export function StopsLayer({
  stops,
  radiusMetres,
  selectedRank,
  onSelect,
}: {
  stops: readonly KeptStop[]
  radiusMetres: number
  selectedRank: number | null
  onSelect: (rank: number) => void
}) {
  const { map } = useMap()
  const { palette } = useTheme()
  const selected = stops.find(({ rank }) => rank === selectedRank)?.position
  useEffect(() => {
    if (selected && !map.getBounds().contains([selected.lon, selected.lat]))
      map.easeTo({ center: [selected.lon, selected.lat] })
  }, [map, selected])

  const data = useMemo<FeatureCollection>(() => {
    const most = Math.max(...stops.map(({ expected }) => expected), 1e-9)
    return {
      type: 'FeatureCollection',
      features: stops.flatMap(({ rank, position, expected }) => {
        const properties = { rank, label: String(rank), weight: expected / most }
        return [
          {
            type: 'Feature' as const,
            geometry: {
              type: 'Polygon' as const,
              coordinates: [circleRing(position, radiusMetres, CORNERS)],
            },
            properties,
          },
          {
            type: 'Feature' as const,
            geometry: { type: 'Point' as const, coordinates: [position.lon, position.lat] },
            properties,
          },
        ]
      }),
    }
  }, [stops, radiusMetres])
  const isSelected = ['==', ['get', 'rank'], selectedRank ?? 0]
  const isPoint = ['==', ['geometry-type'], 'Point']

  return (
    <GeoLayer
      id="stops"
      level="incidents"
      data={data}
      onSelect={({ properties }) => onSelect(Number(properties['rank']))}
      layers={[
        {
          id: 'stop-areas',
          type: 'fill',
          filter: ['!', isPoint] as never,
          paint: {
            'fill-color': palette.danger,
            'fill-opacity': ['+', 0.12, ['*', 0.4, ['get', 'weight']]] as never,
          },
        },
        {
          id: 'stop-rings',
          type: 'line',
          filter: ['!', isPoint] as never,
          paint: {
            'line-color': ['case', isSelected, palette.accent, palette.danger] as never,
            'line-width': ['case', isSelected, 3.5, 1.2] as never,
          },
        },
        {
          id: 'stop-dots',
          type: 'circle',
          filter: isPoint as never,
          paint: {
            'circle-radius': ['case', isSelected, 12, 10] as never,
            'circle-color': palette.surface,
            'circle-stroke-color': ['case', isSelected, palette.accent, palette.danger] as never,
            'circle-stroke-width': ['case', isSelected, 3, 1.5] as never,
          },
        },
        {
          id: 'stop-ranks',
          type: 'symbol',
          filter: isPoint as never,
          layout: {
            'text-field': ['get', 'label'],
            'text-font': MAP_FONT,
            'text-size': 12,
            'text-allow-overlap': true,
            'text-ignore-placement': true,
            'symbol-sort-key': ['-', 0, ['get', 'rank']] as never,
          },
          paint: { 'text-color': palette.text },
        },
      ]}
    />
  )
}
