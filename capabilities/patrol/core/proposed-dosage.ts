import type { Dosage } from './order.ts'
import type { OrderRules } from './order-rules.ts'

/** From so many expected in a band on, a place is worth half as many visits again; below, half as many. */
const BUSY_FROM = 1
const QUIET_BELOW = 0.2

/**
 * A dosage to begin with: about one visit every two hours, more where much is expected, fewer where little is. Deterrence
 * from a visit grows with its minutes up to about a quarter of an hour and comes anew with each visit, so more risk asks
 * for more visits, not for longer ones (C. Koper, «Just enough police presence», Justice Quarterly 12, 1995).
 */
export function proposeDosage(minutes: number, expected: number | null, rules: OrderRules): Dosage {
  const { minutesPerVisit, visitEveryMinutes } = rules
  const weight = expected === null ? 1 : expected >= BUSY_FROM ? 1.5 : expected < QUIET_BELOW ? 0.5 : 1
  const fitting = Math.max(1, Math.floor(minutes / minutesPerVisit))
  const visits = Math.min(fitting, Math.max(1, Math.round((minutes / visitEveryMinutes) * weight)))
  return { visits, minutesPerVisit: Math.min(minutesPerVisit, Math.max(1, Math.floor(minutes))) }
}
