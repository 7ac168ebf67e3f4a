import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import {
  checkRoster,
  openGround,
  optionKey,
  type DutyOption,
  type RosterBreach,
  type RosterGrid,
} from '../core/index.ts'
import { gridOf, writeCells } from './duty.store.ts'
import { loadGround } from './ground.store.ts'
import { announceRoster } from './making.ts'
import type { RosterNeeds } from './needs.ts'
import { advanceRoster, appendRosterEvent, findRoster, type KeptRoster } from './roster.store.ts'
import type { FoundRoster, SolveFigures } from './solve.store.ts'

/** A found grid by officers' ids, so that it can wait. Null where people came or went meanwhile: it fits no more. */
export async function foundOf(
  db: Db | Tx,
  needs: RosterNeeds,
  rosterId: string,
  grid: RosterGrid,
): Promise<FoundRoster | null> {
  const roster = await findRoster(db, rosterId)
  if (!roster) return null
  const { fromDate, days } = roster
  const { ground } = await loadGround(db, needs, { fromDate, days, roster })
  if (ground.officers.length !== grid.length) return null
  const options: DutyOption[] = []
  const placeOf = new Map<string, number>()
  return {
    options,
    officers: ground.officers.map(({ id }, row) => ({
      officerId: id,
      cells: grid[row]!.map((option) => {
        const key = optionKey(option)
        const known = placeOf.get(key)
        if (known !== undefined) return known
        placeOf.set(key, options.length)
        return options.push(option) - 1
      }),
    })),
  }
}

/**
 * Writes a found roster into a draft that the transaction has locked, unless it breaks a rule: the check reads the
 * ground anew, so that leave granted while it was sought counts. Gives what it breaks, and then nothing is written.
 */
export async function writeFound(
  tx: Tx,
  needs: RosterNeeds,
  roster: KeptRoster,
  { options, officers }: FoundRoster,
  { objective, bound, seconds }: Pick<SolveFigures, 'objective' | 'bound' | 'seconds'>,
  actor: ActorContext,
): Promise<{ readonly breaches: readonly RosterBreach[]; readonly version: number }> {
  const { fromDate, days } = roster
  const { ground, grid: former } = await loadGround(tx, needs, { fromDate, days, roster })
  const open = openGround(ground)
  const grid = gridOf(
    ground,
    officers.flatMap(({ officerId, cells }) =>
      cells.map((place, day) => ({ officerId, date: open.dates[day]!, option: options[place]! })),
    ),
  )
  const breaches = checkRoster(ground, grid)
  if (breaches.length > 0) return { breaches, version: roster.version }
  const changed = ground.officers.flatMap(({ id, organisationId }, row) =>
    open.dates.flatMap((date, day) => {
      const option = grid[row]![day]!
      return optionKey(option) === optionKey(former[row]![day]!)
        ? []
        : [{ officerId: id, date, option, organisationId }]
    }),
  )
  await writeCells(tx, roster.id, open, changed, 'solver', needs.timeZone())
  const version = await advanceRoster(tx, roster, { objective, bound, solveSeconds: seconds })
  const facts = { cells: changed.length, seconds, objective, bound }
  await appendRosterEvent(tx, roster.id, version, 'solved', facts, actor)
  await writeAudit(tx, actor, {
    action: 'roster.solve',
    subjectKind: 'roster',
    subjectId: roster.id,
    detail: { number: roster.number, ...facts },
  })
  await announceRoster(tx, actor, { ...roster, version }, 'roster.changed', { cells: changed.length })
  return { breaches, version }
}
