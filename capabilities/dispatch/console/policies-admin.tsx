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

const URL = '/api/dispatch-settings'

const dispatchSettingsQuery = queryOptions({
  queryKey: ['dispatch-settings'],
  queryFn: ({ signal }) => api.get<{ settings: readonly SettingRow[] }>(URL, {}, signal),
})

type Limits = readonly [min: number, max: number]
const SECONDS: Limits = [0, 86_400]
const SOME_SECONDS: Limits = [1, 86_400]

/** Each policy with its numbers, in the order of the page. Limits are those of the server. */
const POLICIES: Readonly<Record<string, Readonly<Record<string, Limits>>>> = {
  'recommendation-policy': {
    staleAfterSeconds: SECONDS,
    expiredAfterSeconds: SECONDS,
    stalePenaltySeconds: SECONDS,
    interruptPenaltySeconds: SECONDS,
    standByBonusSeconds: SECONDS,
  },
  'chase-policy': {
    firstAfterSeconds: SOME_SECONDS,
    againAfterSeconds: SOME_SECONDS,
    chasesBeforeEscalation: [0, 100],
  },
  'notice-policy': {
    nearestUnits: [0, 1000],
    withinSeconds: SOME_SECONDS,
    groupChannelDelaySeconds: SECONDS,
  },
}

/** How units are recommended, when an order is chased, who is told first. */
export function PoliciesAdmin() {
  const { t } = useTranslation('dispatch')
  const readOnly = !useMay()('dispatch.configure')
  const settings = useQuery(dispatchSettingsQuery)
  const fieldsOf = (key: string): NumberField[] =>
    Object.entries(POLICIES[key] ?? {}).map(([name, [min, max]]) => ({
      name,
      label: t(`policy.${key}.${name}`),
      ...(name.endsWith('Seconds') ? { unit: t('policy.seconds') } : {}),
      min,
      max,
    }))
  return (
    <>
      <div className="page-head">
        <h1>{t('policy.title')}</h1>
        <span className="muted">{t('policy.lead')}</span>
      </div>
      <Shown query={settings} rows={10}>
        {({ settings: rows }) =>
          rows
            .filter(({ key }) => key in POLICIES)
            .map((setting) => (
              <SettingForm<Record<string, number>>
                key={`${setting.key}-${setting.version}`}
                title={t(`policy.${setting.key}.title`)}
                lead={t(`policy.${setting.key}.lead`)}
                setting={setting}
                url={URL}
                refresh={dispatchSettingsQuery.queryKey}
                readOnly={readOnly}
                toForm={(value) => value as Record<string, number>}
                fromForm={(values) => values}
              >
                <NumberFields fields={fieldsOf(setting.key)} />
              </SettingForm>
            ))
        }
      </Shown>
    </>
  )
}
