import type { FeatureCollection, Point } from 'geojson'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useMapIcons, type IconPainter } from '../../../foundation/ui/map/icons.ts'
import type { Palette } from '../../../foundation/ui/theme/palette.ts'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import { LEVELS, type Level } from '../core/index.ts'
import { shownLevel, useTypeName, type IncidentRow } from './incident-api.ts'
import { LEVEL_SHAPES, levelColour } from './level-mark.tsx'

const SIZE = 34
const SHOWN = [...LEVELS, 'ungraded'] as const

/** Incidents by level: shape and letter as in the lists, dashed while the level is only proposed. */
export function IncidentsLayer({
  incidents,
  visible = true,
  selectedId = null,
  onSelect,
}: {
  incidents: readonly IncidentRow[]
  visible?: boolean
  selectedId?: string | null
  onSelect?: (incidentId: string) => void
}) {
  const { t, i18n } = useTranslation('incident')
  const { name, palette } = useTheme()
  const typeName = useTypeName()
  const icons = useMemo(() => incidentIcons(palette, (key) => t(`level-letter.${key}`)), [palette, t])
  useMapIcons(icons, `${name}-${i18n.language}`)

  const data = useMemo<FeatureCollection<Point>>(
    () => ({
      type: 'FeatureCollection',
      features: incidents.map((incident) => {
        const { level, proposed } = shownLevel(incident)
        return {
          type: 'Feature',
          geometry: { type: 'Point', coordinates: [incident.position.lon, incident.position.lat] },
          properties: {
            id: incident.id,
            icon: iconName(level ?? 'ungraded', proposed),
            label: typeName(incident.typeCode),
            order: level === null ? 0 : LEVELS.indexOf(level) + 1,
          },
        }
      }),
    }),
    [incidents, typeName],
  )

  return (
    <GeoLayer
      id="incidents"
      level="incidents"
      data={data}
      visible={visible}
      layers={[
        {
          id: 'incidents-selected',
          type: 'circle',
          filter: ['==', ['get', 'id'], selectedId ?? ''],
          paint: {
            'circle-radius': 24,
            'circle-color': palette.accent,
            'circle-opacity': 0.16,
            'circle-stroke-color': palette.accent,
            'circle-stroke-width': 2,
          },
        },
        {
          id: 'incidents-marks',
          type: 'symbol',
          layout: {
            'icon-image': ['get', 'icon'],
            'icon-size': ['interpolate', ['linear'], ['zoom'], 11, 0.6, 15, 0.95],
            'icon-allow-overlap': true,
            'icon-ignore-placement': true,
            'symbol-sort-key': ['get', 'order'],
          },
        },
        {
          id: 'incidents-labels',
          type: 'symbol',
          minzoom: 13,
          layout: {
            'text-field': ['get', 'label'],
            'text-font': MAP_FONT,
            'text-size': 12,
            'text-anchor': 'left',
            'text-offset': [1.4, 0],
          },
          paint: {
            'text-color': palette.text,
            'text-halo-color': palette.map.labelHalo,
            'text-halo-width': 1.6,
          },
        },
      ]}
      {...(onSelect ? { onSelect: (feature) => onSelect(String(feature.properties['id'])) } : {})}
    />
  )
}

const iconName = (level: Level | 'ungraded', proposed: boolean) =>
  `incident-${level}-${proposed ? 'proposed' : 'set'}`

function incidentIcons(palette: Palette, letter: (level: string) => string): Record<string, IconPainter> {
  const icons: Record<string, IconPainter> = {}
  for (const level of SHOWN) {
    for (const proposed of [false, true]) {
      icons[iconName(level, proposed)] = {
        size: SIZE,
        paint(context) {
          const colour = levelColour(level, palette)
          const shape = new Path2D(LEVEL_SHAPES[level])
          context.translate(3, 3)
          context.lineJoin = 'round'
          context.lineWidth = 5
          context.strokeStyle = palette.map.labelHalo
          context.stroke(shape)
          context.fillStyle = proposed ? palette.map.labelHalo : colour
          context.fill(shape)
          context.lineWidth = 2.2
          context.strokeStyle = proposed ? colour : palette.text
          if (proposed) context.setLineDash([4, 3])
          context.stroke(shape)
          context.fillStyle = proposed ? colour : palette.onAccent
          context.font = '700 14px "Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif'
          context.textAlign = 'center'
          context.textBaseline = 'middle'
          context.fillText(letter(level), 14, 14.8)
        },
      }
    }
  }
  return icons
}
