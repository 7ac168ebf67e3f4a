import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useTypeName } from '../../incident/console/index.tsx'
import type { TableVerdictKey } from '../core/result-table.ts'
import { signedPercent } from '../core/result-wording.ts'
import { ChangeBar } from './change-bar.tsx'
import { ResultDetail } from './result-detail.tsx'
import type { ComparedShown, ResultRowShown, ResultsAsked, ResultsShown } from './results-api.ts'

/** A sign beside the word: colour is never alone. */
const SIGNS: Readonly<Record<TableVerdictKey, string>> = {
  'result-fell': '▼',
  'result-rose': '▲',
  'result-cannot-be-told': '≈',
  'result-one-of-many': '≈',
  'result-explained-by-choice': '↩',
  'result-too-few': '·',
  'result-no-history': '·',
}

const toneOf = (verdict: TableVerdictKey) =>
  verdict === 'result-fell' ? 'fell' : verdict === 'result-rose' ? 'rose' : 'neither'

/** One row a place or category; opened, it says what is behind it. */
export function ResultsTable({ asked, results }: { asked: ResultsAsked; results: ResultsShown }) {
  const { t } = useTranslation('analysis')
  const [openKey, setOpenKey] = useState<string | null>(null)
  const nameOf = useRowName(results)
  const comparisons = results.rows[0]?.compared ?? []
  return (
    <table className="results-table" aria-label={t('results.table')}>
      <thead>
        <tr>
          <th scope="col">{t(asked.by === 'category' ? 'results.category' : 'results.place')}</th>
          <th scope="col" className="results-number">
            {t('results.count')}
          </th>
          {comparisons.map(({ comparison, span }) => (
            <th scope="col" key={comparison}>
              {t(`results.${comparison}`)} <small className="muted">{`${span.from} – ${span.last}`}</small>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {results.rows.map((row) => {
          const key = `${row.placeId} ${row.category}`
          const isOpen = key === openKey
          const name = nameOf(row)
          return (
            <Fragment key={key}>
              <tr data-open={isOpen}>
                <th scope="row">
                  <button
                    type="button"
                    aria-expanded={isOpen}
                    aria-label={t(isOpen ? 'results.hide' : 'results.show', { place: name.title })}
                    onClick={() => setOpenKey(isOpen ? null : key)}
                  >
                    <span aria-hidden className="results-twist">
                      {isOpen ? '▾' : '▸'}
                    </span>
                    <span>
                      {name.title}
                      {name.kind !== null && <small className="muted results-kind">{name.kind}</small>}
                    </span>
                  </button>
                </th>
                <CountCell row={row} />
                {row.compared.map((compared) => (
                  <ComparedCell key={compared.comparison} compared={compared} />
                ))}
              </tr>
              {isOpen && (
                <tr className="results-opened">
                  <td colSpan={2 + comparisons.length}>
                    <ResultDetail {...{ asked, row, tests: results.tests, counted: results.counted }} />
                  </td>
                </tr>
              )}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}

function CountCell({ row }: { row: ResultRowShown }) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  return (
    <td className="results-number" data-label={t('results.count')}>
      <strong>{number(row.count)}</strong>
      <small className="muted">{t('results.per-day', { number: number(row.perDay, 1) })}</small>
    </td>
  )
}

function ComparedCell({ compared }: { compared: ComparedShown }) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  const { comparison, before, verdict, judged } = compared
  const tone = toneOf(verdict)
  return (
    <td data-label={t(`results.${comparison}`)}>
      <div className="results-compared">
        <span className="results-tag" data-tone={tone}>
          <span aria-hidden>{SIGNS[verdict]}</span> {t(`results.tag.${verdict}`)}
        </span>
        {judged && <ChangeBar change={judged.change} tone={tone} />}
        <span className="results-change">
          {judged && judged.change.changePercent !== null && (
            <strong>{signedPercent(judged.change.changePercent, number)}</strong>
          )}
          {before !== null && (
            <small className="muted">{t('results.before', { before: number(before) })}</small>
          )}
        </span>
      </div>
    </td>
  )
}

/** The place, or the category where rows are categories. */
function useRowName(results: ResultsShown): (row: ResultRowShown) => { title: string; kind: string | null } {
  const { t } = useTranslation('analysis')
  const typeName = useTypeName()
  const places = new Map(results.places.map((place) => [place.id, place]))
  const isByCategory = results.rows.some(({ category }) => category !== results.rows[0]!.category)
  return ({ placeId, category }) => {
    if (isByCategory)
      return { title: category === null ? t('results.all-categories') : typeName(category), kind: null }
    const place = places.get(placeId)!
    return place.kind === 'district'
      ? { title: t('results.district'), kind: null }
      : { title: place.name, kind: t(`results.kind.${place.kind}`) }
  }
}
