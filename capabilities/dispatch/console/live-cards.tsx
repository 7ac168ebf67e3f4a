import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { positions } from '../../../foundation/ui/live/live.ts'
import { useMay } from '../../../foundation/ui/session/session.tsx'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { useNow } from '../../../foundation/ui/time/clock.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import {
  StatusText,
  UnitStatusMenu,
  useOrganisationName,
  useSkillNames,
  type UnitRow,
} from '../../force/console/index.tsx'
import {
  LevelMark,
  shownLevel,
  useTypeName,
  type IncidentExtra,
  type IncidentRow,
} from '../../incident/console/index.tsx'
import { openAssignmentsQuery } from './dispatch-api.ts'

/** The chosen unit: what it does, for whom, how old its position is. */
export function UnitCard({
  unit,
  track,
  onTrack,
  onClose,
  onIncident,
}: {
  unit: UnitRow
  /** Whether the way of the last hour is drawn. */
  track: boolean
  onTrack: (shown: boolean) => void
  onClose: () => void
  onIncident: (incidentId: string) => void
}) {
  const { t } = useTranslation('dispatch')
  const organisationName = useOrganisationName()
  const format = useFormat()
  const may = useMay()
  const skillNames = useSkillNames()
  useNow()
  const position = positions.get(unit.id)
  const assignment = useQuery(openAssignmentsQuery).data?.assignments.find(({ unitId }) => unitId === unit.id)
  return (
    <aside className="live-card" aria-label={unit.callSign}>
      <header>
        <h2>{unit.callSign}</h2>
        <StatusText status={unit.status} />
        <Button size="small" type="text" onClick={onClose} aria-label={t('ui:action.close')}>
          ✕
        </Button>
      </header>
      <dl className="facts">
        <dt>{t('ui:field.organisation')}</dt>
        <dd>{organisationName(unit.organisationId)}</dd>
        <dt>{t('unit.since')}</dt>
        <dd>
          <AgeText at={unit.statusSinceAt} />
        </dd>
        <dt>{t('unit.position')}</dt>
        <dd>
          {position ? <AgeText at={position['fixedAt'] as string | number} /> : t('unit.no-position')}
          {typeof position?.['speedMetresPerSecond'] === 'number' &&
            ` · ${format.number(position['speedMetresPerSecond'] * 3.6)} km/h`}
          {typeof position?.['batteryPercent'] === 'number' &&
            ` · ${t('unit.battery', { percent: position['batteryPercent'] })}`}
        </dd>
        <dt>{t('unit.crew')}</dt>
        <dd>{t('unit.people', { count: unit.memberOfficerIds.length })}</dd>
        {unit.skills.length > 0 && (
          <>
            <dt>{t('unit.skills')}</dt>
            <dd>{skillNames(unit.skills)}</dd>
          </>
        )}
        {assignment && (
          <>
            <dt>{t('unit.task')}</dt>
            <dd>
              <a
                href={`/incidents/${assignment.incidentId}`}
                onClick={(event) => (event.preventDefault(), onIncident(assignment.incidentId))}
              >
                {t(`role.${assignment.role}`)} · {t(`assignment-state.${assignment.state}`)}
              </a>
            </dd>
          </>
        )}
      </dl>
      <footer>
        <UnitStatusMenu unit={unit} />
        {may('location.read-tracks') && (
          <Button aria-pressed={track} type={track ? 'primary' : 'default'} onClick={() => onTrack(!track)}>
            {t('unit.track')}
          </Button>
        )}
      </footer>
    </aside>
  )
}

/** The chosen incident, and the one next thing to do. */
export function IncidentCard({
  incident,
  extra,
  onClose,
}: {
  incident: IncidentRow
  extra: IncidentExtra | undefined
  onClose: () => void
}) {
  const { t } = useTranslation('dispatch')
  const navigate = useNavigate()
  const typeName = useTypeName()
  const { level, proposed } = shownLevel(incident)
  const next = incident.level === null ? 'grade' : (extra?.handling ?? 0) === 0 ? 'dispatch' : 'open'
  return (
    <aside className="live-card" aria-label={incident.number}>
      <header>
        <LevelMark level={level} proposed={proposed} size={26} />
        <h2>{typeName(incident.typeCode)}</h2>
        <Button size="small" type="text" onClick={onClose} aria-label={t('ui:action.close')}>
          ✕
        </Button>
      </header>
      <p>{incident.address || t('incident:no-address')}</p>
      <p className="muted">{incident.summary}</p>
      <p className="muted">
        <span className="mono">{incident.number}</span> · {t(`incident:origin.${incident.origin}`)} ·{' '}
        <AgeText at={incident.openedAt} />
      </p>
      <footer>
        <Button
          type="primary"
          onClick={() => void navigate({ to: '/incidents/$incidentId', params: { incidentId: incident.id } })}
        >
          {t(`next.${next}`)}
        </Button>
        <Link to="/incidents/$incidentId" params={{ incidentId: incident.id }}>
          {t('live.details')}
        </Link>
      </footer>
    </aside>
  )
}
