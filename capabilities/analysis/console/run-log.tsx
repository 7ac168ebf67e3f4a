import { useTranslation } from 'react-i18next'
import { DurationText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { RunRow } from './analysis-api.ts'

const MARKS = { running: '◌', done: '✓', failed: '✕' } as const

/** Every run with its state and, where it failed, the cause. */
export function RunLogPanel({ runs, shownId }: { runs: readonly RunRow[]; shownId: string | null }) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  return (
    <section className="panel" aria-label={t('log.title')}>
      <div className="panel-head">
        <h2>{t('log.title')}</h2>
      </div>
      <ul className="analysis-log">
        {runs.map((run) => (
          <li key={run.id} data-state={run.state}>
            <span aria-hidden>{MARKS[run.state]}</span>
            <div>
              <strong>{run.day}</strong> {t(`cause.${run.cause}`)} · {t(`state.${run.state}`)}
              {run.id === shownId && <span className="analysis-shown"> {t('log.shown')}</span>}
              <div className="muted">
                {format.moment(run.startedAt)} · {run.cause === 'manual' ? run.accountName : t('by-itself')}
                {run.endedAt !== null && (
                  <>
                    {' · '}
                    <DurationText
                      seconds={Math.round((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000)}
                    />
                  </>
                )}
              </div>
              {run.failure && (
                <div className="analysis-cause">
                  {t(`failure.${run.failure.code}`)}
                  {run.failure.message !== null && <code> {run.failure.message}</code>}
                </div>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
