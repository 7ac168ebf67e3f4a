import { bearingDegrees, distanceMetres, type Position } from '../../../foundation/core/geo.ts'
import type { MyOrderRow } from './orders-api.ts'

type Occurrence = MyOrderRow['occurrences'][number]

export type When = 'now' | 'next' | 'later'

/** An order as a crew's phone sorts it: what is on now, what comes next within the day, what is for later. */
export interface SortedOrder {
  readonly order: MyOrderRow
  readonly when: When
  /** The occurrence that is on, or the next to come; null where none comes any more. */
  readonly occurrence: Occurrence | null
}

const NEXT_WITHIN = 12 * 3_600_000

/**
 * The orders in force at a moment of the phone's clock, the soonest first. One that has expired since it was read is
 * left out, whether or not anybody could tell the phone.
 */
export function sortOrders(orders: readonly MyOrderRow[], now: number): readonly SortedOrder[] {
  return orders
    .filter(({ expiresAt }) => Date.parse(expiresAt) > now)
    .map((order): SortedOrder => {
      const occurrence = order.occurrences.find(({ endsAt }) => Date.parse(endsAt) > now) ?? null
      const startsAt = occurrence ? Date.parse(occurrence.startsAt) : Infinity
      return {
        order,
        occurrence,
        when: startsAt <= now ? 'now' : startsAt - now <= NEXT_WITHIN ? 'next' : 'later',
      }
    })
    .toSorted((a, b) => startOf(a) - startOf(b) || (a.order.id < b.order.id ? -1 : 1))
}

function startOf({ occurrence, order }: SortedOrder): number {
  return Date.parse(occurrence?.startsAt ?? order.expiresAt)
}

const WINDS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const

/** How far from a position to a place's border, and in which direction; null inside. */
export function wayTo(
  from: Position,
  place: Position & { readonly radiusMetres: number },
): { readonly metres: number; readonly wind: (typeof WINDS)[number] } | null {
  const metres = distanceMetres(from, place) - place.radiusMetres
  if (metres <= 0) return null
  return { metres, wind: WINDS[Math.round(bearingDegrees(from, place) / 45) % 8]! }
}
