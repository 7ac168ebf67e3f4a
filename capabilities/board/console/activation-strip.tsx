import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { openActivationQuery } from './board-api.ts'

/** A running activation in one line: how many have answered and come, and how long to the target. */
export function ActivationStrip() {
  const { t, i18n } = useTranslation('board')
  const activation = useQuery(openActivationQuery).data?.activation
  if (!activation) return null
  const live = activation.orders.filter(({ state }) => state !== 'withdrawn' && state !== 'closed')
  const arrived = live.filter(({ state }) => state === 'arrived').length
  const answered = live.filter(({ state }) => state !== 'ordered').length
  const { forecast } = activation
  return (
    <Link to="/activation" className="activation-strip">
      <span aria-hidden>◆</span>
      <strong>{i18n.language === 'en' ? activation.terms.nameEn : activation.terms.nameZh}</strong>
      <span>{t('strip.counts', { arrived, answered, ordered: live.length })}</span>
      <span className="push">
        {forecast?.kind === 'expected' && t('strip.minutes', { minutes: forecast.minutesToTarget })}
        {forecast?.kind === 'met' && `✓ ${t('strength.met')}`}
        {forecast?.kind === 'not-reachable' && `▲ ${t('strip.lacking', { count: forecast.short })}`} ·{' '}
        {t('activation.started')} <AgeText at={activation.startedAt} />
      </span>
    </Link>
  )
}
