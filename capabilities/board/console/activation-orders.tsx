import { useQuery } from '@tanstack/react-query'
import { Button, Segmented, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { AgeText, DurationText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { forceBoardQuery, officerNamesQuery, useOrganisationName } from '../../force/console/index.tsx'
import type { ActivationOrderRow, ActivationRow, OrderStateName } from './board-api.ts'

const SIGNS: Readonly<Record<OrderStateName, string>> = {
  ordered: '○',
  acknowledged: '◐',
  arrived: '●',
  declined: '✕',
  withdrawn: '–',
  closed: '–',
}

type Filter = 'all' | 'ordered' | 'acknowledged' | 'arrived' | 'declined'

/** Everyone called, whether they answered, whether they came, how often they were chased. */
export function ActivationOrders({ activation }: { activation: ActivationRow }) {
  const { t } = useTranslation('board')
  const may = useMay()
  const format = useFormat()
  const organisationName = useOrganisationName()
  const [filter, setFilter] = useState<Filter>('all')
  const [declining, setDeclining] = useState<ActivationOrderRow | null>(null)
  const force = useQuery(forceBoardQuery).data
  const names = useQuery({ ...officerNamesQuery, enabled: may('force.read-persons') }).data?.officers
  const answer = useCommand<
    { id: string; verb: 'acknowledge' | 'arrive' | 'decline'; reason?: string },
    unknown
  >({
    run: ({ id, verb, reason }, idempotencyKey) =>
      api.post(`/api/activation-orders/${id}/${verb}`, reason === undefined ? {} : { reason }, {
        idempotencyKey,
      }),
    refresh: [['activations'], ['street-strength']],
    done: () => setDeclining(null),
    failed: () => declining !== null,
  })

  const nameOf = ({ subject }: ActivationOrderRow) => {
    if (subject.kind === 'unit') return force?.units.find(({ id }) => id === subject.unitId)?.callSign ?? '—'
    const badge = force?.officers.find(({ id }) => id === subject.officerId)?.badgeNumber ?? '—'
    const name = names?.find(({ id }) => id === subject.officerId)?.name
    return name === undefined ? badge : `${name} ${badge}`
  }
  const rows = activation.orders.filter(({ state }) => filter === 'all' || state === filter)
  const mayAnswer = may('board.answer-any-order')

  return (
    <section className="panel" style={{ marginTop: 12 }}>
      <div className="panel-head">
        <h2>{t('orders.title')}</h2>
        <Segmented<Filter>
          className="push"
          size="small"
          value={filter}
          onChange={setFilter}
          options={(['all', 'ordered', 'acknowledged', 'arrived', 'declined'] as const).map((value) => ({
            value,
            label: `${value === 'all' ? t('ui:all') : t(`order-state.${value}`)} ${
              value === 'all'
                ? activation.orders.length
                : activation.orders.filter(({ state }) => state === value).length
            }`,
          }))}
        />
      </div>
      <Table<ActivationOrderRow>
        size="small"
        scroll={{ x: 'max-content' }}
        rowKey="id"
        dataSource={rows}
        pagination={{ pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: t('orders.who'), render: (_, order) => <strong>{nameOf(order)}</strong> },
          {
            title: t('orders.people'),
            width: 70,
            render: (_, { subject }) => (subject.kind === 'unit' ? (subject.officerIds?.length ?? 0) : 1),
          },
          {
            title: t('ui:field.organisation'),
            render: (_, { organisationId }) => organisationName(organisationId),
          },
          {
            title: t('orders.why'),
            render: (_, { reasons }) => (
              <span className="muted">
                {reasons.map(({ code, detail }) => t(`call-out.${code}`, { ...detail })).join('；')}
              </span>
            ),
          },
          {
            title: t('orders.state'),
            render: (_, { state, declineReason, chasedCount, escalatedAt }) => (
              <span className={`order-sign state-${state}`}>
                <i aria-hidden>{SIGNS[state]}</i> {t(`order-state.${state}`)}
                {declineReason !== null && <span className="muted"> {declineReason}</span>}
                {chasedCount > 0 && state === 'ordered' && (
                  <em>
                    {' '}
                    ▲ {t('orders.chased', { count: chasedCount })}
                    {escalatedAt !== null && ` · ${t('orders.escalated')}`}
                  </em>
                )}
              </span>
            ),
          },
          { title: t('orders.ordered'), width: 90, render: (_, { orderedAt }) => format.clock(orderedAt) },
          {
            title: t('orders.took'),
            width: 120,
            render: (_, { orderedAt, arrivedAt, state }) =>
              arrivedAt !== null ? (
                <DurationText seconds={(Date.parse(arrivedAt) - Date.parse(orderedAt)) / 1000} />
              ) : state === 'ordered' || state === 'acknowledged' ? (
                <AgeText at={orderedAt} suffix={false} />
              ) : (
                '—'
              ),
          },
          ...(mayAnswer
            ? [
                {
                  title: '',
                  width: 210,
                  render: (_: unknown, order: ActivationOrderRow) =>
                    (order.state === 'ordered' || order.state === 'acknowledged') && (
                      <span style={{ display: 'flex', gap: 4 }}>
                        {order.state === 'ordered' && (
                          <Button
                            size="small"
                            onClick={() => answer.mutate({ id: order.id, verb: 'acknowledge' })}
                          >
                            {t('orders.acknowledge')}
                          </Button>
                        )}
                        <Button size="small" onClick={() => answer.mutate({ id: order.id, verb: 'arrive' })}>
                          {t('orders.arrive')}
                        </Button>
                        <Button size="small" type="text" onClick={() => setDeclining(order)}>
                          {t('orders.decline')}
                        </Button>
                      </span>
                    ),
                },
              ]
            : []),
        ]}
      />
      <AskReason<{ reason: string }>
        open={declining !== null}
        title={declining === null ? '' : t('orders.decline-title', { who: nameOf(declining) })}
        busy={answer.isPending}
        failure={answer.error}
        onCancel={() => setDeclining(null)}
        onConfirm={({ reason }) => declining && answer.mutate({ id: declining.id, verb: 'decline', reason })}
      />
    </section>
  )
}
