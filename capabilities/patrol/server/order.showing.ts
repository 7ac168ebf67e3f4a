import type { Instant } from '../../../foundation/core/instant.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { PatrolOrder } from '../core/index.ts'
import { shownOrder, type OrderShown } from './order.schemas.ts'
import { listOrderUnits } from './order.store.ts'
import { listOccurrences, type CountedOccurrence } from './visit.store.ts'

/** Orders as they are shown, in the order given. */
export async function showOrders(
  db: Db | Tx,
  orders: readonly PatrolOrder[],
  now: Instant,
): Promise<OrderShown[]> {
  const ids = orders.map(({ id }) => id)
  const units = await listOrderUnits(db, ids)
  const occurrences = new Map<string, CountedOccurrence[]>(ids.map((id) => [id, []]))
  for (const one of await listOccurrences(db, ids)) occurrences.get(one.orderId)!.push(one)
  return orders.map((order) => shownOrder(order, units.get(order.id)!, occurrences.get(order.id)!, now))
}
