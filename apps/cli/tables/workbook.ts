import { createReadStream } from 'node:fs'
import ExcelJS from 'exceljs'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Table, TableRow } from './table.ts'

/** Reads one sheet of a workbook row by row: the named one, else the first. Its first row with text holds the headings. */
export async function readWorkbook(path: string, sheet: string | null): Promise<Table | Refusal> {
  const seen: string[] = []
  try {
    const reader = new ExcelJS.stream.xlsx.WorkbookReader(createReadStream(path), {
      worksheets: 'emit',
      sharedStrings: 'cache',
      styles: 'cache',
      hyperlinks: 'ignore',
    })
    for await (const worksheet of reader) {
      const { name } = worksheet as unknown as { name: string }
      seen.push(name)
      if (sheet !== null && name !== sheet) continue
      return { rows: await rowsOf(worksheet), faults: [] }
    }
  } catch (fault) {
    return refuse('workbook-invalid', { field: 'file', detail: { path, message: (fault as Error).message } })
  }
  return refuse('sheet-unknown', {
    field: '--sheet',
    detail: { path, sheet: sheet ?? '', seen: seen.join(', ') },
  })
}

async function rowsOf(worksheet: ExcelJS.stream.xlsx.WorksheetReader): Promise<TableRow[]> {
  let header: string[] | null = null
  const rows: TableRow[] = []
  for await (const row of worksheet) {
    const cells = Array.from({ length: row.cellCount }, (_, i) => textOf(row.getCell(i + 1).value))
    if (cells.every((cell) => cell === '')) continue
    if (header === null) header = cells
    else
      rows.push({
        row: row.number,
        cells: Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])),
        ring: null,
      })
  }
  return rows
}

/** What a person sees in the cell, dates as ISO 8601. */
function textOf(value: ExcelJS.CellValue): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '')
  if (typeof value === 'object') {
    if ('richText' in value)
      return value.richText
        .map(({ text }) => text)
        .join('')
        .trim()
    if ('result' in value) return textOf(value.result as ExcelJS.CellValue)
    if ('text' in value) return String(value.text).trim()
    if ('error' in value) return ''
    return ''
  }
  return String(value).trim()
}
