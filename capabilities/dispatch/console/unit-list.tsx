import { Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { UNIT_STATUSES, type UnitStatus } from '../../force/core/index.ts'
import { StatusMark, useOrganisationName, type UnitRow } from '../../force/console/index.tsx'

export interface UnitFilter {
  readonly statuses: readonly UnitStatus[]
  readonly organisationIds: readonly string[]
  readonly units: readonly UnitRow[]
  readonly all: ReadonlyMap<string, UnitRow>
  readonly shows: (unit: { readonly id: string; readonly status: UnitStatus }) => boolean
  setStatuses(statuses: readonly UnitStatus[]): void
  setOrganisations(ids: readonly string[]): void
}

/** Which units list and map show. An empty filter shows all: no department is ever hidden by default. */
export function useUnitFilter(all: ReadonlyMap<string, UnitRow>): UnitFilter {
  const [statuses, setStatuses] = useState<readonly UnitStatus[]>([])
  const [organisationIds, setOrganisations] = useState<readonly string[]>([])
  return useMemo(() => {
    const shows = ({ id, status }: { id: string; status: UnitStatus }) => {
      const organisationId = all.get(id)?.organisationId
      return (
        (statuses.length === 0 || statuses.includes(status)) &&
        (organisationIds.length === 0 ||
          (organisationId !== undefined && organisationIds.includes(organisationId)))
      )
    }
    return {
      statuses,
      organisationIds,
      all,
      units: [...all.values()].filter(shows),
      shows,
      setStatuses,
      setOrganisations,
    }
  }, [all, statuses, organisationIds])
}

const ORDER: readonly UnitStatus[] = [
  'on-scene',
  'en-route',
  'stand-by',
  'patrolling',
  'inspecting',
  'briefing',
  'break',
  'out-of-service',
  'off-duty',
]

/** Units by status and organisation, with how long they have been in it. */
export function UnitList({
  filter,
  selectedId,
  onSelect,
}: {
  filter: UnitFilter
  selectedId: string | null
  onSelect: (unitId: string) => void
}) {
  const { t } = useTranslation('dispatch')
  const organisationName = useOrganisationName()
  const organisations = [...new Set([...filter.all.values()].map((unit) => unit.organisationId))]
  const counts = new Map<UnitStatus, number>()
  for (const unit of filter.all.values()) counts.set(unit.status, (counts.get(unit.status) ?? 0) + 1)

  const toggle = (status: UnitStatus) =>
    filter.setStatuses(
      filter.statuses.includes(status)
        ? filter.statuses.filter((each) => each !== status)
        : [...filter.statuses, status],
    )

  return (
    <div className="unit-list">
      <div className="unit-filter" role="group" aria-label={t('units.by-status')}>
        {UNIT_STATUSES.filter((status) => counts.has(status)).map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={filter.statuses.includes(status)}
            title={t(`force:status.${status}`)}
            aria-label={`${t(`force:status.${status}`)} ${counts.get(status)}`}
            onClick={() => toggle(status)}
          >
            <StatusMark status={status} size={12} />
            {counts.get(status)}
          </button>
        ))}
      </div>
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: 'label' }}
        size="small"
        allowClear
        maxTagCount="responsive"
        className="unit-organisations"
        placeholder={t('units.all-organisations')}
        aria-label={t('units.by-organisation')}
        value={[...filter.organisationIds]}
        options={organisations.map((id) => ({ value: id, label: organisationName(id) }))}
        onChange={(ids: string[]) => filter.setOrganisations(ids)}
      />
      <div className="unit-rows">
        {ORDER.map((status) => {
          const units = filter.units
            .filter((unit) => unit.status === status)
            .toSorted((a, b) => a.callSign.localeCompare(b.callSign, 'zh', { numeric: true }))
          if (units.length === 0) return null
          return (
            <section key={status}>
              <h3>
                <StatusMark status={status} size={12} /> {t(`force:status.${status}`)}{' '}
                <span>{units.length}</span>
              </h3>
              {units.map((unit) => (
                <button
                  key={unit.id}
                  type="button"
                  className="unit-row"
                  aria-pressed={unit.id === selectedId}
                  onClick={() => onSelect(unit.id)}
                >
                  <strong>{unit.callSign}</strong>
                  <span className="muted">{organisationName(unit.organisationId)}</span>
                  <AgeText at={unit.statusSinceAt} suffix={false} />
                </button>
              ))}
            </section>
          )
        })}
      </div>
    </div>
  )
}
