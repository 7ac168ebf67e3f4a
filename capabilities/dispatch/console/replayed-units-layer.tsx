import type { FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import { MAP_FONT } from '../../../foundation/ui/map/basemap.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import type { UnitStatus } from '../../force/core/index.ts'
import { unitIconName, useUnitIcons } from '../../location/console/index.tsx'

export interface ReplayedUnit {
  readonly id: string
  readonly callSign: string
  readonly status: UnitStatus
  readonly lon: number
  readonly lat: number
}

/** Units as they were at a moment of the past. */
export function ReplayedUnitsLayer({
  units,
  visible = true,
}: {
  units: readonly ReplayedUnit[]
  visible?: boolean
}) {
  const { palette } = useTheme()
  useUnitIcons()
  const data = useMemo<FeatureCollection>(
    () => ({
      type: 'FeatureCollection',
      features: units.map(({ id, callSign, status, lon, lat }) => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [lon, lat] },
        properties: { id, label: callSign, icon: unitIconName(status, 'fresh') },
      })),
    }),
    [units],
  )
  return (
    <GeoLayer
      id="replayed-units"
      level="units"
      data={data}
      visible={visible}
      layers={[
        {
          id: 'replayed-marks',
          type: 'symbol',
          layout: {
            'icon-image': ['get', 'icon'],
            'icon-size': ['interpolate', ['linear'], ['zoom'], 11, 0.55, 14, 0.85, 17, 1.1],
            'icon-allow-overlap': true,
            'icon-ignore-placement': true,
          },
        },
        {
          id: 'replayed-labels',
          type: 'symbol',
          minzoom: 12.5,
          layout: {
            'text-field': ['get', 'label'],
            'text-font': MAP_FONT,
            'text-size': 11.5,
            'text-anchor': 'top',
            'text-offset': [0, 0.9],
          },
          paint: {
            'text-color': palette.text,
            'text-halo-color': palette.map.labelHalo,
            'text-halo-width': 1.5,
          },
        },
      ]}
    />
  )
}
