/** One cell of the month: a row of the ground's officers and a day from its first. */
export interface CellAt {
  readonly officer: number
  readonly day: number
}

/** What dropping a cell on another does. */
export type DropMode = 'swap' | 'copy' | 'move'

/** Ctrl or ⌘ copies, Shift moves; without a key the two change places. */
export function dropMode(keys: {
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
}): DropMode {
  return keys.ctrlKey || keys.metaKey ? 'copy' : keys.shiftKey ? 'move' : 'swap'
}

export interface CellEdit extends CellAt {
  readonly key: string
}

/** A cell that only an absence may fill: it is nobody's to move. */
export const isFixed = (key: string): boolean => key === 'leave' || key === 'training'

/**
 * The edits of a drop. None where it would change nothing, or where either cell is leave or training, which come
 * from absences alone.
 */
export function dropEdits(
  mode: DropMode,
  from: CellAt,
  to: CellAt,
  keyAt: (at: CellAt) => string,
): readonly CellEdit[] {
  if (from.officer === to.officer && from.day === to.day) return []
  const [held, there] = [keyAt(from), keyAt(to)]
  if (isFixed(held) || isFixed(there) || (held === there && mode !== 'move')) return []
  const edits: readonly CellEdit[] = [
    { ...to, key: held },
    ...(mode === 'copy' ? [] : [{ ...from, key: mode === 'swap' ? there : 'off' }]),
  ]
  return edits.filter((edit) => keyAt(edit) !== edit.key)
}

/** A place on the screen: a line of those shown, and a day. */
export interface LineAt {
  readonly line: number
  readonly day: number
}

interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

/** Where a key leads from a place, over group lines to the next officer. Null where the key leads nowhere. */
export function stepTo(
  { key, ctrlKey, metaKey }: Press,
  at: LineAt,
  view: {
    readonly days: number
    readonly lines: number
    readonly page: number
    isOfficer(line: number): boolean
  },
): LineAt | null {
  const far = ctrlKey || metaKey
  const along = (by: number): LineAt => {
    const wanted = Math.max(0, Math.min(view.lines - 1, at.line + by))
    const way = by < 0 ? -1 : 1
    for (let line = wanted; line >= 0 && line < view.lines; line += way)
      if (view.isOfficer(line)) return { line, day: at.day }
    for (let line = wanted; line >= 0 && line < view.lines; line -= way)
      if (view.isOfficer(line)) return { line, day: at.day }
    return at
  }
  switch (key) {
    case 'ArrowLeft':
      return { ...at, day: far ? 0 : Math.max(0, at.day - 1) }
    case 'ArrowRight':
      return { ...at, day: far ? view.days - 1 : Math.min(view.days - 1, at.day + 1) }
    case 'ArrowUp':
      return along(far ? -view.lines : -1)
    case 'ArrowDown':
      return along(far ? view.lines : 1)
    case 'PageUp':
      return along(-view.page)
    case 'PageDown':
      return along(view.page)
    case 'Home':
      return far ? { ...along(-view.lines), day: 0 } : { ...at, day: 0 }
    case 'End':
      return far ? { ...along(view.lines), day: view.days - 1 } : { ...at, day: view.days - 1 }
    default:
      return null
  }
}
