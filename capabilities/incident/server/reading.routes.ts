import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { fromIso, toIso, type Instant } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse, type Refusal } from '../../../foundation/core/outcome.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { route } from '../../../foundation/server/http/route.ts'
import { readSetting } from '../../../foundation/server/settings.ts'
import { HOURS_SETTING, type HourSource } from '../../place/core/index.ts'
import {
  afterActionReport,
  ORIGINS,
  statisticsOf,
  type AfterActionReport,
  type Incident,
} from '../core/index.ts'
import { isTheirs, type IncidentNeeds } from './commands.ts'
import { readBooks } from './configuration.ts'
import { reportPdf } from './report-pdf.ts'
import { listReports, listSummaries } from './report-store.ts'
import {
  Id,
  IdParams,
  IncidentShown,
  Level,
  Moment,
  Nullable,
  oneOf,
  ReportShown,
  shownEntry,
  shownIncident,
  shownReport,
  Stage,
  TimelineShown,
} from './schemas.ts'
import { findIncident, listAbsorbed, listIncidents, listTimeline } from './store.ts'

const ListQuery = Type.Object({
  status: Type.Optional(oneOf(['open', 'closed', 'merged'])),
  level: Type.Optional(Level),
  stage: Type.Optional(Stage),
  typeCode: Type.Optional(
    Type.String({ maxLength: 20, description: 'A code or the beginning of one: a class' }),
  ),
  origin: Type.Optional(oneOf(ORIGINS)),
  organisationId: Type.Optional(Id),
  from: Type.Optional(Moment),
  until: Type.Optional(Moment),
  q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of number, address or summary' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
})

/** A page reads its incident again at each event; its reading is kept once in so long. A report that leaves the house is kept each time. */
const AGAIN_AFTER_SECONDS = 600
const ONE_INCIDENT = {
  subjectKind: 'incident',
  subjectId: ({ params }: { params: { id: string } }) => params.id,
  againAfterSeconds: AGAIN_AFTER_SECONDS,
}

export function registerIncidentReadingRoutes(app: FastifyInstance, needs: IncidentNeeds): void {
  route(app, {
    method: 'GET',
    url: '/api/incidents',
    summary: 'Incidents, newest first, by pages',
    permission: 'incident.read',
    // What people have told is in it, and a search may be for a name.
    personal: { subjectKind: 'incident', againAfterSeconds: AGAIN_AFTER_SECONDS },
    schema: {
      querystring: ListQuery,
      response: Type.Object({ incidents: Type.Array(IncidentShown), nextCursor: Nullable(Type.String()) }),
    },
    async handle(actor, { query }) {
      const { cursor, from, until, q, limit = 100, ...filter } = query
      const after = cursor === undefined ? null : cursorOf(cursor)
      if (after && isRefusal(after)) return after
      const span = spanOf(from, until)
      if (isRefusal(span)) return span
      const incidents = await listIncidents(app.db, {
        ...filter,
        ...span,
        ...(q ? { text: q } : {}),
        scope: actor.scopeOf('incident.read'),
        after,
        limit: limit + 1,
      })
      const page = incidents.slice(0, limit)
      const last = page.at(-1)
      return {
        body: {
          incidents: page.map(shownIncident),
          nextCursor: incidents.length > limit && last ? cursorTo(last) : null,
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/incidents/:id',
    summary: 'One incident with its reports and the incidents merged into it',
    permission: 'incident.read',
    personal: ONE_INCIDENT,
    schema: {
      params: IdParams,
      response: Type.Object({
        incident: IncidentShown,
        reports: Type.Array(ReportShown),
        absorbed: Type.Array(Type.Object({ id: Type.String(), number: Type.String() })),
      }),
    },
    async handle(actor, { params }) {
      const incident = await readable(actor, params.id)
      if (isRefusal(incident)) return incident
      const [reports, absorbed] = [
        await listReports(app.db, incident.id),
        await listAbsorbed(app.db, incident.id),
      ]
      return {
        etag: incident.version,
        body: { incident: shownIncident(incident), reports: reports.map(shownReport), absorbed },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/incidents/:id/timeline',
    summary: 'Everything that happened, in order',
    permission: 'incident.read',
    personal: ONE_INCIDENT,
    schema: { params: IdParams, response: Type.Object({ timeline: Type.Array(TimelineShown) }) },
    async handle(actor, { params }) {
      const incident = await readable(actor, params.id)
      if (isRefusal(incident)) return incident
      return { body: { timeline: (await listTimeline(app.db, incident.id)).map(shownEntry) } }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/incidents/:id/report',
    summary: 'The after-action report as data for a page',
    permission: 'incident.read',
    personal: ONE_INCIDENT,
    schema: {
      params: IdParams,
      response: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
    },
    async handle(actor, { params }) {
      const incident = await readable(actor, params.id)
      if (isRefusal(incident)) return incident
      const report = afterActionReport(incident, await listTimeline(app.db, incident.id), actor.now)
      return { etag: incident.version, body: shownAfterAction(report) }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/incidents/:id/report.pdf',
    summary: 'The after-action report as PDF',
    permission: 'incident.read',
    personal: { subjectKind: 'incident', subjectId: ({ params }) => params.id },
    schema: {
      params: IdParams,
      querystring: Type.Object({ language: Type.Optional(oneOf(['zh-CN', 'en'])) }),
      response: Type.Unknown({ description: 'application/pdf' }),
    },
    async handle(actor, { params, query }) {
      const incident = await readable(actor, params.id)
      if (isRefusal(incident)) return incident
      const pdf = reportPdf(afterActionReport(incident, await listTimeline(app.db, incident.id), actor.now), {
        language: query.language ?? 'zh-CN',
        timeZone: needs.timeZone(),
        books: await readBooks(app.db),
        hours: (await readSetting<HourSource | null>(app.db, HOURS_SETTING, null)).value,
      })
      return {
        headers: {
          'content-type': 'application/pdf',
          'content-disposition': `inline; filename="${incident.number}.pdf"`,
          'cache-control': 'no-store',
        },
        body: pdf,
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/incident-statistics',
    summary: 'Counts and response times of the incidents that ended, read off their timelines',
    permission: 'incident.read',
    schema: {
      querystring: Type.Object({ from: Moment, until: Moment }),
      response: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
    },
    async handle(actor, { query }) {
      const span = spanOf(query.from, query.until)
      if (isRefusal(span)) return span
      const { from, until } = span as { from: Instant; until: Instant }
      return {
        body: { ...statisticsOf(await listSummaries(app.db, from, until, actor.scopeOf('incident.read'))) },
      }
    },
  })

  /** The incident where the actor may read it; `not-found` hides what is out of scope. */
  async function readable(actor: ActorContext, id: string): Promise<Incident | Refusal> {
    const incident = await findIncident(app.db, id)
    return incident && (await isTheirs(app.db, actor, 'incident.read', incident, needs))
      ? incident
      : refuse('not-found')
  }
}

function spanOf(
  from: string | undefined,
  until: string | undefined,
): { from?: Instant; until?: Instant } | Refusal {
  const span: { from?: Instant; until?: Instant } = {}
  for (const [field, text] of [
    ['from', from],
    ['until', until],
  ] as const) {
    if (text === undefined) continue
    const at = fromIso(text)
    if (at === null) return refuse('invalid-time', { field })
    span[field] = at
  }
  return span
}

function cursorTo({ openedAt, id }: Incident): string {
  return Buffer.from(`${openedAt}.${id}`).toString('base64url')
}

function cursorOf(text: string): { openedAt: Instant; id: string } | Refusal {
  const [, openedAt, id] = /^(\d{1,15})\.([\w-]{1,60})$/.exec(Buffer.from(text, 'base64url').toString()) ?? []
  return openedAt && id ? { openedAt: Number(openedAt), id } : refuse('invalid-cursor', { field: 'cursor' })
}

/** The report for a page: moments as ISO text under names that end in At. */
function shownAfterAction(report: AfterActionReport): Record<string, unknown> {
  const iso = (at: Instant | null) => (at === null ? null : toIso(at))
  return {
    incident: shownIncident(report.incident),
    writtenAt: toIso(report.writtenAt),
    times: report.times,
    stages: report.stages.map((span) => ({
      ...span,
      enteredAt: toIso(span.enteredAt),
      leftAt: iso(span.leftAt),
    })),
    levels: report.levels.map((step) => ({ ...step, at: toIso(step.at) })),
    units: report.units.map((unit) => ({
      ...unit,
      orderedAt: toIso(unit.orderedAt),
      acknowledgedAt: iso(unit.acknowledgedAt),
      departedAt: iso(unit.departedAt),
      arrivedAt: iso(unit.arrivedAt),
      releasedAt: iso(unit.releasedAt),
    })),
    orders: report.orders,
    reportCount: report.reportCount,
    notes: report.notes.map((note) => ({ ...note, at: toIso(note.at) })),
    medicalHelp: report.medicalHelp.map((help) => ({ ...help, at: toIso(help.at) })),
    forceUses: report.forceUses.map((use) => ({ ...use, at: toIso(use.at) })),
    timeline: report.timeline.map(shownEntry),
  }
}
