import { Type, type Static, type TSchema } from 'typebox'
import { toIso } from '../../../foundation/core/instant.ts'
import {
  ASSIGNMENT_ROLES,
  ENDED_STATES,
  OPEN_STATES,
  RELEASE_CAUSES,
  type Assignment,
} from '../core/index.ts'
import type { Notice, Receipt } from './notice-store.ts'

export const oneOf = <Value extends string>(values: readonly Value[]) =>
  Type.Enum([...values] as [Value, ...Value[]])
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Anything = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })
export const Id = Type.String({ minLength: 1, maxLength: 60 })
export const IdParams = Type.Object({ id: Id })
export const Role = oneOf(ASSIGNMENT_ROLES)
export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 }))
export const Cursor = Type.Optional(
  Type.String({ maxLength: 60, description: 'The id of the last row of the page before' }),
)

export const AssignmentShown = Type.Object({
  id: Type.String(),
  incidentId: Type.String(),
  unitId: Type.String(),
  callSign: Type.String(),
  organisationId: Type.String(),
  role: Role,
  state: oneOf([...OPEN_STATES, ...ENDED_STATES]),
  echelon: Type.Integer(),
  orderedAt: Type.String(),
  askedAt: Type.String(),
  acknowledgedAt: Nullable(Type.String()),
  departedAt: Nullable(Type.String()),
  arrivedAt: Nullable(Type.String()),
  releasedAt: Nullable(Type.String()),
  releaseCause: Nullable(oneOf(RELEASE_CAUSES)),
  chaseCount: Type.Integer(),
  lastChasedAt: Nullable(Type.String()),
  chaseEscalatedAt: Nullable(Type.String()),
  version: Type.Integer(),
})

export const NoticeShown = Type.Object({
  id: Type.String(),
  kind: oneOf(['nearby', 'group', 'chase', 'leader']),
  incidentId: Type.String(),
  assignmentId: Nullable(Type.String()),
  recipientKind: oneOf(['unit', 'organisation', 'group']),
  recipientId: Type.String(),
  data: Anything,
  sentAt: Type.String(),
  receipts: Type.Array(
    Type.Object({ accountId: Type.String(), accountName: Type.String(), readAt: Type.String() }),
  ),
})

const isoOrNull = (at: number | null) => (at === null ? null : toIso(at))

export function shownAssignment(assignment: Assignment): Static<typeof AssignmentShown> {
  return {
    ...assignment,
    orderedAt: toIso(assignment.orderedAt),
    askedAt: toIso(assignment.askedAt),
    acknowledgedAt: isoOrNull(assignment.acknowledgedAt),
    departedAt: isoOrNull(assignment.departedAt),
    arrivedAt: isoOrNull(assignment.arrivedAt),
    releasedAt: isoOrNull(assignment.releasedAt),
    lastChasedAt: isoOrNull(assignment.lastChasedAt),
    chaseEscalatedAt: isoOrNull(assignment.chaseEscalatedAt),
  }
}

export function shownNotice(notice: Notice & { receipts: readonly Receipt[] }): Static<typeof NoticeShown> {
  const { dueAt, sentAt, receipts, data, ...rest } = notice
  return {
    ...rest,
    data: { ...data },
    sentAt: toIso(sentAt ?? dueAt),
    receipts: receipts.map((receipt) => ({ ...receipt, readAt: toIso(receipt.readAt) })),
  }
}
