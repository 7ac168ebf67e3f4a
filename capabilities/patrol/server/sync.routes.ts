import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { localDate, toIso, type Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import {
  DEFAULT_SYNC,
  isFinal,
  SYNC_DAYS,
  SYNC_SETTING,
  type SyncOutcome,
  type SyncSetting,
  type SyncSurface,
} from '../core/index.ts'
import { cellsCsv, cellsGeoJson, daysCsv } from './sync.exports.ts'
import type { SyncNeeds } from './sync.needs.ts'
import { DayParams, DayShown, IndexShown, type Outcome } from './sync.schemas.ts'
import { findSyncDay, listSyncDays, type SyncDay } from './sync.store.ts'
import type { Sync } from './sync.ts'

interface FoundDay {
  readonly day: string
  readonly computedAt: Instant
  readonly isRunning: boolean
  readonly isFinal: boolean
  readonly outcome: Static<typeof Outcome>
  readonly surface: SyncSurface | null
}

/** The sync index of the running day and of those before it. No unit is named, and where few were out, no place. */
export function registerSyncRoutes(app: FastifyInstance, needs: SyncNeeds, sync: Sync): void {
  const permission = 'patrol.read-sync'

  const listDays = (now: Instant) =>
    listSyncDays(app.db, dateOfDay(findDayNumber(localDate(now, needs.timeZone()))! - SYNC_DAYS))

  async function findDay(day: string, now: Instant): Promise<FoundDay | Refusal> {
    if (findDayNumber(day) === null) return refuse('not-found', { field: 'day', detail: { day } })
    const live = sync.live(now)
    if (live?.day === day)
      return {
        ...{ day, computedAt: live.computedAt, isRunning: true, isFinal: false },
        outcome: shownOutcome(live.sinceMidnight),
        surface: live.sinceMidnight.state === 'done' ? live.sinceMidnight.surface : null,
      }
    const found = await findSyncDay(app.db, day)
    if (!found) return refuse('not-found', { field: 'day', detail: { day } })
    const { state, minutes, figures, computedAt } = found.day
    return {
      ...{ day, computedAt, isRunning: false, isFinal: isFinal(day, computedAt, needs.timeZone()) },
      outcome: { state, minutes, figures } as Static<typeof Outcome>,
      surface: found.surface,
    }
  }

  route(app, {
    method: 'GET',
    url: '/api/sync-index',
    summary: 'How much of patrol falls where and when risk is: now, since midnight, and the last 30 days',
    permission,
    schema: { response: IndexShown },
    async handle({ now }) {
      const live = sync.live(now)
      const setting = await readSetting<Partial<SyncSetting>>(app.db, SYNC_SETTING, {})
      return {
        body: {
          today: localDate(now, needs.timeZone()),
          timeZone: needs.timeZone(),
          setting: { ...DEFAULT_SYNC, ...setting.value },
          live: live && {
            day: live.day,
            computedAt: toIso(live.computedAt),
            heardAt: live.heardAt === null ? null : toIso(live.heardAt),
            plan: live.plan && { ...live.plan, madeAt: toIso(live.plan.madeAt) },
            sinceMidnight: shownOutcome(live.sinceMidnight),
            lastHour: shownOutcome(live.lastHour),
          },
          days: (await listDays(now)).map((each) => shownDay(each, needs.timeZone())),
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/sync-index/days.csv',
    summary: 'The last 30 days as a table',
    permission,
    schema: { response: Type.Unknown({ description: 'text/csv' }) },
    handle: async ({ now }) => file('days.csv', 'text/csv; charset=utf-8', daysCsv(await listDays(now))),
  })

  route(app, {
    method: 'GET',
    url: '/api/sync-index/:day',
    summary: 'A day with risk, patrol and better places by cell and hour',
    permission,
    schema: { params: DayParams, response: DayShown },
    async handle({ now }, { params }) {
      const found = await findDay(params.day, now)
      if (isRefusal(found)) return found
      const { outcome, computedAt, ...day } = found
      return { body: { ...day, ...outcome, computedAt: toIso(computedAt) } }
    },
  })

  for (const [format, type, write] of [
    ['csv', 'text/csv; charset=utf-8', cellsCsv],
    [
      'geojson',
      'application/geo+json',
      (day: string, surface: SyncSurface) => JSON.stringify(cellsGeoJson(day, surface)),
    ],
  ] as const)
    route(app, {
      method: 'GET',
      url: `/api/sync-index/:day/cells.${format}`,
      summary: `Risk and patrol of a day by cell and hour as ${format === 'csv' ? 'a table' : 'squares'}`,
      permission,
      schema: { params: DayParams, response: Type.Unknown({ description: type }) },
      async handle({ now }, { params }) {
        const found = await findDay(params.day, now)
        if (isRefusal(found)) return found
        if (found.surface === null) return refuse('sync-cannot-be-told', { detail: { day: params.day } })
        return file(`${params.day}.${format}`, type, write(params.day, found.surface))
      },
    })
}

const file = (name: string, type: string, text: string) => ({
  headers: {
    'content-type': type,
    'content-disposition': `attachment; filename="sync-index-${name}"`,
    'cache-control': 'no-store',
  },
  body: Buffer.from(text),
})

function shownOutcome(outcome: SyncOutcome): Static<typeof Outcome> {
  const { state, minutes } = outcome
  return {
    state,
    minutes,
    figures: outcome.state === 'done' ? outcome.figures : null,
  } as Static<typeof Outcome>
}

function shownDay({ runId: _, figures, ...day }: SyncDay, timeZone: string) {
  return {
    ...day,
    computedAt: toIso(day.computedAt),
    isFinal: isFinal(day.day, day.computedAt, timeZone),
    figures: figures && {
      overlap: figures.overlap,
      byPlace: figures.byPlace,
      byHour: figures.byHour,
      even: figures.even,
      random: figures.random,
      bestPlaces: figures.bestPlaces,
      bestHours: figures.bestHours,
    },
  }
}
