import type { Readable } from 'node:stream'
import {
  ALARM,
  FAINT,
  heading,
  INK,
  INNER_WIDTH,
  line,
  openPdf,
  PAGE,
  pairs,
  RULE,
  streamOf,
  type Pdf,
} from '../../../../foundation/server/pdf/sheet.ts'
import { textsOf, type Language } from '../../../../foundation/server/texts.ts'
import { profileText } from '../../../incident/core/index.ts'
import type { DayChanges, FoundWarning, KeptFindings, KeptSeries, ShiftPlan } from '../../core/index.ts'
import type { Run } from '../run.ts'
import { drawSketch } from './sketch.ts'
import { dayWords, type CategoryNames, type DayWords } from './words.ts'

export interface DayReport {
  readonly run: Run
  readonly shifts: readonly ShiftPlan[]
  readonly findings: KeptFindings | null
  readonly changes: DayChanges | null
}

interface Sheet extends DayReport {
  readonly pdf: Pdf
  readonly words: DayWords
  readonly language: Language
}

/** The day's analysis as a stream of PDF bytes: the sections in the order of the list. */
export function dayPdf(
  report: DayReport,
  {
    language,
    timeZone,
    names,
  }: { readonly language: Language; readonly timeZone: string; readonly names: CategoryNames },
): Readable {
  const words = dayWords(language, timeZone, names)
  const { t } = words
  const title = `${t('report.title')} ${report.run.day}`
  const pdf = openPdf({
    language,
    title,
    foot: (page) => `${title}    ${t('report.page', { page })}`,
  })
  const sheet: Sheet = { ...report, pdf, words, language }
  for (const section of [head, changed, sketches, stops, series, warnings, quality, howToRead]) section(sheet)
  return streamOf(pdf)
}

const shiftHours = ({ words }: Sheet, { fromAt, untilAt }: Pick<ShiftPlan, 'fromAt' | 'untilAt'>) =>
  `${words.clock(fromAt)}–${words.clock(untilAt)}`

function head(sheet: Sheet): void {
  const { pdf, words, run, shifts, language } = sheet
  const { t } = words
  pdf.font('bold').fontSize(20).fillColor(INK).text(t('report.title'), PAGE.margin)
  pdf.font('bold').fontSize(13).text(run.day)
  pdf
    .font('regular')
    .fontSize(8.5)
    .fillColor(FAINT)
    .text(
      t('planned', {
        at: words.moment(run.startedAt),
        by: run.cause === 'manual' ? run.accountName : t('by-itself'),
      }),
    )
    .fillColor(INK)
  if (run.parameters.hoursDrawn) {
    const { key, values } = profileText(run.parameters.hours)
    alarm(pdf, t('hours-drawn', { profile: textsOf('incident', language)(key, values) }))
  }
  pdf.moveDown(0.6)
  pdf.font('regular').fontSize(10)
  pdf.text(
    t('report.sum', {
      expected: words.number(
        shifts.reduce((sum, { expected }) => sum + expected, 0),
        1,
      ),
      shifts: shifts.length,
      stops: run.parameters.stopsPerShift,
    }),
  )
}

function alarm(pdf: Pdf, text: string): void {
  pdf.moveDown(0.4).font('bold').fontSize(9).fillColor(ALARM).text(text).fillColor(INK).font('regular')
}

const paragraph = (pdf: Pdf, text: string, colour = INK) =>
  pdf.font('regular').fontSize(9.5).fillColor(colour).text(text, PAGE.margin, pdf.y, { width: INNER_WIDTH })

function changed(sheet: Sheet): void {
  const { pdf, words, changes } = sheet
  const { t, number } = words
  heading(pdf, t('tab.changes'))
  if (changes === null) return void paragraph(pdf, t('changes.none'), FAINT)
  paragraph(
    pdf,
    t(changes.before.isDayBefore ? 'changes.against' : 'changes.against-last', { day: changes.before.day }),
    FAINT,
  )
  const count = (of: readonly { kind: string }[], kind: string) =>
    of.filter((change) => change.kind === kind).length
  pairs(pdf, [
    ...changes.shifts.map(
      (shift) =>
        [
          `${t('shift')} ${shiftHours(sheet, sheet.shifts[shift.shift]!)}`,
          t('report.shift-change', {
            before: number(shift.expectedBefore, 1),
            expected: number(shift.expected, 1),
            new: count(shift.stops, 'new'),
            moved: count(shift.stops, 'moved'),
            gone: count(shift.stops, 'gone'),
          }),
        ] as const,
    ),
    ...listed(
      t('tab.series'),
      changes.series,
      (change) =>
        t(`series-change.${change.kind}`, {
          name: words.category(change.category),
          incidents: change.incidents,
          added: change.added,
          last: change.lastDate.slice(5),
        }),
      t,
    ),
    ...listed(
      t('tab.warnings'),
      changes.warnings,
      (change) =>
        t(`warning-change.${change.kind}`, {
          name: words.warning(change),
          observed: number(change.observed),
          expected: number(change.expected, 1),
        }),
      t,
    ),
  ])
}

function listed<Change>(
  name: string,
  of: readonly Change[] | null,
  text: (change: Change) => string,
  t: DayWords['t'],
): (readonly [string, string])[] {
  if (of === null) return [[name, t('changes.not-kept')]]
  if (of.length === 0) return [[name, t('changes.nothing')]]
  return of.map((change, n) => [n === 0 ? name : '', text(change)])
}

const SKETCH = { height: 165, gap: 12 }

/** Two to a row, all to one scale. */
function sketches(sheet: Sheet): void {
  const { pdf, words, shifts, findings, run } = sheet
  const { discRadiusMetres: radiusMetres } = run.parameters
  if (shifts.every(({ stops: of }) => of.length === 0)) return
  const circles = (findings?.series ?? []).filter(({ state }) => state !== 'closed')
  const within = shifts.flatMap(({ stops: of }) => of.map(({ position }) => position))
  heading(pdf, words.t('report.sketch'))
  paragraph(pdf, words.t('report.sketch-says', { metres: words.number(radiusMetres) }), FAINT)
  pdf.y += 6
  const width = (INNER_WIDTH - SKETCH.gap) / 2
  shifts.forEach((shift, n) => {
    if (n % 2 === 0 && pdf.y + SKETCH.height + 30 > PAGE.height - PAGE.margin - 20) pdf.addPage()
    const top = pdf.y
    const left = PAGE.margin + (n % 2) * (width + SKETCH.gap)
    pdf.font('bold').fontSize(8.5).fillColor(INK)
    pdf.text(`${words.t('shift')} ${shiftHours(sheet, shift)}`, left, top, { width, lineBreak: false })
    const most = Math.max(...shift.stops.map(({ expected }) => expected), 1e-9)
    drawSketch(
      pdf,
      { x: left, y: top + 14, width, height: SKETCH.height },
      {
        radiusMetres,
        circles,
        stops: shift.stops.map(({ rank, position, expected }) => ({
          rank,
          position,
          weight: expected / most,
        })),
      },
      within,
    )
    pdf.y = n % 2 === 1 || n === shifts.length - 1 ? top + SKETCH.height + 22 : top
    pdf.x = PAGE.margin
  })
}

function stops(sheet: Sheet): void {
  const { pdf, words, shifts } = sheet
  const { t, number } = words
  for (const shift of shifts) {
    heading(pdf, `${t('stops')} ${shiftHours(sheet, shift)}`)
    paragraph(
      pdf,
      t('sum', {
        stops: shift.stops.length,
        expected: number(shift.expected, 1),
        low: number(shift.low),
        high: number(shift.high),
      }),
      FAINT,
    )
    pdf.y += 3
    const widths = [26, 62, 62, 130, INNER_WIDTH - 280]
    const row = (cells: readonly string[]) => cells.map((text, n) => ({ text, width: widths[n]! }))
    line(
      pdf,
      row([
        t('report.rank'),
        t('report.expected'),
        t('report.range'),
        t('report.position'),
        t('report.carried-by'),
      ]),
      { font: 'bold', colour: FAINT },
    )
    for (const stop of shift.stops)
      line(
        pdf,
        row([
          String(stop.rank),
          number(stop.expected, 2),
          t('range', { low: number(stop.low), high: number(stop.high) }),
          `${stop.position.lon.toFixed(5)}, ${stop.position.lat.toFixed(5)}`,
          `${stop.busyPlace ? `▲ ${t('busy')}  ` : ''}${categoriesOf(stop.incidents, words)}`,
        ]),
      )
  }
}

/** The kinds that weigh most among the past incidents of a stop. */
function categoriesOf(incidents: readonly { category: string; share: number }[], words: DayWords): string {
  const shares = new Map<string, number>()
  for (const { category, share } of incidents) shares.set(category, (shares.get(category) ?? 0) + share)
  return [...shares]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([category]) => words.category(category))
    .join(words.t('list-comma'))
}

function series(sheet: Sheet): void {
  const { pdf, words, findings } = sheet
  const { t } = words
  heading(pdf, t('tab.series'))
  if (findings === null) return void paragraph(pdf, t('empty.no-findings'), FAINT)
  paragraph(pdf, t('series.lead', { date: findings.atDate, categories: findings.knox.length }), FAINT)
  if (findings.series.length === 0) return void paragraph(pdf, t('series.none'))
  for (const each of findings.series) oneSeries(sheet, each)
}

function oneSeries({ pdf, words }: Sheet, of: KeptSeries): void {
  const { t, number } = words
  if (pdf.y > PAGE.height - 170) pdf.addPage()
  pdf.moveDown(0.5).font('bold').fontSize(9.5).fillColor(INK)
  pdf.text(
    `${words.category(of.category)}  ${t('series.incidents', { count: of.members.length })}  ${t(`series-state.${of.state}`)}  ${t('series.radius', { metres: number(of.radiusMetres) })}`,
    PAGE.margin,
  )
  paragraph(
    pdf,
    t('series.why', {
      count: of.members.length,
      usual: of.usual < 0.01 ? `< ${number(0.01, 2)}` : number(of.usual, 2),
      chance: of.chance > 0 ? `1/${number(Math.round(1 / of.chance))}` : '0',
    }),
  )
  if (of.next) {
    const { hours } = of.next
    const clock = (hour: number) => `${String(hour % 24).padStart(2, '0')}:00`
    const when = hours
      ? t('series.next-hours', {
          from: clock(hours.fromHour),
          until: clock(hours.untilHour),
          holds: hours.holds,
          of: hours.of,
        })
      : t('series.next-any-hour')
    paragraph(pdf, `${t('series.next', { until: of.next.untilDate })} ${when}`)
  }
  pdf.y += 2
  for (const [n, member] of of.members.entries())
    line(pdf, [
      { text: String(n + 1), width: 20 },
      { text: member.clock.replace('T', ' '), width: 92 },
      {
        text: member.incident.kind === 'call' ? member.incident.externalId : member.incident.number,
        width: 96,
      },
      { text: words.circumstances(member), width: INNER_WIDTH - 208 },
    ])
}

function warnings({ pdf, words, findings }: Sheet): void {
  const { t, number } = words
  if (findings === null) return
  const { watched } = findings
  heading(pdf, t('tab.warnings'))
  paragraph(
    pdf,
    t('warnings.lead', {
      judged: number(watched.judged),
      areas: watched.areas,
      thin: number(watched.tooThin),
    }),
    FAINT,
  )
  if (findings.warnings.length === 0) return void paragraph(pdf, t('warnings.none'))
  const most = Math.max(...findings.warnings.map(({ observed, high }) => Math.max(observed, high)), 1)
  pdf.y += 4
  for (const warning of findings.warnings) oneWarning(pdf, words, warning, most)
}

const BAR = { left: PAGE.margin + 250, width: INNER_WIDTH - 250 }

/** The count as a bar over the range in which it usually lies, with a mark at what was expected. */
function oneWarning(pdf: Pdf, words: DayWords, warning: FoundWarning, most: number): void {
  const { t, number } = words
  const { observed, judged, low, high, outcome } = warning
  if (pdf.y > PAGE.height - PAGE.margin - 50) pdf.addPage()
  const y = pdf.y
  const at = (count: number) => BAR.left + (count / most) * BAR.width
  pdf
    .font(outcome === 'warning' ? 'bold' : 'regular')
    .fontSize(9)
    .fillColor(INK)
  pdf.text(`${outcome === 'warning' ? '▲' : t('warnings.noted')} ${words.warning(warning)}`, PAGE.margin, y, {
    width: 244,
    height: 13,
    ellipsis: true,
    lineBreak: false,
  })
  pdf
    .rect(at(low), y + 1, at(high) - at(low), 10)
    .fillColor(RULE)
    .fill()
  pdf
    .rect(BAR.left, y + 4, at(observed) - BAR.left, 4)
    .fillColor('#b7791f')
    .fill()
  pdf
    .rect(at(judged.expected) - 0.6, y, 1.2, 12)
    .fillColor(INK)
    .fill()
  pdf.font('regular').fontSize(8).fillColor(FAINT)
  const counts = t('warnings.counts', {
    observed: number(observed),
    expected: number(judged.expected, 1),
    low: number(low),
    high: number(high),
  })
  pdf.text(
    `${counts}    p ${small(judged.p)}  q ${small(judged.falseDiscoveryRate)}    ${warning.fromDate} – ${warning.lastDate}`,
    PAGE.margin,
    y + 14,
    { width: INNER_WIDTH, lineBreak: false },
  )
  pdf.x = PAGE.margin
  pdf.y = y + 28
}

const small = (value: number) => (value >= 0.001 ? value.toFixed(3) : value.toExponential(0))

function quality({ pdf, words, run }: Sheet): void {
  const { t, number } = words
  heading(pdf, t('quality.title'))
  const { figures } = run
  if (figures)
    paragraph(
      pdf,
      `${t('quality.history', {
        incidents: number(figures.incidents),
        places: number(figures.places),
        first: figures.firstDate,
        last: figures.lastDate,
      })} ${figures.learntFrom > 0 ? t('quality.learnt', { incidents: number(figures.learntFrom) }) : t('quality.not-learnt')}`,
    )
  if (run.quality.length === 0) return void paragraph(pdf, t('quality.nothing-odd'), FAINT)
  for (const note of run.quality) paragraph(pdf, `·  ${words.note(note)}`)
}

function howToRead(sheet: Sheet): void {
  const { pdf, words, run, findings } = sheet
  const { t, number } = words
  const { parameters } = run
  const permutations = (findings?.knox ?? []).map((map) => map.permutations)
  heading(pdf, t('report.reading'))
  pairs(pdf, [
    [t('report.stops-per-shift'), String(parameters.stopsPerShift)],
    [t('report.radius'), `${number(parameters.discRadiusMetres)} m`],
    [t('report.zone'), parameters.timeZone],
    ...(permutations.length > 0
      ? [[t('report.permutations'), [...new Set(permutations)].sort((a, b) => a - b).join(' / ')] as const]
      : []),
  ])
  for (const key of ['stops', 'series', 'warnings', 'never'])
    paragraph(pdf, t(`report.reading-${key}`)).moveDown(0.3)
}
