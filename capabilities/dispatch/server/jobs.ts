import { isRefusal } from '../../../foundation/core/outcome.ts'
import { inTransaction, type Db } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import { chaseDue, DEFAULT_CHASE_POLICY } from '../core/index.ts'
import type { DispatchNeeds } from './needs.ts'
import { applyStep, lockWithIncident } from './steps.ts'
import { listUnanswered } from './store.ts'
import { sendDueNotices, tellChase } from './telling.ts'

export function dispatchTimers(db: Db, needs: DispatchNeeds): Timer[] {
  return [
    {
      name: 'dispatch: chase unanswered orders',
      everySeconds: 5,
      run: async (now) => void (await chase(db, needs, now)),
    },
    {
      name: 'dispatch: send due notices',
      everySeconds: 2,
      run: (now) => inTransaction(db, (tx) => sendDueNotices(tx, now)),
    },
  ]
}

const AT_ONCE = 200

/** Chases what is due, each order in a transaction of its own: one that fails holds up no other. Gives how many. */
export async function chase(db: Db, needs: DispatchNeeds, now: number): Promise<number> {
  const policy = (await readSetting(db, 'chase-policy', DEFAULT_CHASE_POLICY)).value
  const waiting = await listUnanswered(
    db,
    now - Math.min(policy.firstAfterSeconds, policy.againAfterSeconds) * 1000,
    AT_ONCE,
  )
  const actor = systemContext('chase', now)
  let chased = 0
  for (const { id } of waiting) {
    await inTransaction(db, async (tx) => {
      const assignment = await lockWithIncident(tx, id, needs)
      const due = assignment && chaseDue(assignment, policy, now)
      if (!assignment || !due) return
      const after = await applyStep(tx, actor, assignment, { do: due }, needs)
      if (isRefusal(after)) return
      await tellChase(
        tx,
        actor,
        after,
        due === 'chase' ? 'chase' : 'leader',
        (await needs.findIncident(tx, after.incidentId))?.number ?? '',
      )
      chased += 1
    })
  }
  return chased
}
