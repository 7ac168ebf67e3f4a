import type { Chance } from '../../foundation/core/chance.ts'
import { generateColumns } from './columns.ts'
import type { DemandMap } from './demand-map.ts'
import { cheapest, dive, solveOverColumns } from './dive.ts'
import type { Highs, RunLimits } from './highs.ts'
import { Master, type MasterPart } from './master.ts'
import type { Assignment, RosteringProblem } from './problem.ts'
import type { RowMemory } from './row-relaxation.ts'
import type { Standing } from './standing.ts'

/** What the improving stages share: the library, what pricing has learnt, and the relaxation of the whole if solved. */
export interface Tools {
  readonly highs: Highs
  readonly map: DemandMap
  readonly memory: RowMemory
  readonly chance: Chance
  readonly whole: Master | null
}

const FEWEST_FREE = 3
const FIRST_FREE = 7
/** A part that takes longer than this is too large for the instance and the machine; one far quicker, too small. */
const PATIENCE_MILLISECONDS = 3_000
const QUICK_MILLISECONDS = 1_200
const LONG_HORIZON_DAYS = 70
const WINDOW_DAYS = 28
const MIP_MILLISECONDS = 1_500
const MOST_COLUMNS = 1_500
const DIVING = { rounds: 25, share: 0.9, atOnce: 0.1 } as const

/**
 * Frees a few employees (over a part of the days where the horizon is long), leaves all others as they are, and looks
 * for something better there by columns: the bound of the part tells soon when there is nothing. Large neighbourhood
 * search (Shaw, 1998) whose neighbourhoods are solved nearly to the end; their size follows what the time allows.
 */
export function improveByParts(standing: Standing, tools: Tools, untilMilliseconds: number): void {
  const { problem } = standing
  const { clock } = standing.options
  let size = Math.min(FIRST_FREE, problem.employees.length)
  while (!standing.isOver && clock() < untilMilliseconds) {
    const began = clock()
    const part = choosePart(problem, standing.assignment!, Math.round(size), tools)
    const limits: RunLimits = {
      clock,
      untilMilliseconds: Math.min(untilMilliseconds, began + 2 * PATIENCE_MILLISECONDS),
      shouldStop: () => standing.isOver,
    }
    const better = solvePart(problem, part, standing.cutoff, tools, limits)
    if (better) standing.offer(better)
    const took = clock() - began
    if (took > PATIENCE_MILLISECONDS) size = Math.max(FEWEST_FREE, size * 0.85)
    else if (took < QUICK_MILLISECONDS) size = Math.min(problem.employees.length, size * 1.05)
  }
}

/** The best of a part that costs no more than the cutoff, or null. */
export function solvePart(
  problem: RosteringProblem,
  part: MasterPart,
  cutoff: number,
  { highs, map, memory, chance, whole }: Tools,
  limits: RunLimits,
): Assignment | null {
  const { days } = problem
  const master = new Master(highs, problem, map, part)
  try {
    master.add(
      part.free.map((employee) => ({
        employee,
        row: part.roster!.slice(employee * days, (employee + 1) * days),
      })),
    )
    const isWindow = part.fromDay > 0 || part.untilDay < days
    if (whole !== null && !isWindow) master.add(cheapest(whole, part.free))
    const { bound, isConverged } = generateColumns(master, {
      ...limits,
      ...{ memory, rounds: 200, smoothing: 0.3 },
      isEnough: (proven, objective) => proven > cutoff + 1e-6 || proven >= objective - 1e-6,
    })
    if (!isConverged || bound > cutoff + 1e-6) return null
    const options = { ...limits, memory, chance, cutoff, ...DIVING }
    return (
      dive(highs, master, options) ??
      solveOverColumns(highs, master, {
        ...{ ...limits, cutoff, bound, mostColumns: MOST_COLUMNS },
        untilMilliseconds: Math.min(limits.untilMilliseconds, limits.clock() + MIP_MILLISECONDS),
      })
    )
  } finally {
    master.dispose()
  }
}

/** Some employees: by chance, or those who have to do with a demand that is not met as wished. */
function choosePart(
  problem: RosteringProblem,
  roster: Assignment,
  size: number,
  { map, chance }: Tools,
): MasterPart {
  const { employees, days } = problem
  const missed = missedDemands(problem, roster, map)
  const target = missed.length > 0 && chance.next() < 0.7 ? chance.pick(missed) : null
  const fromDay = windowStart(problem, target, chance)
  const window = {
    fromDay: fromDay ?? 0,
    untilDay: fromDay === null ? days : Math.min(days, fromDay + WINDOW_DAYS),
  }
  // Within a window rows are short, so that there is room for more of them.
  const wanted = Math.min(employees.length, fromDay === null ? size : 2 * size)
  const free = new Set<number>()
  if (target !== null) {
    const [term] = problem.demands[target]!.terms
    const concerned = [...employees.keys()].filter(
      (e) =>
        term !== undefined &&
        employees[e]!.domain[term.day]!.includes(term.shift) &&
        (term.group === null || problem.groups[term.group]!.includes(e)),
    )
    while (free.size < Math.min(wanted / 2, concerned.length)) free.add(chance.pick(concerned))
  }
  while (free.size < wanted) free.add(chance.below(employees.length))
  return { free: [...free], roster, ...window }
}

/** Null: the whole horizon. */
function windowStart(
  { days, demands }: RosteringProblem,
  target: number | null,
  chance: Chance,
): number | null {
  if (days <= LONG_HORIZON_DAYS) return null
  const day = target === null ? undefined : demands[target]!.terms[0]?.day
  const middle = day ?? chance.below(days)
  return Math.max(0, Math.min(days - WINDOW_DAYS, middle - chance.below(WINDOW_DAYS)))
}

function missedDemands({ demands, employees, days }: RosteringProblem, roster: Assignment, map: DemandMap) {
  const sums = new Float64Array(demands.length)
  employees.forEach((_, e) => map.serve(e, roster.subarray(e * days, (e + 1) * days), sums))
  return demands.flatMap(({ low, high, underCost, overCost }, d) =>
    (sums[d]! < low && underCost > 0) || (sums[d]! > high && overCost > 0) ? [d] : [],
  )
}
