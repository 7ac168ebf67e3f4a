import type { FastifyBaseLogger } from 'fastify'

export interface Timer {
  /** Seconds between the end of one run and the start of the next. */
  readonly everySeconds: number
  readonly name: string
  run(now: number): Promise<void>
}

/** Runs each timer again and again, never two runs of one timer at once. A run that fails is logged and tried at its next turn. */
export function startTimers(
  timers: readonly Timer[],
  log: FastifyBaseLogger,
  now: () => number = Date.now,
): { stop(): Promise<void> } {
  let stopped = false
  const releases = new Set<() => void>()
  const loops = timers.map(async (timer) => {
    while (!stopped) {
      await new Promise<void>((resolve) => {
        const handle = setTimeout(done, timer.everySeconds * 1000)
        function done() {
          clearTimeout(handle)
          releases.delete(done)
          resolve()
        }
        releases.add(done)
      })
      if (stopped) return
      try {
        await timer.run(now())
      } catch (fault) {
        log.warn({ err: fault, timer: timer.name }, 'timer failed')
      }
    }
  })
  return {
    async stop() {
      stopped = true
      for (const release of [...releases]) release()
      await Promise.all(loops)
    },
  }
}
