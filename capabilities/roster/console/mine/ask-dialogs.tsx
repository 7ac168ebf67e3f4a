import { Form, Input, Modal, Radio, Segmented } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { addDays } from '../../../../foundation/core/day.ts'
import { Failure } from '../../../../foundation/ui/states/states.tsx'
import type { AbsenceKind } from '../../core/index.ts'
import { absencesQuery, myRosterQuery, wishesQuery } from './mine-api.ts'

interface Leave {
  readonly kind: AbsenceKind
  readonly fromDate: string
  readonly untilDate: string
  readonly note?: string
}

/** Asks to be away. Who is not fit for duty says no more than that. */
export function LeaveDialog({ today, onClose }: { today: string; onClose: () => void }) {
  const { t } = useTranslation('roster')
  const id = useId()
  const [form] = Form.useForm<Leave>()
  const kind = Form.useWatch('kind', form)
  const ask = useCommand<Leave, unknown>({
    run: ({ note, ...values }, idempotencyKey) =>
      api.post(
        '/api/absences',
        { ...values, ...(note?.trim() && values.kind !== 'unfit' ? { note: note.trim() } : {}) },
        { idempotencyKey },
      ),
    refresh: [absencesQuery.queryKey],
    done: onClose,
    failed: () => true,
  })
  return (
    <Modal
      open
      title={t('leave.title')}
      onCancel={onClose}
      okText={t('leave.send')}
      cancelText={t('ui:action.cancel')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: ask.isPending }}
    >
      {ask.error != null && <Failure error={ask.error} />}
      <Form<Leave>
        id={id}
        form={form}
        layout="vertical"
        initialValues={{ kind: 'leave', fromDate: addDays(today, 1), untilDate: addDays(today, 1), note: '' }}
        onFinish={(values) => ask.mutate(values)}
      >
        <Form.Item name="kind" label={t('leave.kind')}>
          <Segmented
            block
            options={(['leave', 'training', 'unfit'] as const).map((value) => ({
              value,
              label: t(`leave.${value}`),
            }))}
          />
        </Form.Item>
        <div className="mine-dates">
          <Form.Item name="fromDate" label={t('leave.from')} rules={[{ required: true }]}>
            <Input type="date" size="large" />
          </Form.Item>
          <Form.Item name="untilDate" label={t('leave.until')} rules={[{ required: true }]}>
            <Input type="date" size="large" />
          </Form.Item>
        </div>
        {kind === 'unfit' ? (
          <p className="muted">{t('sick.no-why')}</p>
        ) : (
          <Form.Item name="note" label={t('leave.note')}>
            <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}

interface Wish {
  readonly date: string
  readonly weight: number
}

/** Wishes a day off: the solver takes it into account, and promises nothing. */
export function WishDialog({ today, onClose }: { today: string; onClose: () => void }) {
  const { t } = useTranslation('roster')
  const id = useId()
  const wish = useCommand<Wish, unknown>({
    run: ({ date, weight }, idempotencyKey) =>
      api.post('/api/roster-wishes', { date, shift: null, isWanted: true, weight }, { idempotencyKey }),
    refresh: [wishesQuery.queryKey, myRosterQuery.queryKey],
    done: onClose,
    failed: () => true,
  })
  return (
    <Modal
      open
      title={t('wish.title')}
      onCancel={onClose}
      okText={t('wish.send')}
      cancelText={t('ui:action.cancel')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: wish.isPending }}
    >
      {wish.error != null && <Failure error={wish.error} />}
      <p className="muted">{t('wish.lead')}</p>
      <Form<Wish>
        id={id}
        layout="vertical"
        initialValues={{ date: addDays(today, 1), weight: 2 }}
        onFinish={(values) => wish.mutate(values)}
      >
        <Form.Item name="date" label={t('wish.date')} rules={[{ required: true }]}>
          <Input type="date" size="large" />
        </Form.Item>
        <Form.Item name="weight" label={t('wish.weight')}>
          <Radio.Group options={[1, 2, 3].map((value) => ({ value, label: t(`wish.weight-${value}`) }))} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
