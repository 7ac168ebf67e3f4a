import { sql } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { DispatchTables, NoticeKind } from './tables.ts'
import { moment } from './tables.ts'

const tables = (db: Db | Tx) => (db as Db).withTables<DispatchTables>()

/** Something that a unit, an organisation's leader or the group is told. `sentAt` is null until it is due. */
export interface Notice {
  readonly id: string
  readonly kind: NoticeKind
  readonly incidentId: string
  readonly assignmentId: string | null
  readonly recipientKind: 'unit' | 'organisation' | 'group'
  readonly recipientId: string
  readonly data: Readonly<Record<string, unknown>>
  readonly dueAt: Instant
  readonly sentAt: Instant | null
}

export interface Receipt {
  readonly accountId: string
  readonly accountName: string
  readonly readAt: Instant
}

export async function insertNotices(tx: Tx, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return
  await tables(tx)
    .insertInto('notice')
    .values(
      notices.map((notice) => ({
        id: notice.id,
        kind: notice.kind,
        incident_id: notice.incidentId,
        assignment_id: notice.assignmentId,
        recipient_kind: notice.recipientKind,
        recipient_id: notice.recipientId,
        data: JSON.stringify(notice.data),
        due_at: toTimestamp(notice.dueAt),
        sent_at: notice.sentAt === null ? null : toTimestamp(notice.sentAt),
      })),
    )
    .execute()
}

export async function findNotice(db: Db | Tx, id: string): Promise<Notice | null> {
  const row = await tables(db).selectFrom('notice').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? noticeOf(row) : null
}

/** Marks the notices that are due as sent and gives them. Two senders never get the same one. */
export async function takeDue(tx: Tx, now: Instant): Promise<Notice[]> {
  const rows = await tables(tx)
    .updateTable('notice')
    .set({ sent_at: toTimestamp(now) })
    .where(
      'id',
      'in',
      tables(tx)
        .selectFrom('notice')
        .select('id')
        .where('sent_at', 'is', null)
        .where('due_at', '<=', moment(now))
        .orderBy('due_at')
        .limit(200)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
  return rows.map(noticeOf)
}

/** Drops what has not been sent yet: the incident has ended before the group was told. */
export async function dropUnsent(tx: Tx, incidentId: string): Promise<void> {
  await tables(tx)
    .deleteFrom('notice')
    .where('incident_id', '=', incidentId)
    .where('sent_at', 'is', null)
    .execute()
}

export interface NoticeFilter {
  readonly incidentId?: string
  readonly unitId?: string
  readonly kind?: NoticeKind
  readonly before: string | null
  readonly limit: number
}

/** Sent notices with who has read them, latest first. */
export async function listNotices(
  db: Db | Tx,
  filter: NoticeFilter,
): Promise<(Notice & { receipts: Receipt[] })[]> {
  let query = tables(db)
    .selectFrom('notice')
    .selectAll()
    .where('sent_at', 'is not', null)
    .orderBy('id', 'desc')
    .limit(filter.limit)
  const { incidentId, unitId, kind, before } = filter
  if (incidentId) query = query.where('incident_id', '=', incidentId)
  if (unitId) query = query.where('recipient_kind', '=', 'unit').where('recipient_id', '=', unitId)
  if (kind) query = query.where('kind', '=', kind)
  if (before) query = query.where('id', '<', before)
  const notices = (await query.execute()).map(noticeOf)
  const receipts = await receiptsOf(
    db,
    notices.map(({ id }) => id),
  )
  return notices.map((notice) => ({ ...notice, receipts: receipts.get(notice.id) ?? [] }))
}

async function receiptsOf(db: Db | Tx, noticeIds: readonly string[]): Promise<Map<string, Receipt[]>> {
  const rows = await tables(db)
    .selectFrom('notice_receipt')
    .selectAll()
    .where('notice_id', '=', sql<string>`any(${[...noticeIds]}::text[])`)
    .orderBy('read_at')
    .execute()
  const receipts = new Map<string, Receipt[]>()
  for (const { notice_id, account_id, account_name, read_at } of rows) {
    const list = receipts.get(notice_id) ?? []
    list.push({ accountId: account_id, accountName: account_name, readAt: read_at })
    receipts.set(notice_id, list)
  }
  return receipts
}

/** Keeps the first reading of each reader; gives false where there was one already. */
export async function insertReceipt(tx: Tx, noticeId: string, receipt: Receipt): Promise<boolean> {
  const written = await tables(tx)
    .insertInto('notice_receipt')
    .values({
      notice_id: noticeId,
      account_id: receipt.accountId,
      account_name: receipt.accountName,
      read_at: toTimestamp(receipt.readAt),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('notice_id')
    .executeTakeFirst()
  return written !== undefined
}

function noticeOf(row: {
  id: string
  kind: NoticeKind
  incident_id: string
  assignment_id: string | null
  recipient_kind: Notice['recipientKind']
  recipient_id: string
  data: Record<string, unknown>
  due_at: number
  sent_at: number | null
}): Notice {
  return {
    id: row.id,
    kind: row.kind,
    incidentId: row.incident_id,
    assignmentId: row.assignment_id,
    recipientKind: row.recipient_kind,
    recipientId: row.recipient_id,
    data: row.data,
    dueAt: row.due_at,
    sentAt: row.sent_at,
  }
}
