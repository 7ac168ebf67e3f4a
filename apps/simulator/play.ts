import { assemble, type PlayCounts, type PlayersOptions } from './players.ts'

export interface PlayOptions extends PlayersOptions {
  /** Of the machine's own time. */
  readonly tickMilliseconds?: number
  readonly lookMilliseconds?: number
}

export interface Play {
  readonly counts: PlayCounts
  /** Resolves once every call has been placed, or the playing was stopped. */
  readonly finished: Promise<void>
  stop(): Promise<void>
}

const TICK_MILLISECONDS = 500
const LOOK_MILLISECONDS = 2_000

/** Plays through the public API until it is stopped: crews move and answer, calls arrive, the robot commands. */
export async function play(options: PlayOptions): Promise<Play> {
  const players = await assemble(options)
  const onFault = options.onFault ?? (() => {})
  const tickMilliseconds = options.tickMilliseconds ?? TICK_MILLISECONDS
  let isStopped = false

  const loops = [
    every(tickMilliseconds, players.move),
    every(options.lookMilliseconds ?? LOOK_MILLISECONDS, players.look),
    every(tickMilliseconds, players.speak),
  ]
  const finished = every(tickMilliseconds, players.ring, players.allCallsPlaced)

  /** Runs again and again, never twice at once; a fault is told and the next round tries again. */
  async function every(milliseconds: number, work: () => Promise<void>, isDone = () => false): Promise<void> {
    while (!isStopped && !isDone()) {
      const began = performance.now()
      await work().catch((fault: unknown) => !isStopped && onFault(fault))
      await pause(Math.max(1, milliseconds - (performance.now() - began)))
    }
  }

  return {
    counts: players.counts,
    finished,
    async stop() {
      isStopped = true
      players.leave()
      await Promise.all([...loops, finished])
    },
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
