import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { problemOf } from '../../../foundation/ui/api/problem.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { Keys, useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { useMay, useMayFor } from '../../../foundation/ui/session/session.tsx'
import { Shown } from '../../../foundation/ui/states/states.tsx'
import { DurationText } from '../../../foundation/ui/time/age-text.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { forceBoardQuery, useOrganisationName, useSkillNames } from '../../force/console/index.tsx'
import type { IncidentRow } from '../../incident/console/index.tsx'
import type { AssignmentRole, Recommendation, RecommendedUnit, Shortfall } from '../core/index.ts'
import { recommendationQuery } from './dispatch-api.ts'

/** How many of the others are shown before «more». */
const FIRST_ALTERNATIVES = 5

/** Whom the plan would send, in what time and why; what it wants and cannot get. One key sends them. */
export function RecommendationPanel({
  incident,
  onUnit,
}: {
  incident: IncidentRow
  onUnit: (unitId: string) => void
}) {
  const { t } = useTranslation('dispatch')
  const may = useMay()
  const [named, setNamed] = useState<readonly string[]>([])
  const organisationName = useOrganisationName()
  const organisations = useQuery({ ...forceBoardQuery, select: (board) => board.organisations }).data ?? []
  const recommendation = useQuery(recommendationQuery(incident.id, named))
  const isDecided = incident.level !== null
  const mayOrder = may('dispatch.order') && incident.status === 'open'

  return (
    <section className="panel" aria-label={t('recommend.title')}>
      <div className="panel-head">
        <h2>{t('recommend.title')}</h2>
        {recommendation.data && (
          <span className="muted">
            {t('recommend.for', { level: t(`incident:level.${recommendation.data.level}`) })}
          </span>
        )}
      </div>
      {mayOrder && (
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          allowClear
          variant="borderless"
          className="recommend-named"
          placeholder={t('recommend.named')}
          aria-label={t('recommend.named')}
          value={[...named]}
          options={organisations.map(({ id }) => ({ value: id, label: organisationName(id) }))}
          onChange={(ids: string[]) => setNamed(ids)}
        />
      )}
      <Shown query={recommendation} rows={4}>
        {(data) => (
          <Advice
            incident={incident}
            recommendation={data}
            mayOrder={mayOrder}
            isDecided={isDecided}
            onUnit={onUnit}
          />
        )}
      </Shown>
    </section>
  )
}

function Advice({
  incident,
  recommendation,
  mayOrder,
  isDecided,
  onUnit,
}: {
  incident: IncidentRow
  recommendation: Recommendation
  mayOrder: boolean
  isDecided: boolean
  onUnit: (unitId: string) => void
}) {
  const { t } = useTranslation('dispatch')
  const { message } = App.useApp()
  const may = useMay()
  const mayFor = useMayFor()
  const queries = useQueryClient()
  const recommendationAgain = () =>
    queries.invalidateQueries({ queryKey: recommendationQuery(incident.id, []).queryKey.slice(0, -1) })
  // The marks follow what is recommended until somebody sets them by hand.
  const [byHand, setByHand] = useState<ReadonlySet<string> | null>(null)
  const chosen = useMemo(
    () => byHand ?? new Set(recommendation.handle.map(({ unitId }) => unitId)),
    [byHand, recommendation],
  )
  const [more, setMore] = useState(false)
  const [asking, setAsking] = useState<AssignmentRole | null>(null)
  const everyone = useMemo(() => [...recommendation.handle, ...recommendation.alternatives], [recommendation])
  const going = everyone.filter(({ unitId }) => chosen.has(unitId))
  const preempts = going.some(({ preemptsIncidentId }) => preemptsIncidentId !== null)

  const dispatch = useCommand<{ unitIds: readonly string[]; role: AssignmentRole; reason?: string }, unknown>(
    {
      run: (body, idempotencyKey) =>
        api.post(`/api/incidents/${incident.id}/dispatch`, body, { idempotencyKey }),
      refresh: [['incident', incident.id], ['assignments'], ['force-board'], ['incidents']],
      done() {
        setAsking(null)
        setByHand(null)
      },
      failed(error, { role }) {
        // Another command reserved one of them since the advice was read: taking it away needs a reason.
        if (problemOf(error).code === 'preemption-reason-required') setAsking(role)
        void recommendationAgain()
        return asking !== null || problemOf(error).code === 'preemption-reason-required'
      },
    },
  )
  const whyNot =
    incident.status !== 'open'
      ? t('recommend.ended')
      : !mayFor('dispatch.order', incident.organisationId)
        ? t('ui:refusal.out-of-scope')
        : going.length > 0
          ? null
          : everyone.length === 0
            ? t('recommend.nobody')
            : t('recommend.choose')
  const send = (role: AssignmentRole) => {
    if (whyNot !== null || dispatch.isPending) return void message.warning(whyNot ?? t('recommend.sending'))
    if (preempts) setAsking(role)
    else dispatch.mutate({ unitIds: going.map(({ unitId }) => unitId), role })
  }
  useShortcuts(
    [
      {
        keys: 'd',
        label: 'dispatch:recommend.send-key',
        group: 'dispatch:recommend.title',
        run: () => send('handle'),
      },
    ],
    may('dispatch.order'),
  )

  const toggle = (unitId: string) => {
    const next = new Set(chosen)
    if (!next.delete(unitId)) next.add(unitId)
    setByHand(next)
  }

  return (
    <div>
      {recommendation.shortfall.map((shortfall, index) => (
        <ShortfallLine key={index} shortfall={shortfall} />
      ))}
      {recommendation.alreadyHandling.length > 0 && (
        <p className="recommend-note">
          {t('recommend.already', {
            units: recommendation.alreadyHandling
              .map(({ callSign }) => callSign)
              .join(t('ui:list-separator')),
          })}
        </p>
      )}
      {recommendation.handle.map((unit) => (
        <UnitLine
          key={unit.unitId}
          unit={unit}
          first
          chosen={chosen.has(unit.unitId)}
          disabled={!mayOrder}
          onToggle={toggle}
          onUnit={onUnit}
        />
      ))}
      {recommendation.handle.length === 0 && recommendation.shortfall.length === 0 && (
        <p className="recommend-note">{t('recommend.enough')}</p>
      )}
      {recommendation.alternatives.length > 0 && (
        <>
          <h3 className="recommend-more">{t('recommend.others')}</h3>
          {recommendation.alternatives.slice(0, more ? undefined : FIRST_ALTERNATIVES).map((unit) => (
            <UnitLine
              key={unit.unitId}
              unit={unit}
              chosen={chosen.has(unit.unitId)}
              disabled={!mayOrder}
              onToggle={toggle}
              onUnit={onUnit}
            />
          ))}
          {recommendation.alternatives.length > FIRST_ALTERNATIVES && (
            <Button type="link" size="small" onClick={() => setMore(!more)}>
              {more
                ? t('recommend.fewer')
                : t('recommend.all', { count: recommendation.alternatives.length })}
            </Button>
          )}
        </>
      )}
      {recommendation.standBy.orders.length > 0 && (
        <p className="recommend-note">
          {t('recommend.stand-by', {
            count: recommendation.standBy.orders.length,
            units: recommendation.standBy.orders
              .slice(0, 8)
              .map(({ callSign }) => callSign)
              .join(t('ui:list-separator')),
          })}
        </p>
      )}
      {recommendation.disqualified.length > 0 && (
        <details className="recommend-out">
          <summary>{t('recommend.disqualified', { count: recommendation.disqualified.length })}</summary>
          <ul>
            {recommendation.disqualified.map(({ unitId, callSign, because }) => (
              <li key={unitId}>
                <strong>{callSign}</strong>{' '}
                {because
                  .map(({ id, ...values }) =>
                    t(`disqualified.${id}`, {
                      ...values,
                      status: 'status' in values ? t(`force:status.${values.status}`) : '',
                      minutes: 'ageSeconds' in values ? Math.round(values.ageSeconds / 60) : 0,
                    }),
                  )
                  .join(t('ui:list-separator'))}
              </li>
            ))}
          </ul>
        </details>
      )}
      {mayOrder && (
        <div className="recommend-send">
          <Button
            type="primary"
            size="large"
            block
            disabled={whyNot !== null}
            loading={dispatch.isPending}
            onClick={() => send('handle')}
          >
            {whyNot ??
              t('recommend.send', {
                units: going.map(({ callSign }) => callSign).join(t('ui:list-separator')),
              })}{' '}
            <Keys keys="d" />
          </Button>
          <Button type="link" block disabled={whyNot !== null} onClick={() => send('stand-by')}>
            {t('recommend.to-stand-by')}
          </Button>
          {!isDecided && <p className="muted">{t('recommend.undecided')}</p>}
        </div>
      )}
      <AskReason<{ reason: string }>
        open={asking !== null}
        title={t('recommend.pre-empt')}
        lead={t('recommend.pre-empt-lead')}
        danger
        busy={dispatch.isPending}
        failure={dispatch.error}
        onCancel={() => setAsking(null)}
        onConfirm={({ reason }) =>
          asking !== null &&
          dispatch.mutate({ unitIds: going.map(({ unitId }) => unitId), role: asking, reason })
        }
      />
    </div>
  )
}

function UnitLine({
  unit,
  first = false,
  chosen,
  disabled,
  onToggle,
  onUnit,
}: {
  unit: RecommendedUnit
  first?: boolean
  chosen: boolean
  disabled: boolean
  onToggle: (unitId: string) => void
  onUnit: (unitId: string) => void
}) {
  const format = useFormat()
  const organisationName = useOrganisationName()
  const told = unit.reasons.filter(({ id }) => id !== 'travel')
  return (
    <div className="recommend-unit" data-first={first}>
      <Checkbox
        checked={chosen}
        disabled={disabled}
        onChange={() => onToggle(unit.unitId)}
        aria-label={unit.callSign}
      />
      <button type="button" onClick={() => onUnit(unit.unitId)}>
        <strong>{unit.callSign}</strong>
        <span className="muted">{organisationName(unit.organisationId)}</span>
      </button>
      <span className="recommend-time">
        <b>
          <DurationText seconds={unit.travelSeconds} />
        </b>
        <span className="muted"> {format.distance(unit.distanceMetres)}</span>
      </span>
      <ul className="recommend-reasons">
        {told.map((reason) => (
          <li key={reason.id} data-tone={WARNING.has(reason.id) ? 'warn' : undefined}>
            {WARNING.has(reason.id) && '▲ '}
            <ReasonOfUnit reason={reason} />
          </li>
        ))}
      </ul>
    </div>
  )
}

const WARNING: ReadonlySet<string> = new Set(['straight-line', 'stale-position', 'interrupts', 'pre-empts'])

function ReasonOfUnit({ reason }: { reason: RecommendedUnit['reasons'][number] }) {
  const skillNames = useSkillNames()
  const { t } = useTranslation('dispatch')
  switch (reason.id) {
    case 'meets-demand':
      return <>{t('reason.meets-demand', { row: reason.row, from: t(`scope.${reason.from}`) })}</>
    case 'travel':
    case 'straight-line':
      return <>{t(`reason.${reason.id}`)}</>
    case 'stale-position':
      return <>{t('reason.stale-position', { seconds: reason.ageSeconds })}</>
    case 'has-skills':
      return <>{t('reason.has-skills', { skills: skillNames(reason.skills) })}</>
    case 'stands-by-here':
      return <>{t('reason.stands-by-here')}</>
    case 'interrupts':
      return <>{t('reason.interrupts', { status: t(`force:status.${reason.status}`) })}</>
    case 'pre-empts':
      return <>{t('reason.pre-empts', { number: reason.incidentNumber })}</>
  }
}

/** What the plan wants and cannot get, with the counts that say why. */
function ShortfallLine({ shortfall }: { shortfall: Shortfall }) {
  const skillNames = useSkillNames()
  const { t } = useTranslation('dispatch')
  const organisationName = useOrganisationName()
  return (
    <p className="recommend-shortfall" role="status">
      ▲{' '}
      {t('shortfall.text', {
        from:
          shortfall.organisationId === null
            ? t(`scope.${shortfall.from}`)
            : organisationName(shortfall.organisationId),
        role: t(`role.${shortfall.role}`),
        wanted: shortfall.wanted,
        found: shortfall.found,
      })}
      <small>
        {t('shortfall.counts', {
          inScope: shortfall.inScope,
          onDuty: shortfall.onDuty,
          free: shortfall.free,
        })}
        {shortfall.skills.length > 0 &&
          t('shortfall.skilled', { skilled: shortfall.skilled, skills: skillNames(shortfall.skills) })}
      </small>
    </p>
  )
}
