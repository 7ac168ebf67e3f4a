import type { Tx } from '../foundation/server/db.ts'
import { systemContext } from '../foundation/server/http/context.ts'
import type { StreamEvent } from '../foundation/server/outbox/outbox.ts'
import type { FlowRow } from '../foundation/server/outbox/runner.ts'
import { followForce } from '../capabilities/board/server/activations.ts'
import type { BoardNeeds } from '../capabilities/board/server/needs.ts'
import { listOpenActivations } from '../capabilities/board/server/store.ts'

export interface ActivationRooms {
  readonly needs: BoardNeeds
  readonly now: () => number
}

/**
 * A level is activated by a person, who orders everybody on the call-out in that one action; orders are answered by
 * those called; the chase is a timer's (capabilities/board/server/jobs.ts); a person stands everybody down. Between
 * these the force moves by itself, and the open activation follows it: who is on the street has arrived, who went off
 * duty is not expected, who came on duty is called too, and once the target is met that is written down.
 */
export const ACTIVATION_FLOW: readonly FlowRow<ActivationRooms>[] = [
  { id: 'activation-follows-unit-status', on: 'unit.status-changed', run: follow },
  { id: 'activation-follows-duty', on: 'officer.duty-changed', run: follow },
  { id: 'activation-follows-crews', on: 'unit.changed', run: follow },
  { id: 'activation-follows-officers', on: 'officer.changed', run: follow },
  { id: 'activation-follows-loan', on: 'loan.made', run: follow },
  { id: 'activation-follows-loan-return', on: 'loan.returned', run: follow },
  { id: 'activation-follows-levels', on: 'patrol-levels.changed', run: follow },
]

/** Looks at the force as it is now, not as the event says: run late, or twice, it comes to the same. */
async function follow(tx: Tx, _event: StreamEvent, { needs, now }: ActivationRooms): Promise<void> {
  for (const { districtId } of await listOpenActivations(tx))
    await followForce(tx, systemContext('activation flow', now()), needs, districtId, 'reconcile')
}
