import type { Instant } from '../../foundation/core/instant.ts'

/** What people are about to do, each thing once: reading an order takes seconds, handling takes minutes. */
export interface Diary {
  /** Plans a deed under a key. A key that is planned or was done is left as it is. */
  plan(key: string, at: Instant, deed: () => Promise<void>): void
  /** Does what is due, in the order of its time. What failed may be planned again. */
  doDue(now: Instant): Promise<void>
  /** Lets a key be planned again. */
  forget(key: string): void
  size(): number
}

/** Keys are remembered so that the same order is not answered twice; the oldest are forgotten. */
const REMEMBERED_KEYS = 20_000

export function openDiary(onFault: (fault: unknown) => void): Diary {
  let entries: { key: string; at: Instant; deed: () => Promise<void> }[] = []
  const known = new Set<string>()
  return {
    plan(key, at, deed) {
      if (known.has(key)) return
      known.add(key)
      if (known.size > REMEMBERED_KEYS) known.delete(known.values().next().value!)
      entries.push({ key, at, deed })
    },
    async doDue(now) {
      const due = entries.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)
      if (due.length === 0) return
      entries = entries.filter(({ at }) => at > now)
      await Promise.all(
        due.map(({ key, deed }) =>
          deed().catch((fault: unknown) => {
            known.delete(key)
            onFault(fault)
          }),
        ),
      )
    },
    forget: (key) => void known.delete(key),
    size: () => entries.length,
  }
}
