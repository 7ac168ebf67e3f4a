import type { Instant } from '../../../foundation/core/instant.ts'
import { inTransaction, type Db } from '../../../foundation/server/db.ts'
import { announce } from '../../../foundation/server/outbox/outbox.ts'
import { complianceOf, type Compliance, type OrderRules, type TrackFix } from '../core/index.ts'
import { readOrderRules } from './order.commands.ts'
import type { OrderNeeds } from './order.needs.ts'
import {
  keepCompliance,
  keepCountedAt,
  listCountable,
  lockOccurrence,
  type Countable,
  type CountedOccurrence,
} from './visit.store.ts'

/** A phone that was offline tells within this where it was. */
export const LATE_FIXES_HOURS = 48
/** What has ended is looked at again this often. */
const AGAIN_AFTER = 10 * 60_000
/** How far a fix may be from being counted when it arrives: between its arrival and the end of its transaction. */
const ARRIVAL_SLACK = 60_000
/** Fixes around an occurrence tell what a silence at its edge can hide. */
const AROUND = 15 * 60_000

/**
 * Counts what units did of orders whose band is now, and again, for two days, of those whose band has been, where late
 * fixes have come in. Counted twice it comes to the same. Gives how many it has counted.
 */
export async function countVisits(db: Db, needs: OrderNeeds, now: Instant): Promise<number> {
  const since = now - LATE_FIXES_HOURS * 3_600_000
  const due = (await listCountable(db, now, since)).filter((one) => isDue(one.occurrence, now))
  if (due.length === 0) return 0
  const rules = await readOrderRules(db)
  let counted = 0
  for (const together of byWindow(due, now)) {
    const { startsAt, endsAt, countedAt } = together[0]!.occurrence
    const untilAt = Math.min(endsAt, now) + AROUND
    const hasEnded = countedAt !== null && countedAt >= endsAt
    const isAsBefore =
      hasEnded && !(await needs.hasLateFixes(startsAt - AROUND, untilAt, countedAt - ARRIVAL_SLACK))
    const tracks = isAsBefore ? null : await needs.readUnitTracks(startsAt - AROUND, untilAt)
    for (const one of together) {
      await countOne(db, one, tracks, rules, now)
      counted += 1
    }
  }
  return counted
}

function isDue({ endsAt, countedAt }: CountedOccurrence, now: Instant): boolean {
  return countedAt === null || countedAt < endsAt || now - countedAt >= AGAIN_AFTER
}

/** Occurrences of one window share its tracks; those under way share the longest window of them. */
function byWindow(due: readonly Countable[], now: Instant): Countable[][] {
  const groups = new Map<string, Countable[]>()
  for (const one of due) {
    const { startsAt, endsAt, countedAt } = one.occurrence
    const key = endsAt > now ? 'under way' : `${startsAt} ${endsAt} ${countedAt ?? 'never'}`
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()]
}

async function countOne(
  db: Db,
  { occurrence, place, unitIds, organisationId }: Countable,
  tracks: ReadonlyMap<string, readonly TrackFix[]> | null,
  rules: OrderRules,
  now: Instant,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const before = await lockOccurrence(tx, occurrence.orderId, occurrence.startsAt)
    // Withdrawn meanwhile: it is counted at the next turn, as it is now.
    if (!before || before.endsAt !== occurrence.endsAt) return
    if (tracks === null) return keepCountedAt(tx, before, now)
    const after = complianceOf(before, place, tracks, unitIds, rules, now)
    await keepCompliance(tx, before, after, now)
    if (isAsToldBefore(before, after)) return
    const { outcome, visits } = after
    await announce(tx, {
      topic: 'patrol-order.counted',
      subjectId: occurrence.orderId,
      organisationId,
      permission: 'patrol.read-own-orders',
      at: now,
      data: { outcome, visits, minutes: minutesOf(after) },
    })
  })
}

/** Screens show whole minutes. */
function isAsToldBefore(before: CountedOccurrence, after: Compliance): boolean {
  return (
    before.outcome === after.outcome &&
    before.visits === after.visits &&
    before.otherVisits === after.otherVisits &&
    minutesOf(before) === minutesOf(after)
  )
}

function minutesOf({ seconds }: { readonly seconds: number }): number {
  return Math.floor(seconds / 60)
}
