import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import {
  NumberFields,
  SettingForm,
  type NumberField,
  type SettingRow,
} from '../../../../foundation/ui/form/setting-form.tsx'
import { useMay } from '../../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../../foundation/ui/states/states.tsx'
import {
  HOLIDAYS_SETTING,
  ROSTER_KEEPING_SETTING,
  ROSTER_RULES_SETTING,
  ROSTER_WEIGHTS_SETTING,
  type Holiday,
  type RosterKeeping,
  type RosterRules,
  type RosterWeights,
} from '../../core/index.ts'
import { ROSTER_SETTINGS_URL, rosterSettingsQuery } from './patterns-api.ts'
import { fromRulesForm, toRulesForm, type RulesForm } from './rules-form.ts'

const WEIGHTS: readonly (keyof RosterWeights)[] = [
  'draws',
  'nights',
  'weekends',
  'holidays',
  'wishes',
  'stability',
  'offPatternDuty',
]

/** The hard rules, what unfairness costs, holidays, and how far back is looked. */
export function RulesTab() {
  const { t } = useTranslation('roster')
  const readOnly = !useMay()('roster.configure')
  const settings = useQuery(rosterSettingsQuery)
  const common = { url: ROSTER_SETTINGS_URL, refresh: rosterSettingsQuery.queryKey, readOnly }
  const weights = WEIGHTS.map((name): NumberField => ({
    ...{ name, min: 0, max: 10_000, step: 0.5 },
    label: t(`weight.${name}`),
  }))
  return (
    <Shown query={settings} rows={10}>
      {(rows) => {
        const find = (wanted: string) => rows.find(({ key }) => key === wanted)
        const [rules, prices, holidays, keeping] = [
          find(ROSTER_RULES_SETTING),
          find(ROSTER_WEIGHTS_SETTING),
          find(HOLIDAYS_SETTING),
          find(ROSTER_KEEPING_SETTING),
        ]
        return (
          <>
            {rules && (
              <SettingForm<RulesForm>
                key={`rules-${rules.version}`}
                title={t('rules.hard')}
                lead={t('rules.hard-lead')}
                setting={rules}
                toForm={(value) => toRulesForm(value as RosterRules)}
                fromForm={fromRulesForm}
                {...common}
              >
                <HardRules />
              </SettingForm>
            )}
            {prices && (
              <SettingForm<RosterWeights>
                key={`weights-${prices.version}`}
                title={t('rules.soft')}
                lead={t('rules.soft-lead')}
                setting={prices}
                toForm={(value) => value as RosterWeights}
                fromForm={(values) => values}
                {...common}
              >
                <NumberFields fields={weights} />
              </SettingForm>
            )}
            {holidays && <Holidays setting={holidays} common={common} />}
            {keeping && (
              <SettingForm<RosterKeeping>
                key={`keeping-${keeping.version}`}
                title={t('rules.keeping')}
                setting={keeping}
                toForm={(value) => value as RosterKeeping}
                fromForm={(values) => values}
                {...common}
              >
                <NumberFields
                  fields={[
                    {
                      name: 'carriedDays',
                      label: t('rules.carried'),
                      unit: t('rules.days'),
                      min: 0,
                      max: 1000,
                    },
                    {
                      name: 'dutyRetentionDays',
                      label: t('rules.retention'),
                      unit: t('rules.days'),
                      min: 90,
                      max: 3650,
                    },
                  ]}
                />
              </SettingForm>
            )}
          </>
        )
      }}
    </Shown>
  )
}

function HardRules() {
  const { t } = useTranslation('roster')
  return (
    <>
      <NumberFields
        fields={[
          { name: 'restHours', label: t('rules.rest'), unit: t('rules.hours'), min: 0, max: 48, step: 0.5 },
          { name: 'weekHours', label: t('rules.week'), unit: t('rules.hours'), min: 1, max: 168, step: 0.5 },
          { name: 'maxConsecutiveDays', label: t('rules.in-a-row'), unit: t('rules.days'), min: 1, max: 31 },
          {
            name: 'trainingHours',
            label: t('rules.training'),
            unit: t('rules.hours'),
            min: 0,
            max: 24,
            step: 0.5,
          },
        ]}
      />
      <Form.Item name="forbidNightThenDay" valuePropName="checked">
        <Checkbox>{t('rules.night-then-day')}</Checkbox>
      </Form.Item>
      <Form.Item name="offPattern" label={t('rules.off-pattern')}>
        <Select
          style={{ maxWidth: 420 }}
          options={(['never', 'when-needed'] as const).map((value) => ({
            value,
            label: t(`rules.off-pattern-${value}`),
          }))}
        />
      </Form.Item>
      <h3 className="rules-head">{t('rules.street')}</h3>
      <Form.List name="streetShares">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="rules-band">
                <Form.Item name={[name, 'fromHour']} rules={[{ required: true }]}>
                  <InputNumber
                    min={0}
                    max={23.75}
                    step={0.25}
                    suffix={t('rules.oclock')}
                    aria-label={t('rules.from-hour', { number: name + 1 })}
                  />
                </Form.Item>
                <span>–</span>
                <Form.Item name={[name, 'untilHour']} rules={[{ required: true }]}>
                  <InputNumber
                    min={0.25}
                    max={24}
                    step={0.25}
                    suffix={t('rules.oclock')}
                    aria-label={t('rules.until-hour', { number: name + 1 })}
                  />
                </Form.Item>
                <Form.Item name={[name, 'percent']} rules={[{ required: true }]}>
                  <InputNumber
                    min={0}
                    max={100}
                    step={0.01}
                    suffix="%"
                    aria-label={t('rules.share', { number: name + 1 })}
                  />
                </Form.Item>
                <Button
                  type="text"
                  aria-label={t('pattern.remove', { what: t('rules.street'), number: name + 1 })}
                  onClick={() => remove(name)}
                >
                  ✕
                </Button>
              </div>
            ))}
            <Button className="rules-add" size="small" onClick={() => add({ fromHour: 0, untilHour: 24 })}>
              {t('ui:action.add')}
            </Button>
          </>
        )}
      </Form.List>
    </>
  )
}

interface HolidaysForm {
  readonly holidays: Holiday[]
}

function Holidays({
  setting,
  common,
}: {
  setting: SettingRow
  common: { url: string; refresh: readonly string[]; readOnly: boolean }
}) {
  const { t } = useTranslation('roster')
  return (
    <SettingForm<HolidaysForm>
      key={`holidays-${setting.version}`}
      title={t('rules.holidays')}
      lead={t('rules.holidays-lead')}
      setting={setting}
      toForm={(value) => value as HolidaysForm}
      fromForm={({ holidays }) => ({
        holidays: [...(holidays ?? [])].toSorted((a, b) => (a.date < b.date ? -1 : 1)),
      })}
      {...common}
    >
      <Form.List name="holidays">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="rules-band">
                <Form.Item name={[name, 'date']} rules={[{ required: true }]}>
                  <Input type="date" aria-label={t('rules.holiday-date', { number: name + 1 })} />
                </Form.Item>
                <Form.Item name={[name, 'nameZh']} rules={[{ required: true }]}>
                  <Input
                    maxLength={60}
                    placeholder={t('pattern.name-zh')}
                    aria-label={`${t('pattern.name-zh')} ${name + 1}`}
                  />
                </Form.Item>
                <Form.Item name={[name, 'nameEn']} rules={[{ required: true }]}>
                  <Input
                    maxLength={60}
                    placeholder={t('pattern.name-en')}
                    aria-label={`${t('pattern.name-en')} ${name + 1}`}
                  />
                </Form.Item>
                <Button
                  type="text"
                  aria-label={t('pattern.remove', { what: t('rules.holidays'), number: name + 1 })}
                  onClick={() => remove(name)}
                >
                  ✕
                </Button>
              </div>
            ))}
            <Button className="rules-add" size="small" onClick={() => add({})}>
              {t('ui:action.add')}
            </Button>
          </>
        )}
      </Form.List>
    </SettingForm>
  )
}
