import { useTranslation } from 'react-i18next'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { LEVELS, type Level } from '../core/index.ts'
import { shownLevel, useTypeName, type IncidentRow } from './incident-api.ts'
import { LevelMark } from './level-mark.tsx'

export type LevelFilter = Level | 'ungraded' | 'all'

export function matchesLevel(incident: IncidentRow, filter: LevelFilter): boolean {
  if (filter === 'all') return true
  return filter === 'ungraded' ? incident.level === null : shownLevel(incident).level === filter
}

const RANK: Readonly<Record<string, number>> = { major: 0, complex: 1, general: 2 }

/** What needs somebody most comes first: nobody's level before lower ones of the same weight, then the newest. */
export function byUrgency(a: IncidentRow, b: IncidentRow): number {
  const rank = (incident: IncidentRow) => RANK[shownLevel(incident).level ?? 'general'] ?? 2
  return (
    rank(a) - rank(b) ||
    Number(a.level !== null) - Number(b.level !== null) ||
    (a.openedAt < b.openedAt ? 1 : a.openedAt > b.openedAt ? -1 : 0)
  )
}

/** Filter by level, with the counts. «All» is the first and the default: nothing is hidden by itself. */
export function LevelFilterBar({
  incidents,
  value,
  onChange,
}: {
  incidents: readonly IncidentRow[]
  value: LevelFilter
  onChange: (filter: LevelFilter) => void
}) {
  const { t } = useTranslation('incident')
  const filters: readonly LevelFilter[] = ['all', ...LEVELS.toReversed(), 'ungraded']
  return (
    <div className="level-filter" role="group" aria-label={t('list.filter')}>
      {filters.map((filter) => (
        <button key={filter} type="button" aria-pressed={value === filter} onClick={() => onChange(filter)}>
          {t(filter === 'all' ? 'list.all' : `level-short.${filter}`)}
          <b>{incidents.filter((incident) => matchesLevel(incident, filter)).length}</b>
        </button>
      ))}
    </div>
  )
}

export interface IncidentExtra {
  readonly handling: number
  readonly arrived: number
  readonly standBy: number
  readonly unanswered: number
}

/** One incident in one glance: level, what, where, how long, and whether anyone is coming. */
export function IncidentItem({
  incident,
  extra,
  selected = false,
  onSelect,
  onOpen,
}: {
  incident: IncidentRow
  extra?: IncidentExtra | undefined
  selected?: boolean
  onSelect: () => void
  onOpen: () => void
}) {
  const { t } = useTranslation('incident')
  const typeName = useTypeName()
  const { level, proposed } = shownLevel(incident)
  return (
    <button
      type="button"
      className="incident-item"
      data-level={level ?? 'ungraded'}
      aria-pressed={selected}
      onClick={onSelect}
      onDoubleClick={onOpen}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.preventDefault()
          onOpen()
        }
      }}
    >
      <LevelMark level={level} proposed={proposed} size={26} />
      <span className="incident-item-text">
        <span className="incident-item-first">
          <strong>{typeName(incident.typeCode)}</strong>
          <AgeText at={incident.openedAt} suffix={false} />
        </span>
        <span className="incident-item-first">
          <span className="incident-item-place">{incident.address || t('no-address')}</span>
          <small className="nowrap">{t(`stage.${incident.stage}`)}</small>
        </span>
        <span className="incident-item-last">
          <span className="mono faint nowrap">{incident.number}</span>
          {extra && <UnitsCount {...extra} />}
        </span>
      </span>
    </button>
  )
}

function UnitsCount({ handling, arrived, standBy, unanswered }: IncidentExtra) {
  const { t } = useTranslation('incident')
  if (handling + standBy === 0) return <span className="incident-none">{t('list.nobody')}</span>
  return (
    <span>
      {t('list.units', { handling, arrived })}
      {standBy > 0 && ` · ${t('list.stand-by', { count: standBy })}`}
      {unanswered > 0 && <em> · {t('list.unanswered', { count: unanswered })}</em>}
    </span>
  )
}
