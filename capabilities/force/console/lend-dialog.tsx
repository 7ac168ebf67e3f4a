import { Form, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { serverNow } from '../../../foundation/ui/time/clock.ts'
import { forceBoardQuery, useOrganisationName, type ForceBoardRow } from './force-api.ts'

export type LendSubject =
  | { readonly kind: 'unit'; readonly unitId: string; readonly name: string; readonly from: string }
  | { readonly kind: 'officer'; readonly officerId: string; readonly name: string; readonly from: string }

interface Lending {
  readonly toOrganisationId: string
  readonly hours: number | null
  readonly reason: string
}

/** Lends a unit or an officer to another organisation, for some hours or until returned. */
export function LendDialog({
  subject,
  board,
  onClose,
}: {
  subject: LendSubject | null
  board: ForceBoardRow
  onClose: () => void
}) {
  const { t } = useTranslation('force')
  const organisationName = useOrganisationName()
  const lend = useCommand<Lending, unknown>({
    run: ({ toOrganisationId, hours, reason }, idempotencyKey) =>
      api.post(
        '/api/loans',
        {
          subject:
            subject?.kind === 'unit'
              ? { kind: 'unit', unitId: subject.unitId }
              : { kind: 'officer', officerId: subject?.officerId },
          toOrganisationId,
          endsAt: hours == null ? null : new Date(serverNow() + hours * 3_600_000).toISOString(),
          reason,
        },
        { idempotencyKey },
      ),
    refresh: [forceBoardQuery.queryKey, ['street-strength']],
    done: onClose,
    failed: () => true,
  })
  return (
    <AskReason<Lending>
      open={subject !== null}
      title={t('lend.title', { name: subject?.name })}
      focusElsewhere
      busy={lend.isPending}
      failure={lend.error}
      fieldNames={{ endsAt: 'hours', startsAt: 'hours' }}
      onCancel={onClose}
      onConfirm={(lending) => lend.mutate(lending)}
    >
      <Form.Item name="toOrganisationId" label={t('lend.to')} rules={[{ required: true }]}>
        <Select
          autoFocus
          options={board.organisations
            .filter(({ id }) => id !== subject?.from)
            .map(({ id }) => ({ value: id, label: organisationName(id) }))}
        />
      </Form.Item>
      <Form.Item name="hours" label={t('lend.hours')} extra={t('lend.hours-hint')}>
        <InputNumber min={1} max={24 * 90} precision={0} />
      </Form.Item>
    </AskReason>
  )
}
