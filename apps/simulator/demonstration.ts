import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Instant } from '../../foundation/core/instant.ts'
import { play } from './play.ts'
import type { PlayCounts, PlayCredentials } from './players.ts'
import type { CallToPlay } from './shapes.ts'

export interface DemonstrationOptions {
  readonly baseUrl: string
  readonly credentials: PlayCredentials
  readonly roads: Uint8Array | null
  /** A stretch of history, in the order of time; it begins anew when it is over. */
  readonly calls: readonly CallToPlay[]
  readonly seed: number
  /** How much faster than the clock crews drive and handle. */
  readonly speed: number
  /** Calls an hour of the clock, on average. */
  readonly callsAnHour: number
}

export interface Demonstration {
  stop(): Promise<void>
}

/** What the thread says. */
export type PlayerMessage = { readonly counts: PlayCounts } | { readonly fault: string }

/** The first call rings this soon, so that nobody waits before an empty board. */
const FIRST_CALL_MILLISECONDS = 8_000
const ROUNDS = 6

/**
 * Plays the demonstration in a thread of its own, so that it never holds up the server. It ends with the process.
 * `onFault` hears what went wrong; the playing goes on and tries again.
 */
export async function startDemonstration(
  options: DemonstrationOptions,
  onFault: (message: string) => void = () => {},
): Promise<Demonstration> {
  const script = threadScript()
  if (script === null) return playDemonstration(options, Date.now, (fault) => onFault(String(fault)))
  const thread = new Worker(script, { workerData: options })
  thread.on('message', (message: PlayerMessage) => {
    if ('fault' in message) onFault(message.fault)
  })
  thread.on('error', (fault) => onFault(String(fault)))
  return {
    stop: async () => void (await thread.terminate()),
  }
}

/** The same in this thread. */
export function playDemonstration(
  options: DemonstrationOptions,
  now: () => Instant,
  onFault: (fault: unknown) => void,
) {
  const { calls, callsAnHour, ...rest } = options
  const schedule = scheduleOf(calls, callsAnHour)
  const start = now() + FIRST_CALL_MILLISECONDS
  return play({
    ...rest,
    calls: schedule.calls,
    dueAt: (occurredAt) => start + occurredAt,
    commander: true,
    now,
    onFault,
  })
}

/**
 * History at another pace: moments become milliseconds after the first call, so that `callsAnHour` arrive on average
 * and busy hours stay busy. The stretch is played several times over; each round's calls are other reports.
 */
export function scheduleOf(calls: readonly CallToPlay[], callsAnHour: number): { calls: CallToPlay[] } {
  const first = calls[0]?.occurredAt ?? 0
  const span = Math.max(1, (calls.at(-1)?.occurredAt ?? 1) - first)
  const stretch = ((calls.length / callsAnHour) * 3_600_000) / span
  const gap = 3_600_000 / callsAnHour
  return {
    calls: Array.from({ length: calls.length > 0 ? ROUNDS : 0 }, (_, round) =>
      calls.map((call) => ({
        ...call,
        occurrence: call.occurrence + round * 100_000,
        occurredAt: (call.occurredAt - first) * stretch + round * (span * stretch + gap),
      })),
    ).flat(),
  }
}

function threadScript(): URL | null {
  const compiled = new URL('./thread.js', import.meta.url)
  return existsSync(fileURLToPath(compiled)) ? compiled : null
}
