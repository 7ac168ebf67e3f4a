import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { OrderEvent } from '../core/index.ts'
import { ordersOn } from './order.store.ts'

/** Marks an order as sent to those of its units that it has not been sent to, and gives them. */
export async function markSent(tx: Tx, orderId: string, at: Instant): Promise<string[]> {
  const rows = await ordersOn(tx)
    .updateTable('patrol_order_unit')
    .set({ sent_at: toTimestamp(at) })
    .where('order_id', '=', orderId)
    .where('sent_at', 'is', null)
    .returning('unit_id')
    .execute()
  return rows.map((row) => row.unit_id)
}

/** Marks an order as taken back from those that had it, and gives them. */
export async function markRecalled(tx: Tx, orderId: string, at: Instant): Promise<string[]> {
  const rows = await ordersOn(tx)
    .updateTable('patrol_order_unit')
    .set({ recalled_at: toTimestamp(at) })
    .where('order_id', '=', orderId)
    .where('sent_at', 'is not', null)
    .where('recalled_at', 'is', null)
    .returning('unit_id')
    .execute()
  return rows.map((row) => row.unit_id)
}

export interface OrderReceipt {
  readonly unitId: string
  readonly accountId: string
  readonly accountName: string
  readonly readAt: Instant
}

/** Keeps the first reading of each reader; false where there was one already. */
export async function insertOrderReceipt(
  tx: Tx,
  orderId: string,
  { unitId, accountId, accountName, readAt }: OrderReceipt,
): Promise<boolean> {
  const read_at = toTimestamp(readAt)
  const written = await ordersOn(tx)
    .insertInto('patrol_order_receipt')
    .values({
      ...{ order_id: orderId, unit_id: unitId, read_at },
      ...{ account_id: accountId, account_name: accountName },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('order_id')
    .executeTakeFirst()
  if (!written) return false
  await ordersOn(tx)
    .updateTable('patrol_order_unit')
    .set({ read_at })
    .where('order_id', '=', orderId)
    .where('unit_id', '=', unitId)
    .where('read_at', 'is', null)
    .execute()
  return true
}

export async function listOrderReceipts(db: Db | Tx, orderId: string): Promise<OrderReceipt[]> {
  const rows = await ordersOn(db)
    .selectFrom('patrol_order_receipt')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('read_at')
    .execute()
  return rows.map((row) => ({
    unitId: row.unit_id,
    accountId: row.account_id,
    accountName: row.account_name,
    readAt: row.read_at,
  }))
}

/** What happened to an order, in order. */
export interface OrderEntry {
  readonly sequence: number
  readonly at: Instant
  readonly accountName: string
  readonly event: OrderEvent
}

export async function listOrderEvents(db: Db | Tx, orderId: string): Promise<OrderEntry[]> {
  const rows = await ordersOn(db)
    .selectFrom('patrol_order_event')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('sequence')
    .execute()
  return rows.map(({ sequence, at, account_name, data }) => ({
    sequence,
    at,
    accountName: account_name,
    event: data,
  }))
}
