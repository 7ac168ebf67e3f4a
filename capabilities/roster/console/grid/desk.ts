import { addDays, daysBetween } from '../../../../foundation/core/day.ts'
import { createStore, type Store } from '../../../../foundation/ui/store/store.ts'
import {
  findOption,
  openCheck,
  type CellChange,
  type CheckDifference,
  type RosterBreach,
  type RosterGround,
} from '../../core/index.ts'
import type { CellAt, CellEdit } from './moves.ts'

export type Cells = readonly (readonly string[])[]

interface Edit extends CellAt {
  readonly from: string
  readonly to: string
}

/** A cell that somebody else changed while it was being changed here. */
export interface CellConflict extends CellAt {
  readonly was: string
  readonly theirs: string
  readonly mine: string
}

export interface DeskState {
  readonly cells: Cells
  readonly breaches: ReadonlyMap<string, RosterBreach>
  /** What the last step did to the rules; null before one. */
  readonly told: CheckDifference | null
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Cells that differ from what is stored. */
  readonly pending: readonly CellEdit[]
  readonly conflicts: readonly CellConflict[]
}

/** A roster on the desk: edits that are not stored yet, each judged by the rules as it is made. */
export interface RosterDesk {
  readonly state: Store<DeskState>
  /** What these edits would break and mend. Nothing is kept. */
  try(edits: readonly CellEdit[]): CheckDifference
  make(edits: readonly CellEdit[]): void
  undo(): void
  redo(): void
  /** Forgets every edit that is not stored. */
  discard(): void
  /** The server has other cells by now: mine stay, and those that both changed are listed. */
  rebase(stored: Cells): void
  settle(conflict: CellConflict, take: 'mine' | 'theirs'): void
  /** The edits of a save are stored; what was edited since then is still pending. */
  saved(edits: readonly CellEdit[]): void
  /** The pending edits as the server takes them. */
  changes(): readonly { readonly officerId: string; readonly date: string; readonly option: string }[]
}

const breachKey = (breach: RosterBreach): string => JSON.stringify(breach)

/** Opens the cells of a roster for editing under a ground's rules. Throws RangeError where their sizes differ. */
export function openDesk(ground: RosterGround, stored: Cells): RosterDesk {
  const check = openCheck(
    ground,
    stored.map((row) => row.map((key) => findOption(key) ?? { kind: 'off' as const })),
  )
  let base = stored
  let done: readonly (readonly Edit[])[] = []
  let undone: readonly (readonly Edit[])[] = []
  let breaches = new Map(check.breaches().map((breach) => [breachKey(breach), breach]))
  const state = createStore<DeskState>({
    cells: stored,
    breaches,
    told: null,
    canUndo: false,
    canRedo: false,
    pending: [],
    conflicts: [],
  })

  const changeOf = ({ officer, day, key }: CellEdit): CellChange => ({
    officerId: ground.officers[officer]!.id,
    date: addDays(ground.fromDate, day),
    option: findOption(key) ?? { kind: 'off' },
  })

  const show = (cells: Cells, told: CheckDifference | null, conflicts: readonly CellConflict[]) =>
    state.set({
      cells,
      breaches,
      told,
      canUndo: done.length > 0,
      canRedo: undone.length > 0,
      pending: differences(base, cells),
      conflicts,
    })

  /** Puts cells so and tells what that did to the rules. */
  const put = (edits: readonly CellEdit[]): { cells: Cells; told: CheckDifference } => {
    const told = check.apply(edits.map(changeOf))
    breaches = new Map(breaches)
    for (const breach of told.removed) breaches.delete(breachKey(breach))
    for (const breach of told.added) breaches.set(breachKey(breach), breach)
    return { cells: withEdits(state.get().cells, edits), told }
  }

  const forward = (step: readonly Edit[]): readonly CellEdit[] =>
    step.map(({ to, ...at }) => ({ officer: at.officer, day: at.day, key: to }))
  const backward = (step: readonly Edit[]): readonly CellEdit[] =>
    step.map(({ from, ...at }) => ({ officer: at.officer, day: at.day, key: from }))

  return {
    state,
    try: (edits) => check.try(edits.map(changeOf)),
    make(edits) {
      const { cells, conflicts } = state.get()
      const step = edits
        .map(({ officer, day, key }): Edit => ({ officer, day, from: cells[officer]![day]!, to: key }))
        .filter(({ from, to }) => from !== to)
      if (step.length === 0) return
      const next = put(forward(step))
      done = [...done, step]
      undone = []
      show(next.cells, next.told, conflicts)
    },
    undo() {
      const step = done.at(-1)
      if (!step) return
      const next = put(backward(step))
      done = done.slice(0, -1)
      undone = [...undone, step]
      show(next.cells, next.told, state.get().conflicts)
    },
    redo() {
      const step = undone.at(-1)
      if (!step) return
      const next = put(forward(step))
      undone = undone.slice(0, -1)
      done = [...done, step]
      show(next.cells, next.told, state.get().conflicts)
    },
    discard() {
      const { cells } = state.get()
      const back = differences(cells, base)
      done = []
      undone = []
      const next = back.length > 0 ? put(back) : { cells, told: null }
      show(next.cells, null, [])
    },
    rebase(next) {
      const mine = state.get().pending
      const conflicts = mine.flatMap(({ officer, day, key }): CellConflict[] => {
        const [was, theirs] = [base[officer]![day]!, next[officer]![day]!]
        return theirs === was || theirs === key ? [] : [{ officer, day, was, theirs, mine: key }]
      })
      base = next
      const wanted = withEdits(next, mine)
      const edits = differences(state.get().cells, wanted)
      const put_ = edits.length > 0 ? put(edits) : { cells: state.get().cells, told: null }
      // Steps before this would undo over cells that are others' by now: mine become one step.
      const step = differences(next, put_.cells).map(({ officer, day, key }): Edit => ({
        officer,
        day,
        from: next[officer]![day]!,
        to: key,
      }))
      done = step.length > 0 ? [step] : []
      undone = []
      show(put_.cells, put_.told, conflicts)
    },
    settle(conflict, take) {
      const { conflicts, cells, told } = state.get()
      const left = conflicts.filter((each) => each !== conflict)
      if (take === 'mine') return show(cells, told, left)
      const { officer, day, theirs } = conflict
      const next = put([{ officer, day, key: theirs }])
      done = done
        .map((step) => step.filter((edit) => edit.officer !== officer || edit.day !== day))
        .filter((step) => step.length > 0)
      undone = []
      show(next.cells, next.told, left)
    },
    saved(edits) {
      base = withEdits(base, edits)
      const { cells, told, conflicts } = state.get()
      if (differences(base, cells).length === 0) done = []
      undone = []
      show(cells, told, conflicts)
    },
    changes: () =>
      state.get().pending.map((edit) => ({
        officerId: ground.officers[edit.officer]!.id,
        date: addDays(ground.fromDate, edit.day),
        option: edit.key,
      })),
  }
}

/** The cells of `to` that are others in `from`. */
export function differences(from: Cells, to: Cells): readonly CellEdit[] {
  return to.flatMap((row, officer) =>
    row === from[officer]
      ? []
      : row.flatMap((key, day) => (from[officer]![day] === key ? [] : [{ officer, day, key }])),
  )
}

/** The same cells with some changed; rows without a change stay the same objects. */
export function withEdits(cells: Cells, edits: readonly CellEdit[]): Cells {
  const rows = new Map<number, string[]>()
  for (const { officer, day, key } of edits) {
    const row = rows.get(officer) ?? [...cells[officer]!]
    row[day] = key
    rows.set(officer, row)
  }
  return cells.map((row, officer) => rows.get(officer) ?? row)
}

/** Breaches by the cell they stand on: `officer index/day`; those of nobody in particular by `organisation/day`. */
export function breachesByPlace(
  ground: Pick<RosterGround, 'officers' | 'fromDate'>,
  breaches: Iterable<RosterBreach>,
): ReadonlyMap<string, readonly RosterBreach[]> {
  const index = new Map(ground.officers.map(({ id }, officer) => [id, officer]))
  const places = new Map<string, RosterBreach[]>()
  for (const breach of breaches) {
    const day = daysBetween(ground.fromDate, breach.date)
    const place =
      breach.officerId === null
        ? `${breach.organisationId ?? ''}/${day}`
        : `${index.get(breach.officerId) ?? ''}/${day}`
    const known = places.get(place)
    if (known) known.push(breach)
    else places.set(place, [breach])
  }
  return places
}
