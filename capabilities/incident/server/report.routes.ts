import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { boundsOf, destination } from '../../../foundation/core/geo.ts'
import { fromIso, toIso } from '../../../foundation/core/instant.ts'
import { isRefusal, refuse } from '../../../foundation/core/outcome.ts'
import { commandRoute, route } from '../../../foundation/server/http/route.ts'
import { suggestDuplicates } from '../core/index.ts'
import type { IncidentNeeds } from './commands.ts'
import { readDuplicatePolicy } from './configuration.ts'
import { takeReport } from './intake.ts'
import { findCaller, findReport } from './report-store.ts'
import { findIncident, listAround } from './store.ts'
import {
  CallerGiven,
  Id,
  IdParams,
  IncidentShown,
  Moment,
  Nullable,
  ReportBody,
  ReportShown,
  shownIncident,
  shownReport,
} from './schemas.ts'

export function registerReportRoutes(app: FastifyInstance, needs: IncidentNeeds): void {
  commandRoute(app, {
    method: 'POST',
    url: '/api/reports',
    summary: 'Takes a report down; opens an incident for it or adds it to the one named in incidentId',
    permission: 'incident.report',
    schema: {
      body: ReportBody,
      response: Type.Object({ report: ReportShown, incident: IncidentShown, isNew: Type.Boolean() }),
    },
    async handle(tx, actor, { body }) {
      const receivedAt = body.receivedAt === undefined ? actor.now : fromIso(body.receivedAt)
      if (receivedAt === null) return refuse('invalid-time', { field: 'receivedAt' })
      const occurredAt = body.occurredAt == null ? null : fromIso(body.occurredAt)
      if (body.occurredAt != null && occurredAt === null)
        return refuse('invalid-time', { field: 'occurredAt' })
      const taken = await takeReport(
        tx,
        actor,
        {
          ...body,
          peopleCount: body.peopleCount ?? null,
          circumstances: body.circumstances ?? [],
          receivedAt,
          occurredAt,
          foundByUnitId: body.foundByUnitId ?? null,
          isHourDrawn: body.isHourDrawn ?? false,
          external: body.external ?? null,
          caller: body.caller ?? null,
          incidentId: body.incidentId ?? null,
          sensitiveReason: body.sensitiveReason ?? null,
        },
        needs,
      )
      if (isRefusal(taken)) return taken
      return {
        status: taken.isNew ? 201 : 200,
        etag: taken.incident.version,
        body: {
          report: shownReport(taken.report),
          incident: shownIncident(taken.incident),
          isNew: taken.isNew,
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/incident-duplicates',
    summary: 'Incidents that may be the same event as a report about to be taken, best first with reasons',
    permission: 'incident.read',
    personal: { subjectKind: 'incident', againAfterSeconds: 600 },
    schema: {
      querystring: Type.Object({
        lon: Type.Number({ minimum: -180, maximum: 180 }),
        lat: Type.Number({ minimum: -90, maximum: 90 }),
        typeCode: Type.String({ maxLength: 20 }),
        at: Type.Optional(Moment),
      }),
      response: Type.Object({
        suggestions: Type.Array(
          Type.Object({
            incident: IncidentShown,
            score: Type.Number(),
            reasons: Type.Array(
              Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
            ),
          }),
        ),
      }),
    },
    async handle(actor, { query }) {
      const at = query.at === undefined ? actor.now : fromIso(query.at)
      if (at === null) return refuse('invalid-time', { field: 'at' })
      const position = { lon: query.lon, lat: query.lat }
      const policy = await readDuplicatePolicy(app.db)
      const box = boundsOf(
        [0, 90, 180, 270].map((bearing) => destination(position, bearing, policy.withinMetres)),
      )!
      const span = policy.withinSeconds * 1000
      const around = await listAround(app.db, box, at - span, at + span)
      const visible = around.filter(({ organisationId }) => actor.mayFor('incident.read', organisationId))
      const sightings = visible.map((incident) => ({ ...incident, at: incident.openedAt }))
      const suggestions = suggestDuplicates({ typeCode: query.typeCode, position, at }, sightings, policy)
      return {
        body: {
          suggestions: suggestions.map(({ incident, score, reasons }) => {
            const { at: _, ...known } = incident
            return {
              incident: shownIncident(known),
              score,
              reasons: reasons.map((reason) => ({ ...reason })),
            }
          }),
        },
      }
    },
  })

  route(app, {
    method: 'GET',
    url: '/api/reports/:id/caller',
    summary: 'Who called. Personal data: every reading is written to the audit log',
    permission: 'incident.read-caller',
    personal: { subjectKind: 'report', subjectId: ({ params }) => params.id },
    schema: {
      params: IdParams,
      response: Type.Object({
        reportId: Id,
        caller: Nullable(Type.Object({ ...CallerGiven.properties, retainUntilAt: Type.String() })),
      }),
    },
    async handle(actor, { params }) {
      const report = await findReport(app.db, params.id)
      const incident = report && (await findIncident(app.db, report.incidentId))
      if (!report || !incident) return refuse('not-found')
      if (!actor.mayFor('incident.read-caller', incident.organisationId)) return refuse('out-of-scope')
      const caller = await findCaller(app.db, report.id, actor.now)
      if (!caller) return { body: { reportId: report.id, caller: null } }
      const { retainUntil, ...rest } = caller
      return { body: { reportId: report.id, caller: { ...rest, retainUntilAt: toIso(retainUntil) } } }
    },
  })
}
