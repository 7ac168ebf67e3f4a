import { sql, type Selectable } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { Compliance, Occurrence, OrderPlace, Outcome, Visit } from '../core/index.ts'
import { ordersOn } from './order.store.ts'
import type { OrderTables } from './order.tables.ts'

const moment = (at: Instant) => sql<number>`${toTimestamp(at)}::timestamptz`

/** One coming round of a band with what was counted of it. */
export interface CountedOccurrence extends Occurrence {
  readonly orderId: string
  readonly outcome: Outcome
  readonly visits: number
  readonly seconds: number
  readonly otherVisits: number
  readonly unknownSeconds: number
  readonly countedAt: Instant | null
}

/** Lays down the occurrences of an order; what was counted of one stays, and what comes no more goes. */
export async function keepOccurrences(
  tx: Tx,
  orderId: string,
  occurrences: readonly Occurrence[],
): Promise<void> {
  await ordersOn(tx)
    .deleteFrom('patrol_occurrence')
    .where('order_id', '=', orderId)
    .where(
      'starts_at',
      '<>',
      sql<number>`all(${occurrences.map(({ startsAt }) => toTimestamp(startsAt))}::timestamptz[])`,
    )
    .execute()
  if (occurrences.length === 0) return
  await ordersOn(tx)
    .insertInto('patrol_occurrence')
    .values(
      occurrences.map(({ startsAt, endsAt, askedVisits, askedSeconds }) => ({
        order_id: orderId,
        starts_at: toTimestamp(startsAt),
        ends_at: toTimestamp(endsAt),
        asked_visits: askedVisits,
        asked_seconds: askedSeconds,
        outcome: 'upcoming' as const,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['order_id', 'starts_at']).doUpdateSet((eb) => ({
        ends_at: eb.ref('excluded.ends_at'),
        asked_visits: eb.ref('excluded.asked_visits'),
        asked_seconds: eb.ref('excluded.asked_seconds'),
      })),
    )
    .execute()
}

/** The occurrences of some orders, in order of time. */
export async function listOccurrences(
  db: Db | Tx,
  orderIds: readonly string[],
): Promise<CountedOccurrence[]> {
  const rows = await ordersOn(db)
    .selectFrom('patrol_occurrence')
    .selectAll()
    .where('order_id', '=', sql<string>`any(${[...orderIds]}::text[])`)
    .orderBy('starts_at')
    .execute()
  return rows.map(occurrenceOf)
}

/** What is to be counted: of which order, where, and whom it was sent to. */
export interface Countable {
  readonly occurrence: CountedOccurrence
  readonly place: OrderPlace
  readonly unitIds: readonly string[]
  readonly organisationId: string | null
}

/** Occurrences that have begun and had not ended before `since`, the earliest first. */
export async function listCountable(db: Db | Tx, now: Instant, since: Instant): Promise<Countable[]> {
  const rows = await ordersOn(db)
    .selectFrom('patrol_occurrence')
    .innerJoin('patrol_order', 'patrol_order.id', 'patrol_occurrence.order_id')
    .selectAll('patrol_occurrence')
    .select(['lon', 'lat', 'radius_metres', 'label', 'organisation_id'])
    .select(
      sql<
        string[]
      >`array(select unit_id from patrol_order_unit u where u.order_id = patrol_order.id order by unit_id)`.as(
        'unit_ids',
      ),
    )
    .where('patrol_occurrence.starts_at', '<=', moment(now))
    .where('patrol_occurrence.ends_at', '>', moment(since))
    .orderBy('patrol_occurrence.starts_at')
    .orderBy('patrol_occurrence.order_id')
    .execute()
  return rows.map((row) => ({
    occurrence: occurrenceOf(row),
    place: { lon: row.lon, lat: row.lat, radiusMetres: row.radius_metres, label: row.label },
    unitIds: row.unit_ids,
    organisationId: row.organisation_id,
  }))
}

/** The occurrence as it is now, counted by nobody else until the transaction ends; null where it comes no more. */
export async function lockOccurrence(
  tx: Tx,
  orderId: string,
  startsAt: Instant,
): Promise<CountedOccurrence | null> {
  const row = await ordersOn(tx)
    .selectFrom('patrol_occurrence')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('starts_at', '=', moment(startsAt))
    .forUpdate()
    .executeTakeFirst()
  return row ? occurrenceOf(row) : null
}

/** Writes what was counted over what had been. */
export async function keepCompliance(
  tx: Tx,
  { orderId, startsAt }: CountedOccurrence,
  { outcome, visits, seconds, otherVisits, unknownSeconds, stays }: Compliance,
  now: Instant,
): Promise<void> {
  await ordersOn(tx)
    .updateTable('patrol_occurrence')
    .set({
      ...{ outcome, visits, seconds },
      other_visits: otherVisits,
      unknown_seconds: unknownSeconds,
      counted_at: toTimestamp(now),
    })
    .where('order_id', '=', orderId)
    .where('starts_at', '=', moment(startsAt))
    .execute()
  await ordersOn(tx)
    .deleteFrom('patrol_visit')
    .where('order_id', '=', orderId)
    .where('occurrence_starts_at', '=', moment(startsAt))
    .execute()
  if (stays.length === 0) return
  await ordersOn(tx)
    .insertInto('patrol_visit')
    .values(
      stays.map((stay) => ({
        order_id: orderId,
        occurrence_starts_at: toTimestamp(startsAt),
        unit_id: stay.unitId,
        arrived_at: toTimestamp(Math.round(stay.arrivedAt)),
        left_at: toTimestamp(Math.round(stay.leftAt)),
        seconds: stay.seconds,
        is_addressed: stay.isAddressed,
        counts: stay.counts,
      })),
    )
    .execute()
}

/** Nothing new has come in since it was counted. */
export async function keepCountedAt(
  tx: Tx,
  { orderId, startsAt }: CountedOccurrence,
  now: Instant,
): Promise<void> {
  await ordersOn(tx)
    .updateTable('patrol_occurrence')
    .set({ counted_at: toTimestamp(now) })
    .where('order_id', '=', orderId)
    .where('starts_at', '=', moment(startsAt))
    .execute()
}

export interface KeptVisit extends Visit {
  readonly orderId: string
  readonly occurrenceStartsAt: Instant
}

/** The stays of units during occurrences of some orders, in order of time; of one unit where one is named. */
export async function listVisits(
  db: Db | Tx,
  orderIds: readonly string[],
  unitId?: string,
): Promise<KeptVisit[]> {
  let query = ordersOn(db)
    .selectFrom('patrol_visit')
    .selectAll()
    .where('order_id', '=', sql<string>`any(${[...orderIds]}::text[])`)
    .orderBy('arrived_at')
  if (unitId !== undefined) query = query.where('unit_id', '=', unitId)
  return (await query.execute()).map((row) => ({
    orderId: row.order_id,
    occurrenceStartsAt: row.occurrence_starts_at,
    unitId: row.unit_id,
    arrivedAt: row.arrived_at,
    leftAt: row.left_at,
    seconds: row.seconds,
    isAddressed: row.is_addressed,
    counts: row.counts,
  }))
}

/** Forgets which unit was where before a moment; what it came to stays. */
export async function forgetVisits(tx: Tx, before: Instant): Promise<void> {
  await ordersOn(tx).deleteFrom('patrol_visit').where('arrived_at', '<', moment(before)).execute()
}

function occurrenceOf(row: Selectable<OrderTables['patrol_occurrence']>): CountedOccurrence {
  return {
    orderId: row.order_id,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    askedVisits: row.asked_visits,
    askedSeconds: row.asked_seconds,
    outcome: row.outcome,
    visits: row.visits,
    seconds: row.seconds,
    otherVisits: row.other_visits,
    unknownSeconds: row.unknown_seconds,
    countedAt: row.counted_at,
  }
}
