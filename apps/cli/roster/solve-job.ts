import type { Assignment, RosteringProblem } from '../../../solvers/rostering/problem.ts'

/** `until` is a moment of the wall clock in epoch milliseconds. */
export interface SolveJob {
  readonly problem: RosteringProblem
  readonly untilMilliseconds: number
  readonly seed: number
}

/** What the solving thread tells. */
export type SolveNews =
  | { readonly kind: 'progress'; readonly objective: number | null; readonly bound: number | null }
  | { readonly kind: 'better'; readonly assignment: Assignment; readonly objective: number }
  | { readonly kind: 'done'; readonly isInfeasible: boolean }

/** The wall clock without its jumps: threads share it. */
export const wallMilliseconds = (): number => performance.timeOrigin + performance.now()
