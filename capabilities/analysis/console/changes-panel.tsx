import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useTypeName } from '../../incident/console/index.tsx'
import type { DayChanges, SeriesChange, StopChange, WarningChange } from '../core/index.ts'
import type { ShiftShown } from './analysis-api.ts'
import { useShiftHours } from './shift-picker.tsx'
import { useWarningName } from './warnings-panel.tsx'

const MARKS = {
  ...{ new: '＋', moved: '↔', gone: '－' },
  ...{ grown: '▲', quiet: '·', closed: '○', dropped: '－' },
  ...{ still: '·', over: '○' },
} as const

/** What is otherwise than on the day before: stops of the shift that is shown, series, warnings. */
export function ChangesPanel({
  changes,
  shifts,
  shift,
  onStop,
  onSeries,
  onWarning,
}: {
  changes: DayChanges | null
  shifts: readonly ShiftShown[]
  shift: number
  onStop: (rank: number) => void
  onSeries: (id: string) => void
  onWarning: (id: string) => void
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const typeName = useTypeName()
  const warningName = useWarningName()
  const hours = useShiftHours()
  if (changes === null) return <p className="muted analysis-lead">{t('changes.none')}</p>
  const shown = changes.shifts.find((each) => each.shift === shift)
  const count = (kind: StopChange['kind']) => (of: { stops: readonly StopChange[] }) =>
    of.stops.filter((each) => each.kind === kind).length
  return (
    <>
      <p className="muted analysis-lead">
        {t(changes.before.isDayBefore ? 'changes.against' : 'changes.against-last', {
          day: changes.before.day,
        })}
      </p>
      <h3 className="analysis-subhead">{t('stops')}</h3>
      {changes.shifts.length === 0 ? (
        <p className="muted analysis-lead">{t('changes.other-shifts')}</p>
      ) : (
        <table className="analysis-changes">
          <thead>
            <tr>
              <th scope="col">{t('shift')}</th>
              <th scope="col">{t('changes.expected')}</th>
              {(['new', 'moved', 'gone'] as const).map((kind) => (
                <th key={kind} scope="col">
                  {t(`stop-change.${kind}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {changes.shifts.map((each) => (
              <tr key={each.shift} data-current={each.shift === shift}>
                <th scope="row">{hours(shifts[each.shift]!)}</th>
                <td>
                  {format.number(each.expectedBefore, 1)} → {format.number(each.expected, 1)}
                </td>
                <td>{count('new')(each)}</td>
                <td>{count('moved')(each)}</td>
                <td>{count('gone')(each)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown && shown.stops.length > 0 && (
        <ul className="analysis-news">
          {shown.stops.map((change, n) => (
            <li key={n}>
              <span aria-hidden>{MARKS[change.kind]}</span>
              {change.kind === 'gone' ? (
                <span>{t('changes.stop-gone', { rank: change.rankBefore })}</span>
              ) : (
                <button type="button" className="analysis-link" onClick={() => onStop(change.rank)}>
                  {change.kind === 'new'
                    ? t('changes.stop-new', {
                        rank: change.rank,
                        expected: format.number(change.expected, 2),
                      })
                    : t('changes.stop-moved', {
                        ...{ rank: change.rank, before: change.rankBefore },
                        metres: format.number(change.metres),
                      })}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <h3 className="analysis-subhead">{t('tab.series')}</h3>
      <News<SeriesChange>
        of={changes.series}
        text={(change) =>
          t(`series-change.${change.kind}`, {
            name: typeName(change.category),
            incidents: change.incidents,
            added: change.added,
            last: change.lastDate.slice(5),
          })
        }
        isGone={({ kind }) => kind === 'dropped'}
        onShow={onSeries}
      />
      <h3 className="analysis-subhead">{t('tab.warnings')}</h3>
      <News<WarningChange>
        of={changes.warnings}
        text={(change) =>
          t(`warning-change.${change.kind}`, {
            name: warningName(change),
            observed: format.number(change.observed),
            expected: format.number(change.expected, 1),
          })
        }
        isGone={({ kind }) => kind === 'over'}
        onShow={onWarning}
      />
    </>
  )
}

function News<Change extends SeriesChange | WarningChange>({
  of,
  text,
  isGone,
  onShow,
}: {
  of: readonly Change[] | null
  text: (change: Change) => string
  isGone: (change: Change) => boolean
  onShow: (id: string) => void
}) {
  const { t } = useTranslation('analysis')
  if (of === null) return <p className="muted analysis-lead">{t('changes.not-kept')}</p>
  if (of.length === 0) return <p className="muted analysis-lead">{t('changes.nothing')}</p>
  return (
    <ul className="analysis-news">
      {of.map((change) => (
        <li key={change.id}>
          <span aria-hidden>{MARKS[change.kind]}</span>
          {isGone(change) ? (
            <span>{text(change)}</span>
          ) : (
            <button type="button" className="analysis-link" onClick={() => onShow(change.id)}>
              {text(change)}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
