import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { writeAudit } from '../../../foundation/server/audit/audit.ts'
import { afterCommit } from '../../../foundation/server/db.ts'
import { commandRoute, matchVersion, route } from '../../../foundation/server/http/route.ts'
import { newId } from '../../../foundation/server/ids.ts'
import type { RosterNeeds } from './needs.ts'
import { lockRoster } from './roster.store.ts'
import { AnyObject, closed, Id, IdParams, Nullable, oneOf } from './schemas.ts'
import { seeRoster } from './seeing.ts'
import { askStop, findSolve, forgetFound, insertSolve, SOLVE_CAUSES, type KeptSolve } from './solve.store.ts'
import { writeFound } from './solve.writing.ts'
import { SILENT_MILLISECONDS, tellOf, type Solving } from './solving.ts'

const LONGEST_SECONDS = 3_600
const SolvingShown = Type.Object({
  state: oneOf(['idle', 'running', 'done', 'stopped', 'infeasible', 'failed']),
  cause: Nullable(oneOf(SOLVE_CAUSES)),
  jobId: Nullable(Id),
  limitSeconds: Type.Number(),
  seconds: Type.Number(),
  objective: Nullable(Type.Number()),
  bound: Nullable(Type.Number()),
  breaches: Nullable(Type.Number({ description: 'What the best so far still breaks; 0 once it is valid' })),
  conflict: Nullable(
    Type.Array(AnyObject, { description: 'The smallest set of rules that leave no roster' }),
  ),
  isConflictSmallest: Nullable(Type.Boolean()),
  rosterVersion: Nullable(Type.Integer({ description: 'The draft that the search began from' })),
  hasFound: Type.Boolean({ description: 'A roster waits to be applied: the draft was changed meanwhile' }),
  startedBy: Nullable(Type.String()),
  startedAt: Nullable(Type.String()),
  endedAt: Nullable(Type.String()),
})

/** Searching for a roster: begin, watch, stop, and take over what was found. */
export function registerSolveRoutes(app: FastifyInstance, needs: RosterNeeds, solving: Solving): void {
  commandRoute(app, {
    method: 'POST',
    url: '/api/rosters/:id/solve',
    summary:
      'Begins the search for a roster from a draft as it stands: it is written into the draft if nobody has changed that meanwhile',
    permission: 'roster.make',
    schema: {
      params: IdParams,
      body: Type.Object(
        {
          seconds: Type.Number({ minimum: 1, maximum: LONGEST_SECONDS }),
          keepCloseTo: Type.Optional(Nullable(Id)),
        },
        closed,
      ),
      response: Type.Object({ jobId: Id, rosterVersion: Type.Integer() }),
    },
    async handle(tx, actor, { params, body, ifMatch }) {
      const roster = await lockRoster(tx, params.id)
      if (!roster) return refuse('not-found')
      const fault = ifMatch === null ? null : matchVersion(ifMatch, roster.version)
      if (fault) return fault
      if (roster.state !== 'draft') return refuse('roster-not-draft', { detail: { state: roster.state } })
      const closeToId = body.keepCloseTo ?? null
      if (closeToId !== null) {
        const closeTo = await seeRoster(tx, actor, closeToId)
        if (isRefusal(closeTo)) return refuse('based-on-unknown', { field: 'keepCloseTo' })
      }
      if ((await findSolve(tx, roster.id))?.state === 'running') return refuse('solve-running')
      const solve = {
        ...{ id: newId(actor.now), rosterId: roster.id, askedSeconds: body.seconds },
        ...{ rosterVersion: roster.version, startedBy: actor.name, startedAt: actor.now },
      }
      await insertSolve(tx, solve)
      await writeAudit(tx, actor, {
        action: 'roster.begin-solve',
        subjectKind: 'roster',
        subjectId: roster.id,
        detail: { number: roster.number, seconds: body.seconds, keepCloseTo: closeToId },
      })
      await tellOf(tx, solve, 'running', actor.now)
      afterCommit(tx, () => solving.begin(solve, closeToId, app.log))
      return { status: 202, body: { jobId: solve.id, rosterVersion: roster.version } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/rosters/:id/solving',
    summary: 'How far the latest search is, or how it ended and why',
    permission: 'roster.read-drafts',
    schema: { params: IdParams, response: SolvingShown },
    async handle(actor, { params }) {
      const roster = await seeRoster(app.db, actor, params.id)
      if (isRefusal(roster)) return roster
      return { body: shownSolve(await findSolve(app.db, roster.id), actor.now) }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/rosters/:id/solving/stop',
    summary: 'Ends the search with the best roster so far',
    permission: 'roster.make',
    schema: { params: IdParams, response: SolvingShown },
    async handle(tx, actor, { params }) {
      const roster = await lockRoster(tx, params.id)
      if (!roster) return refuse('not-found')
      const solve = await findSolve(tx, roster.id)
      if (solve?.state !== 'running') return refuse('solve-not-running')
      await askStop(tx, solve.id)
      await writeAudit(tx, actor, {
        action: 'roster.stop-solve',
        subjectKind: 'roster',
        subjectId: roster.id,
        detail: { number: roster.number },
      })
      afterCommit(tx, () => solving.stop(solve.id))
      return { body: shownSolve(solve, actor.now) }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/rosters/:id/solving/apply',
    summary:
      'Writes the roster that was found over a draft that was changed meanwhile, as it was read (If-Match), if it breaks no rule',
    permission: 'roster.make',
    schema: { params: IdParams, response: Type.Object({ version: Type.Integer() }) },
    async handle(tx, actor, { params, ifMatch }) {
      const roster = await lockRoster(tx, params.id)
      if (!roster) return refuse('not-found')
      const fault = matchVersion(ifMatch, roster.version)
      if (fault) return fault
      if (roster.state !== 'draft') return refuse('roster-not-draft', { detail: { state: roster.state } })
      const solve = await findSolve(tx, roster.id)
      if (!solve?.found) return refuse('nothing-found')
      const { breaches, version } = await writeFound(tx, needs, roster, solve.found, solve, actor)
      if (breaches.length > 0) return refuse('roster-breaks-rules', { detail: { breaches: breaches.length } })
      await forgetFound(tx, solve.id)
      return { etag: version, body: { version } }
    },
  })
}

/** A search that has not been heard of was cut off, though nobody has noted it yet. */
function shownSolve(solve: KeptSolve | null, now: number) {
  if (!solve)
    return {
      ...{ state: 'idle' as const, cause: null, jobId: null, limitSeconds: 0, seconds: 0, objective: null },
      ...{
        bound: null,
        breaches: null,
        conflict: null,
        isConflictSmallest: null,
        rosterVersion: null,
        hasFound: false,
      },
      ...{ startedBy: null, startedAt: null, endedAt: null },
    }
  const isCutOff = solve.state === 'running' && now - solve.heardAt > SILENT_MILLISECONDS
  return {
    state: isCutOff ? ('failed' as const) : solve.state,
    cause: isCutOff ? ('interrupted' as const) : solve.cause,
    jobId: solve.id,
    limitSeconds: solve.askedSeconds,
    seconds: solve.seconds,
    objective: solve.objective,
    bound: solve.bound,
    breaches: solve.breaches,
    conflict: solve.conflict?.rules.map((one) => ({ ...one, date: one.fromDate })) ?? null,
    isConflictSmallest: solve.conflict?.isSmallest ?? null,
    rosterVersion: solve.rosterVersion,
    hasFound: solve.found !== null,
    startedBy: solve.startedBy,
    startedAt: toIso(solve.startedAt),
    endedAt: solve.endedAt === null ? null : toIso(solve.endedAt),
  }
}
