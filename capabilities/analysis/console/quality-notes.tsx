import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useTypeName } from '../../incident/console/index.tsx'
import type { RunNote } from '../core/index.ts'
import type { RunRow } from './analysis-api.ts'

/** What the run looked at, and what is odd about it. */
export function QualityNotes({ run }: { run: RunRow }) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const { figures, quality } = run
  return (
    <section className="panel" aria-label={t('quality.title')}>
      <div className="panel-head">
        <h2>{t('quality.title')}</h2>
      </div>
      <div className="panel-body">
        {figures && (
          <p>
            {t('quality.history', {
              incidents: format.number(figures.incidents),
              places: format.number(figures.places),
              first: figures.firstDate,
              last: figures.lastDate,
            })}{' '}
            {figures.learntFrom > 0
              ? t('quality.learnt', { incidents: format.number(figures.learntFrom) })
              : t('quality.not-learnt')}
          </p>
        )}
        {quality.length === 0 ? (
          <p className="muted">{t('quality.nothing-odd')}</p>
        ) : (
          <ul className="analysis-notes">
            {quality.map((note, position) => (
              <li key={position}>
                <Note note={note} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function Note({ note }: { note: RunNote }) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const typeName = useTypeName()
  const { at } = note
  const where =
    at === undefined
      ? ''
      : 'category' in at
        ? typeName(at.category)
        : 'date' in at
          ? at.date
          : `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}`
  return (
    <>
      {t(`finding.${note.finding}`, {
        number: format.number(note.count),
        share: format.percent(note.share, 1),
        where,
      })}
    </>
  )
}
