import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { RosterTable } from '../core/index.ts'

const MOST_ROWS = 5_000

/** Reads the first sheet of a workbook, or delimited text. Refuses `import-unreadable`, `import-empty`, `import-too-long`. */
export async function readRosterTable(bytes: Buffer): Promise<RosterTable | Refusal> {
  // A workbook is a zip archive.
  const isWorkbook = bytes.length > 3 && bytes[0] === 0x50 && bytes[1] === 0x4b
  let lines: { readonly line: number; readonly cells: readonly string[] }[]
  try {
    lines = isWorkbook ? await linesOfWorkbook(bytes) : linesOfText(textOf(bytes))
  } catch (fault) {
    return refuse('import-unreadable', { detail: { message: (fault as Error).message.slice(0, 200) } })
  }
  const [head, ...rows] = lines.filter(({ cells }) => cells.some((cell) => cell !== ''))
  if (!head || rows.length === 0) return refuse('import-empty')
  if (rows.length > MOST_ROWS) return refuse('import-too-long', { detail: { most: MOST_ROWS } })
  return { headings: head.cells, headingLine: head.line, rows }
}

async function linesOfWorkbook(bytes: Buffer) {
  const workbook = new ExcelJS.Workbook()
  // Its types want a Buffer of before Node 20.
  await workbook.xlsx.load(bytes as unknown as ExcelJS.Buffer)
  const sheet = workbook.worksheets[0]
  if (!sheet) return []
  const lines: { line: number; cells: string[] }[] = []
  sheet.eachRow((row, line) => {
    if (lines.length > MOST_ROWS + 1) return
    lines.push({
      line,
      cells: Array.from({ length: row.cellCount }, (_, at) => shown(row.getCell(at + 1))),
    })
  })
  return lines
}

/** What a person sees in the cell, dates as ISO 8601. */
function shown({ value, text }: ExcelJS.Cell): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : text.trim()
}

function linesOfText(text: string) {
  const head = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = [',', ';', '\t'].reduce((best, one) =>
    head.split(one).length > head.split(best).length ? one : best,
  )
  const rows: { record: string[]; info: { lines: number } }[] = parse(text, {
    ...{ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true, info: true },
  }) as never
  return rows.map(({ record, info }) => ({ line: info.lines, cells: record.map((cell) => cell.trim()) }))
}

/** Spreadsheets in China save text in GB 18030 where nobody tells them otherwise. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
