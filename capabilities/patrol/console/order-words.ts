import { useTranslation } from 'react-i18next'
import type { Dosage, Evidence, TimeBand } from '../core/index.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'

/** `20:00`; a minute past midnight is the next day's. */
export function clockOfMinute(minute: number): string {
  const ofDay = minute === 1440 ? 1440 : minute % 1440
  return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`
}

/** What an order says, in words. */
export function useOrderWords() {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const weekdays = (days: readonly number[]) =>
    days.length === 0 || days.length === 7
      ? t('order.every-day')
      : days
          .toSorted((a, b) => a - b)
          .map((day) => t(`weekday.${day}`))
          .join(t('ui:list-separator'))
  return {
    weekdays,
    band({ fromMinute, untilMinute, weekdays: days }: TimeBand): string {
      const until = clockOfMinute(untilMinute)
      const hours = `${clockOfMinute(fromMinute)}–${untilMinute > 1440 ? t('order.next-day', { clock: until }) : until}`
      return `${hours} · ${weekdays(days)}`
    },
    dosage: ({ visits, minutesPerVisit }: Dosage) => t('order.dosage', { visits, minutes: minutesPerVisit }),
    evidence(one: Evidence): string {
      switch (one.kind) {
        case 'stop':
          return t('evidence.stop', {
            rank: one.rank,
            shift: one.shift + 1,
            expected: format.number(one.expected, 2),
            low: format.number(one.low),
            high: format.number(one.high),
          })
        case 'series':
          return t('evidence.series', { text: one.summary || one.seriesId })
        case 'warning':
          return t('evidence.warning', { text: one.summary || one.warningId })
        case 'written':
          return one.text
      }
    },
  }
}
