import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { keyPlacesQuery, keyPlaceStatesQuery } from './location-api.ts'
import './location.css'

/** Key places left alone for too long. Read out when one appears; empty when none is. */
export function KeyPlaceAlarms({ onSelect }: { onSelect: (place: { lon: number; lat: number }) => void }) {
  const { t } = useTranslation('location')
  const places = useQuery(keyPlacesQuery).data?.keyPlaces ?? []
  const states = useQuery(keyPlaceStatesQuery).data?.states ?? []
  const alarms = states.filter(({ state }) => state === 'alarm')
  return (
    <div className="alarms" role="alert" aria-live="assertive">
      {alarms.map(({ placeId, sinceAt, units }) => {
        const place = places.find(({ id }) => id === placeId)
        if (!place) return null
        return (
          <button key={placeId} type="button" className="alarm" onClick={() => onSelect(place)}>
            <span aria-hidden>▲</span>
            <strong>{place.name}</strong>
            <span>{t('alarm.presence', { present: units.length, required: place.requiredUnits })}</span>
            <AgeText at={sinceAt} suffix={false} />
          </button>
        )
      })}
    </div>
  )
}
