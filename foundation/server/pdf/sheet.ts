import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import PDFDocument from 'pdfkit'
import type { Language } from '../texts.ts'

const findFile = createRequire(import.meta.url).resolve
/** Noto Sans SC (OFL) from its package: one font for Chinese and Latin, so nothing is drawn as boxes. */
const FONT = {
  regular: () => findFile('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  bold: () => findFile('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'),
}

/** A4 in points. */
export const PAGE = { width: 595.28, height: 841.89, margin: 48 }
export const INNER_WIDTH = PAGE.width - 2 * PAGE.margin
export const INK = '#1a2433'
export const FAINT = '#5b6778'
export const RULE = '#c9d1dc'
export const ALARM = '#a33'

export type Pdf = InstanceType<typeof PDFDocument>

/** A4 with both fonts; at the foot of each page what `foot` says of it. Ended by `streamOf`. */
export function openPdf({
  language,
  title,
  foot,
}: {
  readonly language: Language
  readonly title: string
  foot(page: number): string
}): Pdf {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: PAGE.margin, left: PAGE.margin, right: PAGE.margin, bottom: PAGE.margin + 16 },
    lang: language,
    info: { Title: title, Creator: 'Xunfang' },
  })
  pdf.registerFont('regular', FONT.regular())
  pdf.registerFont('bold', FONT.bold())
  numberPages(pdf, foot)
  return pdf
}

/** The bytes, written while they are read. */
export function streamOf(pdf: Pdf): Readable {
  pdf.end()
  return pdf as unknown as Readable
}

function numberPages(pdf: Pdf, foot: (page: number) => string): void {
  let page = 0
  const write = () => {
    page += 1
    const { x, y } = pdf
    const bottom = pdf.page.margins.bottom
    // The foot stands in the margin; without this, writing there would open another page.
    pdf.page.margins.bottom = 0
    pdf.font('regular').fontSize(8).fillColor(FAINT)
    pdf.text(foot(page), PAGE.margin, PAGE.height - 40, {
      width: INNER_WIDTH,
      align: 'right',
      lineBreak: false,
    })
    pdf.page.margins.bottom = bottom
    pdf.x = x
    pdf.y = y
    pdf.fillColor(INK)
  }
  write()
  pdf.x = PAGE.margin
  pdf.y = PAGE.margin
  pdf.on('pageAdded', write)
}

/** A heading with a rule below it, on the next page where little room is left. */
export function heading(pdf: Pdf, text: string): void {
  if (pdf.y > PAGE.height - 150) pdf.addPage()
  pdf.moveDown(0.9).font('bold').fontSize(12).fillColor(INK).text(text, PAGE.margin)
  const y = pdf.y + 2
  pdf
    .moveTo(PAGE.margin, y)
    .lineTo(PAGE.width - PAGE.margin, y)
    .lineWidth(0.6)
    .strokeColor(RULE)
    .stroke()
  pdf.y = y + 5
  pdf.font('regular').fontSize(9.5)
}

/** Lines of a name and a value; a long value runs over several lines, and over pages. */
export function pairs(pdf: Pdf, rows: readonly (readonly [string, string])[], nameWidth = 150): void {
  for (const [name, value] of rows) {
    const width = INNER_WIDTH - nameWidth
    const height = pdf
      .font('regular')
      .fontSize(9.5)
      .heightOfString(value || ' ', { width })
    if (pdf.y + Math.min(height, 40) > PAGE.height - PAGE.margin - 20) pdf.addPage()
    const y = pdf.y
    pdf.fillColor(FAINT).text(name, PAGE.margin, y, { width: nameWidth - 8 })
    const afterName = pdf.y
    pdf.fillColor(INK).text(value, PAGE.margin + nameWidth, y, { width })
    pdf.y = Math.max(afterName, pdf.y) + 2
    pdf.x = PAGE.margin
  }
}

/** One line of cells, each cut off at its width. */
export function line(
  pdf: Pdf,
  cells: readonly { readonly text: string; readonly width: number }[],
  { font = 'regular', colour = INK }: { font?: 'regular' | 'bold'; colour?: string } = {},
): void {
  if (pdf.y > PAGE.height - PAGE.margin - 36) pdf.addPage()
  const y = pdf.y
  let x = PAGE.margin
  pdf.font(font).fontSize(8.5).fillColor(colour)
  for (const { text, width } of cells) {
    pdf.text(text, x, y, { width: width - 4, height: 12, ellipsis: true, lineBreak: false })
    x += width
  }
  pdf.x = PAGE.margin
  pdf.y = y + 14
}
