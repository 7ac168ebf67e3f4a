import type { FeatureCollection } from 'geojson'
import { useEffect, useState } from 'react'
import { circleRing } from '../../../foundation/core/geo.ts'
import { positions } from '../../../foundation/ui/live/live.ts'
import { GeoLayer } from '../../../foundation/ui/map/geo-layer.tsx'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import type { UnitStatus } from '../../force/core/index.ts'

/** Rings of what a free unit reaches, at the mean speed of a call on town roads measured as the crow flies. */
export const COVERAGE_BANDS = [
  { minutes: 3, opacity: 0.08 },
  { minutes: 5, opacity: 0.05 },
] as const

const METRES_PER_MINUTE = 380
const CORNERS = 32
const REDRAW_MILLISECONDS = 5_000
const FREE = new Set<UnitStatus>(['patrolling', 'inspecting', 'break', 'briefing'])

/** Where somebody free is within some minutes. A reading aid by straight line; the recommendation goes by road. */
export function CoverageLayer({
  units,
  visible = false,
}: {
  units: ReadonlyMap<string, { readonly status: UnitStatus }>
  visible?: boolean
}) {
  const { palette } = useTheme()
  const [data, setData] = useState<FeatureCollection>({ type: 'FeatureCollection', features: [] })
  useEffect(() => {
    if (!visible) return
    const draw = () =>
      setData({
        type: 'FeatureCollection',
        features: COVERAGE_BANDS.flatMap(({ minutes }) =>
          positions
            .all()
            .filter(({ id }) => {
              const unit = units.get(id)
              return unit !== undefined && FREE.has(unit.status)
            })
            .map((position) => ({
              type: 'Feature' as const,
              geometry: {
                type: 'Polygon' as const,
                coordinates: [circleRing(position, minutes * METRES_PER_MINUTE, CORNERS)],
              },
              properties: { minutes },
            })),
        ),
      })
    draw()
    const timer = setInterval(draw, REDRAW_MILLISECONDS)
    return () => clearInterval(timer)
  }, [visible, units])
  return (
    <GeoLayer
      id="coverage"
      level="coverage"
      data={data}
      visible={visible}
      layers={COVERAGE_BANDS.map(({ minutes, opacity }) => ({
        id: `coverage-${minutes}`,
        type: 'fill' as const,
        filter: ['==', ['get', 'minutes'], minutes] as never,
        paint: { 'fill-color': palette.cyan, 'fill-opacity': opacity },
      }))}
    />
  )
}
