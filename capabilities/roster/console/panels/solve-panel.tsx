import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Checkbox, InputNumber, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { live } from '../../../../foundation/ui/live/live.ts'
import { Shown } from '../../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import type { RuleConflict } from '../../core/index.ts'
import { solvingQuery, type RosterHead, type SolvingRow } from '../roster-api.ts'
import type { RosterWords } from '../roster-words.ts'
import { gapOf } from './gap.ts'

const USUAL_SECONDS = 30
const MOST_SECONDS = 600

/** Lets the solver make the month: for how long, how far it is, how good at the least, and why it cannot. */
export function SolvePanel({
  roster,
  words,
  published,
  pending,
  version,
}: {
  roster: RosterHead
  version: number
  words: RosterWords
  /** The published roster of these days, to stay close to. */
  published: RosterHead | null
  /** Edits that are not saved: a solve would overwrite them. */
  pending: number
}) {
  const { t } = useTranslation('roster')
  const queries = useQueryClient()
  const [seconds, setSeconds] = useState(USUAL_SECONDS)
  const [isClose, setClose] = useState(published !== null)
  const query = solvingQuery(roster.id)
  const solving = useQuery(query)

  useEffect(
    () =>
      live.listen({
        event({ topic, subjectId }) {
          if (topic === 'roster.solving' && subjectId === roster.id)
            void queries.invalidateQueries({ queryKey: query.queryKey })
        },
      }),
    [queries, roster.id], // The key of the query is the roster's id.
  )

  const state = solving.data?.state
  useEffect(() => {
    // What the solver wrote is read when it has ended.
    if (state === 'done' || state === 'stopped')
      void queries.invalidateQueries({ queryKey: ['rosters', roster.id], exact: true })
  }, [state, queries, roster.id])

  const start = useCommand<{ seconds: number; keepCloseTo?: string }, unknown>({
    run: (input, idempotencyKey) =>
      api.post(`/api/rosters/${roster.id}/solve`, input, { idempotencyKey, ifMatch: version }),
    refresh: [query.queryKey],
  })
  const stop = useCommand<object, unknown>({
    run: (_, idempotencyKey) => api.post(`/api/rosters/${roster.id}/solving/stop`, {}, { idempotencyKey }),
    refresh: [query.queryKey],
  })

  const apply = useCommand<object, unknown>({
    run: (_, idempotencyKey) =>
      api.post(`/api/rosters/${roster.id}/solving/apply`, {}, { idempotencyKey, ifMatch: version }),
    refresh: [['rosters', roster.id]],
  })

  return (
    <div className="solve">
      {roster.state !== 'draft' ? (
        <p className="muted">{t('solve.only-drafts')}</p>
      ) : (
        <>
          <label className="solve-seconds">
            {t('solve.seconds')}
            <InputNumber
              min={1}
              max={MOST_SECONDS}
              precision={0}
              value={seconds}
              disabled={state === 'running'}
              suffix={t('solve.unit')}
              onChange={(value) => setSeconds(value ?? USUAL_SECONDS)}
            />
          </label>
          {published && (
            <Checkbox
              checked={isClose}
              disabled={state === 'running'}
              onChange={({ target }) => setClose(target.checked)}
            >
              {t('solve.keep-close', { number: published.number })}
            </Checkbox>
          )}
          {pending > 0 && <Alert type="warning" showIcon title={t('solve.pending', { count: pending })} />}
          {state === 'running' ? (
            <Button danger loading={stop.isPending} onClick={() => stop.mutate({})}>
              {t('solve.stop')}
            </Button>
          ) : (
            <Button
              type="primary"
              disabled={pending > 0}
              loading={start.isPending}
              onClick={() =>
                start.mutate({ seconds, ...(published && isClose ? { keepCloseTo: published.id } : {}) })
              }
            >
              {t('solve.start')}
            </Button>
          )}
        </>
      )}
      <Shown query={solving} rows={4}>
        {(data) => (
          <>
            <Progressing solving={data} words={words} limit={data.limitSeconds} />
            {data.hasFound && (
              <Button disabled={pending > 0} loading={apply.isPending} onClick={() => apply.mutate({})}>
                {t('solve.apply')}
              </Button>
            )}
          </>
        )}
      </Shown>
    </div>
  )
}

function Progressing({ solving, words, limit }: { solving: SolvingRow; words: RosterWords; limit: number }) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  const { state, cause, seconds, objective, bound, conflict, isConflictSmallest } = solving
  if (state === 'idle') return <p className="muted">{t('solve.idle')}</p>
  const gap = gapOf(objective, bound)
  return (
    <section className="solve-state" aria-label={t('solve.progress')} data-state={state}>
      <p role="status">
        <b>{t(`solve.state.${state}`)}</b> {t('solve.after', { seconds: format.number(seconds) })}
      </p>
      {state === 'running' && (
        <Progress
          percent={Math.min(100, Math.round((seconds / limit) * 100))}
          showInfo={false}
          size="small"
        />
      )}
      {objective !== null && (
        <dl className="facts">
          <dt>{t('solve.objective')}</dt>
          <dd>{format.number(objective, 1)}</dd>
          <dt>{t('solve.bound')}</dt>
          <dd>{format.number(bound === null ? null : Math.max(0, bound), 1)}</dd>
          <dt>{t('solve.gap')}</dt>
          <dd>{gap === null ? t('solve.gap-unknown') : format.percent(gap, 2)}</dd>
        </dl>
      )}
      {cause !== null && <p data-verdict="broken">{t(`solve-cause.${cause}`)}</p>}
      {state === 'running' && objective === null && solving.breaches !== null && solving.breaches > 0 && (
        <p className="muted">{t('solve.still-breaks', { count: solving.breaches })}</p>
      )}
      {state === 'done' && cause === null && <p className="solve-kept">✓ {t('solve.checked')}</p>}
      {state === 'infeasible' && (
        <div className="solve-conflict" role="alert">
          <p>{t('solve.infeasible')}</p>
          <ol>
            {(conflict ?? []).map((each, index) => (
              <li key={index}>
                <code>{each.rule}</code> <b>{t(`rule.${each.rule}`)}</b>
                <br />
                {conflictWords(each, words)}
              </li>
            ))}
          </ol>
          {isConflictSmallest === false && <p className="muted">{t('solve.not-smallest')}</p>}
          <p className="muted">{t('solve.infeasible-hint')}</p>
        </div>
      )}
    </section>
  )
}

/** One of the rules that cannot all be kept: where, for whom, on which days, and what it asks for. */
function conflictWords(conflict: RuleConflict, words: RosterWords): string {
  const { officerId, organisationId, fromDate, untilDate } = conflict
  const who = officerId ? words.officer(officerId) : organisationId ? words.organisation(organisationId) : ''
  const days =
    fromDate === untilDate ? words.date(fromDate) : `${words.date(fromDate)}–${words.date(untilDate)}`
  return [who, days, words.demand({ ...conflict, date: fromDate })].filter((part) => part !== '').join(' · ')
}
