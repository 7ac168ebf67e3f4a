import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { Outcome } from '../core/index.ts'

interface Done {
  readonly visits: number
  readonly seconds: number
  readonly askedVisits: number
  readonly askedSeconds: number
}

/** Visits and minutes against what was asked; the figures stand beside the bars. */
export function ComplianceBars({ visits, seconds, askedVisits, askedSeconds }: Done) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const minutes = Math.floor(seconds / 60)
  const askedMinutes = Math.round(askedSeconds / 60)
  return (
    <div className="compliance">
      <Bar
        label={t('compliance.visits')}
        value={visits}
        most={askedVisits}
        text={t('compliance.of-visits', { count: visits, asked: askedVisits })}
      />
      <Bar
        label={t('compliance.minutes')}
        value={minutes}
        most={askedMinutes}
        text={t('compliance.of-minutes', {
          minutes: format.number(minutes),
          asked: format.number(askedMinutes),
        })}
      />
    </div>
  )
}

function Bar({ label, value, most, text }: { label: string; value: number; most: number; text: string }) {
  const share = most === 0 ? 0 : Math.min(1, value / most)
  return (
    <div
      className="compliance-row"
      role="meter"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={Math.max(most, value)}
      aria-valuetext={text}
    >
      <span className="compliance-bar" data-met={share >= 1}>
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span className="compliance-text">{text}</span>
    </div>
  )
}

const SIGNS: Readonly<Record<Outcome, string>> = {
  upcoming: '○',
  'under-way': '◔',
  done: '✓',
  partly: '◑',
  'not-done': '✕',
  'cannot-be-told': '？',
}

/** How an occurrence came out: a sign and a word, never colour alone. */
export function OutcomeText({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation('patrol')
  return (
    <span className="order-outcome" data-outcome={outcome}>
      <span aria-hidden>{SIGNS[outcome]}</span> {t(`outcome.${outcome}`)}
    </span>
  )
}
