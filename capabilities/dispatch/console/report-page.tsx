import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button, Table } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { DurationText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useUnits } from '../../force/console/index.tsx'
import {
  afterActionQuery,
  LevelMark,
  Timeline,
  useDrawnFrom,
  useTypeName,
  type ReportShown,
} from '../../incident/console/index.tsx'
import './report-page.css'

const TIMES = [
  'toLevelSeconds',
  'toFirstOrderSeconds',
  'toFirstAcknowledgementSeconds',
  'toFirstDepartureSeconds',
  'toFirstArrivalSeconds',
  'toEndSeconds',
] as const

/** The after-action report: read off the timeline, nothing kept twice. The same as PDF. */
export function ReportPage() {
  const { t, i18n } = useTranslation('incident')
  const { incidentId } = useParams({ from: '/shell/incidents/$incidentId/report' })
  const report = useQuery(afterActionQuery(incidentId))
  return (
    <div className="page report">
      <div className="page-head">
        <h1>{t('report.title')}</h1>
        <Link to="/incidents/$incidentId" params={{ incidentId }}>
          {t('report.back')}
        </Link>
        <Button
          type="primary"
          className="push"
          href={`/api/incidents/${incidentId}/report.pdf?language=${i18n.language === 'en' ? 'en' : 'zh-CN'}`}
          target="_blank"
        >
          {t('report.pdf')}
        </Button>
      </div>
      <Shown query={report} rows={12}>
        {(data) => <Report data={data} />}
      </Shown>
    </div>
  )
}

function Report({ data }: { data: ReportShown }) {
  const { t } = useTranslation('incident')
  const format = useFormat()
  const typeName = useTypeName()
  const units = useUnits()
  const profile = useDrawnFrom()
  const { incident } = data
  return (
    <>
      <section className="panel panel-body report-top">
        <LevelMark level={incident.level} size={44} />
        <div>
          <h2>
            {typeName(incident.typeCode)} <span className="mono muted">{incident.number}</span>
          </h2>
          <p>{incident.address}</p>
          <p className="muted">
            {incident.summary} · {t('report.written', { at: format.moment(data.writtenAt) })}
            {incident.isHourDrawn && ` · ${t('page.hour-drawn', { profile })}`}
          </p>
        </div>
      </section>
      <Section title={t('report.times')}>
        <div className="report-times">
          {TIMES.map((name) => (
            <div key={name} data-main={name === 'toFirstArrivalSeconds'}>
              <span>{t(`report.${name}`)}</span>
              <strong>
                <DurationText seconds={data.times[name]} />
              </strong>
            </div>
          ))}
        </div>
      </Section>
      <div className="report-pair">
        <Section title={t('report.stages')}>
          <Table
            size="small"
            scroll={{ x: 'max-content' }}
            pagination={false}
            rowKey="enteredAt"
            dataSource={[...data.stages]}
            columns={[
              { title: t('report.stage'), render: (_, { stage }) => t(`stage.${stage}`) },
              { title: t('report.entered'), render: (_, { enteredAt }) => format.clock(enteredAt) },
              {
                title: t('report.duration'),
                render: (_, { durationSeconds }) => <DurationText seconds={durationSeconds} />,
              },
            ]}
          />
        </Section>
        <Section title={t('report.levels')}>
          <Table
            size="small"
            scroll={{ x: 'max-content' }}
            pagination={false}
            rowKey="at"
            dataSource={[...data.levels]}
            columns={[
              { title: t('ui:field.time'), render: (_, { at }) => format.clock(at) },
              {
                title: t('report.level'),
                render: (_, { level, cause }) => `${t(`report.cause.${cause}`)} ${t(`level.${level}`)}`,
              },
              { title: t('report.by'), dataIndex: 'by' },
              { title: t('report.reason'), render: (_, { reason }) => reason ?? '—' },
            ]}
          />
        </Section>
      </div>
      <Section title={`${t('report.units')} · ${t('report.orders', { ...data.orders })}`}>
        <Table
          size="small"
          pagination={false}
          rowKey="assignmentId"
          dataSource={[...data.units]}
          scroll={{ x: 900 }}
          columns={[
            { title: t('report.unit'), render: (_, { callSign }) => <strong>{callSign}</strong> },
            { title: t('report.role'), render: (_, { role }) => t(`unit-role.${role}`) },
            { title: t('report.ordered'), render: (_, { orderedAt }) => format.clock(orderedAt) },
            {
              title: t('report.acknowledged'),
              render: (_, { acknowledgeSeconds }) => <DurationText seconds={acknowledgeSeconds} />,
            },
            {
              title: t('report.travel'),
              render: (_, { travelSeconds }) => <DurationText seconds={travelSeconds} />,
            },
            { title: t('report.arrived'), render: (_, { arrivedAt }) => format.clock(arrivedAt) },
            {
              title: t('report.on-scene'),
              render: (_, { onSceneSeconds }) => <DurationText seconds={onSceneSeconds} />,
            },
            { title: t('report.released'), render: (_, { releasedAt }) => format.clock(releasedAt) },
            { title: t('report.chased'), render: (_, { chaseCount }) => chaseCount || '—' },
          ]}
        />
      </Section>
      <div className="report-pair">
        <Section title={t('report.medical')}>
          <Lines
            none={t('report.none')}
            lines={data.medicalHelp.map(
              (each) => `${format.clock(each.at)} ${t(`record.${each.kind}`)} ${each.people} ${each.note}`,
            )}
          />
        </Section>
        <Section title={t('report.force')}>
          <Lines
            none={t('report.none')}
            lines={data.forceUses.map(
              (each) =>
                `${format.clock(each.at)} ${t(`record.${each.kind}`)} ${each.unitId === null ? '' : (units.get(each.unitId)?.callSign ?? '')} — ${each.justification}（${each.warning}）`,
            )}
          />
        </Section>
      </div>
      <Section title={t('timeline')}>
        <Timeline timeline={data.timeline} />
      </Section>
    </>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="panel report-section">
      <div className="panel-head">
        <h2>{title}</h2>
      </div>
      <div className="panel-body">{children}</div>
    </section>
  )
}

function Lines({ lines, none }: { lines: readonly string[]; none: string }) {
  if (lines.length === 0) return <span className="muted">{none}</span>
  return (
    <ul style={{ margin: 0, paddingLeft: 18 }}>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  )
}
