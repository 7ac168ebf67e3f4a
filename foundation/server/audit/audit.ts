import type { ActorContext } from '../http/context.ts'
import type { Insertable } from 'kysely'
import { toTimestamp, writeAtCommit, type Db, type Tx } from '../db.ts'
import type { FoundationTables } from '../tables.ts'

export interface AuditNote {
  /** What was done, as `<capability>.<verb>` or `read <permission>`. */
  readonly action: string
  readonly subjectKind: string
  readonly subjectId: string | null
  readonly reason?: string | null
  readonly detail?: unknown
}

/** Writes who did what, when, why and from where. Given the transaction of the change, it stands or falls with it. */
export async function writeAudit(tx: Tx | Db, actor: ActorContext, note: AuditNote): Promise<void> {
  await writeAtCommit(tx, insertEntries, [
    {
      at: toTimestamp(actor.now),
      account_id: actor.accountId,
      account_name: actor.name,
      action: note.action,
      subject_kind: note.subjectKind,
      subject_id: note.subjectId,
      reason: note.reason || actor.reason,
      ip: actor.ip,
      request_id: actor.requestId,
      detail: note.detail === undefined ? null : JSON.stringify(note.detail),
    },
  ])
}

async function insertEntries(
  db: Db | Tx,
  entries: readonly Insertable<FoundationTables['audit_entry']>[],
): Promise<void> {
  await db.insertInto('audit_entry').values(entries).execute()
}
