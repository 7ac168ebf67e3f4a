import type { RosterProgress } from '../../../solvers/rostering/problem.ts'
import { loadHighs } from '../../../foundation/server/load-highs.ts'
import { answerRoster, type RosterAnswer, type RosterJob } from '../core/index.ts'

/** A job with the one word by which another thread ends it early. */
export type HeldJob = RosterJob & { readonly stop: Int32Array }

/** Notes come as often as this; between them only the latest is kept. */
const NOTE_EVERY_MILLISECONDS = 250

/** Answers a job in the thread that calls. */
export async function solveHere(
  { stop, ...job }: HeldJob,
  tell: (note: RosterProgress) => void,
): Promise<RosterAnswer> {
  const highs = await loadHighs()
  let toldAt = -Infinity
  return answerRoster(
    job,
    {
      clock: () => performance.now(),
      shouldStop: () => Atomics.load(stop, 0) !== 0,
      onProgress(progress) {
        const now = performance.now()
        if (now - toldAt < NOTE_EVERY_MILLISECONDS) return
        toldAt = now
        tell(progress)
      },
    },
    highs,
  )
}
