import { Button, Form, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../../foundation/ui/api/client.ts'
import { useCommand } from '../../../foundation/ui/api/use-command.ts'
import { AskReason } from '../../../foundation/ui/form/ask-reason.tsx'
import { Keys, useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { isHigher, LEVELS, type GradingReason, type Level } from '../core/index.ts'
import { useOwnRuleName, type IncidentRow } from './incident-api.ts'
import { LevelMark } from './level-mark.tsx'

type Change = 'override' | 'escalate' | 'de-escalate'

interface Asked {
  readonly level: Level
  readonly reason: string
}

/** The proposed level with its reasons, and the person's word on it: confirm with one key, override with a reason. */
export function LevelPanel({ incident }: { incident: IncidentRow }) {
  const { t } = useTranslation('incident')
  const may = useMay()
  const [asking, setAsking] = useState<Change | null>(null)
  const { id, level, proposal, status } = incident
  const mayGrade = may('incident.grade') && status === 'open'
  const refresh = [['incident', id], ['incidents']]

  const confirm = useCommand<{ level: Level; reason: string | null }, IncidentRow>({
    run: (body, idempotencyKey) =>
      api.post(`/api/incidents/${id}/confirm-level`, body, { idempotencyKey, ifMatch: incident.version }),
    refresh,
    done: () => setAsking(null),
    failed: () => asking !== null,
  })
  const change = useCommand<Asked & { verb: 'escalate' | 'de-escalate' }, IncidentRow>({
    run: ({ verb, ...body }, idempotencyKey) =>
      api.post(`/api/incidents/${id}/${verb}`, body, { idempotencyKey }),
    refresh,
    done: () => setAsking(null),
    failed: () => true,
  })

  const higher = LEVELS.filter((each) => level !== null && isHigher(each, level))
  const lower = LEVELS.filter((each) => level !== null && isHigher(level, each))
  const group = 'incident:level-panel.title'
  useShortcuts(
    [
      {
        keys: 'c',
        label: 'incident:level-panel.confirm-key',
        group,
        run: () => proposal && level === null && confirm.mutate({ level: proposal.level, reason: null }),
      },
      {
        keys: 'v',
        label: 'incident:level-panel.override',
        group,
        run: () => level === null && setAsking('override'),
      },
      {
        keys: 'u',
        label: 'incident:level-panel.escalate',
        group,
        run: () => higher.length > 0 && setAsking('escalate'),
      },
      {
        keys: 'l',
        label: 'incident:level-panel.de-escalate',
        group,
        run: () => lower.length > 0 && setAsking('de-escalate'),
      },
    ],
    mayGrade,
  )

  const options =
    asking === 'escalate'
      ? higher
      : asking === 'de-escalate'
        ? lower
        : LEVELS.filter((each) => each !== proposal?.level)
  return (
    <section className="panel" aria-label={t('level-panel.title')}>
      <div className="panel-head">
        <h2>{t('level-panel.title')}</h2>
      </div>
      <div className="panel-body">
        <div className="level-now">
          <LevelMark level={level ?? proposal?.level ?? null} proposed={level === null} size={40} />
          <div>
            <strong>
              {level !== null
                ? t(`level.${level}`)
                : proposal
                  ? t('level.proposed', { level: t(`level.${proposal.level}`) })
                  : t('level-panel.grading')}
            </strong>
            <div className="muted">{level === null ? t('level-panel.waiting') : t('level-panel.set')}</div>
          </div>
        </div>
        {proposal && (
          <ul className="reasons" aria-label={t('level-panel.reasons')}>
            {proposal.reasons.map((reason) => (
              <li key={reason.ruleId}>
                <LevelMark level={reason.level} size={15} />
                <span>
                  <ReasonText reason={reason} /> <code className="faint">{reason.ruleId}</code>
                </span>
              </li>
            ))}
          </ul>
        )}
        {mayGrade && (
          <div className="panel-actions">
            {level === null && proposal && (
              <Button
                type="primary"
                loading={confirm.isPending}
                onClick={() => confirm.mutate({ level: proposal.level, reason: null })}
              >
                {t('level-panel.confirm', { level: t(`level.${proposal.level}`) })} <Keys keys="c" />
              </Button>
            )}
            {level === null && (
              <Button onClick={() => setAsking('override')}>
                {t('level-panel.override')} <Keys keys="v" />
              </Button>
            )}
            {higher.length > 0 && (
              <Button danger onClick={() => setAsking('escalate')}>
                {t('level-panel.escalate')} <Keys keys="u" />
              </Button>
            )}
            {lower.length > 0 && (
              <Button onClick={() => setAsking('de-escalate')}>
                {t('level-panel.de-escalate')} <Keys keys="l" />
              </Button>
            )}
          </div>
        )}
      </div>
      <AskReason<Asked>
        open={asking !== null}
        title={asking === null ? '' : t(`level-panel.${asking}`)}
        danger={asking === 'escalate'}
        busy={confirm.isPending || change.isPending}
        failure={asking === 'override' ? confirm.error : change.error}
        initial={{ level: options[0] ?? 'general' }}
        onCancel={() => setAsking(null)}
        onConfirm={(asked) => {
          if (asking === 'override') confirm.mutate({ level: asked.level, reason: asked.reason })
          else if (asking !== null) change.mutate({ verb: asking, level: asked.level, reason: asked.reason })
        }}
      >
        <Form.Item name="level" label={t('level-panel.to')} rules={[{ required: true }]}>
          <Radio.Group
            options={options.map((value) => ({ value, label: t(`level.${value}`) }))}
            optionType="button"
            buttonStyle="solid"
          />
        </Form.Item>
      </AskReason>
    </section>
  )
}

/** The rule in words, with what was found. A rule that an agency added says its own name. */
export function ReasonText({ reason }: { reason: GradingReason }) {
  const { t } = useTranslation('incident')
  const ownName = useOwnRuleName()
  const { circumstances, ...values } = reason.values
  const named = String(circumstances ?? values['circumstance'] ?? '')
    .split(/[,，、 ]+/)
    .filter((each) => each !== '')
    .map((each) => t(`circumstance.${each}`, { defaultValue: each }))
    .join(t('ui:list-separator'))
  const otherwise = ownName(reason.ruleId) ?? reason.ruleId
  return <>{t(`rule.${reason.ruleId}`, { ...values, circumstances: named, defaultValue: otherwise })}</>
}
