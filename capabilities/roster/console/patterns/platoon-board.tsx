import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { findDayNumber } from '../../../../foundation/core/day.ts'
import { roleOn, type DutyPattern } from '../../core/index.ts'
import { useOfficerWords } from '../roster-words.ts'
import type { PlatoonSheet } from './platoon-moves.ts'
import { roleTone } from './pattern-figures.ts'

/** Platoons as columns: an officer is dragged from one to another, or moved by the list on their own line. */
export function PlatoonBoard({
  pattern,
  anchorDate,
  fromDate,
  sheet,
  sworn,
  readOnly,
  onMove,
}: {
  pattern: DutyPattern
  anchorDate: string
  fromDate: string
  sheet: PlatoonSheet
  sworn: ReadonlySet<string>
  readOnly: boolean
  onMove: (officerId: string, platoon: number | null) => void
}) {
  const { t, i18n } = useTranslation('roster')
  const officerWords = useOfficerWords()
  const [over, setOver] = useState<number | null | undefined>(undefined)
  const isEnglish = i18n.language === 'en'
  const name = (platoon: number | null) =>
    platoon === null
      ? t('scheme.unplaced')
      : ((isEnglish ? pattern.platoons[platoon]?.nameEn : pattern.platoons[platoon]?.nameZh) ?? '')
  const words = (id: string) => {
    const { badge, name: called } = officerWords(id)
    return called === null ? badge : `${called} ${badge}`
  }
  const hasDates = findDayNumber(anchorDate) !== null && findDayNumber(fromDate) !== null
  const columns: readonly (number | null)[] = [...sheet.platoons.keys(), null]
  return (
    <div className="platoons">
      {columns.map((platoon) => {
        const members = platoon === null ? sheet.unplaced : sheet.platoons[platoon]!
        const role =
          platoon !== null && hasDates && pattern.platoons[platoon]
            ? roleOn(pattern, anchorDate, platoon, fromDate)
            : null
        return (
          <section
            key={platoon ?? 'none'}
            className="platoon"
            aria-label={name(platoon)}
            data-over={over === platoon && over !== undefined}
            onDragOver={(event) => {
              if (readOnly) return
              event.preventDefault()
              setOver(platoon)
            }}
            onDragLeave={() => setOver(undefined)}
            onDrop={(event) => {
              event.preventDefault()
              setOver(undefined)
              const id = event.dataTransfer.getData('text/plain')
              if (id !== '') onMove(id, platoon)
            }}
          >
            <h3>
              {name(platoon)}{' '}
              <small>
                {t('scheme.members', {
                  count: members.length,
                  sworn: members.filter((id) => sworn.has(id)).length,
                })}
              </small>
            </h3>
            {role && (
              <p className="muted">
                <span className="role-mark" data-role={roleTone(pattern, role.code) ?? 'rest'}>
                  {isEnglish ? role.markEn : role.markZh}
                </span>{' '}
                {t('scheme.first-day', { role: isEnglish ? role.nameEn : role.nameZh })}
              </p>
            )}
            <ul>
              {members.map((id) => (
                <li
                  key={id}
                  draggable={!readOnly}
                  data-sworn={sworn.has(id)}
                  onDragStart={(event) => event.dataTransfer.setData('text/plain', id)}
                >
                  <span>
                    {words(id)} {!sworn.has(id) && <small>{t('officer.auxiliary')}</small>}
                  </span>
                  {!readOnly && (
                    <select
                      aria-label={t('scheme.move', { officer: words(id) })}
                      value={platoon ?? ''}
                      onChange={(event) =>
                        onMove(id, event.target.value === '' ? null : Number(event.target.value))
                      }
                    >
                      {columns.map((to) => (
                        <option key={to ?? 'none'} value={to ?? ''}>
                          {name(to)}
                        </option>
                      ))}
                    </select>
                  )}
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}
