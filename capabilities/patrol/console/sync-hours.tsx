import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import type { HourFigure } from '../core/index.ts'
import { hoursText } from './hours-text.ts'

/** Hour by hour: of the day's risk, of its patrol, and how much risk nobody covered. The darker, the more. */
export function SyncHours({
  hours,
  hour,
  onHour,
}: {
  hours: readonly HourFigure[]
  hour: number
  onHour: (hour: number) => void
}) {
  const { t } = useTranslation('patrol')
  const format = useFormat()
  const rows = hours
    .filter(({ risk, presence }) => risk > 0 || presence > 0)
    .map((each) => ({
      ...each,
      lack: Math.max(0, each.risk - each.overlap),
      more: Math.max(0, each.presence - each.overlap),
    }))
  const most = Math.max(...rows.flatMap(({ lack, more }) => [lack, more]), 1e-9)
  const heat = (share: number) => ({ '--heat': `${Math.round((share / most) * 55)}%` }) as React.CSSProperties
  return (
    <section className="panel" aria-label={t('sync.hours.title')}>
      <div className="panel-head">
        <h2>{t('sync.hours.title')}</h2>
      </div>
      <div className="panel-body">
        <table className="sync-table sync-heat">
          <thead>
            <tr>
              {['hour', 'risk', 'presence', 'lack', 'more'].map((column) => (
                <th key={column} scope="col">
                  {t(`sync.hours.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.hour} data-current={row.hour === hour}>
                <th scope="row">
                  <button type="button" aria-pressed={row.hour === hour} onClick={() => onHour(row.hour)}>
                    {hoursText(row.hour)}
                  </button>
                </th>
                <td>{format.percent(row.risk, 1)}</td>
                <td>{format.percent(row.presence, 1)}</td>
                <td data-heat="lack" style={heat(row.lack)}>
                  {format.number(row.lack * 100, 1)}
                </td>
                <td data-heat="more" style={heat(row.more)}>
                  {format.number(row.more * 100, 1)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="muted">{t('sync.hours.says')}</p>
      </div>
    </section>
  )
}
