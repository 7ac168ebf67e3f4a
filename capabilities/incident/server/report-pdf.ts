import type { Readable } from 'node:stream'
import {
  ALARM,
  FAINT,
  heading,
  INK,
  line,
  openPdf,
  PAGE,
  pairs as pairsOn,
  streamOf,
  type Pdf,
} from '../../../foundation/server/pdf/sheet.ts'
import { textsOf, type Language, type Translate } from '../../../foundation/server/texts.ts'
import type { HourSource } from '../../place/core/index.ts'
import { profileText, type AfterActionReport, type IncidentBooks, type UnitPart } from '../core/index.ts'
import { reportWords, type ReportWords } from './report-words.ts'

export interface ReportStyle {
  readonly language: Language
  /** The district's, so that the report shows its wall clock. */
  readonly timeZone: string
  readonly books: IncidentBooks
  /** Where drawn hours come from. */
  readonly hours: HourSource | null
}

interface Sheet {
  readonly pdf: Pdf
  readonly t: Translate
  readonly words: ReportWords
  readonly report: AfterActionReport
  readonly hours: HourSource | null
}

/** The after-action report as a stream of PDF bytes, written while it is read: the sections in the order of the list. */
export function reportPdf(
  report: AfterActionReport,
  { language, timeZone, books, hours }: ReportStyle,
): Readable {
  const t = textsOf('incident', language)
  const { number } = report.incident
  const pdf = openPdf({
    language,
    title: `${t('after-action.title')} ${number}`,
    foot: (page) => `${number}    ${t('after-action.page', { page })}`,
  })
  const sheet: Sheet = { pdf, t, words: reportWords(t, language, timeZone, books), report, hours }
  for (const section of [
    head,
    basics,
    times,
    grading,
    levels,
    stages,
    units,
    medicalHelp,
    forceUses,
    notes,
    timeline,
  ])
    section(sheet)
  return streamOf(pdf)
}

function head({ pdf, t, words, report, hours }: Sheet): void {
  pdf.font('bold').fontSize(20).fillColor(INK).text(t('after-action.title'), PAGE.margin)
  pdf.font('bold').fontSize(13).text(report.incident.number)
  pdf
    .font('regular')
    .fontSize(8.5)
    .fillColor(FAINT)
    .text(t('after-action.written', { at: words.moment(report.writtenAt) }))
  pdf.fillColor(INK)
  const { key, values } = profileText(hours)
  if (report.incident.isHourDrawn)
    pdf
      .moveDown(0.4)
      .font('bold')
      .fontSize(9)
      .fillColor(ALARM)
      .text(t('after-action.hour-drawn', { profile: t(key, values) }))
      .fillColor(INK)
}

const title = ({ pdf, t }: Sheet, key: string): void => heading(pdf, t(`after-action.${key}`))

const pairs = ({ pdf }: Sheet, rows: readonly (readonly [string, string])[]): void => pairsOn(pdf, rows)

function basics(sheet: Sheet): void {
  const { t, words, report } = sheet
  const { incident } = report
  title(sheet, 'basics')
  pairs(sheet, [
    [t('after-action.type'), `${words.typeName(incident.typeCode)} (${incident.typeCode})`],
    [t('after-action.origin'), t(`origin.${incident.origin}`)],
    [
      t('after-action.address'),
      `${incident.address}  (${incident.position.lon.toFixed(5)}, ${incident.position.lat.toFixed(5)})`,
    ],
    [t('after-action.opened'), words.moment(incident.openedAt)],
    [
      t('after-action.ended'),
      incident.status === 'closed' ? words.moment(incident.closedAt) : t(`status.${incident.status}`),
    ],
    [t('after-action.level'), t(`level.${incident.level ?? 'ungraded'}`)],
    [t('after-action.reports'), String(report.reportCount)],
    [t('after-action.summary'), incident.summary],
    ...(incident.status === 'closed'
      ? [
          [
            t('after-action.result'),
            `${words.dispositionName(incident.dispositionCode)}  ${incident.result}`,
          ] as const,
        ]
      : []),
  ])
}

function times(sheet: Sheet): void {
  const { t, words, report } = sheet
  const said = (seconds: number | null) =>
    seconds === null ? t('after-action.not-reached') : words.duration(seconds)
  title(sheet, 'times')
  pairs(sheet, [
    [t('after-action.to-level'), said(report.times.toLevelSeconds)],
    [t('after-action.to-order'), said(report.times.toFirstOrderSeconds)],
    [t('after-action.to-acknowledgement'), said(report.times.toFirstAcknowledgementSeconds)],
    [t('after-action.to-departure'), said(report.times.toFirstDepartureSeconds)],
    [t('after-action.to-arrival'), said(report.times.toFirstArrivalSeconds)],
    [t('after-action.to-end'), said(report.times.toEndSeconds)],
  ])
}

function grading(sheet: Sheet): void {
  const { t, words, report } = sheet
  const { proposal } = report.incident
  if (!proposal) return
  title(sheet, 'grading')
  pairs(sheet, [
    [t('axis.urgency'), t(`grade.${proposal.urgency}`)],
    [t('axis.difficulty'), t(`grade.${proposal.difficulty}`)],
    ...proposal.reasons.map(
      (reason) => [t(`level.${reason.level}`), `${words.reason(reason)}  [${reason.ruleId}]`] as const,
    ),
  ])
}

function levels(sheet: Sheet): void {
  const { t, words, report } = sheet
  if (report.levels.length === 0) return
  title(sheet, 'levels')
  pairs(
    sheet,
    report.levels.map(({ at, by, level, from, reason }) => [
      words.moment(at),
      `${from ? `${t(`level.${from}`)} → ` : ''}${t(`level.${level}`)}    ${by}${reason ? `    ${reason}` : ''}`,
    ]),
  )
}

function stages(sheet: Sheet): void {
  const { t, words, report } = sheet
  title(sheet, 'stages')
  pairs(
    sheet,
    report.stages.map(({ stage, enteredAt, leftAt, durationSeconds }) => [
      t(`stage.${stage}`),
      stage === 'closed'
        ? words.moment(enteredAt)
        : `${words.moment(enteredAt)} – ${leftAt === null ? t('after-action.lasting') : words.clock(leftAt)}    ${words.duration(durationSeconds)}`,
    ]),
  )
}

function units(sheet: Sheet): void {
  const { pdf, t, words, report } = sheet
  title(sheet, 'units')
  pdf.text(t('after-action.orders', report.orders), PAGE.margin)
  if (report.units.length === 0) return
  pdf.moveDown(0.3)
  const at = (moment: number | null) => (moment === null ? '–' : words.clock(moment))
  const columns: readonly [string, number, (unit: UnitPart) => string][] = [
    ['call-sign', 120, ({ callSign }) => callSign],
    ['role', 62, ({ role }) => t(`role.${role}`)],
    ['ordered', 62, ({ orderedAt }) => at(orderedAt)],
    ['acknowledged', 62, ({ acknowledgedAt }) => at(acknowledgedAt)],
    ['departed', 62, ({ departedAt }) => at(departedAt)],
    ['arrived', 62, ({ arrivedAt }) => at(arrivedAt)],
    ['released', 62, ({ releasedAt }) => at(releasedAt)],
  ]
  line(
    pdf,
    columns.map(([key, width]) => ({ text: t(`after-action.${key}`), width })),
    { font: 'bold', colour: FAINT },
  )
  for (const unit of report.units)
    line(
      pdf,
      columns.map(([, width, cell]) => ({ text: cell(unit), width })),
    )
}

function medicalHelp(sheet: Sheet): void {
  const { t, words, report } = sheet
  title(sheet, 'medical')
  if (report.medicalHelp.length === 0) return none(sheet)
  pairs(
    sheet,
    report.medicalHelp.map(({ at, by, kind, people, note }) => [
      words.moment(at),
      `${t(`medical.${kind}`)} × ${people}    ${note}    ${by}`,
    ]),
  )
}

function forceUses(sheet: Sheet): void {
  const { t, words, report } = sheet
  title(sheet, 'force')
  if (report.forceUses.length === 0) return none(sheet)
  pairs(
    sheet,
    report.forceUses.map(({ at, by, kind, justification, warning }) => [
      words.moment(at),
      `${t(`force.${kind}`)}    ${justification}    ${warning}    ${by}`,
    ]),
  )
}

function notes(sheet: Sheet): void {
  const { words, report } = sheet
  title(sheet, 'notes')
  if (report.notes.length === 0) return none(sheet)
  pairs(
    sheet,
    report.notes.map(({ at, by, text }) => [words.moment(at), `${text}    ${by}`]),
  )
}

function timeline(sheet: Sheet): void {
  const { words, report } = sheet
  title(sheet, 'timeline')
  pairs(
    sheet,
    report.timeline.map((entry) => [
      `${words.moment(entry.at)}`,
      `${words.event(entry)}    ${entry.accountName}`,
    ]),
  )
}

function none({ pdf, t }: Sheet): void {
  pdf.fillColor(FAINT).text(t('after-action.none'), PAGE.margin).fillColor(INK)
}
