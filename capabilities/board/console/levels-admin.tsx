import { useQuery } from '@tanstack/react-query'
import { App, Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { forceBoardQuery, useOrganisationName } from '../../force/console/index.tsx'
import { UNIT_STATUSES } from '../../force/core/index.ts'
import { AWAY, type LevelsFault, type PatrolLevels } from '../core/index.ts'
import { patrolLevelsQuery } from './board-api.ts'
import './board.css'

type Versioned = PatrolLevels & { readonly version: number }

/** The everyday target, which statuses count as being on the street, and the levels. Every fault is shown at its place. */
export function LevelsAdmin() {
  const { t } = useTranslation('board')
  const levels = useQuery(patrolLevelsQuery)
  return (
    <>
      <div className="page-head">
        <h1>{t('levels.title')}</h1>
        <span className="muted">{t('levels.lead')}</span>
      </div>
      <Shown query={levels} rows={8}>
        {(data) => <LevelsForm key={data.version} levels={data} />}
      </Shown>
    </>
  )
}

function LevelsForm({ levels }: { levels: Versioned }) {
  const { t } = useTranslation('board')
  const may = useMay()
  const { message } = App.useApp()
  const organisationName = useOrganisationName()
  const organisations = useQuery(forceBoardQuery).data?.organisations ?? []
  const [form] = Form.useForm<PatrolLevels>()
  const readOnly = !may('board.configure')
  const save = useCommand<PatrolLevels, Versioned>({
    run: (body, idempotencyKey) =>
      api.put('/api/patrol-levels', body, { idempotencyKey, ifMatch: levels.version }),
    refresh: [patrolLevelsQuery.queryKey, ['street-strength']],
    done: () => void message.success(t('levels.saved')),
    failed(error) {
      const faults = problemOf(error).detail?.['faults'] as readonly LevelsFault[] | undefined
      if (!faults) return false
      form.setFields(
        faults.map(({ path, code, detail }) => ({
          name: path.split('/').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) as never,
          errors: [t(`levels.fault.${code}`, { ...detail, defaultValue: code })],
        })),
      )
      return true
    },
  })

  return (
    <Form<PatrolLevels>
      form={form}
      layout="vertical"
      disabled={readOnly}
      initialValues={levels}
      onFinish={(values) => save.mutate(values)}
    >
      <div className="panel panel-body" style={{ marginBottom: 12 }}>
        <Form.Item name="countingStatuses" label={t('levels.counting')}>
          <Checkbox.Group
            options={UNIT_STATUSES.map((value) => ({ value, label: t(`force:status.${value}`) }))}
          />
        </Form.Item>
        <TargetField at={['normalTarget']} label={t('levels.normal')} />
      </div>
      <Form.List name="levels">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="panel panel-body levels-row">
                <Form.Item name={[name, 'level']} label={t('levels.level')}>
                  <InputNumber min={1} max={9} precision={0} style={{ width: 70 }} />
                </Form.Item>
                <Form.Item name={[name, 'nameZh']} label={t('levels.name-zh')}>
                  <Input />
                </Form.Item>
                <Form.Item name={[name, 'nameEn']} label={t('levels.name-en')}>
                  <Input />
                </Form.Item>
                <TargetField at={[name, 'target']} label={t('levels.target')} />
                <Form.Item
                  name={[name, 'covers', 'organisationIds']}
                  label={t('levels.covers')}
                  getValueProps={(value: 'all' | readonly string[]) => ({
                    value: value === 'all' ? [] : value,
                  })}
                  normalize={(value: readonly string[]) => (value.length === 0 ? 'all' : value)}
                >
                  <Select
                    mode="multiple"
                    showSearch={{ optionFilterProp: 'label' }}
                    placeholder={t('levels.everyone')}
                    style={{ minWidth: 180 }}
                    options={organisations.map(({ id }) => ({ value: id, label: organisationName(id) }))}
                  />
                </Form.Item>
                <Form.Item
                  name={[name, 'covers', 'auxiliaries']}
                  valuePropName="checked"
                  label={t('levels.auxiliaries')}
                >
                  <Checkbox>{t('ui:yes')}</Checkbox>
                </Form.Item>
                <Form.Item name={[name, 'covers', 'rosteredAway']} label={t('levels.rostered-away')}>
                  <Checkbox.Group
                    options={AWAY.map((value) => ({ value, label: t(`levels.away-${value}`) }))}
                  />
                </Form.Item>
                <Form.Item name={[name, 'chaseAfterSeconds']} label={t('levels.chase')}>
                  <InputNumber min={10} max={3600} precision={0} />
                </Form.Item>
                <Form.Item name={[name, 'escalateAfterChases']} label={t('levels.escalate')}>
                  <InputNumber min={1} max={20} precision={0} />
                </Form.Item>
                <Form.Item name={[name, 'defaultArrivalMinutes']} label={t('levels.arrival')}>
                  <InputNumber min={1} max={240} precision={0} />
                </Form.Item>
                <Button danger onClick={() => remove(name)} style={{ alignSelf: 'center' }}>
                  {t('ui:action.remove')}
                </Button>
              </div>
            ))}
            <div style={{ display: 'flex', gap: 8 }}>
              <Button
                onClick={() =>
                  add({
                    level: fields.length + 1,
                    nameZh: '',
                    nameEn: '',
                    target: levels.normalTarget,
                    covers: { organisationIds: 'all', auxiliaries: true },
                    chaseAfterSeconds: 300,
                    escalateAfterChases: 3,
                    defaultArrivalMinutes: 20,
                  })
                }
              >
                {t('levels.add')}
              </Button>
              {!readOnly && (
                <Button type="primary" htmlType="submit" loading={save.isPending}>
                  {t('ui:action.save')}
                </Button>
              )}
            </div>
          </>
        )}
      </Form.List>
    </Form>
  )
}

/** A share as people say it: two numbers, no rounding. */
function TargetField({ at, label }: { at: readonly (string | number)[]; label: string }) {
  const { t } = useTranslation('board')
  return (
    <Form.Item label={label} required>
      <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
        <Form.Item name={[...at, 'numerator']} noStyle>
          <InputNumber
            min={0}
            max={1000}
            precision={0}
            style={{ width: 70 }}
            aria-label={t('levels.numerator')}
          />
        </Form.Item>
        /
        <Form.Item name={[...at, 'denominator']} noStyle>
          <InputNumber
            min={1}
            max={1000}
            precision={0}
            style={{ width: 70 }}
            aria-label={t('levels.denominator')}
          />
        </Form.Item>
      </span>
    </Form.Item>
  )
}
