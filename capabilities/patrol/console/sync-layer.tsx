import type { Feature, FeatureCollection } from 'geojson'
import { useEffect, useMemo } from 'react'
import type { Position } from '../../../foundation/core/geo.ts'
import { planeAt } from '../../../solvers/density/plane.ts'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { fitTo, useMap } from '../../../foundation/ui/map/map-view.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import type { MoveShown, SyncSurface, SurfaceCell } from '../core/index.ts'

export const MODES = ['difference', 'risk', 'presence', 'better'] as const
export type Mode = (typeof MODES)[number]

/** So many cells carry their figure; the others are only coloured. */
const LABELLED = 40
const PARTS_A_POINT = 1_000

/** Cells filled by how much they hold, the heaviest with their figure: a sign and a number, not colour alone. */
export function SyncLayer({
  surface,
  hours,
  mode,
  move,
}: {
  surface: SyncSurface
  /** One hour, or null for all. */
  hours: number | null
  mode: Mode
  move: MoveShown | null
}) {
  const { map } = useMap()
  const { palette } = useTheme()
  const format = useFormat()
  useEffect(() => {
    if (move) fitTo(map, [move.from.place, move.to.place])
  }, [map, move])

  const data = useMemo<FeatureCollection>(() => {
    const of = (values: readonly number[]) =>
      hours === null ? values.reduce((sum, each) => sum + each, 0) : values[hours]!
    const isHidden = hours !== null && surface.hiddenHours.includes(hours)
    const valueOf = (cell: SurfaceCell) => {
      if (mode === 'risk') return of(cell.risk)
      if (mode === 'better') return of(cell.better)
      if (isHidden) return 0
      return mode === 'presence' ? of(cell.presence) : of(cell.presence) - of(cell.risk)
    }
    const cells = surface.cells
      .map((cell) => ({ cell, value: valueOf(cell) }))
      .filter(({ value }) => value !== 0)
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    const most = Math.max(...cells.slice(0, 1).map(({ value }) => Math.abs(value)), 1e-9)
    // Of one hour a cell holds hundredths of a point.
    const digits = hours === null ? 1 : 2
    const text = (value: number) =>
      mode === 'better'
        ? format.number(value)
        : `${mode === 'difference' ? (value > 0 ? '+' : '−') : ''}${format.number(Math.abs(value) / PARTS_A_POINT, digits)}`
    return {
      type: 'FeatureCollection',
      features: cells.flatMap(({ cell, value }, rank): Feature[] => {
        const properties = {
          weight: Math.sqrt(Math.abs(value) / most),
          lack: value < 0,
          label: rank < LABELLED && Math.abs(value) >= most / 20 ? text(value) : '',
          rank,
        }
        return [
          {
            type: 'Feature',
            properties,
            geometry: { type: 'Polygon', coordinates: [squareAround(cell, surface.cellMetres)] },
          },
          { type: 'Feature', properties, geometry: { type: 'Point', coordinates: [cell.lon, cell.lat] } },
        ]
      }),
    }
  }, [surface, hours, mode, format])

  const moved = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features: move
        ? [
            {
              type: 'Feature',
              properties: {},
              geometry: {
                type: 'LineString',
                coordinates: [move.from.place, move.to.place].map(({ lon, lat }) => [lon, lat]),
              },
            },
            ...[move.from.place, move.to.place].map(({ lon, lat }, n): Feature => ({
              type: 'Feature',
              properties: { label: n === 0 ? '1' : '2' },
              geometry: { type: 'Point', coordinates: [lon, lat] },
            })),
          ]
        : [],
    }),
    [move],
  )

  const isPoint = ['==', ['geometry-type'], 'Point']
  const colours = {
    risk: palette.danger,
    presence: palette.info,
    better: palette.ok,
    difference: ['case', ['get', 'lack'], palette.danger, palette.info],
  }
  const colour = colours[mode] as never
  return (
    <>
      <GeoLayer
        id="sync-cells"
        level="areas"
        data={data}
        layers={[
          {
            id: 'sync-fill',
            type: 'fill',
            filter: ['!', isPoint] as never,
            paint: { 'fill-color': colour, 'fill-opacity': ['*', 0.62, ['get', 'weight']] as never },
          },
          {
            id: 'sync-edge',
            type: 'line',
            filter: ['!', isPoint] as never,
            paint: { 'line-color': colour, 'line-width': 0.6, 'line-opacity': 0.5 },
          },
          {
            id: 'sync-label',
            type: 'symbol',
            filter: ['all', isPoint, ['!=', ['get', 'label'], '']] as never,
            layout: {
              'text-field': ['get', 'label'],
              'text-font': MAP_FONT,
              'text-size': 11,
              'symbol-sort-key': ['get', 'rank'] as never,
            },
            paint: { 'text-color': palette.text, 'text-halo-color': palette.surface, 'text-halo-width': 1.4 },
          },
        ]}
      />
      <GeoLayer
        id="sync-move"
        level="selection"
        data={moved}
        layers={[
          {
            id: 'sync-move-line',
            type: 'line',
            filter: ['!', isPoint] as never,
            paint: { 'line-color': palette.accent, 'line-width': 2.5, 'line-dasharray': [2, 1.5] },
          },
          {
            id: 'sync-move-dot',
            type: 'circle',
            filter: isPoint as never,
            paint: {
              'circle-radius': 11,
              'circle-color': palette.surface,
              'circle-stroke-color': palette.accent,
              'circle-stroke-width': 2.5,
            },
          },
          {
            id: 'sync-move-text',
            type: 'symbol',
            filter: isPoint as never,
            layout: {
              'text-field': ['get', 'label'],
              'text-font': MAP_FONT,
              'text-size': 12,
              'text-allow-overlap': true,
              'text-ignore-placement': true,
            },
            paint: { 'text-color': palette.text },
          },
        ]}
      />
    </>
  )
}

function squareAround(at: Position, cellMetres: number): [number, number][] {
  const { metresPerDegreeLon, metresPerDegreeLat } = planeAt(at)
  const [east, north] = [cellMetres / 2 / metresPerDegreeLon, cellMetres / 2 / metresPerDegreeLat]
  const { lon, lat } = at
  return [
    [lon - east, lat - north],
    [lon + east, lat - north],
    [lon + east, lat + north],
    [lon - east, lat + north],
    [lon - east, lat - north],
  ]
}
