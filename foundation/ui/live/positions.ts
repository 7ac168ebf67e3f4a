import type { LiveChannel, LivePosition, LivePositions } from './channel.ts'

export interface PositionChange {
  readonly full: boolean
  readonly changed: readonly LivePosition[]
}

/** The newest position of everything that moves, fed by the live channel; kept outside React, it changes each second. */
export interface PositionBoard {
  readonly get: (id: string) => LivePosition | undefined
  readonly all: () => readonly LivePosition[]
  /** Called with what changed; `full` when what is shown was replaced as a whole. */
  readonly subscribe: (listener: (change: PositionChange) => void) => () => void
}

export function createPositionBoard(
  channel: Pick<LiveChannel, 'listen'>,
): PositionBoard & { readonly end: () => void } {
  /** Everything ever told, so that a unit outside the view can still be found. */
  const known = new Map<string, LivePosition>()
  let shown = new Set<string>()
  const listeners = new Set<(change: PositionChange) => void>()

  const take = ({ full, units, gone }: LivePositions) => {
    if (full) shown = new Set()
    for (const unit of units) {
      known.set(unit.id, unit)
      shown.add(unit.id)
    }
    for (const id of gone ?? []) {
      known.delete(id)
      shown.delete(id)
    }
    for (const listener of listeners) listener({ full: full || (gone?.length ?? 0) > 0, changed: units })
  }

  return {
    get: (id) => known.get(id),
    all: () => [...shown].flatMap((id) => known.get(id) ?? []),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    end: channel.listen({ positions: take }),
  }
}
