import type { Instant } from '../../../foundation/core/instant.ts'
import { evolveOrder, draftOrder, type OrderContent, type OrderEvent, type PatrolOrder } from './order.ts'
import { decideOrder, type OrderBooks, type OrderCommand } from './order-decisions.ts'
import { ORDER_RULES } from './order-rules.ts'
import type { Refusal } from '../../../foundation/core/outcome.ts'

/** For specs: an order at a station square, on Shanghai’s clock. */
export const HOUR = 3_600_000
export const NOON = Date.parse('2026-11-24T12:00:00+08:00')
export const SHANGHAI = 'Asia/Shanghai'
export const ANALYST = { accountId: 'analyst', name: '方研判' }
export const COMMANDER = { accountId: 'commander', name: '陈建国' }

export const books = (changes: Partial<OrderBooks> = {}): OrderBooks => ({
  rules: ORDER_RULES,
  timeZone: SHANGHAI,
  bounds: { west: 121, south: 31, east: 122, north: 32 },
  units: new Map([
    ['u1', { callSign: '东巡1', inScope: true }],
    ['u2', { callSign: '东巡2', inScope: true }],
    ['far', { callSign: '西巡1', inScope: false }],
  ]),
  ...changes,
})

/** Two visits of 12 minutes each evening from eight to midnight, for three days. */
export const content = (changes: Partial<OrderContent> = {}): OrderContent => ({
  organisationId: 'east',
  place: { lon: 121.5, lat: 31.2, radiusMetres: 85, label: '站前广场北口' },
  category: null,
  startsAt: NOON,
  expiresAt: NOON + 72 * HOUR,
  band: { fromMinute: 20 * 60, untilMinute: 24 * 60, weekdays: [] },
  dosage: { visits: 2, minutesPerVisit: 12 },
  reason: '夜间扒窃多发',
  evidence: [],
  unitIds: ['u1'],
  ...changes,
})

export const drafted = (changes: Partial<OrderContent> = {}): PatrolOrder =>
  draftOrder('o1' as PatrolOrder['id'], content(changes), { ...ANALYST, at: NOON })

/** The order after events, by the analyst until it is proposed, by the commander from then on. */
export const after = (order: PatrolOrder, ...events: OrderEvent[]): PatrolOrder =>
  events.reduce(
    (state, event) => evolveOrder(state, event, state.state.kind === 'draft' ? ANALYST : COMMANDER, NOON),
    order,
  )

export const approved: OrderEvent = { type: 'approved', number: 'XD-2026-0001', isOwnProposal: false }
export const proposed: OrderEvent = { type: 'proposed' }

export function decided(
  order: PatrolOrder,
  command: OrderCommand,
  {
    by = COMMANDER,
    now = NOON,
    ...changes
  }: Partial<OrderBooks> & { by?: typeof ANALYST; now?: Instant } = {},
): readonly OrderEvent[] | Refusal {
  return decideOrder(order, command, books(changes), by, now)
}
