import { sql } from 'kysely'
import type { Pool } from 'pg'
import type { Db, Tx } from '../../../foundation/server/db.ts'
import type { Counted } from '../core/index.ts'

/** How many of what, by device and UTC day. */

type CountTables = {
  fix_count: { day: string; device_number: number; cause: string; count: number }
}

const tables = (db: Db | Tx) => db.withTables<CountTables>()

/** Adds to what is there, so that several servers count into the same rows. */
const ADD_COUNTS = `insert into fix_count (day, device_number, cause, count)
  select $1::date, * from unnest($2::int4[], $3::text[], $4::int8[])
  order by 2, 3
  on conflict (day, device_number, cause) do update set count = fix_count.count + excluded.count`

/** Adds counts, one a place of the three lists, to the rows of a day. */
export async function addCounts(
  pool: Pool,
  day: string,
  counts: { devices: readonly number[]; causes: readonly Counted[]; numbers: readonly number[] },
): Promise<void> {
  await pool.query(ADD_COUNTS, [day, counts.devices, counts.causes, counts.numbers])
}

/** Sums of counts by cause over UTC days [fromDay, untilDay], for one device or for all. */
export async function sumCounts(
  db: Db | Tx,
  fromDay: string,
  untilDay: string,
  device?: number,
): Promise<Partial<Record<Counted, number>>> {
  let query = tables(db)
    .selectFrom('fix_count')
    .select(['cause', (of) => of.fn.sum<number>('count').as('count')])
    .where('day', '>=', fromDay)
    .where('day', '<=', untilDay)
    .groupBy('cause')
  if (device !== undefined) query = query.where('device_number', '=', device)
  return Object.fromEntries((await query.execute()).map((row) => [row.cause, Number(row.count)]))
}

/** Counts of days before the one given are of no use any more. */
export async function dropCountsBefore(db: Db | Tx, day: string): Promise<void> {
  await tables(db).deleteFrom('fix_count').where('day', '<', day).execute()
}

/** The same by device, those with the most odd fixes first. */
export async function countsByDevice(db: Db | Tx, fromDay: string, untilDay: string, limit: number) {
  const { rows } = await sql<{ device_number: number; counts: Record<string, number> }>`
    select device_number, jsonb_object_agg(cause, count) as counts from (
      select device_number, cause, sum(count) as count from fix_count where day between ${fromDay}::date and ${untilDay}::date group by 1, 2
    ) as summed
    group by device_number
    order by sum(count) filter (where cause <> 'stored') desc nulls last, device_number
    limit ${limit}`.execute(db)
  return rows
}
