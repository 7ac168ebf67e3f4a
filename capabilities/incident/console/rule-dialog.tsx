import { useQuery } from '@tanstack/react-query'
import { Checkbox, Form, Input, InputNumber, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { CIRCUMSTANCES, LEVELS, type GradingRule } from '../core/index.ts'
import { draftOf, ruleOf, type RuleDraft } from './grading-table.ts'
import { incidentTypesQuery } from './incident-api.ts'

/** A rule of the agency's own: all of what is filled in must hold. */
export function RuleDialog({
  rule,
  taken,
  onClose,
  onDone,
}: {
  rule: GradingRule | null
  taken: readonly string[]
  onClose: () => void
  onDone: (rule: GradingRule) => void
}) {
  const { t, i18n } = useTranslation('incident')
  const [form] = Form.useForm<RuleDraft>()
  const types = useQuery(incidentTypesQuery).data?.types ?? []
  const finish = (draft: RuleDraft) => {
    const made = ruleOf(draft)
    if (made.all.length === 0) form.setFields([{ name: 'people', errors: [t('grading-admin.no-condition')] }])
    else onDone(made)
  }
  return (
    <Modal
      open
      centered
      className="form-dialog"
      title={t(rule === null ? 'grading-admin.add' : 'grading-admin.change')}
      okText={t('ui:action.confirm')}
      cancelText={t('ui:action.cancel')}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Form<RuleDraft>
        form={form}
        layout="vertical"
        initialValues={rule === null ? { axis: 'difficulty', level: 'complex' } : draftOf(rule)}
        onFinish={finish}
      >
        <div className="form-grid">
          <Form.Item
            name="id"
            label={t('grading-admin.id')}
            rules={[
              { required: true },
              { pattern: /^[a-z0-9][a-z0-9-]{0,39}$/, message: t('policy.code-form') },
              {
                validator: (_, id: string) =>
                  rule === null && taken.includes(id)
                    ? Promise.reject(new Error(t('grading-admin.id-taken')))
                    : Promise.resolve(),
              },
            ]}
          >
            <Input className="mono" autoFocus disabled={rule !== null} />
          </Form.Item>
          <Form.Item name="axis" label={t('grading-admin.axis')}>
            <Select
              options={(['urgency', 'difficulty'] as const).map((value) => ({
                value,
                label: t(`axis.${value}`),
              }))}
            />
          </Form.Item>
          <Form.Item name="level" label={t('grading-admin.level')}>
            <Select options={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))} />
          </Form.Item>
          <Form.Item name="labelZh" label={t('types.name-zh')} rules={[{ max: 200 }]}>
            <Input />
          </Form.Item>
          <Form.Item name="labelEn" label={t('types.name-en')} rules={[{ max: 200 }]}>
            <Input />
          </Form.Item>
        </div>
        <p className="muted" style={{ marginBottom: 10 }}>
          {t('grading-admin.all-hold')}
        </p>
        <div className="form-grid">
          <Form.Item name="people" label={`${t('condition.people')} ≥`}>
            <InputNumber min={1} max={1_000_000} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="fromHour" label={t('grading-admin.fromHour')}>
            <InputNumber min={0} max={23} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="untilHour" label={t('grading-admin.untilHour')}>
            <InputNumber min={0} max={23} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="circumstances" label={t('grading-admin.circumstances')} className="wide">
            <Select
              mode="multiple"
              showSearch={{ optionFilterProp: 'label' }}
              options={CIRCUMSTANCES.map((value) => ({ value, label: t(`circumstance.${value}`) }))}
            />
          </Form.Item>
          <Form.Item
            name="codes"
            label={t('grading-admin.codes')}
            extra={t('grading-admin.codes-hint')}
            className="wide"
          >
            <Select
              mode="tags"
              showSearch={{ optionFilterProp: 'label' }}
              options={types.map(({ code, nameZh, nameEn }) => ({
                value: code,
                label: `${code} ${i18n.language === 'en' ? nameEn : nameZh}`,
              }))}
            />
          </Form.Item>
          <Form.Item name="urgent" valuePropName="checked">
            <Checkbox>{t('condition.type-urgent')}</Checkbox>
          </Form.Item>
          <Form.Item name="keyPlace" valuePropName="checked">
            <Checkbox>{t('condition.key-place')}</Checkbox>
          </Form.Item>
        </div>
      </Form>
    </Modal>
  )
}
