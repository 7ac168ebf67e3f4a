import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { useMayFor } from '../../../foundation/ui/session/session.tsx'
import { SensitiveField } from '../../incident/console/index.tsx'
import type { OrderRow } from './orders-api.ts'

type Verb = 'propose' | 'approve' | 'discard' | 'return' | 'withdraw'

interface Answers {
  readonly reason: string
  readonly sensitiveReason?: string
}

/** What may be done with an order now, by whoever looks at it; the next step comes first. */
export function OrderActions({
  order,
  onEdit,
  onCopy,
}: {
  order: OrderRow
  onEdit: () => void
  onCopy: () => void
}) {
  const { t } = useTranslation('patrol')
  const mayFor = useMayFor()
  const [asking, setAsking] = useState<'return' | 'withdraw' | null>(null)
  const step = useCommand<{ verb: Verb; body?: Answers }, OrderRow>({
    run: ({ verb, body }, idempotencyKey) =>
      api.post(`/api/patrol-orders/${order.id}/${verb}`, body, { idempotencyKey, ifMatch: order.version }),
    done: () => setAsking(null),
    failed: (_error, { body }) => body !== undefined,
    refresh: [['patrol-orders']],
  })
  const mayPropose = mayFor('patrol.propose-order', order.organisationId)
  const mayApprove = mayFor('patrol.approve-order', order.organisationId)
  const isOpen = ['draft', 'returned', 'proposed'].includes(order.state)
  const button = (verb: Verb, more: { type?: 'primary'; danger?: boolean } = {}) => (
    <Button
      key={verb}
      {...more}
      loading={step.isPending && step.variables.verb === verb}
      disabled={step.isPending}
      onClick={() => (verb === 'return' || verb === 'withdraw' ? setAsking(verb) : step.mutate({ verb }))}
    >
      {t(`action.${verb}`)}
    </Button>
  )
  const next: Verb | null =
    order.state === 'proposed' && mayApprove
      ? 'approve'
      : (order.state === 'draft' || order.state === 'returned') && mayPropose
        ? 'propose'
        : null
  useShortcuts([
    {
      keys: 'a',
      label: 'patrol:keys.next-step',
      group: 'patrol:keys.group',
      run: () => next !== null && !step.isPending && step.mutate({ verb: next }),
    },
    {
      keys: 'e',
      label: 'patrol:keys.edit',
      group: 'patrol:keys.group',
      run: () => isOpen && mayPropose && onEdit(),
    },
  ])
  return (
    <div className="order-actions">
      {next !== null && button(next, { type: 'primary' })}
      {order.state === 'proposed' && mayApprove && button('return')}
      {isOpen && mayPropose && <Button onClick={onEdit}>{t('action.edit')}</Button>}
      {order.state === 'issued' && mayApprove && button('withdraw', { danger: true })}
      {mayPropose && !isOpen && <Button onClick={onCopy}>{t('action.copy')}</Button>}
      {isOpen && mayPropose && button('discard')}
      <AskReason<Answers>
        open={asking !== null}
        title={t(`ask.${asking ?? 'withdraw'}`, { title: order.number ?? order.place.label })}
        danger={asking === 'withdraw'}
        confirmText={t(`action.${asking ?? 'withdraw'}`)}
        busy={step.isPending}
        failure={step.error}
        below={<SensitiveField watch="reason" />}
        onCancel={() => setAsking(null)}
        onConfirm={(body) => asking !== null && step.mutate({ verb: asking, body })}
      />
    </div>
  )
}
