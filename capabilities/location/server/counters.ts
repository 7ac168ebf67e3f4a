import type { Pool } from 'pg'
import { COUNTED, type Counted } from '../core/index.ts'
import { addCounts } from './count.store.ts'

/** Nobody we know: a wrong secret, a full queue before anybody was asked. */
export const NOBODY = 0

/** Counts by cause and device. Kept in memory and written every few seconds: a crash may lose the last few counts, never a fix. */
export interface FixCounters {
  count(device: number, cause: Counted, by?: number): void
  /** What has been counted but not written, by cause. */
  pending(device?: number): Partial<Record<Counted, number>>
  /** Adds what has been counted to the database. */
  flush(now: number): Promise<void>
}

export function createCounters(pool: Pool): FixCounters {
  let counts = new Map<number, Float64Array>()
  const place = Object.fromEntries(COUNTED.map((cause, i) => [cause, i])) as Record<Counted, number>

  function add(device: number, cause: number, by: number): void {
    let row = counts.get(device)
    if (!row) counts.set(device, (row = new Float64Array(COUNTED.length)))
    row[cause]! += by
  }

  return {
    count: (device, cause, by = 1) => add(device, place[cause], by),
    pending(device) {
      const sums: Partial<Record<Counted, number>> = {}
      for (const [of, row] of counts) {
        if (device !== undefined && of !== device) continue
        row.forEach((count, i) => {
          if (count > 0) sums[COUNTED[i]!] = (sums[COUNTED[i]!] ?? 0) + count
        })
      }
      return sums
    },
    async flush(now) {
      const taken = counts
      counts = new Map()
      const devices: number[] = []
      const causes: Counted[] = []
      const numbers: number[] = []
      for (const [device, row] of taken) {
        row.forEach((count, i) => {
          if (count === 0) return
          devices.push(device)
          causes.push(COUNTED[i]!)
          numbers.push(count)
        })
      }
      if (devices.length === 0) return
      try {
        await addCounts(pool, new Date(now).toISOString().slice(0, 10), { devices, causes, numbers })
      } catch (fault) {
        for (const [device, row] of taken)
          row.forEach((count, i) => void (count > 0 && add(device, i, count)))
        throw fault
      }
    },
  }
}
