import { inTransaction, type Db } from '../../../foundation/server/db.ts'
import { systemContext } from '../../../foundation/server/http/context.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { followForce, noteStrength } from './activations.ts'
import type { BoardNeeds } from './needs.ts'
import { listOpenActivations } from './store.ts'

/** Orders without an answer are chased, and their commander told, at the times the level sets. */
export const chaseTimer = (db: Db, needs: BoardNeeds): Timer => ({
  name: 'activation-chase',
  everySeconds: 5,
  async run(now) {
    for (const { districtId } of await listOpenActivations(db))
      await inTransaction(db, (tx) =>
        followForce(tx, systemContext('activation-chase', now), needs, districtId, 'chase'),
      )
  },
})

/**
 * Once a minute: a point of the rising line; and a look at the force, since some changes come by the clock alone
 * (a loan that begins).
 */
export const strengthTimer = (db: Db, needs: BoardNeeds): Timer => ({
  name: 'activation-strength',
  everySeconds: 60,
  async run(now) {
    for (const { districtId } of await listOpenActivations(db))
      await inTransaction(db, async (tx) => {
        await followForce(tx, systemContext('activation-strength', now), needs, districtId, 'reconcile')
        await noteStrength(tx, needs, districtId, now)
      })
  },
})
