import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { slotOf, type RhythmShare } from '../core/index.ts'
import type { ShiftShown } from './analysis-api.ts'

const WIDTH = 280
const HEIGHT = 56
const HOUR = 3_600_000

/** A stop's week, slot by slot from Monday on, with the shift marked. */
export function RhythmChart({
  rhythm,
  shift,
  timeZone,
}: {
  rhythm: RhythmShare
  shift: ShiftShown
  timeZone: string
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const { profile } = rhythm
  if (profile.length === 0) return <p className="muted">{t('rhythm.none')}</p>
  const most = Math.max(...profile, 1e-9)
  const bar = WIDTH / profile.length
  const inShift = slotsOf(shift, timeZone, profile.length)
  return (
    <figure className="analysis-rhythm">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 14}`} role="img" aria-label={t('rhythm.label')}>
        {profile.map((share, slot) => {
          const height = (share / most) * HEIGHT
          return (
            <rect
              key={slot}
              x={slot * bar + 1}
              y={HEIGHT - height}
              width={bar - 2}
              height={Math.max(height, 1)}
              data-shift={inShift.has(slot)}
            />
          )
        })}
        <line
          x1={0}
          x2={WIDTH}
          y1={HEIGHT - HEIGHT / profile.length / most}
          y2={HEIGHT - HEIGHT / profile.length / most}
        />
        {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
          <text key={weekday} x={((weekday - 0.5) * WIDTH) / 7} y={HEIGHT + 12} textAnchor="middle">
            {t(`weekday.${weekday}`)}
          </text>
        ))}
      </svg>
      <figcaption>
        {t('rhythm.says', {
          share: format.percent(rhythm.shareOfWeek, 1),
          even: format.percent(rhythm.evenShare, 1),
        })}
      </figcaption>
    </figure>
  )
}

function slotsOf({ fromAt, untilAt }: ShiftShown, timeZone: string, slots: number): ReadonlySet<number> {
  const found = new Set<number>()
  for (let at = Date.parse(fromAt); at < Date.parse(untilAt); at += HOUR)
    found.add(slotOf(at, timeZone, slots))
  return found
}
