import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import {
  NumberFields,
  SettingForm,
  type NumberField,
  type SettingRow,
} from '../../../foundation/ui/form/setting-form.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { ORDER_RULES_SETTING, type OrderRules } from '../core/index.ts'

const URL = '/api/patrol-settings'

const patrolSettingsQuery = queryOptions({
  queryKey: ['patrol-settings', 'all'],
  queryFn: ({ signal }) => api.get<{ settings: readonly SettingRow[] }>(URL, {}, signal),
})

type Unit = 'days' | 'characters' | 'minutes' | 'seconds' | 'metres' | 'percent'

/** In the order of the page. Limits are those of the server. */
const FIELDS: readonly (readonly [name: keyof OrderRules, unit: Unit, min: number, max: number])[] = [
  ['longestDays', 'days', 1, 90],
  ['shortestReasonLength', 'characters', 1, 100],
  ['minutesPerVisit', 'minutes', 5, 60],
  ['visitEveryMinutes', 'minutes', 15, 1440],
  ['visitFromMinutes', 'minutes', 1, 60],
  ['breakSeconds', 'seconds', 0, 1800],
  ['silenceSeconds', 'seconds', 30, 3600],
  ['poorAccuracyMetres', 'metres', 10, 1000],
  ['borderMetres', 'metres', 0, 200],
  ['enoughShare', 'percent', 10, 100],
  ['visitRetentionDays', 'days', 7, 1000],
]

/** What an order may be, and what counts as a visit. */
export function OrderRulesAdmin() {
  const { t } = useTranslation('patrol')
  const readOnly = !useMay()('patrol.configure')
  const settings = useQuery(patrolSettingsQuery)
  const fields = FIELDS.map(([name, unit, min, max]): NumberField => ({
    ...{ name, min, max },
    label: t(`rules.${name}`),
    unit: t(`rules.unit.${unit}`),
  }))
  return (
    <>
      <div className="page-head">
        <h1>{t('rules.title')}</h1>
        <span className="muted">{t('rules.lead')}</span>
      </div>
      <Shown query={settings} rows={10}>
        {({ settings: rows }) =>
          rows
            .filter(({ key }) => key === ORDER_RULES_SETTING)
            .map((setting) => (
              <SettingForm<OrderRules>
                key={`${setting.key}-${setting.version}`}
                title={t('rules.orders')}
                setting={setting}
                url={URL}
                refresh={['patrol-settings']}
                readOnly={readOnly}
                toForm={(value) => percented(value as OrderRules, 100)}
                fromForm={(rules) => percented(rules, 0.01)}
              >
                <NumberFields fields={fields} />
              </SettingForm>
            ))
        }
      </Shown>
    </>
  )
}

/** People say a share in hundredths. */
function percented(rules: OrderRules, by: number): OrderRules {
  return { ...rules, enoughShare: Math.round(rules.enoughShare * by * 100) / 100 }
}
