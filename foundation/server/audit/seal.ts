import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { inTransaction, toTimestamp, type Db, type Tx } from '../db.ts'
import type { Timer } from '../jobs.ts'

const BATCH = 2_000

/**
 * Chains the audit log after the fact: each seal hashes the entries since the last one together with the last seal's
 * hash, so that a changed, removed or inserted entry breaks every seal from there on. Done apart from the writing
 * transactions, because a chain inside them costs most of the throughput (docs/decisions/0004).
 */
export function auditSealTimer(db: Db): Timer {
  return { name: 'audit seal', everySeconds: 10, run: createAuditSealer(db) }
}

/** How far the log had got at a moment, and the first transaction that had not begun to write then. */
interface Horizon {
  readonly lastEntry: number
  readonly nextTransaction: string
}

/**
 * Entries get their numbers before they are committed, and a long transaction may add one below those that everybody
 * sees. So each turn notes how far the log has got, and a later turn seals up to there once every transaction that
 * was writing at that moment has ended. Nothing can then be added below the seal.
 */
export function createAuditSealer(db: Db): (now: number) => Promise<void> {
  let horizon: Horizon | null = null
  return async (now) => {
    if (horizon && (await hasEnded(db, horizon))) {
      while (await sealUpTo(db, horizon.lastEntry, now));
      horizon = null
    }
    horizon ??= await lookAhead(db)
  }
}

async function lookAhead(db: Db): Promise<Horizon> {
  // In this order and two statements: who has taken a number by the first has begun to write by the second.
  const entry = await db
    .selectFrom('audit_entry')
    .select((eb) => eb.fn.max('id').as('last'))
    .executeTakeFirst()
  const { rows } = await sql<{
    next: string
  }>`select pg_snapshot_xmax(pg_current_snapshot())::text as next`.execute(db)
  return { lastEntry: Number(entry?.last ?? 0), nextTransaction: rows[0]!.next }
}

async function hasEnded(db: Db, { nextTransaction }: Horizon): Promise<boolean> {
  const { rows } = await sql<{ ended: boolean }>`
    select pg_snapshot_xmin(pg_current_snapshot()) >= ${nextTransaction}::text::xid8 as ended`.execute(db)
  return rows[0]!.ended
}

/** Seals the next entries up to `lastEntry`; false where there are none. */
async function sealUpTo(db: Db, lastEntry: number, now: number): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('xunfang-audit-seal'))`.execute(tx)
    const last = await tx
      .selectFrom('audit_seal')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const entries = await entryDigests(tx, last?.last_entry ?? 0, lastEntry)
    if (entries.length === 0) return false
    const previous = last?.hash ?? Buffer.alloc(32)
    await tx
      .insertInto('audit_seal')
      .values({
        first_entry: entries[0]!.id,
        last_entry: entries.at(-1)!.id,
        previous_hash: previous,
        hash: sealHash(previous, entries),
        sealed_at: toTimestamp(now),
      })
      .execute()
    return true
  })
}

export interface AuditProof {
  readonly seals: number
  readonly entriesSealed: number
  /** The first seal that does not hold, with the entries it covers; null when all hold. */
  readonly broken: { readonly sealId: number; readonly firstEntry: number; readonly lastEntry: number } | null
}

/** Computes every seal again from the entries as they stand now. */
export async function proveAudit(db: Db): Promise<AuditProof> {
  const seals = await db.selectFrom('audit_seal').selectAll().orderBy('id').execute()
  let previous: Buffer = Buffer.alloc(32)
  let entriesSealed = 0
  let after = 0
  for (const seal of seals) {
    const entries = await digestsBetween(db, after, seal.last_entry)
    const holds =
      seal.previous_hash.equals(previous) &&
      entries.length > 0 &&
      sealHash(previous, entries).equals(seal.hash)
    if (!holds)
      return {
        seals: seals.length,
        entriesSealed,
        broken: { sealId: seal.id, firstEntry: seal.first_entry, lastEntry: seal.last_entry },
      }
    previous = seal.hash
    after = seal.last_entry
    entriesSealed += entries.length
  }
  return { seals: seals.length, entriesSealed, broken: null }
}

interface EntryDigest {
  readonly id: number
  readonly digest: Buffer
}

/** PostgreSQL writes the row as text and hashes it, so that sealing and proving see the very same bytes. */
const digest = sql<Buffer>`sha256(convert_to(audit_entry::text, 'UTF8'))`.as('digest')

function entryDigests(tx: Tx, after: number, last: number): Promise<EntryDigest[]> {
  return tx
    .selectFrom('audit_entry')
    .select(['id', digest])
    .where('id', '>', after)
    .where('id', '<=', last)
    .orderBy('id')
    .limit(BATCH)
    .execute()
}

function digestsBetween(db: Db, after: number, last: number): Promise<EntryDigest[]> {
  return db
    .selectFrom('audit_entry')
    .select(['id', digest])
    .where('id', '>', after)
    .where('id', '<=', last)
    .orderBy('id')
    .execute()
}

function sealHash(previous: Buffer, entries: readonly EntryDigest[]): Buffer {
  const hash = createHash('sha256').update(previous)
  for (const entry of entries) hash.update(entry.digest)
  return hash.digest()
}
