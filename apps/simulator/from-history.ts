import { wallClock, type Instant } from '../../foundation/core/instant.ts'
import type { Database } from '../../foundation/server/db.ts'
import { readSetting } from '../../foundation/server/settings.ts'
import { DEFAULT_DISTRICT, DISTRICT_SETTING } from '../../capabilities/place/core/index.ts'
import { listHistory, listSources } from '../../capabilities/incident/server/import/store.ts'
import { placesOn } from '../../capabilities/place/server/tables.ts'
import { prepareCredentials } from './credentials.ts'
import { startDemonstration, type Demonstration } from './demonstration.ts'
import type { CallToPlay } from './shapes.ts'

const DAY = 86_400_000
/** The stretch of history that is played: long enough for nobody to see it twice in a shift. */
const PLAYED_CALLS = 600
const SEED = 7
const SPEED = 2
const CALLS_AN_HOUR = 28
const PAGE = 5_000

/** Prepares accounts, devices, roads and calls from the database, then lets the demonstration play against `baseUrl`. */
export async function demonstrate(
  database: Database,
  baseUrl: string,
  onFault: (message: string) => void = () => {},
): Promise<Demonstration> {
  const now = Date.now()
  return startDemonstration(
    {
      baseUrl,
      credentials: await prepareCredentials(database.db, now),
      roads: await readRoads(database),
      calls: await callsLikeNow(database, now),
      seed: SEED,
      speed: SPEED,
      callsAnHour: CALLS_AN_HOUR,
    },
    onFault,
  )
}

/** The stored road network as it is stored; null where there is none. */
export async function readRoads({ db }: Database): Promise<Uint8Array | null> {
  const row = await placesOn(db).selectFrom('road_network').select('graph').executeTakeFirst()
  return row ? new Uint8Array(row.graph) : null
}

/**
 * Calls of the newest source, beginning at the weekday and hour that the district's clock shows now, in a week that
 * changes with the moment: who starts again sees other calls.
 */
export async function callsLikeNow(database: Database, now: Instant): Promise<CallToPlay[]> {
  const sources = await listSources(database.pool)
  const newest = sources.sort((a, b) => b.lastAt - a.lastAt)[0]
  if (!newest) return []
  const { value: district } = await readSetting(database.db, DISTRICT_SETTING, DEFAULT_DISTRICT)
  const weeks = Math.max(1, Math.floor((newest.lastAt - newest.firstAt) / (7 * DAY)) - 1)
  const weeksAgo = 1 + (Math.floor(now / 60_000) % weeks)
  const from = likeNow(newest.lastAt - weeksAgo * 7 * DAY, now, district.timeZone)
  return listHistory(database.pool, {
    from,
    until: newest.lastAt + 1,
    source: newest.source,
    after: null,
    limit: PLAYED_CALLS,
  })
}

/** The latest moment before `before` at which the district's clock shows the weekday, hour and minute of `now`. */
export function likeNow(before: Instant, now: Instant, timeZone: string): Instant {
  const there = wallClock(before, timeZone)
  const here = wallClock(now, timeZone)
  const minutes = (clock: typeof here) => (clock.weekday * 24 + clock.hour) * 60 + clock.minute
  const back = (minutes(there) - minutes(here) + 7 * 24 * 60) % (7 * 24 * 60)
  return before - back * 60_000
}

/** All calls of a span, page by page in one list: for a replay. */
export async function callsBetween(
  { pool }: Database,
  span: { from: Instant; until: Instant; source: string | null },
): Promise<CallToPlay[]> {
  const calls: CallToPlay[] = []
  for (let after: { occurredAt: Instant; id: number } | null = null; ;) {
    const page = await listHistory(pool, { ...span, after, limit: PAGE })
    calls.push(...page)
    if (page.length < PAGE) return calls
    after = page.at(-1)!
  }
}
