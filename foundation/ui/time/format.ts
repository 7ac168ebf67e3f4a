import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { createStore, useStore } from '../store/store.ts'
import { momentOf } from './age.ts'

/** The district's time zone (IANA). Every wall clock on every screen is this one, wherever the desk stands. */
export const districtTimeZone = createStore<string | undefined>(undefined)

export interface Format {
  /** 2016-08-01 14:05:09 */
  moment(at: string | number | null | undefined): string
  /** 08-01 14:05 */
  short(at: string | number | null | undefined): string
  /** 14:05:09 */
  clock(at: string | number | null | undefined): string
  number(value: number | null | undefined, digits?: number): string
  percent(share: number | null | undefined, digits?: number): string
  /** 320 m, 2.4 km */
  distance(metres: number | null | undefined): string
}

const NONE = '—'

export function makeFormat(language: string, timeZone: string | undefined): Format {
  const zone = timeZone === undefined ? {} : { timeZone }
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const split = (at: string | number | null | undefined) => {
    const moment = momentOf(at)
    if (moment === null) return null
    return Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, value])) as Record<
      string,
      string
    >
  }
  const number = (value: number | null | undefined, digits = 0) =>
    value === null || value === undefined || !Number.isFinite(value)
      ? NONE
      : new Intl.NumberFormat(language, {
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
        }).format(value)
  return {
    number,
    moment(at) {
      const p = split(at)
      return p ? `${p['year']}-${p['month']}-${p['day']} ${p['hour']}:${p['minute']}:${p['second']}` : NONE
    },
    short(at) {
      const p = split(at)
      return p ? `${p['month']}-${p['day']} ${p['hour']}:${p['minute']}` : NONE
    },
    clock(at) {
      const p = split(at)
      return p ? `${p['hour']}:${p['minute']}:${p['second']}` : NONE
    },
    percent: (share, digits = 0) =>
      share === null || share === undefined || !Number.isFinite(share)
        ? NONE
        : `${number(share * 100, digits)}%`,
    distance: (metres) =>
      metres === null || metres === undefined || !Number.isFinite(metres)
        ? NONE
        : metres < 1000
          ? `${number(Math.round(metres / 10) * 10)} m`
          : `${number(metres / 1000, 1)} km`,
  }
}

/** Numbers and moments in the language of the screen and the time zone of the district. */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  const timeZone = useStore(districtTimeZone)
  return useMemo(() => makeFormat(i18n.language, timeZone), [i18n.language, timeZone])
}
