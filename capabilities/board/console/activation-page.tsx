import { useQuery } from '@tanstack/react-query'
import { Button, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Empty, Shown } from '../../../foundation/ui/states/states.tsx'
import { AgeText, DurationText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { useOrganisationName } from '../../force/console/index.tsx'
import type { PatrolLevel } from '../core/index.ts'
import { ActivateDialog } from './activate-dialog.tsx'
import { ActivationOrders } from './activation-orders.tsx'
import {
  activationsQuery,
  openActivationQuery,
  patrolLevelsQuery,
  strengthCurveQuery,
  strengthQuery,
  type ActivationRow,
} from './board-api.ts'
import { StrengthCurve } from './strength-curve.tsx'
import { StrengthFigure } from './strength-widget.tsx'
import { StrengthNames } from './strength-names.tsx'
import './board.css'

/** Patrol levels: one action calls everyone out, and the page shows them come. */
export function ActivationPage() {
  const { t, i18n } = useTranslation('board')
  const may = useMay()
  const strength = useQuery(strengthQuery)
  const levels = useQuery(patrolLevelsQuery)
  const open = useQuery(openActivationQuery)
  const [asking, setAsking] = useState<PatrolLevel | null>(null)
  const [names, setNames] = useState<'on-street' | 'available' | null>(null)
  const activation = open.data?.activation ?? null
  const nameOf = (level: PatrolLevel) => (i18n.language === 'en' ? level.nameEn : level.nameZh)

  return (
    <div className="page activation">
      <div className="page-head">
        <h1>{t('activation.title')}</h1>
        {activation && <strong className="activation-now">◆ {nameOf(activation.terms)}</strong>}
      </div>
      <div className="activation-top">
        <section className="panel">
          <Shown query={strength} rows={3}>
            {(data) => (
              <>
                <StrengthFigure line={activation?.forecast?.strength ?? data.total} onNames={setNames} />
                <OrganisationLines lines={data.byOrganisation.filter(({ available }) => available > 0)} />
                {names !== null && (
                  <StrengthNames strength={data} first={names} onClose={() => setNames(null)} />
                )}
              </>
            )}
          </Shown>
        </section>
        <section className="panel">
          <div className="panel-head">
            <h2>{t('activation.levels')}</h2>
          </div>
          <Shown query={levels} rows={3}>
            {(data) => (
              <div className="panel-body activation-levels">
                {data.levels
                  .toSorted((a, b) => a.level - b.level)
                  .map((level) => {
                    const isOn = activation?.terms.level === level.level
                    const isHigher = activation === null || level.level < activation.terms.level
                    return (
                      <div key={level.level} className="activation-level" data-on={isOn}>
                        <div>
                          <strong>{nameOf(level)}</strong>
                          <p className="muted">
                            {t('activation.target', {
                              target: `${Math.round((level.target.numerator / level.target.denominator) * 100)}%`,
                              minutes: Math.round(level.chaseAfterSeconds / 60),
                            })}
                          </p>
                        </div>
                        {isOn ? (
                          <span className="activation-on">✓ {t('activation.on')}</span>
                        ) : (
                          isHigher &&
                          may('board.activate') && (
                            <Button
                              danger={level.level === 1}
                              type="primary"
                              size="large"
                              onClick={() => setAsking(level)}
                            >
                              {activation === null ? t('activation.start') : t('activation.raise')}
                            </Button>
                          )
                        )}
                      </div>
                    )
                  })}
                <p className="muted">
                  {t('activation.normal', {
                    target: `${Math.round((data.normalTarget.numerator / data.normalTarget.denominator) * 100)}%`,
                  })}
                </p>
              </div>
            )}
          </Shown>
        </section>
      </div>
      <Shown query={open} rows={6}>
        {({ activation: now }) => (now ? <Running activation={now} /> : <History />)}
      </Shown>
      <ActivateDialog level={asking} onClose={() => setAsking(null)} />
    </div>
  )
}

function OrganisationLines({
  lines,
}: {
  lines: readonly {
    organisationId: string
    onStreet: number
    available: number
    share: number | null
    gap: number
  }[]
}) {
  const organisationName = useOrganisationName()
  const format = useFormat()
  return (
    <div className="organisation-lines">
      {lines.map(({ organisationId, onStreet, available, share, gap }) => (
        <div key={organisationId}>
          <span>{organisationName(organisationId)}</span>
          <div className="strength-bar" data-met={gap === 0}>
            <i style={{ width: `${(share ?? 0) * 100}%` }} />
          </div>
          <span>
            {onStreet}/{available}
          </span>
          <span className="muted">{format.percent(share)}</span>
        </div>
      ))}
    </div>
  )
}

function Running({ activation }: { activation: ActivationRow }) {
  const { t } = useTranslation('board')
  const may = useMay()
  const format = useFormat()
  const [ending, setEnding] = useState(false)
  const curve = useQuery(strengthCurveQuery(activation.id)).data?.points ?? []
  const standDown = useCommand<{ reason: string }, unknown>({
    run: (body, idempotencyKey) =>
      api.post(`/api/activations/${activation.id}/stand-down`, body, { idempotencyKey }),
    refresh: [['activations'], ['street-strength'], ['force-board']],
    done: () => setEnding(false),
    failed: () => true,
  })
  const live = activation.orders.filter(({ state }) => state !== 'withdrawn' && state !== 'closed')
  const count = (...states: string[]) => live.filter(({ state }) => states.includes(state)).length
  const { forecast } = activation
  const took =
    activation.targetReachedAt === null
      ? null
      : (Date.parse(activation.targetReachedAt) - Date.parse(activation.startedAt)) / 1000

  return (
    <>
      <section className="panel activation-running" aria-live="polite">
        <div className="activation-figures">
          <Figure label={t('activation.ordered')} value={String(live.length)} />
          <Figure label={t('activation.acknowledged')} value={String(count('acknowledged', 'arrived'))} />
          <Figure label={t('activation.arrived')} value={String(count('arrived'))} tone="ok" />
          <Figure
            label={t('activation.declined')}
            value={String(count('declined'))}
            tone={count('declined') > 0 ? 'danger' : undefined}
          />
          <Figure
            label={t('activation.unanswered')}
            value={String(count('ordered'))}
            tone={count('ordered') > 0 ? 'warn' : undefined}
          />
          <div className="activation-forecast">
            {forecast?.kind === 'expected' && (
              <>
                <span>{t('activation.to-target')}</span>
                <strong>{t('activation.minutes', { minutes: forecast.minutesToTarget })}</strong>
                <span className="muted">
                  {t('activation.expected', { at: format.clock(forecast.expectedAt) })}
                </span>
              </>
            )}
            {forecast?.kind === 'met' && (
              <>
                <span>{t('activation.to-target')}</span>
                <strong className="tone-ok">✓ {t('strength.met')}</strong>
                <span className="muted">
                  {t('activation.took')} <DurationText seconds={took} />
                </span>
              </>
            )}
            {forecast?.kind === 'not-reachable' && (
              <>
                <span>{t('activation.to-target')}</span>
                <strong className="tone-danger">▲ {t('strip.lacking', { count: forecast.short })}</strong>
                <span className="muted">{t('activation.not-reachable')}</span>
              </>
            )}
          </div>
          <div className="activation-end">
            <span className="muted">
              {t('activation.started')} <AgeText at={activation.startedAt} />
            </span>
            {may('board.activate') && (
              <Button onClick={() => setEnding(true)}>{t('activation.stand-down')}</Button>
            )}
          </div>
        </div>
        <StrengthCurve points={curve} />
      </section>
      <ActivationOrders activation={activation} />
      <AskReason<{ reason: string }>
        open={ending}
        title={t('activation.stand-down')}
        lead={t('activation.stand-down-lead')}
        required={false}
        busy={standDown.isPending}
        failure={standDown.error}
        onCancel={() => setEnding(false)}
        onConfirm={({ reason }) => standDown.mutate({ reason })}
      />
    </>
  )
}

function Figure({
  label,
  value,
  tone,
}: {
  label: string
  value: string
  tone?: 'ok' | 'warn' | 'danger' | undefined
}) {
  return (
    <div className="figure">
      <span>{label}</span>
      <strong className={tone === undefined ? undefined : `tone-${tone}`}>{value}</strong>
    </div>
  )
}

function History() {
  const { t, i18n } = useTranslation('board')
  const format = useFormat()
  const past = useQuery(activationsQuery)
  const levels = useQuery(patrolLevelsQuery).data?.levels
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('activation.history')}</h2>
      </div>
      <Shown
        query={past}
        rows={4}
        isEmpty={({ activations }) => activations.length === 0}
        empty={<Empty text={t('activation.never')} />}
      >
        {({ activations }) => (
          <Table
            size="small"
            scroll={{ x: 'max-content' }}
            rowKey="id"
            pagination={false}
            dataSource={[...activations]}
            columns={[
              {
                title: t('activation.level'),
                render: (_, { level }) => {
                  const found = levels?.find((each) => each.level === level)
                  return found ? (i18n.language === 'en' ? found.nameEn : found.nameZh) : level
                },
              },
              { title: t('activation.started'), render: (_, { startedAt }) => format.moment(startedAt) },
              {
                title: t('activation.took'),
                render: (_, { startedAt, targetReachedAt }) =>
                  targetReachedAt === null ? (
                    '—'
                  ) : (
                    <DurationText seconds={(Date.parse(targetReachedAt) - Date.parse(startedAt)) / 1000} />
                  ),
              },
              { title: t('activation.ended'), render: (_, { stoodDownAt }) => format.moment(stoodDownAt) },
              { title: t('ui:field.reason'), dataIndex: 'reason' },
            ]}
          />
        )}
      </Shown>
    </section>
  )
}
