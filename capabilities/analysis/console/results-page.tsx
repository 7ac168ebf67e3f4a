import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../../foundation/ui/api/problem.ts'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { Empty, Failure, Loading, Stale } from '../../../foundation/ui/states/states.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import {
  resultsAddress,
  resultsQuery,
  type ResultsAsked,
  type ResultsShown,
  type SpanShown,
} from './results-api.ts'
import { ResultsFilters, stepped } from './results-filters.tsx'
import { ResultsTable } from './results-table.tsx'
import './results.css'

const DAY_MILLISECONDS = 86_400_000

/** Whether what was done helped: counts beside last year and the period before, with what chance explains. */
export function ResultsPage({ orders }: { orders: (period: SpanShown) => ReactNode }) {
  const { t, i18n } = useTranslation('analysis')
  const format = useFormat()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/results' })
  const asked: ResultsAsked = {
    ...search,
    period: search.period ?? 'month',
    from: search.from ?? format.moment(serverNow() - DAY_MILLISECONDS).slice(0, 10),
  }
  const ask = (next: ResultsAsked) => void navigate({ to: '/results', search: { ...next }, replace: true })
  const results = useQuery(resultsQuery(asked))
  const group = 'analysis:results.keys.group'
  useShortcuts([
    { keys: ']', label: 'analysis:results.keys.later', group, run: () => ask(stepped(asked, 1)) },
    { keys: '[', label: 'analysis:results.keys.earlier', group, run: () => ask(stepped(asked, -1)) },
  ])
  return (
    <div className="page results">
      <div className="page-head">
        <h1>{t('results.title')}</h1>
        <span className="muted results-intro">{t('results.intro')}</span>
        <span className="push results-exports">
          <Link to="/feedback-guard">{t('results.guard')}</Link>
          <a href={resultsAddress('csv', asked, i18n.language)} download>
            {t('results.export.csv')}
          </a>
          <a href={resultsAddress('pdf', asked, i18n.language)} download>
            {t('results.export.pdf')}
          </a>
          <Button size="small" onClick={() => window.print()}>
            {t('results.export.print')}
          </Button>
        </span>
      </div>
      <p className="results-printed">{t('results.printed', { at: format.moment(serverNow()) })}</p>
      <section className="panel" aria-label={t('results.of-places')}>
        <div className="panel-head">
          <h2>{t('results.of-places')}</h2>
          {results.isFetching && results.data !== undefined && (
            <span className="muted" role="status">
              {t('results.computing')}
            </span>
          )}
        </div>
        <ResultsFilters
          asked={asked}
          places={results.data?.places ?? []}
          categories={results.data?.categories ?? []}
          onChange={ask}
        />
        <Answered query={results} asked={asked} />
      </section>
      {results.data && orders(results.data.asked)}
    </div>
  )
}

interface Answer {
  readonly data: ResultsShown | undefined
  readonly error: unknown
  readonly isPending: boolean
  readonly dataUpdatedAt: number
  refetch(): unknown
}

/** A refusal says what to ask otherwise; an older answer is not shown for it. */
function Answered({ query, asked }: { query: Answer; asked: ResultsAsked }) {
  const { t } = useTranslation('analysis')
  const { data, error } = query
  const { code } = problemOf(error)
  if (error != null && code === 'results-without-history') return <Empty text={t('results.empty')} />
  if (error != null && (data === undefined || code?.startsWith('results-')))
    return <Failure error={error} retry={() => void query.refetch()} />
  if (data === undefined) return <Loading rows={12} />
  if (data.rows.length === 0) return <Empty text={t('results.none')} />
  return (
    <>
      {error != null && <Stale at={query.dataUpdatedAt} retry={() => void query.refetch()} />}
      <Notes results={data} />
      <ResultsTable key={`${asked.by} ${asked.category}`} asked={asked} results={data} />
      <p className="results-foot muted">
        {t('results.tests', { tests: data.tests })} {t('results.bar-scale')}
      </p>
    </>
  )
}

function Notes({ results }: { results: ResultsShown }) {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  const { counted, rows, notes } = results
  return (
    <div className="results-notes">
      <p>
        <strong>{t('results.counted', { ...counted })}</strong>
        {rows[0]!.compared.map(({ comparison, span }) => (
          <span key={comparison}>
            {' · '}
            {t(`results.against.${comparison}`, { ...span })}
          </span>
        ))}
      </p>
      {notes.length > 0 && (
        <ul>
          {notes.map(({ note, values }) => (
            <li key={note}>
              <span aria-hidden>▲</span>{' '}
              {t(
                `results.note.${note}`,
                Object.fromEntries(
                  Object.entries(values).map(([name, value]) => [
                    name,
                    typeof value === 'number' ? number(value) : value,
                  ]),
                ),
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
