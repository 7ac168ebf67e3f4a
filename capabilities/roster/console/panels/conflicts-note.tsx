import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { addDays } from '../../../../foundation/core/day.ts'
import type { RosterGround } from '../../core/index.ts'
import type { CellConflict, RosterDesk } from '../grid/desk.ts'
import type { RosterWords } from '../roster-words.ts'

/** Cells that somebody else changed meanwhile: what was, what they made of it, what is here; each is settled by hand. */
export function ConflictsNote({
  desk,
  conflicts,
  ground,
  words,
  onShow,
}: {
  desk: RosterDesk
  conflicts: readonly CellConflict[]
  ground: RosterGround
  words: RosterWords
  onShow: (officerId: string, date: string) => void
}) {
  const { t } = useTranslation('roster')
  if (conflicts.length === 0) return null
  return (
    <section
      className="roster-conflicts"
      role="alert"
      aria-label={t('conflict.title', { count: conflicts.length })}
    >
      <strong>{t('conflict.title', { count: conflicts.length })}</strong>
      <ul>
        {conflicts.map((conflict) => {
          const officerId = ground.officers[conflict.officer]!.id
          const date = addDays(ground.fromDate, conflict.day)
          return (
            <li key={`${conflict.officer}/${conflict.day}`}>
              <button type="button" onClick={() => onShow(officerId, date)}>
                {words.officer(officerId)} {words.date(date)}
              </button>
              <span>
                {t('conflict.was', {
                  was: words.option(conflict.was),
                  theirs: words.option(conflict.theirs),
                  mine: words.option(conflict.mine),
                })}
              </span>
              <Button size="small" onClick={() => desk.settle(conflict, 'mine')}>
                {t('conflict.mine')}
              </Button>
              <Button size="small" onClick={() => desk.settle(conflict, 'theirs')}>
                {t('conflict.theirs')}
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
