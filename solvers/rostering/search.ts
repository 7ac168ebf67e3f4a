import { seededChance } from '../../foundation/core/chance.ts'
import { firstRoster } from './first-roster.ts'
import { MOVES } from './moves.ts'
import type { Assignment, RosteringProblem, RosterSolution, SolveOptions } from './problem.ts'
import { reviseRow, type RowRevision } from './revise-row.ts'
import { RosterState } from './search-state.ts'
import { searchTables } from './search-tables.ts'
import { priceUnit, temperatures } from './temperature.ts'

export interface SearchOptions extends SolveOptions {
  /** 0: only polish; 1: begin as hot as if nothing were known. Without it: 1, or little where there is a start. */
  readonly heat?: number
}

/** Share of the time for whole rows, while hot and while cold; the rest is for small moves. */
export const SHARES = { hot: 0.3, cold: 0.1 }
const HEAT_FROM_START = 0.2
/** A missed hard demand against a usual price, and how fast it rises while it stays missed. */
const HARD_WEIGHT = 15
const HARDER = 1.3
/** Below 1: the middle of the way down is passed sooner, and more time is left for the small differences. */
const SOONER_COLD = 0.6
const MOVES_AT_A_TIME = 200
const PROGRESS_SECONDS = 0.5

/**
 * Anytime search. Rows always keep their own rules; simulated annealing over small moves settles who does what, and
 * now and then one whole row is made anew by `bestRow`, which small moves would need many bad steps for. The least
 * costly roster that misses no hard demand is kept. The same seed and a clock that tells the same give the same roster.
 */
export function searchRoster(problem: RosteringProblem, options: SearchOptions): RosterSolution {
  const begunAt = options.clock()
  const elapsed = () => (options.clock() - begunAt) / 1000
  const isOver = () => elapsed() >= options.seconds || options.shouldStop()
  const chance = seededChance(options.seed)
  const tables = searchTables(problem)
  const revision: RowRevision = {
    problem,
    memory: new Map(),
    prices: new Float64Array(tables.days * tables.shifts),
  }
  const hardWeight = HARD_WEIGHT * priceUnit(tables)
  const first = firstRoster(problem, tables, hardWeight, revision.memory, options.start, isOver)
  if (first.rows === null) return solution(null, Infinity, first.isProven)

  const state = new RosterState(tables, first.rows, hardWeight)
  let best: Assignment | null = null
  let bestCost = Infinity
  let toldCost = Infinity
  keepBest()
  tell(-Infinity)

  reviseAllRows()
  const scale = temperatures(state, chance)
  repairDemands(scale.cold)
  anneal(
    scale.cold * (scale.hot / scale.cold) ** (options.heat ?? (options.start ? HEAT_FROM_START : 1)),
    scale.cold,
  )
  tell(-Infinity)
  return solution(best, bestCost, false)

  /** Each row in turn takes its best answer to the others, until none has a better one. */
  function reviseAllRows(): void {
    for (let isBetter = true; isBetter && !isOver();) {
      isBetter = false
      for (let e = 0; e < tables.employees && !isOver(); e++) {
        if (reviseRow(state, revision, e, null) === 'taken') isBetter = true
        keepBest()
      }
    }
  }

  /** Cold moves only, while what is missed grows dearer, until nothing hard is missed. */
  function repairDemands(temperature: number): void {
    let toldAt = elapsed()
    for (let round = 0; state.missed > 0 && !isOver(); round++) {
      smallMoves(temperature, () => state.missed === 0)
      for (let i = 0; i < 3 && state.missed > 0; i++) wholeRow(temperature)
      if (round % 50 === 49) state.weighMissed(HARDER)
      toldAt = tell(toldAt)
    }
  }

  function anneal(hot: number, cold: number): void {
    const from = elapsed()
    let rowSeconds = 0
    let toldAt = from
    let weighedAt = from
    for (let now = from; now < options.seconds && !options.shouldStop(); now = elapsed()) {
      const done = (now - from) / (options.seconds - from)
      const temperature = hot * (cold / hot) ** (done ** SOONER_COLD)
      const share = SHARES.hot + (SHARES.cold - SHARES.hot) * done
      if (rowSeconds < share * (now - from)) {
        wholeRow(temperature)
        rowSeconds += elapsed() - now
      } else smallMoves(temperature, () => false)
      toldAt = tell(toldAt)
      if (now - weighedAt > PROGRESS_SECONDS) {
        weighedAt = now
        state.weighMissed(HARDER)
      }
    }
  }

  function wholeRow(temperature: number): void {
    reviseRow(state, revision, chance.below(tables.employees), { temperature, chance })
    keepBest()
  }

  function smallMoves(temperature: number, isEnough: () => boolean): void {
    for (let i = 0; i < MOVES_AT_A_TIME && !isEnough(); i++) {
      if (!MOVES[chance.below(MOVES.length)]!(state, chance)) {
        state.drop()
        continue
      }
      const delta = state.weigh()
      if (delta <= 0 || (delta < Infinity && chance.next() < Math.exp(-delta / temperature))) {
        state.take()
        if (delta < 0) keepBest()
      } else state.drop()
    }
  }

  function keepBest(): void {
    if (state.missed > 0 || state.cost >= bestCost - 1e-9) return
    bestCost = state.cost
    if (best === null) best = state.rows.slice()
    else best.set(state.rows)
  }

  function tell(toldAt: number): number {
    const seconds = elapsed()
    if (seconds - toldAt < PROGRESS_SECONDS) return toldAt
    if (best !== null && bestCost < toldCost) {
      toldCost = bestCost
      options.onBetter?.(best.slice(), bestCost)
    }
    options.onProgress({
      seconds,
      objective: best === null ? null : bestCost,
      bound: null,
      breaches: best === null ? state.missed : 0,
    })
    return seconds
  }

  function solution(assignment: Assignment | null, cost: number, isInfeasible: boolean): RosterSolution {
    const objective = assignment === null ? null : cost
    return { assignment, objective, bound: null, isInfeasible, seconds: elapsed() }
  }
}
