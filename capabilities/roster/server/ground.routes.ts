import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { isRefusal } from '../../../foundation/core/outcome.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { optionKey } from '../core/index.ts'
import { loadGround } from './ground.store.ts'
import type { RosterNeeds } from './needs.ts'
import { AnyObject, IdParams } from './schemas.ts'
import { seeRoster } from './seeing.ts'

/** What rosters are judged by, for a screen that judges a change before it is sent. */
export function registerGroundRoutes(app: FastifyInstance, needs: RosterNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/rosters/:id/ground',
    summary:
      'All that the rules judge a roster by: patterns, schemes, posts, officers, absences without their why, rules; wishes for who edits the rows',
    permission: 'roster.read',
    schema: {
      params: IdParams,
      response: Type.Object({ ground: AnyObject, version: Type.Integer() }),
    },
    async handle(actor, { params }) {
      const roster = await seeRoster(app.db, actor, params.id)
      if (isRefusal(roster)) return roster
      const { fromDate, days, version } = roster
      const { ground } = await loadGround(app.db, needs, { fromDate, days, roster })
      const organisationOf = new Map(ground.officers.map(({ id, organisationId }) => [id, organisationId]))
      return {
        etag: version,
        body: {
          version,
          ground: {
            ...ground,
            officers: ground.officers.map((officer) => ({
              ...officer,
              before: officer.before.map(optionKey),
            })),
            // What somebody would like is for whoever makes their roster, and no rule asks for it.
            wishes: ground.wishes.filter(({ officerId }) =>
              actor.mayFor('roster.edit', organisationOf.get(officerId) ?? null),
            ),
            // The rules look at this roster alone.
            published: null,
          },
        },
      }
    },
  })
}
