import { Link } from '@tanstack/react-router'
import { Button, Form, Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useOrganisationName, useUnits } from '../../force/console/index.tsx'
import {
  SensitiveField,
  TypeInput,
  useDispositions,
  type IncidentRow,
  type IncidentWhole,
  type ReportRow,
} from '../../incident/console/index.tsx'
import { CIRCUMSTANCES, type Circumstance } from '../../incident/core/index.ts'

interface Correction {
  readonly typeCode: string
  readonly address: string
  readonly summary: string
  readonly peopleCount: number | null
  readonly circumstances: readonly Circumstance[]
  readonly sensitiveReason?: string
}

/** What is known, from whom, and the way to correct it. */
export function FactsPanel({ whole }: { whole: IncidentWhole }) {
  const { t, i18n } = useTranslation('incident')
  const { incident, reports, absorbed } = whole
  const format = useFormat()
  const may = useMay()
  const organisationName = useOrganisationName()
  const dispositions = useDispositions()
  const [editing, setEditing] = useState(false)
  const ending = dispositions.find(({ code }) => code === incident.dispositionCode)
  const change = useCommand<Correction, IncidentRow>({
    run: (body, idempotencyKey) =>
      api.patch(`/api/incidents/${incident.id}`, body, { idempotencyKey, ifMatch: incident.version }),
    refresh: [['incident', incident.id], ['incidents']],
    done: () => setEditing(false),
  })
  return (
    <section className="panel" aria-label={t('facts.title')}>
      <div className="panel-head">
        <h2>{t('facts.title')}</h2>
        {may('incident.record') && incident.status === 'open' && (
          <Button size="small" className="push" onClick={() => setEditing(true)}>
            {t('facts.correct')}
          </Button>
        )}
      </div>
      <div className="panel-body">
        <dl className="facts">
          <dt>{t('intake.summary')}</dt>
          <dd>{incident.summary || '—'}</dd>
          <dt>{t('intake.people')}</dt>
          <dd>{incident.peopleCount ?? t('facts.unknown')}</dd>
          <dt>{t('intake.circumstances')}</dt>
          <dd>
            {incident.circumstances.map((each) => t(`circumstance.${each}`)).join(t('ui:list-separator')) ||
              t('ui:none')}
          </dd>
          <dt>{t('intake.origin')}</dt>
          <dd>{t(`origin.${incident.origin}`)}</dd>
          <dt>{t('facts.station')}</dt>
          <dd>{organisationName(incident.organisationId)}</dd>
          <dt>{t('facts.opened')}</dt>
          <dd>{format.moment(incident.openedAt)}</dd>
          {incident.closedAt !== null && (
            <>
              <dt>{t('facts.closed')}</dt>
              <dd>{format.moment(incident.closedAt)}</dd>
              <dt>{t('close.disposition')}</dt>
              <dd>
                {ending ? (i18n.language === 'en' ? ending.nameEn : ending.nameZh) : incident.dispositionCode}{' '}
                — {incident.result}
              </dd>
            </>
          )}
          {absorbed.length > 0 && (
            <>
              <dt>{t('facts.absorbed')}</dt>
              <dd>
                {absorbed.map(({ id, number }) => (
                  <Link
                    key={id}
                    to="/incidents/$incidentId"
                    params={{ incidentId: id }}
                    style={{ marginRight: 8 }}
                  >
                    {number}
                  </Link>
                ))}
              </dd>
            </>
          )}
        </dl>
        <h3 className="facts-reports">{t('facts.reports', { count: reports.length })}</h3>
        {reports.map((report) => (
          <Report key={report.id} report={report} />
        ))}
      </div>
      <Modal
        open={editing}
        title={t('facts.correct')}
        footer={null}
        onCancel={() => setEditing(false)}
        destroyOnHidden
      >
        <Form<Correction>
          layout="vertical"
          initialValues={{
            typeCode: incident.typeCode,
            address: incident.address,
            summary: incident.summary,
            peopleCount: incident.peopleCount,
            circumstances: incident.circumstances,
          }}
          onFinish={(values) => change.mutate(values)}
        >
          <Form.Item name="typeCode" label={t('intake.type')} rules={[{ required: true }]}>
            <TypeInput />
          </Form.Item>
          <Form.Item name="address" label={t('intake.place')}>
            <Input maxLength={300} />
          </Form.Item>
          <Form.Item name="summary" label={t('intake.summary')}>
            <Input.TextArea autoSize={{ minRows: 2 }} maxLength={4000} />
          </Form.Item>
          <SensitiveField watch="summary" />
          <Form.Item name="peopleCount" label={t('intake.people')}>
            <InputNumber min={0} precision={0} />
          </Form.Item>
          <Form.Item name="circumstances" label={t('intake.circumstances')}>
            <Select
              mode="multiple"
              showSearch={{ optionFilterProp: 'label' }}
              options={CIRCUMSTANCES.map((value) => ({ value, label: t(`circumstance.${value}`) }))}
            />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t('ui:action.save')}
          </Button>
        </Form>
      </Modal>
    </section>
  )
}

interface CallerShown {
  readonly caller: {
    readonly name: string | null
    readonly phone: string | null
    readonly retainUntilAt: string
  } | null
}

/** A report; the caller is personal data and is read only when asked for. */
function Report({ report }: { report: ReportRow }) {
  const { t } = useTranslation('incident')
  const format = useFormat()
  const may = useMay()
  const units = useUnits()
  const read = useCommand<void, CallerShown>({ run: () => api.get(`/api/reports/${report.id}/caller`) })
  return (
    <div className="facts-report">
      <span className="muted">{format.clock(report.receivedAt)}</span> {t(`origin.${report.origin}`)}
      {report.foundByUnitId !== null && ` · ${units.get(report.foundByUnitId)?.callSign ?? ''}`} —{' '}
      {report.summary || report.address}
      {may('incident.read-caller') &&
        report.origin === 'citizen' &&
        (read.data ? (
          <div>
            {read.data.caller
              ? `${read.data.caller.name ?? ''} ${read.data.caller.phone ?? ''} · ${t('facts.retained', { until: format.moment(read.data.caller.retainUntilAt).slice(0, 10) })}`
              : t('facts.no-caller')}
          </div>
        ) : (
          <Button type="link" size="small" loading={read.isPending} onClick={() => read.mutate()}>
            {t('facts.caller')}
          </Button>
        ))}
    </div>
  )
}
