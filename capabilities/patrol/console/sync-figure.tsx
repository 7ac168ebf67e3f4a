import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { MinuteFigures, SyncFigures } from '../core/index.ts'
import type { OutcomeShown } from './sync-api.ts'

const ROWS = ['random', 'overlap', 'bestPlaces', 'bestHours', 'even'] as const

/** The figure, and beside it what says how good it is: chance below it, the same hours better used above. */
export function SyncFigure({
  figures,
  isRunning,
  lastHour,
}: {
  figures: SyncFigures
  isRunning: boolean
  lastHour: OutcomeShown | null
}) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const isPlaceWorse = figures.byPlace <= figures.byHour
  return (
    <section className="panel sync-figure" aria-label={t('sync.figure')}>
      <p className="sync-number">{format.percent(figures.overlap, 1)}</p>
      <p>{t(isRunning ? 'sync.since-midnight' : 'sync.whole-day')}</p>
      {lastHour && (
        <p className="muted">
          {t('sync.last-hour')}{' '}
          <strong>
            {lastHour.figures
              ? format.percent(lastHour.figures.overlap, 1)
              : t(`sync.short.${lastHour.state}`)}
          </strong>
        </p>
      )}
      <dl className="sync-bars">
        {ROWS.map((row) => (
          <div key={row} data-row={row}>
            <dt>{t(`sync.row.${row}`)}</dt>
            <dd>
              <span className="sync-bar" aria-hidden>
                <span style={{ width: `${figures[row] * 100}%` }} />
              </span>
              <span>{format.percent(figures[row], 1)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <h3>{t('sync.why')}</h3>
      <dl className="sync-bars">
        {(['byPlace', 'byHour'] as const).map((row) => (
          <div key={row} data-row={row}>
            <dt>{t(`sync.row.${row}`)}</dt>
            <dd>
              <span className="sync-bar" aria-hidden>
                <span style={{ width: `${figures[row] * 100}%` }} />
              </span>
              <span>{format.percent(figures[row], 1)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p>{t(isPlaceWorse ? 'sync.place-worse' : 'sync.hour-worse')}</p>
    </section>
  )
}

/** Where the units' time went: only the first row is what the index is made of. */
export function MinutesTable({ minutes }: { minutes: MinuteFigures }) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const rows = [
    ['patrol', minutes.patrolMinutes],
    ['untracked', minutes.untrackedMinutes],
    ['incident', minutes.incidentMinutes],
    ['inspection', minutes.inspectionMinutes],
  ] as const
  return (
    <section className="panel" aria-label={t('sync.minutes.title')}>
      <div className="panel-head">
        <h2>{t('sync.minutes.title')}</h2>
      </div>
      <div className="panel-body">
        <table className="sync-table">
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name} data-counts={name === 'patrol'}>
                <th scope="row">{t(`sync.minutes.${name}`)}</th>
                <td>{t('sync.minutes.hours', { hours: format.number(value / 60, 1) })}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="muted">{t('sync.minutes.units', { units: format.number(minutes.units) })}</p>
      </div>
    </section>
  )
}
