import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { refuse, type Refusal } from '../../../../foundation/core/outcome.ts'
import type { CallMapping } from '../../core/import/mapping.ts'

export interface SourceFile {
  readonly path: string
  readonly bytes: number
  readonly isGzip: boolean
}

/** Looks at the first bytes. Refuses `file-not-found`, `file-empty`, `file-is-zip` (a workbook or an archive) and `file-is-folder`. */
export async function inspectFile(path: string): Promise<SourceFile | Refusal> {
  const found = await stat(path).catch(() => null)
  if (!found) return refuse('file-not-found', { field: 'file', detail: { path } })
  if (!found.isFile()) return refuse('file-is-folder', { field: 'file', detail: { path } })
  const handle = await open(path)
  const head = Buffer.alloc(4)
  const { bytesRead } = await handle.read(head, 0, 4, 0)
  await handle.close()
  if (bytesRead === 0) return refuse('file-empty', { field: 'file', detail: { path } })
  if (head.toString('latin1', 0, 2) === 'PK')
    return refuse('file-is-zip', { field: 'file', detail: { path } })
  return { path, bytes: found.size, isGzip: head[0] === 0x1f && head[1] === 0x8b }
}

export async function sha256OfFile(path: string): Promise<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest()
}

/** The text of a file, piece by piece, in constant memory. `onBytes` hears how much of the file has been read. */
export async function* textOfFile(
  file: SourceFile,
  encoding: CallMapping['format']['encoding'],
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<string> {
  const raw = createReadStream(file.path, { highWaterMark: 1 << 18 })
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length)
      done(null, chunk)
    },
  })
  raw.on('error', (fault) => counted.destroy(fault))
  const bytes = raw.pipe(counted)
  const plain = file.isGzip ? bytes.pipe(createGunzip()) : bytes
  if (plain !== bytes) bytes.on('error', (fault) => plain.destroy(fault))
  try {
    yield* decode(plain as AsyncIterable<Buffer>, encoding)
  } finally {
    raw.destroy()
    plain.destroy()
  }
}

type Encoding = Exclude<CallMapping['format']['encoding'], 'auto'>
const LINE_FEED = 0x0a
/** A piece without a line break is passed on at this size, so that a file without any stays in constant memory. */
const LARGEST_PIECE = 4 << 20

/**
 * Decodes whole lines at a time, which neither UTF-8 nor GB18030 ever cuts: a line feed is part of no other character
 * in them. Without an encoding given, a byte order mark decides, then the first lines that are not plain ASCII.
 */
async function* decode(
  chunks: AsyncIterable<Buffer>,
  given: CallMapping['format']['encoding'],
): AsyncGenerator<string> {
  let encoding: Encoding | null = given === 'auto' ? null : given
  let held: Buffer = Buffer.alloc(0)
  let isFirst = true
  let wide: InstanceType<typeof TextDecoder> | null = null
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    if (isFirst) {
      if (held.length < 3) continue
      isFirst = false
      const mark = byteOrderMark(held)
      if (mark) {
        encoding ??= mark.encoding
        held = held.subarray(mark.length)
      }
    }
    if (encoding === 'utf-16le') {
      wide ??= new TextDecoder('utf-16le')
      yield wide.decode(held, { stream: true })
      held = Buffer.alloc(0)
      continue
    }
    const end = held.lastIndexOf(LINE_FEED) + 1
    const ready = end > 0 ? held.subarray(0, end) : held.length > LARGEST_PIECE ? held : null
    if (!ready) continue
    held = held.subarray(ready.length)
    encoding ??= guessEncoding(ready)
    yield new TextDecoder(encoding ?? 'utf-8').decode(ready)
  }
  if (held.length > 0) yield new TextDecoder(encoding ?? guessEncoding(held) ?? 'utf-8').decode(held)
}

function byteOrderMark(head: Buffer): { encoding: Encoding; length: number } | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', length: 2 }
  return null
}

/**
 * UTF-8 or GB18030, by the vote of the lines that hold more than ASCII; null while there are none. Chinese text in
 * GB18030 is hardly ever valid UTF-8, and one damaged line does not turn a UTF-8 file into the other.
 */
export function guessEncoding(bytes: Buffer): 'utf-8' | 'gb18030' | null {
  let asUtf8 = 0
  let not = 0
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start)
    const end = found < 0 ? bytes.length : found
    const line = bytes.subarray(start, end)
    start = end + 1
    if (line.every((byte) => byte < 0x80)) continue
    if (isValid(line, 'utf-8')) asUtf8++
    else not++
  }
  if (asUtf8 === 0 && not === 0) return null
  return asUtf8 >= not ? 'utf-8' : 'gb18030'
}

function isValid(bytes: Buffer, encoding: Encoding): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
