import { Button, InputNumber } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../../foundation/ui/states/states.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { FEEDBACK_MEASURED, FEEDBACK_RULES } from '../core/feedback-guard.ts'
import { FeedbackChart } from './feedback-chart.tsx'
import { useFeedbackRun, type FeedbackRun } from './feedback-run.ts'
import './feedback.css'

const FIRST_SEED = 1
const MOST_SEED = 999_999
const ALLOWED_POINTS = 5

/** Why patrol does not confirm itself here, shown by running it. */
export function FeedbackPage() {
  const { t } = useTranslation('analysis')
  const { number } = useFormat()
  const [seed, setSeed] = useState(FIRST_SEED)
  const { run, start, stop } = useFeedbackRun()
  // Once, when the page is opened: what it explains is there to be seen.
  useEffect(() => start(FIRST_SEED), [])
  const again = () => {
    const next = run?.seed === seed ? (seed % MOST_SEED) + 1 : seed
    setSeed(next)
    start(next)
  }
  return (
    <div className="page guard">
      <div className="page-head">
        <h1>{t('guard.title')}</h1>
        <Button className="push" size="small" onClick={() => window.print()}>
          {t('results.export.print')}
        </Button>
      </div>
      <p className="guard-lead">{t('guard.lead')}</p>
      <section className="panel" aria-label={t('guard.chart')}>
        <div className="panel-head guard-controls">
          <label htmlFor="guard-seed">{t('guard.seed')}</label>
          <InputNumber
            id="guard-seed"
            min={1}
            max={MOST_SEED}
            precision={0}
            value={seed}
            onChange={(value) => value !== null && setSeed(value)}
            onPressEnter={again}
          />
          {run?.state === 'running' ? (
            <Button onClick={stop}>{t('guard.stop')}</Button>
          ) : (
            <Button type="primary" onClick={again}>
              {t('guard.again')}
            </Button>
          )}
          <span role="status" className="muted">
            {run?.state === 'running' &&
              `${t('guard.running')} · ${t('guard.day', { day: (run.naive.at(-1)?.day ?? 0) + 1 })}`}
          </span>
        </div>
        <div className="panel-body">
          <p className="muted">{t('guard.what')}</p>
          {run && (
            <figure className="guard-figure">
              <FeedbackChart guarded={run.guarded} naive={run.naive} />
            </figure>
          )}
          {run?.state === 'failed' && (
            <Failure error={new Error(t('guard.failed'))} retry={() => start(run.seed)} />
          )}
          {run?.state === 'done' && <Ended run={run} />}
          <dl className="facts guard-lines">
            <dt className="guard-ours-name">{t('guard.ours')}</dt>
            <dd>{t('guard.ours-why')}</dd>
            <dt className="guard-naive-name">{t('guard.naive')}</dt>
            <dd>{t('guard.naive-why')}</dd>
          </dl>
        </div>
      </section>
      <section className="guard-text">
        <h2>{t('guard.settings')}</h2>
        <p>
          {t('guard.settings-text', {
            reported: number(FEEDBACK_RULES.reportedPerDay),
            discovered: number(FEEDBACK_RULES.discoveredPerDay),
            focus: number(FEEDBACK_RULES.focus),
            before: number(FEEDBACK_RULES.daysBefore),
          })}
        </p>
        <h2>{t('guard.honest')}</h2>
        <p>
          {t('guard.honest-text', {
            years: number(FEEDBACK_MEASURED.years),
            ours: number(FEEDBACK_MEASURED.guardedWithin),
            naive: number(FEEDBACK_MEASURED.naiveWithin),
            median: number(FEEDBACK_MEASURED.naiveMedianPoints, 1),
          })}
        </p>
        <h2>{t('guard.does')}</h2>
        <p>{t('guard.does-text')}</p>
      </section>
    </div>
  )
}

function Ended({ run }: { run: FeedbackRun }) {
  const { t } = useTranslation('analysis')
  const format = useFormat()
  const points = Math.max(...run.guarded.map(({ forecastShare }) => 100 * Math.abs(forecastShare - 0.5)))
  const last = run.naive.at(-1)!
  return (
    <ul className="guard-ended">
      <li>
        {t('guard.ended-ours', {
          points: format.number(points, 1),
          patrol: format.percent(
            run.guarded.reduce((sum, { patrolShare }) => sum + patrolShare, 0) / run.guarded.length,
            1,
          ),
          verdict: t(points <= ALLOWED_POINTS ? 'guard.within' : 'guard.beyond'),
        })}
      </li>
      <li>
        {t('guard.ended-naive', {
          share: format.percent(last.forecastShare),
          patrol: format.percent(last.patrolShare),
        })}
      </li>
    </ul>
  )
}
