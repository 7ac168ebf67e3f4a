import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'

/** The numbers of directed patrol. All are configuration (setting `patrol.orders`). */
export interface OrderRules {
  /** An order runs so many days at most. */
  readonly longestDays: number
  readonly shortestReasonLength: number
  /** Proposed where nobody says otherwise: Koper (1995) found 11 to 15 minutes a visit to last longest. */
  readonly minutesPerVisit: number
  /** Proposed: one visit in so many minutes of the band. */
  readonly visitEveryMinutes: number
  /** A stay from so long on is a visit. */
  readonly visitFromMinutes: number
  /** Out of the place for less than this, a unit has not left it. */
  readonly breakSeconds: number
  /** Silence longer than this says neither that the unit was there nor that it was not. */
  readonly silenceSeconds: number
  /** A fix less accurate than this tells nothing of a place of some 100 m. */
  readonly poorAccuracyMetres: number
  /** So far beyond the border a unit still counts as in the place it was in: a fix jitters. */
  readonly borderMetres: number
  /** Done from this share of the minutes asked on. */
  readonly enoughShare: number
  /** Which unit was where is forgotten after this, as the fixes are that tell it. */
  readonly visitRetentionDays: number
}

export const ORDER_RULES_SETTING = 'patrol.orders'

export const ORDER_RULES: OrderRules = {
  longestDays: 14,
  shortestReasonLength: 4,
  minutesPerVisit: 12,
  visitEveryMinutes: 120,
  visitFromMinutes: 5,
  breakSeconds: 120,
  silenceSeconds: 180,
  poorAccuracyMetres: 100,
  borderMetres: 25,
  enoughShare: 0.8,
  visitRetentionDays: 90,
}

/** A place is a spot to stand at: not a dot that no fix hits, not a quarter. */
export const RADIUS_METRES = { least: 30, most: 500 } as const
export const BAND_MINUTES_AT_MOST = 1440
export const VISITS_AT_MOST = 24

/** Refuses `order-rules-odd`: a proposed visit that would not count as one. */
export function orderRulesFault({ minutesPerVisit, visitFromMinutes }: OrderRules): Refusal | null {
  return minutesPerVisit < visitFromMinutes
    ? refuse('order-rules-odd', { field: 'minutesPerVisit', detail: { minutesPerVisit, visitFromMinutes } })
    : null
}
