import { useTranslation } from 'react-i18next'
import { ageOf, momentOf } from './age.ts'
import { useNow } from './clock.ts'
import { useFormat } from './format.ts'

/** How long ago, ticking; the full moment on hover. */
export function AgeText({ at, suffix = true }: { at: string | number | null | undefined; suffix?: boolean }) {
  const { t } = useTranslation('ui')
  const now = useNow()
  const format = useFormat()
  const moment = momentOf(at)
  if (moment === null) return <span className="age">{t('age.never')}</span>
  const age = ageOf(now - moment)
  const text = t(`age.${age.key}`, { ...age })
  return (
    <time className="age" dateTime={new Date(moment).toISOString()} title={format.moment(moment)}>
      {suffix ? t('age.ago', { age: text }) : text}
    </time>
  )
}

/** A span of time as people say it. */
export function DurationText({ seconds }: { seconds: number | null | undefined }) {
  const { t } = useTranslation('ui')
  if (seconds === null || seconds === undefined) return <span className="age">—</span>
  const age = ageOf(seconds * 1000)
  return <span className="age">{t(`age.${age.key}`, { ...age })}</span>
}
