import { Type, type Static, type TSchema } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import {
  CALLER_LEGAL_BASES,
  CALLER_PURPOSES,
  CIRCUMSTANCES,
  LEVELS,
  OPEN_STAGES,
  ORIGINS,
  type Incident,
  type TimelineEntry,
} from '../core/index.ts'
import type { Report } from './report-store.ts'
import { SensitiveReason } from './sensitive.ts'

export const oneOf = <Value extends string>(values: readonly Value[]) =>
  Type.Enum([...values] as [Value, ...Value[]])
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Anything = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })

export const Id = Type.String({ minLength: 1, maxLength: 60 })
export const IdParams = Type.Object({ id: Id })
export const Moment = Type.String({ maxLength: 40, description: 'ISO 8601 with offset or Z' })
export const Reason = Type.String({ maxLength: 1000 })
export const Level = oneOf(LEVELS)
export const Stage = oneOf(OPEN_STAGES)
export const Position = Type.Object(
  { lon: Type.Number({ minimum: -180, maximum: 180 }), lat: Type.Number({ minimum: -90, maximum: 90 }) },
  { additionalProperties: false },
)

const details = {
  typeCode: Type.String({ minLength: 1, maxLength: 20 }),
  summary: Type.String({ maxLength: 4000 }),
  address: Type.String({ maxLength: 300 }),
  position: Position,
  peopleCount: Nullable(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  circumstances: Type.Array(oneOf(CIRCUMSTANCES), { maxItems: CIRCUMSTANCES.length, uniqueItems: true }),
}

export const DetailsChange = Type.Partial(Type.Object({ ...details, sensitiveReason: SensitiveReason }), {
  additionalProperties: false,
  minProperties: 1,
})

export const CallerGiven = Type.Object(
  {
    name: Nullable(Type.String({ maxLength: 100 })),
    phone: Nullable(Type.String({ maxLength: 40 })),
    legalBasis: oneOf(CALLER_LEGAL_BASES),
    purpose: oneOf(CALLER_PURPOSES),
  },
  { additionalProperties: false },
)

export const ReportBody = Type.Object(
  {
    origin: oneOf(ORIGINS),
    typeCode: details.typeCode,
    summary: details.summary,
    address: details.address,
    position: Position,
    peopleCount: Type.Optional(details.peopleCount),
    circumstances: Type.Optional(details.circumstances),
    receivedAt: Type.Optional(Moment),
    occurredAt: Type.Optional(Nullable(Moment)),
    foundByUnitId: Type.Optional(Nullable(Id)),
    isHourDrawn: Type.Optional(
      Type.Boolean({ description: 'The hour was drawn from a profile, not reported' }),
    ),
    external: Type.Optional(
      Nullable(
        Type.Object(
          {
            source: Type.String({ minLength: 1, maxLength: 100 }),
            id: Type.String({ minLength: 1, maxLength: 200 }),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    caller: Type.Optional(Nullable(CallerGiven)),
    sensitiveReason: SensitiveReason,
    incidentId: Type.Optional(Nullable(Id)),
  },
  { additionalProperties: false },
)
export type ReportBody = Static<typeof ReportBody>

export const IncidentShown = Type.Object({
  id: Type.String(),
  number: Type.String(),
  origin: oneOf(ORIGINS),
  ...details,
  organisationId: Nullable(Type.String()),
  keyPlaceId: Nullable(Type.String()),
  openedAt: Type.String(),
  isHourDrawn: Type.Boolean(),
  proposal: Nullable(Anything),
  level: Nullable(Level),
  stage: Stage,
  firstArrivedAt: Nullable(Type.String()),
  status: oneOf(['open', 'closed', 'merged']),
  closedAt: Nullable(Type.String()),
  dispositionCode: Nullable(Type.String()),
  result: Nullable(Type.String()),
  mergedIntoId: Nullable(Type.String()),
  version: Type.Integer(),
})

export const ReportShown = Type.Object({
  id: Type.String(),
  incidentId: Type.String(),
  origin: oneOf(ORIGINS),
  ...details,
  receivedAt: Type.String(),
  occurredAt: Nullable(Type.String()),
  foundByUnitId: Nullable(Type.String()),
  external: Nullable(Anything),
})

export const TimelineShown = Type.Object({
  sequence: Type.Integer(),
  at: Type.String(),
  accountId: Nullable(Type.String()),
  accountName: Type.String(),
  type: Type.String(),
  data: Anything,
})

const isoOrNull = (at: number | null) => (at === null ? null : toIso(at))

export function shownIncident(incident: Incident): Static<typeof IncidentShown> {
  const { position, circumstances, openedAt, proposal, firstArrivedAt, ...rest } = incident
  return {
    ...rest,
    position: { ...position },
    circumstances: [...circumstances],
    proposal: proposal ? { ...proposal } : null,
    openedAt: toIso(openedAt),
    firstArrivedAt: isoOrNull(firstArrivedAt),
    closedAt: incident.status === 'closed' ? toIso(incident.closedAt) : null,
    dispositionCode: incident.status === 'closed' ? incident.dispositionCode : null,
    result: incident.status === 'closed' ? incident.result : null,
    mergedIntoId: incident.status === 'merged' ? incident.mergedIntoId : null,
  }
}

export function shownReport(report: Report): Static<typeof ReportShown> {
  const { receivedBy: _, ...rest } = report
  return {
    ...rest,
    position: { ...report.position },
    circumstances: [...report.circumstances],
    receivedAt: toIso(report.receivedAt),
    occurredAt: isoOrNull(report.occurredAt),
    external: report.external ? { ...report.external } : null,
  }
}

export function shownEntry({
  sequence,
  at,
  accountId,
  accountName,
  event,
}: TimelineEntry): Static<typeof TimelineShown> {
  return { sequence, at: toIso(at), accountId, accountName, type: event.type, data: { ...event.data } }
}
