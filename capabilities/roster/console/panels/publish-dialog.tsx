import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../../foundation/ui/form/ask-reason.tsx'
import { ROSTER_RULES, type RosterBreach } from '../../core/index.ts'
import type { RosterHead } from '../roster-api.ts'

/** Publishes: what is still broken is counted, and must be accepted with a reason; whom it replaces is said. */
export function PublishDialog({
  roster,
  version,
  breaches,
  replaces,
  officers,
  onClose,
}: {
  roster: RosterHead
  version: number
  breaches: readonly RosterBreach[]
  replaces: RosterHead | null
  officers: number
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  const publish = useCommand<{ reason: string }, unknown>({
    run: ({ reason }, idempotencyKey) =>
      api.post(
        `/api/rosters/${roster.id}/publish`,
        { acceptBreaches: breaches.length > 0, ...(reason.trim() === '' ? {} : { reason }) },
        { idempotencyKey, ifMatch: version },
      ),
    refresh: [['rosters']],
    done: onClose,
    failed: () => true,
  })
  const rules = ROSTER_RULES.map(({ id }) => ({
    id,
    count: breaches.filter(({ rule }) => rule === id).length,
  }))
  return (
    <AskReason<{ reason: string }>
      open
      title={t('publish.title', { number: roster.number })}
      danger={breaches.length > 0}
      confirmText={t(breaches.length > 0 ? 'publish.with-breaches' : 'publish.confirm')}
      required={breaches.length > 0}
      busy={publish.isPending}
      failure={publish.error}
      onCancel={onClose}
      onConfirm={(values) => publish.mutate(values)}
      lead={
        <>
          <p>{t('publish.lead', { officers })}</p>
          {replaces && <p>{t('publish.replaces', { number: replaces.number })}</p>}
          {breaches.length === 0 ? (
            <p className="solve-kept">✓ {t('publish.lawful')}</p>
          ) : (
            <Alert
              type="error"
              showIcon
              title={t('publish.breaches', { count: breaches.length })}
              description={
                <ul className="publish-rules">
                  {rules
                    .filter(({ count }) => count > 0)
                    .map(({ id, count }) => (
                      <li key={id}>
                        <code>{id}</code> {t(`rule.${id}`)} × {count}
                      </li>
                    ))}
                </ul>
              }
            />
          )}
        </>
      }
    />
  )
}
