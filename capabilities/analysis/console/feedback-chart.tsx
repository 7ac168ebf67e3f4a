import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { FeedbackStep } from '../core/feedback-guard.ts'

const WIDTH = 720
const HEIGHT = 260
const LEFT = 40
const RIGHT = 84
const TOP = 10
const BOTTOM = 24
const DAYS = 365
const ALLOWED = 0.05

/** The first area's share of the forecast, day by day: ours within its band, the control beside it. */
export function FeedbackChart({
  guarded,
  naive,
}: {
  guarded: readonly FeedbackStep[]
  naive: readonly FeedbackStep[]
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const x = (day: number) => LEFT + (day / DAYS) * (WIDTH - LEFT - RIGHT)
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)
  const path = (steps: readonly FeedbackStep[]) =>
    steps
      .map(
        ({ day, forecastShare }, n) =>
          `${n === 0 ? 'M' : 'L'}${x(day).toFixed(1)} ${y(forecastShare).toFixed(1)}`,
      )
      .join('')
  const [oursLast, naiveLast] = [guarded.at(-1), naive.at(-1)]
  const isClose = oursLast && naiveLast && Math.abs(oursLast.forecastShare - naiveLast.forecastShare) < 0.06
  const ours =
    (oursLast?.forecastShare ?? 0.5) +
    (isClose && oursLast!.forecastShare >= naiveLast!.forecastShare ? 0.03 : 0)
  const beside =
    (naiveLast?.forecastShare ?? 0.5) -
    (isClose && oursLast!.forecastShare >= naiveLast!.forecastShare ? 0.03 : 0)
  return (
    <svg className="guard-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('guard.chart')}>
      <rect
        className="guard-band"
        x={LEFT}
        width={WIDTH - LEFT - RIGHT}
        y={y(0.5 + ALLOWED)}
        height={y(0.5 - ALLOWED) - y(0.5 + ALLOWED)}
      />
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share} className="guard-grid">
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(share)} y2={y(share)} />
          <text x={LEFT - 6} y={y(share) + 4} textAnchor="end">
            {format.percent(share)}
          </text>
        </g>
      ))}
      {[0, 91, 182, 273, 364].map((day) => (
        <text key={day} className="guard-day" x={x(day)} y={HEIGHT - 6} textAnchor="middle">
          {t('guard.day', { day: day + 1 })}
        </text>
      ))}
      <path className="guard-naive" d={path(naive)} />
      <path className="guard-ours" d={path(guarded)} />
      {oursLast && (
        <text className="guard-ours-name" x={x(oursLast.day) + 6} y={y(ours) + 4}>
          {t('guard.ours')} {format.percent(oursLast.forecastShare)}
        </text>
      )}
      {naiveLast && (
        <text className="guard-naive-name" x={x(naiveLast.day) + 6} y={y(beside) + 4}>
          {t('guard.control')} {format.percent(naiveLast.forecastShare)}
        </text>
      )}
    </svg>
  )
}
