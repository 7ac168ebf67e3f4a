import { availableParallelism, loadavg } from 'node:os'

/** One line of a bench's table. */
export interface Row {
  readonly measure: string
  /** Null where it was not measured; the note says why. */
  readonly value: number | null
  readonly unit: string
  readonly target?: string
  readonly reached?: boolean
  readonly note?: string
}

/** The value that a share of the values does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

/** Milliseconds that the work took, and what it gave. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ milliseconds: number; gave: T }> {
  const startedAt = performance.now()
  const gave = await work()
  return { milliseconds: performance.now() - startedAt, gave }
}

/** p50 and p99 as two rows; the target is on the p99. */
export function latencyRows(
  measure: string,
  milliseconds: readonly number[],
  { targetMilliseconds, note }: { targetMilliseconds?: number; note?: string } = {},
): Row[] {
  const [p50, p99] = [percentile(milliseconds, 0.5), percentile(milliseconds, 0.99)]
  const worst = `worst ${Math.max(...milliseconds).toFixed(1)} ms of ${milliseconds.length.toLocaleString('en')}`
  return [
    { measure: `${measure}, p50`, value: p50, unit: 'ms', ...(note ? { note } : {}) },
    {
      measure: `${measure}, p99`,
      value: p99,
      unit: 'ms',
      ...(targetMilliseconds === undefined
        ? {}
        : { target: `≤ ${targetMilliseconds}`, reached: p99 <= targetMilliseconds }),
      note: worst,
    },
  ]
}

/** How busy the machine was before it was measured: latencies of one that others use are theirs as well. */
export function loadRow(): Row {
  return {
    measure: 'load of the machine before',
    value: loadavg()[0]!,
    unit: 'processes',
    note: `waiting for or on ${availableParallelism()} cores; above that others delay what follows`,
  }
}
