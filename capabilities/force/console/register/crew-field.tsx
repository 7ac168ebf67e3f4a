import { Button, Input } from 'antd'
import { useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useKnownNames, useSkillNames, type ForceBoardRow, type OfficerRow } from '../force-api.ts'
import { candidatesFor } from './crew.ts'

const KIND = 'application/x-xunfang-officer'

/** The crew beside those who could join it. Drag between the two, or press: every step has a button. */
export function CrewField({
  board,
  unitId,
  organisationId,
  value = [],
  onChange,
  id,
}: {
  board: ForceBoardRow
  unitId: string | null
  organisationId: string | undefined
  value?: readonly string[]
  onChange?: (ids: readonly string[]) => void
  id?: string
}) {
  const { t } = useTranslation('force')
  const names = useKnownNames()
  const skillNames = useSkillNames()
  const [words, setWords] = useState('')
  const [over, setOver] = useState<'crew' | 'pool' | null>(null)
  const wanted = words.trim().toLowerCase()
  const pool = candidatesFor(board, { id: unitId, organisationId }).filter(
    ({ officer }) =>
      !value.includes(officer.id) &&
      (wanted === '' ||
        [officer.badgeNumber, names.get(officer.id)?.name ?? '', skillNames(officer.skills)].some((each) =>
          each.toLowerCase().includes(wanted),
        )),
  )
  const crew = value.map((member) => ({ member, officer: board.officers.find((each) => each.id === member) }))
  const join = (member: string) => !value.includes(member) && onChange?.([...value, member])
  const leave = (member: string) => onChange?.(value.filter((each) => each !== member))

  const target = (side: 'crew' | 'pool', drop: (member: string) => void) => ({
    'data-over': over === side,
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(KIND)) return
      event.preventDefault()
      setOver(side)
    },
    onDragLeave: () => setOver(null),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setOver(null)
      drop(event.dataTransfer.getData(KIND))
    },
  })
  const dragged = (member: string) => ({
    draggable: true,
    onDragStart: (event: DragEvent) => event.dataTransfer.setData(KIND, member),
  })
  const textOf = (officer: OfficerRow | undefined) =>
    officer === undefined ? '—' : `${officer.badgeNumber} ${names.get(officer.id)?.name ?? ''}`.trim()

  return (
    <div className="crew" id={id}>
      <div className="crew-side" {...target('crew', join)}>
        <h4>{t('crew.in', { count: value.length })}</h4>
        <ul aria-label={t('crew.in', { count: value.length })}>
          {crew.map(({ member, officer }) => (
            <li key={member} {...dragged(member)}>
              <OfficerWords officer={officer} text={textOf(officer)} />
              <Button
                size="small"
                aria-label={t('crew.remove', { name: textOf(officer) })}
                onClick={() => leave(member)}
              >
                −
              </Button>
            </li>
          ))}
          {crew.length === 0 && <li className="muted">{t('crew.empty')}</li>}
        </ul>
      </div>
      <div className="crew-side" {...target('pool', leave)}>
        <Input
          size="small"
          allowClear
          placeholder={t('crew.search')}
          aria-label={t('crew.search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <ul aria-label={t('crew.pool')}>
          {pool.map(({ officer, inUnit }) => (
            <li key={officer.id} {...(inUnit === null ? dragged(officer.id) : { 'data-held': true })}>
              <OfficerWords officer={officer} text={textOf(officer)} />
              {inUnit === null ? (
                <Button
                  size="small"
                  aria-label={t('crew.add', { name: textOf(officer) })}
                  onClick={() => join(officer.id)}
                >
                  +
                </Button>
              ) : (
                <span className="faint">{t('crew.held', { unit: inUnit })}</span>
              )}
            </li>
          ))}
          {pool.length === 0 && (
            <li className="muted">{t(organisationId === undefined ? 'crew.choose-first' : 'crew.nobody')}</li>
          )}
        </ul>
      </div>
    </div>
  )
}

function OfficerWords({ officer, text }: { officer: OfficerRow | undefined; text: string }) {
  const { t } = useTranslation('force')
  const skillNames = useSkillNames()
  return (
    <span className="crew-words">
      <span>{text}</span>
      {officer && (
        <small className="muted">
          {t(officer.sworn ? 'officer.sworn' : 'officer.auxiliary')} ·{' '}
          {officer.duty === 'on' ? `● ${t('officer.on')}` : `○ ${t('officer.off')}`}
          {officer.skills.length > 0 && ` · ${skillNames(officer.skills)}`}
        </small>
      )}
    </span>
  )
}
