import type { TableVerdictKey } from './result-table.ts'

/** The figures of one comparison as they are shown, rounded. */
export interface VerdictShown {
  readonly verdict: TableVerdictKey
  readonly before: number | null
  readonly count: number
  readonly tests: number
  readonly judged: {
    readonly expected: number
    readonly change: { readonly lowPercent: number; readonly highPercent: number | null }
  } | null
}

/** A text by its key, and what it is filled with. */
export interface Wording {
  readonly key: string
  readonly values: Readonly<Record<string, string>>
}

/** The sentence of a verdict, for the screen and for paper. `number` writes a number in the reader's language. */
export function verdictWording(
  { verdict, before, count, tests, judged }: VerdictShown,
  number: (value: number) => string,
): Wording {
  return {
    key: `verdict.${verdict}`,
    values: {
      before: before === null ? '' : number(before),
      after: number(count),
      incidents: number((before ?? 0) + count),
      expected: judged ? number(Math.round(judged.expected)) : '',
      tests: number(tests),
      low: judged ? signedPercent(judged.change.lowPercent, number) : '',
      high: judged?.change.highPercent == null ? '∞' : signedPercent(judged.change.highPercent, number),
    },
  }
}

/** −12%, +3%, 0%. */
export function signedPercent(percent: number, number: (value: number) => string): string {
  const whole = Math.round(percent)
  if (whole === 0) return '0%'
  return `${whole < 0 ? '−' : '+'}${number(Math.abs(whole))}%`
}

export type DisplacementKey =
  | 'displacement.none'
  | 'displacement.untold'
  | 'displacement.cannot-be-told'
  | 'displacement.moved'
  | 'displacement.partly'
  | 'displacement.diffused'

/**
 * What a displacement quotient says: nothing that could have moved, a fall that may be chance itself, nothing that can be told, more moved away than was
 * prevented, a part of it moved, or the ring gained too.
 */
export function displacementKey({
  quotient,
  low,
  high,
}: {
  readonly quotient: number | null
  readonly low: number | null
  readonly high: number | null
}): DisplacementKey {
  if (quotient === null) return 'displacement.none'
  if (low === null || high === null) return 'displacement.untold'
  if (low <= 0 && high >= 0) return 'displacement.cannot-be-told'
  if (low > 0) return 'displacement.diffused'
  return high < -1 ? 'displacement.moved' : 'displacement.partly'
}
