import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import {
  findingsQuery,
  planQuery,
  runsQuery,
  type FindingsShown,
  type PlanShown,
  type RunLog,
  type RunRow,
} from './analysis-api.ts'
import { Exports } from './exports.tsx'
import { profileText } from '../../incident/core/index.ts'
import { QualityNotes } from './quality-notes.tsx'
import { RunLogPanel } from './run-log.tsx'
import { PlanStage, type Tab } from './plan-stage.tsx'
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
      <Link to="/feedback-guard" className="analysis-guard">
        {t('guard.title')}
      </Link>
      {log.plannedRunId !== null && <Exports runId={log.plannedRunId} />}
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
  const found = useQuery(findingsQuery(runId))
  // Stays what it is when a new run comes.
  const [tab, setTab] = useState<Tab | null>(null)
  return (
    <Shown query={plan} rows={12}>
      {(shown) => (
        <Shown query={found} rows={12}>
          {(findings) => (
            <>
              <DayHead plan={shown} found={findings} />
              {shown.run.day !== log.dayInForce && (
                <p className="analysis-warning" role="status">
                  <span aria-hidden>▲</span> {t('stale', { day: shown.run.day, today: log.dayInForce })}
                </p>
              )}
              {shown.run.parameters.hoursDrawn && (
                <p className="analysis-warning" role="status">
                  <span aria-hidden>▲</span> {t('hours-drawn', { profile: hoursOf(shown.run, incident) })}
                </p>
              )}
              <PlanStage
                key={shown.run.id}
                run={shown.run}
                shifts={shown.shifts}
                categories={shown.categories}
                found={findings}
                tab={tab ?? (findings.changes ? 'changes' : 'series')}
                onTab={setTab}
              >
                <QualityNotes run={shown.run} />
                <RunLogPanel runs={log.runs} shownId={shown.run.id} />
              </PlanStage>
            </>
          )}
        </Shown>
      )}
    </Shown>
  )
}

/** The day in one line: what is expected, how that differs from the day before, and what is new. */
function DayHead({
  plan: { run, shifts },
  found: { findings, changes },
}: {
  plan: PlanShown
  found: FindingsShown
}) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const expected = shifts.reduce((sum, shift) => sum + shift.expected, 0)
  const before = changes?.shifts.reduce((sum, shift) => sum + shift.expectedBefore, 0)
  const isComparable = changes !== null && changes.shifts.length === shifts.length
  const ofKind = (of: readonly { kind: string }[] | null | undefined, kind: string) =>
    of?.filter((each) => each.kind === kind).length ?? 0
  const open = findings?.series.filter(({ state }) => state !== 'closed').length ?? 0
  const warnings = findings?.warnings.filter(({ outcome }) => outcome === 'warning').length ?? 0
  const news = changes?.shifts.reduce((sum, shift) => sum + ofKind(shift.stops, 'new'), 0) ?? 0
  return (
    <div className="analysis-day">
      <strong>{run.day}</strong>
      <span>
        {t('day.expected', { expected: format.number(expected, 1) })}
        {isComparable && ` ${t('day.before', { before: format.number(before, 1) })}`}
      </span>
      {isComparable && <span>{t('day.new-stops', { count: news })}</span>}
      {findings && (
        <>
          <span>
            {t('day.series', { count: open })}
            {changes?.series &&
              ` ${t('day.series-news', { new: ofKind(changes.series, 'new'), grown: ofKind(changes.series, 'grown') })}`}
          </span>
          <span>
            {t('day.warnings', { count: warnings })}
            {changes?.warnings && ` ${t('day.warnings-news', { new: ofKind(changes.warnings, 'new') })}`}
          </span>
        </>
      )}
      <span className="muted">
        {t('planned', {
          at: format.moment(run.startedAt),
          by: run.cause === 'manual' ? run.accountName : t('by-itself'),
        })}
      </span>
    </div>
  )
}

function hoursOf(run: RunRow, t: (key: string, values: Record<string, string | number>) => string): string {
  const { key, values } = profileText(run.parameters.hours)
  return t(key, values)
}
