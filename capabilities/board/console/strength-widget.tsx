import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { StrengthLine } from '../core/index.ts'
import { openActivationQuery, strengthQuery } from './board-api.ts'
import { StrengthNames } from './strength-names.tsx'
import './board.css'

/**
 * Street strength with its numerator and denominator; both open to the names behind them. While a level is
 * in force, its own target and those it covers count.
 */
export function StrengthWidget() {
  const { t } = useTranslation('board')
  const strength = useQuery(strengthQuery)
  const activation = useQuery(openActivationQuery).data?.activation
  const [names, setNames] = useState<'on-street' | 'available' | null>(null)
  return (
    <section className="strength" aria-label={t('strength.title')}>
      <Shown query={strength} rows={2}>
        {(data) => (
          <>
            <StrengthFigure line={activation?.forecast?.strength ?? data.total} onNames={setNames} />
            {names !== null && <StrengthNames strength={data} first={names} onClose={() => setNames(null)} />}
          </>
        )}
      </Shown>
    </section>
  )
}

export function StrengthFigure({
  line,
  onNames,
}: {
  line: StrengthLine
  onNames?: (which: 'on-street' | 'available') => void
}) {
  const { t } = useTranslation('board')
  const format = useFormat()
  const target = line.target.numerator / line.target.denominator
  const met = line.gap === 0 && line.available > 0
  return (
    <div className="strength-figure" data-met={met}>
      <div className="strength-top">
        <span className="strength-title">{t('strength.title')}</span>
        <span className="strength-state">
          {met ? `✓ ${t('strength.met')}` : `▼ ${t('strength.short', { count: line.gap })}`}
        </span>
      </div>
      <div className="strength-numbers">
        <strong>{format.percent(line.share, line.share === 1 ? 0 : 1)}</strong>
        <span className="strength-fraction">
          <button
            type="button"
            onClick={() => onNames?.('on-street')}
            disabled={!onNames}
            title={t('strength.on-street')}
          >
            {line.onStreet}
          </button>
          <i aria-hidden>/</i>
          <button
            type="button"
            onClick={() => onNames?.('available')}
            disabled={!onNames}
            title={t('strength.available')}
          >
            {line.available}
          </button>
        </span>
      </div>
      <div
        className="strength-bar"
        role="img"
        aria-label={t('strength.bar', { share: format.percent(line.share), target: format.percent(target) })}
      >
        <i style={{ width: `${(line.share ?? 0) * 100}%` }} />
        <b style={{ left: `${target * 100}%` }} />
      </div>
      <div className="strength-legend">
        <span>{t('strength.formula')}</span>
        <span>{t('strength.target', { target: format.percent(target) })}</span>
      </div>
    </div>
  )
}
