import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../api/problem.ts'
import { useProblemText } from '../i18n/problem-text.ts'
import { AgeText } from '../time/age-text.tsx'
import './states.css'

/** Grey bars in the shape of what comes, so that nothing jumps when it does. */
export function Loading({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation('ui')
  return (
    <div className="state-loading" role="status" aria-label={t('state.loading')}>
      <Skeleton active={false} title={false} paragraph={{ rows }} />
    </div>
  )
}

/** Nothing is there, and what one would do next. */
export function Empty({ text, action }: { text: string; action?: ReactNode }) {
  return (
    <div className="state-empty">
      <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden>
        <path
          d="M4 7h16M4 12h10M4 17h6"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
          fill="none"
        />
      </svg>
      <p>{text}</p>
      {action}
    </div>
  )
}

/** What failed, in words, and the way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation('ui')
  const { text, fields } = useProblemText()(error)
  const { requestId } = problemOf(error)
  return (
    <div className="state-failure" role="alert">
      <strong>{text}</strong>
      {fields.length > 0 && (
        <ul>
          {fields.map((each) => (
            <li key={each.field}>
              <code>{each.field}</code> {each.text}
            </li>
          ))}
        </ul>
      )}
      {requestId !== undefined && <p className="faint mono">{t('state.request', { requestId })}</p>}
      {retry && (
        <Button size="small" onClick={retry}>
          {t('state.retry')}
        </Button>
      )}
    </div>
  )
}

interface Readable<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly isPending: boolean
  readonly dataUpdatedAt: number
  refetch(): unknown
}

/**
 * Shows what a query read: its skeleton, its failure, its emptiness or its content. Content that could not be read
 * again stays, with a badge that says how old it is.
 */
export function Shown<T>({
  query,
  rows,
  empty,
  isEmpty,
  children,
}: {
  query: Readable<T>
  rows?: number
  empty?: ReactNode
  isEmpty?: (data: T) => boolean
  children: (data: T) => ReactNode
}) {
  if (query.data === undefined) {
    if (query.isPending && !query.error) return <Loading {...(rows === undefined ? {} : { rows })} />
    return <Failure error={query.error} retry={() => void query.refetch()} />
  }
  if (empty !== undefined && (isEmpty ?? isNothing)(query.data)) return empty
  return (
    <>
      {query.error != null && <Stale at={query.dataUpdatedAt} retry={() => void query.refetch()} />}
      {children(query.data)}
    </>
  )
}

function isNothing(data: unknown): boolean {
  return Array.isArray(data) && data.length === 0
}

/** Says that what is shown is old, how old, and offers to read it again. */
export function Stale({ at, retry }: { at: number; retry?: () => void }) {
  const { t } = useTranslation('ui')
  return (
    <div className="state-stale" role="status">
      <span aria-hidden>⟳</span> {t('state.stale')} <AgeText at={at} />
      {retry && (
        <Button type="link" size="small" onClick={retry}>
          {t('state.retry')}
        </Button>
      )}
    </div>
  )
}
