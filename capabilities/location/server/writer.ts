import { createFixColumns, receiptOf, type FixColumns, type Receipt } from '../core/index.ts'
import { refuse, type Refusal } from '../../../foundation/core/outcome.ts'

/** Takes a group of fixes through the flow. Resolves when they are on disk; rejects when none of them is. */
export type FixPass = (fixes: FixColumns, now: number) => Promise<void>

export interface FixWriter {
  /**
   * Adds fixes to those that wait and resolves, once they are on disk, with what became of them.
   * Refuses `queue-full` when too many wait already. Rejects when the database would not take them.
   */
  submit(read: (into: FixColumns) => void): Promise<Receipt> | Refusal
  /** Runs between two passes, when nobody else changes what the flow keeps. */
  between<T>(work: () => Promise<T>): Promise<T>
  waiting(): number
  /** Takes what waits through the flow, then nothing more. */
  stop(): Promise<void>
}

interface Waiter {
  readonly begin: number
  readonly end: number
  settle(receipt: Receipt): void
  fail(fault: unknown): void
}

/**
 * Group commit: one loop takes everything that waits through one pass and one transaction. While the database works
 * on one group, the next gathers; so one fix alone is written at once, and ten thousand cost one commit.
 */
export function createFixWriter(pass: FixPass, queueLimit: () => number, now: () => number): FixWriter {
  let gathering = createFixColumns(4_096)
  let spare = createFixColumns(4_096)
  let waiters: Waiter[] = []
  let chores: (() => Promise<void>)[] = []
  let inPass = 0
  let stopped = false
  let wake: (() => void) | null = null

  async function passGroup(): Promise<void> {
    const group = gathering
    const waiting = waiters
    gathering = spare
    waiters = []
    inPass = group.length
    try {
      await pass(group, now())
      for (const waiter of waiting) waiter.settle(receiptOf(group, waiter.begin, waiter.end))
    } catch (fault) {
      for (const waiter of waiting) waiter.fail(fault)
    }
    inPass = 0
    group.length = 0
    spare = group
  }

  async function run(): Promise<void> {
    for (;;) {
      const due = chores
      chores = []
      for (const chore of due) await chore()
      if (waiters.length > 0) await passGroup()
      else if (stopped && chores.length === 0) return
      else if (chores.length === 0) await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const running = run()

  return {
    submit(read) {
      if (stopped) return refuse('queue-full', { detail: { waiting: gathering.length } })
      if (gathering.length + inPass >= queueLimit())
        return refuse('queue-full', { detail: { waiting: gathering.length + inPass } })
      const begin = gathering.length
      read(gathering)
      const end = gathering.length
      if (end === begin) return Promise.resolve(receiptOf(gathering, begin, end))
      return new Promise((settle, fail) => {
        waiters.push({ begin, end, settle, fail })
        wake?.()
      })
    },
    between: (work) =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new Error('the fix writer has stopped'))
        chores.push(async () => {
          try {
            resolve(await work())
          } catch (fault) {
            reject(fault)
          }
        })
        wake?.()
      }),
    waiting: () => gathering.length + inPass,
    async stop() {
      stopped = true
      wake?.()
      await running
    },
  }
}
