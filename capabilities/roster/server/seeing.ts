import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { ROSTER_STATES, type RosterState } from '../core/index.ts'
import { findRoster, type KeptRoster } from './roster.store.ts'

/** What was never published is a draft to its readers, withdrawn or not. */
const isDraft = ({ publishedAt }: KeptRoster): boolean => publishedAt === null

export const maySee = (actor: ActorContext, roster: KeptRoster): boolean =>
  !isDraft(roster) || actor.may('roster.read-drafts')

export const statesSeen = (actor: ActorContext): readonly RosterState[] =>
  ROSTER_STATES.filter((state) => state !== 'draft' || actor.may('roster.read-drafts'))

/** A roster that the caller may see. Refuses `not-found`, also for a draft to one who may not read drafts. */
export async function seeRoster(db: Db | Tx, actor: ActorContext, id: string): Promise<KeptRoster | Refusal> {
  const roster = await findRoster(db, id)
  return roster && maySee(actor, roster) ? roster : refuse('not-found')
}
