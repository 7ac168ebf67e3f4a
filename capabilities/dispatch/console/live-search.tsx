import { useQuery } from '@tanstack/react-query'
import { AutoComplete, Input, type InputRef } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Position } from '../../../foundation/core/geo.ts'
import { useShortcuts } from '../../../foundation/ui/keys/shortcuts.tsx'
import { StatusText, type UnitRow } from '../../force/console/index.tsx'
import { LevelMark, shownLevel, useTypeName, type IncidentRow } from '../../incident/console/index.tsx'
import { placeSearchQuery, useRested } from '../../place/console/index.tsx'

const MOST_OF_A_KIND = 6

/** One field that finds units by call sign, incidents by number, type or address, and places by name. */
export function LiveSearch({
  units,
  incidents,
  onUnit,
  onIncident,
  onPlace,
}: {
  units: ReadonlyMap<string, UnitRow>
  incidents: readonly IncidentRow[]
  onUnit: (id: string) => void
  onIncident: (id: string) => void
  onPlace: (position: Position) => void
}) {
  const { t } = useTranslation('dispatch')
  const typeName = useTypeName()
  const [text, setText] = useState('')
  const field = useRef<InputRef>(null)
  const places = useQuery(placeSearchQuery(useRested(text))).data?.places ?? []
  useShortcuts([
    {
      keys: '/',
      label: 'dispatch:keys.search',
      group: 'dispatch:keys.group',
      run: () => field.current?.focus(),
    },
  ])

  const wanted = text.trim().toLowerCase()
  const matches = (...values: readonly string[]) =>
    wanted !== '' && values.some((value) => value.toLowerCase().includes(wanted))
  const foundUnits = [...units.values()].filter((unit) => matches(unit.callSign)).slice(0, MOST_OF_A_KIND)
  const foundIncidents = incidents
    .filter((each) => matches(each.number, each.address, each.summary, typeName(each.typeCode)))
    .slice(0, MOST_OF_A_KIND)

  const group = (label: string, options: readonly object[]) =>
    options.length === 0 ? [] : [{ label, options }]
  const options = [
    ...group(
      t('search.units'),
      foundUnits.map((unit) => ({
        value: `unit:${unit.id}`,
        label: (
          <span className="status-text">
            <strong>{unit.callSign}</strong> <StatusText status={unit.status} />
          </span>
        ),
      })),
    ),
    ...group(
      t('search.incidents'),
      foundIncidents.map((each) => ({
        value: `incident:${each.id}`,
        label: (
          <span className="status-text">
            <LevelMark {...shownLevel(each)} size={16} /> {typeName(each.typeCode)}{' '}
            <span className="muted">{each.address}</span>
          </span>
        ),
      })),
    ),
    ...group(
      t('search.places'),
      places.map((place, index) => ({
        value: `place:${index}`,
        label: (
          <span>
            {place.name}{' '}
            <span className="faint">{t(`place:kind.${place.kind}`, { defaultValue: place.kind })}</span>
          </span>
        ),
      })),
    ),
  ]

  return (
    <AutoComplete
      className="live-search"
      value={text}
      options={options}
      popupMatchSelectWidth={380}
      notFoundContent={wanted === '' ? null : t('search.nothing')}
      onChange={(value: string) => !/^(unit|incident|place):/.test(value) && setText(value)}
      onSelect={(value: string) => {
        const [kind, rest = ''] = value.split(/:(.*)/s)
        if (kind === 'unit') onUnit(rest)
        else if (kind === 'incident') onIncident(rest)
        else if (places[Number(rest)]) onPlace(places[Number(rest)]!)
        setText('')
        field.current?.blur()
      }}
    >
      <Input
        ref={field}
        allowClear
        placeholder={t('search.placeholder')}
        aria-label={t('search.placeholder')}
      />
    </AutoComplete>
  )
}
