import { FATE, FLAG, FLAG_NAMES, type FixColumns } from './fix.ts'

/**
 * The causes under which fixes and messages are counted, in the order in which screens list them.
 * For fixes: received = stored + unreadable + duplicate + outside-retention. The flags count stored fixes again.
 */
export const COUNTED = [
  'stored',
  'unreadable',
  'duplicate',
  'outside-retention',
  ...FLAG_NAMES,
  'no-position',
  'other-message',
  'unauthorised',
  'queue-full',
  'database-unavailable',
] as const
export type Counted = (typeof COUNTED)[number]

/** What one message's fixes came to; the answer to its sender. */
export interface Receipt {
  received: number
  stored: number
  duplicate: number
  outsideRetention: number
  /** Stored fixes by flag; only flags that occurred. */
  flagged: Record<string, number>
}

/** Counts the fates and flags of the rows [begin, end). */
export function receiptOf(fixes: FixColumns, begin: number, end: number): Receipt {
  const receipt: Receipt = {
    received: end - begin,
    stored: 0,
    duplicate: 0,
    outsideRetention: 0,
    flagged: {},
  }
  for (let row = begin; row < end; row++) {
    const fate = fixes.fate[row]!
    if (fate === FATE.duplicate) receipt.duplicate++
    else if (fate === FATE.outsideRetention) receipt.outsideRetention++
    else {
      receipt.stored++
      const flags = fixes.flags[row]!
      if (flags !== 0) countFlags(flags, (name) => (receipt.flagged[name] = (receipt.flagged[name] ?? 0) + 1))
    }
  }
  return receipt
}

/** Tells each count of each row of a pass: to a device's number, a cause, one more. */
export function countFates(fixes: FixColumns, count: (device: number, cause: Counted) => void): void {
  for (let row = 0; row < fixes.length; row++) {
    const device = fixes.device[row]!
    const fate = fixes.fate[row]!
    if (fate === FATE.duplicate) count(device, 'duplicate')
    else if (fate === FATE.outsideRetention) count(device, 'outside-retention')
    else {
      count(device, 'stored')
      const flags = fixes.flags[row]!
      if (flags !== 0) countFlags(flags, (name) => count(device, name))
    }
  }
}

function countFlags(flags: number, tell: (name: (typeof FLAG_NAMES)[number]) => void): void {
  for (const name of FLAG_NAMES) if (flags & FLAG[name]) tell(name)
}
