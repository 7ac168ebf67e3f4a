/** PostgreSQL's binary forms of columns, written without an object or a string a value. */

const POSTGRES_EPOCH_MILLISECONDS = 946_684_800_000 // 2000-01-01T00:00:00Z

/** Writes a moment as PostgreSQL keeps timestamptz: microseconds since 2000, as two halves (BigInt costs an object). */
export function writeTimestamp(buffer: Buffer, at: number, epochMilliseconds: number): void {
  const microseconds = (epochMilliseconds - POSTGRES_EPOCH_MILLISECONDS) * 1000
  const high = Math.floor(microseconds / 4_294_967_296)
  buffer.writeInt32BE(high, at)
  buffer.writeUInt32BE(microseconds - high * 4_294_967_296, at + 4)
}

export function readTimestamp(buffer: Buffer, at: number): number {
  const microseconds = buffer.readInt32BE(at) * 4_294_967_296 + buffer.readUInt32BE(at + 4)
  return microseconds / 1000 + POSTGRES_EPOCH_MILLISECONDS
}

/** The kinds of column that are sent: PostgreSQL's type, its oid and its width. */
const KINDS = {
  int2: { oid: 21, width: 2 },
  int4: { oid: 23, width: 4 },
  float4: { oid: 700, width: 4 },
  float8: { oid: 701, width: 8 },
  timestamptz: { oid: 1184, width: 8 },
} as const
export type ColumnKind = keyof typeof KINDS

/** Writes one value of a kind; a number that is no number is NULL, where the column allows it. Gives where it ends. */
export function writeValue(buffer: Buffer, at: number, kind: ColumnKind, value: number): number {
  if (Number.isNaN(value)) {
    buffer.writeInt32BE(-1, at)
    return at + 4
  }
  const { width } = KINDS[kind]
  buffer.writeInt32BE(width, at)
  const place = at + 4
  if (kind === 'float8') buffer.writeDoubleBE(value, place)
  else if (kind === 'float4') buffer.writeFloatBE(value, place)
  else if (kind === 'timestamptz') writeTimestamp(buffer, place, value)
  else if (kind === 'int4') buffer.writeInt32BE(value, place)
  else buffer.writeInt16BE(Math.round(value), place)
  return place + width
}

export interface Column {
  readonly name: string
  readonly kind: ColumnKind
  readonly of: { readonly [row: number]: number }
}

const COPY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')

/** The rows as one body for `copy … from stdin (format binary)`. */
export function copyBody(columns: readonly Column[], rows: ArrayLike<number>): Buffer {
  const rowWidth = columns.reduce((sum, column) => sum + 4 + KINDS[column.kind].width, 2)
  const body = Buffer.allocUnsafe(COPY_HEADER.length + rows.length * rowWidth + 2)
  let at = COPY_HEADER.copy(body, 0)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    at = body.writeInt16BE(columns.length, at)
    for (const column of columns) at = writeValue(body, at, column.kind, column.of[row]!)
  }
  at = body.writeInt16BE(-1, at)
  return body.subarray(0, at)
}

/** One column as an array parameter in binary form, for `unnest`; pg sends a Buffer as it is. */
export function arrayParameter(column: Column, rows: ArrayLike<number>): Buffer {
  const { oid, width } = KINDS[column.kind]
  const buffer = Buffer.allocUnsafe(20 + rows.length * (4 + width))
  let at = buffer.writeInt32BE(rows.length === 0 ? 0 : 1, 0)
  at = buffer.writeInt32BE(1, at) // may hold NULL
  at = buffer.writeInt32BE(oid, at)
  if (rows.length === 0) return buffer.subarray(0, at)
  at = buffer.writeInt32BE(rows.length, at)
  at = buffer.writeInt32BE(1, at) // first index
  for (let i = 0; i < rows.length; i++) at = writeValue(buffer, at, column.kind, column.of[rows[i]!]!)
  return buffer.subarray(0, at)
}
