import type { Chance } from '../../foundation/core/chance.ts'
import { generateColumns } from './columns.ts'
import { solveMip, type Highs, type RunLimits } from './highs.ts'
import { Master } from './master.ts'
import type { Assignment } from './problem.ts'
import type { RowMemory } from './row-relaxation.ts'

export interface DiveOptions extends RunLimits {
  readonly memory: RowMemory
  /** Only rosters that cost no more than this are of use: a dive ends when it can lead to none. */
  readonly cutoff: number
  readonly chance: Chance
  /** Rounds of pricing after each fixing. */
  readonly rounds: number
  /** Columns that take at least this share are fixed together. */
  readonly share: number
  /** Least share of the employees still free that is fixed at once. */
  readonly atOnce: number
}

const ROUNDING = 1e-6
/** A master is made anew, without what is fixed, when so much of it is. */
const SHRINK_AT = 0.3
const SEEDS_KEPT = 12
/** Share of its time in which a dive means to be through. */
const PACE = 0.8

/**
 * Dives from a master's relaxation to a roster: fixes the rows it is surest of, lets the others answer with new rows,
 * and goes on until every row is fixed (Joncour and others, «Column generation based primal heuristics», 2010).
 * Null: the time was up, or nothing below the cutoff was left. The master given is not changed.
 */
export function dive(highs: Highs, from: Master, options: DiveOptions): Assignment | null {
  const { problem, map } = from
  const { days } = problem
  const roster = from.part.roster?.slice() ?? new Int16Array(problem.employees.length * days)
  const beganAt = options.clock()
  const everyone = from.part.free.length
  let master = shrunk(highs, from, from.part.free, roster)
  let fixed = new Map<number, number>()
  try {
    for (;;) {
      const { bound } = generateColumns(master, {
        ...options,
        ...{ fixed, smoothing: 0 },
        isEnough: (proven, objective) => proven >= objective - ROUNDING || proven > options.cutoff + ROUNDING,
      })
      if (bound > options.cutoff + ROUNDING || !master.solve(options)) return null
      const open = surest(master, fixed, options.chance)
      if (open.length === 0) break
      // A dive that falls behind its time fixes more at once: a roster in the end beats half of a better one.
      const used = (options.clock() - beganAt) / Math.max(1, PACE * (options.untilMilliseconds - beganAt))
      const done = everyone - (master.part.free.length - fixed.size)
      const least = Math.max(1, Math.round(options.atOnce * open.length), Math.round(used * everyone) - done)
      open.forEach(({ column, share }, n) => {
        if (n >= least && share < options.share) return
        master.fix(column)
        const { employee, row } = master.columns[column]!
        fixed.set(employee, column)
        roster.set(row, employee * days)
      })
      const { free } = master.part
      if (fixed.size === free.length) break
      if (fixed.size < SHRINK_AT * free.length || free.length < 6) continue
      const left = free.filter((employee) => !fixed.has(employee))
      const smaller = shrunk(highs, master, left, roster)
      master.dispose()
      master = smaller
      fixed = new Map()
    }
    return fixed.size === master.part.free.length ? roster : null
  } finally {
    master.dispose()
  }

  function shrunk(library: Highs, old: Master, free: readonly number[], stand: Assignment): Master {
    const { fromDay, untilDay } = old.part
    const isWhole = free.length === problem.employees.length && old.part.roster === null
    const fresh = new Master(library, problem, map, {
      ...{ free, fromDay, untilDay },
      roster: isWhole ? null : stand.slice(),
    })
    fresh.add(cheapest(old, free))
    return fresh
  }
}

/** For each employee the columns that are cheapest at the master's prices. */
export function cheapest(master: Master, free: readonly number[], most = SEEDS_KEPT) {
  const ofEmployee = new Map(free.map((employee) => [employee, [] as { column: number; reduced: number }[]]))
  master.columns.forEach(({ employee }, column) =>
    ofEmployee.get(employee)?.push({ column, reduced: master.reducedCost(column, master.duals) }),
  )
  return [...ofEmployee.values()].flatMap((columns) =>
    columns
      .sort((a, b) => a.reduced - b.reduced)
      .slice(0, most)
      .map(({ column }) => master.columns[column]!),
  )
}

/** For each employee still free the column with the greatest share, the surest first. */
function surest(
  { columns, shares }: Master,
  fixed: ReadonlyMap<number, number>,
  chance: Chance,
): { column: number; share: number }[] {
  const best = new Map<number, { column: number; share: number; rank: number }>()
  columns.forEach(({ employee }, column) => {
    const share = shares[column] ?? 0
    if (share < ROUNDING || fixed.has(employee)) return
    // A little chance, so that one dive is not like the next.
    const rank = share * (0.9 + 0.2 * chance.next())
    const known = best.get(employee)
    if (known === undefined || rank > known.rank) best.set(employee, { column, share, rank })
  })
  return [...best.values()].sort((a, b) => b.rank - a.rank)
}

export interface ColumnMipOptions extends RunLimits {
  /** Only rosters that cost no more than this are of use. */
  readonly cutoff: number
  /** What the master's duals prove: columns dearer than `cutoff - bound` above their employee's best are no use. */
  readonly bound: number
  readonly mostColumns: number
}

/** The best roster made of rows that the master has: a whole-number model over the cheapest of them. */
export function solveOverColumns(highs: Highs, master: Master, options: ColumnMipOptions): Assignment | null {
  const { problem, columns, duals, worths, part } = master
  const { days, employees } = problem
  const reduced = columns.map(({ employee }, column) => master.reducedCost(column, duals) - worths[employee]!)
  const limit = options.cutoff - options.bound + ROUNDING
  const chosen = [...columns.keys()]
    .filter((column) => reduced[column]! <= limit)
    .sort((a, b) => reduced[a]! - reduced[b]!)
    .slice(0, options.mostColumns)
  const { clock, untilMilliseconds, shouldStop, cutoff } = options
  const { values } = solveMip(highs, master.wholeModel(chosen), {
    ...{ clock, untilMilliseconds, shouldStop, cutoff },
  })
  if (values === null) return null
  const roster = part.roster?.slice() ?? new Int16Array(employees.length * days)
  let given = 0
  chosen.forEach((column, i) => {
    if (values[master.slackCount + i]! < 0.5) return
    const { employee, row } = columns[column]!
    roster.set(row, employee * days)
    given++
  })
  return given === part.free.length ? roster : null
}
