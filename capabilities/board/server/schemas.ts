import { Type, type TSchema } from 'typebox'
import { toIso, type Instant } from '../../../foundation/core/instant.ts'
import { UNIT_STATUSES, type OrganisationId, type UnitStatus } from '../../force/core/index.ts'
import {
  AWAY,
  forecastTarget,
  isOpen,
  openState,
  type Activation,
  type ActivationOrder,
  type Away,
  type CallOut,
  type PatrolLevels,
  type Situation,
  type StreetStrength,
  type TargetForecast,
} from '../core/index.ts'
import type { ActivationSummary, StrengthPoint, TimelineEntry } from './store.ts'

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Id = Type.String({ minLength: 1, maxLength: 60 })
const OrganisationIdSchema = Type.Unsafe<OrganisationId>({ type: 'string', minLength: 1, maxLength: 60 })
const At = Type.String({ format: 'date-time' })
const Count = Type.Integer({ minimum: 0 })
/** Values whose shape core/ holds; written out for readers of the document by `description`. */
const shapedByCore = <T>(description: string) =>
  Type.Unsafe<T>({ type: 'object', additionalProperties: true, description })

export const ById = Type.Object({ id: Id })
export const Reason = Type.String({ maxLength: 500 })

const FractionSchema = Type.Object({ numerator: Type.Integer(), denominator: Type.Integer() })
const PatrolLevelSchema = Type.Object({
  level: Type.Integer(),
  nameZh: Type.String({ maxLength: 100 }),
  nameEn: Type.String({ maxLength: 100 }),
  target: FractionSchema,
  covers: Type.Object({
    organisationIds: Type.Union([Type.Literal('all'), Type.Array(OrganisationIdSchema, { maxItems: 1000 })]),
    auxiliaries: Type.Boolean(),
    rosteredAway: Type.Optional(
      Type.Array(Type.Unsafe<Away>({ type: 'string', enum: AWAY }), { maxItems: 3, uniqueItems: true }),
    ),
  }),
  chaseAfterSeconds: Type.Integer(),
  escalateAfterChases: Type.Integer(),
  defaultArrivalMinutes: Type.Integer(),
})
export const PatrolLevelsBody = Type.Object({
  countingStatuses: Type.Array(Type.Unsafe<UnitStatus>({ type: 'string', enum: UNIT_STATUSES }), {
    maxItems: 50,
  }),
  normalTarget: FractionSchema,
  levels: Type.Array(PatrolLevelSchema, { maxItems: 9 }),
})
export const PatrolLevelsSchema = Type.Object({
  ...PatrolLevelsBody.properties,
  /** 0 while nobody has changed the defaults; goes back as If-Match. */
  version: Type.Integer(),
})

const lineFields = {
  onStreet: Count,
  available: Count,
  share: orNull(Type.Number({ minimum: 0, maximum: 1 })),
  target: FractionSchema,
  needed: Count,
  gap: Count,
}
const LineSchema = Type.Object(lineFields)
const WhereaboutsSchema = Type.Object({
  kind: Type.String(),
  unitId: Type.Optional(Id),
  status: Type.Optional(Type.String()),
})
const countedFields = {
  officerId: Id,
  organisationId: Id,
  homeOrganisationId: Id,
  where: WhereaboutsSchema,
  onStreet: Type.Boolean(),
}
export const StrengthSchema = Type.Object({
  at: At,
  total: LineSchema,
  byOrganisation: Type.Array(Type.Object({ organisationId: Id, ...lineFields })),
  officers: Type.Array(Type.Object(countedFields)),
  uncounted: Type.Array(Type.Object({ officerId: Id, where: WhereaboutsSchema, because: Type.String() })),
})
export const StrengthNamesSchema = Type.Object({
  at: At,
  officers: Type.Array(
    Type.Object({ ...countedFields, badgeNumber: Type.String(), name: orNull(Type.String()) }),
  ),
})

const SubjectSchema = Type.Object({
  kind: Type.String(),
  unitId: Type.Optional(Id),
  officerId: Type.Optional(Id),
  officerIds: Type.Optional(Type.Array(Id)),
  before: Type.String(),
})
const ReasonSchema = Type.Object({
  code: Type.String(),
  detail: Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true }),
})
export const CallOutSchema = Type.Object({
  strength: LineSchema,
  lines: Type.Array(
    Type.Object({
      subject: SubjectSchema,
      organisationId: Id,
      officerIds: Type.Array(Id),
      reasons: Type.Array(ReasonSchema),
    }),
  ),
  notCalled: Type.Array(Type.Object({ officerId: Id, organisationId: Id, because: Type.String() })),
  rosteredAway: Type.Array(
    Type.Object({ officerId: Id, organisationId: Id, because: Type.String(), isOnDuty: Type.Boolean() }),
  ),
  notYetOnDuty: Type.Array(Type.Object({ officerId: Id, organisationId: Id, post: Type.String() })),
})
export const OrderSchema = Type.Object({
  id: Id,
  organisationId: Id,
  subject: SubjectSchema,
  reasons: Type.Array(ReasonSchema),
  orderedAt: At,
  state: Type.String(),
  acknowledgedAt: orNull(At),
  declinedAt: orNull(At),
  declineReason: orNull(Type.String()),
  arrivedAt: orNull(At),
  endedAt: orNull(At),
  endedBecause: orNull(Type.String()),
  chasedCount: Count,
  lastChasedAt: orNull(At),
  escalatedAt: orNull(At),
})
const headFields = {
  id: Id,
  districtId: Id,
  level: Type.Integer(),
  reason: Type.String(),
  startedAt: At,
  targetReachedAt: orNull(At),
  stoodDownAt: orNull(At),
}
export const ActivationSummarySchema = Type.Object(headFields)
export const ActivationSchema = Type.Object({
  ...headFields,
  terms: PatrolLevelSchema,
  orders: Type.Array(OrderSchema),
  /** Null once stood down. */
  forecast: orNull(
    shapedByCore<object>(
      'kind: met | expected (minutesToTarget, expectedAt, basis) | not-reachable (short, lacking by officer and cause, basis); each with strength',
    ),
  ),
})
export const StrengthPointSchema = Type.Object({
  at: At,
  onStreet: Count,
  available: Count,
  needed: Count,
})
export const TimelineEntrySchema = Type.Object({
  sequence: Type.Integer(),
  at: At,
  accountName: Type.String(),
  type: Type.String(),
  data: shapedByCore<object>('the event as it happened'),
})

const iso = (at: Instant | null) => (at === null ? null : toIso(at))

export const levelsJson = ({ value, version }: { value: PatrolLevels; version: number }) => ({
  ...value,
  version,
})

export const strengthJson = ({ at, ...strength }: StreetStrength) => ({ at: toIso(at), ...strength })

export const callOutJson = (callOut: CallOut) => callOut

export function orderJson(order: ActivationOrder) {
  const { state } = order
  const open = openState(state)
  return {
    id: order.id,
    organisationId: order.organisationId,
    subject: order.subject,
    reasons: order.reasons,
    orderedAt: toIso(order.orderedAt),
    state: state.kind,
    acknowledgedAt: 'acknowledgedAt' in open ? iso(open.acknowledgedAt) : null,
    declinedAt: open.kind === 'declined' ? toIso(open.declinedAt) : null,
    declineReason: open.kind === 'declined' ? open.reason : null,
    arrivedAt: open.kind === 'arrived' ? toIso(open.arrivedAt) : null,
    endedAt:
      state.kind === 'closed'
        ? toIso(state.closedAt)
        : state.kind === 'withdrawn'
          ? toIso(state.withdrawnAt)
          : null,
    endedBecause: state.kind === 'closed' ? 'stood-down' : state.kind === 'withdrawn' ? state.because : null,
    chasedCount: order.chasedCount,
    lastChasedAt: iso(order.lastChasedAt),
    escalatedAt: iso(order.escalatedAt),
  }
}

export const summaryJson = ({ startedAt, targetReachedAt, stoodDownAt, ...head }: ActivationSummary) => ({
  ...head,
  startedAt: toIso(startedAt),
  targetReachedAt: iso(targetReachedAt),
  stoodDownAt: iso(stoodDownAt),
})

export function activationJson(activation: Activation, situation: Situation, now: Instant) {
  const { id, districtId, terms, reason, startedAt, targetReachedAt, stoodDownAt, orders } = activation
  return {
    ...summaryJson({ id, districtId, level: terms.level, reason, startedAt, targetReachedAt, stoodDownAt }),
    terms,
    orders: [...orders.values()].map(orderJson),
    forecast: isOpen(activation) ? forecastJson(forecastTarget(activation, situation, now)) : null,
  }
}

const forecastJson = (forecast: TargetForecast) =>
  forecast.kind === 'expected' ? { ...forecast, expectedAt: toIso(forecast.expectedAt) } : forecast

export const strengthPointJson = ({ at, ...point }: StrengthPoint) => ({ at: toIso(at), ...point })

export const timelineEntryJson = ({ sequence, at, accountName, event }: TimelineEntry) => {
  const { type, ...data } = event
  return { sequence, at: toIso(at), accountName, type, data }
}
