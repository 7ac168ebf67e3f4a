import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import {
  FORCE_SCOPES,
  LEVELS,
  type ForceScope,
  type Level,
  type PlanDemand,
  type ResponsePlan,
} from '../core/index.ts'
import { incidentSettingsQuery, type SettingRow } from './incident-api.ts'
import { LevelMark } from './level-mark.tsx'
import './incident.css'

/** Who handles, who stands by and who leads at each level. */
export function PlanAdmin() {
  const { t } = useTranslation('incident')
  const settings = useQuery(incidentSettingsQuery)
  return (
    <>
      <div className="page-head">
        <h1>{t('plan-admin.title')}</h1>
        <span className="muted">{t('plan-admin.lead')}</span>
      </div>
      <Shown query={settings} rows={8}>
        {({ settings: rows }) => {
          const plan = rows.find(({ key }) => key === 'response-plan')
          return plan ? <PlanForm key={plan.version} setting={plan} /> : null
        }}
      </Shown>
    </>
  )
}

/** `all` is written as an empty number in the form: every unit on duty. */
interface DemandForm extends Omit<PlanDemand, 'units'> {
  readonly units: number | null
}
interface LevelForm {
  readonly level: Level
  readonly handle: readonly DemandForm[]
  readonly standBy: readonly DemandForm[]
  readonly lead: readonly ForceScope[]
}

const toForm = (demands: readonly PlanDemand[]): DemandForm[] =>
  demands.map((demand) => ({ ...demand, units: demand.units === 'all' ? null : demand.units }))
const fromForm = (demands: readonly DemandForm[] | undefined): PlanDemand[] =>
  (demands ?? []).map((demand) => ({ ...demand, units: demand.units ?? 'all' }))

function PlanForm({ setting }: { setting: SettingRow }) {
  const { t } = useTranslation('incident')
  const may = useMay()
  const { message } = App.useApp()
  const plan = setting.value as ResponsePlan
  const save = useCommand<readonly LevelForm[], SettingRow>({
    run: (levels, idempotencyKey) =>
      api.put(
        '/api/incident-settings/response-plan',
        {
          value: levels.map(({ level, handle, standBy, lead }) => ({
            level,
            handle: fromForm(handle),
            standBy: fromForm(standBy),
            lead,
          })),
        },
        { idempotencyKey, ifMatch: setting.version },
      ),
    refresh: [incidentSettingsQuery.queryKey],
    done: () => void message.success(t('plan-admin.saved')),
  })
  const readOnly = !may('incident.configure')
  const rows = LEVELS.map((level) => {
    const found = plan.find((each) => each.level === level)
    return {
      level,
      handle: toForm(found?.handle ?? []),
      standBy: toForm(found?.standBy ?? []),
      lead: found?.lead ?? [],
    }
  })
  return (
    <Form<{ plan: readonly LevelForm[] }>
      layout="vertical"
      disabled={readOnly}
      initialValues={{ plan: rows }}
      onFinish={({ plan: levels }) => save.mutate(levels)}
    >
      {LEVELS.map((level, index) => (
        <section key={level} className="panel" style={{ marginBottom: 12 }}>
          <div className="panel-head">
            <LevelMark level={level} />
            <h2>{t(`level.${level}`)}</h2>
          </div>
          <div className="panel-body plan-level">
            <Form.Item name={['plan', index, 'level']} hidden>
              <input />
            </Form.Item>
            <Demands name={['plan', index, 'handle']} label={t('plan-admin.handle')} />
            <Demands name={['plan', index, 'standBy']} label={t('plan-admin.stand-by')} />
            <Form.Item
              name={['plan', index, 'lead']}
              label={t('plan-admin.lead-by')}
              rules={[{ required: true }]}
            >
              <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={scopeOptions(t)} />
            </Form.Item>
          </div>
        </section>
      ))}
      {!readOnly && (
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('ui:action.save')}
        </Button>
      )}
    </Form>
  )
}

function scopeOptions(t: (key: string) => string) {
  return FORCE_SCOPES.map((value) => ({ value, label: t(`dispatch:scope.${value}`) }))
}

function Demands({ name, label }: { name: (string | number)[]; label: string }) {
  const { t } = useTranslation('incident')
  return (
    <Form.Item label={label}>
      <Form.List name={name}>
        {(fields, { add, remove }) => (
          <div>
            {fields.map(({ key, name: row }) => (
              <div key={key} className="plan-demand">
                <span className="faint">{row + 1}</span>
                <Form.Item name={[row, 'from']} noStyle rules={[{ required: true }]}>
                  <Select
                    style={{ width: 150 }}
                    options={scopeOptions(t)}
                    aria-label={t('plan-admin.from')}
                  />
                </Form.Item>
                <Form.Item name={[row, 'units']} noStyle>
                  <InputNumber
                    min={1}
                    max={1000}
                    precision={0}
                    placeholder={t('plan-admin.all')}
                    style={{ width: 90 }}
                    aria-label={t('plan-admin.units')}
                  />
                </Form.Item>
                <Form.Item name={[row, 'per']} noStyle>
                  <Select
                    style={{ width: 130 }}
                    aria-label={t('plan-admin.per')}
                    options={(['total', 'organisation'] as const).map((value) => ({
                      value,
                      label: t(`plan-admin.per-${value}`),
                    }))}
                  />
                </Form.Item>
                <Form.Item name={[row, 'skills']} noStyle>
                  <Select
                    mode="tags"
                    style={{ minWidth: 150, flex: 1 }}
                    placeholder={t('plan-admin.skills')}
                    aria-label={t('plan-admin.skills')}
                  />
                </Form.Item>
                <Button type="text" onClick={() => remove(row)} aria-label={t('ui:action.remove')}>
                  ✕
                </Button>
              </div>
            ))}
            <Button
              size="small"
              onClick={() => add({ from: 'station-of-place', units: 1, per: 'total', skills: [] })}
            >
              {t('plan-admin.add')}
            </Button>
          </div>
        )}
      </Form.List>
    </Form.Item>
  )
}
