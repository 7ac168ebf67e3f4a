import { useTranslation } from 'react-i18next'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import { StatusMark } from '../../force/console/index.tsx'
import { UNIT_STATUSES } from '../../force/core/index.ts'
import { COVERAGE_BANDS } from './coverage-layer.tsx'

/** What the signs on the map mean. */
export function MapLegend({ coverage }: { coverage: boolean }) {
  const { t } = useTranslation('dispatch')
  const { palette } = useTheme()
  return (
    <div className="map-legend" aria-label={t('legend.title')} role="note">
      {UNIT_STATUSES.filter((status) => status !== 'off-duty' && status !== 'briefing').map((status) => (
        <span key={status}>
          <StatusMark status={status} size={11} /> {t(`force:status.${status}`)}
        </span>
      ))}
      <span>
        <svg viewBox="0 0 24 24" width="12" height="12" aria-hidden>
          <circle
            cx="12"
            cy="12"
            r="9"
            fill="none"
            stroke={palette.ok}
            strokeWidth="2.5"
            strokeDasharray="4 3"
          />
        </svg>
        {t('legend.stale')}
      </span>
      {coverage &&
        COVERAGE_BANDS.map(({ minutes, opacity }) => (
          <span key={minutes}>
            <i style={{ background: palette.cyan, opacity: opacity * 5 }} /> {t('legend.within', { minutes })}
          </span>
        ))}
    </div>
  )
}
