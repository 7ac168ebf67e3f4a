import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { inTransaction, toTimestamp, type Db, type Tx } from '../db.ts'
import type { Timer } from '../jobs.ts'

const BATCH = 2_000
/** Entries of transactions still open may get lower numbers; by now they have committed or failed. */
const SETTLE_MILLISECONDS = 5_000

/**
 * Chains the audit log after the fact: each seal hashes the entries since the last one together with the last seal's
 * hash, so that a changed, removed or inserted entry breaks every seal from there on. Done apart from the writing
 * transactions, because a chain inside them costs most of the throughput (docs/decisions/0004).
 */
export function auditSealTimer(db: Db): Timer {
  return { name: 'audit seal', everySeconds: 10, run: (now) => sealAudit(db, now) }
}

export async function sealAudit(db: Db, now: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('xunfang-audit-seal'))`.execute(tx)
    const last = await tx
      .selectFrom('audit_seal')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const entries = await entryDigests(tx, last?.last_entry ?? 0, now - SETTLE_MILLISECONDS)
    if (entries.length === 0) return
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

function entryDigests(tx: Tx, after: number, before: number): Promise<EntryDigest[]> {
  return tx
    .selectFrom('audit_entry')
    .select(['id', digest])
    .where('id', '>', after)
    .where(
      'id',
      '<',
      sql<number>`coalesce((select min(id) from audit_entry where id > ${after} and at > ${toTimestamp(before)}), 9223372036854775807)`,
    )
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
