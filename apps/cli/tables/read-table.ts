import { extname } from 'node:path'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { createCsvReader, guessDelimiter } from '../../../capabilities/incident/core/import/csv.ts'
import { inspectFile, textOfFile } from '../../../capabilities/incident/server/import/read-file.ts'
import { readGeoJson } from './geojson.ts'
import type { Table, TableFault, TableRow } from './table.ts'
import { readWorkbook } from './workbook.ts'

/**
 * Reads a register file by its content: a workbook (.xlsx), GeoJSON, or delimited text in any encoding, gzip or not.
 * Refuses `file-not-found`, `file-empty`, `file-is-folder`, `file-damaged`, `geojson-invalid`, `workbook-invalid`, `sheet-unknown`.
 */
export async function readTable(path: string, sheet: string | null): Promise<Table | Refusal> {
  const file = await inspectFile(path)
  if (isRefusal(file)) return file.refused === 'file-is-zip' ? readWorkbook(path, sheet) : file
  const extension = extname(path.replace(/\.gz$/i, '')).toLowerCase()
  try {
    if (extension === '.geojson' || extension === '.json') {
      let text = ''
      for await (const piece of textOfFile(file, 'auto')) text += piece
      return readGeoJson(text, path)
    }
    return await readDelimited(textOfFile(file, 'auto'))
  } catch (fault) {
    if (/^Z_/.test(String((fault as { code?: unknown }).code)))
      return refuse('file-damaged', { detail: { path, message: (fault as Error).message } })
    throw fault
  }
}

async function readDelimited(text: AsyncIterable<string>): Promise<Table> {
  let head = ''
  let reader: ReturnType<typeof createCsvReader> | null = null
  let header: readonly string[] | null = null
  const rows: TableRow[] = []
  const faults: TableFault[] = []
  const take = (items: ReturnType<ReturnType<typeof createCsvReader>['push']>) => {
    for (const item of items) {
      if (item.kind === 'fault') faults.push({ row: item.line, cause: item.cause, value: item.text })
      else if (header === null) header = item.cells.map((cell) => cell.trim())
      else if (
        item.cells.length > header.length &&
        item.cells.slice(header.length).some((cell) => cell.trim() !== '')
      )
        faults.push({ row: item.line, cause: 'column-count', value: String(item.cells.length) })
      else
        rows.push({
          row: item.line,
          cells: Object.fromEntries(header.map((name, i) => [name, (item.cells[i] ?? '').trim()])),
          ring: null,
        })
    }
  }
  for await (const piece of text) {
    if (reader === null) {
      head += piece
      const end = head.indexOf('\n')
      if (end < 0) continue
      reader = createCsvReader({ quote: '"', delimiter: guessDelimiter(head.slice(0, end)) })
      take(reader.push(head))
    } else take(reader.push(piece))
  }
  if (reader === null) {
    reader = createCsvReader({ quote: '"', delimiter: guessDelimiter(head) })
    take(reader.push(head))
  }
  take(reader.end())
  return { rows, faults }
}
