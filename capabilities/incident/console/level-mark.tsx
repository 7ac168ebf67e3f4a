import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Palette } from '../../../foundation/ui/theme/palette.ts'
import { useTheme } from '../../../foundation/ui/theme/theme.tsx'
import type { Level } from '../core/index.ts'
import './incident.css'

/** Circle, diamond, octagon in a square of 28: told apart without colour, and lettered. */
export const LEVEL_SHAPES: Readonly<Record<Level | 'ungraded', string>> = {
  general: 'M14 2a12 12 0 1 0 0 24 12 12 0 0 0 0-24z',
  complex: 'M14 1 27 14 14 27 1 14z',
  major: 'M9 1.5h10l7.5 7.5v10L19 26.5H9L1.5 19V9z',
  ungraded: 'M14 2a12 12 0 1 0 0 24 12 12 0 0 0 0-24z',
}

export function levelColour(level: Level | 'ungraded', palette: Palette): string {
  switch (level) {
    case 'general':
      return palette.info
    case 'complex':
      return palette.warn
    case 'major':
      return palette.danger
    case 'ungraded':
      return palette.muted
  }
}

/**
 * A response level as shape and letter. A level that is only proposed has a dashed edge and no filling: nobody has
 * said it yet.
 */
export function LevelMark({
  level,
  proposed = false,
  size = 22,
}: {
  level: Level | null
  proposed?: boolean
  size?: number
}) {
  const { t } = useTranslation('incident')
  const { palette } = useTheme()
  const shown = level ?? 'ungraded'
  const colour = levelColour(shown, palette)
  const isOpen = proposed || level === null
  return (
    <svg
      viewBox="0 0 28 28"
      width={size}
      height={size}
      role="img"
      className="level-mark"
      aria-label={levelLabel(level, proposed, t)}
    >
      <path
        d={LEVEL_SHAPES[shown]}
        fill={isOpen ? 'none' : colour}
        stroke={colour}
        strokeWidth={isOpen ? 2 : 0}
        strokeDasharray={isOpen ? '4 3' : undefined}
      />
      <text
        x="14"
        y="19"
        textAnchor="middle"
        fontSize="14"
        fontWeight="700"
        fill={isOpen ? colour : palette.onAccent}
      >
        {t(`level-letter.${shown}`)}
      </text>
    </svg>
  )
}

function levelLabel(level: Level | null, proposed: boolean, t: TFunction<'incident'>): string {
  if (level === null) return t('level.ungraded')
  const name = t(`level.${level}`)
  return proposed ? t('level.proposed', { level: name }) : name
}
