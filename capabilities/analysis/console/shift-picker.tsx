import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { PlannedHour } from '../core/index.ts'
import type { ShiftShown } from './analysis-api.ts'

const HOUR_MILLISECONDS = 3_600_000
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS

interface Span {
  readonly fromAt: string | number
  readonly untilAt: string | number
}

const isLong = ({ fromAt, untilAt }: Span) =>
  new Date(untilAt).getTime() - new Date(fromAt).getTime() >= DAY_MILLISECONDS

/** `08:00–16:00`; a day or more with its dates. */
export function useShiftHours() {
  const format = useFormat()
  return (span: Span) => {
    const { fromAt, untilAt } = span
    return isLong(span)
      ? `${format.short(fromAt)} – ${format.short(untilAt)}`
      : `${format.clock(fromAt).slice(0, 5)}–${format.clock(untilAt).slice(0, 5)}`
  }
}

/** A shift as a whole, or one hour of the day. */
export function ShiftPicker({
  shifts,
  hours,
  shift,
  hour,
  expected,
  onShift,
  onHour,
}: {
  shifts: readonly ShiftShown[]
  hours: readonly PlannedHour[]
  shift: number
  /** Position among the hours; null for the whole shift. */
  hour: number | null
  /** Of the hour, in all stops. */
  expected: number
  onShift: (shift: number) => void
  onHour: (hour: number) => void
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const text = useShiftHours()
  const plan = shifts[shift]!
  const whole = t(isLong(plan) ? 'hour.whole' : 'hour.whole-shift')
  const isDays = hours.length > 48
  const hourText = (of: PlannedHour) => text({ fromAt: of.fromAt, untilAt: of.fromAt + HOUR_MILLISECONDS })
  return (
    <div className="analysis-shift">
      <div className="analysis-shifts" role="group" aria-label={t('shift')}>
        {shifts.map((each, position) => (
          <button
            key={each.fromAt}
            type="button"
            aria-pressed={position === shift && hour === null}
            data-current={position === shift}
            onClick={() => onShift(position)}
          >
            {text(each)}
          </button>
        ))}
      </div>
      <label htmlFor="analysis-hour">
        {t('hour.label')} <strong>{hour === null ? whole : hourText(hours[hour]!)}</strong>{' '}
        <span className="muted">
          {format.short(hour === null ? plan.fromAt : hours[hour]!.fromAt).slice(0, 5)}
        </span>
      </label>
      <input
        id="analysis-hour"
        type="range"
        min={0}
        max={Math.max(0, hours.length - 1)}
        step={1}
        value={
          hour ??
          Math.max(
            0,
            hours.findIndex((each) => each.shift === shift),
          )
        }
        aria-valuetext={hour === null ? `${whole} ${text(plan)}` : hourText(hours[hour]!)}
        onChange={(event) => onHour(Number(event.target.value))}
      />
      <div className="analysis-ticks" aria-hidden>
        {[0, 0.25, 0.5, 0.75, 1].map((share) => {
          const at = hours[Math.round(share * (hours.length - 1))]
          return (
            <span key={share}>
              {at && (isDays ? format.short(at.fromAt).slice(0, 5) : format.clock(at.fromAt).slice(0, 2))}
            </span>
          )
        })}
      </div>
      <p className="muted">
        {hour === null
          ? t('sum', {
              stops: plan.stops.length,
              expected: format.number(plan.expected, 1),
              low: format.number(plan.low),
              high: format.number(plan.high),
            })
          : t('hour.sum', { stops: plan.stops.length, expected: format.number(expected, 2) })}
      </p>
    </div>
  )
}
