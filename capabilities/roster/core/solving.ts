import type { Highs } from '../../../solvers/rostering/highs.ts'
import type { RosterProgress } from '../../../solvers/rostering/problem.ts'
import { solveRoster } from '../../../solvers/rostering/solve.ts'
import { nameConflict, type Conflict } from './conflict.ts'
import { modelRoster } from './model.ts'
import { openGround } from './options.ts'
import { mendAround } from './mend.ts'
import type { RosterAbsence, RosterGrid, RosterGround } from './roster.ts'

/** A roster to be found, as plain data for a thread. */
export interface RosterJob {
  readonly ground: RosterGround
  /** Where to start from; null: from nothing. */
  readonly start: RosterGrid | null
  readonly seconds: number
  readonly seed: number
  /** Who cannot come, of the published roster that `start` is: it is mended around them, as little as can be. */
  readonly mend?: readonly RosterAbsence[]
  /** For naming the rules that leave no roster, once it is proven that there is none. */
  readonly conflictSeconds: number
}

/** `grid` null: none was found in the time, or it is proven that there is none, and then `conflict` says why. */
export interface RosterAnswer {
  readonly grid: RosterGrid | null
  readonly objective: number | null
  readonly bound: number | null
  readonly seconds: number
  readonly isInfeasible: boolean
  readonly conflict: Conflict | null
}

/** How a search is watched and held. */
export interface RosterWatch {
  /** Monotonic, in milliseconds. */
  readonly clock: () => number
  readonly shouldStop: () => boolean
  readonly onProgress: (progress: RosterProgress) => void
}

/** The best roster of a ground to be had in the time, what is proven of it, or the rules that leave none. */
export function answerRoster(job: RosterJob, watch: RosterWatch, highs: Highs): RosterAnswer {
  if (job.mend && job.start) return answerMending(job, job.start, job.mend, watch, highs)
  const model = modelRoster(openGround(job.ground))
  const { assignment, ...found } = solveRoster(
    model.problem,
    {
      ...{ seconds: job.seconds, seed: job.seed, ...watch },
      ...(job.start ? { start: model.toAssignment(job.start) } : {}),
    },
    highs,
  )
  const until = watch.clock() + 1_000 * job.conflictSeconds
  const shouldStop = () => watch.shouldStop() || watch.clock() >= until
  // A search that finds nothing proves nothing; station by station it often can be proven that there is nothing.
  const conflict = assignment ? null : nameConflict(job.ground, { clock: watch.clock, shouldStop }, highs)
  return {
    grid: assignment ? model.toGrid(assignment) : null,
    objective: found.objective,
    bound: found.bound,
    seconds: found.seconds,
    isInfeasible: found.isInfeasible || conflict !== null,
    conflict,
  }
}

function answerMending(
  { ground, seconds, seed }: RosterJob,
  published: RosterGrid,
  absences: readonly RosterAbsence[],
  watch: RosterWatch,
  highs: Highs,
): RosterAnswer {
  const mending = mendAround(ground, published, absences)
  const { assignment, ...found } = solveRoster(
    mending.narrow.problem,
    { ...{ seconds, seed }, ...watch },
    highs,
  )
  return { ...found, grid: assignment ? mending.toGrid(assignment) : null, conflict: null }
}
