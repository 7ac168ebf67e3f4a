import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'
import type { Db } from '../../../foundation/server/db.ts'
import type { Timer } from '../../../foundation/server/jobs.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import type { CellHours } from '../../../solvers/density/cell-hours.ts'
import {
  DEFAULT_SYNC,
  latestHeard,
  minutesOfDay,
  SYNC_DAYS,
  SYNC_SETTING,
  syncDayDue,
  usesByMinute,
  type SyncJob,
  type SyncOutcome,
  type SyncSetting,
} from '../core/index.ts'
import type { PlannedDay, SyncNeeds } from './sync.needs.ts'
import {
  latticeKey,
  named,
  openGathering,
  readInto,
  reckonInThread,
  unitsOf,
  type Gathering,
} from './sync.reading.ts'
import { keepSyncDay, listSyncDays } from './sync.store.ts'

/** The running day. */
export interface LiveSync {
  readonly day: string
  readonly computedAt: Instant
  /** When any unit was heard last today. */
  readonly heardAt: Instant | null
  /** The run that says what is expected: today's, or before it is made yesterday's until where that reaches. */
  readonly plan: PlannedDay | null
  readonly sinceMidnight: SyncOutcome
  readonly lastHour: SyncOutcome
}

export interface Sync {
  readonly timer: Timer
  /**
   * The running day as it was reckoned last, null where it was not yet. To ask for it is what keeps it up: where
   * nobody looks, nothing is reckoned.
   */
  live(now: Instant): LiveSync | null
  close(): void
}

const LIVE_SECONDS = 60
/** Where there is nothing to show yet: a plan may come at any moment. */
const SOON_SECONDS = 5
/** So long after somebody looked last, the running day is kept up. */
const WATCHED_SECONDS = 600
/** Fixes come late by so much in the ordinary; what comes later is read in the hour's whole reading. */
const LATE_SECONDS = 900
const WHOLE_READING_SECONDS = 3_600
const DUE_SECONDS = 60
const HOUR_MINUTES = 60
const MINUTE = 60_000

/** Keeps the sync index of finished days, and of the running day while somebody looks at it. */
export function openSync(db: Db, needs: SyncNeeds): Sync {
  const closing = new AbortController()
  let underWay: Promise<void> | null = null
  let gathering: Gathering | null = null
  let live: LiveSync | null = null
  let fault: unknown = null
  let wantedAt = -Infinity
  let triedLiveAt = -Infinity
  let lookedForDueAt = -Infinity
  let known: { readonly runId: string; readonly risk: CellHours } | null = null

  const setting = async (): Promise<SyncSetting> => ({
    ...DEFAULT_SYNC,
    ...(await readSetting<Partial<SyncSetting>>(db, SYNC_SETTING, {})).value,
  })

  async function riskOf(runId: string): Promise<CellHours | null> {
    if (known?.runId !== runId) {
      const risk = await needs.findRisk(runId)
      if (risk === null) return null
      known = { runId, risk }
    }
    return known.risk
  }

  /** The run of the day itself; before it is made, that of the day before, whose night reaches into this morning. */
  async function riskInForce(day: string, minutesSoFar: number) {
    const before = dateOfDay(findDayNumber(day)! - 1)
    const planned = await needs.listPlannedDays(before, day)
    for (const [of, riskFromHour] of [
      [day, 0],
      [before, 24],
    ] as const) {
      const plan = planned.find((each) => each.day === of)
      const risk = plan && (await riskOf(plan.runId))
      if (risk && (risk.hours - riskFromHour) * HOUR_MINUTES >= minutesSoFar)
        return { plan, risk, riskFromHour }
    }
    return null
  }

  async function reckonLive(now: Instant): Promise<LiveSync> {
    const zone = needs.timeZone()
    const day = localDate(now, zone)
    const ofDay = minutesOfDay(day, zone)
    const soFar = Math.min(ofDay.minutes, Math.floor((now - ofDay.fromAt) / MINUTE))
    const inForce = await riskInForce(day, Math.min(soFar, 24 * HOUR_MINUTES))
    const nothing = { state: 'no-plan', minutes: null } as const
    if (!inForce)
      return { day, computedAt: now, heardAt: null, plan: null, sinceMidnight: nothing, lastHour: nothing }
    const { plan, risk, riskFromHour } = inForce

    const carried = await needs.listCarried(ofDay.fromAt, now)
    const isAsBefore =
      gathering !== null &&
      gathering.day === day &&
      gathering.units === unitsOf(carried).join() &&
      gathering.lattice === latticeKey(risk) &&
      now - gathering.begunAt < WHOLE_READING_SECONDS * 1000
    if (!isAsBefore) gathering = openGathering(day, ofDay, carried, risk, now)
    const current = gathering!
    const from = Math.max(ofDay.fromAt, current.readAt - LATE_SECONDS * 1000)
    await readInto(current, carried, risk, needs, from, now, closing.signal)
    current.readAt = now

    const periods = await needs.listStatusPeriods(ofDay.fromAt, now)
    const job: SyncJob = {
      minutes: current.minutes,
      uses: usesByMinute(current.minutes, current.numberOf, periods, now),
      hourOfMinute: ofDay.hourOfMinute,
      risk,
      riskFromHour,
      fromMinute: 0,
      untilMinute: soFar,
      gapSeconds: needs.gapSeconds(),
      setting: await setting(),
    }
    const [sinceMidnight, lastHour] = await reckonInThread(
      [job, { ...job, fromMinute: Math.max(0, soFar - HOUR_MINUTES) }],
      closing.signal,
    )
    return {
      day,
      computedAt: now,
      heardAt: latestHeard(current.minutes),
      plan,
      sinceMidnight: await named(sinceMidnight!, needs),
      lastHour: lastHour!,
    }
  }

  /** A day that is over: all its fixes in one pass. */
  async function reckonDay(day: string, planned: PlannedDay | undefined, now: Instant): Promise<void> {
    const zone = needs.timeZone()
    const ofDay = minutesOfDay(day, zone)
    const risk = planned && (await needs.findRisk(planned.runId))
    const kept = { day, computedAt: now, runId: risk ? planned.runId : null }
    if (!risk) return keepSyncDay(db, kept, { state: 'no-plan', minutes: null })
    const carried = await needs.listCarried(ofDay.fromAt, ofDay.untilAt)
    const whole = openGathering(day, ofDay, carried, risk, now)
    await readInto(whole, carried, risk, needs, ofDay.fromAt, ofDay.untilAt, closing.signal)
    const periods = await needs.listStatusPeriods(ofDay.fromAt, ofDay.untilAt)
    const job: SyncJob = {
      minutes: whole.minutes,
      uses: usesByMinute(whole.minutes, whole.numberOf, periods, ofDay.untilAt),
      hourOfMinute: ofDay.hourOfMinute,
      risk,
      riskFromHour: 0,
      fromMinute: 0,
      untilMinute: ofDay.minutes,
      gapSeconds: needs.gapSeconds(),
      setting: await setting(),
    }
    const [outcome] = await reckonInThread([job], closing.signal)
    await keepSyncDay(db, kept, await named(outcome!, needs))
  }

  async function step(now: Instant): Promise<void> {
    const isWatched = now - wantedAt < WATCHED_SECONDS * 1000
    if (!isWatched) gathering = null
    const isTooOld = live === null || live.plan === null || live.day !== localDate(now, needs.timeZone())
    if (isWatched && now - triedLiveAt >= (isTooOld ? SOON_SECONDS : LIVE_SECONDS) * 1000) {
      triedLiveAt = now
      live = await reckonLive(now)
    }
    if (now - lookedForDueAt < DUE_SECONDS * 1000) return
    const zone = needs.timeZone()
    const since = dateOfDay(findDayNumber(localDate(now, zone))! - SYNC_DAYS)
    const planned = await needs.listPlannedDays(since, localDate(now, zone))
    const kept = await listSyncDays(db, since)
    const day = syncDayDue(
      now,
      zone,
      new Map(planned.map((each) => [each.day, each.runId])),
      new Map(kept.map((each) => [each.day, each])),
    )
    lookedForDueAt = now
    if (day === null) return
    await reckonDay(
      day,
      planned.find((each) => each.day === day),
      now,
    )
    // Perhaps another is due; where this one failed, it waits its turn.
    lookedForDueAt = -Infinity
  }

  return {
    timer: {
      name: 'patrol: sync index',
      everySeconds: 1,
      async run(now) {
        if (underWay || closing.signal.aborted) return
        if (fault !== null) {
          const told = fault
          fault = null
          throw told
        }
        // Not awaited: a stop of the server waits for its timers first, and need not wait for a day's fixes. What
        // fails is told at the next turn.
        underWay = step(now)
          .catch((thrown: unknown) => {
            if (!closing.signal.aborted) fault = thrown
          })
          .finally(() => (underWay = null))
      },
    },
    live(now) {
      wantedAt = now
      return live?.day === localDate(now, needs.timeZone()) ? live : null
    },
    close: () => closing.abort(new Error('the server is stopping')),
  }
}
