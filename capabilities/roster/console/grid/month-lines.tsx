import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../../foundation/ui/time/format.ts'
import type { OpenGround, RosterBreach } from '../../core/index.ts'
import type { RosterWords } from '../roster-words.ts'
import { streetShareOf, type DayCount, type MonthDay, type MonthLine } from './month.ts'

/** Dates and weekdays above the columns, and the counts of the whole district. */
export const MonthHead = memo(function MonthHead({
  days,
  width,
  counts,
  words,
  onOpenDay,
}: {
  days: readonly MonthDay[]
  width: number
  counts: readonly DayCount[] | undefined
  words: RosterWords
  onOpenDay: (date: string) => void
}) {
  const { t } = useTranslation('roster')
  return (
    <div className="month-head" role="row" aria-rowindex={1} style={{ width }}>
      <div className="month-name" role="columnheader">
        <b>{t('grid.officer')}</b>
        <small>{t('grid.totals')}</small>
      </div>
      {days.map((day, index) => (
        <div
          key={day.date}
          role="columnheader"
          aria-colindex={index + 2}
          className="month-day"
          data-weekend={day.isWeekend}
          data-holiday={day.isHoliday}
          data-today={day.isToday}
          aria-current={day.isToday ? 'date' : undefined}
        >
          <button
            type="button"
            tabIndex={-1}
            title={t('grid.open-day', { date: words.date(day.date) })}
            onClick={() => onOpenDay(day.date)}
            onPointerDown={(event) => event.stopPropagation()}
          >
            <b>{day.dayOfMonth}</b>
            <span>
              {t(`weekday.${day.weekday}`)}
              {day.isHoliday && <em>{t('grid.holiday-mark')}</em>}
            </span>
          </button>
          <Count count={counts?.[index]} />
        </div>
      ))}
    </div>
  )
})

function Count({ count }: { count: DayCount | undefined }) {
  const { t } = useTranslation('roster')
  const format = useFormat()
  if (!count) return null
  const share = streetShareOf(count)
  return (
    <span
      className="month-count"
      title={t('grid.count', {
        onDuty: count.onDuty,
        onStreet: count.onStreet,
        share: format.percent(share),
      })}
    >
      <b>{count.onDuty}</b>
      <small>{share === null ? '—' : format.percent(share)}</small>
    </span>
  )
}

/** An organisation's own line: who is on duty each day, how much of it on the street, and what is amiss there. */
export const GroupLine = memo(function GroupLine({
  line,
  y,
  width,
  rowIndex,
  counts,
  broken,
  days,
  words,
}: {
  line: Extract<MonthLine, { kind: 'group' }>
  y: number
  width: number
  rowIndex: number
  counts: readonly DayCount[] | undefined
  broken: ReadonlyMap<string, readonly RosterBreach[]>
  days: readonly MonthDay[]
  words: RosterWords
}) {
  const { t } = useTranslation('roster')
  return (
    <div
      className="month-group"
      role="row"
      aria-rowindex={rowIndex}
      style={{ transform: `translateY(${y}px)`, width }}
    >
      <div role="rowheader" aria-label={words.organisation(line.organisationId)} className="month-pad" />
      {days.map(({ date }, day) => {
        const amiss = broken.get(`${line.organisationId}/${day}`)
        return (
          <div
            key={date}
            role="gridcell"
            aria-colindex={day + 2}
            className="month-tally"
            data-broken={amiss ? true : undefined}
            title={amiss?.map((breach) => words.breach(breach)).join('\n')}
          >
            <Count count={counts?.[day]} />
            {amiss && <em aria-label={t('grid.amiss', { count: amiss.length })}>!</em>}
          </div>
        )
      })}
    </div>
  )
})

/** What stands at the left of a line, whichever way the days are scrolled. */
export const LineName = memo(function LineName({
  line,
  y,
  open,
  words,
}: {
  line: MonthLine
  y: number
  open: OpenGround
  words: RosterWords
}) {
  const { t } = useTranslation('roster')
  const at = { transform: `translateY(${y}px)` }
  if (line.kind === 'group')
    return (
      <div className="month-name" data-group style={at}>
        <b>{words.organisation(line.organisationId)}</b>
        <small>
          {line.shown === line.all
            ? t('grid.members', { count: line.all })
            : t('grid.members-shown', { shown: line.shown, all: line.all })}
        </small>
      </div>
    )
  const who = open.ground.officers[line.officer]!
  const pattern = open.schemeOf(who.organisationId)?.pattern
  return (
    <div className="month-name" style={at} title={words.officer(who.id)}>
      <b>{words.officer(who.id)}</b>
      <small>
        {who.platoon !== null && words.of(pattern?.platoons[who.platoon])}
        {!who.sworn && ` ${t('officer.auxiliary')}`}
      </small>
    </div>
  )
})
