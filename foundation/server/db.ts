import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { FoundationTables } from './tables.ts'

/** A handle on the database. A capability adds its own tables: `db.withTables<ForceTables>()`. */
export type Db = Kysely<FoundationTables>
/** A transaction. Everything written through it is committed together or not at all. */
export type Tx = Transaction<FoundationTables>

export interface Database {
  readonly db: Db
  /** The pool behind `db`, for COPY and named statements on the hot path. */
  readonly pool: pg.Pool
  /** Breaks every connection from our side: whoever waits for an answer on one meets «unavailable». */
  breakConnections(): void
  close(): Promise<void>
}

const OID = { int8: 20, date: 1082, numeric: 1700, timestamptz: 1184 }

/** timestamptz reads as epoch milliseconds, bigint and numeric as number, date as `YYYY-MM-DD`. */
const readers: Record<number, (text: string) => unknown> = {
  [OID.int8]: Number,
  [OID.numeric]: Number,
  [OID.date]: (text) => text,
  [OID.timestamptz]: instantOf,
}

/** The session speaks UTC, so a timestamptz always ends in +00. */
function instantOf(text: string): number {
  if (text === 'infinity') return Infinity
  if (text === '-infinity') return -Infinity
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
}

/**
 * What a timestamptz parameter takes: a Date for the driver. Its type says number as well, because Kysely compares
 * a column with the type that the column reads as.
 */
export function toTimestamp(at: number): Date & number {
  return new Date(at) as Date & number
}

/**
 * Opens the one pool of the process.
 * `role` is taken on after connecting, for a server whose log-in is not already the restricted one.
 */
export function openDatabase(options: { url: string; role?: string; poolSize?: number }): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 12,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 60_000,
    options: `-c timezone=UTC${options.role ? ` -c role=${options.role}` : ''}`,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        (format !== 'binary' && readers[oid]) ||
        pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
    },
  })
  // A connection that the server drops must not end the process; the next query meets the fault itself. The pool
  // listens only while a connection lies in it, not between two queries of a transaction.
  pool.on('error', () => {})
  const connected = new Set<pg.PoolClient>()
  pool.on('connect', (client) => {
    client.on('error', () => {})
    prepareStatements(client)
    connected.add(client)
  })
  pool.on('remove', (client) => connected.delete(client))
  const db = new Kysely<FoundationTables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    breakConnections() {
      for (const client of connected) breakOff(client)
    },
    close: () => db.destroy(),
  }
}

/** Texts seen, and the name under which each connection keeps it prepared: from the third time on, a thousand at most. */
const seen = new Map<string, number>()
const names = new Map<string, string>()
const NAMED_FROM = 3
const NAMES_AT_MOST = 1_000

function nameOf(text: string): string | undefined {
  const name = names.get(text)
  if (name !== undefined || names.size >= NAMES_AT_MOST) return name
  const times = (seen.get(text) ?? 0) + 1
  // Lists of ids make ever new texts, of which most never come again.
  if (seen.size > 10 * NAMES_AT_MOST) seen.clear()
  seen.set(text, times)
  if (times < NAMED_FROM) return undefined
  seen.delete(text)
  names.set(text, `x${names.size}`)
  return names.get(text)
}

/**
 * Lets the connection keep statements prepared. The same two hundred come again and again; parsed and planned anew each
 * time, they cost PostgreSQL 2.9 ms of processor time a dispatch command with its flows, prepared 1.7 to 2.2 ms.
 */
function prepareStatements(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  const prepared = (...given: unknown[]) => {
    const [text, values, ...rest] = given
    const isPlain = typeof text === 'string' && Array.isArray(values) && values.length > 0
    const name = isPlain ? nameOf(text) : undefined
    return name === undefined ? query(...given) : query({ name, text, values }, ...rest)
  }
  client.query = prepared as typeof client.query
}

/** The driver's `end` would politely wait for a server that may say nothing any more. */
export function breakOff(client: pg.ClientBase): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}

/** PostgreSQL's word for «try the same transaction again»: serialization failure and deadlock. */
const RETRYABLE = new Set(['40001', '40P01'])

/** Writes rows that one transaction has gathered, in the order in which they came. */
export type WriteRows<Row> = (db: Db | Tx, rows: readonly Row[]) => Promise<void>

/** What a transaction of `inTransaction` carries with it. */
interface Course {
  /** The pool's handle that it was begun on. */
  readonly db: Db
  readonly rows: Map<WriteRows<never>, unknown[]>
  readonly afterCommit: (() => void)[]
}

const courses = new WeakMap<object, Course>()

/**
 * Keeps rows that nobody reads within the transaction until it is about to commit, and writes all of one kind in one
 * statement: what a flow says to audit and outbox in a dozen steps costs two round trips. They stand and fall with it.
 * Outside of `inTransaction` they are written at once.
 */
export async function writeAtCommit<Row>(
  db: Db | Tx,
  write: WriteRows<Row>,
  rows: readonly Row[],
): Promise<void> {
  const waiting = courses.get(db)?.rows as Map<WriteRows<Row>, Row[]> | undefined
  if (!waiting) return write(db, rows)
  const before = waiting.get(write)
  if (before) before.push(...rows)
  else waiting.set(write, [...rows])
}

/** Runs `work` once the transaction has committed; at once outside of `inTransaction`. */
export function afterCommit(db: Db | Tx, work: () => void): void {
  const course = courses.get(db)
  if (course) course.afterCommit.push(work)
  else work()
}

/** The handle that a transaction of `inTransaction` was begun on; null for everything else. */
export function begunOn(db: Db | Tx): Db | null {
  return courses.get(db)?.db ?? null
}

/** PostgreSQL takes 65,535 parameters in a statement. */
const ROWS_A_STATEMENT = 1_000

async function writeGathered(tx: Tx, rowsOf: ReadonlyMap<WriteRows<never>, unknown[]>): Promise<void> {
  for (const [write, rows] of rowsOf as ReadonlyMap<WriteRows<unknown>, unknown[]>)
    for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT)
      await write(tx, rows.slice(from, from + ROWS_A_STATEMENT))
}

/** Runs `work` in one transaction; again, up to three times, when PostgreSQL asks for it. */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const course: Course = { db, rows: new Map(), afterCommit: [] }
    try {
      const outcome = await db.transaction().execute(async (tx) => {
        courses.set(tx, course)
        const worked = await work(tx)
        await writeGathered(tx, course.rows)
        return worked
      })
      for (const next of course.afterCommit) next()
      return outcome
    } catch (fault) {
      if (attempt >= 3 || !RETRYABLE.has(sqlState(fault) ?? '')) throw fault
    }
  }
}

/** The SQLSTATE of a fault that PostgreSQL raised, or null. */
export function sqlState(fault: unknown): string | null {
  const code = (fault as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null
}

/** True when the fault says that the database cannot be reached now, so that the caller may try later. */
export function isUnavailable(fault: unknown): boolean {
  const { code, message } = (fault ?? {}) as { code?: unknown; message?: unknown }
  if (typeof code === 'string') {
    if (/^(08|57P0[123]|53300)/.test(code)) return true
    if (['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'].includes(code))
      return true
  }
  return (
    typeof message === 'string' &&
    /timeout exceeded when trying to connect|Connection terminated|not queryable|Connection ended/i.test(
      message,
    )
  )
}
