import { useTranslation } from 'react-i18next'
import type { RosterWords } from '../roster-words.ts'
import type { CellTone } from './looks.ts'

const TONES: readonly CellTone[] = ['desk', 'patrol', 'reserve', 'other', 'draw', 'leave', 'training', 'off']

/** What colours and marks mean, and which keys edit. */
export function Legend({ words, readOnly }: { words: RosterWords; readOnly: boolean }) {
  const { t } = useTranslation('roster')
  return (
    <ul className="month-legend" aria-label={t('legend.label')}>
      {TONES.map((tone) => (
        <li key={tone}>
          <span className="cell cell-swatch" data-tone={tone} aria-hidden>
            <span>{t(`mark.${tone}`)}</span>
          </span>
          {t(`option.${tone}`)}
        </li>
      ))}
      <li>
        <span className="cell cell-swatch" data-tone="patrol" data-night aria-hidden>
          <span>{words.language === 'en' ? 'N' : '夜'}</span>
        </span>
        {t('legend.night')}
      </li>
      <li>
        <span className="cell cell-swatch" data-tone="off" data-broken aria-hidden />
        {t('legend.broken')}
      </li>
      <li>
        <span className="cell cell-swatch" data-tone="off" data-missing aria-hidden>
          <span>{t('mark.missing')}</span>
        </span>
        {t('legend.missing')}
      </li>
      {!readOnly && (
        <>
          <li>
            <span className="cell cell-swatch" data-tone="off" data-pending aria-hidden />
            {t('legend.pending')}
          </li>
          <li className="month-keys">{t('legend.keys')}</li>
        </>
      )}
    </ul>
  )
}
