import { expect } from 'vitest'
import type { Caller, Reply } from '../house.ts'
import type { Asked, Command } from './command.ts'
import type { StationScene, TwoStations } from './two-stations.ts'

export interface OrderSeen {
  readonly id: string
  readonly number: string | null
  readonly state: string
  readonly version: number
}

const HOUR = 3_600_000

/** What an order at a station says: all day long for two days from now, to the station's unit. */
export function orderAt({ position, unitId }: StationScene, changes: object = {}, now = Date.now()) {
  return {
    place: { ...position, radiusMetres: 85, label: '站前广场' },
    startsAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 48 * HOUR).toISOString(),
    band: { fromMinute: 0, untilMinute: 1440, weekdays: [] },
    dosage: { visits: 4, minutesPerVisit: 12 },
    reason: '夜间扒窃多发',
    unitIds: [unitId],
    ...changes,
  }
}

const STEPS = { draft: [], proposed: ['propose'], issued: ['propose', 'approve'] } as const

/** An order at a station, taken as far as is asked for. */
export async function orderIn(
  caller: Caller,
  state: keyof typeof STEPS,
  content: object,
): Promise<OrderSeen> {
  const checked = <T>(reply: Reply<T>): T => {
    expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300)
    return reply.body
  }
  let [order] = checked(
    await caller.send<{ orders: OrderSeen[] }>('POST', '/api/patrol-orders', { orders: [content] }),
  ).orders
  for (const step of STEPS[state])
    order = checked(
      await caller.send<OrderSeen>('POST', `/api/patrol-orders/${order!.id}/${step}`, undefined, {
        'if-match': `"${order!.version}"`,
      }),
    )
  return order!
}

export const issuedOrder = ({ all }: TwoStations, station: StationScene, changes: object = {}) =>
  orderIn(all, 'issued', orderAt(station, changes))

/** One successful call of every command of patrol. The stage may still be empty when the list is made. */
export function patrolCommands(
  stage: TwoStations,
  settingAt: (url: string, key: string) => Promise<Asked>,
): readonly Command[] {
  const fresh = (state: keyof typeof STEPS) => orderIn(stage.all, state, orderAt(stage.east))
  const on = async (state: keyof typeof STEPS, verb: string, body?: object): Promise<Asked> => {
    const { id, version } = await fresh(state)
    return { path: `/api/patrol-orders/${id}/${verb}`, body, version }
  }
  return [
    [
      'POST /api/patrol-orders',
      () => ({ path: '/api/patrol-orders', body: { orders: [orderAt(stage.east)] } }),
    ],
    [
      'PATCH /api/patrol-orders/{id}',
      async () => {
        const { id, version } = await fresh('draft')
        return { path: `/api/patrol-orders/${id}`, body: { reason: '改为晚高峰巡查' }, version }
      },
    ],
    ['POST /api/patrol-orders/{id}/propose', () => on('draft', 'propose')],
    ['POST /api/patrol-orders/{id}/discard', () => on('draft', 'discard')],
    ['POST /api/patrol-orders/{id}/approve', () => on('proposed', 'approve')],
    [
      'POST /api/patrol-orders/approve',
      async () => {
        const { id, version } = await fresh('proposed')
        return { path: '/api/patrol-orders/approve', body: { orders: [{ id, version }] } }
      },
    ],
    ['POST /api/patrol-orders/{id}/return', () => on('proposed', 'return', { reason: '时段不对' })],
    ['POST /api/patrol-orders/{id}/withdraw', () => on('issued', 'withdraw', { reason: '已抓获嫌疑人' })],
    [
      'POST /api/patrol-orders/{id}/read',
      async () => {
        const { id } = await fresh('issued')
        return { path: `/api/patrol-orders/${id}/read`, body: { unitId: stage.east.unitId } }
      },
    ],
    ['PUT /api/patrol-settings/patrol.orders', () => settingAt('/api/patrol-settings', 'patrol.orders')],
    ['PUT /api/patrol-settings/patrol.sync', () => settingAt('/api/patrol-settings', 'patrol.sync')],
  ]
}
