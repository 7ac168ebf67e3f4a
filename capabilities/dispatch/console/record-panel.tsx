import { Button, Form, Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { useUnits } from '../../force/console/index.tsx'
import { SensitiveField, type IncidentRow } from '../../incident/console/index.tsx'

type Kind = 'notes' | 'medical-help' | 'force-uses'

const MEDICAL = ['called', 'first-aid', 'handed-to-ambulance'] as const
const FORCE = ['restraint', 'baton', 'spray', 'firearm-drawn', 'firearm-used', 'other'] as const

/** Notes, medical help and use of force: said while it happens, part of the record for good. */
export function RecordPanel({ incident }: { incident: IncidentRow }) {
  const { t } = useTranslation('incident')
  const may = useMay()
  const units = useUnits()
  const [form] = Form.useForm<{ text: string; sensitiveReason?: string }>()
  const [asking, setAsking] = useState<Exclude<Kind, 'notes'> | null>(null)
  const add = useCommand<{ kind: Kind; body: object }, IncidentRow>({
    run: ({ kind, body }, idempotencyKey) =>
      api.post(`/api/incidents/${incident.id}/${kind}`, body, { idempotencyKey }),
    refresh: [['incident', incident.id]],
    done() {
      form.resetFields()
      setAsking(null)
    },
  })
  const open = may('incident.record') && incident.status === 'open'
  useShortcuts(
    [
      {
        keys: 'm',
        label: 'incident:record.note',
        group: 'incident:page.title',
        run: () => document.getElementById('incident-note')?.focus(),
      },
    ],
    open,
  )
  if (!open) return null
  return (
    <section className="panel" aria-label={t('record.title')}>
      <div className="panel-head">
        <h2>{t('record.title')}</h2>
      </div>
      <div className="panel-body">
        <Form
          form={form}
          layout="vertical"
          onFinish={(body) => body.text?.trim() && add.mutate({ kind: 'notes', body })}
        >
          <Form.Item name="text" style={{ marginBottom: 8 }}>
            <Input.TextArea
              id="incident-note"
              aria-label={t('record.note')}
              placeholder={t('record.note-hint')}
              autoSize={{ minRows: 1, maxRows: 5 }}
              maxLength={4000}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && event.ctrlKey && !event.nativeEvent.isComposing) form.submit()
              }}
            />
          </Form.Item>
          <SensitiveField watch="text" />
          <div className="panel-actions" style={{ marginTop: 0 }}>
            <Button htmlType="submit" loading={add.isPending}>
              {t('record.note')}
            </Button>
            <Button onClick={() => setAsking('medical-help')}>{t('record.medical-help')}</Button>
            <Button onClick={() => setAsking('force-uses')}>{t('record.force-uses')}</Button>
          </div>
        </Form>
      </div>
      <Modal
        open={asking !== null}
        title={asking === null ? '' : t(`record.${asking}`)}
        footer={null}
        onCancel={() => setAsking(null)}
        destroyOnHidden
      >
        {asking === 'medical-help' && (
          <Form
            layout="vertical"
            initialValues={{ kind: 'called', people: 1, note: '' }}
            onFinish={(body: object) => add.mutate({ kind: 'medical-help', body })}
          >
            <Form.Item name="kind" label={t('record.kind')} rules={[{ required: true }]}>
              <Select options={MEDICAL.map((value) => ({ value, label: t(`record.${value}`) }))} />
            </Form.Item>
            <Form.Item name="people" label={t('intake.people')} rules={[{ required: true }]}>
              <InputNumber min={0} precision={0} />
            </Form.Item>
            <Form.Item name="note" label={t('record.note')}>
              <Input.TextArea maxLength={2000} />
            </Form.Item>
            <SensitiveField watch="note" allows={['health']} />
            <Button type="primary" htmlType="submit" loading={add.isPending}>
              {t('ui:action.save')}
            </Button>
          </Form>
        )}
        {asking === 'force-uses' && (
          <Form
            layout="vertical"
            initialValues={{ kind: 'restraint', unitId: null, warning: '' }}
            onFinish={(body: object) => add.mutate({ kind: 'force-uses', body })}
          >
            <Form.Item name="kind" label={t('record.kind')} rules={[{ required: true }]}>
              <Select options={FORCE.map((value) => ({ value, label: t(`record.${value}`) }))} />
            </Form.Item>
            <Form.Item name="unitId" label={t('record.unit')}>
              <Select
                allowClear
                showSearch={{ optionFilterProp: 'label' }}
                options={[...units.values()].map(({ id, callSign }) => ({ value: id, label: callSign }))}
              />
            </Form.Item>
            <Form.Item
              name="justification"
              label={t('record.justification')}
              rules={[{ required: true, whitespace: true }]}
            >
              <Input.TextArea maxLength={4000} autoSize={{ minRows: 2 }} />
            </Form.Item>
            <Form.Item
              name="warning"
              label={t('record.warning')}
              rules={[{ required: true, whitespace: true }]}
            >
              <Input maxLength={2000} />
            </Form.Item>
            <SensitiveField watch={['justification', 'warning']} />
            <Button type="primary" htmlType="submit" loading={add.isPending}>
              {t('ui:action.save')}
            </Button>
          </Form>
        )}
      </Modal>
    </section>
  )
}
