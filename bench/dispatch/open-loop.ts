import { setTimeout as pause } from 'node:timers/promises'
import { bodyOf } from '../product/client.ts'
import type { Product } from '../product/product.ts'

export interface Load {
  readonly product: Product
  readonly unitIds: readonly string[]
  readonly incidentIds: readonly string[]
  readonly ordersASecond: number
  readonly seconds: number
}

/** How long a unit stays sent: long enough for its order's flow to run, short enough that units do not run out. */
const SENT_MILLISECONDS = 4_000

/**
 * Sends an order at each of its times and lets the unit go again some seconds later. The time of a command counts
 * from when it was due, so that a server that falls behind is not measured by fewer questions.
 */
export async function openLoop({ product, unitIds, incidentIds, ordersASecond, seconds }: Load) {
  const orders: number[] = []
  const releases: number[] = []
  const free = [...unitIds]
  const waiting: ((unitId: string) => void)[] = []
  const running: Promise<void>[] = []
  const startedAt = performance.now()
  const count = ordersASecond * seconds
  for (let n = 0; n < count; n++) {
    const dueAt = startedAt + (n * 1000) / ordersASecond
    const early = dueAt - performance.now()
    if (early > 0) await pause(early)
    running.push(sendAndRelease(incidentIds[n % incidentIds.length]!, dueAt))
  }
  await Promise.all(running)
  const endedAt = performance.now()
  await product.settled()
  return {
    orders,
    releases,
    commandsASecond: ((orders.length + releases.length) * 1000) / (endedAt - startedAt),
    settledMilliseconds: performance.now() - endedAt,
  }

  async function sendAndRelease(incidentId: string, dueAt: number) {
    // Where all are sent because the server has fallen behind, the wait counts too.
    const unitId = free.shift() ?? (await new Promise<string>((take) => waiting.push(take)))
    const { assignments } = bodyOf<{ assignments: { id: string }[] }>(
      await product.client.post(`/api/incidents/${incidentId}/dispatch`, { unitIds: [unitId] }),
    )
    orders.push(performance.now() - dueAt)
    await pause(SENT_MILLISECONDS)
    const releaseAt = performance.now()
    bodyOf(
      await product.client.post(`/api/assignments/${assignments[0]!.id}/release`, {
        cause: 'recalled',
        reason: '换车',
      }),
    )
    releases.push(performance.now() - releaseAt)
    const next = waiting.shift()
    if (next) next(unitId)
    else free.push(unitId)
  }
}
