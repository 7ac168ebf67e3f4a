import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Assignment } from '../../../solvers/rostering/problem.ts'
import { wallMilliseconds, type SolveJob, type SolveNews } from './solve-job.ts'

/** A solve as it stood when it ended. */
export interface SolveEnd {
  readonly assignment: Assignment | null
  readonly bound: number | null
  readonly isInfeasible: boolean
}

/** A model library may be deep in one step when the time is up; it gets this much to come back by itself. */
const PATIENCE_MILLISECONDS = 250

/**
 * Solves in a thread of its own, so that the time holds whatever the thread is at: when it is up, or when `signal`
 * says so, the best roster told so far is the result.
 */
export function solveApart(
  job: SolveJob,
  onProgress: (objective: number | null, bound: number | null) => void,
  signal: AbortSignal,
): Promise<SolveEnd> {
  let end: SolveEnd = { assignment: null, bound: null, isInfeasible: false }
  const take = (news: SolveNews) => {
    if (news.kind === 'better') end = { ...end, assignment: news.assignment }
    if (news.kind === 'done') end = { ...end, isInfeasible: news.isInfeasible }
    if (news.kind !== 'progress') return
    end = { ...end, bound: news.bound }
    onProgress(news.objective, news.bound)
  }
  const script = new URL('./solve-thread.js', import.meta.url)
  if (!existsSync(fileURLToPath(script)))
    // Sources run as they are, in specs: there is no thread for them in Node 20.
    return import('./solve-here.ts').then(async ({ solveHere }) => {
      await solveHere(job, take)
      return end
    })
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: job })
    const finish = () => {
      clearTimeout(timer)
      void worker.terminate()
      resolve(end)
    }
    const timer = setTimeout(
      finish,
      Math.max(0, job.untilMilliseconds + PATIENCE_MILLISECONDS - wallMilliseconds()),
    )
    signal.addEventListener('abort', finish, { once: true })
    worker.on('message', (news: SolveNews) => {
      take(news)
      if (news.kind === 'done') finish()
    })
    worker.on('error', (fault) => {
      clearTimeout(timer)
      // What a thread out of memory had found is still good.
      if (end.assignment) resolve(end)
      else reject(fault)
    })
  })
}
