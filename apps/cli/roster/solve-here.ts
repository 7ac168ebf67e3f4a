import { loadHighs } from '../../../foundation/server/load-highs.ts'
import type { Highs } from '../../../solvers/rostering/highs.ts'
import { solveRoster } from '../../../solvers/rostering/solve.ts'
import { wallMilliseconds, type SolveJob, type SolveNews } from './solve-job.ts'

/** Solves in the thread that calls. */
export async function solveHere(job: SolveJob, tell: (news: SolveNews) => void): Promise<void> {
  const highs: Highs = await loadHighs()
  const { isInfeasible } = solveRoster(
    job.problem,
    {
      seconds: (job.untilMilliseconds - wallMilliseconds()) / 1_000,
      seed: job.seed,
      clock: () => performance.now(),
      shouldStop: () => false,
      onProgress: ({ objective, bound }) => tell({ kind: 'progress', objective, bound }),
      onBetter: (assignment, objective) => tell({ kind: 'better', assignment, objective }),
    },
    highs,
  )
  tell({ kind: 'done', isInfeasible })
}
