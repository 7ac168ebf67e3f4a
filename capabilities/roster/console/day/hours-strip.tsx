import { useTranslation } from 'react-i18next'
import type { HourOfDay } from './day-posts.ts'

/** The 24 hours as columns: on duty, and the part of it that is on the street. */
export function HoursStrip({ hours }: { hours: readonly HourOfDay[] }) {
  const { t } = useTranslation('roster')
  const highest = Math.max(1, ...hours.map(({ onDuty }) => onDuty))
  const least = Math.min(...hours.map(({ onDuty }) => onDuty))
  return (
    <section className="panel day-strip" aria-label={t('day.hours')}>
      <svg viewBox="0 0 960 92" role="img" aria-label={t('day.hours-label', { least, most: highest })}>
        {hours.map(({ onDuty, onStreet }, hour) => {
          const x = hour * 40
          const height = (of: number) => (of / highest) * 54
          return (
            <g key={hour}>
              <title>{t('day.hour', { hour, next: hour + 1, onDuty, onStreet })}</title>
              <rect
                className="strip-all"
                x={x + 3}
                width={34}
                y={72 - height(onDuty)}
                height={height(onDuty)}
              />
              <rect
                className="strip-street"
                x={x + 3}
                width={34}
                y={72 - height(onStreet)}
                height={height(onStreet)}
              />
              <text x={x + 20} y={68 - height(onDuty)} textAnchor="middle">
                {onDuty}
              </text>
              <text className="strip-hour" x={x + 20} y={86} textAnchor="middle">
                {hour}
              </text>
            </g>
          )
        })}
      </svg>
      <p className="muted">
        <span className="strip-key" data-part="street" /> {t('day.key-street')} <span className="strip-key" />{' '}
        {t('day.key-rest')}
      </p>
    </section>
  )
}
