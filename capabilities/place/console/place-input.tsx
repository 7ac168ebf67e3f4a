import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { AutoComplete } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { placeSearchQuery, type FoundPlace } from './place-api.ts'

/** The last keystroke waits this long before the server is asked. */
const PAUSE_MILLISECONDS = 120

/** Text that follows `value` once it has rested. */
export function useRested(value: string, milliseconds = PAUSE_MILLISECONDS): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return rested
}

/** Type-ahead on streets, crossings, sites and landmarks. What is typed stays what is typed until a place is chosen. */
export function PlaceInput({
  value,
  onChange,
  onPlace,
  id,
  placeholder,
}: {
  value?: string
  onChange?: (text: string) => void
  onPlace: (place: FoundPlace) => void
  id?: string
  placeholder?: string
}) {
  const { t } = useTranslation('place')
  const asked = useRested(value ?? '')
  // The list stays while the next one is asked for: an Enter in between would choose nothing.
  const search = useQuery({ ...placeSearchQuery(asked), placeholderData: keepPreviousData })
  const found = asked.trim() === '' ? [] : (search.data?.places ?? [])
  return (
    <AutoComplete
      {...(id === undefined ? {} : { id })}
      value={value ?? ''}
      placeholder={placeholder}
      defaultActiveFirstOption
      options={found.map((place, index) => ({
        value: `${place.name}`,
        key: `${place.name}-${index}`,
        place,
        label: (
          <span style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
            <span>{place.name}</span>
            <span className="faint">{t(`kind.${place.kind}`, { defaultValue: place.kind })}</span>
          </span>
        ),
      }))}
      onChange={(text: string) => onChange?.(text)}
      onSelect={(text: string, option) => {
        onChange?.(text)
        onPlace((option as unknown as { place: FoundPlace }).place)
      }}
    />
  )
}
