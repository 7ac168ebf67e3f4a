import { useTranslation } from 'react-i18next'
import type { DutyPattern } from '../../core/index.ts'
import { cyclePicture, roleTone } from './pattern-figures.ts'

/** Platoons × days of the cycle, with colour and mark of each role. */
export function CyclePicture({ pattern }: { pattern: DutyPattern }) {
  const { t, i18n } = useTranslation('roster')
  const isEnglish = i18n.language === 'en'
  const name = (named: { nameZh: string; nameEn: string }) => (isEnglish ? named.nameEn : named.nameZh)
  return (
    <div
      className="cycle"
      tabIndex={0}
      role="region"
      aria-label={t('pattern.picture', { name: name(pattern) })}
    >
      <table>
        <thead>
          <tr>
            <th>{t('pattern.day')}</th>
            {pattern.sequence.map((_, day) => (
              <th key={day}>{day + 1}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cyclePicture(pattern).map((row, platoon) => (
            <tr key={platoon}>
              <th>{name(pattern.platoons[platoon]!)}</th>
              {row.map((role, day) => (
                <td
                  key={day}
                  data-role={role === null ? 'unknown' : (roleTone(pattern, role.code) ?? 'rest')}
                  title={role ? name(role) : ''}
                >
                  {role ? (isEnglish ? role.markEn : role.markZh) : '？'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
