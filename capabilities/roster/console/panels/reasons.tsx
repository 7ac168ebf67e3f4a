import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../../foundation/ui/form/ask-reason.tsx'
import type { RosterHead } from '../roster-api.ts'

/** A published roster is people's plan: changing it says why. */
export function SaveWithReason({
  count,
  onSave,
  onClose,
}: {
  count: number
  onSave: (reason: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  return (
    <AskReason<{ reason: string }>
      open
      title={t('save.reason-title', { count })}
      lead={t('save.reason-lead')}
      confirmText={t('save.button')}
      onCancel={onClose}
      onConfirm={({ reason }) => onSave(reason)}
    />
  )
}

export function WithdrawDialog({
  roster,
  version,
  onClose,
}: {
  roster: RosterHead
  version: number
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  const withdraw = useCommand<{ reason: string }, unknown>({
    run: ({ reason }, idempotencyKey) =>
      api.post(`/api/rosters/${roster.id}/withdraw`, { reason }, { idempotencyKey, ifMatch: version }),
    refresh: [['rosters']],
    done: onClose,
    failed: () => true,
  })
  return (
    <AskReason<{ reason: string }>
      open
      danger
      title={t('withdraw.title', { number: roster.number })}
      lead={t(roster.state === 'published' ? 'withdraw.published' : 'withdraw.draft')}
      confirmText={t('withdraw.button')}
      busy={withdraw.isPending}
      failure={withdraw.error}
      onCancel={onClose}
      onConfirm={(values) => withdraw.mutate(values)}
    />
  )
}
