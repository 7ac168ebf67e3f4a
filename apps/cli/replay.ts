import { isRefusal } from '../../foundation/core/outcome.ts'
import { fromIso, fromWallClock, toIso, type Instant } from '../../foundation/core/instant.ts'
import type { Database } from '../../foundation/server/db.ts'
import { readSetting, writeSetting } from '../../foundation/server/settings.ts'
import { DEFAULT_DISTRICT, DISTRICT_SETTING } from '../../capabilities/place/core/index.ts'
import { FIX_RULES, FIX_RULES_SETTING, type FixRules } from '../../capabilities/location/core/index.ts'
import { prepareCredentials } from '../simulator/credentials.ts'
import { callsBetween, readRoads } from '../simulator/from-history.ts'
import { play } from '../simulator/play.ts'
import { withDatabase } from './connection.ts'
import { wholeNumber, type Options } from './options.ts'
import { EXIT, tellRefusal, UsageFault, type ExitCode } from './outcome.ts'
import { openProgress } from './progress.ts'
import type { Words } from './words.ts'

const DEFAULT_URL = 'http://localhost:8080'
const FASTEST = 1_000
/** Crews drive at most some 25 m/s; above this pace the rule against jumps would take them for broken receivers. */
const PACE_WITHIN_RULES = 2.5

/** `xunfang replay --from --to --speed`: history against a running server, calls at their times, through the public API. */
export async function replay(options: Options, words: Words): Promise<ExitCode> {
  const speed = speedOf(options)
  const baseUrl = options.url ?? DEFAULT_URL
  if (!(await isUp(baseUrl)))
    return tellRefusal(words, { refused: 'server-not-up', detail: { url: baseUrl } })
  return withDatabase(options.data, async (database) => {
    const { value: district } = await readSetting(database.db, DISTRICT_SETTING, DEFAULT_DISTRICT)
    const from = momentOf(options.from, '--from', district.timeZone)
    const until = momentOf(options.to, '--to', district.timeZone)
    if (from >= until) throw new UsageFault('usage.from-before-to')
    const calls = await callsBetween(database, { from, until, source: options.source ?? null })
    if (calls.length === 0)
      return tellRefusal(words, { refused: 'no-calls', detail: { from: toIso(from), to: toIso(until) } })
    const restoreRules = await widenRules(database, speed)
    try {
      const start = Date.now()
      words.say('replay.begins', {
        calls: calls.length,
        from: toIso(from),
        to: toIso(until),
        speed,
        minutes: Math.ceil((until - from) / speed / 60_000),
      })
      if (calls.some(({ hourDrawn }) => hourDrawn)) words.say('replay.hours-drawn')
      const progress = openProgress()
      const playing = await play({
        baseUrl,
        credentials: await prepareCredentials(database.db, start),
        roads: await readRoads(database),
        calls,
        dueAt: (occurredAt) => start + (occurredAt - from) / speed,
        seed: wholeNumber(options, 'seed', 1),
        speed,
        commander: !options['no-commander'],
        now: Date.now,
        lookMilliseconds: Math.max(200, 2_000 / speed),
        onFault: (fault) => words.note('replay.fault', { message: (fault as Error).message }),
      })
      const ended = untilOver(start + (until - from) / speed, () =>
        progress.at(
          (Date.now() - start) / ((until - from) / speed),
          `${playing.counts.callsPlaced}/${calls.length}`,
        ),
      )
      await ended
      progress.end()
      await playing.stop()
      words.say('replay.done', {
        placed: playing.counts.callsPlaced,
        refused: playing.counts.callsRefused,
        fixes: playing.counts.fixesSent,
      })
      return EXIT.done
    } finally {
      await restoreRules()
    }
  })
}

function speedOf({ speed }: Options): number {
  const value = Number(speed ?? '1')
  if (!(value > 0 && value <= FASTEST))
    throw new UsageFault('usage.speed', { value: speed ?? '', fastest: FASTEST })
  return value
}

/** ISO 8601, or a date or wall clock of the district: `2026-08-01`, `2026-08-01T18:30`. */
export function momentOf(text: string | undefined, option: string, timeZone: string): Instant {
  if (text === undefined) throw new UsageFault('usage.moment-missing', { option })
  const exact = fromIso(text)
  if (exact !== null) return exact
  const found = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?$/.exec(text)
  if (found) {
    const [year, month, day, hour = 0, minute = 0] = found.slice(1).map((part) => Number(part ?? 0))
    try {
      return fromWallClock({ year: year!, month: month!, day: day!, hour, minute }, timeZone)
    } catch {
      // No such day: told below.
    }
  }
  throw new UsageFault('usage.moment', { option, value: text })
}

async function isUp(baseUrl: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/healthz', baseUrl), { signal: AbortSignal.timeout(5_000) })).ok
  } catch {
    return false
  }
}

/** At a fast pace crews move faster than any vehicle: the rule against jumps is widened for the time of the replay. */
async function widenRules({ db }: Database, speed: number): Promise<() => Promise<void>> {
  if (speed <= PACE_WITHIN_RULES) return async () => {}
  const before = await readSetting<Partial<FixRules>>(db, FIX_RULES_SETTING, {})
  const rules = { ...FIX_RULES, ...before.value }
  const write = async (value: Partial<FixRules>) => {
    const { version } = await readSetting(db, FIX_RULES_SETTING, {})
    await db.transaction().execute(async (tx) => {
      const written = await writeSetting(tx, FIX_RULES_SETTING, value, version, Date.now())
      if (isRefusal(written)) throw new Error('the setting of fixes was changed meanwhile')
    })
  }
  await write({ ...rules, maximumSpeedMetresPerSecond: rules.maximumSpeedMetresPerSecond * speed })
  return () => write(before.value)
}

/** Waits until a moment of the machine's clock, or until the command is ended by Ctrl-C. */
function untilOver(moment: number, tell: () => void): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearInterval(timer)
      process.off('SIGINT', end)
      resolve()
    }
    const timer = setInterval(() => {
      tell()
      if (Date.now() >= moment) end()
    }, 500)
    process.on('SIGINT', end)
  })
}
