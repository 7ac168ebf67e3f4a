import { TakenOver } from './api.ts'
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

/** Plays through the public API until it is stopped or another playing takes over: crews move and answer, calls arrive, the robot commands. */
export async function play(options: PlayOptions): Promise<Play> {
  let isStopped = false
  let leavePlayers = () => {}
  const players = await assemble({ ...options, onFault: hear })
  leavePlayers = players.leave
  const tickMilliseconds = options.tickMilliseconds ?? TICK_MILLISECONDS

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
      await work().catch(hear)
      await pause(Math.max(1, milliseconds - (performance.now() - began)))
    }
  }

  function hear(fault: unknown): void {
    if (isStopped) return
    options.onFault?.(fault)
    if (fault instanceof TakenOver) leave()
  }

  function leave(): void {
    isStopped = true
    leavePlayers()
  }

  return {
    counts: players.counts,
    finished,
    async stop() {
      leave()
      await Promise.all([...loops, finished])
    },
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
