import { useTranslation } from 'react-i18next'
import type { Palette } from '../../../foundation/ui/theme/palette.ts'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import type { UnitStatus } from '../core/index.ts'
import './force.css'

/** The shape of each status in a square of 24, the same in lists and on the map. Colour only helps. */
export const STATUS_SHAPES: Readonly<Record<UnitStatus, string>> = {
  patrolling: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  'en-route': 'M12 1.5 21.5 21 12 16.6 2.5 21z',
  'on-scene': 'M4 4h16v16H4z',
  'stand-by': 'M12 1.5 22.5 12 12 22.5 1.5 12z',
  inspecting: 'M7 3h10l5 9-5 9H7L2 12z',
  break: 'M5 4h5v16H5zM14 4h5v16h-5z',
  briefing: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 5a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
  'off-duty': 'M4 10h16v4H4z',
  'out-of-service': 'M6.3 3 12 8.7 17.7 3 21 6.3 15.3 12 21 17.7 17.7 21 12 15.3 6.3 21 3 17.7 8.7 12 3 6.3z',
}

export function statusColour(status: UnitStatus, palette: Palette): string {
  switch (status) {
    case 'patrolling':
      return palette.ok
    case 'en-route':
      return palette.info
    case 'on-scene':
      return palette.violet
    case 'stand-by':
      return palette.warn
    case 'inspecting':
      return palette.cyan
    case 'briefing':
      return palette.text
    case 'out-of-service':
      return palette.danger
    case 'break':
    case 'off-duty':
      return palette.faint
  }
}

export function StatusMark({ status, size = 14 }: { status: UnitStatus; size?: number }) {
  const { palette } = useTheme()
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden className="status-mark">
      <path d={STATUS_SHAPES[status]} fill={statusColour(status, palette)} fillRule="evenodd" />
    </svg>
  )
}

/** A status as shape and word. */
export function StatusText({ status }: { status: UnitStatus }) {
  const { t } = useTranslation('force')
  return (
    <span className="status-text">
      <StatusMark status={status} />
      {t(`status.${status}`)}
    </span>
  )
}
