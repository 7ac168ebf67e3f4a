import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { isBoundToIncident, type UnitStatus } from '../../force/core/index.ts'
import type { Assignment, AssignmentCommand } from '../core/index.ts'
import type { DispatchNeeds } from './needs.ts'
import { applyStep, lockWithIncident } from './steps.ts'
import { listOpenOfUnits } from './store.ts'

/**
 * The steps that bring a unit's status in line with its assignment now; none where it is so already.
 * Reads the assignment of this moment, not of the event, so that it may run late and twice.
 */
export async function statusWanted(tx: Tx, unitId: string, now: UnitStatus): Promise<readonly UnitStatus[]> {
  const [assignment] = await listOpenOfUnits(tx, [unitId])
  if (!assignment) return isBoundToIncident(now) ? ['patrolling'] : []
  if (assignment.role === 'stand-by') return now === 'stand-by' ? [] : ['stand-by']
  switch (assignment.state) {
    case 'en-route':
      return now === 'en-route' ? [] : ['en-route']
    case 'on-scene':
      if (now === 'on-scene') return []
      // From a break or a briefing the chain goes through «en route».
      return now === 'patrolling' || now === 'en-route' || now === 'stand-by'
        ? ['on-scene']
        : ['en-route', 'on-scene']
    default:
      // Ordered but not yet moving: it keeps its status, except that it no longer stands by for anyone.
      return []
  }
}

export interface StatusSaid {
  readonly unitId: string
  readonly from: UnitStatus
  readonly to: UnitStatus
}

/** Takes what a crew or the command room has set as status for what it says of the unit's order. */
export async function followUnit(
  tx: Tx,
  actor: ActorContext,
  said: StatusSaid,
  needs: DispatchNeeds,
): Promise<void> {
  const [seen] = await listOpenOfUnits(tx, [said.unitId])
  if (!seen) return
  const assignment = await lockWithIncident(tx, seen.id, needs)
  const command = assignment && commandIn(assignment, said)
  if (!assignment || !command) return
  await applyStep(tx, actor, assignment, command, needs)
}

function commandIn(assignment: Assignment, { from, to }: StatusSaid): AssignmentCommand | null {
  if (to === 'out-of-service' || to === 'off-duty')
    return { do: 'release', cause: 'unit-unavailable', reason: to }
  if (to === 'patrolling' && isBoundToIncident(from)) {
    // Back on patrol from the scene is done; back from anywhere before it is being called off.
    const cause = assignment.state === 'on-scene' ? 'cleared' : 'recalled'
    return { do: 'release', cause, reason: `${from} → ${to}` }
  }
  if (assignment.role === 'stand-by') return null
  if (to === 'en-route') return { do: 'depart' }
  if (to === 'on-scene') return { do: 'arrive' }
  return null
}
