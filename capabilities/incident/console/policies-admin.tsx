import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { NumberFields, SettingForm } from '../../../foundation/ui/form/setting-form.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { CALLER_PURPOSES, type Disposition } from '../core/index.ts'
import { incidentSettingsQuery, type SettingRow } from './incident-api.ts'
import './incident.css'

const URL = '/api/incident-settings'

/** Duplicates, how long a caller's data is kept, and how an incident can end. */
export function IncidentPoliciesAdmin() {
  const { t } = useTranslation('incident')
  const readOnly = !useMay()('incident.configure')
  const settings = useQuery(incidentSettingsQuery)
  const common = { url: URL, refresh: incidentSettingsQuery.queryKey, readOnly }
  const find = (rows: readonly SettingRow[], key: string) => rows.find((row) => row.key === key)
  return (
    <>
      <div className="page-head">
        <h1>{t('policy.title')}</h1>
      </div>
      <Shown query={settings} rows={10}>
        {({ settings: rows }) => {
          const duplicates = find(rows, 'duplicate-policy')
          const retention = find(rows, 'caller-retention')
          const dispositions = find(rows, 'dispositions')
          return (
            <>
              {duplicates && (
                <SettingForm<Record<string, number>>
                  key={`duplicates-${duplicates.version}`}
                  title={t('policy.duplicates')}
                  lead={t('policy.duplicates-lead')}
                  setting={duplicates}
                  toForm={(value) => value as Record<string, number>}
                  fromForm={(values) => values}
                  {...common}
                >
                  <NumberFields
                    fields={[
                      {
                        name: 'withinMetres',
                        label: t('policy.within-metres'),
                        unit: t('policy.metres'),
                        min: 1,
                        max: 20_000,
                      },
                      {
                        name: 'withinSeconds',
                        label: t('policy.within-seconds'),
                        unit: t('policy.seconds'),
                        min: 1,
                        max: 604_800,
                      },
                      {
                        name: 'leastScore',
                        label: t('policy.least-score'),
                        hint: t('policy.least-score-hint'),
                        min: 0,
                        max: 1,
                        step: 0.05,
                      },
                    ]}
                  />
                </SettingForm>
              )}
              {retention && (
                <SettingForm<Record<string, number>>
                  key={`retention-${retention.version}`}
                  title={t('policy.retention')}
                  lead={t('policy.retention-lead')}
                  setting={retention}
                  toForm={(value) => value as Record<string, number>}
                  fromForm={(values) => values}
                  {...common}
                >
                  <NumberFields
                    fields={CALLER_PURPOSES.map((name) => ({
                      name,
                      label: t(`purpose.${name}`),
                      unit: t('policy.days'),
                      min: 1,
                      max: 36_500,
                    }))}
                  />
                </SettingForm>
              )}
              {dispositions && (
                <SettingForm<{ rows: readonly Disposition[] }>
                  key={`dispositions-${dispositions.version}`}
                  title={t('policy.dispositions')}
                  lead={t('policy.dispositions-lead')}
                  setting={dispositions}
                  toForm={(value) => ({ rows: value as readonly Disposition[] })}
                  fromForm={({ rows: list }) =>
                    list.map((row) => ({ ...row, needsScene: row.needsScene === true }))
                  }
                  {...common}
                >
                  <DispositionRows />
                </SettingForm>
              )}
            </>
          )
        }}
      </Shown>
    </>
  )
}

function DispositionRows() {
  const { t } = useTranslation('incident')
  const required = [{ required: true, whitespace: true, message: t('policy.fill-in') }]
  return (
    <Form.List name="rows">
      {(fields, { add, remove }) => (
        <>
          <div className="disposition-rows">
            {fields.map(({ key, name }) => (
              <div key={key} className="disposition-row">
                <Form.Item
                  name={[name, 'code']}
                  rules={[...required, { pattern: /^[a-z0-9][a-z0-9-]*$/, message: t('policy.code-form') }]}
                >
                  <Input className="mono" placeholder={t('types.code')} aria-label={t('types.code')} />
                </Form.Item>
                <Form.Item name={[name, 'nameZh']} rules={required}>
                  <Input placeholder={t('types.name-zh')} aria-label={t('types.name-zh')} />
                </Form.Item>
                <Form.Item name={[name, 'nameEn']} rules={required}>
                  <Input placeholder={t('types.name-en')} aria-label={t('types.name-en')} />
                </Form.Item>
                <Form.Item name={[name, 'needsScene']} valuePropName="checked">
                  <Checkbox>{t('policy.needs-scene')}</Checkbox>
                </Form.Item>
                <Button type="text" aria-label={t('ui:action.remove')} onClick={() => remove(name)}>
                  ✕
                </Button>
              </div>
            ))}
          </div>
          <Button
            style={{ marginInlineEnd: 8, marginBottom: 12 }}
            onClick={() => add({ code: '', nameZh: '', nameEn: '', needsScene: false })}
          >
            {t('ui:action.add')}
          </Button>
        </>
      )}
    </Form.List>
  )
}
