import type { Feature, FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import { circleRing, type Position } from '../../../foundation/core/geo.ts'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import type { FoundWarning, KeptSeries } from '../core/index.ts'

const CORNERS = 40
/** Series at one address would be a point. */
const LEAST_METRES = 60
const isPoint = ['==', ['geometry-type'], 'Point']

/** All series as the circles that hold them; the one that is looked at with its incidents in the order of time. */
export function SeriesLayer({
  series,
  shown,
  onSelect,
}: {
  series: readonly KeptSeries[]
  shown: KeptSeries | undefined
  onSelect: (id: string) => void
}) {
  const { palette } = useTheme()
  const circles = useMemo<FeatureCollection>(
    () =>
      collection(
        series.map(({ id, middle, radiusMetres, state }) =>
          ring(middle, Math.max(LEAST_METRES, radiusMetres), { id, state }),
        ),
      ),
    [series],
  )
  const members = useMemo<FeatureCollection>(
    () =>
      collection(
        shown
          ? [
              line(shown.members.map(({ position }) => position)),
              ...labelled(shown.members.map(({ position }) => position)),
            ]
          : [],
      ),
    [shown],
  )
  const isShown = ['==', ['get', 'id'], shown?.id ?? '']
  return (
    <>
      <GeoLayer
        id="series"
        level="tracks"
        data={circles}
        onSelect={({ properties }) => onSelect(String(properties['id']))}
        layers={[
          {
            id: 'series-areas',
            type: 'fill',
            paint: { 'fill-color': palette.violet, 'fill-opacity': ['case', isShown, 0.22, 0.1] as never },
          },
          {
            id: 'series-rings',
            type: 'line',
            paint: {
              'line-color': palette.violet,
              'line-width': ['case', isShown, 3, 1.5] as never,
              'line-dasharray': [3, 2],
            },
          },
        ]}
      />
      <GeoLayer
        id="series-members"
        level="selection"
        data={members}
        layers={[
          {
            id: 'series-line',
            type: 'line',
            filter: ['!', isPoint] as never,
            layout: { 'line-cap': 'round', 'line-join': 'round' },
            paint: { 'line-color': palette.violet, 'line-width': 2.5 },
          },
          {
            id: 'series-dots',
            type: 'circle',
            filter: isPoint as never,
            paint: {
              'circle-radius': ['+', 6, ['*', 4, ['length', ['get', 'label']]]] as never,
              'circle-color': palette.violet,
              'circle-stroke-color': palette.surface,
              'circle-stroke-width': 1.5,
            },
          },
          {
            id: 'series-numbers',
            type: 'symbol',
            filter: isPoint as never,
            layout: {
              'text-field': ['get', 'label'],
              'text-font': MAP_FONT,
              'text-size': 12,
              'text-allow-overlap': true,
              'text-ignore-placement': true,
            },
            paint: { 'text-color': palette.surface },
          },
        ]}
      />
    </>
  )
}

/** The incidents of the week of a warning, and where most of them lie together. */
export function WarningLayer({ shown }: { shown: FoundWarning | undefined }) {
  const { palette } = useTheme()
  const data = useMemo<FeatureCollection>(
    () =>
      collection(
        shown
          ? [
              ring(shown.densest.position, shown.densest.radiusMetres, {}),
              ...shown.positions.map((position) => point(position, {})),
            ]
          : [],
      ),
    [shown],
  )
  return (
    <GeoLayer
      id="warning"
      level="selection"
      data={data}
      layers={[
        {
          id: 'warning-ring',
          type: 'line',
          filter: ['!', isPoint] as never,
          paint: { 'line-color': palette.warn, 'line-width': 3 },
        },
        {
          id: 'warning-dots',
          type: 'circle',
          filter: isPoint as never,
          paint: {
            'circle-radius': 6,
            'circle-color': palette.warn,
            'circle-stroke-color': palette.surface,
            'circle-stroke-width': 1.5,
          },
        },
      ]}
    />
  )
}

/** Numbers in the order of time; those at one place stand together. */
function labelled(positions: readonly Position[]): Feature[] {
  const numbers = new Map<string, { position: Position; of: number[] }>()
  positions.forEach((position, n) => {
    const key = `${position.lon.toFixed(5)} ${position.lat.toFixed(5)}`
    const there = numbers.get(key)
    if (there) there.of.push(n + 1)
    else numbers.set(key, { position, of: [n + 1] })
  })
  return [...numbers.values()].map(({ position, of }) => point(position, { label: of.join(' ') }))
}

type Properties = Readonly<Record<string, string>>

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })

const point = ({ lon, lat }: Position, properties: Properties): Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [lon, lat] },
  properties,
})

const line = (positions: readonly Position[]): Feature => ({
  type: 'Feature',
  geometry: { type: 'LineString', coordinates: positions.map(({ lon, lat }) => [lon, lat]) },
  properties: {},
})

const ring = (centre: Position, metres: number, properties: Properties): Feature => ({
  type: 'Feature',
  geometry: { type: 'Polygon', coordinates: [circleRing(centre, metres, CORNERS)] },
  properties,
})
