import type { TFunction } from 'i18next'
import { Button, Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ActiveHoursRow } from './place-api.ts'
import './place.css'

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]

const clock = (minute: number) =>
  minute === 1440
    ? '24:00'
    : `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const minuteOf = (text: string) => {
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  return hour * 60 + minute
}

/** When presence is required, in words. None means always. */
export function hoursText(hours: readonly ActiveHoursRow[], t: TFunction<'place'>): string {
  if (hours.length === 0) return t('hours.always')
  return hours
    .map(({ weekdays, fromMinute, untilMinute }) => {
      const days =
        weekdays.length === 0 || weekdays.length === 7
          ? t('hours.daily')
          : weekdays.map((day) => t(`hours.day.${day}`)).join('')
      return `${days} ${clock(fromMinute)}–${clock(untilMinute)}`
    })
    .join('；')
}

/** Spans of the day on weekdays; one that ends before it begins passes midnight. */
export function HoursField({
  value = [],
  onChange,
}: {
  value?: readonly ActiveHoursRow[]
  onChange?: (hours: readonly ActiveHoursRow[]) => void
}) {
  const { t } = useTranslation('place')
  const set = (index: number, change: Partial<ActiveHoursRow>) =>
    onChange?.(value.map((row, position) => (position === index ? { ...row, ...change } : row)))
  return (
    <div className="hours">
      {value.length === 0 && <span className="muted">{t('hours.always')}</span>}
      {value.map(({ weekdays, fromMinute, untilMinute }, index) => (
        <div key={index} className="hours-row">
          <input
            type="time"
            aria-label={t('hours.from')}
            value={clock(fromMinute)}
            onChange={(event) => set(index, { fromMinute: minuteOf(event.target.value) })}
          />
          –
          <input
            type="time"
            aria-label={t('hours.until')}
            value={clock(untilMinute)}
            onChange={(event) => set(index, { untilMinute: minuteOf(event.target.value) })}
          />
          <Checkbox.Group
            options={WEEKDAYS.map((day) => ({ value: day, label: t(`hours.day.${day}`) }))}
            value={weekdays.length === 0 ? WEEKDAYS : [...weekdays]}
            onChange={(days) => set(index, { weekdays: days.length === 7 ? [] : days.map(Number) })}
          />
          <Button
            type="text"
            size="small"
            aria-label={t('ui:action.remove')}
            onClick={() => onChange?.(value.filter((_, position) => position !== index))}
          >
            ✕
          </Button>
        </div>
      ))}
      <Button
        size="small"
        onClick={() => onChange?.([...value, { weekdays: [], fromMinute: 8 * 60, untilMinute: 22 * 60 }])}
      >
        {t('hours.add')}
      </Button>
    </div>
  )
}
