import { sql } from 'kysely'
import { wallClock, type Instant } from '../../../foundation/core/instant.ts'
import { toTimestamp, type Db, type Tx } from '../../../foundation/server/db.ts'
import type { ActorContext } from '../../../foundation/server/http/context.ts'
import {
  forcePeriod,
  orderNumber,
  type Dosage,
  type OrderEvent,
  type OrderPlace,
  type OrderStateKind,
  type PatrolOrder,
  type TimeBand,
} from '../core/index.ts'
import type { OrderUnit } from './order.needs.ts'
import { orderOf, rowOf } from './order.rows.ts'
import type { OrderTables } from './order.tables.ts'

export const ordersOn = (db: Db | Tx) => (db as Db).withTables<OrderTables>()

/** A moment to compare a timestamptz column with. */
const moment = (at: Instant) => sql<number>`${toTimestamp(at)}::timestamptz`
const anyOf = (ids: readonly string[]) => sql<string>`any(${[...ids]}::text[])`

/** A unit's part in an order. */
export interface AddressedUnit extends OrderUnit {
  readonly sentAt: Instant | null
  /** When the first of its crew had read it. */
  readonly readAt: Instant | null
  readonly recalledAt: Instant | null
}

/** The next number of the local year. Its row stays locked until the transaction ends; rolled back it is given again. */
export async function takeOrderNumber(tx: Tx, at: Instant, timeZone: string): Promise<string> {
  const { year } = wallClock(at, timeZone)
  const { rows } = await sql<{ last_count: number }>`
    insert into patrol_order_year as y (year, last_count) values (${year}, 1)
    on conflict (year) do update set last_count = y.last_count + 1
    returning last_count`.execute(tx)
  return orderNumber(year, rows[0]!.last_count)
}

export async function insertOrder(tx: Tx, order: PatrolOrder, units: readonly OrderUnit[]): Promise<void> {
  await ordersOn(tx).insertInto('patrol_order').values(rowOf(order)).execute()
  await addUnits(tx, order.id, units)
}

/** Writes an order over what it was; `units` where they are others than before. */
export async function updateOrder(
  tx: Tx,
  order: PatrolOrder,
  units: readonly OrderUnit[] | null,
): Promise<void> {
  const { id, ...columns } = rowOf(order)
  await ordersOn(tx).updateTable('patrol_order').set(columns).where('id', '=', id).execute()
  if (units === null) return
  await ordersOn(tx).deleteFrom('patrol_order_unit').where('order_id', '=', id).execute()
  await addUnits(tx, id, units)
}

async function addUnits(tx: Tx, orderId: string, units: readonly OrderUnit[]): Promise<void> {
  if (units.length === 0) return
  await ordersOn(tx)
    .insertInto('patrol_order_unit')
    .values(
      units.map(({ unitId, callSign, organisationId }) => ({
        order_id: orderId,
        unit_id: unitId,
        call_sign: callSign,
        organisation_id: organisationId,
      })),
    )
    .execute()
}

/** Adds to the timeline; the version that the event led to is its place there. */
export async function appendOrderEvent(
  tx: Tx,
  { id, version }: PatrolOrder,
  event: OrderEvent,
  { accountId, name, now }: Pick<ActorContext, 'accountId' | 'name' | 'now'>,
): Promise<void> {
  await ordersOn(tx)
    .insertInto('patrol_order_event')
    .values({
      order_id: id,
      sequence: version,
      type: event.type,
      at: toTimestamp(now),
      account_id: accountId,
      account_name: name,
      data: JSON.stringify(event),
    })
    .execute()
}

/** These orders, by nobody else changed until the transaction ends; locked in the order of their ids, whatever was asked. */
export async function lockOrders(tx: Tx, ids: readonly string[]): Promise<Map<string, PatrolOrder>> {
  const rows = await ordersOn(tx)
    .selectFrom('patrol_order')
    .selectAll()
    .where('id', '=', anyOf(ids))
    .orderBy('id')
    .forUpdate()
    .execute()
  return withUnits(tx, rows)
}

export async function lockOrder(tx: Tx, id: string): Promise<PatrolOrder | null> {
  return (await lockOrders(tx, [id])).get(id) ?? null
}

export async function findOrder(db: Db | Tx, id: string): Promise<PatrolOrder | null> {
  const rows = await ordersOn(db).selectFrom('patrol_order').selectAll().where('id', '=', id).execute()
  return (await withUnits(db, rows)).get(id) ?? null
}

export interface OrderFilter {
  readonly states?: readonly OrderStateKind[]
  readonly unitId?: string
  /** In force, or to be, at some moment from here on. */
  readonly fromAt?: Instant
  readonly untilAt?: Instant
  /** Orders of these organisations, of nobody, or to a unit that serves one of them; null: all. */
  readonly scope: ReadonlySet<string> | null
  readonly before?: string | null
  readonly limit: number
}

/** Latest first. */
export async function listOrders(db: Db | Tx, filter: OrderFilter): Promise<PatrolOrder[]> {
  const { states, unitId, fromAt, untilAt, scope, before, limit } = filter
  let query = ordersOn(db).selectFrom('patrol_order').selectAll().orderBy('id', 'desc').limit(limit)
  if (states?.length) query = query.where('state', 'in', [...states])
  if (before) query = query.where('id', '<', before)
  if (fromAt !== undefined) query = query.where('expires_at', '>', moment(fromAt))
  if (untilAt !== undefined) query = query.where('starts_at', '<', moment(untilAt))
  if (unitId !== undefined)
    query = query.where(
      sql<boolean>`exists (select 1 from patrol_order_unit u where u.order_id = patrol_order.id and u.unit_id = ${unitId})`,
    )
  if (scope !== null) {
    const organisations = [...scope]
    query = query.where(
      sql<boolean>`(organisation_id is null or organisation_id = any(${organisations}::text[]) or exists (
        select 1 from patrol_order_unit u
         where u.order_id = patrol_order.id and u.organisation_id = any(${organisations}::text[])))`,
    )
  }
  return [...(await withUnits(db, await query.execute())).values()]
}

/** Issued orders whose time has passed, the longest ago first. */
export async function listOver(db: Db | Tx, now: Instant, limit: number): Promise<string[]> {
  const rows = await ordersOn(db)
    .selectFrom('patrol_order')
    .select('id')
    .where('state', '=', 'issued')
    .where('expires_at', '<=', moment(now))
    .orderBy('expires_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** An order that was issued, as results and the sync index see it: the place and the exact moments in force. */
export interface OrderPeriod {
  readonly orderId: string
  readonly number: string
  readonly organisationId: string | null
  readonly place: OrderPlace
  readonly category: string | null
  readonly band: TimeBand
  readonly dosage: Dosage
  /** From the issue or the start, whichever was later, to the withdrawal or the expiry, whichever was earlier. */
  readonly fromAt: Instant
  readonly untilAt: Instant
}

/** Every order in force at some moment of a period, the earliest first. */
export async function listOrderPeriods(
  db: Db | Tx,
  fromAt: Instant,
  untilAt: Instant,
): Promise<OrderPeriod[]> {
  const rows = await ordersOn(db)
    .selectFrom('patrol_order')
    .selectAll()
    .where('issued_at', '<', moment(untilAt))
    .where('starts_at', '<', moment(untilAt))
    .where('expires_at', '>', moment(fromAt))
    .orderBy('issued_at')
    .execute()
  return rows.flatMap((row) => {
    const order = orderOf(row, [])
    const period = forcePeriod(order)
    if (!period || period.untilAt <= Math.max(fromAt, period.fromAt) || period.fromAt >= untilAt) return []
    const { organisationId, place, category, band, dosage } = order.content
    const about = { organisationId, place, category, band, dosage }
    return [{ orderId: order.id, number: row.number ?? '', ...about, ...period }]
  })
}

/** The units of some orders, by call sign. */
export async function listOrderUnits(
  db: Db | Tx,
  orderIds: readonly string[],
): Promise<Map<string, AddressedUnit[]>> {
  const rows = await ordersOn(db)
    .selectFrom('patrol_order_unit')
    .selectAll()
    .where('order_id', '=', anyOf(orderIds))
    .orderBy('call_sign')
    .orderBy('unit_id')
    .execute()
  const units = new Map<string, AddressedUnit[]>(orderIds.map((id) => [id, []]))
  for (const row of rows)
    units.get(row.order_id)!.push({
      unitId: row.unit_id,
      callSign: row.call_sign,
      organisationId: row.organisation_id,
      sentAt: row.sent_at,
      readAt: row.read_at,
      recalledAt: row.recalled_at,
    })
  return units
}

async function withUnits(
  db: Db | Tx,
  rows: readonly Parameters<typeof orderOf>[0][],
): Promise<Map<string, PatrolOrder>> {
  if (rows.length === 0) return new Map()
  const units = await listOrderUnits(
    db,
    rows.map(({ id }) => id),
  )
  return new Map(
    rows.map((row) => [
      row.id,
      orderOf(
        row,
        units.get(row.id)!.map(({ unitId }) => unitId),
      ),
    ]),
  )
}
