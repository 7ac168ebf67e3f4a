import { solveMip, type Highs } from './highs.ts'
import { buildModel } from './model.ts'
import type { RosteringProblem, RosterSolution, SolveOptions } from './problem.ts'
import { Standing } from './standing.ts'

/**
 * The best roster to be had in the time, and what is proven of it. `highs` null: without models and bounds.
 */
export function solveRoster(
  problem: RosteringProblem,
  options: SolveOptions,
  highs: Highs | null,
): RosterSolution {
  const standing = new Standing(problem, options)
  if (options.start) standing.offer(options.start)
  if (highs) solveWhole(standing, highs)
  standing.tell()
  return standing.solution
}

/** The whole problem as one model: for small problems, which it proves. */
export function solveWhole(standing: Standing, highs: Highs): void {
  const model = buildModel(standing.problem)
  if (model === null) {
    standing.isInfeasible = true
    return
  }
  const { clock } = standing.options
  const { status, bound, values } = solveMip(highs, model.data, {
    clock,
    untilMilliseconds: clock() + 1_000 * standing.secondsLeft,
    shouldStop: () => standing.isOver,
    ...(standing.assignment ? { start: model.startOf(standing.assignment) } : {}),
    onBetter: (found) => standing.offer(model.rosterOf(found)),
    onBound: (proven) => standing.raiseBound(proven),
  })
  if (values) standing.offer(model.rosterOf(values))
  if (status === 'infeasible') standing.isInfeasible = true
  if (status === 'optimal' && bound !== null) standing.raiseBound(bound)
}
