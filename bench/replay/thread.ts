import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { assemble, type PlayCredentials } from '../../apps/simulator/players.ts'
import type { CallToPlay } from '../../apps/simulator/shapes.ts'

export interface ReplayOrder {
  readonly baseUrl: string
  readonly credentials: PlayCredentials
  readonly roads: Uint8Array | null
  readonly calls: readonly CallToPlay[]
  /** The one clock of server and simulator; moved from here. */
  readonly clock: Float64Array
  readonly hours: number
  readonly fixSeconds: number
}

export interface ReplayReport {
  readonly seconds: number
  readonly moveSeconds: number
  readonly speakSeconds: number
  readonly ringSeconds: number
  readonly lookSeconds: number
  readonly settleSeconds: number
  readonly fixesSent: number
  readonly commandsSent: number
  readonly callsPlaced: number
  readonly callsRefused: number
  readonly faults: number
}

const STEP_SECONDS = 20
const STREAM_WAITS = 20

const order = workerData as ReplayOrder

/** Gives the place in the stream that the server has reached once everything it has heard has run through its flows. */
function settled(): Promise<number> {
  return new Promise((resolve) => {
    parentPort!.once('message', resolve)
    parentPort!.postMessage('settle')
  })
}

async function playDay(): Promise<ReplayReport> {
  const { clock, hours, fixSeconds } = order
  let faults = 0
  const players = await assemble({
    ...order,
    dueAt: (occurredAt) => occurredAt,
    seed: 1,
    speed: 1,
    commander: true,
    now: () => clock[0]!,
    fixSeconds: [fixSeconds, fixSeconds],
    onFault: () => faults++,
  })
  const took = { move: 0, speak: 0, ring: 0, look: 0, settle: 0 }
  async function timed(what: keyof typeof took, work: () => Promise<void>): Promise<void> {
    const began = performance.now()
    await work()
    took[what] += (performance.now() - began) / 1000
  }
  let told = 0
  /** Waits until the server has worked off what it was told before, and the simulator has seen it. */
  async function catchUp(): Promise<void> {
    if (players.counts.commandsSent === told) return
    told = players.counts.commandsSent
    const reached = await settled()
    // What the simulator's account may not see has a place in the stream too: it is not waited for.
    for (let wait = 0; players.seenUpTo() < reached && wait < STREAM_WAITS; wait++) await pause(1)
  }
  const start = clock[0]!
  const began = performance.now()
  for (let step = 1; step <= (hours * 3_600) / STEP_SECONDS; step++) {
    clock[0] = start + step * STEP_SECONDS * 1000
    // Crews, callers and the command room act at the same time, as people do, while the flows of the step before run.
    await Promise.all([
      timed('settle', catchUp),
      timed('move', players.move),
      timed('ring', players.ring),
      timed('speak', players.speak),
      timed('look', players.look),
    ])
    if (process.env['REPLAY_VERBOSE'] && step % (3_600 / STEP_SECONDS) === 0)
      console.error(
        `${((step * STEP_SECONDS) / 3600).toFixed(1)} h after ${((performance.now() - began) / 1000).toFixed(1)} s`,
        JSON.stringify(took),
        JSON.stringify(players.counts),
        faults,
      )
  }
  await timed('move', players.sent)
  players.leave()
  const { fixesSent, commandsSent, callsPlaced, callsRefused } = players.counts
  return {
    seconds: (performance.now() - began) / 1000,
    moveSeconds: took.move,
    speakSeconds: took.speak,
    ringSeconds: took.ring,
    lookSeconds: took.look,
    settleSeconds: took.settle,
    fixesSent,
    commandsSent,
    callsPlaced,
    callsRefused,
    faults,
  }
}

parentPort!.postMessage(
  await playDay().catch((fault: unknown) => ({ fault: String((fault as Error).stack) })),
)
