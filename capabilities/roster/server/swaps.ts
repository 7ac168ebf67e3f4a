import { addDays } from '../../../foundation/core/day.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { matchVersion } from '../../../foundation/server/http/route.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  daysOf,
  decideSwap,
  exchange,
  hasLapsed,
  offerFault,
  swapCells,
  type OfficerDay,
  type Swap,
  type SwapCommand,
  type SwapGround,
  type SwapId,
} from '../core/index.ts'
import type { LifeNeeds } from './life.needs.ts'
import { listDaysOf } from './on-duty.store.ts'
import {
  cellAt,
  changePublished,
  holdsOn,
  hoursOf,
  officerActedFor,
  officerIn,
  openPublished,
  readLifeRules,
  textFault,
  wouldWorsen,
  type Published,
} from './published.ts'
import { lockPublishedIn } from './roster.store.ts'
import {
  findSwap,
  freeDays,
  insertSwap,
  listOpenSwaps,
  listTakenDays,
  lockSwap,
  takeDays,
  updateSwap,
  type KeptSwap,
} from './swap.store.ts'

type Sides = Pick<Swap, 'from' | 'with'>

const lastDate = ({ from, with: other }: Sides) => (from.date > other.date ? from.date : other.date)
const firstDate = ({ from, with: other }: Sides) => (from.date < other.date ? from.date : other.date)

/** The published roster in which both days lie with both officers; null: there is none. */
async function rosterOf(tx: Tx, needs: LifeNeeds, sides: Sides): Promise<Published | null> {
  const opened = await openPublished(tx, needs, firstDate(sides), lastDate(sides))
  return (
    opened.find(
      (published) =>
        holdsOn(published, sides.from.date) &&
        holdsOn(published, sides.with.date) &&
        officerIn(published, sides.from.officerId) !== null &&
        officerIn(published, sides.with.officerId) !== null,
    ) ?? null
  )
}

const NOWHERE = { fromOnFromDate: 'off', fromOnWithDate: 'off', withOnFromDate: 'off', withOnWithDate: 'off' }

/** What the published roster says of a swap now. */
async function groundOf(
  tx: Tx,
  needs: LifeNeeds,
  sides: Sides,
  published: Published | null,
  swapId: SwapId | null,
): Promise<SwapGround> {
  if (!published) return { rosterId: null, cells: NOWHERE, firstStartsAt: Infinity, worse: [], taken: [] }
  const cell = (day: OfficerDay) => cellAt(published, day)
  const cells = swapCells(sides, cell)
  const starts = daysOf(sides).flatMap((day) => {
    const hours = hoursOf(published, cell(day), day.date, needs.timeZone())
    return hours ? [hours.startsAt] : []
  })
  return {
    rosterId: published.roster.id,
    cells,
    firstStartsAt: Math.min(...starts),
    worse: wouldWorsen(published, exchange({ ...sides, cells })),
    taken: await listTakenDays(tx, published.roster.id, swapId),
  }
}

export interface SwapAsked {
  readonly fromOfficerId: string | undefined
  readonly fromDate: string
  readonly withOfficerId: string
  readonly withDate: string
}

/** Offers a swap. Refuses what `officerActedFor` and `offerFault` refuse, and `officer-unknown`. */
export async function offerSwap(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  asked: SwapAsked,
): Promise<KeptSwap | Refusal> {
  const officer = await officerActedFor(tx, actor, needs, asked.fromOfficerId, 'roster.decide')
  if (isRefusal(officer)) return officer
  const sides: Sides = {
    from: { officerId: officer.id, date: asked.fromDate },
    with: { officerId: asked.withOfficerId, date: asked.withDate },
  }
  const published = await rosterOf(tx, needs, sides)
  const ground = await groundOf(tx, needs, sides, published, null)
  const fault = offerFault(sides, ground, actor.now)
  if (fault) return fault
  const swap: KeptSwap = {
    ...sides,
    id: newId<SwapId>(actor.now),
    rosterId: published!.roster.id,
    fromOrganisationId: officerIn(published!, sides.from.officerId)!.organisationId,
    withOrganisationId: officerIn(published!, sides.with.officerId)!.organisationId,
    state: 'offered',
    cells: ground.cells,
    offered: { accountId: actor.accountId, name: actor.name, at: actor.now },
    answered: null,
    decided: null,
    reason: null,
    version: 1,
  }
  await insertSwap(tx, swap, addDays(lastDate(swap), (await readLifeRules(tx)).swapRetentionDays))
  await record(tx, actor, swap, 'roster.offer-swap')
  return swap
}

/**
 * Accepts, approves, refuses or withdraws a swap. Approval writes both officers' days in this transaction. An If-Match
 * that is sent is kept. Refuses `not-found`, `version-conflict` and what `decideSwap` refuses.
 */
export async function answerSwap(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  id: string,
  command: SwapCommand,
  ifMatch: number | null = null,
): Promise<KeptSwap | Refusal> {
  if (command.do === 'refuse') {
    const fault = textFault(needs, { reason: command.reason })
    if (fault) return fault
  }
  const seen = await findSwap(tx, id)
  if (!seen) return refuse('not-found')
  // The roster first: two approvals of swaps on one day stand in line here.
  const published = await rosterOf(tx, needs, seen)
  const swap = (await lockSwap(tx, id))!
  const stale = ifMatch === null ? null : matchVersion(ifMatch, swap.version)
  if (stale) return stale
  const ground = await groundOf(tx, needs, swap, published, swap.id)
  const by = {
    officerId: actor.officerId,
    mayDecide:
      actor.mayFor('roster.decide', swap.fromOrganisationId) &&
      actor.mayFor('roster.decide', swap.withOrganisationId),
  }
  const decided = decideSwap(swap, command, by, ground, await readLifeRules(tx), actor.now)
  if (isRefusal(decided)) return decided
  const signed = { accountId: actor.accountId, name: actor.name, at: actor.now }
  const isAnswer = actor.officerId === swap.with.officerId
  const after: KeptSwap = {
    ...swap,
    state: decided.state,
    reason: decided.reason,
    ...(isAnswer ? { answered: signed } : { decided: signed }),
    version: swap.version + 1,
  }
  await updateSwap(tx, after)
  if (after.state === 'accepted') await takeDays(tx, after, daysOf(after))
  else await freeDays(tx, after.id)
  if (after.state === 'approved')
    await changePublished(tx, actor, needs, published!, {
      cells: exchange(after),
      origin: 'swap',
      waive: 'swap',
      type: 'swapped',
      data: { swapId: after.id, from: after.from, with: after.with },
    })
  await record(tx, actor, after, `roster.${command.do}-swap`)
  if (after.state !== 'accepted') await announceDecided(tx, actor, after)
  return after
}

/** What decides whether a swap has lapsed, without the ground that rules are judged on: a changed cell lapses many. */
async function lapseGroundOf(tx: Tx, needs: LifeNeeds, sides: Sides): Promise<SwapGround> {
  const rosters = await lockPublishedIn(tx, firstDate(sides), addDays(lastDate(sides), 1))
  const roster = rosters.find(
    (one) => holdsOn({ roster: one }, sides.from.date) && holdsOn({ roster: one }, sides.with.date),
  )
  const officerIds = [sides.from.officerId, sides.with.officerId]
  const dates = [sides.from.date, sides.with.date]
  const rows = roster ? await listDaysOf(tx, roster.id, officerIds, dates, needs.timeZone()) : []
  const rowOf = ({ officerId, date }: OfficerDay) =>
    rows.find((row) => row.officerId === officerId && row.date === date)
  return {
    rosterId: roster?.id ?? null,
    cells: swapCells(sides, (day) => rowOf(day)?.option ?? { kind: 'off' }),
    firstStartsAt: Math.min(...rows.flatMap(({ kind, startsAt }) => (kind === 'duty' ? [startsAt] : []))),
    worse: [],
    taken: [],
  }
}

/**
 * Ends open swaps that have become void: the roster says something else now, or the first duty has begun.
 * `rosterId`: of this roster alone, which has just changed. Gives how many.
 */
export async function lapseSwaps(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  rosterId?: string,
): Promise<number> {
  let lapsed = 0
  for (const open of await listOpenSwaps(tx, rosterId)) {
    // The roster first, as everybody locks.
    const ground = await lapseGroundOf(tx, needs, open)
    const swap = (await lockSwap(tx, open.id))!
    if (!hasLapsed(swap, ground, actor.now)) continue
    const signed = { accountId: actor.accountId, name: actor.name, at: actor.now }
    const after: KeptSwap = { ...swap, state: 'lapsed', decided: signed, version: swap.version + 1 }
    await updateSwap(tx, after)
    await freeDays(tx, after.id)
    await record(tx, actor, after, 'roster.lapse-swap')
    await announceDecided(tx, actor, after)
    lapsed += 1
  }
  return lapsed
}

async function record(tx: Tx, actor: ActorContext, swap: KeptSwap, action: string): Promise<void> {
  const { id, rosterId, from, with: other, state, reason, version } = swap
  await writeAudit(tx, actor, {
    action,
    subjectKind: 'roster-swap',
    subjectId: id,
    ...(reason === null ? {} : { reason }),
    detail: { rosterId, from, with: other, state, version },
  })
}

async function announceDecided(tx: Tx, actor: ActorContext, swap: KeptSwap): Promise<void> {
  await announce(tx, {
    topic: 'roster-swap.decided',
    subjectId: swap.id,
    organisationId: null,
    permission: 'roster.read',
    at: actor.now,
    data: { state: swap.state, officerIds: [swap.from.officerId, swap.with.officerId] },
  })
}
