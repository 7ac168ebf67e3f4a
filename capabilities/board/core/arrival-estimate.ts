import type { Instant } from '../../../foundation/core/instant.ts'
import type { OfficerId } from '../../force/core/index.ts'
import { isOutstanding, type Activation, type ActivationOrder } from './activation.ts'
import { coveredOfficers, planCallOut, type NotCalled } from './call-out.ts'
import { officersNeeded } from './patrol-levels.ts'
import { standingsOf, type Situation } from './situation.ts'
import { strengthLine, type StrengthLine } from './street-strength.ts'

/** Who lacks for the target, and why they are not expected. */
export interface LackingOfficer {
  readonly officerId: OfficerId
  readonly because: 'not-ordered' | NotCalled['because']
}

export type TargetForecast =
  | { readonly kind: 'met'; readonly strength: StrengthLine }
  | {
      readonly kind: 'expected'
      readonly strength: StrengthLine
      readonly minutesToTarget: number
      readonly expectedAt: Instant
      readonly basis: ForecastBasis
    }
  | {
      readonly kind: 'not-reachable'
      readonly strength: StrengthLine
      /** How many more must come than are expected. */
      readonly short: number
      readonly lacking: readonly LackingOfficer[]
      readonly basis: ForecastBasis
    }

export interface ForecastBasis {
  readonly measuredArrivals: number
  readonly meanArrivalSeconds: number
}

/** The default counts as much as this many measured arrivals. */
export const DEFAULT_WEIGHT = 3

/**
 * Mean seconds from order to arrival: the measured ones of this activation, and the level's default weighing as
 * much as three of them, so that the first early or late arrival does not swing the figure (a shrunken mean).
 */
export function meanArrival(activation: Activation): ForecastBasis {
  const measured = [...activation.orders.values()].flatMap((order) =>
    order.state.kind === 'arrived' ? [(order.state.arrivedAt - order.orderedAt) / 1000] : [],
  )
  const prior = activation.terms.defaultArrivalMinutes * 60
  const sum = measured.reduce((total, seconds) => total + seconds, 0)
  return {
    measuredArrivals: measured.length,
    meanArrivalSeconds: (sum + DEFAULT_WEIGHT * prior) / (measured.length + DEFAULT_WEIGHT),
  }
}

/**
 * When an outstanding order is expected: the mean after it was given; one that is late already is given half the
 * mean from now, since how long it has taken says little about how long it still takes.
 */
export function expectedArrival(order: ActivationOrder, meanSeconds: number, now: Instant): Instant {
  const expected = order.orderedAt + meanSeconds * 1000
  return expected > now ? expected : now + meanSeconds * 500
}

/**
 * Minutes until the level's target is met, or, where those expected do not suffice, how many lack and who.
 * Not expected is who declined, who gave no answer through every chase, and who has no order. The others are added
 * in the order in which they are expected until the target is met; the moment of the last one needed is the answer.
 */
export function forecastTarget(activation: Activation, situation: Situation, now: Instant): TargetForecast {
  const { terms } = activation
  const { force, countingStatuses, rostered } = situation
  const covered = coveredOfficers(force, terms, countingStatuses, now, rostered)
  const onStreet = covered.filter((officer) => officer.onStreet).length
  const strength = strengthLine(onStreet, covered.length, terms.target)
  if (strength.gap === 0) return { kind: 'met', strength }

  const basis = meanArrival(activation)
  const standings = standingsOf(activation, situation)
  const inside = new Set(covered.filter((officer) => !officer.onStreet).map(({ officerId }) => officerId))
  const expectedAt = new Map<OfficerId, Instant>()
  for (const order of activation.orders.values()) {
    if (!isOutstanding(order)) continue
    const at = expectedArrival(order, basis.meanArrivalSeconds, now)
    for (const officerId of situation.officersOf(order.subject))
      if (inside.has(officerId) && standings.get(officerId) === 'coming')
        expectedAt.set(officerId, Math.min(at, expectedAt.get(officerId) ?? Infinity))
  }
  const arrivals = [...expectedAt.values()].sort((a, b) => a - b)
  const lacking = officersNeeded(terms.target, covered.length) - onStreet
  const last = arrivals[lacking - 1]
  if (last !== undefined)
    return {
      kind: 'expected',
      strength,
      minutesToTarget: Math.max(1, Math.ceil((last - now) / 60_000)),
      expectedAt: last,
      basis,
    }
  const { notCalled } = planCallOut(force, terms, countingStatuses, now, standings, rostered)
  const causes = new Map(notCalled.map(({ officerId, because }) => [officerId, because]))
  return {
    kind: 'not-reachable',
    strength,
    short: lacking - arrivals.length,
    lacking: [...inside]
      .filter((officerId) => !expectedAt.has(officerId))
      .map((officerId) => ({ officerId, because: causes.get(officerId) ?? 'not-ordered' })),
    basis,
  }
}
