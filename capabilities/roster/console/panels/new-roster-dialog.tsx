import { Form, Input, InputNumber, Modal, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../../foundation/ui/api/use-command.ts'
import { Failure } from '../../../../foundation/ui/states/states.tsx'
import type { RosterHead } from '../roster-api.ts'

interface NewRoster {
  readonly fromDate: string
  readonly days: number
  readonly title?: string
  readonly basedOnId?: string | null
}

/** Begins a draft: an empty month, or as another roster is. */
export function NewRosterDialog({
  fromDate,
  days,
  rosters,
  onMade,
  onClose,
}: {
  fromDate: string
  days: number
  rosters: readonly RosterHead[]
  onMade: (roster: RosterHead) => void
  onClose: () => void
}) {
  const { t } = useTranslation('roster')
  const id = useId()
  const make = useCommand<NewRoster, RosterHead>({
    run: ({ title, basedOnId, ...values }, idempotencyKey) =>
      api.post(
        '/api/rosters',
        {
          ...values,
          ...(title ? { title } : {}),
          ...(basedOnId ? { basedOnId } : {}),
        },
        { idempotencyKey },
      ),
    refresh: [['rosters']],
    done: onMade,
    failed: () => true,
  })
  return (
    <Modal
      open
      title={t('new.title')}
      onCancel={onClose}
      okText={t('new.make')}
      cancelText={t('ui:action.cancel')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: make.isPending }}
    >
      {make.error != null && <Failure error={make.error} />}
      <Form<NewRoster>
        id={id}
        layout="vertical"
        initialValues={{ fromDate, days, title: '', basedOnId: null }}
        onFinish={(values) => make.mutate(values)}
      >
        <div className="form-grid">
          <Form.Item name="fromDate" label={t('new.from')} rules={[{ required: true }]}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="days" label={t('new.days')} rules={[{ required: true }]}>
            <InputNumber min={1} max={62} precision={0} style={{ width: '100%' }} />
          </Form.Item>
        </div>
        <Form.Item name="title" label={t('new.name')}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="basedOnId" label={t('new.based-on')} extra={t('new.based-on-hint')}>
          <Select
            allowClear
            placeholder={t('new.empty')}
            options={rosters.map((roster) => ({
              value: roster.id,
              label: `${roster.number} ${roster.fromDate} ${t(`state.${roster.state}`)}`,
            }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}
