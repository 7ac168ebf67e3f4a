import { useTranslation } from 'react-i18next'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { StrengthPointRow } from './board-api.ts'

const WIDTH = 1200
const HEIGHT = 190
const LEFT = 40
const BOTTOM = 22
const TOP = 10
const RIGHT = 10

/** How the share rose since the call-out, against the target. */
export function StrengthCurve({ points }: { points: readonly StrengthPointRow[] }) {
  const { t } = useTranslation('board')
  const { palette } = useTheme()
  const format = useFormat()
  if (points.length === 0) return <p className="muted">{t('curve.none')}</p>
  const shares = points.map(({ at, onStreet, available, needed }) => ({
    at: Date.parse(at),
    share: available === 0 ? 0 : onStreet / available,
    target: available === 0 ? 1 : needed / available,
  }))
  const [first, last] = [shares[0]!, shares.at(-1)!]
  const span = Math.max(60_000, last.at - first.at)
  const lowest = Math.max(0, Math.floor(Math.min(...shares.map(({ share }) => share)) * 10 - 1) / 10)
  const x = (at: number) => LEFT + ((at - first.at) / span) * (WIDTH - LEFT - RIGHT)
  const y = (share: number) => TOP + (1 - (share - lowest) / (1 - lowest)) * (HEIGHT - TOP - BOTTOM)
  // The share holds until it changes: a step, not a slope.
  const line = shares
    .map(
      ({ at, share }, index) =>
        `${index === 0 ? 'M' : `H${x(at)} V`}${index === 0 ? `${x(at)} ` : ''}${y(share)}`,
    )
    .join(' ')
  const area = `${line} V${y(lowest)} H${x(first.at)} Z`
  const ticks = [lowest, (lowest + 1) / 2, 1]
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="strength-curve"
      role="img"
      aria-label={t('curve.label', {
        from: format.percent(first.share),
        to: format.percent(last.share),
        target: format.percent(last.target),
      })}
    >
      {ticks.map((share) => (
        <g key={share}>
          <path d={`M${LEFT} ${y(share)}H${WIDTH - RIGHT}`} stroke={palette.line} />
          <text x={LEFT - 6} y={y(share) + 4} textAnchor="end" fontSize="11" fill={palette.muted}>
            {format.percent(share)}
          </text>
        </g>
      ))}
      <path d={area} fill={palette.ok} opacity="0.14" />
      <path d={line} fill="none" stroke={palette.ok} strokeWidth="2.5" strokeLinejoin="round" />
      <path
        d={`M${LEFT} ${y(last.target)}H${WIDTH - RIGHT}`}
        stroke={palette.warn}
        strokeWidth="1.5"
        strokeDasharray="6 4"
      />
      <text x={WIDTH - RIGHT} y={y(last.target) + 13} textAnchor="end" fontSize="11" fill={palette.warn}>
        {t('strength.target', { target: format.percent(last.target) })}
      </text>
      <circle cx={x(last.at)} cy={y(last.share)} r="4" fill={palette.ok} />
      <text x={LEFT} y={HEIGHT - 5} fontSize="11" fill={palette.muted}>
        {format.clock(first.at)}
      </text>
      <text x={WIDTH - RIGHT} y={HEIGHT - 5} textAnchor="end" fontSize="11" fill={palette.muted}>
        {format.clock(first.at + span)}
      </text>
    </svg>
  )
}
