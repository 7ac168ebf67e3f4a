import { useTranslation } from 'react-i18next'
import { addDays } from '../../../../foundation/core/day.ts'
import type { CheckDifference, OpenGround, RosterBreach } from '../../core/index.ts'
import type { RosterWords } from '../roster-words.ts'
import type { CellAt } from './moves.ts'

const MOST_LISTED = 3

/** What the marked cell is, in words, what is wrong with it, and what the last change did: read out as it happens. */
export function StatusLine({
  at,
  picked,
  told,
  preview,
  broken,
  keyAt,
  open,
  words,
}: {
  at: CellAt | null
  picked: CellAt | null
  told: CheckDifference | null
  /** What pasting here would do. */
  preview: CheckDifference | null
  broken: ReadonlyMap<string, readonly RosterBreach[]>
  keyAt: (at: CellAt) => string
  open: OpenGround
  words: RosterWords
}) {
  const { t } = useTranslation('roster')
  const who = at && open.ground.officers[at.officer]!
  const role = at && open.role(at.officer, at.day)
  const here = (at && broken.get(`${at.officer}/${at.day}`)) ?? []
  return (
    <div className="month-status">
      <p>
        {at && who ? (
          <>
            <b>{words.officer(who.id)}</b> {words.date(addDays(open.ground.fromDate, at.day))}
            {role && <span className="muted">（{words.of(role)}）</span>} <b>{words.option(keyAt(at))}</b>
            {here.map((breach) => (
              <span key={JSON.stringify(breach)} className="status-broken">
                <code>{breach.rule}</code> {words.breach(breach)}
              </span>
            ))}
          </>
        ) : (
          <span className="muted">{t('grid.hint')}</span>
        )}
      </p>
      <p role="status" aria-live="polite" data-verdict={verdictOf(preview ?? told)}>
        {picked && (
          <>
            {t('grid.picked', {
              officer: words.officer(open.ground.officers[picked.officer]!.id),
              date: words.date(addDays(open.ground.fromDate, picked.day)),
              duty: words.option(keyAt(picked)),
            })}{' '}
          </>
        )}
        <Difference
          difference={preview ?? (picked ? null : told)}
          isPreview={preview !== null}
          words={words}
        />
      </p>
    </div>
  )
}

const verdictOf = (difference: CheckDifference | null) =>
  difference === null ? undefined : difference.added.length > 0 ? 'broken' : 'kept'

function Difference({
  difference,
  isPreview,
  words,
}: {
  difference: CheckDifference | null
  isPreview: boolean
  words: RosterWords
}) {
  const { t } = useTranslation('roster')
  if (difference === null) return null
  const { added, removed } = difference
  const lead = isPreview ? 'preview' : 'told'
  return (
    <>
      {added.length === 0
        ? t(`grid.${lead}-kept`)
        : `${t(`grid.${lead}-broken`, { count: added.length })} ${added
            .slice(0, MOST_LISTED)
            .map((breach) => `${breach.rule} ${words.breach(breach)}`)
            .join('；')}`}
      {removed.length > 0 && ` ${t('drag.mended', { count: removed.length })}`}
    </>
  )
}
