import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { planQuery, runsQuery, type RunLog, type RunRow } from './analysis-api.ts'
import { profileText } from '../../incident/core/index.ts'
import { QualityNotes } from './quality-notes.tsx'
import { RunLogPanel } from './run-log.tsx'
import { PlanStage } from './plan-stage.tsx'
import './analysis.css'

/** The day's plan as an analyst reads it: where, when, how many, why, and how far it can be believed. */
export function AnalysisPage() {
  const log = useQuery(runsQuery)
  return (
    <Shown query={log} rows={12}>
      {(data) => <Analysis log={data} />}
    </Shown>
  )
}

function Analysis({ log }: { log: RunLog }) {
  const { t } = useTranslation('analysis')
  const { plannedRunId } = log
  return (
    <div className="analysis">
      <Head log={log} />
      {plannedRunId === null ? (
        <div className="analysis-none">
          <Empty text={t(log.hasHistory ? 'empty.no-plan' : 'empty.no-history')} />
          {log.runs.length > 0 && <RunLogPanel runs={log.runs} shownId={null} />}
        </div>
      ) : (
        <Planned runId={plannedRunId} log={log} />
      )}
    </div>
  )
}

function Head({ log }: { log: RunLog }) {
  const { t } = useTranslation('analysis')
  const may = useMay()
  const latest = log.runs[0]
  const isRunning = log.runs.some(({ state }) => state === 'running')
  const run = useCommand<object, RunRow>({
    run: (_input, idempotencyKey) => api.post('/api/analysis-runs', {}, { idempotencyKey }),
    refresh: [runsQuery.queryKey],
  })
  return (
    <div className="analysis-head">
      <h1>{t('title')}</h1>
      {isRunning && (
        <span className="analysis-running" role="status">
          <span aria-hidden>◌</span> {t('running')}
        </span>
      )}
      {!isRunning && latest?.state === 'failed' && (
        <span className="analysis-failed" role="alert">
          <span aria-hidden>✕</span> {t('last-failed', { cause: t(`failure.${latest.failure!.code}`) })}
        </span>
      )}
      {log.plannedRunId !== null && (
        <span className="analysis-exports">
          <a href={`/api/analysis-runs/${log.plannedRunId}/plan.csv`} download>
            {t('export.csv')}
          </a>
          <a href={`/api/analysis-runs/${log.plannedRunId}/plan.geojson`} download>
            {t('export.geojson')}
          </a>
        </span>
      )}
      {may('analysis.run') && log.hasHistory && (
        <Button
          type="primary"
          disabled={isRunning}
          loading={run.isPending || isRunning}
          onClick={() => run.mutate({})}
        >
          {t('run-now')}
        </Button>
      )}
    </div>
  )
}

function Planned({ runId, log }: { runId: string; log: RunLog }) {
  const { t } = useTranslation('analysis')
  const { t: incident } = useTranslation('incident')
  const plan = useQuery(planQuery(runId))
  return (
    <Shown query={plan} rows={12}>
      {({ run, shifts }) => (
        <>
          {run.day !== log.dayInForce && (
            <p className="analysis-warning" role="status">
              <span aria-hidden>▲</span> {t('stale', { day: run.day, today: log.dayInForce })}
            </p>
          )}
          {run.parameters.hoursDrawn && (
            <p className="analysis-warning" role="status">
              <span aria-hidden>▲</span> {t('hours-drawn', { profile: hoursOf(run, incident) })}
            </p>
          )}
          <PlanStage key={run.id} run={run} shifts={shifts}>
            <QualityNotes run={run} />
            <RunLogPanel runs={log.runs} shownId={run.id} />
          </PlanStage>
        </>
      )}
    </Shown>
  )
}

function hoursOf(run: RunRow, t: (key: string, values: Record<string, string | number>) => string): string {
  const { key, values } = profileText(run.parameters.hours)
  return t(key, values)
}
