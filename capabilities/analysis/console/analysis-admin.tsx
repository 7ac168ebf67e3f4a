import { queryOptions, useQuery } from '@tanstack/react-query'
import { Button, Form, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { NumberFields, SettingForm, type SettingRow } from '../../../foundation/ui/form/setting-form.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import {
  ANALYSIS_RETENTION_SETTING,
  DAILY_SETTING,
  RISK_SURFACE_SETTING,
  type AnalysisRetention,
  type DailySetting,
  type RiskSurfaceSetting,
} from '../core/index.ts'
import './analysis.css'

const URL = '/api/analysis-settings'

const settingsQuery = queryOptions({
  queryKey: ['analysis-settings'],
  queryFn: ({ signal }) => api.get<{ settings: readonly SettingRow[] }>(URL, {}, signal),
})

/** How each day is planned, how finely risk is laid out, and for how long what runs made is kept. */
export function AnalysisAdmin() {
  const { t } = useTranslation('analysis')
  const readOnly = !useMay()('analysis.configure')
  const settings = useQuery(settingsQuery)
  const common = { url: URL, refresh: settingsQuery.queryKey, readOnly }
  return (
    <>
      <div className="page-head">
        <h1>{t('setting.title')}</h1>
      </div>
      <Shown query={settings} rows={10}>
        {({ settings: rows }) => {
          const find = (wanted: string) => rows.find(({ key }) => key === wanted)
          const daily = find(DAILY_SETTING)
          const surface = find(RISK_SURFACE_SETTING)
          const retention = find(ANALYSIS_RETENTION_SETTING)
          return (
            <>
              {daily && (
                <SettingForm<DailySetting>
                  key={`daily-${daily.version}`}
                  title={t('setting.daily')}
                  lead={t('setting.daily-lead')}
                  setting={daily}
                  toForm={(value) => ({ categoryPlans: 0, ...(value as DailySetting) })}
                  fromForm={(values) => values}
                  {...common}
                >
                  <DailyFields />
                </SettingForm>
              )}
              {surface && (
                <SettingForm<RiskSurfaceSetting>
                  key={`surface-${surface.version}`}
                  title={t('setting.surface')}
                  lead={t('setting.surface-lead')}
                  setting={surface}
                  toForm={(value) => value as RiskSurfaceSetting}
                  fromForm={(values) => values}
                  {...common}
                >
                  <NumberFields
                    fields={[
                      {
                        name: 'cellMetres',
                        label: t('setting.cell-metres'),
                        unit: t('setting.metres'),
                        min: 100,
                        max: 2_000,
                      },
                    ]}
                  />
                </SettingForm>
              )}
              {retention && (
                <SettingForm<AnalysisRetention>
                  key={`retention-${retention.version}`}
                  title={t('setting.retention')}
                  lead={t('setting.retention-lead')}
                  setting={retention}
                  toForm={(value) => value as AnalysisRetention}
                  fromForm={(values) => values}
                  {...common}
                >
                  <NumberFields
                    fields={[
                      {
                        name: 'days',
                        label: t('setting.retention-days'),
                        unit: t('setting.days'),
                        min: 30,
                        max: 3_650,
                      },
                    ]}
                  />
                </SettingForm>
              )}
            </>
          )
        }}
      </Shown>
    </>
  )
}

function DailyFields() {
  const { t } = useTranslation('analysis')
  return (
    <>
      <NumberFields
        fields={[
          { name: 'hour', label: t('setting.hour'), hint: t('setting.hour-hint'), min: 0, max: 23 },
          { name: 'stopsPerShift', label: t('setting.stops'), min: 1, max: 200 },
          {
            name: 'discRadiusMetres',
            label: t('setting.radius'),
            unit: t('setting.metres'),
            min: 20,
            max: 1_000,
          },
          {
            name: 'categoryPlans',
            label: t('setting.category-plans'),
            hint: t('setting.category-plans-hint'),
            min: 0,
            max: 12,
          },
        ]}
      />
      <h3 className="analysis-setting-head">{t('setting.shifts')}</h3>
      <p className="muted">{t('setting.shifts-hint')}</p>
      <Form.List name="shifts">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="analysis-setting-shift">
                {(['fromHour', 'untilHour'] as const).map((end) => (
                  <Form.Item key={end} name={[name, end]} rules={[{ required: true }]}>
                    <InputNumber
                      min={end === 'fromHour' ? 0 : 1}
                      max={end === 'fromHour' ? 47 : 48}
                      precision={0}
                      aria-label={t(`setting.${end === 'fromHour' ? 'from-hour' : 'until-hour'}`, {
                        position: name + 1,
                      })}
                      suffix={t('setting.oclock')}
                    />
                  </Form.Item>
                ))}
                <Button
                  type="text"
                  disabled={fields.length === 1}
                  aria-label={t('setting.remove-shift', { position: name + 1 })}
                  onClick={() => remove(name)}
                >
                  ✕
                </Button>
              </div>
            ))}
            <Button
              disabled={fields.length >= 12}
              style={{ marginInlineEnd: 8, marginBottom: 12 }}
              onClick={() => add({})}
            >
              {t('ui:action.add')}
            </Button>
          </>
        )}
      </Form.List>
    </>
  )
}
