import { useTranslation } from 'react-i18next'
import type { SyncSetting } from '../core/index.ts'

const DEFAULT_CELL_METRES = 250

/** The measure in plain words, and what it is not. */
export function SyncExplained({ setting, cellMetres }: { setting: SyncSetting; cellMetres: number | null }) {
  const { t } = useTranslation('patrol')
  const values = {
    minutes: setting.visitMinutes,
    units: setting.leastUnits,
    metres: cellMetres ?? DEFAULT_CELL_METRES,
  }
  return (
    <section className="panel" aria-label={t('sync.explained.title')}>
      <div className="panel-head">
        <h2>{t('sync.explained.title')}</h2>
      </div>
      <div className="panel-body sync-explained">
        <p>{t('sync.explained.what', values)}</p>
        <h3>{t('sync.explained.how-title')}</h3>
        <ul>
          {['patrol', 'gaps', 'area', 'yardstick', 'better', 'hidden'].map((point) => (
            <li key={point}>{t(`sync.explained.how.${point}`, values)}</li>
          ))}
        </ul>
        <h3>{t('sync.explained.not-title')}</h3>
        <ul>
          {['persons', 'target', 'effect', 'found'].map((point) => (
            <li key={point}>{t(`sync.explained.not.${point}`)}</li>
          ))}
        </ul>
      </div>
    </section>
  )
}
