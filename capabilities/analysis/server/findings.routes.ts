import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import { refuse } from '../../../foundation/core/outcome.ts'
import type { Db } from '../../../foundation/server/db.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { compareDays, type DayChanges, type DayResult, type KeptFindings } from '../core/index.ts'
import { findingsCsv, findingsGeoJson } from './findings-exports.ts'
import { findFindings, findRunBefore } from './findings.store.ts'
import type { AnalysisNeeds } from './needs.ts'
import { dayPdf } from './report/day-pdf.ts'
import type { Run } from './run.ts'
import { FindingsShown, IdParams } from './schemas.ts'
import { findRun, listPlans } from './store.ts'

/** Series, warnings and what changed: what a run found beside its stops. */
export function registerFindingRoutes(app: FastifyInstance, needs: AnalysisNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/analysis-runs/:id/findings',
    summary: 'Series and warnings that a run found, and what changed since the day before',
    permission: 'analysis.read',
    schema: { params: IdParams, response: FindingsShown },
    async handle(_actor, { params }) {
      const run = await findRun(app.db, params.id)
      if (!run) return refuse('not-found', { detail: { runId: params.id } })
      const findings = await findFindings(app.db, run.id)
      return { body: { findings, changes: await readChanges(app.db, run, findings) } as never }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/analysis-runs/:id/report.pdf',
    summary:
      'The day’s analysis as PDF: stops with a sketch, series, warnings, what changed, and how to read it',
    permission: 'analysis.read',
    schema: {
      params: IdParams,
      querystring: Type.Object({ language: Type.Optional(Type.Enum(['zh-CN', 'en'])) }),
      response: Type.Unknown({ description: 'application/pdf' }),
    },
    async handle(_actor, { params, query }) {
      const run = await findRun(app.db, params.id)
      if (!run) return refuse('not-found', { detail: { runId: params.id } })
      const shifts = await listPlans(app.db, run.id)
      if (shifts.length === 0) return refuse('analysis-without-plan', { detail: { state: run.state } })
      const findings = await findFindings(app.db, run.id)
      const pdf = dayPdf(
        { run, shifts, findings, changes: await readChanges(app.db, run, findings) },
        {
          language: query.language ?? 'zh-CN',
          timeZone: run.parameters.timeZone,
          names: await needs.listCategoryNames(),
        },
      )
      return {
        headers: {
          'content-type': 'application/pdf',
          'content-disposition': `inline; filename="analysis-${run.day}.pdf"`,
          'cache-control': 'no-store',
        },
        body: pdf,
      }
    },
  })

  for (const [what, format, type] of [
    ['series', 'csv', CSV],
    ['series', 'geojson', GEOJSON],
    ['warnings', 'csv', CSV],
    ['warnings', 'geojson', GEOJSON],
  ] as const)
    route(app, {
      method: 'GET',
      url: `/api/analysis-runs/:id/${what}.${format}`,
      summary: `The ${what} of a run as ${format === 'csv' ? 'a table' : 'places and lines'}`,
      permission: 'analysis.read',
      schema: { params: IdParams, response: Type.Unknown({ description: type }) },
      async handle(_actor, { params }) {
        const run = await findRun(app.db, params.id)
        if (!run) return refuse('not-found', { detail: { runId: params.id } })
        const findings = await findFindings(app.db, run.id)
        if (!findings) return refuse('analysis-without-findings', { detail: { state: run.state } })
        const text =
          format === 'csv'
            ? findingsCsv(what, run, findings)
            : JSON.stringify(findingsGeoJson(what, run, findings))
        return {
          headers: {
            'content-type': type,
            'content-disposition': `attachment; filename="analysis-${run.day}-${what}.${format}"`,
            'cache-control': 'no-store',
          },
          body: Buffer.from(text),
        }
      },
    })
}

const CSV = 'text/csv; charset=utf-8'
const GEOJSON = 'application/geo+json'

/** Against the run that was in force before; null where there is none. */
export async function readChanges(
  db: Db,
  run: Run,
  findings: KeptFindings | null,
): Promise<(Omit<DayChanges, 'before'> & { before: DayChanges['before'] & { startedAt: string } }) | null> {
  if (run.state !== 'done') return null
  const before = await findRunBefore(db, run.day)
  if (!before) return null
  const result = async (of: Run, found: KeptFindings | null): Promise<DayResult> => ({
    runId: of.id,
    day: of.day,
    discRadiusMetres: of.parameters.discRadiusMetres,
    shifts: await listPlans(db, of.id),
    findings: found,
  })
  const changes = compareDays(
    await result(before, await findFindings(db, before.id)),
    await result(run, findings),
  )
  return { ...changes, before: { ...changes.before, startedAt: toIso(before.startedAt) } }
}
