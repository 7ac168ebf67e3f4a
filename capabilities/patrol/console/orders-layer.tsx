import { useQuery } from '@tanstack/react-query'
import type { FeatureCollection } from 'geojson'
import { useEffect, useMemo, useRef } from 'react'
import { circleRing, type Position } from '../../../foundation/core/geo.ts'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useMap } from '../../../foundation/ui/map/map-view.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import type { OrderPlace, OrderStateKind } from '../core/index.ts'
import { ordersInForceQuery } from './orders-api.ts'

const CORNERS = 48

/** A place of an order as a map draws it. */
export interface DrawnOrder {
  readonly id: string
  readonly place: OrderPlace
  readonly state: OrderStateKind | 'new'
  readonly title: string
}

/** The places of orders as circles in their true size; what is not yet in force is dashed. */
export function OrdersLayer({
  orders,
  visible = true,
  selectedId = null,
  onSelect,
}: {
  orders: readonly DrawnOrder[]
  visible?: boolean
  selectedId?: string | null
  onSelect?: (id: string) => void
}) {
  const { palette } = useTheme()
  const data = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features: orders.flatMap(({ id, place, state, title }) => {
        const properties = { id, title, inForce: state === 'issued' }
        return [
          {
            type: 'Feature' as const,
            geometry: {
              type: 'Polygon' as const,
              coordinates: [circleRing(place, place.radiusMetres, CORNERS)],
            },
            properties,
          },
          {
            type: 'Feature' as const,
            geometry: { type: 'Point' as const, coordinates: [place.lon, place.lat] },
            properties,
          },
        ]
      }),
    }),
    [orders],
  )
  const isPoint = ['==', ['geometry-type'], 'Point']
  const isSelected = ['==', ['get', 'id'], selectedId ?? '']
  const colour = ['case', isSelected, palette.accent, ['get', 'inForce'], palette.violet, palette.muted]
  const ring = (id: string, inForce: boolean, dash: object) => ({
    id,
    type: 'line' as const,
    filter: ['all', ['!', isPoint], ['==', ['get', 'inForce'], inForce]] as never,
    paint: {
      'line-color': colour as never,
      'line-width': ['case', isSelected, 3, 1.8] as never,
      ...dash,
    },
  })
  return (
    <GeoLayer
      id="patrol-orders"
      level="key-places"
      data={data}
      visible={visible}
      {...(onSelect ? { onSelect: ({ properties }) => onSelect(String(properties['id'])) } : {})}
      layers={[
        {
          id: 'patrol-order-areas',
          type: 'fill',
          filter: ['!', isPoint] as never,
          paint: { 'fill-color': colour as never, 'fill-opacity': 0.16 },
        },
        ring('patrol-order-rings', true, {}),
        ring('patrol-order-dashes', false, { 'line-dasharray': [2, 2] }),
        {
          id: 'patrol-order-dots',
          type: 'circle',
          filter: isPoint as never,
          maxzoom: 14,
          paint: {
            'circle-radius': ['case', isSelected, 7, 5] as never,
            'circle-color': colour as never,
            'circle-stroke-color': palette.surface,
            'circle-stroke-width': 1.5,
          },
        },
        {
          id: 'patrol-order-titles',
          type: 'symbol',
          filter: isPoint as never,
          minzoom: 13,
          layout: {
            'text-field': ['get', 'title'],
            'text-font': MAP_FONT,
            'text-size': 12,
            'text-offset': [0, 1.1],
            'text-anchor': 'top',
            'text-optional': true,
          },
          paint: {
            'text-color': palette.text,
            'text-halo-color': palette.map.labelHalo,
            'text-halo-width': 1.4,
          },
        },
      ]}
    />
  )
}

/** The orders in force on a map of everything, by number. */
export function OrdersInForceLayer({ visible }: { visible: boolean }) {
  const may = useMay()
  const orders = useQuery({
    ...ordersInForceQuery,
    enabled: visible && may('patrol.read-orders'),
  }).data?.orders
  const drawn = useMemo(
    () =>
      (orders ?? []).map(({ id, place, state, number }) => ({
        id,
        place,
        state,
        title: `${number ?? ''} ${place.label}`,
      })),
    [orders],
  )
  return <OrdersLayer orders={drawn} visible={visible} />
}

/** The place that is being set: its circle, and a middle that can be dragged. */
export function DraggablePlace({
  place,
  onMove,
}: {
  place: Position & { readonly radiusMetres: number }
  onMove: (position: Position) => void
}) {
  const { map } = useMap()
  const { palette } = useTheme()
  const move = useRef(onMove)
  useEffect(() => {
    move.current = onMove
  })
  const data = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          geometry: { type: 'Polygon', coordinates: [circleRing(place, place.radiusMetres, CORNERS)] },
          properties: {},
        },
        {
          type: 'Feature',
          geometry: { type: 'Point', coordinates: [place.lon, place.lat] },
          properties: {},
        },
      ],
    }),
    [place],
  )

  useEffect(() => {
    const drag = (event: { lngLat: { lng: number; lat: number } }) =>
      move.current({ lon: event.lngLat.lng, lat: event.lngLat.lat })
    const drop = () => {
      map.off('mousemove', drag)
      map.off('touchmove', drag)
    }
    const grab = (event: { preventDefault(): void }) => {
      // The map itself stays where it is.
      event.preventDefault()
      map.on('mousemove', drag)
      map.on('touchmove', drag)
      map.once('mouseup', drop)
      map.once('touchend', drop)
    }
    map.on('mousedown', 'set-place-handle', grab)
    map.on('touchstart', 'set-place-handle', grab)
    return () => {
      drop()
      map.off('mousedown', 'set-place-handle', grab)
      map.off('touchstart', 'set-place-handle', grab)
    }
  }, [map])

  return (
    <GeoLayer
      id="set-place"
      level="selection"
      data={data}
      layers={[
        {
          id: 'set-place-area',
          type: 'fill',
          filter: ['==', ['geometry-type'], 'Polygon'] as never,
          paint: { 'fill-color': palette.accent, 'fill-opacity': 0.22 },
        },
        {
          id: 'set-place-ring',
          type: 'line',
          filter: ['==', ['geometry-type'], 'Polygon'] as never,
          paint: { 'line-color': palette.accent, 'line-width': 3 },
        },
        {
          id: 'set-place-handle',
          type: 'circle',
          filter: ['==', ['geometry-type'], 'Point'] as never,
          paint: {
            'circle-radius': 10,
            'circle-color': palette.accent,
            'circle-stroke-color': palette.surface,
            'circle-stroke-width': 3,
          },
        },
      ]}
    />
  )
}
