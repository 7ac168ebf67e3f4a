import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { signedPercent } from '../core/result-wording.ts'
import type { ChangeShown } from './results-api.ts'

const WIDTH = 120
const HEIGHT = 18
/** A quarter to four times: what goes beyond is an arrow at the edge. */
const WIDEST = Math.log(4)

/** A change and its interval on a scale of times as many, no change in the middle. */
export function ChangeBar({ change, tone }: { change: ChangeShown; tone: 'fell' | 'rose' | 'neither' }) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  const { changePercent, lowPercent, highPercent } = change
  const percent = (value: number | null) => (value === null ? '∞' : signedPercent(value, number))
  const low = positionOf(lowPercent)
  const high = positionOf(highPercent)
  const middle = HEIGHT / 2
  return (
    <svg
      className="results-bar"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={t('results.bar', {
        change: percent(changePercent),
        low: percent(lowPercent),
        high: percent(highPercent),
      })}
      data-tone={tone}
    >
      <line className="results-bar-none" x1={WIDTH / 2} x2={WIDTH / 2} y1={1} y2={HEIGHT - 1} />
      <line className="results-bar-line" x1={low.x} x2={high.x} y1={middle} y2={middle} />
      {[low, high].map(({ x, beyond }, side) =>
        beyond ? (
          <path
            key={side}
            className="results-bar-end"
            d={
              side === 0
                ? `M${x + 5} ${middle - 4}L${x} ${middle}l5 4`
                : `M${x - 5} ${middle - 4}L${x} ${middle}l-5 4`
            }
          />
        ) : (
          <line key={side} className="results-bar-end" x1={x} x2={x} y1={middle - 4} y2={middle + 4} />
        ),
      )}
      {changePercent !== null && <circle cx={positionOf(changePercent).x} cy={middle} r={3.5} />}
    </svg>
  )
}

function positionOf(percent: number | null): { x: number; beyond: boolean } {
  const times = percent === null ? Infinity : Math.max(0, 1 + percent / 100)
  const log = Math.min(WIDEST, Math.max(-WIDEST, Math.log(times)))
  return { x: 4 + ((log + WIDEST) / (2 * WIDEST)) * (WIDTH - 8), beyond: Math.abs(Math.log(times)) > WIDEST }
}
