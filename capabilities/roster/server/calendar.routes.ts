import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { addDays } from '../../../foundation/core/day.ts'
import { localDate, type Instant } from '../../../foundation/core/instant.ts'
import { refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db } from '../../../foundation/server/db.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { newSecret, secretHash } from '../../../foundation/server/identity/secrets.ts'
import { textsOf, type Language } from '../../../foundation/server/texts.ts'
import { calendarText, type CalendarEntry } from '../core/index.ts'
import { findFeedOfficer, putFeed, removeFeed } from './feed.store.ts'
import type { LifeNeeds } from './life.needs.ts'
import { wordsOf } from './my-roster.routes.ts'
import { listOwnDays } from './on-duty.store.ts'
import { listRosters, type KeptRoster } from './roster.store.ts'
import { oneOf } from './schemas.ts'

const BACK_DAYS = 31
const AHEAD_DAYS = 124
/** A district's phones sit behind one address; a feed is asked for some times a day. */
const RATE = { max: 600, timeWindow: 60_000 }

/** The calendar feed of an officer: an address that is its own key. */
export function registerCalendarRoutes(app: FastifyInstance, needs: LifeNeeds): void {
  commandRoute(app, {
    method: 'POST',
    url: '/api/my-roster/calendar',
    summary: 'Makes a new address for the own calendar, shown this once; an earlier one stops working',
    permission: 'roster.ask',
    secret: true,
    schema: {
      querystring: Type.Object({ lang: Type.Optional(oneOf(['zh-CN', 'en'] as const)) }),
      response: Type.Object({ url: Type.String() }),
    },
    async handle(tx, actor, { query }) {
      if (actor.officerId === null) return refuse('not-own-officer')
      const secret = newSecret()
      await putFeed(tx, actor.officerId, secretHash(secret), actor.now)
      await writeAudit(tx, actor, {
        action: 'roster.make-calendar',
        subjectKind: 'officer',
        subjectId: actor.officerId,
      })
      const suffix = query.lang === 'en' ? '?lang=en' : ''
      return { status: 201, body: { url: `/calendar/${secret}.ics${suffix}` } }
    },
  })

  commandRoute(app, {
    method: 'DELETE',
    url: '/api/my-roster/calendar',
    summary: 'The address of the own calendar stops working',
    permission: 'roster.ask',
    schema: { response: Type.Null() },
    async handle(tx, actor) {
      if (actor.officerId === null) return refuse('not-own-officer')
      if (!(await removeFeed(tx, actor.officerId))) return refuse('calendar-not-found')
      await writeAudit(tx, actor, {
        action: 'roster.drop-calendar',
        subjectKind: 'officer',
        subjectId: actor.officerId,
      })
      return {}
    },
  })

  route(app, {
    method: 'GET',
    url: '/calendar/:file',
    summary:
      'An officer’s own duties as iCalendar (RFC 5545); whoever has the address may read it, and nobody else is in it',
    permission: 'public',
    isSecretPath: true,
    rateLimit: RATE,
    schema: {
      params: Type.Object({ file: Type.String({ pattern: '^[\\w-]{43}\\.ics$' }) }),
      querystring: Type.Object({ lang: Type.Optional(oneOf(['zh-CN', 'en'] as const)) }),
      response: Type.String(),
    },
    async handle(actor, { params, query }, reply) {
      const officerId = await findFeedOfficer(app.db, secretHash(params.file.slice(0, -'.ics'.length)))
      if (officerId === null) return refuse('not-found')
      const text = await calendarOf(app.db, needs, officerId, query.lang ?? 'zh-CN', actor.now)
      return reply
        .type('text/calendar; charset=utf-8')
        .header('cache-control', 'private, no-cache')
        .header('content-disposition', 'inline; filename="roster.ics"')
        .serializer(String)
        .send(text)
    },
  })
}

/** Duties and training; leave is left out, since where the feed goes is nobody's business to know. */
async function calendarOf(
  db: Db,
  needs: LifeNeeds,
  officerId: string,
  language: Language,
  now: Instant,
): Promise<string> {
  const t = textsOf('roster', language)
  const timeZone = needs.timeZone()
  const today = localDate(now, timeZone)
  const rosterOf = new Map<string, KeptRoster>(
    (await listRosters(db, ['published'])).map((roster) => [roster.id, roster]),
  )
  const organisations = new Map((await needs.listOrganisations(db)).map((one) => [one.id as string, one]))
  const inWords = (one: { nameZh: string; nameEn: string } | null | undefined) =>
    one ? (language === 'en' ? one.nameEn : one.nameZh) : null
  const days = await listOwnDays(
    db,
    officerId,
    addDays(today, -BACK_DAYS),
    addDays(today, AHEAD_DAYS),
    timeZone,
  )
  const entries = days.flatMap((row): CalendarEntry[] => {
    const roster = rosterOf.get(row.rosterId)
    if (!roster || row.kind === 'leave') return []
    const { shift, post, draw } = wordsOf(roster, row)
    const title =
      row.kind === 'training'
        ? t('calendar.training')
        : [inWords(shift), inWords(post ?? draw)].filter((word) => word !== null).join(' · ')
    return [
      {
        uid: `${row.date}.${officerId}@roster.xunfang`,
        title,
        place: row.kind === 'duty' ? inWords(organisations.get(row.organisationId)) : null,
        changedAt: roster.publishedAt ?? roster.madeAt,
        sequence: roster.version,
        when:
          row.kind === 'duty'
            ? { kind: 'hours', startsAt: row.startsAt, endsAt: row.endsAt }
            : { kind: 'day', date: row.date },
      },
    ]
  })
  return calendarText({ name: t('calendar.name'), timeZone, entries })
}
