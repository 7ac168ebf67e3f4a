import { seededChance } from '../../foundation/core/chance.ts'
import { generateColumns } from './columns.ts'
import { DemandMap } from './demand-map.ts'
import { dive } from './dive.ts'
import { solveMip, type Highs } from './highs.ts'
import { improveByParts, type Tools } from './improve.ts'
import { Master, wholeOf } from './master.ts'
import { buildModel } from './model.ts'
import type { RosteringProblem, RosterSolution, SolveOptions } from './problem.ts'
import type { RowMemory } from './row-relaxation.ts'
import { searchRoster } from './search.ts'
import { Standing } from './standing.ts'

/**
 * The best roster to be had in the time, and what is proven of it. `highs` null: by search alone, without bounds.
 * Every stage brings what it finds to the standing, which takes nothing that the checker refuses; each ends early when
 * the objective has met the bound.
 */
export function solveRoster(
  problem: RosteringProblem,
  options: SolveOptions,
  highs: Highs | null,
): RosterSolution {
  const standing = new Standing(problem, options)
  const work = new Work(standing, highs)
  for (const stage of STAGES) {
    if (standing.isOver) break
    stage(work)
  }
  work.whole?.dispose()
  standing.tell()
  return standing.solution
}

class Work {
  readonly standing: Standing
  readonly highs: Highs | null
  readonly map: DemandMap
  readonly memory: RowMemory = new Map()
  readonly chance
  /** The relaxation of the whole problem, once it is solved. */
  whole: Master | null = null

  constructor(standing: Standing, highs: Highs | null) {
    this.standing = standing
    this.highs = highs
    this.map = new DemandMap(standing.problem)
    this.chance = seededChance(standing.options.seed)
  }

  /** Holds a stage to a share of all the time, and to the end. */
  limits(share: number) {
    const { standing } = this
    const { clock, seconds } = standing.options
    const left = Math.min(standing.secondsLeft, share * seconds)
    return { clock, untilMilliseconds: clock() + 1_000 * left, shouldStop: () => standing.isOver }
  }

  tools(highs: Highs): Tools {
    const { map, memory, chance, whole } = this
    return { highs, map, memory, chance, whole }
  }
}

type Stage = (work: Work) => void

const STAGES: readonly Stage[] = [
  takeStart,
  proveFixed,
  searchFirst,
  relaxWhole,
  diveFromWhole,
  proveSmall,
  improve,
]

const ROUNDING = 1e-6
/** Shares of the time that a stage may take at most. */
const FIRST_SHARE = 0.03
const RELAX_SHARE = 0.35
const DIVE_SHARE = 0.4
const PROVE_SHARE = 0.3
const DIVING = { rounds: 20, share: 0.9, atOnce: 0 } as const
/** Yes-or-no choices up to which the whole model is worth the time that a proof takes. */
const MOST_CHOICES_PROVEN = 2_500
/** Of a problem that leaves less than this share of its cells open, the whole model is solved sooner than searched. */
const MOST_OPEN = 0.6
const PROVE_FIXED_SHARE = 0.6
/** Open choices up to which nothing but the whole model is worth trying there: a roster mended around a few cells. */
const FEW_OPEN_CHOICES = 10_000
/** Cells times shifts above which the relaxation of the whole is out of reach, and search wants long turns. */
const LARGE = 150_000
const TURN_SHARE = 0.04
const LONG_TURN_SHARE = 0.25
const LEAST_TURN_SECONDS = 1
/** How much of the newest turn goes into what is thought of a way; how often another way is tried all the same. */
const LEARNING = 0.5
const TRY_OTHERS = 0.25

function takeStart({ standing }: Work): void {
  if (standing.options.start) standing.offer(standing.options.start)
}

/**
 * Where a pattern settles most cells, employees hardly bind each other and the relaxation is close: the whole model of
 * 500 employees and 28 days is proven optimal in seconds (docs/decisions/0011), which no search can do.
 */
function proveFixed(work: Work): void {
  const { standing, highs } = work
  const { employees, days } = standing.problem
  const open = employees.flatMap(({ domain }) => domain.filter((shifts) => shifts.length > 1))
  if (highs === null || open.length > MOST_OPEN * employees.length * days) return
  const choices = open.reduce((sum, shifts) => sum + shifts.length, 0)
  const share = choices <= FEW_OPEN_CHOICES ? 1 : PROVE_FIXED_SHARE
  solveWhole(standing, highs, work.limits(share).untilMilliseconds)
}

/** A first valid roster, however long it takes: a short search, or else one that goes on until it has one. */
function searchFirst(work: Work): void {
  const { standing } = work
  if (!isLarge(standing.problem))
    search(work, Math.max(LEAST_TURN_SECONDS, FIRST_SHARE * standing.options.seconds))
  if (standing.assignment === null && !standing.isOver) search(work, standing.secondsLeft, true)
}

/** Local search from the best so far, or from nothing. */
function search({ standing, chance }: Work, seconds: number, isFirstEnough = false): void {
  const { options, problem, assignment } = standing
  let isFound = false
  const result = searchRoster(problem, {
    ...{
      clock: options.clock,
      seed: chance.below(2 ** 31),
      seconds: Math.min(seconds, standing.secondsLeft),
    },
    shouldStop: () => standing.isOver || (isFirstEnough && isFound),
    onBetter: (found) => standing.offer(found),
    onProgress: ({ objective }) => {
      isFound = objective !== null
    },
    ...(assignment ? { start: assignment } : {}),
  })
  if (result.assignment) standing.offer(result.assignment)
  else if (result.isInfeasible) standing.isInfeasible = true
}

/** The relaxation over whole rows: its bound is that of column generation, and its rows are what dives begin with. */
function relaxWhole(work: Work): void {
  const { standing, highs, map, memory } = work
  if (highs === null || isLarge(standing.problem)) return
  const { problem } = standing
  const master = new Master(highs, problem, map, wholeOf(problem))
  const { isConverged } = generateColumns(master, {
    ...work.limits(RELAX_SHARE),
    ...{ memory, rounds: 10_000, smoothing: 0.5 },
    onBound: (bound) => standing.raiseBound(bound),
    isEnough: (bound, objective) => standing.rounded(bound) >= objective - ROUNDING,
  })
  if (isConverged) work.whole = master
  else master.dispose()
}

function diveFromWhole(work: Work): void {
  const { standing, highs, whole, memory, chance } = work
  if (highs === null || whole === null) return
  const roster = dive(highs, whole, {
    ...{ ...work.limits(DIVE_SHARE), memory, chance, cutoff: standing.cutoff },
    ...DIVING,
  })
  if (roster) standing.offer(roster)
}

/** The whole problem as one model, where it is small enough to be proven so. */
function proveSmall(work: Work): void {
  const { standing, highs } = work
  if (highs === null || choicesOf(standing.problem) > MOST_CHOICES_PROVEN) return
  solveWhole(standing, highs, work.limits(PROVE_SHARE).untilMilliseconds)
}

/** The whole problem as one model, until the moment given, else to the end of the time. */
export function solveWhole(standing: Standing, highs: Highs, until?: number): void {
  const model = buildModel(standing.problem)
  if (model === null) {
    standing.isInfeasible = true
    return
  }
  const { clock } = standing.options
  const untilMilliseconds = until ?? clock() + 1_000 * standing.secondsLeft
  const { status, bound, values } = solveMip(highs, model.data, {
    ...{ clock, untilMilliseconds, shouldStop: () => standing.isOver },
    ...(standing.assignment ? { start: model.startOf(standing.assignment) } : {}),
    onBetter: (found) => standing.offer(model.rosterOf(found)),
    onBound: (proven) => standing.raiseBound(proven),
  })
  if (values) standing.offer(model.rosterOf(values))
  if (status === 'infeasible') standing.isInfeasible = true
  if (status === 'optimal' && bound !== null) standing.raiseBound(bound)
}

/** Ways to better a roster, in turns: the one that has gained most a second lately, and the others now and then. */
function improve(work: Work): void {
  const { standing, highs, whole, chance } = work
  const share = isLarge(standing.problem) ? LONG_TURN_SHARE : TURN_SHARE
  const seconds = Math.max(LEAST_TURN_SECONDS, share * standing.options.seconds)
  const ways = [
    { gain: Infinity, run: () => search(work, seconds) },
    ...(highs
      ? [
          {
            gain: Infinity,
            run: () =>
              improveByParts(standing, work.tools(highs), standing.options.clock() + 1_000 * seconds),
          },
        ]
      : []),
    ...(whole ? [{ gain: Infinity, run: () => diveFromWhole(work) }] : []),
  ]
  while (!standing.isOver) {
    const way =
      chance.next() < TRY_OTHERS
        ? chance.pick(ways)
        : ways.reduce((best, other) => (other.gain > best.gain ? other : best))
    const before = standing.objective ?? Infinity
    const began = standing.secondsLeft
    way.run()
    const gained = before - (standing.objective ?? Infinity)
    const gain = Number.isNaN(gained) ? 0 : gained / Math.max(0.01, began - standing.secondsLeft)
    way.gain = way.gain === Infinity ? gain : (1 - LEARNING) * way.gain + LEARNING * gain
  }
}

const isLarge = ({ employees, days, shifts }: RosteringProblem): boolean =>
  employees.length * days * shifts.length > LARGE

const choicesOf = ({ employees }: RosteringProblem): number =>
  employees.reduce(
    (sum, { domain }) => sum + domain.reduce((choices, open) => choices + open.length - 1, 0),
    0,
  )
