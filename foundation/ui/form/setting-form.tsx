import { App, Button, Form, InputNumber } from 'antd'
import type { QueryKey } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client.ts'
import { useRecord } from './use-record.tsx'
import './form.css'

/** A setting as the server shows it. Version 0 is the default that ships. */
export interface SettingRow {
  readonly key: string
  readonly value: unknown
  readonly version: number
}

export interface SettingFormProps<Values> {
  readonly title: string
  readonly lead?: string
  readonly setting: SettingRow
  /** `/api/incident-settings`: read as a list, written by key. */
  readonly url: string
  readonly refresh: QueryKey
  readonly readOnly: boolean
  readonly toForm: (value: unknown) => Values
  readonly fromForm: (values: Values) => unknown
  readonly children: ReactNode
}

/** One setting in a panel of its own: it is read, changed and put into force as a whole. */
export function SettingForm<Values extends object>({
  title,
  lead,
  setting,
  url,
  refresh,
  readOnly,
  toForm,
  fromForm,
  children,
}: SettingFormProps<Values>) {
  const { t } = useTranslation('ui')
  const { message } = App.useApp()
  const record = useRecord<Values, SettingRow>({
    stored: setting,
    toForm: (row) => toForm(row?.value),
    versionOf: ({ version }) => version,
    async load() {
      const { settings } = await api.get<{ settings: readonly SettingRow[] }>(url)
      return settings.find(({ key }) => key === setting.key) ?? null
    },
    save: (values, options) => api.put(`${url}/${setting.key}`, { value: fromForm(values) }, options),
    refresh: [refresh],
    done: () => void message.success(t('form.saved')),
  })
  return (
    <section className="panel setting">
      <div className="panel-head">
        <h2>{title}</h2>
        {lead !== undefined && <span className="muted">{lead}</span>}
      </div>
      <div className="panel-body">
        {record.notice}
        <Form<Values>
          form={record.form}
          layout="vertical"
          disabled={readOnly}
          initialValues={record.initial as never}
          onFinish={record.submit}
        >
          {children}
          {!readOnly && (
            <Button type="primary" htmlType="submit" loading={record.busy}>
              {t('action.save')}
            </Button>
          )}
        </Form>
      </div>
    </section>
  )
}

/** A number with its unit and its limits. */
export interface NumberField {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly unit?: string
  readonly min: number
  readonly max: number
  readonly step?: number
}

export function NumberFields({ fields }: { fields: readonly NumberField[] }) {
  return (
    <div className="form-grid">
      {fields.map(({ name, label, hint, unit, min, max, step = 1 }) => (
        <Form.Item
          key={name}
          name={name}
          label={label}
          rules={[{ required: true }]}
          {...(hint === undefined ? {} : { extra: hint })}
        >
          <InputNumber
            min={min}
            max={max}
            step={step}
            style={{ width: '100%' }}
            {...(step >= 1 ? { precision: 0 } : {})}
            {...(unit === undefined ? {} : { suffix: unit })}
          />
        </Form.Item>
      ))}
    </div>
  )
}
