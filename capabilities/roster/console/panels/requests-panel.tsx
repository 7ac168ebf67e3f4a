import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../../foundation/ui/form/ask-reason.tsx'
import { useMayFor, useMe } from '../../../../foundation/ui/session/session.tsx'
import { Empty, Failure, Shown } from '../../../../foundation/ui/states/states.tsx'
import type { RosterBreach } from '../../core/index.ts'
import { absencesQuery, swapsQuery, type AbsenceRow, type SwapRow } from '../mine/mine-api.ts'
import type { RosterWords } from '../roster-words.ts'

/** Leave that is asked for, and swaps that two have agreed on: each with what it means and two buttons. */
export function RequestsPanel({ words }: { words: RosterWords }) {
  const { t } = useTranslation('roster')
  const mayFor = useMayFor()
  const { officerId } = useMe()
  const absences = useQuery(absencesQuery)
  const swaps = useQuery(swapsQuery)
  return (
    <div className="requests">
      <section aria-label={t('requests.leave')}>
        <h3>{t('requests.leave')}</h3>
        <Shown query={absences} rows={3}>
          {(rows) => {
            const open = rows.filter(
              (row) =>
                row.state === 'requested' &&
                row.officerId !== officerId &&
                mayFor('roster.decide', row.organisationId),
            )
            return open.length === 0 ? (
              <Empty text={t('requests.none')} />
            ) : (
              open.map((absence) => <Leave key={absence.id} absence={absence} words={words} />)
            )
          }}
        </Shown>
      </section>
      <section aria-label={t('requests.swaps')}>
        <h3>{t('requests.swaps')}</h3>
        <Shown query={swaps} rows={3}>
          {(rows) => {
            const open = rows.filter(
              ({ state, from, with: other }) =>
                state === 'accepted' && from.officerId !== officerId && other.officerId !== officerId,
            )
            return open.length === 0 ? (
              <Empty text={t('requests.none')} />
            ) : (
              open.map((swap) => <Swap key={swap.id} swap={swap} words={words} />)
            )
          }}
        </Shown>
      </section>
    </div>
  )
}

interface Decision {
  readonly verb: 'approve' | 'refuse'
  readonly body: object
}

function useDecision(url: string, refresh: readonly (readonly string[])[]) {
  return useCommand<Decision, unknown>({
    run: ({ verb, body }, idempotencyKey) => api.post(`${url}/${verb}`, body, { idempotencyKey }),
    refresh: [...refresh, ['rosters']],
    failed: () => true,
  })
}

function Leave({ absence, words }: { absence: AbsenceRow; words: RosterWords }) {
  const { t } = useTranslation('roster')
  const decide = useDecision(`/api/absences/${absence.id}`, [absencesQuery.queryKey])
  const problem = problemOf(decide.error)
  const gaps =
    problem.code === 'absence-leaves-gaps' ? (problem.detail?.['dates'] as readonly string[]) : null
  return (
    <article className="request">
      <p>
        <b>{words.officer(absence.officerId)}</b> {t(`leave.${absence.kind}`)}
      </p>
      <p>
        {words.date(absence.fromDate)}
        {absence.untilDate !== absence.fromDate && ` – ${words.date(absence.untilDate)}`}
      </p>
      {absence.note && <p className="muted">{absence.note}</p>}
      {gaps ? (
        <p data-verdict="broken" role="alert">
          {t('requests.gaps', { dates: gaps.map(words.date).join(t('ui:list-separator')) })}
        </p>
      ) : (
        decide.error != null && <Failure error={decide.error} />
      )}
      <Decide
        decide={decide}
        isUnsafe={gaps !== null}
        approveText={t(gaps ? 'requests.approve-anyway' : 'requests.approve')}
        approval={gaps ? { acceptGaps: true } : {}}
      />
    </article>
  )
}

function Swap({ swap, words }: { swap: SwapRow; words: RosterWords }) {
  const { t } = useTranslation('roster')
  const decide = useDecision(`/api/roster-swaps/${swap.id}`, [swapsQuery.queryKey])
  const breaches = problemOf(decide.error).detail?.['breaches'] as readonly RosterBreach[] | undefined
  return (
    <article className="request">
      {[swap.from, swap.with].map((side) => (
        <p key={side.officerId}>
          <b>{words.officer(side.officerId)}</b> {words.date(side.date)} {words.option(side.gives)}
        </p>
      ))}
      {decide.error != null && <Failure error={decide.error} />}
      {breaches?.map((breach) => (
        <p key={JSON.stringify(breach)} data-verdict="broken">
          <code>{breach.rule}</code> {words.breach(breach)}
        </p>
      ))}
      <Decide decide={decide} approveText={t('requests.approve')} approval={{}} />
    </article>
  )
}

/** Yes, or no with its reason. */
function Decide({
  decide,
  isUnsafe = false,
  approveText,
  approval,
}: {
  decide: ReturnType<typeof useDecision>
  isUnsafe?: boolean
  approveText: string
  approval: object
}) {
  const { t } = useTranslation('roster')
  const [isRefusing, setRefusing] = useState(false)
  return (
    <>
      <div className="roster-actions">
        <Button
          size="small"
          type="primary"
          danger={isUnsafe}
          loading={decide.isPending}
          onClick={() => decide.mutate({ verb: 'approve', body: approval })}
        >
          {approveText}
        </Button>
        <Button size="small" onClick={() => setRefusing(true)}>
          {t('requests.refuse')}
        </Button>
      </div>
      <AskReason<{ reason: string }>
        open={isRefusing}
        danger
        title={t('requests.refuse-title')}
        confirmText={t('requests.refuse')}
        busy={decide.isPending}
        onCancel={() => setRefusing(false)}
        onConfirm={({ reason }) => {
          decide.mutate({ verb: 'refuse', body: { reason } })
          setRefusing(false)
        }}
      />
    </>
  )
}
