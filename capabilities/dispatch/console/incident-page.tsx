import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { Failure, Loading, Stale } from '../../../foundation/ui/states/states.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import {
  CloseDialog,
  incidentQuery,
  LevelMark,
  LevelPanel,
  MergeDialog,
  ReopenDialog,
  shownLevel,
  StagePanel,
  timelineQuery,
  useDrawnFrom,
  useDispositions,
  useTypeName,
} from '../../incident/console/index.tsx'
import { AssignmentsPanel } from './assignments-panel.tsx'
import { incidentAssignmentsQuery } from './dispatch-api.ts'
import { FactsPanel } from './facts-panel.tsx'
import { RecordPanel } from './record-panel.tsx'
import { RecommendationPanel } from './recommendation-panel.tsx'
import { ScenePanel } from './scene-panel.tsx'
import './incident-page.css'

type Dialog = 'close' | 'merge' | 'reopen'

/** One incident from its first call to its result: what is known, what is decided, who is sent, what happened. */
export function IncidentPage() {
  const { t } = useTranslation('incident')
  const { incidentId } = useParams({ from: '/shell/incidents/$incidentId' })
  const navigate = useNavigate()
  const may = useMay()
  const typeName = useTypeName()
  const profile = useDrawnFrom()
  const dispositions = useDispositions()
  const whole = useQuery(incidentQuery(incidentId))
  const timeline = useQuery(timelineQuery(incidentId)).data?.timeline ?? []
  const assignments = useQuery(incidentAssignmentsQuery(incidentId)).data?.assignments ?? []
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const [unitId, setUnitId] = useState<string | null>(null)
  const incident = whole.data?.incident
  const isOpen = incident?.status === 'open'
  const mayCommand = may('incident.command')

  useShortcuts([
    {
      keys: 'x',
      label: 'incident:close.key',
      group: 'incident:page.title',
      run: () => isOpen && mayCommand && setDialog('close'),
    },
    {
      keys: 'r',
      label: 'incident:page.report',
      group: 'incident:page.title',
      run: () => void navigate({ to: '/incidents/$incidentId/report', params: { incidentId } }),
    },
    {
      keys: 'escape',
      label: 'incident:page.back',
      group: 'incident:page.title',
      run: () => void navigate({ to: '/', search: { incident: incidentId } }),
    },
  ])

  if (!incident) {
    return (
      <div className="page">
        {whole.isPending ? (
          <Loading rows={10} />
        ) : (
          <Failure error={whole.error} retry={() => void whole.refetch()} />
        )}
      </div>
    )
  }
  const { level, proposed } = shownLevel(incident)
  return (
    <div className="incident-page">
      <header className="incident-head">
        <LevelMark level={level} proposed={proposed} size={40} />
        <div className="incident-title">
          <h1>
            {typeName(incident.typeCode)} <span className="mono">{incident.number}</span>
          </h1>
          <p>
            {incident.address || t('no-address')} · <AgeText at={incident.openedAt} />
            {incident.isHourDrawn && ` · ${t('page.hour-drawn', { profile })}`}
            {incident.status !== 'open' && <strong> · {t(`state.${incident.status}`)}</strong>}
            {incident.mergedIntoId !== null && (
              <>
                {' '}
                <Link to="/incidents/$incidentId" params={{ incidentId: incident.mergedIntoId }}>
                  {t('page.merged-into')}
                </Link>
              </>
            )}
          </p>
        </div>
        <div className="incident-stages">
          <StagePanel incident={incident} timeline={timeline} />
        </div>
        <div className="incident-actions">
          {isOpen && mayCommand && (
            <Button type="primary" onClick={() => setDialog('close')}>
              {t('close.button')}
            </Button>
          )}
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                { key: 'report', label: t('page.report') },
                { key: 'merge', label: t('merge.button'), disabled: !isOpen || !mayCommand },
                { key: 'reopen', label: t('reopen.button'), disabled: isOpen || !mayCommand },
              ],
              onClick: ({ key }) =>
                key === 'report'
                  ? void navigate({ to: '/incidents/$incidentId/report', params: { incidentId } })
                  : setDialog(key as Dialog),
            }}
          >
            <Button>{t('ui:more-actions')} ▾</Button>
          </Dropdown>
        </div>
      </header>
      {whole.error != null && <Stale at={whole.dataUpdatedAt} retry={() => void whole.refetch()} />}
      <div className="incident-columns">
        <div className="incident-column">
          <LevelPanel incident={incident} />
          <FactsPanel whole={whole.data!} />
          <RecordPanel incident={incident} />
        </div>
        <div className="incident-column">
          {isOpen && <RecommendationPanel incident={incident} onUnit={setUnitId} />}
          <AssignmentsPanel incident={incident} assignments={assignments} onUnit={setUnitId} />
        </div>
        <ScenePanel incident={incident} timeline={timeline} assignments={assignments} unitId={unitId} />
      </div>
      <CloseDialog
        incident={incident}
        dispositions={dispositions}
        open={dialog === 'close'}
        onClose={() => setDialog(null)}
      />
      <MergeDialog incident={incident} open={dialog === 'merge'} onClose={() => setDialog(null)} />
      <ReopenDialog incident={incident} open={dialog === 'reopen'} onClose={() => setDialog(null)} />
    </div>
  )
}
