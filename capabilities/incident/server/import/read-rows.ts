import { createCsvReader, guessDelimiter, type CsvItem } from '../../core/import/csv.ts'
import type { CallMapping } from '../../core/import/mapping.ts'
import { textOfFile, type SourceFile } from './read-file.ts'

/** Where no line has ended by here, none is waited for. */
const LONGEST_HEAD = 4 << 20

/** The first item is the header. */
export async function* itemsOfFile(
  file: SourceFile,
  mapping: CallMapping,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<readonly CsvItem[]> {
  const { encoding, quote, delimiter, skipLines } = mapping.format
  let reader: ReturnType<typeof createCsvReader> | null = null
  let head = ''
  const wanted = (items: readonly CsvItem[]) =>
    skipLines === 0 ? items : items.filter(({ line }) => line > skipLines)
  for await (const text of textOfFile(file, encoding, onBytes)) {
    if (reader === null) {
      head += text
      const firstLine = head.split('\n', skipLines + 2)
      if (firstLine.length < skipLines + 2 && head.length < LONGEST_HEAD) continue
      reader = createCsvReader({
        quote,
        delimiter: delimiter === 'auto' ? guessDelimiter(firstLine[skipLines]!) : delimiter,
      })
      yield wanted(reader.push(head))
      head = ''
    } else yield wanted(reader.push(text))
  }
  reader ??= createCsvReader({
    quote,
    delimiter: delimiter === 'auto' ? guessDelimiter(head.split('\n')[skipLines] ?? '') : delimiter,
  })
  yield wanted([...reader.push(head), ...reader.end()])
}

export function headerOf(item: CsvItem): string[] {
  return item.kind === 'record' ? item.cells.map((cell) => cell.trim().replace(/^\ufeff/, '')) : []
}

/** zlib's faults speak of the file, not of us. */
export function isDamage(fault: unknown): boolean {
  const code = (fault as { code?: unknown }).code
  return typeof code === 'string' && /^Z_(BUF|DATA|STREAM)_ERROR$/.test(code)
}
