import type { FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import { circleRing } from '../../../foundation/core/geo.ts'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import type { KeyPlaceStanding } from './location-api.ts'

/** Key places as the circle in which somebody must be; the line and the sign say how each stands. */
export function KeyPlacesLayer({
  places,
  visible = true,
  onSelect,
}: {
  places: readonly KeyPlaceStanding[]
  visible?: boolean
  onSelect?: (placeId: string) => void
}) {
  const { palette } = useTheme()
  const data = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features: places.map((place) => ({
        type: 'Feature',
        geometry: { type: 'Polygon', coordinates: [circleRing(place, place.radiusMetres, CORNERS)] },
        properties: { id: place.placeId, state: place.state, label: `${SIGN[place.state]} ${place.name}` },
      })),
    }),
    [places],
  )

  const colour = [
    'match',
    ['get', 'state'],
    'alarm',
    palette.danger,
    'uncovered',
    palette.warn,
    'covered',
    palette.ok,
    palette.faint,
  ] as never

  return (
    <GeoLayer
      id="key-places"
      level="key-places"
      data={data}
      visible={visible}
      layers={[
        {
          id: 'key-places-fill',
          type: 'fill',
          paint: { 'fill-color': colour, 'fill-opacity': ['match', ['get', 'state'], 'alarm', 0.22, 0.08] },
        },
        { id: 'key-places-edge', type: 'line', paint: { 'line-color': colour, 'line-width': 1.6 } },
        {
          id: 'key-places-name',
          type: 'symbol',
          minzoom: 12,
          layout: {
            'text-field': ['get', 'label'],
            'text-font': MAP_FONT,
            'text-size': 11.5,
            'text-anchor': 'bottom',
            'text-offset': [0, -1.2],
          },
          paint: { 'text-color': colour, 'text-halo-color': palette.map.labelHalo, 'text-halo-width': 1.5 },
        },
      ]}
      {...(onSelect ? { onSelect: (feature) => onSelect(String(feature.properties['id'])) } : {})}
    />
  )
}

const SIGN: Readonly<Record<KeyPlaceStanding['state'], string>> = {
  alarm: '▲',
  uncovered: '△',
  covered: '✓',
  'not-required': '·',
}

const CORNERS = 40
