import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AgeText } from '../../../foundation/ui/time/age-text.tsx'
import { keyPlacesQuery } from './location-api.ts'
import './location.css'

/** Key places left alone for too long. Read out when one appears; empty when none is. */
export function KeyPlaceAlarms({ onSelect }: { onSelect: (place: { lon: number; lat: number }) => void }) {
  const { t } = useTranslation('location')
  const alarms = (useQuery(keyPlacesQuery).data?.states ?? []).filter(({ state }) => state === 'alarm')
  return (
    <div className="alarms" role="alert" aria-live="assertive">
      {alarms.map((place) => (
        <button key={place.placeId} type="button" className="alarm" onClick={() => onSelect(place)}>
          <span aria-hidden>▲</span>
          <strong>{place.name}</strong>
          <span>{t('alarm.presence', { present: place.units.length, required: place.requiredUnits })}</span>
          <AgeText at={place.sinceAt} suffix={false} />
        </button>
      ))}
    </div>
  )
}
