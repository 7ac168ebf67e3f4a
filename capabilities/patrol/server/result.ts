import type { Instant } from '../../../foundation/core/instant.ts'
import { inThread } from '../../../foundation/server/in-thread.ts'
import type { DayJob } from '../../analysis/core/index.ts'
import { answerOrders, type OrderInForce, type OrderResult, type OrderResultJob } from '../core/index.ts'

export interface OrderResultNeeds {
  /** All incidents of the days that are over, over shared memory. */
  readHistory(now: Instant): Promise<{ readonly version: string; readonly incidents: DayJob['incidents'] }>
  timeZone(): string
}

export interface OrderResults {
  answer(orders: readonly OrderInForce[], others: readonly OrderInForce[], now: Instant): Promise<OrderResult>
  close(): void
}

const MEMORY_MEGABYTES = 1_024
const LONGEST_MILLISECONDS = 120_000
const ANSWERS_KEPT = 40

/** Answers in a thread, one at a time, and keeps each answer as long as history and orders stay as they are. */
export function openOrderResults(needs: OrderResultNeeds): OrderResults {
  const closing = new AbortController()
  const kept = new Map<string, Promise<OrderResult>>()
  let last: Promise<unknown> = Promise.resolve()
  return {
    async answer(orders, others, now) {
      const { version, incidents } = await needs.readHistory(now)
      const asked = { timeZone: needs.timeZone(), orders, others }
      const key = JSON.stringify([version, asked])
      const known = kept.get(key)
      if (known) return known
      const job: OrderResultJob = { ...asked, incidents, now }
      const mine = last.then(() =>
        inThread({
          ...{ besideUrl: import.meta.url, script: './result-thread', memoryMegabytes: MEMORY_MEGABYTES },
          signal: AbortSignal.any([closing.signal, AbortSignal.timeout(LONGEST_MILLISECONDS)]),
          ...{ job, here: answerOrders },
        }),
      )
      last = mine.catch(() => kept.delete(key))
      kept.set(key, mine)
      if (kept.size > ANSWERS_KEPT) kept.delete(kept.keys().next().value!)
      return mine
    },
    close: () => closing.abort(new Error('the server is stopping')),
  }
}
