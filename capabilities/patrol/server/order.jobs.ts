import { inTransaction, type Db } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { carryOutOrder, readOrderRules } from './order.commands.ts'
import type { OrderNeeds } from './order.needs.ts'
import { listOver, lockOrder } from './order.store.ts'
import { countVisits } from './visit.counting.ts'
import { forgetVisits } from './visit.store.ts'

const AT_ONCE = 200
const DAY = 86_400_000

export function orderTimers(db: Db, needs: OrderNeeds): Timer[] {
  return [
    {
      name: 'patrol: expire orders',
      everySeconds: 5,
      run: async (now) => void (await expireOrders(db, needs, now)),
    },
    {
      name: 'patrol: count visits',
      everySeconds: 60,
      run: async (now) => void (await countVisits(db, needs, now)),
    },
    {
      name: 'patrol: forget old visits',
      everySeconds: 3_600,
      async run(now) {
        const { visitRetentionDays } = await readOrderRules(db)
        await inTransaction(db, (tx) => forgetVisits(tx, now - visitRetentionDays * DAY))
      },
    },
  ]
}

/** Ends the orders whose time has passed, each in a transaction of its own. Gives how many. */
export async function expireOrders(db: Db, needs: OrderNeeds, now: number): Promise<number> {
  const actor = systemContext('patrol orders', now)
  let expired = 0
  for (const id of await listOver(db, now, AT_ONCE)) {
    await inTransaction(db, async (tx) => {
      const order = await lockOrder(tx, id)
      // Withdrawn meanwhile, or expired by another server.
      if (order?.state.kind !== 'issued') return
      await carryOutOrder(tx, actor, needs, order, { do: 'expire' }, { permission: 'patrol.approve-order' })
      expired += 1
    })
  }
  return expired
}
