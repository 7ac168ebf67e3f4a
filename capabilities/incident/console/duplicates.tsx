import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Keys } from '../../../foundation/ui/keys/shortcuts.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { shownLevel, useTypeName, type DuplicateRow } from './incident-api.ts'
import { LevelMark } from './level-mark.tsx'

/** Incidents that may be the same one. A person decides; nothing merges by itself. */
export function Duplicates({
  suggestions,
  busy,
  onAttach,
}: {
  suggestions: readonly DuplicateRow[]
  busy: boolean
  onAttach: (incidentId: string) => void
}) {
  const { t } = useTranslation('incident')
  const typeName = useTypeName()
  const format = useFormat()
  if (suggestions.length === 0) return null
  return (
    <aside className="duplicates" aria-label={t('intake.duplicates', { count: suggestions.length })}>
      <h2>{t('intake.duplicates', { count: suggestions.length })}</h2>
      {suggestions.map(({ incident, score, reasons }, index) => (
        <div key={incident.id} className="duplicate">
          <LevelMark {...shownLevel(incident)} size={26} />
          <div>
            <strong>{typeName(incident.typeCode)}</strong>{' '}
            <span className="mono faint">{incident.number}</span> <AgeText at={incident.openedAt} />
            <div className="muted">
              {incident.address} ·{' '}
              {reasons
                .map(({ id, ...values }) =>
                  t(`duplicate.${id}`, {
                    distance: format.distance(values['distanceMetres'] as number),
                    minutes: Math.round(Number(values['apartSeconds'] ?? 0) / 60),
                  }),
                )
                .join(t('ui:list-separator'))}
            </div>
          </div>
          <span className="muted">{t('duplicate.score', { score: format.percent(score) })}</span>
          <Button disabled={busy} onClick={() => onAttach(incident.id)}>
            {t('intake.attach')} {index < 3 && <Keys keys={`alt+${index + 1}`} />}
          </Button>
        </div>
      ))}
    </aside>
  )
}
