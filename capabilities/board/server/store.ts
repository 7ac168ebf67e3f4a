import { sql } from 'kysely'
import type { Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import { forget, remembered } from '../../../foundation/server/remembered.ts'
import type { OrganisationId } from '../../force/core/index.ts'
import {
  replay,
  type Activation,
  type ActivationEvent,
  type ActivationId,
  type ActivationOrder,
  type OrderId,
  type StrengthLine,
} from '../core/index.ts'
import { boardOn } from './tables.ts'

export interface TimelineEntry {
  readonly sequence: number
  readonly at: Instant
  readonly accountName: string
  readonly event: ActivationEvent
}

/** An activation as its timeline tells it, with the timeline's length. */
export interface StoredActivation {
  readonly activation: Activation
  readonly sequence: number
}

export interface ActivationSummary {
  readonly id: ActivationId
  readonly districtId: OrganisationId
  readonly level: number
  readonly reason: string
  readonly startedAt: Instant
  readonly targetReachedAt: Instant | null
  readonly stoodDownAt: Instant | null
}

export interface StrengthPoint {
  readonly at: Instant
  readonly onStreet: number
  readonly available: number
  readonly needed: number
}

/** Two commands of one district stand in line, the first activation among them. */
export async function lockDistrict(tx: Tx, districtId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('activation'), hashtext(${districtId}))`.execute(tx)
}

export async function findOpenActivationId(
  db: Db | Tx,
  districtId: OrganisationId,
): Promise<ActivationId | null> {
  const row = await boardOn(db)
    .selectFrom('activation')
    .select('id')
    .where('district_id', '=', districtId)
    .where('stood_down_at', 'is', null)
    .executeTakeFirst()
  return row?.id ?? null
}

const OPEN_ACTIVATIONS = 'open activations'

export async function listOpenActivations(db: Db | Tx): Promise<ActivationSummary[]> {
  return remembered(db, OPEN_ACTIVATIONS, async () => {
    const rows = await boardOn(db)
      .selectFrom('activation')
      .selectAll()
      .where('stood_down_at', 'is', null)
      .orderBy('started_at')
      .execute()
    return rows.map(summaryOf)
  })
}

/** Newest first; `before`: only those started before that moment. */
export async function listActivations(
  db: Db | Tx,
  before: Instant | null,
  limit: number,
): Promise<ActivationSummary[]> {
  let query = boardOn(db).selectFrom('activation').selectAll().orderBy('started_at', 'desc').limit(limit)
  if (before !== null) query = query.where('started_at', '<', toTimestamp(before) as never)
  return (await query.execute()).map(summaryOf)
}

const summaryOf = (row: {
  id: ActivationId
  district_id: OrganisationId
  level: number
  reason: string
  started_at: number
  target_reached_at: number | null
  stood_down_at: number | null
}): ActivationSummary => ({
  id: row.id,
  districtId: row.district_id,
  level: row.level,
  reason: row.reason,
  startedAt: row.started_at,
  targetReachedAt: row.target_reached_at,
  stoodDownAt: row.stood_down_at,
})

export async function readTimeline(db: Db | Tx, id: string): Promise<TimelineEntry[]> {
  const rows = await boardOn(db)
    .selectFrom('activation_event')
    .select(['sequence', 'at', 'account_name', 'data'])
    .where('activation_id', '=', id as ActivationId)
    .orderBy('sequence')
    .execute()
  return rows.map((row) => ({
    sequence: row.sequence,
    at: row.at,
    accountName: row.account_name,
    event: row.data,
  }))
}

/** The activation, played from its timeline; null where there is none. */
export async function findActivation(db: Db | Tx, id: string): Promise<StoredActivation | null> {
  const timeline = await readTimeline(db, id)
  const activation = replay(timeline)
  return activation && { activation, sequence: timeline.length }
}

export async function findActivationOfOrder(db: Db | Tx, orderId: string): Promise<ActivationSummary | null> {
  const row = await boardOn(db)
    .selectFrom('activation')
    .innerJoin('activation_order', 'activation_order.activation_id', 'activation.id')
    .selectAll('activation')
    .where('activation_order.id', '=', orderId as OrderId)
    .executeTakeFirst()
  return row ? summaryOf(row) : null
}

/** Adds events to the timeline after number `sequence`, and brings the projections to what `after` says. */
export async function appendEvents(
  tx: Tx,
  actor: ActorContext,
  after: Activation,
  sequence: number,
  events: readonly ActivationEvent[],
): Promise<void> {
  const db = boardOn(tx)
  const head = {
    level: after.terms.level,
    reason: after.reason,
    target_reached_at: maybe(after.targetReachedAt),
    stood_down_at: maybe(after.stoodDownAt),
  }
  forget(tx, OPEN_ACTIVATIONS)
  await db
    .insertInto('activation')
    .values({
      id: after.id,
      district_id: after.districtId,
      started_at: toTimestamp(after.startedAt),
      ...head,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(head))
    .execute()
  const rows = events.map((event, index) => ({
    activation_id: after.id,
    sequence: sequence + index + 1,
    type: event.type,
    at: toTimestamp(actor.now),
    account_id: actor.accountId,
    account_name: actor.name,
    data: JSON.stringify(event),
  }))
  for (let from = 0; from < rows.length; from += BATCH)
    await db
      .insertInto('activation_event')
      .values(rows.slice(from, from + BATCH))
      .execute()
  // In the order of the events: an order withdrawn frees its subject for the new one after it.
  const touched = [...new Set(events.flatMap((event) => orderIdOf(event) ?? []))]
  for (let from = 0; from < touched.length; from += BATCH)
    await projectOrders(
      tx,
      after.id,
      touched.slice(from, from + BATCH).map((id) => after.orders.get(id)!),
    )
}

const BATCH = 500

const maybe = (at: Instant | null): Date | null => (at === null ? null : toTimestamp(at))

export function orderIdOf(event: ActivationEvent): OrderId | null {
  if (event.type === 'order-made') return event.order.id
  return 'orderId' in event ? event.orderId : null
}

async function projectOrders(
  tx: Tx,
  activationId: ActivationId,
  orders: readonly ActivationOrder[],
): Promise<void> {
  await boardOn(tx)
    .insertInto('activation_order')
    .values(
      orders.map(({ id, organisationId, subject, orderedAt, state, chasedCount, escalatedAt }) => ({
        id,
        activation_id: activationId,
        organisation_id: organisationId,
        unit_id: subject.kind === 'unit' ? subject.unitId : null,
        officer_id: subject.kind === 'officer' ? subject.officerId : null,
        state: state.kind,
        ordered_at: toTimestamp(orderedAt),
        chased_count: chasedCount,
        escalated_at: maybe(escalatedAt),
      })),
    )
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        state: sql`excluded.state`,
        chased_count: sql`excluded.chased_count`,
        escalated_at: sql`excluded.escalated_at`,
      }),
    )
    .execute()
}

/** One point of the rising line; a second one of the same moment replaces the first. */
export async function writeStrength(
  tx: Tx,
  id: ActivationId,
  { onStreet, available, needed }: StrengthLine,
  at: Instant,
): Promise<void> {
  const point = { on_street: onStreet, available, needed }
  await boardOn(tx)
    .insertInto('activation_strength')
    .values({ activation_id: id, at: toTimestamp(at), ...point })
    .onConflict((conflict) => conflict.columns(['activation_id', 'at']).doUpdateSet(point))
    .execute()
}

export async function listStrengthPoints(db: Db | Tx, id: string): Promise<StrengthPoint[]> {
  const rows = await boardOn(db)
    .selectFrom('activation_strength')
    .select(['at', 'on_street', 'available', 'needed'])
    .where('activation_id', '=', id as ActivationId)
    .orderBy('at')
    .execute()
  return rows.map((row) => ({
    at: row.at,
    onStreet: row.on_street,
    available: row.available,
    needed: row.needed,
  }))
}
