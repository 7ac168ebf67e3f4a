import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenGround, RosterGround } from '../core/index.ts'
import type { Cells } from './grid/desk.ts'
import { streetShareOf, type DayCount, type MonthDay, type MonthLine } from './grid/month.ts'
import { useFormat } from '../../../foundation/ui/time/format.ts'
import { usePrinting } from './use-printing.ts'
import type { RosterHead } from './roster-api.ts'
import type { RosterWords } from './roster-words.ts'

interface PrintMonthProps {
  readonly head: RosterHead
  readonly ground: RosterGround
  readonly open: OpenGround
  readonly words: RosterWords
  readonly cells: Cells
  readonly days: readonly MonthDay[]
  readonly lines: readonly MonthLine[]
  readonly counts: ReadonlyMap<string, readonly DayCount[]>
}

/** The month on paper, one table an organisation, with the lines that the filters leave. Made only while printing. */
export function PrintMonth(props: PrintMonthProps) {
  return usePrinting() ? <Sheets {...props} /> : null
}

const Sheets = memo(function Sheets(props: PrintMonthProps) {
  const { head, words, lines } = props
  const { t } = useTranslation('roster')
  const groups = lines.flatMap((line, index) => {
    if (line.kind !== 'group') return []
    const end = lines.findIndex((other, at) => at > index && other.kind === 'group')
    const members = lines.slice(index + 1, end < 0 ? undefined : end)
    return [{ organisationId: line.organisationId, members }]
  })
  return (
    <div className="print-month">
      {groups.map(({ organisationId, members }) => (
        <section key={organisationId}>
          <h2>
            {words.organisation(organisationId)} {t('print.title', { number: head.number })}{' '}
            <small>
              {head.fromDate} · {t(`state.${head.state}`)}
            </small>
          </h2>
          <Sheet {...props} organisationId={organisationId} members={members} />
        </section>
      ))}
      <PrintKey words={words} ground={props.ground} />
    </div>
  )
})

function Sheet({
  organisationId,
  members,
  ...props
}: PrintMonthProps & { organisationId: string; members: readonly MonthLine[] }) {
  const { open, words, cells, days, counts } = props
  const { t } = useTranslation('roster')
  const format = useFormat()
  return (
    <table>
      <thead>
        <tr>
          <th>{t('grid.officer')}</th>
          {days.map((day) => (
            <th key={day.date} data-weekend={day.isWeekend || day.isHoliday}>
              {day.dayOfMonth}
              <br />
              {day.isHoliday ? t('grid.holiday-mark') : t(`weekday.${day.weekday}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {members.map((line) => {
          if (line.kind !== 'officer') return null
          const who = open.ground.officers[line.officer]!
          return (
            <tr key={who.id}>
              <th>{words.officer(who.id)}</th>
              {cells[line.officer]!.map((key, day) => {
                const look = words.looks.of(key)
                const { main, side } = look.tone === 'off' ? { main: '', side: '' } : words.mark(look)
                return (
                  <td
                    key={day}
                    className="cell"
                    data-tone={look.tone}
                    data-weekend={days[day]!.isWeekend || days[day]!.isHoliday}
                  >
                    {main}
                    {side}
                  </td>
                )
              })}
            </tr>
          )
        })}
      </tbody>
      <tfoot>
        <tr>
          <th>{t('print.on-duty')}</th>
          {days.map(({ date }, day) => (
            <td key={date}>{counts.get(organisationId)?.[day]?.onDuty ?? 0}</td>
          ))}
        </tr>
        <tr>
          <th>{t('print.street')}</th>
          {days.map(({ date }, day) => {
            const count = counts.get(organisationId)?.[day]
            const share = count ? streetShareOf(count) : null
            return <td key={date}>{share === null ? '' : format.number(share * 100)}</td>
          })}
        </tr>
      </tfoot>
    </table>
  )
}

/** What the marks mean, with the hours: a page on a wall has no screen beside it. */
function PrintKey({ words, ground }: { words: RosterWords; ground: RosterGround }) {
  const { t } = useTranslation('roster')
  const used = new Map<string, string>()
  for (const pattern of ground.patterns)
    for (const role of pattern.roles)
      for (const code of role.shifts) {
        const shift = pattern.shifts.find((each) => each.code === code)
        if (shift) used.set(words.language === 'en' ? role.markEn : role.markZh, words.of(shift))
      }
  return (
    <p className="print-key">
      {[...used].map(([mark, name]) => `${mark} ${name}`).join('　')}
      {'　'}
      {(['desk', 'patrol', 'reserve', 'other', 'draw', 'leave', 'training'] as const)
        .map((tone) => `${t(`mark.${tone}`)} ${t(`option.${tone}`)}`)
        .join('　')}
    </p>
  )
}
