import type { FeatureCollection } from 'geojson'
import type { MapLayerMouseEvent, MapMouseEvent } from 'maplibre-gl'
import { useEffect, useMemo, useRef } from 'react'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { fitTo, MapView, useMap } from '../../../foundation/ui/map/map-view.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import { AreasLayer } from './areas-layer.tsx'
import { cornerAt, moveCorner, type Corner } from './ring.ts'

/** A map on which a ring is drawn: press for a corner, drag one to move it. The default export: loaded when opened. */
export default function RingMap({
  label,
  ring,
  onCorner,
  onChange,
}: {
  label: string
  ring: readonly Corner[]
  onCorner: (corner: Corner) => void
  onChange: (ring: readonly Corner[]) => void
}) {
  const first = useRef(ring)
  return (
    <MapView
      isField
      label={label}
      onPick={(position) => onCorner(cornerAt(position))}
      onReady={({ map }) =>
        fitTo(
          map,
          first.current.map(([lon, lat]) => ({ lon, lat })),
          40,
        )
      }
    >
      <AreasLayer />
      <RingLayer ring={ring} onChange={onChange} />
    </MapView>
  )
}

const CORNERS = 'ring-corner'

function RingLayer({
  ring,
  onChange,
}: {
  ring: readonly Corner[]
  onChange: (ring: readonly Corner[]) => void
}) {
  const { map } = useMap()
  const { palette } = useTheme()
  const latest = useRef({ ring, onChange })
  useEffect(() => {
    latest.current = { ring, onChange }
  })

  useEffect(() => {
    let held: number | null = null
    const move = (event: MapMouseEvent) => {
      if (held === null) return
      const { lng, lat } = event.lngLat
      latest.current.onChange(moveCorner(latest.current.ring, held, cornerAt({ lon: lng, lat })))
    }
    const release = () => {
      held = null
      map.off('mousemove', move)
    }
    const hold = (event: MapLayerMouseEvent) => {
      const index: unknown = event.features?.[0]?.properties['index']
      if (typeof index !== 'number') return
      // The map itself stays where it is while a corner is dragged.
      event.preventDefault()
      held = index
      map.on('mousemove', move)
      map.once('mouseup', release)
    }
    map.on('mousedown', CORNERS, hold)
    return () => {
      map.off('mousedown', CORNERS, hold)
      map.off('mouseup', release)
      release()
    }
  }, [map])

  const data = useMemo<FeatureCollection>(() => {
    const points = ring.map(([lon, lat]): [number, number] => [lon, lat])
    return {
      type: 'FeatureCollection',
      features: [
        ...(points.length >= 3
          ? [
              {
                type: 'Feature' as const,
                geometry: { type: 'Polygon' as const, coordinates: [[...points, points[0]!]] },
                properties: {},
              },
            ]
          : points.length === 2
            ? [
                {
                  type: 'Feature' as const,
                  geometry: { type: 'LineString' as const, coordinates: points },
                  properties: {},
                },
              ]
            : []),
        ...points.map((coordinates, index) => ({
          type: 'Feature' as const,
          geometry: { type: 'Point' as const, coordinates },
          properties: { index },
        })),
      ],
    }
  }, [ring])

  return (
    <GeoLayer
      id="ring"
      level="key-places"
      data={data}
      layers={[
        {
          id: 'ring-fill',
          type: 'fill',
          filter: ['==', ['geometry-type'], 'Polygon'],
          paint: { 'fill-color': palette.accent, 'fill-opacity': 0.18 },
        },
        {
          id: 'ring-edge',
          type: 'line',
          filter: ['!=', ['geometry-type'], 'Point'],
          paint: { 'line-color': palette.accent, 'line-width': 2.5 },
        },
        {
          id: CORNERS,
          type: 'circle',
          filter: ['==', ['geometry-type'], 'Point'],
          paint: {
            'circle-radius': 6,
            'circle-color': palette.text,
            'circle-stroke-color': palette.accent,
            'circle-stroke-width': 2.5,
          },
        },
      ]}
    />
  )
}
