import { findDayNumber } from '../../../foundation/core/day.ts'
import type { Instant } from '../../../foundation/core/instant.ts'
import { inTransaction, isUnavailable, type Db, type Tx } from '../../../foundation/server/db.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { systemContext, type ActorContext } from '../../../foundation/server/http/context.ts'
import { newId } from '../../../foundation/server/ids.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import { DEFAULT_DISTRICT, DISTRICT_SETTING, HOURS_SETTING, type HourSource } from '../../place/core/index.ts'
import {
  DAILY_SETTING,
  dayDue,
  dayInForce,
  DEFAULT_DAILY,
  DEFAULT_RISK_SURFACE,
  earliestDue,
  RISK_SURFACE_SETTING,
  type DailySetting,
  type RunCause,
} from '../core/index.ts'
import { nameFindings } from './findings.ts'
import { keepFindings } from './findings.store.ts'
import type { AnalysisNeeds } from './needs.ts'
import { gatherHistory, planDayInWorker } from './planning.ts'
import type { Run, RunFailure } from './run.ts'
import {
  countAttempt,
  findRun,
  findRunning,
  insertRun,
  keepFailure,
  keepOutcome,
  listRunDays,
} from './store.ts'
import { keepSurface } from './surface.store.ts'

/** A plan takes seconds; what takes so long has lost its way. */
const LONGEST_MILLISECONDS = 10 * 60_000
const ATTEMPTS_AT_MOST = 3

export const readDaily = async (db: Db | Tx): Promise<DailySetting> =>
  (await readSetting(db, DAILY_SETTING, DEFAULT_DAILY)).value

/** Begins a run: it stands in the log, and the timer takes it from there. Null where another is under way. */
export async function beginRun(
  tx: Tx,
  actor: ActorContext,
  order: { readonly day: string; readonly cause: RunCause },
): Promise<Run | null> {
  const { hour: _, ...daily } = await readDaily(tx)
  const district = (await readSetting(tx, DISTRICT_SETTING, DEFAULT_DISTRICT)).value
  const id = newId(actor.now)
  const isBegun = await insertRun(tx, {
    id,
    ...order,
    accountId: actor.accountId,
    accountName: actor.name,
    startedAt: actor.now,
    parameters: {
      ...daily,
      timeZone: district.timeZone,
      hoursDrawn: district.hourDrawn,
      hours: district.hourDrawn
        ? (await readSetting<HourSource | null>(tx, HOURS_SETTING, null)).value
        : null,
      surface: (await readSetting(tx, RISK_SURFACE_SETTING, DEFAULT_RISK_SURFACE)).value,
    },
  })
  if (!isBegun) return null
  await writeAudit(tx, actor, {
    action: 'analysis.run',
    subjectKind: 'analysis-run',
    subjectId: id,
    detail: { ...order },
  })
  return findRun(tx, id)
}

/** Plans the days: one run at a time, each broken off by a stop and begun again at the next start. */
export function openDailyAnalysis(
  db: Db,
  needs: AnalysisNeeds,
  now: () => Instant,
): { timer: Timer; close(): void } {
  const closing = new AbortController()
  let underWay: Promise<void> | null = null

  return {
    timer: {
      name: 'analysis: daily plan',
      everySeconds: 2,
      async run(at) {
        if (underWay || closing.signal.aborted) return
        const run = (await findRunning(db)) ?? (await beginDue(db, needs, at))
        if (!run) return
        // Not awaited: a stop of the server waits for its timers first, and need not wait for a plan.
        underWay = perform(db, needs, run, now, closing.signal).finally(() => (underWay = null))
      },
    },
    // What is under way ends at its next step, and its run is begun again at the next start.
    close: () => closing.abort(new Error('the server is stopping')),
  }
}

async function beginDue(db: Db, needs: AnalysisNeeds, now: Instant): Promise<Run | null> {
  const setting = await readDaily(db)
  const zone = needs.timeZone()
  const known = await listRunDays(db, earliestDue(dayInForce(now, zone, setting)))
  const due = dayDue(now, zone, setting, known)
  if (!due || !(await needs.hasHistory())) return null
  return inTransaction(db, (tx) => beginRun(tx, systemContext('analysis', now), due))
}

/** Never rejects. A fault becomes the run's failure, but for those that pass: then the run stays and is taken again. */
async function perform(
  db: Db,
  needs: AnalysisNeeds,
  run: Run,
  now: () => Instant,
  closing: AbortSignal,
): Promise<void> {
  try {
    if ((await countAttempt(db, run.id)) > ATTEMPTS_AT_MOST)
      return await keepFailure(db, run.id, now(), { code: 'broken-off', message: null })
    const signal = AbortSignal.any([closing, AbortSignal.timeout(LONGEST_MILLISECONDS)])
    const { incidents, keys } = await gatherHistory(needs, run.startedAt, signal)
    const outcome = await planDayInWorker(
      {
        incidents,
        areas: await needs.listWatchedAreas(),
        ownAddresses: await needs.listOwnAddresses(),
        timeZone: run.parameters.timeZone,
        day: findDayNumber(run.day)!,
        now: run.startedAt,
        setting: { hour: 0, ...run.parameters },
        surface: run.parameters.surface ?? DEFAULT_RISK_SURFACE,
      },
      signal,
    )
    if ('noHistory' in outcome)
      return await keepFailure(db, run.id, now(), { code: 'no-history', message: null })
    await inTransaction(db, async (tx) => {
      await keepOutcome(tx, run.id, now(), outcome)
      await keepSurface(tx, run.id, outcome.surface)
      await keepFindings(tx, run.id, await nameFindings(tx, needs, run, outcome.findings, keys))
    })
  } catch (fault) {
    if (closing.aborted || isUnavailable(fault)) return
    await keepFailure(db, run.id, now(), failureOf(fault)).catch(() => {})
  }
}

const LONGEST_MESSAGE = 300

function failureOf(fault: unknown): RunFailure {
  const { code, name, message } = fault as { code?: unknown; name?: unknown; message?: unknown }
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return { code: 'out-of-memory', message: null }
  if (name === 'TimeoutError') return { code: 'took-too-long', message: null }
  return { code: 'fault', message: String(message).slice(0, LONGEST_MESSAGE) }
}
