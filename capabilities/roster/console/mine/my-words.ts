import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { getDayNumber, weekdayOfDay } from '../../../../foundation/core/day.ts'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import type { MyDay } from './mine-api.ts'

export interface MyWords {
  date(date: string): string
  /** Where: the post, or the patrol that one is drawn for. */
  place(day: Pick<MyDay, 'kind' | 'post' | 'draw' | 'shift'>): string
  hours(day: MyDay): string
}

/** Words of one's own days, which bring their names with them. */
export function useMyWords(): MyWords {
  const { t, i18n } = useTranslation('roster')
  const format = useFormat()
  return useMemo(() => {
    const of = (named: { nameZh: string; nameEn: string } | null) =>
      named === null ? '' : i18n.language === 'en' ? named.nameEn : named.nameZh
    const clock = (at: string | null) => (at === null ? '' : format.clock(at).slice(0, 5))
    return {
      date: (date) =>
        t('date', {
          month: Number(date.slice(5, 7)),
          day: Number(date.slice(8)),
          weekday: t(`weekday.${weekdayOfDay(getDayNumber(date))}`),
        }),
      place: ({ kind, post, draw }) =>
        kind === 'duty' ? of(draw) || of(post) || t('option.unknown') : t(`option.${kind}`),
      hours: ({ shift, startsAt, endsAt }) =>
        startsAt === null ? '' : `${of(shift)}　${clock(startsAt)}–${clock(endsAt)}`,
    }
  }, [t, i18n.language, format])
}
