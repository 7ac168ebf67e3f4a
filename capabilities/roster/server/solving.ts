import type { FastifyBaseLogger } from 'fastify'
import type { RosterProgress } from '../../../solvers/rostering/problem.ts'
import { inTransaction, type Db, type Tx } from '../../../foundation/server/db.ts'
import { systemContext, type ActorContext } from '../../../foundation/server/http/context.ts'
import { inThread } from '../../../foundation/server/in-thread.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import type { RosterAbsence, RosterAnswer, RosterGrid, RosterGround, RosterId } from '../core/index.ts'
import { loadGround } from './ground.store.ts'
import { announceRoster } from './making.ts'
import type { RosterNeeds } from './needs.ts'
import { findRoster, lockRoster } from './roster.store.ts'
import { solveHere, type HeldJob } from './solve-here.ts'
import {
  endSilent,
  endSolve,
  hearSolve,
  type KeptSolve,
  type SolveCause,
  type SolveFigures,
} from './solve.store.ts'
import { foundOf, writeFound } from './solve.writing.ts'
import type { SolveState } from './tables.ts'

/** A month of 500 officers takes some hundred megabytes of JavaScript beside the models of HiGHS. */
const MEMORY_MEGABYTES = 1_024
const HEARD_EVERY_MILLISECONDS = 1_000
/** A thread that has not been heard for so long went away with its server. */
export const SILENT_MILLISECONDS = 15_000
const TOLD_EVERY_MILLISECONDS = 2_000
/** For naming the rules that leave no roster. */
const CONFLICT_SECONDS = 30
/** Without a thread nobody else is served meanwhile, so a search is short. */
const MOST_SECONDS_HERE = 2
/** Somebody waits at six in the morning. */
const MEND_SECONDS = 10
/** The same search each time it is asked for. */
const SEED = 1

export interface Solving {
  /** Begins a search that the transaction has noted; to be called once it has committed. One is at work at a time. */
  begin(
    solve: Pick<KeptSolve, 'id' | 'rosterId' | 'askedSeconds' | 'rosterVersion'>,
    closeToId: string | null,
    log: Pick<FastifyBaseLogger, 'error'>,
  ): void
  /** Ends a search of this server with what it has; those of others hear of it within a second. */
  stop(id: string): void
  /**
   * A published roster mended around who cannot come, as little changed as can be; null: there is no way in the time.
   * Does not wait for searches that are at work.
   */
  mend(ground: RosterGround, published: RosterGrid, absence: RosterAbsence): Promise<RosterGrid | null>
  /** Says of searches whose server went away that they were cut off. */
  readonly timer: Timer
  close(): Promise<void>
}

interface Running {
  readonly id: string
  readonly rosterId: RosterId
  readonly rosterVersion: number
  readonly stop: Int32Array
  figures: SolveFigures
  isTold: boolean
}

/** Searches for rosters in threads, apart from everything else the server does. */
export function openSolving(db: Db, needs: RosterNeeds, now: () => number): Solving {
  const closing = new AbortController()
  const running = new Map<string, { readonly solve: Running; readonly over: Promise<void> }>()
  let last: Promise<unknown> = Promise.resolve()

  async function run(
    solve: Running,
    seconds: number,
    closeToId: string | null,
    log: Pick<FastifyBaseLogger, 'error'>,
  ): Promise<void> {
    const heart = beat(solve)
    try {
      const answer = await search(solve, seconds, closeToId)
      await settle(solve, answer)
    } catch (fault) {
      if (!closing.signal.aborted)
        log.error({ err: fault, rosterId: solve.rosterId }, 'roster solving failed')
      const cause = closing.signal.aborted ? 'interrupted' : 'fault'
      await end(db, solve, { state: 'failed', cause }).catch(() => {})
    } finally {
      clearInterval(heart)
      running.delete(solve.id)
    }
  }

  async function search(solve: Running, seconds: number, closeToId: string | null): Promise<RosterAnswer> {
    const roster = (await findRoster(db, solve.rosterId))!
    const { fromDate, days } = roster
    const closeTo = closeToId === null ? null : await findRoster(db, closeToId)
    const { ground, grid } = await loadGround(db, needs, { fromDate, days, roster, closeTo })
    const isBegun = grid.some((row) => row.some(({ kind }) => kind === 'duty'))
    const job: HeldJob = {
      ...{ ground, seconds, seed: SEED, stop: solve.stop, conflictSeconds: CONFLICT_SECONDS },
      start: isBegun ? grid : ground.published,
    }
    return answered(job, (progress) => {
      solve.figures = { ...progress }
      solve.isTold = false
    })
  }

  const answered = (job: HeldJob, onNote: (progress: RosterProgress) => void): Promise<RosterAnswer> =>
    inThread<HeldJob, RosterAnswer, RosterProgress>({
      ...{ besideUrl: import.meta.url, script: './solve-thread', memoryMegabytes: MEMORY_MEGABYTES },
      ...{ job, signal: closing.signal, onNote },
      here: (asked, tell) =>
        solveHere(
          {
            ...asked,
            seconds: Math.min(asked.seconds, MOST_SECONDS_HERE),
            conflictSeconds: MOST_SECONDS_HERE,
          },
          tell,
        ),
    })

  /** Says once a second that the search lives, and hears whether somebody wants it stopped. */
  function beat(solve: Running): NodeJS.Timeout {
    let told = -Infinity
    const begunAt = now()
    const pulse = async () => {
      const at = now()
      // A solver may think for long without a word; its time passes all the same.
      solve.figures = { ...solve.figures, seconds: (at - begunAt) / 1_000 }
      const isStopAsked = await hearSolve(db, solve.id, solve.figures, at)
      if (isStopAsked) Atomics.store(solve.stop, 0, 1)
      if (solve.isTold || at - told < TOLD_EVERY_MILLISECONDS) return
      told = at
      solve.isTold = true
      await inTransaction(db, (tx) => tellOf(tx, solve, 'running', at))
    }
    // A beat that is missed is made up for by the next.
    return setInterval(() => void pulse().catch(() => {}), HEARD_EVERY_MILLISECONDS).unref()
  }

  async function settle(solve: Running, answer: RosterAnswer): Promise<void> {
    const isStopped = Atomics.load(solve.stop, 0) !== 0
    const { seconds, objective, bound } = answer
    solve.figures = { seconds, objective, bound, breaches: answer.grid ? 0 : solve.figures.breaches }
    const { grid } = answer
    if (answer.isInfeasible) return end(db, solve, { state: 'infeasible', cause: null, answer })
    if (!grid)
      return end(db, solve, {
        state: isStopped ? 'stopped' : 'failed',
        cause: isStopped ? null : 'no-roster-found',
      })
    const state = isStopped ? 'stopped' : 'done'
    await inTransaction(db, async (tx) => {
      const roster = await lockRoster(tx, solve.rosterId)
      const isSame = roster?.state === 'draft' && roster.version === solve.rosterVersion
      const found = await foundOf(tx, needs, solve.rosterId, grid)
      if (!isSame || !found) return end(tx, solve, { state, cause: 'draft-changed', answer, found })
      const actor = systemContext('roster solving', now())
      const written = await writeFound(tx, needs, roster, found, solve.figures, actor)
      if (written.breaches.length > 0)
        return end(tx, solve, { state: 'failed', cause: 'rejected-by-check', answer })
      return end(tx, solve, { state, cause: null, answer })
    })
  }

  async function end(
    on: Db | Tx,
    solve: Running,
    how: {
      readonly state: Exclude<SolveState, 'running'>
      readonly cause: SolveCause | null
      readonly answer?: RosterAnswer
      readonly found?: Awaited<ReturnType<typeof foundOf>>
    },
  ): Promise<void> {
    const at = now()
    const { state, cause, answer, found = null } = how
    const work = async (tx: Tx) => {
      const { figures } = solve
      const conflict = answer?.conflict ?? null
      if (await endSolve(tx, solve.id, { state, cause, figures, conflict, found, at }))
        await tellOf(tx, solve, state, at)
    }
    if (on === db) await inTransaction(db, work)
    else await work(on as Tx)
  }

  return {
    begin({ id, rosterId, askedSeconds, rosterVersion }, closeToId, log) {
      const solve: Running = {
        ...{ id, rosterId, rosterVersion, stop: new Int32Array(new SharedArrayBuffer(4)), isTold: true },
        figures: { seconds: 0, objective: null, bound: null, breaches: null },
      }
      const over = last.then(() => run(solve, askedSeconds, closeToId, log))
      last = over
      running.set(id, { solve, over })
    },
    stop(id) {
      const mine = running.get(id)
      if (mine) Atomics.store(mine.solve.stop, 0, 1)
    },
    async mend(ground, published, absence) {
      const stop = new Int32Array(new SharedArrayBuffer(4))
      const job: HeldJob = {
        ...{ ground, start: published, mend: [absence], seconds: MEND_SECONDS },
        ...{ seed: SEED, stop, conflictSeconds: 0 },
      }
      return (await answered(job, () => {})).grid
    },
    timer: {
      name: 'roster: searches cut off',
      everySeconds: 5,
      async run(at) {
        await inTransaction(db, async (tx) => {
          for (const { id, rosterId } of await endSilent(tx, at - SILENT_MILLISECONDS, at))
            await tellOf(tx, { id, rosterId }, 'failed', at)
        })
      },
    },
    async close() {
      closing.abort(new Error('the server is stopping'))
      await Promise.all([...running.values()].map(({ over }) => over))
    },
  }
}

/** Ids, state and figures; no officer. */
export async function tellOf(
  tx: Tx,
  solve: Pick<Running, 'id' | 'rosterId'> & { readonly figures?: SolveFigures },
  state: SolveState,
  at: number,
): Promise<void> {
  const roster = await findRoster(tx, solve.rosterId)
  if (!roster) return
  const actor: ActorContext = systemContext('roster solving', at)
  await announceRoster(tx, actor, roster, 'roster.solving', {
    solveId: solve.id,
    solving: state,
    ...solve.figures,
  })
}
