import type { Chance } from '../../foundation/core/chance.ts'
import type { RosterState } from './search-state.ts'

/**
 * The small moves of the search. Each proposes on the state and says whether it proposed anything; days of one row are
 * set in rising order. What a move may not do, the state finds out.
 */
export type Move = (state: RosterState, chance: Chance) => boolean

/** One shift for one to a few days in a row. */
export const changeBlock: Move = (state, chance) => {
  const { days, employees, placeStart, cellShift } = state.tables
  const employee = chance.below(employees)
  const length = chance.next() < 0.5 ? 1 : 1 + chance.below(Math.min(5, days))
  const first = employee * days + chance.below(days - length + 1)
  const from = placeStart[first]!
  const shift = cellShift[from + chance.below(placeStart[first + 1]! - from)]!
  for (let place = first; place < first + length; place++) if (!state.set(place, shift)) return false
  return state.isChanged
}

/** All shifts of a stretch of work, or its end, become one shift. */
export const recolourRun: Move = (state, chance) => {
  const { days, employees, placeStart, cellShift, isWork } = state.tables
  const employee = chance.below(employees)
  const start = employee * days
  const at = start + chance.below(days)
  if (isWork[state.rows[at]!] === 0) return false
  let first = at
  let last = at
  while (first > start && isWork[state.rows[first - 1]!] === 1) first--
  while (last + 1 < start + days && isWork[state.rows[last + 1]!] === 1) last++
  const kind = chance.below(3)
  if (kind === 1) first = at
  if (kind === 2) last = at
  const from = placeStart[at]!
  const shift = cellShift[from + chance.below(placeStart[at + 1]! - from)]!
  for (let place = first; place <= last; place++) if (!state.set(place, shift)) return false
  return state.isChanged
}

/** A stretch of work begins or ends a day earlier or later; another end of a stretch makes up for it. */
export const shiftEdges: Move = (state, chance) => {
  const { days, employees, isWork } = state.tables
  const start = chance.below(employees) * days
  const from = edge(chance.below(days - 1))
  const to = edge(chance.next() < 0.5 ? from - start + chance.below(9) - 4 : chance.below(days - 1))
  if (from < 0 || to < 0) return false
  // one place loses its work, another gains what its neighbour has
  const lose = isWork[state.rows[from]!] === 1 ? from : from + 1
  const gain = isWork[state.rows[to]!] === 0 ? to : to + 1
  const model = gain === to ? to + 1 : to
  if (lose === gain || lose === model) return false
  const shift = chance.next() < 0.7 ? state.rows[model]! : state.rows[lose]!
  return lose < gain
    ? state.set(lose, 0) && state.set(gain, shift)
    : state.set(gain, shift) && state.set(lose, 0)

  /** The next place from a day on whose follower is of the other kind. */
  function edge(day: number): number {
    for (let place = start + Math.max(0, day); place < start + days - 1; place++)
      if (isWork[state.rows[place]!] !== isWork[state.rows[place + 1]!]) return place
    return -1
  }
}

/** Two stretches of days of one row change places. */
export const exchangeBlocks: Move = (state, chance) => {
  const { days, employees } = state.tables
  const start = chance.below(employees) * days
  const length = 1 + chance.below(Math.min(4, days >> 1))
  const one = chance.below(days - 2 * length + 1)
  const room = Math.min(days - 2 * length - one + 1, 14)
  const other = one + length + chance.below(room)
  const held = heldRows(state, start + one, start + other + length)
  for (let i = 0; i < length; i++) if (!state.set(start + one + i, held[other - one + i]!)) return false
  for (let i = 0; i < length; i++) if (!state.set(start + other + i, held[i]!)) return false
  return state.isChanged
}

/** A stretch of days of two rows changes owners. */
export const exchangeRows: Move = (state, chance) => {
  const { days, employees } = state.tables
  if (employees < 2) return false
  const one = chance.below(employees) * days
  const other = chance.below(employees) * days
  if (one === other) return false
  return exchange(state, chance, one, other, days) && state.isChanged
}

/** Two stretches of days of two rows change owners: what one gives on some days it takes on others. */
export const exchangeRowsTwice: Move = (state, chance) => {
  const { days, employees } = state.tables
  if (employees < 2 || days < 4) return false
  const one = chance.below(employees) * days
  const other = chance.below(employees) * days
  if (one === other) return false
  const middle = 1 + chance.below(days - 2)
  return (
    exchange(state, chance, one, other, middle) &&
    exchange(state, chance, one + middle, other + middle, days - middle) &&
    state.isChanged
  )
}

function exchange(state: RosterState, chance: Chance, one: number, other: number, days: number): boolean {
  const length = 1 + Math.floor(chance.next() ** 2 * Math.min(10, days))
  const first = chance.below(days - length + 1)
  const before = heldRows(state, one + first, one + first + length)
  for (let day = first; day < first + length; day++)
    if (!state.set(one + day, state.rows[other + day]!)) return false
  for (let day = first; day < first + length; day++)
    if (!state.set(other + day, before[day - first]!)) return false
  return true
}

const held = new Int16Array(64)

function heldRows(state: RosterState, from: number, until: number): Int16Array {
  for (let place = from; place < until; place++) held[place - from] = state.rows[place]!
  return held
}

const times = (count: number, move: Move) => Array.from({ length: count }, () => move)

/** All moves; each stands here as often as it shall be tried beside the others. */
export const MOVES: readonly Move[] = [
  ...times(3, changeBlock),
  ...times(2, recolourRun),
  ...times(4, shiftEdges),
  ...times(2, exchangeBlocks),
  ...times(6, exchangeRows),
  ...times(2, exchangeRowsTwice),
]
