import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { PairBar } from './preview-figures.ts'

const WIDTH = 460
const HEIGHT = 190
const LEFT = 34
const BOTTOM = 34
const TOP = 14
const MOST_LABELS = 16

/** Two histograms side by side: full and hatched, so that they differ on paper too. */
export function PairChart({
  title,
  axis,
  unit,
  bars,
  names,
  note,
}: {
  title: string
  axis: string
  unit: string
  bars: readonly PairBar[]
  names: { readonly left: string; readonly right: string }
  note?: string
}) {
  const { t } = useTranslation('roster')
  const hatch = useId()
  const highest = Math.max(1, ...bars.flatMap(({ left, right }) => [left, right]))
  const step = (WIDTH - LEFT - 6) / Math.max(1, bars.length)
  const wide = Math.min(28, (step - 3) / 2)
  const y = (value: number) => TOP + (1 - value / highest) * (HEIGHT - TOP - BOTTOM)
  const every = Math.ceil(bars.length / MOST_LABELS)
  return (
    <figure className="panel pair-chart">
      <figcaption>
        <b>{title}</b> <span className="muted">{unit}</span>
      </figcaption>
      {bars.length === 0 ? (
        <p className="muted">{t('preview.nothing')}</p>
      ) : (
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={t('preview.chart-label', {
            title,
            left: names.left,
            right: names.right,
            values: bars.map((bar) => `${bar.label}: ${bar.left}/${bar.right}`).join(t('ui:list-separator')),
          })}
        >
          <defs>
            <pattern
              id={hatch}
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect className="pair-ground" width="5" height="5" />
              <line className="pair-hatch" x1="0" x2="0" y1="0" y2="5" />
            </pattern>
          </defs>
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line
                className="pair-grid"
                x1={LEFT}
                x2={WIDTH}
                y1={y(share * highest)}
                y2={y(share * highest)}
              />
              <text x={LEFT - 4} y={y(share * highest) + 3} textAnchor="end">
                {Math.round(share * highest)}
              </text>
            </g>
          ))}
          {bars.map((bar, index) => {
            const middle = LEFT + (index + 0.5) * step
            return (
              <g key={bar.label}>
                <title>{`${bar.label}: ${names.left} ${bar.left}, ${names.right} ${bar.right}`}</title>
                <rect
                  className="pair-left"
                  x={middle - wide}
                  width={wide}
                  y={y(bar.left)}
                  height={HEIGHT - BOTTOM - y(bar.left)}
                />
                <rect
                  className="pair-right"
                  fill={`url(#${hatch})`}
                  x={middle}
                  width={wide}
                  y={y(bar.right)}
                  height={HEIGHT - BOTTOM - y(bar.right)}
                />
                {index % every === 0 && (
                  <text x={middle} y={HEIGHT - BOTTOM + 12} textAnchor="middle">
                    {bar.label}
                  </text>
                )}
              </g>
            )
          })}
          <text x={WIDTH} y={HEIGHT - 6} textAnchor="end">
            {axis}
          </text>
        </svg>
      )}
      {note !== undefined && <p className="muted">{note}</p>}
    </figure>
  )
}
