import { Button, Form, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { Keys, useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { OPEN_STAGES, STAGE_MOVES, type OpenStage, type Stage } from '../core/index.ts'
import type { IncidentRow, TimelineRow } from './incident-api.ts'
import { SensitiveField } from './sensitive-field.tsx'

/** Where the response stands, when it got there, and the steps that may follow. */
export function StagePanel({
  incident,
  timeline,
}: {
  incident: IncidentRow
  timeline: readonly TimelineRow[]
}) {
  const { t } = useTranslation('incident')
  const format = useFormat()
  const may = useMay()
  const [asking, setAsking] = useState<OpenStage | null>(null)
  const entered = enteredAt(timeline)
  const stages: readonly Stage[] = [...OPEN_STAGES, 'closed']
  const now: Stage = incident.status === 'open' ? incident.stage : 'closed'
  const moves =
    incident.status === 'open' && may('incident.record')
      ? STAGE_MOVES.filter(({ from }) => from === incident.stage)
      : []

  const advance = useCommand<{ stage: OpenStage; reason: string | null }, IncidentRow>({
    run: (body, idempotencyKey) =>
      api.post(`/api/incidents/${incident.id}/advance-stage`, body, { idempotencyKey }),
    refresh: [['incident', incident.id], ['incidents']],
    done: () => setAsking(null),
    failed: () => asking !== null,
  })
  const go = (stage: OpenStage, needsReason: boolean) =>
    needsReason ? setAsking(stage) : advance.mutate({ stage, reason: null })

  const next = moves.find(({ to }) => OPEN_STAGES.indexOf(to) > OPEN_STAGES.indexOf(incident.stage))
  useShortcuts(
    [
      {
        keys: 's',
        label: 'incident:stage-panel.advance',
        group: 'incident:stage-panel.title',
        run: () => next && go(next.to, next.needsReason),
      },
    ],
    next !== undefined,
  )

  return (
    <div className="stage-panel">
      <ol className="stages" aria-label={t('stage-panel.title')}>
        {stages.map((stage) => (
          <li
            key={stage}
            data-state={stage === now ? 'now' : entered.has(stage) ? 'past' : 'future'}
            aria-current={stage === now ? 'step' : undefined}
          >
            {t(`stage.${stage}`)}
            <small>{entered.has(stage) ? format.clock(entered.get(stage)) : '—'}</small>
          </li>
        ))}
      </ol>
      {moves.length > 0 && (
        <div className="stage-moves">
          {moves.map(({ id, to, needsReason }) => (
            <Button key={id} size="small" loading={advance.isPending} onClick={() => go(to, needsReason)}>
              → {t(`stage.${to}`)} {next?.id === id && <Keys keys="s" />}
            </Button>
          ))}
        </div>
      )}
      <AskReason<{ reason: string }>
        open={asking !== null}
        title={asking === null ? '' : t('stage-panel.back', { stage: t(`stage.${asking}`) })}
        busy={advance.isPending}
        failure={advance.error}
        onCancel={() => setAsking(null)}
        onConfirm={({ reason }) => asking !== null && advance.mutate({ stage: asking, reason })}
      />
    </div>
  )
}

function enteredAt(timeline: readonly TimelineRow[]): ReadonlyMap<Stage, string> {
  const entered = new Map<Stage, string>()
  for (const { type, at, data } of timeline) {
    if (type === 'opened') entered.set('response', at)
    if (type === 'stage-changed') entered.set(data['to'] as Stage, at)
    if (type === 'closed' || type === 'merged') entered.set('closed', at)
    if (type === 'reopened') entered.delete('closed')
  }
  return entered
}

interface Ending {
  readonly dispositionCode: string
  readonly reason: string
  readonly sensitiveReason?: string
}

/** Closing says how it ended and what was done. */
export function CloseDialog({
  incident,
  dispositions,
  open,
  onClose,
}: {
  incident: IncidentRow
  dispositions: readonly { code: string; nameZh: string; nameEn: string; needsScene: boolean }[]
  open: boolean
  onClose: () => void
}) {
  const { t, i18n } = useTranslation('incident')
  const close = useCommand<Ending, IncidentRow>({
    run: ({ dispositionCode, reason, sensitiveReason }, idempotencyKey) =>
      api.post(
        `/api/incidents/${incident.id}/close`,
        { dispositionCode, result: reason, ...(sensitiveReason ? { sensitiveReason } : {}) },
        { idempotencyKey },
      ),
    refresh: [['incident', incident.id], ['incidents'], ['assignments'], ['force-board']],
    done: onClose,
    failed: () => true,
  })
  return (
    <AskReason<Ending>
      focusElsewhere
      open={open}
      title={t('close.title', { number: incident.number })}
      lead={t('close.lead')}
      confirmText={t('close.confirm')}
      busy={close.isPending}
      failure={close.error}
      fieldNames={{ result: 'reason' }}
      onCancel={onClose}
      onConfirm={(ending) => close.mutate(ending)}
      below={<SensitiveField watch="reason" />}
    >
      <Form.Item name="dispositionCode" label={t('close.disposition')} rules={[{ required: true }]}>
        <Select
          autoFocus
          showSearch={{ optionFilterProp: 'label' }}
          options={dispositions.map(({ code, nameZh, nameEn, needsScene }) => ({
            value: code,
            label: i18n.language === 'en' ? nameEn : nameZh,
            disabled: needsScene && incident.firstArrivedAt === null,
          }))}
        />
      </Form.Item>
    </AskReason>
  )
}
