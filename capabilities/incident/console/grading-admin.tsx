import { useQuery } from '@tanstack/react-query'
import { Button, Form, InputNumber, Select, Switch, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SettingForm } from '../../../foundation/ui/form/setting-form.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import {
  DEFAULT_GRADING_RULES,
  LEVELS,
  type GradingCondition,
  type GradingRule,
  type Level,
} from '../core/index.ts'
import { fitsDialog, gradingRows, isBase, rulesOf, withCondition, type GradingRow } from './grading-table.ts'
import { incidentSettingsQuery, useTypeName } from './incident-api.ts'
import { LevelMark } from './level-mark.tsx'
import { RuleDialog } from './rule-dialog.tsx'

/** The grading table: each rule by its id, on or off, with its level and its thresholds; own rules beside. */
export function GradingAdmin() {
  const { t } = useTranslation('incident')
  const readOnly = !useMay()('incident.configure')
  const settings = useQuery(incidentSettingsQuery)
  return (
    <>
      <div className="page-head">
        <h1>{t('grading-admin.title')}</h1>
        <span className="muted">{t('grading-admin.lead')}</span>
      </div>
      <Shown query={settings} rows={12}>
        {({ settings: rows }) => {
          const setting = rows.find(({ key }) => key === 'grading-rules')
          return (
            setting && (
              <SettingForm<{ rules: readonly GradingRow[] }>
                key={setting.version}
                title={t('grading-admin.table')}
                lead={t(setting.version === 0 ? 'grading-admin.shipped' : 'grading-admin.changed')}
                setting={setting}
                url="/api/incident-settings"
                refresh={incidentSettingsQuery.queryKey}
                readOnly={readOnly}
                toForm={(value) => ({
                  rules: gradingRows(value as readonly GradingRule[], DEFAULT_GRADING_RULES),
                })}
                fromForm={({ rules }) => rulesOf(rules)}
              >
                <Form.Item name="rules">
                  <GradingTable readOnly={readOnly} />
                </Form.Item>
              </SettingForm>
            )
          )
        }}
      </Shown>
    </>
  )
}

function GradingTable({
  value = [],
  onChange,
  readOnly,
}: {
  value?: readonly GradingRow[]
  onChange?: (rows: readonly GradingRow[]) => void
  readOnly: boolean
}) {
  const { t, i18n } = useTranslation('incident')
  const [editing, setEditing] = useState<GradingRow | 'new' | null>(null)
  const set = (id: string, change: (row: GradingRow) => GradingRow) =>
    onChange?.(value.map((row) => (row.rule.id === id ? change(row) : row)))
  const setRule = (rule: GradingRule) => set(rule.id, (row) => ({ ...row, rule }))
  const own = ({ labelZh, labelEn }: GradingRule) =>
    (i18n.language === 'en' ? (labelEn ?? labelZh) : (labelZh ?? labelEn)) ?? ''
  return (
    <>
      <Table<GradingRow>
        size="small"
        rowKey={({ rule }) => rule.id}
        scroll={{ x: 'max-content' }}
        pagination={false}
        dataSource={[...value]}
        rowClassName={({ on }) => (on ? '' : 'grading-off')}
        columns={[
          {
            title: t('grading-admin.on'),
            width: 70,
            render: (_, { rule, on }) => (
              <Switch
                size="small"
                checked={on}
                disabled={readOnly || isBase(rule)}
                aria-label={`${t('grading-admin.on')} ${rule.id}`}
                onChange={(next) => set(rule.id, (row) => ({ ...row, on: next }))}
              />
            ),
          },
          { title: t('grading-admin.id'), render: (_, { rule }) => <span className="mono">{rule.id}</span> },
          { title: t('grading-admin.axis'), render: (_, { rule }) => t(`axis.${rule.axis}`) },
          {
            title: t('grading-admin.level'),
            render: (_, { rule }) => (
              <Select<Level>
                size="small"
                style={{ width: 120 }}
                disabled={readOnly || isBase(rule)}
                value={rule.level}
                aria-label={`${t('grading-admin.level')} ${rule.id}`}
                options={LEVELS.map((level) => ({
                  value: level,
                  label: (
                    <>
                      <LevelMark level={level} /> {t(`level.${level}`)}
                    </>
                  ),
                }))}
                onChange={(level) => setRule({ ...rule, level })}
              />
            ),
          },
          {
            title: t('grading-admin.when'),
            render: (_, { rule }) => (
              <span className="grading-conditions">
                {rule.all.map((condition, index) => (
                  <Condition
                    // Conditions of a rule keep their order.
                    key={index}
                    condition={condition}
                    readOnly={readOnly}
                    onChange={(next) => setRule(withCondition(rule, index, next))}
                  />
                ))}
                {own(rule) !== '' && <small className="muted">{own(rule)}</small>}
              </span>
            ),
          },
          {
            title: '',
            align: 'right',
            render: (_, row) =>
              row.own &&
              !readOnly && (
                <span className="row-actions">
                  {fitsDialog(row.rule) && (
                    <Button size="small" onClick={() => setEditing(row)}>
                      {t('ui:action.edit')}
                    </Button>
                  )}
                  <Button
                    size="small"
                    danger
                    onClick={() => onChange?.(value.filter(({ rule }) => rule.id !== row.rule.id))}
                  >
                    {t('ui:action.remove')}
                  </Button>
                </span>
              ),
          },
        ]}
      />
      {!readOnly && (
        <Button style={{ marginTop: 10 }} onClick={() => setEditing('new')}>
          {t('grading-admin.add')}
        </Button>
      )}
      {editing !== null && (
        <RuleDialog
          rule={editing === 'new' ? null : editing.rule}
          taken={value.map(({ rule }) => rule.id)}
          onClose={() => setEditing(null)}
          onDone={(rule) => {
            if (editing === 'new') onChange?.([...value, { rule, on: true, own: true }])
            else setRule(rule)
            setEditing(null)
          }}
        />
      )}
    </>
  )
}

/** One condition in words; its threshold can be written. */
function Condition({
  condition,
  readOnly,
  onChange,
}: {
  condition: GradingCondition
  readOnly: boolean
  onChange: (condition: GradingCondition) => void
}) {
  const { t } = useTranslation('incident')
  const typeName = useTypeName()
  const hour = (name: 'fromHour' | 'untilHour') =>
    condition.is === 'hours' && (
      <InputNumber
        size="small"
        min={0}
        max={23}
        precision={0}
        disabled={readOnly}
        style={{ width: 58 }}
        aria-label={t(`grading-admin.${name}`)}
        value={condition[name]}
        onChange={(value) => value !== null && onChange({ ...condition, [name]: value })}
      />
    )
  switch (condition.is) {
    case 'always':
    case 'type-urgent':
    case 'key-place':
      return <span>{t(`condition.${condition.is}`)}</span>
    case 'type-level':
      return <span>{t('condition.type-level', { level: t(`level.${condition.level}`) })}</span>
    case 'type':
      return (
        <span>
          {t('condition.type', { types: condition.codes.map(typeName).join(t('ui:list-separator')) })}
        </span>
      )
    case 'circumstance':
      return <span>{condition.any.map((each) => t(`circumstance.${each}`)).join(t('condition.or'))}</span>
    case 'people':
      return (
        <span>
          {t('condition.people')} ≥{' '}
          <InputNumber
            size="small"
            min={1}
            max={1_000_000}
            precision={0}
            disabled={readOnly}
            style={{ width: 84 }}
            aria-label={t('condition.people')}
            value={condition.atLeast}
            onChange={(value) => value !== null && onChange({ ...condition, atLeast: value })}
          />
        </span>
      )
    case 'hours':
      return (
        <span>
          {hour('fromHour')}–{hour('untilHour')} {t('condition.hours')}
        </span>
      )
  }
}
