import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { openCheck, openGround, optionKey, type CheckDifference, type LocatedCell } from '../core/index.ts'
import { writeCells } from './duty.store.ts'
import type { LoadedGround } from './ground.store.ts'
import { announceRoster } from './making.ts'
import type { RosterNeeds } from './needs.ts'
import { advanceRoster, appendRosterEvent, type KeptRoster } from './roster.store.ts'

/**
 * Makes cells of a roster that the transaction has locked what somebody wants them to be: cells, version, timeline,
 * audit and announcement. Gives what that breaks and mends.
 */
export async function changeCells(
  tx: Tx,
  actor: ActorContext,
  needs: RosterNeeds,
  roster: KeptRoster,
  { ground, grid }: LoadedGround,
  cells: readonly LocatedCell[],
  by: { readonly origin: 'hand' | 'import'; readonly action: string; readonly reason: string | null },
): Promise<CheckDifference & { readonly version: number }> {
  const open = openGround(ground)
  const check = openCheck(ground, grid)
  const before = cells.map(({ officerId, date }) =>
    optionKey(check.option(open.officerIndex.get(officerId)!, open.dates.indexOf(date))),
  )
  const difference = check.apply(cells)
  await writeCells(tx, roster.id, open, cells, by.origin, needs.timeZone())
  // What a solver said of it is not true of it any more.
  const version = await advanceRoster(tx, roster, { objective: null, bound: null, solveSeconds: null })
  const officerIds = [...new Set(cells.map(({ officerId }) => officerId))]
  const facts = { officerIds, cells: cells.length, origin: by.origin }
  await appendRosterEvent(tx, roster.id, version, 'changed', facts, actor)
  await writeAudit(tx, actor, {
    action: by.action,
    subjectKind: 'roster',
    subjectId: roster.id,
    ...(by.reason ? { reason: by.reason } : {}),
    detail: {
      number: roster.number,
      state: roster.state,
      cells: cells.map(({ officerId, date, option }, place) => ({
        ...{ officerId, date, before: before[place], after: optionKey(option) },
      })),
    },
  })
  await announceRoster(tx, actor, { ...roster, version }, 'roster.changed', { officerIds })
  return { ...difference, version }
}
