import { Type, type Static, type TSchema } from 'typebox'
import { toIso, type Instant } from '../../../foundation/core/instant.ts'
import { ORDER_STATES, OUTCOMES, wasIssued, type PatrolOrder } from '../core/index.ts'
import { endOf } from './order.rows.ts'
import type { AddressedUnit } from './order.store.ts'
import type { CountedOccurrence } from './visit.store.ts'

export const oneOf = <Value extends string>(values: readonly Value[]) =>
  Type.Enum([...values] as [Value, ...Value[]])
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Id = Type.String({ minLength: 1, maxLength: 60 })
export const IdParams = Type.Object({ id: Id })
export const Moment = Type.String({ format: 'date-time', maxLength: 40 })
export const Reason = Type.String({ maxLength: 1000 })
const Text = Type.String({ maxLength: 1000 })
const closed = { additionalProperties: false }

export const SensitiveReason = Type.Optional(
  Nullable(
    Type.String({
      maxLength: 500,
      description:
        'Why a statement on ethnicity, religion, politics or health of a person has to stay in the text',
    }),
  ),
)

const Place = Type.Object(
  {
    lon: Type.Number({ minimum: -180, maximum: 180 }),
    lat: Type.Number({ minimum: -90, maximum: 90 }),
    radiusMetres: Type.Integer({ minimum: 1, maximum: 100_000 }),
    label: Type.String({ maxLength: 120 }),
  },
  closed,
)
const Band = Type.Object(
  {
    fromMinute: Type.Integer({ minimum: 0, maximum: 1439 }),
    untilMinute: Type.Integer({ minimum: 0, maximum: 2879, description: 'Over 1440 is past midnight' }),
    weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      maxItems: 7,
      uniqueItems: true,
      description: 'Of the day on which the band begins; none is every day',
    }),
  },
  closed,
)
const Dosage = Type.Object(
  {
    visits: Type.Integer({ minimum: 1, maximum: 1440 }),
    minutesPerVisit: Type.Integer({ minimum: 1, maximum: 1440 }),
  },
  closed,
)
const Counts = {
  expected: Type.Optional(Type.Number()),
  low: Type.Optional(Type.Number()),
  high: Type.Optional(Type.Number()),
}
const kind = <Kind extends string>(value: Kind) => ({ kind: Type.Literal(value) })
const EvidenceGiven = Type.Union([
  Type.Object(
    {
      ...kind('stop'),
      ...{ runId: Id, shift: Type.Integer({ minimum: 0, maximum: 100 }) },
      ...{ rank: Type.Integer({ minimum: 0, maximum: 10_000 }), ...Counts },
    },
    closed,
  ),
  Type.Object({ ...kind('series'), runId: Id, seriesId: Id, summary: Type.Optional(Text) }, closed),
  Type.Object({ ...kind('warning'), runId: Id, warningId: Id, summary: Type.Optional(Text) }, closed),
  Type.Object({ ...kind('written'), text: Text }, closed),
])
export type EvidenceGiven = Static<typeof EvidenceGiven>

/** What a draft is made of. */
export const ContentGiven = Type.Object(
  {
    organisationId: Type.Optional(Nullable(Id)),
    place: Place,
    category: Type.Optional(Nullable(Type.String({ maxLength: 60 }))),
    startsAt: Moment,
    expiresAt: Moment,
    band: Band,
    dosage: Dosage,
    reason: Reason,
    evidence: Type.Optional(Type.Array(EvidenceGiven, { maxItems: 20 })),
    unitIds: Type.Optional(Type.Array(Id, { maxItems: 50, uniqueItems: true })),
  },
  closed,
)
export type ContentGiven = Static<typeof ContentGiven>

export const ContentChange = Type.Object(
  { ...Type.Partial(ContentGiven).properties, sensitiveReason: SensitiveReason },
  closed,
)
export type ContentChange = Partial<ContentGiven> & { readonly sensitiveReason?: string | null }

export const OccurrenceShown = Type.Object({
  startsAt: Type.String(),
  endsAt: Type.String(),
  askedVisits: Type.Integer(),
  askedSeconds: Type.Integer(),
  visits: Type.Integer(),
  seconds: Type.Integer(),
  otherVisits: Type.Integer(),
  unknownSeconds: Type.Integer(),
  outcome: oneOf(OUTCOMES),
})

const ProgressShown = Type.Object({
  occurrences: Type.Integer({ description: 'That have begun' }),
  done: Type.Integer(),
  visits: Type.Integer(),
  seconds: Type.Integer(),
  askedVisits: Type.Integer(),
  askedSeconds: Type.Integer(),
  current: Nullable(OccurrenceShown),
})

const UnitShown = Type.Object({
  unitId: Type.String(),
  callSign: Type.String(),
  organisationId: Type.String(),
  sentAt: Nullable(Type.String()),
  readAt: Nullable(Type.String()),
})

export const OrderContentShown = {
  organisationId: Nullable(Type.String()),
  place: Place,
  category: Nullable(Type.String()),
  startsAt: Type.String(),
  expiresAt: Type.String(),
  band: Band,
  dosage: Dosage,
  reason: Type.String(),
  evidence: Type.Array(EvidenceGiven),
  unitIds: Type.Array(Type.String()),
}

export const OrderShown = Type.Object({
  id: Type.String(),
  number: Nullable(Type.String()),
  state: oneOf(ORDER_STATES),
  version: Type.Integer(),
  ...OrderContentShown,
  draftedAt: Type.String(),
  draftedBy: Type.String(),
  proposedAt: Nullable(Type.String()),
  proposedBy: Nullable(Type.String()),
  issuedAt: Nullable(Type.String()),
  approvedBy: Nullable(Type.String()),
  isOwnProposal: Type.Boolean(),
  returnReason: Nullable(Type.String()),
  endedAt: Nullable(Type.String()),
  endReason: Nullable(Type.String()),
  units: Type.Array(UnitShown),
  progress: Nullable(ProgressShown),
})
export type OrderShown = Static<typeof OrderShown>

export const isoOrNull = (at: Instant | null | undefined) =>
  at === null || at === undefined ? null : toIso(at)

/** From its beginning on an occurrence is under way, though it is counted for the first time a minute later. */
export function shownOccurrence(
  { orderId: _, countedAt: __, startsAt, endsAt, outcome, ...counted }: CountedOccurrence,
  now: Instant,
): Static<typeof OccurrenceShown> {
  return {
    ...counted,
    startsAt: toIso(startsAt),
    endsAt: toIso(endsAt),
    outcome: outcome === 'upcoming' && startsAt <= now ? 'under-way' : outcome,
  }
}

/** What was done of an order so far: of the occurrences that have begun. */
function progressOf(
  occurrences: readonly CountedOccurrence[],
  now: Instant,
): Static<typeof ProgressShown> | null {
  if (occurrences.length === 0) return null
  const begun = occurrences.filter(({ startsAt }) => startsAt <= now)
  const sum = (pick: (one: CountedOccurrence) => number) => begun.reduce((all, one) => all + pick(one), 0)
  const current = occurrences.find(({ endsAt }) => endsAt > now)
  return {
    occurrences: begun.length,
    done: begun.filter(({ outcome }) => outcome === 'done').length,
    visits: sum(({ visits }) => visits),
    seconds: sum(({ seconds }) => seconds),
    askedVisits: sum(({ askedVisits }) => askedVisits),
    askedSeconds: sum(({ askedSeconds }) => askedSeconds),
    current: current ? shownOccurrence(current, now) : null,
  }
}

export function shownContent({ content }: Pick<PatrolOrder, 'content'>) {
  const { startsAt, expiresAt, place, band, dosage, evidence, unitIds, ...rest } = content
  return {
    ...rest,
    place: { ...place },
    band: { ...band, weekdays: [...band.weekdays] },
    dosage: { ...dosage },
    evidence: evidence.map((one) => ({ ...one })),
    unitIds: [...unitIds],
    startsAt: toIso(startsAt),
    expiresAt: toIso(expiresAt),
  }
}

export function shownOrder(
  order: PatrolOrder,
  units: readonly AddressedUnit[],
  occurrences: readonly CountedOccurrence[],
  now: Instant,
): OrderShown {
  const { state, drafted } = order
  const issue = wasIssued(state) ? state.issue : null
  const proposed = 'proposed' in state ? state.proposed : null
  const ended = endOf(state)
  return {
    id: order.id,
    number: issue?.number ?? null,
    state: state.kind,
    version: order.version,
    ...shownContent(order),
    draftedAt: toIso(drafted.at),
    draftedBy: drafted.name,
    proposedAt: isoOrNull(proposed?.at),
    proposedBy: proposed?.name ?? null,
    issuedAt: isoOrNull(issue?.at),
    approvedBy: issue?.name ?? null,
    isOwnProposal: issue?.isOwnProposal ?? false,
    returnReason: state.kind === 'returned' ? state.returned.reason : null,
    endedAt: isoOrNull(ended?.at),
    endReason: ended?.reason ?? null,
    units: units.map(({ sentAt, readAt, recalledAt: _, ...unit }) => ({
      ...unit,
      sentAt: isoOrNull(sentAt),
      readAt: isoOrNull(readAt),
    })),
    progress: progressOf(occurrences, now),
  }
}
