import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty } from '../../../foundation/ui/states/states.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useUnits } from '../../force/console/index.tsx'
import type { IncidentRow } from '../../incident/console/index.tsx'
import { noticesQuery, type AssignmentRow } from './dispatch-api.ts'

type Verb = 'acknowledge' | 'depart' | 'arrive' | 'release' | 'promote'

/** The steps that a person in the command room may take for a crew that reports by radio. */
function stepsOf({ role, state }: AssignmentRow): readonly Verb[] {
  if (role === 'stand-by')
    return state === 'ordered' ? ['acknowledge', 'promote', 'release'] : ['promote', 'release']
  switch (state) {
    case 'ordered':
      return ['acknowledge', 'depart', 'arrive', 'release']
    case 'acknowledged':
      return ['depart', 'arrive', 'release']
    case 'en-route':
      return ['arrive', 'release']
    case 'on-scene':
      return ['release']
    default:
      return []
  }
}

/** Every order of the incident: who has it, whether it was acknowledged, since when, how often it was chased. */
export function AssignmentsPanel({
  incident,
  assignments,
  onUnit,
}: {
  incident: IncidentRow
  assignments: readonly AssignmentRow[]
  onUnit: (unitId: string) => void
}) {
  const { t } = useTranslation('dispatch')
  const open = assignments.filter(({ releasedAt }) => releasedAt === null)
  const ended = assignments.filter(({ releasedAt }) => releasedAt !== null)
  const handling = open.filter(({ role }) => role === 'handle')
  const standBy = open.filter(({ role }) => role === 'stand-by').toSorted((a, b) => a.echelon - b.echelon)
  const answered = (rows: readonly AssignmentRow[]) => rows.filter(({ state }) => state !== 'ordered').length
  return (
    <section className="panel" aria-label={t('orders.title')}>
      <div className="panel-head">
        <h2>{t('orders.title')}</h2>
        <span className="muted">
          {t('orders.answered', { answered: answered(open), ordered: open.length })}
        </span>
      </div>
      {assignments.length === 0 && <Empty text={t('orders.none')} />}
      <Group title={t('role.handle')} rows={handling} incident={incident} onUnit={onUnit} />
      <Group title={t('role.stand-by')} rows={standBy} incident={incident} onUnit={onUnit} />
      <Notices incidentId={incident.id} />
      {ended.length > 0 && (
        <details className="recommend-out">
          <summary>{t('orders.ended', { count: ended.length })}</summary>
          <Group title="" rows={ended} incident={incident} onUnit={onUnit} />
        </details>
      )}
    </section>
  )
}

/** Who was told before the group, and who has read it. */
function Notices({ incidentId }: { incidentId: string }) {
  const { t } = useTranslation('dispatch')
  const units = useUnits()
  const notices = (useQuery(noticesQuery(incidentId)).data?.notices ?? []).filter(
    ({ kind }) => kind === 'nearby',
  )
  if (notices.length === 0) return null
  return (
    <p className="recommend-note">
      {t('orders.told', {
        units: notices
          .map(
            ({ recipientId, receipts }) =>
              `${units.get(recipientId)?.callSign ?? '—'}${receipts.length > 0 ? ' ✓' : ''}`,
          )
          .join(t('ui:list-separator')),
      })}
    </p>
  )
}

function Group({
  title,
  rows,
  incident,
  onUnit,
}: {
  title: string
  rows: readonly AssignmentRow[]
  incident: IncidentRow
  onUnit: (unitId: string) => void
}) {
  if (rows.length === 0) return null
  return (
    <div className="orders">
      {title !== '' && (
        <h3>
          {title} <span>{rows.length}</span>
        </h3>
      )}
      {rows.map((assignment) => (
        <OrderLine key={assignment.id} assignment={assignment} incident={incident} onUnit={onUnit} />
      ))}
    </div>
  )
}

const SIGNS: Readonly<Record<AssignmentRow['state'], string>> = {
  ordered: '○',
  acknowledged: '◐',
  'en-route': '➤',
  'on-scene': '■',
  cleared: '✓',
  released: '–',
}

function OrderLine({
  assignment,
  incident,
  onUnit,
}: {
  assignment: AssignmentRow
  incident: IncidentRow
  onUnit: (unitId: string) => void
}) {
  const { t } = useTranslation('dispatch')
  const format = useFormat()
  const may = useMay()
  const [releasing, setReleasing] = useState(false)
  const step = useCommand<{ verb: Verb; reason?: string }, unknown>({
    run: ({ verb, reason }, idempotencyKey) =>
      api.post(`/api/assignments/${assignment.id}/${verb}`, reason === undefined ? {} : { reason }, {
        idempotencyKey,
      }),
    refresh: [['assignments'], ['incident', incident.id], ['force-board'], ['incidents']],
    done: () => setReleasing(false),
    failed: () => releasing,
  })
  const steps = may('dispatch.answer') && incident.status === 'open' ? stepsOf(assignment) : []
  const [next, ...others] = steps
  const take = (verb: Verb) => {
    if (verb === 'release' && assignment.state !== 'on-scene') setReleasing(true)
    else step.mutate({ verb })
  }
  const lastAt =
    assignment.releasedAt ??
    assignment.arrivedAt ??
    assignment.departedAt ??
    assignment.acknowledgedAt ??
    assignment.orderedAt
  return (
    <div className="order" data-state={assignment.state}>
      <button type="button" className="order-unit" onClick={() => onUnit(assignment.unitId)}>
        <strong>{assignment.callSign}</strong>
        {assignment.role === 'stand-by' && (
          <small>{t('orders.echelon', { echelon: assignment.echelon })}</small>
        )}
      </button>
      <span className="order-state">
        <i aria-hidden>{SIGNS[assignment.state]}</i> {t(`assignment-state.${assignment.state}`)}{' '}
        <small className="muted" title={format.moment(lastAt)}>
          <AgeText at={lastAt} />
        </small>
        {assignment.chaseCount > 0 && assignment.state === 'ordered' && (
          <em>
            {' '}
            ▲ {t('orders.chased', { count: assignment.chaseCount })}
            {assignment.chaseEscalatedAt !== null && ` · ${t('orders.escalated')}`}
          </em>
        )}
      </span>
      {next !== undefined && (
        <span className="order-actions">
          <Button size="small" loading={step.isPending} onClick={() => take(next)}>
            {t(`verb.${next}`)}
          </Button>
          {others.length > 0 && (
            <Dropdown
              trigger={['click']}
              menu={{
                items: others.map((verb) => ({
                  key: verb,
                  label: t(`verb.${verb}`),
                  danger: verb === 'release',
                })),
                onClick: ({ key }) => take(key as Verb),
              }}
            >
              <Button size="small" aria-label={t('orders.more')}>
                ⋯
              </Button>
            </Dropdown>
          )}
        </span>
      )}
      <AskReason<{ reason: string }>
        open={releasing}
        title={t('orders.release', { unit: assignment.callSign })}
        busy={step.isPending}
        failure={step.error}
        onCancel={() => setReleasing(false)}
        onConfirm={({ reason }) => step.mutate({ verb: 'release', reason })}
      />
    </div>
  )
}
