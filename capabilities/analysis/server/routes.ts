import { dateOfDay, findDayNumber } from '../../../foundation/core/day.ts'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { dayInForce, type ShiftPlan } from '../core/index.ts'
import { planCsv, planGeoJson } from './exports.ts'
import { registerFindingRoutes } from './findings.routes.ts'
import { beginRun, readDaily } from './jobs.ts'
import type { AnalysisNeeds } from './needs.ts'
import type { Run } from './run.ts'
import { IdParams, PlanShown, RunShown, RunsShown } from './schemas.ts'
import { registerAnalysisSettingRoutes } from './setting.routes.ts'
import { findPlanned, findRun, listPlanCategories, listPlans, listRuns } from './store.ts'

/** A plan for a later day than these knows too little of what will have happened. */
const DAYS_AHEAD = 7

const PlanQuery = Type.Object({
  category: Type.Optional(
    Type.String({ maxLength: 200, description: 'One of `categories`; left out, all together' }),
  ),
  stretch: Type.Optional(Type.Enum(['shift', 'day', 'week'])),
})

const askedPlan = ({ category, stretch }: Static<typeof PlanQuery>) => ({
  category: category ?? null,
  stretch: stretch ?? ('shift' as const),
})

/** The log of runs, the plan of a day, and running one now. */
export function registerAnalysisRoutes(app: FastifyInstance, needs: AnalysisNeeds): void {
  registerAnalysisSettingRoutes(app)
  registerFindingRoutes(app, needs)

  route(app, {
    method: 'GET',
    url: '/api/analysis-runs',
    summary: 'The log of runs, latest first, with the day in force and the run whose plan is shown for it',
    permission: 'analysis.read',
    schema: {
      querystring: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
        cursor: Type.Optional(
          Type.String({ maxLength: 60, description: 'The id of the last row of the page before' }),
        ),
      }),
      response: RunsShown,
    },
    async handle(actor, { query }) {
      const limit = query.limit ?? 30
      const runs = await listRuns(app.db, { before: query.cursor ?? null, limit })
      const day = dayInForce(actor.now, needs.timeZone(), await readDaily(app.db))
      return {
        body: {
          runs: runs.map(shownRun),
          nextCursor: runs.length === limit ? runs.at(-1)!.id : null,
          dayInForce: day,
          plannedRunId: (await findPlanned(app.db, day))?.id ?? null,
          hasHistory: await needs.hasHistory(),
        },
      }
    },
  })

  commandRoute(app, {
    method: 'POST',
    url: '/api/analysis-runs',
    summary: 'Plans a day now; left out, the day in force',
    permission: 'analysis.run',
    schema: {
      body: Type.Object({
        day: Type.Optional(Type.String({ minLength: 10, maxLength: 10, description: 'YYYY-MM-DD' })),
      }),
      response: RunShown,
    },
    async handle(tx, actor, { body }) {
      const inForce = dayInForce(actor.now, needs.timeZone(), await readDaily(tx))
      const day = body.day ?? inForce
      const number = findDayNumber(day)
      const latest = dateOfDay(findDayNumber(inForce)! + DAYS_AHEAD)
      if (number === null || number < 0 || day > latest)
        return refuse('analysis-day-out-of-range', { field: 'day', detail: { latest } })
      const run = await beginRun(tx, actor, { day, cause: 'manual' })
      return run ? { status: 202, body: shownRun(run) } : refuse('analysis-already-running')
    },
  })

  const planned = async (id: string) => {
    const run = await findRun(app.db, id)
    return run ?? refuse('not-found', { detail: { runId: id } })
  }

  route(app, {
    method: 'GET',
    url: '/api/analysis-runs/:id',
    summary: 'A run with the plan that it made: of all categories by shift, or as asked',
    permission: 'analysis.read',
    schema: { params: IdParams, querystring: PlanQuery, response: PlanShown },
    async handle(_actor, { params, query }) {
      const run = await planned(params.id)
      if (isRefusal(run)) return run
      const plans = await listPlans(app.db, run.id, askedPlan(query))
      return {
        body: {
          run: shownRun(run),
          shifts: plans.map(shownPlan),
          categories: await listPlanCategories(app.db, run.id),
        },
      }
    },
  })

  for (const [format, type, write] of [
    ['csv', 'text/csv; charset=utf-8', planCsv],
    [
      'geojson',
      'application/geo+json',
      (run: Run, plans: ShiftPlan[]) => JSON.stringify(planGeoJson(run, plans)),
    ],
  ] as const)
    route(app, {
      method: 'GET',
      url: `/api/analysis-runs/:id/plan.${format}`,
      summary: `The stops of a run as ${format === 'csv' ? 'a table' : 'polygons'}`,
      permission: 'analysis.read',
      schema: {
        params: IdParams,
        querystring: PlanQuery,
        response: Type.Unknown({ description: type }),
      },
      async handle(_actor, { params, query }) {
        const run = await planned(params.id)
        if (isRefusal(run)) return run
        if (run.state !== 'done') return refuse('analysis-without-plan', { detail: { state: run.state } })
        return {
          headers: {
            'content-type': type,
            'content-disposition': `attachment; filename="analysis-${run.day}.${format}"`,
            'cache-control': 'no-store',
          },
          body: Buffer.from(write(run, await listPlans(app.db, run.id, askedPlan(query)))),
        }
      },
    })
}

function shownRun({ startedAt, endedAt, attempts: _, ...run }: Run): Static<typeof RunShown> {
  return {
    ...run,
    parameters: { ...run.parameters, shifts: [...run.parameters.shifts] },
    quality: [...run.quality],
    startedAt: toIso(startedAt),
    endedAt: endedAt === null ? null : toIso(endedAt),
  } as Static<typeof RunShown>
}

function shownPlan({ fromAt, untilAt, ...plan }: ShiftPlan) {
  return { ...plan, fromAt: toIso(fromAt), untilAt: toIso(untilAt) }
}
