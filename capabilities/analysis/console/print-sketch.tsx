import { useTranslation } from 'react-i18next'
import { boundsOf, type Position } from '../../../foundation/core/geo.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { eastMetres, northMetres, planeAt } from '../../../solvers/density/plane.ts'
import type { KeptSeries, KeptStop } from '../core/index.ts'

const WIDTH = 640
const HEIGHT = 350
const PADDING = 24
const LEAST_RADIUS = 9
const SCALE_METRES = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]

/**
 * The stops on paper, to scale and north up. A map's canvas comes out of many printers empty and always dark or light as
 * the screen is; this is drawn of lines.
 */
export function PrintSketch({
  stops,
  series,
  radiusMetres,
}: {
  stops: readonly KeptStop[]
  series: readonly KeptSeries[]
  radiusMetres: number
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const bounds = boundsOf(stops.map(({ position }) => position))
  if (!bounds) return null
  const middle = { lon: (bounds.west + bounds.east) / 2, lat: (bounds.south + bounds.north) / 2 }
  const plane = planeAt(middle)
  const span = (from: number, to: number) => Math.max(to - from + 3 * radiusMetres, 300)
  const scale = Math.min(
    (WIDTH - 2 * PADDING) / span(eastMetres(plane, bounds.west), eastMetres(plane, bounds.east)),
    (HEIGHT - 2 * PADDING) / span(northMetres(plane, bounds.south), northMetres(plane, bounds.north)),
  )
  const x = ({ lon }: Position) => WIDTH / 2 + eastMetres(plane, lon) * scale
  const y = ({ lat }: Position) => HEIGHT / 2 - northMetres(plane, lat) * scale
  const most = Math.max(...stops.map(({ expected }) => expected), 1e-9)
  const metres = SCALE_METRES.filter((step) => step * scale <= WIDTH / 4).at(-1) ?? SCALE_METRES[0]!
  return (
    <svg className="analysis-sketch" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('map')}>
      <rect className="frame" x={0.5} y={0.5} width={WIDTH - 1} height={HEIGHT - 1} />
      {series
        .filter(({ state }) => state !== 'closed')
        .map(({ id, middle: at, radiusMetres: reach }) => (
          <circle
            key={id}
            className="series"
            cx={x(at)}
            cy={y(at)}
            r={Math.max(LEAST_RADIUS, reach * scale)}
          />
        ))}
      {[...stops].reverse().map(({ rank, position, expected }) => (
        <g key={rank}>
          <circle
            className="stop"
            cx={x(position)}
            cy={y(position)}
            r={Math.max(LEAST_RADIUS, radiusMetres * scale)}
            fillOpacity={0.15 + 0.45 * (expected / most)}
          />
          <text x={x(position)} y={y(position) + 4} textAnchor="middle">
            {rank}
          </text>
        </g>
      ))}
      <path className="scale" d={`M12 ${HEIGHT - 18}v6h${metres * scale}v-6`} />
      <text x={16} y={HEIGHT - 18}>
        {format.distance(metres)}
      </text>
      <path className="north" d={`M${WIDTH - 18} 10l6 18l-6 -5l-6 5z`} />
    </svg>
  )
}
