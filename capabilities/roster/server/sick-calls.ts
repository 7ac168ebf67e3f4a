import { addDays, daysBetween } from '../../../foundation/core/day.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { matchVersion } from '../../../foundation/server/http/route.ts'
import { newId } from '../../../foundation/server/ids.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import {
  decideCover,
  decideSickCall,
  dutyOf,
  optionKey,
  rankReplacements,
  type CellChange,
  type CoverCommand,
  type DutyOption,
  type Replacements,
  type RosterBreach,
  type SickCall,
  type SickCallId,
} from '../core/index.ts'
import { grantUnfit } from './absences.ts'
import type { LifeNeeds } from './life.needs.ts'
import {
  cellAt,
  holdsOn,
  changePublished,
  hoursOf,
  officerActedFor,
  officerIn,
  openPublished,
  readLifeRules,
  textFault,
  withGround,
  wouldWorsen,
  type Published,
} from './published.ts'
import { findRoster } from './roster.store.ts'
import type { Solving } from './solving.ts'
import {
  findSickCall,
  findSickCallOn,
  insertSickCall,
  lockSickCall,
  updateSickCall,
} from './sick-call.store.ts'

/** A call with who could come, best first; none once it is covered or over. */
export interface SickCallAdvice extends Pick<Replacements, 'gap' | 'best'> {
  readonly call: SickCall
}

/**
 * Somebody cannot come: the day is off the roster at once, so that the gap is seen, and who could come is answered.
 * Refuses what `officerActedFor` and `decideSickCall` refuse.
 */
export async function callInSick(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  asked: { readonly officerId: string | undefined; readonly date: string },
): Promise<SickCallAdvice | Refusal> {
  const officer = await officerActedFor(tx, actor, needs, asked.officerId, 'roster.cover')
  if (isRefusal(officer)) return officer
  const day = { officerId: officer.id as string, date: asked.date }
  const [published] = await openPublished(tx, needs, day.date, day.date)
  const who = published ? officerIn(published, day.officerId) : null
  const option = published && who ? cellAt(published, day) : null
  const hours = option && hoursOf(published!, option, day.date, needs.timeZone())
  const rostered = option && { option, endsAt: hours?.endsAt ?? 0 }
  const decided = decideSickCall(rostered, await findSickCallOn(tx, day.officerId, day.date), actor.now)
  if (isRefusal(decided)) return decided
  const call: SickCall = {
    ...day,
    id: newId<SickCallId>(actor.now),
    rosterId: published!.roster.id,
    organisationId: who!.organisationId,
    duty: decided.duty,
    endsAt: hours!.endsAt,
    called: { accountId: actor.accountId, name: actor.name, at: actor.now },
    state: 'open',
    replacementOfficerId: null,
    decided: null,
    reason: null,
    version: 1,
  }
  const ranked = rankReplacements(published!.ground, published!.grid, day)
  await insertSickCall(tx, call, addDays(day.date, (await readLifeRules(tx)).swapRetentionDays))
  await grantUnfit(tx, actor, call)
  await changePublished(tx, actor, needs, published!, {
    cells: [{ ...day, option: { kind: 'leave' } }],
    // As any leave: the roster hangs on the wall, and does not say who is ill.
    origin: 'hand',
    type: 'absence-granted',
    data: { officerId: day.officerId, dates: [day.date] },
  })
  await record(tx, actor, call, 'roster.call-sick')
  await announceCall(tx, actor, call, 'sick-call.made')
  return { call, gap: ranked.gap, best: asMeant(withoutCaller(published!, call), call, ranked.best) }
}

const isSameDay = (cell: CellChange, { officerId, date }: SickCall): boolean =>
  cell.officerId === officerId && cell.date === date

/** The same roster once it is known that the one who rings is away. */
const withoutCaller = (published: Published, { officerId, date }: SickCall): Published => ({
  ...published,
  ground: {
    ...published.ground,
    absences: [...published.ground.absences, { officerId, kind: 'leave', fromDate: date, untilDate: date }],
  },
})

/** Who could come, by the roster as it is now. */
export async function adviseOn(db: Db | Tx, needs: LifeNeeds, call: SickCall): Promise<SickCallAdvice> {
  const roster = await findRoster(db, call.rosterId)
  if (call.state === 'covered' || roster?.state !== 'published') return { call, best: [], gap: [] }
  const published = await withGround(db, needs, roster)
  const grid = withDutyBack(published, call)
  if (!grid) return { call, best: [], gap: [] }
  const ranked = rankReplacements(published.ground, grid, call)
  return { call, gap: ranked.gap, best: asMeant(published, call, ranked.best) }
}

/** What stands in somebody's way is what would be worse than with the one who should have come. */
function asMeant(published: Published, call: SickCall, best: Replacements['best']): Replacements['best'] {
  const option = dutyOf(call)
  return best.map((one) => ({
    ...one,
    breaches: worseThanMeant(published, call, [{ officerId: one.officerId, date: call.date, option }]),
  }))
}

/** The grid with the vacant duty in its old place, which is what replacements are ranked for; null: it has none now. */
function withDutyBack({ roster, grid, open }: Published, call: SickCall) {
  const officer = open.officerIndex.get(call.officerId)
  const duty = dutyOf(call)
  if (officer === undefined || open.findShift(duty) === null) return null
  const day = daysBetween(roster.fromDate, call.date)
  return grid.map((row, index) =>
    index === officer ? row.map((option, at) => (at === day ? duty : option)) : row,
  )
}

/** What is worse with the replacement than it was with the one who should have come: what was so before is no objection. */
function worseThanMeant(
  published: Published,
  call: SickCall,
  cells: readonly CellChange[],
): readonly RosterBreach[] {
  const { officerId, date } = call
  const meant = withDutyBack(published, call)
  return meant
    ? wouldWorsen({ ...published, grid: meant }, [{ officerId, date, option: { kind: 'leave' } }, ...cells])
    : wouldWorsen(published, cells)
}

/** How the roster could stand without the one who rang, with the fewest days of others changed. */
export interface MendingPlan {
  /** Who takes the vacant duty; null: it can stay empty, or nobody is needed in just that place. */
  readonly officerId: string | null
  /** All days of others that change, the cover's among them. */
  readonly changes: readonly {
    readonly officerId: string
    readonly date: string
    readonly was: DutyOption
    readonly becomes: DutyOption
  }[]
  readonly breaches: readonly RosterBreach[]
}

/** Null: the call is over, or no way was found that keeps the rules. */
export async function planMending(
  db: Db,
  needs: LifeNeeds,
  solving: Pick<Solving, 'mend'>,
  call: SickCall,
): Promise<MendingPlan | null> {
  const roster = await findRoster(db, call.rosterId)
  if (call.state === 'covered' || roster?.state !== 'published') return null
  const published = await withGround(db, needs, roster)
  const meant = withDutyBack(published, call)
  if (!meant) return null
  const { officerId, date } = call
  const mended = await solving.mend(published.ground, meant, {
    ...{ officerId, kind: 'leave', fromDate: date, untilDate: date },
  })
  if (!mended) return null
  const changes = published.ground.officers.flatMap(({ id }, row) =>
    id === officerId
      ? []
      : published.open.dates.flatMap((on, day) => {
          const [was, becomes] = [meant[row]![day]!, mended[row]![day]!]
          return optionKey(was) === optionKey(becomes) ? [] : [{ officerId: id, date: on, was, becomes }]
        }),
  )
  const cells = changes.map(({ becomes, ...cell }) => ({ ...cell, option: becomes }))
  const cover = changes.find((one) => one.date === date && optionKey(one.becomes) === call.duty)
  return {
    officerId: cover?.officerId ?? null,
    changes,
    breaches: wouldWorsen({ ...published, grid: meant }, [
      { officerId, date, option: { kind: 'leave' } },
      ...cells,
    ]),
  }
}

export type CoverAsked =
  | {
      readonly officerId: string
      readonly acceptBreaches: boolean
      readonly reason: string
      /** Days of others that change with it, so that whoever is taken from another place leaves no gap there. */
      readonly alongside?: readonly CellChange[]
    }
  | { readonly officerId: null; readonly reason: string }

/**
 * Puts somebody in the place, or says why nobody is. An If-Match that is sent is kept. Refuses `not-found`,
 * `out-of-scope`, `version-conflict`, `roster-not-published` (it
 * was replaced meanwhile), `cover-not-here`, `cover-day-unknown`, and what `textFault` and `decideCover` refuse.
 */
export async function coverSickCall(
  tx: Tx,
  actor: ActorContext,
  needs: LifeNeeds,
  id: string,
  asked: CoverAsked,
  ifMatch: number | null = null,
): Promise<SickCall | Refusal> {
  const seen = await findSickCall(tx, id)
  if (!seen) return refuse('not-found')
  if (!actor.mayFor('roster.cover', seen.organisationId))
    return refuse('out-of-scope', { detail: { organisationId: seen.organisationId } })
  const textual = textFault(needs, { reason: asked.reason })
  if (textual) return textual
  const [published] = await openPublished(tx, needs, seen.date, seen.date)
  const call = (await lockSickCall(tx, id))!
  const stale = ifMatch === null ? null : matchVersion(ifMatch, call.version)
  if (stale) return stale
  if (published?.roster.id !== call.rosterId) return refuse('roster-not-published')
  const cell =
    asked.officerId === null ? null : { officerId: asked.officerId, date: call.date, option: dutyOf(call) }
  const alongside = asked.officerId === null ? [] : (asked.alongside ?? [])
  const cells = cell ? [cell, ...alongside] : []
  const strange = cells.find(({ officerId }) => officerIn(published, officerId) === null)
  if (strange)
    return refuse('cover-not-here', { field: 'officerId', detail: { officerId: strange.officerId } })
  for (const one of alongside) {
    const { organisationId } = officerIn(published, one.officerId)!
    if (!actor.mayFor('roster.cover', organisationId))
      return refuse('out-of-scope', { detail: { organisationId } })
    if (!holdsOn(published, one.date) || isSameDay(one, call))
      return refuse('cover-day-unknown', { field: 'alongside', detail: { date: one.date } })
  }
  const command: CoverCommand =
    asked.officerId === null
      ? asked
      : { ...asked, has: cellAt(published, cell!), worse: worseThanMeant(published, call, cells) }
  const decided = decideCover(call, command, await readLifeRules(tx), actor.now)
  if (isRefusal(decided)) return decided
  const after: SickCall = {
    ...call,
    state: decided.state,
    reason: decided.reason,
    replacementOfficerId: asked.officerId,
    decided: { accountId: actor.accountId, name: actor.name, at: actor.now },
    version: call.version + 1,
  }
  await updateSickCall(tx, after)
  await changePublished(tx, actor, needs, published, {
    cells,
    origin: 'sick-call',
    waive: 'sick-call',
    type: 'covered',
    data: {
      ...{ sickCallId: call.id, officerId: asked.officerId, date: call.date },
      ...(alongside.length > 0 ? { alongside: alongside.length } : {}),
    },
  })
  await record(tx, actor, after, 'roster.cover-sick')
  await announceCall(tx, actor, after, 'sick-call.covered')
  return after
}

async function record(tx: Tx, actor: ActorContext, call: SickCall, action: string): Promise<void> {
  const { id, officerId, date, duty, state, replacementOfficerId, reason, version } = call
  await writeAudit(tx, actor, {
    action,
    subjectKind: 'sick-call',
    subjectId: id,
    ...(reason === null ? {} : { reason }),
    detail: { officerId, date, duty, state, replacementOfficerId, version },
  })
}

/** That a place is vacant or filled goes to those who fill it; who is missing stands in the call, behind its own right. */
async function announceCall(tx: Tx, actor: ActorContext, call: SickCall, topic: string): Promise<void> {
  await announce(tx, {
    topic,
    subjectId: call.id,
    organisationId: call.organisationId,
    permission: 'roster.cover',
    at: actor.now,
    data: { date: call.date, state: call.state },
  })
}
