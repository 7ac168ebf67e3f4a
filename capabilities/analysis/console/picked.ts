import { useCallback, useMemo, useState } from 'react'
import type { KeptStop } from '../core/index.ts'
import type { AskedPlan, ShiftShown } from './analysis-api.ts'

/** What the analyst looks at. */
export type Focus =
  | { readonly kind: 'stop'; readonly rank: number }
  | { readonly kind: 'series'; readonly id: string }
  | { readonly kind: 'warning'; readonly id: string }

export interface StopPick {
  readonly kind: 'stop'
  readonly shift: number
  readonly rank: number
  /** Where it is of another plan than the day's own: that plan, and the stop as it stands there. */
  readonly of?: AskedPlan & { readonly plan: ShiftShown; readonly stop: KeptStop }
}

/** What is to become an order: a stop of a shift, a series or a warning. */
export type Pick =
  | StopPick
  | { readonly kind: 'series'; readonly id: string }
  | { readonly kind: 'warning'; readonly id: string }

export interface Picked {
  readonly list: readonly Pick[]
  has(pick: Pick): boolean
  toggle(pick: Pick): void
  clear(): void
}

const keyOf = (pick: Pick) =>
  pick.kind === 'stop'
    ? `stop:${pick.shift}:${pick.rank}:${pick.of ? `${pick.of.stretch}:${pick.of.category ?? ''}` : ''}`
    : `${pick.kind}:${pick.id}`

/** In the order in which they were chosen. */
export function usePicked(): Picked {
  const [byKey, setByKey] = useState<ReadonlyMap<string, Pick>>(new Map())
  const toggle = useCallback((pick: Pick) => {
    setByKey((before) => {
      const after = new Map(before)
      if (!after.delete(keyOf(pick))) after.set(keyOf(pick), pick)
      return after
    })
  }, [])
  const clear = useCallback(() => setByKey(new Map()), [])
  return useMemo(
    () => ({ list: [...byKey.values()], has: (pick) => byKey.has(keyOf(pick)), toggle, clear }),
    [byKey, toggle, clear],
  )
}
