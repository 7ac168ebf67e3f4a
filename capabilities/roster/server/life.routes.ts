import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { commandRoute, matchVersion } from '../../../foundation/server/http/route.ts'
import { checkRoster, decidePublish, decideWithdraw, endDate } from '../core/index.ts'
import { loadGround, readJudgedBy } from './ground.store.ts'
import { announceRoster } from './making.ts'
import type { RosterNeeds } from './needs.ts'
import {
  appendRosterEvent,
  findRoster,
  lockPublishedIn,
  lockRoster,
  markEnded,
  markPublished,
  shortenRoster,
} from './roster.store.ts'
import { closed, IdParams, Reason, RosterHead, shownHead } from './schemas.ts'

/** A roster begins to hold, and ceases to. */
export function registerLifeRoutes(app: FastifyInstance, needs: RosterNeeds): void {
  commandRoute(app, {
    method: 'POST',
    url: '/api/rosters/:id/publish',
    summary:
      'Publishes a draft as it was read (If-Match) in the place of what held on its days; with rules broken only for a reason',
    permission: 'roster.make',
    schema: {
      params: IdParams,
      body: Type.Object(
        { acceptBreaches: Type.Optional(Type.Boolean()), reason: Type.Optional(Reason) },
        closed,
      ),
      response: RosterHead,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const roster = await lockRoster(tx, params.id)
      if (!roster) return refuse('not-found')
      const fault = matchVersion(ifMatch, roster.version)
      if (fault) return fault
      const { fromDate, days } = roster
      const published = await lockPublishedIn(tx, fromDate, endDate(roster))
      const { ground, grid } = await loadGround(tx, needs, { fromDate, days, roster })
      const breaches = roster.state === 'draft' ? checkRoster(ground, grid) : []
      const reason = body.reason ?? actor.reason ?? ''
      const succession = decidePublish(roster, published, {
        breaches: breaches.length,
        acceptBreaches: body.acceptBreaches ?? false,
        reason,
      })
      if (isRefusal(succession)) return succession
      const kept = new Map(published.map((one) => [one.id, one]))
      for (const { id } of succession.replaced) {
        const former = kept.get(id)!
        const version = await markEnded(tx, former, 'replaced', actor.now)
        await appendRosterEvent(tx, id, version, 'replaced', { byId: roster.id, by: roster.number }, actor)
        await announceRoster(tx, actor, { ...former, state: 'replaced', version }, 'roster.replaced')
      }
      if (succession.shortened) {
        const former = kept.get(succession.shortened.id)!
        const version = await shortenRoster(tx, former, fromDate)
        await appendRosterEvent(tx, former.id, version, 'shortened', { byId: roster.id, fromDate }, actor)
        await announceRoster(tx, actor, { ...former, version }, 'roster.changed', { shortenedFrom: fromDate })
      }
      const version = await markPublished(tx, roster, await readJudgedBy(tx, fromDate), actor)
      const rules = [...new Set(breaches.map(({ rule }) => rule))].sort()
      const facts = { breaches: breaches.length, rules, replaced: succession.replaced.map(({ id }) => id) }
      await appendRosterEvent(tx, roster.id, version, 'published', facts, actor)
      await writeAudit(tx, actor, {
        action: 'roster.publish',
        subjectKind: 'roster',
        subjectId: roster.id,
        ...(reason ? { reason } : {}),
        detail: { number: roster.number, fromDate, days, ...facts },
      })
      const after = (await findRoster(tx, roster.id))!
      await announceRoster(tx, actor, after, 'roster.published', { fromDate, days })
      return { etag: version, body: shownHead(after) }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/rosters/:id/withdraw',
    summary: 'Throws a draft away, or takes a published roster back, with the reason (If-Match)',
    permission: 'roster.make',
    schema: {
      params: IdParams,
      body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 1000 }) }, closed),
      response: RosterHead,
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const roster = await lockRoster(tx, params.id)
      if (!roster) return refuse('not-found')
      const fault = matchVersion(ifMatch, roster.version) ?? decideWithdraw(roster)
      if (fault) return fault
      const version = await markEnded(tx, roster, 'withdrawn', actor.now)
      await appendRosterEvent(tx, roster.id, version, 'withdrawn', {}, actor)
      await writeAudit(tx, actor, {
        action: 'roster.withdraw',
        subjectKind: 'roster',
        subjectId: roster.id,
        reason: body.reason,
        detail: { number: roster.number, was: roster.state },
      })
      const after = (await findRoster(tx, roster.id))!
      await announceRoster(tx, actor, after, 'roster.withdrawn')
      return { etag: version, body: shownHead(after) }
    },
  })
}
