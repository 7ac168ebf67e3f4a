import type { Feature, Point } from 'geojson'
import type { GeoJSONSource } from 'maplibre-gl'
import { useEffect, useMemo, useRef } from 'react'
import type { LivePosition } from '../../../foundation/ui/live/channel.ts'
import { positions } from '../../../foundation/ui/live/live.ts'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { useGeoLayers } from '../../../foundation/ui/map/geo-layer.tsx'
import { useMapIcons, type IconPainter } from '../../../foundation/ui/map/icons.ts'
import { useMap } from '../../../foundation/ui/map/map-view.tsx'
import type { Palette } from '../../../foundation/ui/theme/palette.ts'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import { momentOf } from '../../../foundation/ui/time/age.ts'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { UNIT_STATUSES, type UnitStatus } from '../../force/core/index.ts'
import { STATUS_SHAPES, statusColour } from '../../force/console/index.tsx'
import { freshnessOf, FRESHNESS, type Freshness } from './freshness.ts'

/** What the layer must know of a unit beside its place. */
export interface UnitOnMap {
  readonly id: string
  readonly callSign: string
  readonly status: UnitStatus
}

const SOURCE = 'units'
const ICON_SIZE = 24
/** Ages move on by themselves: so often are the icons looked at again. */
const AGE_LOOK_MILLISECONDS = 5_000

/** Units by status, age and call sign, fed by differences once a second and never through React's rendering. */
export function UnitsLayer({
  units,
  visible = true,
  labels = true,
  shows,
  selectedId = null,
  onSelect,
}: {
  units: ReadonlyMap<string, UnitOnMap>
  visible?: boolean
  labels?: boolean
  /** Which units are drawn; all where none is given. */
  shows?: ((unit: UnitOnMap) => boolean) | undefined
  selectedId?: string | null
  onSelect?: (unitId: string) => void
}) {
  const { map } = useMap()
  const { palette } = useTheme()
  useUnitIcons()

  useGeoLayers({
    id: SOURCE,
    level: 'units',
    visible,
    source: { promoteId: 'id' },
    layers: [
      {
        id: 'units-selected',
        type: 'circle',
        filter: ['==', ['get', 'id'], selectedId ?? ''],
        paint: {
          'circle-radius': 18,
          'circle-color': palette.accent,
          'circle-opacity': 0.18,
          'circle-stroke-color': palette.accent,
          'circle-stroke-width': 2,
        },
      },
      {
        id: 'units-marks',
        type: 'symbol',
        layout: {
          'icon-image': ['get', 'icon'],
          'icon-size': ['interpolate', ['linear'], ['zoom'], 11, 0.55, 14, 0.8, 17, 1.1],
          'icon-rotate': ['get', 'turn'],
          'icon-rotation-alignment': 'map',
          'icon-allow-overlap': true,
          'icon-ignore-placement': true,
        },
      },
      {
        id: 'units-labels',
        type: 'symbol',
        minzoom: labelZoom(units.size),
        layout: {
          visibility: 'visible',
          'text-field': ['get', 'label'],
          'text-font': MAP_FONT,
          'text-size': 11.5,
          'text-anchor': 'top',
          'text-offset': [0, 0.9],
          'text-padding': 1,
        },
        paint: {
          'text-color': palette.text,
          'text-halo-color': palette.map.labelHalo,
          'text-halo-width': 1.5,
          'text-opacity': labels ? 1 : 0,
        },
      },
    ],
    ...(onSelect ? { onSelect: (feature) => onSelect(String(feature.properties['id'])) } : {}),
  })

  const drawing = useRef({ units, shows })
  useEffect(() => {
    drawing.current = { units, shows }
  })

  useEffect(() => {
    const source = () => map.getSource<GeoJSONSource>(SOURCE)
    let drawn = new Map<string, string>()

    const featureOf = (position: LivePosition): Feature<Point> | null => {
      const unit = drawing.current.units.get(position.id) ?? unitInPosition(position)
      if (!unit || drawing.current.shows?.(unit) === false) return null
      return {
        type: 'Feature',
        id: unit.id,
        geometry: { type: 'Point', coordinates: [position.lon, position.lat] },
        properties: {
          id: unit.id,
          label: unit.callSign,
          icon: unitIconName(
            unit.status,
            freshnessOf(momentOf(position['fixedAt'] as string | number), serverNow()),
          ),
          turn: unit.status === 'en-route' ? Number(position['bearingDegrees'] ?? 0) : 0,
        },
      }
    }

    /** User timing: how long a board takes until its units are seen. The first frame after the source has its tiles has them. */
    const markWhenDrawn = () => {
      const look = () => {
        if (map.getSource(SOURCE) && map.isSourceLoaded(SOURCE)) performance.mark('units-drawn')
        else void map.once('render', look)
      }
      void map.once('render', look)
    }

    const drawAll = () => {
      const features = positions.all().flatMap((position) => featureOf(position) ?? [])
      drawn = new Map(features.map((feature) => [String(feature.id), written(feature)]))
      void source()?.setData({ type: 'FeatureCollection', features })
      if (features.length > 0) markWhenDrawn()
    }

    const drawSome = (changed: readonly LivePosition[]) => {
      const add: Feature[] = []
      const remove: string[] = []
      for (const position of changed) {
        const feature = featureOf(position)
        if (!feature) {
          if (drawn.delete(position.id)) remove.push(position.id)
          continue
        }
        const text = written(feature)
        if (drawn.get(position.id) === text) continue
        drawn.set(position.id, text)
        add.push(feature)
      }
      if (add.length + remove.length > 0) void source()?.updateData({ add, remove })
    }

    drawAll()
    const unsubscribe = positions.subscribe(({ full, changed }) => (full ? drawAll() : drawSome(changed)))
    const timer = setInterval(() => drawSome(positions.all()), AGE_LOOK_MILLISECONDS)
    return () => {
      unsubscribe()
      clearInterval(timer)
    }
  }, [map, units, shows])

  return null
}

/** The more units, the nearer one must look before call signs are set: placing them is what costs. */
function labelZoom(units: number): number {
  if (units > 1_000) return 15
  return units > 300 ? 14 : 12
}

const written = (feature: Feature<Point>) =>
  `${feature.geometry.coordinates.join()}|${JSON.stringify(feature.properties)}`

/** A unit that came after the last reading of the force says of itself what is needed. */
function unitInPosition(position: LivePosition): UnitOnMap | null {
  const { callSign, status } = position
  if (typeof callSign !== 'string' || !UNIT_STATUSES.includes(status as UnitStatus)) return null
  return { id: position.id, callSign, status: status as UnitStatus }
}

export const unitIconName = (status: UnitStatus, freshness: Freshness) => `unit-${status}-${freshness}`

/** Registers the unit icons with the map around. */
export function useUnitIcons(): void {
  const { name, palette } = useTheme()
  const icons = useMemo(() => unitIcons(palette), [palette])
  useMapIcons(icons, name)
}

/** One icon for each status and freshness: full when fresh, pale when ageing, an empty dashed shape when stale. */
function unitIcons(palette: Palette): Record<string, IconPainter> {
  const icons: Record<string, IconPainter> = {}
  for (const status of UNIT_STATUSES) {
    for (const freshness of FRESHNESS) {
      icons[unitIconName(status, freshness)] = {
        size: ICON_SIZE,
        paint: (context) => paintUnit(context, status, freshness, palette),
      }
    }
  }
  return icons
}

function paintUnit(
  context: CanvasRenderingContext2D,
  status: UnitStatus,
  freshness: Freshness,
  palette: Palette,
): void {
  const shape = new Path2D(STATUS_SHAPES[status])
  const colour = statusColour(status, palette)
  context.translate(ICON_SIZE * 0.1, ICON_SIZE * 0.1)
  context.scale(0.8, 0.8)
  context.lineJoin = 'round'
  context.lineWidth = 4
  context.strokeStyle = palette.map.labelHalo
  context.stroke(shape)
  if (freshness === 'stale') {
    context.fillStyle = palette.map.labelHalo
    context.fill(shape, 'evenodd')
    context.setLineDash([3, 2.5])
    context.lineWidth = 2
    context.strokeStyle = colour
    context.stroke(shape)
    return
  }
  context.globalAlpha = freshness === 'ageing' ? 0.6 : 1
  context.fillStyle = colour
  context.fill(shape, 'evenodd')
}
