import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { PbfReader } from 'pbf'
import type { Refusal } from '../../../../foundation/core/outcome.ts'
import { refuse } from '../../../../foundation/core/outcome.ts'

/** What is wrong with a file, and where. Caught at the edge of the import and given back as its refusal. */
export class OsmFileError extends Error {
  readonly refusal: Refusal

  constructor(code: string, detail: Readonly<Record<string, unknown>>) {
    super(code)
    this.refusal = refuse(code, { field: 'file', detail })
  }
}

export interface Blob {
  readonly type: string
  /** Number of the blob in the file, from 1, and where it starts: for messages. */
  readonly number: number
  readonly atByte: number
  readonly data: Uint8Array
  /** Share of the file read once this blob is done. */
  readonly share: number
}

/** Limits of the format (wiki.openstreetmap.org/wiki/PBF_Format): more is no such file. */
const MAX_HEADER_BYTES = 64 * 1024
const MAX_BLOB_BYTES = 32 * 1024 * 1024

/**
 * Reads the blobs of an .osm.pbf file one after the other; only one is in memory at a time.
 * Throws OsmFileError: `osm-file-not-found`, `osm-not-pbf`, `osm-truncated`, `osm-damaged`, `osm-compression-unsupported`.
 */
export function* readBlobs(path: string): Generator<Blob> {
  const file = openFile(path)
  try {
    const size = fstatSync(file).size
    if (size === 0) throw new OsmFileError('osm-not-pbf', { atByte: 0, looksLike: 'empty' })
    let at = 0
    let number = 0
    while (at < size) {
      const start = at
      number++
      const take = (length: number): Uint8Array => {
        if (at + length > size) {
          throw new OsmFileError('osm-truncated', {
            atByte: size,
            blob: number,
            blobAtByte: start,
            missingBytes: at + length - size,
          })
        }
        const bytes = new Uint8Array(length)
        for (let filled = 0; filled < length;)
          filled += readSync(file, bytes, filled, length - filled, at + filled)
        at += length
        return bytes
      }
      const first = take(Math.min(4, size - at))
      const headerLength = first.length < 4 ? 0 : new DataView(first.buffer).getUint32(0)
      if (number === 1 && (headerLength === 0 || headerLength > MAX_HEADER_BYTES)) {
        throw new OsmFileError('osm-not-pbf', { atByte: 0, looksLike: looksLike(first) })
      }
      if (first.length < 4)
        throw new OsmFileError('osm-truncated', { atByte: size, blob: number, blobAtByte: start })
      if (headerLength > MAX_HEADER_BYTES) throw damaged(number, start, 'header-length')
      const { type, dataLength } = readBlobHeader(take(headerLength), number, start)
      if (dataLength > MAX_BLOB_BYTES) throw damaged(number, start, 'blob-length')
      const data = unpack(take(dataLength), number, start)
      yield { type, number, atByte: start, data, share: at / size }
    }
  } finally {
    closeSync(file)
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (fault) {
    throw new OsmFileError('osm-file-not-found', {
      path,
      cause: (fault as NodeJS.ErrnoException).code ?? 'unknown',
    })
  }
}

/** The usual mistakes, by their first bytes. */
function looksLike(first: Uint8Array): string {
  const [a, b] = first
  if (a === 0x3c) return 'xml'
  if (a === 0x1f && b === 0x8b) return 'gzip'
  if (a === 0x42 && b === 0x5a) return 'bzip2'
  if (a === 0x50 && b === 0x4b) return 'zip'
  if (a === 0x7b || a === 0x5b) return 'json'
  return 'unknown'
}

export function damaged(blob: number, atByte: number, reason: string): OsmFileError {
  return new OsmFileError('osm-damaged', { blob, atByte, reason })
}

function readBlobHeader(
  bytes: Uint8Array,
  number: number,
  atByte: number,
): { type: string; dataLength: number } {
  const header = decoding(number, atByte, 'header', () =>
    new PbfReader(bytes).readFields(
      (tag, result, pbf) => {
        if (tag === 1) result.type = pbf.readString()
        else if (tag === 3) result.dataLength = pbf.readVarint()
      },
      { type: '', dataLength: -1 },
    ),
  )
  if (number === 1 && header.type !== 'OSMHeader') {
    throw new OsmFileError('osm-not-pbf', { atByte, looksLike: 'unknown' })
  }
  if (header.dataLength < 0) throw damaged(number, atByte, 'header')
  return header
}

/** Blob: 1 raw, 2 size, 3 zlib; 4 lzma, 5 bzip2, 6 lz4, 7 zstd, which Node cannot all read. */
function unpack(bytes: Uint8Array, number: number, atByte: number): Uint8Array {
  const blob = decoding(number, atByte, 'blob', () =>
    new PbfReader(bytes).readFields<{ raw: Uint8Array | null; zlib: Uint8Array | null; other: number }>(
      (tag, result, pbf) => {
        if (tag === 1) result.raw = pbf.readBytes()
        else if (tag === 3) result.zlib = pbf.readBytes()
        else if (tag >= 4 && tag <= 7) result.other = tag
      },
      { raw: null, zlib: null, other: 0 },
    ),
  )
  if (blob.raw) return blob.raw
  if (blob.zlib) {
    const packed = blob.zlib
    return decoding(number, atByte, 'zlib', () => inflateSync(packed, { maxOutputLength: MAX_BLOB_BYTES }))
  }
  const compression = ['lzma', 'bzip2', 'lz4', 'zstd'][blob.other - 4]
  if (compression)
    throw new OsmFileError('osm-compression-unsupported', { blob: number, atByte, compression })
  throw damaged(number, atByte, 'blob')
}

/** Runs a decoder; whatever it trips over becomes the place in the file. */
export function decoding<T>(blob: number, atByte: number, reason: string, decode: () => T): T {
  try {
    return decode()
  } catch (fault) {
    if (fault instanceof OsmFileError) throw fault
    throw damaged(blob, atByte, reason)
  }
}
