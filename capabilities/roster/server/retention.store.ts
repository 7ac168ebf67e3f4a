import { sql } from 'kysely'
import type { Tx } from '../../../foundation/server/db.ts'
import { lifeOn } from './life.tables.ts'

/**
 * Deletes what has been kept long enough: absences, swaps, sick calls and attendance after the day written on each of
 * them, wishes and readings once the days they are about are that long past. Gives how many rows of each table.
 */
export async function forgetLife(
  tx: Tx,
  today: string,
  wishesBefore: string,
): Promise<Readonly<Record<string, number>>> {
  const gone: Record<string, number> = {}
  for (const table of ['absence', 'roster_swap', 'sick_call', 'attendance'] as const) {
    const rows = await lifeOn(tx)
      .deleteFrom(table)
      .where('retain_until', '<', today)
      .returning(sql<number>`1`.as('one'))
      .execute()
    gone[table] = rows.length
  }
  const wishes = await lifeOn(tx)
    .deleteFrom('roster_wish')
    .where('date', '<', wishesBefore)
    .returning('date')
    .execute()
  gone['roster_wish'] = wishes.length
  const { rows } = await sql`
    delete from roster_acknowledgement a using roster r
     where r.id = a.roster_id and r.from_date + r.days < ${wishesBefore}::date returning a.officer_id`.execute(
    tx,
  )
  gone['roster_acknowledgement'] = rows.length
  return gone
}
