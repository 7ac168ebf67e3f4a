import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { addDays, findDayNumber } from '../../../foundation/core/day.ts'
import { fromIso, localDate, toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { endDate, optionKey } from '../core/index.ts'
import { findFeedMadeAt, listAcknowledgements, putAcknowledgement } from './feed.store.ts'
import type { LifeNeeds } from './life.needs.ts'
import { listDaysOfRoster, listOwnDays, listRunning, type RosteredRow } from './on-duty.store.ts'
import { readLifeRules } from './published.ts'
import { findRoster, listRosters, lockRoster, type KeptRoster } from './roster.store.ts'
import { Day, Id, IdParams, Nullable, oneOf } from './schemas.ts'
import { seeRoster } from './seeing.ts'

const MOST_DAYS = 62
const DEFAULT_DAYS = 28

const DayShown = Type.Object({
  date: Type.String(),
  rosterId: Id,
  option: Type.String(),
  kind: oneOf(['duty', 'training', 'leave'] as const),
  startsAt: Nullable(Type.String()),
  endsAt: Nullable(Type.String()),
  shift: Nullable(Type.Object({ code: Type.String(), nameZh: Type.String(), nameEn: Type.String() })),
  post: Nullable(Type.Object({ id: Id, nameZh: Type.String(), nameEn: Type.String(), kind: Type.String() })),
  draw: Nullable(Type.Object({ code: Type.String(), nameZh: Type.String(), nameEn: Type.String() })),
})
const RosterRead = Type.Object({
  rosterId: Id,
  number: Type.String(),
  title: Type.String(),
  fromDate: Type.String(),
  days: Type.Integer(),
  version: Type.Integer(),
  acknowledgedAt: Nullable(Type.String()),
  /** The own days are still as they were read. */
  isCurrent: Type.Boolean(),
})

/** What words a day of a published roster has: of the shift, the post, the draw. */
export function wordsOf({ judged }: Pick<KeptRoster, 'judged'>, { option }: Pick<RosteredRow, 'option'>) {
  if (option.kind !== 'duty') return { shift: null, post: null, draw: null }
  const scheme = judged?.schemes.find(({ organisationId }) => organisationId === option.organisationId)
  const pattern = judged?.patterns.find(({ code }) => code === scheme?.patternCode)
  return {
    shift: pattern?.shifts.find(({ code }) => code === option.shift) ?? null,
    post: judged?.posts.find(({ id }) => id === option.postId) ?? null,
    draw: pattern?.draws.find(({ code }) => code === option.draw) ?? null,
  }
}

const named = ({ code, nameZh, nameEn }: { code: string; nameZh: string; nameEn: string }) => ({
  ...{ code, nameZh, nameEn },
})

function shownDay(roster: KeptRoster, row: RosteredRow) {
  const { shift, post, draw } = wordsOf(roster, row)
  const hasHours = row.kind === 'duty'
  return {
    date: row.date,
    rosterId: row.rosterId,
    option: optionKey(row.option),
    kind: row.kind,
    startsAt: hasHours ? toIso(row.startsAt) : null,
    endsAt: hasHours ? toIso(row.endsAt) : null,
    shift: shift && named(shift),
    post: post && { id: post.id, nameZh: post.nameZh, nameEn: post.nameEn, kind: post.kind },
    draw: draw && named(draw),
  }
}

/** The own days of a roster as one text to compare by, of one officer or of all. */
async function ownDaysText(
  db: Db | Tx,
  rosterId: string,
  timeZone: string,
  of: string | null = null,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const row of await listDaysOfRoster(db, rosterId, timeZone, of))
    texts.set(row.officerId, `${texts.get(row.officerId) ?? ''}${row.date} ${optionKey(row.option)}\n`)
  return new Map(
    [...texts].map(([officerId, text]) => [officerId, createHash('sha256').update(text).digest('base64url')]),
  )
}
const NO_DAYS = ''

/** One’s own roster, that one has read it, and who is on duty when. */
export function registerMyRosterRoutes(app: FastifyInstance, needs: LifeNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/my-roster',
    summary: 'The caller’s own days in published rosters, today first; days off have no entry',
    permission: 'roster.read-own',
    schema: {
      querystring: Type.Object({
        from: Type.Optional(Day),
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_DAYS })),
      }),
      response: Type.Object({
        officerId: Nullable(Id),
        today: Type.String(),
        days: Type.Array(DayShown),
        rosters: Type.Array(RosterRead),
        calendarMadeAt: Nullable(Type.String()),
      }),
    },
    async handle(actor, { query }) {
      const timeZone = needs.timeZone()
      const today = localDate(actor.now, timeZone)
      const { officerId } = actor
      const from = query.from ?? today
      if (findDayNumber(from) === null) return refuse('invalid-date', { field: 'from' })
      if (officerId === null)
        return { body: { officerId, today, days: [], rosters: [], calendarMadeAt: null } }
      const until = addDays(from, query.days ?? DEFAULT_DAYS)
      const rosters = (await listRosters(app.db, ['published'])).filter(
        (roster) => roster.fromDate < until && endDate(roster) > from,
      )
      const rosterOf = new Map<string, KeptRoster>(rosters.map((roster) => [roster.id, roster]))
      const days = await listOwnDays(app.db, officerId, from, until, timeZone)
      const read = []
      for (const roster of rosters) {
        const [own] = await listAcknowledgements(app.db, roster.id, officerId)
        const text = (await ownDaysText(app.db, roster.id, timeZone, officerId)).get(officerId) ?? NO_DAYS
        const { id: rosterId, number, title, fromDate, days: length, version } = roster
        read.push({
          ...{ rosterId, number, title, fromDate, days: length, version },
          acknowledgedAt: own ? toIso(own.at) : null,
          isCurrent: own?.ownDays === text,
        })
      }
      const madeAt = await findFeedMadeAt(app.db, officerId)
      return {
        headers: { 'cache-control': 'no-store' },
        body: {
          officerId,
          today,
          days: days.flatMap((row) => {
            const roster = rosterOf.get(row.rosterId)
            return roster ? [shownDay(roster, row)] : []
          }),
          rosters: read,
          calendarMadeAt: madeAt === null ? null : toIso(madeAt),
        },
      }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/rosters/:id/acknowledge',
    summary: 'The caller has read the published roster as it is now',
    permission: 'roster.ask',
    schema: {
      params: IdParams,
      querystring: Type.Object({ officerId: Type.Optional(Id) }),
      response: Type.Object({ rosterId: Id, officerId: Id, version: Type.Integer(), at: Type.String() }),
    },
    async handle(tx, actor, { params, query }) {
      const roster = await lockRoster(tx, params.id)
      if (!roster || roster.publishedAt === null) return refuse('not-found')
      if (roster.state !== 'published')
        return refuse('roster-not-published', { detail: { state: roster.state } })
      const officerId = query.officerId ?? actor.officerId
      if (officerId === null) return refuse('not-own-officer', { field: 'officerId' })
      const officer = (await needs.listOfficers(tx)).find(({ id }) => id === officerId)
      if (!officer) return refuse('officer-unknown', { field: 'officerId', detail: { officerId } })
      // Somebody without a screen of their own is told by their chief, who says so.
      if (officerId !== actor.officerId && !actor.mayFor('roster.decide', officer.organisationId))
        return refuse('out-of-scope', { field: 'officerId' })
      const ownDays =
        (await ownDaysText(tx, roster.id, needs.timeZone(), officerId)).get(officerId) ?? NO_DAYS
      const { version } = roster
      await putAcknowledgement(tx, roster.id, { officerId, at: actor.now, version, ownDays })
      await writeAudit(tx, actor, {
        action: 'roster.acknowledge',
        subjectKind: 'roster',
        subjectId: roster.id,
        detail: { officerId, version },
      })
      return { body: { rosterId: roster.id, officerId, version, at: toIso(actor.now) } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rosters/:id/acknowledgements',
    summary:
      'Who has read a roster, at which version, and whose days have changed since; by officer, without names',
    permission: 'roster.decide',
    schema: {
      params: IdParams,
      response: Type.Object({
        version: Type.Integer(),
        acknowledgements: Type.Array(
          Type.Object({
            officerId: Id,
            at: Type.String(),
            version: Type.Integer(),
            isCurrent: Type.Boolean(),
          }),
        ),
      }),
    },
    async handle(actor, { params }) {
      const roster = await seeRoster(app.db, actor, params.id)
      if (isRefusal(roster)) return roster
      const scope = actor.scopeOf('roster.decide')
      const texts = await ownDaysText(app.db, roster.id, needs.timeZone())
      const organisationOf = new Map(
        (await needs.listOfficers(app.db)).map((one) => [one.id as string, one.organisationId as string]),
      )
      const acknowledgements = (await listAcknowledgements(app.db, roster.id))
        .filter(({ officerId }) => scope === null || scope.has(organisationOf.get(officerId) ?? ''))
        .map(({ officerId, at, version, ownDays }) => ({
          ...{ officerId, at: toIso(at), version },
          isCurrent: (texts.get(officerId) ?? NO_DAYS) === ownDays,
        }))
      return { body: { version: roster.version, acknowledgements } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rosters/on-duty',
    summary:
      'Whom published rosters have on duty at a moment, and in which post; those about to begin are marked',
    permission: 'roster.read',
    schema: {
      querystring: Type.Object({ at: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })) }),
      response: Type.Object({
        at: Type.String(),
        officers: Type.Array(
          Type.Object({
            officerId: Id,
            organisationId: Id,
            hasBegun: Type.Boolean(),
            ...DayShown.properties,
          }),
        ),
      }),
    },
    async handle(actor, { query }) {
      const at = query.at === undefined ? actor.now : fromIso(query.at)
      if (at === null || !Number.isFinite(at)) return refuse('invalid-time', { field: 'at' })
      const { rollCallBeforeMinutes } = await readLifeRules(app.db)
      const rows = await listRunning(app.db, at, rollCallBeforeMinutes, needs.timeZone())
      const rosters = new Map<string, KeptRoster>()
      for (const id of new Set(rows.map(({ rosterId }) => rosterId)))
        rosters.set(id, (await findRoster(app.db, id))!)
      const officers = rows
        .filter(({ kind }) => kind === 'duty')
        .map((row) => ({
          officerId: row.officerId,
          organisationId: row.organisationId,
          hasBegun: row.startsAt <= at,
          ...shownDay(rosters.get(row.rosterId)!, row),
        }))
      return { body: { at: toIso(at), officers } }
    },
  })
}
