import type { CarriedPeriod } from './replay.ts'
import type { Instant } from '../../../foundation/core/instant.ts'

/** A device within the time for which it tells where a unit was. */
export interface TellingSpan {
  readonly device: number
  readonly unitId: string
  readonly fromAt: Instant
  readonly untilAt: Instant
}

/**
 * Which devices tell the way of one unit in a span: the best tells it; a lesser one only for periods in which no better
 * one was there.
 */
export function tellingSpans(
  carried: readonly CarriedPeriod[],
  { fromAt, untilAt }: { readonly fromAt: Instant; readonly untilAt: Instant },
): TellingSpan[] {
  const best = Math.min(...carried.map((period) => period.rank))
  return carried
    .filter((period) => period.rank === best || !overlapsBetter(period, carried))
    .map(({ device, unitId, sinceAt, untilAt: endsAt }) => ({
      ...{ device, unitId },
      fromAt: Math.max(fromAt, sinceAt),
      untilAt: Math.min(untilAt, endsAt ?? Infinity),
    }))
}

function overlapsBetter(period: CarriedPeriod, others: readonly CarriedPeriod[]): boolean {
  return others.some(
    (other) =>
      other.rank < period.rank &&
      other.sinceAt < (period.untilAt ?? Infinity) &&
      (other.untilAt ?? Infinity) > period.sinceAt,
  )
}
