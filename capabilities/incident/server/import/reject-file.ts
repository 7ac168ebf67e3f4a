import { open } from 'node:fs/promises'
import { csvLine } from '../../core/import/csv.ts'
import type { Rejection } from '../../core/import/read-call.ts'

/** Every rejected row by line number and cause, as CSV that a spreadsheet opens. */
export interface RejectFile {
  add(line: number, rejection: Rejection, cells: readonly string[]): void
  /** Writes what was added and gives the length of the file. */
  flush(): Promise<number>
  close(): Promise<void>
}

const LONGEST_ROW = 2_000
/** Rejected rows stand there whole, with whatever the file says of persons. */
const OWNER_ONLY = 0o600

/**
 * Opens the file anew, or goes on at `bytes` where an import broke: what stands behind that speaks of a batch that
 * was never committed and comes again.
 */
export async function openRejectFile(
  path: string,
  bytes: number,
  header: readonly string[],
): Promise<RejectFile> {
  const handle = await open(path, bytes > 0 ? 'r+' : 'w', OWNER_ONLY).catch(() => open(path, 'w', OWNER_ONLY))
  const size = (await handle.stat()).size
  let length = Math.min(bytes, size)
  await handle.truncate(length)
  // The byte order mark makes spreadsheet programs read the text as UTF-8.
  let pending = length === 0 ? `\ufeff${csvLine(['line', 'cause', 'column', 'value', ...header])}` : ''
  return {
    add(line, { rejected, column, value }, cells) {
      const row = cells.join('').length > LONGEST_ROW ? [cells.join(',').slice(0, LONGEST_ROW)] : cells
      pending += csvLine([line, rejected, column ?? '', value.slice(0, LONGEST_ROW), ...row])
    },
    async flush() {
      const text = Buffer.from(pending)
      pending = ''
      await handle.write(text, 0, text.length, length)
      length += text.length
      return length
    },
    async close() {
      await handle.close()
    },
  }
}
