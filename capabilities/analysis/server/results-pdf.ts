import type { Readable } from 'node:stream'
import {
  FAINT,
  heading,
  INK,
  INNER_WIDTH,
  line,
  openPdf,
  PAGE,
  streamOf,
  type Pdf,
} from '../../../foundation/server/pdf/sheet.ts'
import { textsOf, type Language, type Translate } from '../../../foundation/server/texts.ts'
import { signedPercent, verdictWording, type TableVerdictKey } from '../core/index.ts'
import type { ResultsBody, RowBody } from './result-shown.ts'

export interface ResultsStyle {
  readonly language: Language
  readonly districtName: string
  /** `2026-11-24 10:05` by the district's clock. */
  readonly writtenAt: string
  /** A category by its code. */
  categoryName(code: string): string
}

const FALL = '#0a7447'
const RISE = '#bf2424'
const BAR = { width: 76, height: 12 }
const WIDEST = Math.log(4)

interface Sheet {
  readonly pdf: Pdf
  readonly t: Translate
  readonly style: ResultsStyle
  readonly results: ResultsBody
}

/** The table of results on A4, then each verdict that says more than chance in words. */
export function resultsPdf(results: ResultsBody, style: ResultsStyle): Readable {
  const t = textsOf('analysis', style.language)
  const title = `${style.districtName} ${t('results.title')}`
  const pdf = openPdf({
    language: style.language,
    title,
    foot: (page) => `${title}    ${t('results.page', { page })}`,
  })
  const sheet: Sheet = { pdf, t, style, results }
  head(sheet, title)
  table(sheet)
  inWords(sheet)
  return streamOf(pdf)
}

const number = (value: number) => value.toLocaleString('en')

function head({ pdf, t, style, results }: Sheet, title: string): void {
  pdf.font('bold').fontSize(18).fillColor(INK).text(title, PAGE.margin)
  pdf
    .font('regular')
    .fontSize(9)
    .fillColor(FAINT)
    .text(t('results.printed', { at: style.writtenAt }))
  pdf.moveDown(0.4).fontSize(9.5).fillColor(INK).text(t('results.counted', results.counted))
  for (const { comparison, span } of results.rows[0]?.compared ?? [])
    pdf.text(t(`results.against.${comparison}`, span))
  for (const { note, values } of results.notes)
    pdf
      .fillColor(FAINT)
      .fontSize(8.5)
      .text(`· ${t(`results.note.${note}`, values)}`)
  pdf.fillColor(INK)
}

function nameOf({ t, style, results }: Sheet, { placeId, category }: RowBody): string {
  const place = results.places.find(({ id }) => id === placeId)!
  const where = place.kind === 'district' ? t('results.district') : place.name
  if (category === null) return where
  return results.places.length === 1 && place.kind === 'district'
    ? style.categoryName(category)
    : `${where} · ${style.categoryName(category)}`
}

const NAME_WIDTH = 138
const COUNT_WIDTH = 45

function table(sheet: Sheet): void {
  const { pdf, t, results } = sheet
  heading(pdf, t('results.table'))
  const comparedWidth = (INNER_WIDTH - NAME_WIDTH - COUNT_WIDTH) / 2
  line(
    pdf,
    [
      { text: '', width: NAME_WIDTH },
      { text: t('results.count'), width: COUNT_WIDTH },
      ...(results.rows[0]?.compared ?? []).map(({ comparison }) => ({
        text: t(`results.${comparison}`),
        width: comparedWidth,
      })),
    ],
    { font: 'bold', colour: FAINT },
  )
  for (const row of results.rows) {
    line(pdf, [
      { text: nameOf(sheet, row), width: NAME_WIDTH },
      { text: number(row.count), width: COUNT_WIDTH },
    ])
    const y = pdf.y - 14
    row.compared.forEach((compared, n) => {
      const x = PAGE.margin + NAME_WIDTH + COUNT_WIDTH + n * comparedWidth
      comparedCell(sheet, compared, x, y)
    })
    pdf.x = PAGE.margin
    pdf.y = y + 14
  }
  pdf
    .moveDown(0.4)
    .font('regular')
    .fontSize(8.5)
    .fillColor(FAINT)
    .text(`${t('results.tests', { tests: results.tests })} ${t('results.bar-scale')}`, PAGE.margin)
    .fillColor(INK)
}

const colourOf = (verdict: string) =>
  verdict === 'result-fell' ? FALL : verdict === 'result-rose' ? RISE : FAINT

function comparedCell({ pdf, t }: Sheet, compared: RowBody['compared'][number], x: number, y: number): void {
  const { judged, verdict } = compared
  const colour = colourOf(verdict)
  const cell = { height: 12, ellipsis: true, lineBreak: false } as const
  pdf
    .font(colour === FAINT ? 'regular' : 'bold')
    .fontSize(8.5)
    .fillColor(colour)
    .text(t(`results.tag.${verdict}`), x, y, { ...cell, width: 44 })
  if (judged === null) return
  bar(pdf, judged.change, x + 44, y, colour)
  const change = judged.change.changePercent
  pdf
    .font('regular')
    .fillColor(INK)
    .text(change === null ? '' : signedPercent(change, number), x + 48 + BAR.width, y, { ...cell, width: 40 })
}

/** A change with its interval, from a quarter to four times, no change in the middle. */
function bar(
  pdf: Pdf,
  {
    changePercent,
    lowPercent,
    highPercent,
  }: { changePercent: number | null; lowPercent: number; highPercent: number | null },
  x: number,
  y: number,
  colour: string,
): void {
  const at = (percent: number | null) => {
    const times = percent === null ? Infinity : Math.max(0, 1 + percent / 100)
    const log = Math.min(WIDEST, Math.max(-WIDEST, Math.log(times)))
    return x + ((log + WIDEST) / (2 * WIDEST)) * BAR.width
  }
  const middle = y + BAR.height / 2
  pdf.lineWidth(0.5).strokeColor(FAINT).dash(1.5, { space: 1.5 })
  pdf
    .moveTo(x + BAR.width / 2, y)
    .lineTo(x + BAR.width / 2, y + BAR.height)
    .stroke()
  pdf.undash().lineWidth(1.2).strokeColor(colour)
  pdf.moveTo(at(lowPercent), middle).lineTo(at(highPercent), middle).stroke()
  for (const end of [lowPercent, highPercent])
    pdf
      .moveTo(at(end), middle - 2.5)
      .lineTo(at(end), middle + 2.5)
      .stroke()
  if (changePercent !== null) pdf.circle(at(changePercent), middle, 1.8).fillColor(colour).fill()
}

/** All that is not just chance in whole sentences; where there is nothing of the kind, that. */
function inWords(sheet: Sheet): void {
  const { pdf, t, results } = sheet
  const told = results.rows.flatMap((row) =>
    row.compared
      .filter(({ verdict }) => /fell|rose|one-of-many|explained/.test(verdict))
      .map((compared) => ({ row, compared })),
  )
  heading(pdf, t('results.detail'))
  if (told.length === 0) {
    pdf.fillColor(FAINT).text(t('results.nothing-told'), PAGE.margin).fillColor(INK)
    return
  }
  for (const { row, compared } of told) {
    if (pdf.y > PAGE.height - PAGE.margin - 60) pdf.addPage()
    const { key, values } = verdictWording(
      { ...compared, verdict: compared.verdict as TableVerdictKey, count: row.count, tests: results.tests },
      number,
    )
    pdf
      .font('bold')
      .fontSize(9.5)
      .fillColor(INK)
      .text(`${nameOf(sheet, row)} · ${t(`results.${compared.comparison}`)}`, PAGE.margin)
    pdf.font('regular').text(t(key, values))
    const caution = compared.judged?.caution
    if (caution)
      pdf.fillColor(FAINT).text(
        t('caution.regression-to-mean', {
          expectedFallPercent: Math.round(caution.expectedFallPercent),
          expectedByChance: Math.round(caution.expectedByChance),
        }),
      )
    pdf.fillColor(INK).moveDown(0.3)
  }
}
